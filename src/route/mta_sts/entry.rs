//! What is remembered of a domain: its policy, with the id and the time at which it was fetched (RFC 8461, section 3.3),
//! and the last time that fetching one failed. As octets it is
//!
//! ```text
//! ehlo mta-sts 1
//! failed 1767225600 20260101T000000
//! policy 1767225600 20251201T000000 81
//! version: STSv1
//! ...
//! end
//! ```
//!
//! in which either part may be missing, the number behind the id counts the policy's octets, and without the last line
//! nothing is believed.

use super::policy::{Policy, PolicyError};
use super::record::is_id;
use std::time::Duration;

/// How it begins; other versions begin otherwise.
const BEGINNING: &[u8] = b"ehlo mta-sts 1\n";
/// How it ends.
const END: &[u8] = b"end\n";
/// How long a policy that could not be fetched is not asked for again (RFC 8461, section 3.3: five minutes, for each id).
const PAUSE: u64 = 300;

/// What is remembered of a domain. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The policy, if there is one.
    pub policy: Option<Kept>,
    /// The last failure, if nothing was fetched since.
    pub failed: Option<Failed>,
}

/// A policy, as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The id of the record that named it.
    id: String,
    /// When.
    at: u64,
    /// As it came.
    text: Vec<u8>,
    policy: Policy,
}

/// That a policy could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The id of the record that named it.
    pub id: String,
    /// When.
    pub at: u64,
}

impl Kept {
    /// The policy in this text; `id` is that of a record.
    ///
    /// # Errors
    /// There is none in it.
    pub fn new(id: &str, at: u64, text: Vec<u8>) -> Result<Kept, PolicyError> {
        let policy = Policy::parse(&text)?;
        Ok(Kept { id: id.to_owned(), at, text, policy })
    }

    /// The id of the record that named it.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it says.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// When it is over.
    #[must_use]
    pub fn until(&self) -> u64 {
        self.at.saturating_add(self.policy.max_age().as_secs())
    }
}

impl Entry {
    /// The policy that holds at this time. One of the future does not: the clock was set back, and nobody knows how old
    /// the policy is.
    #[must_use]
    pub fn holding(&self, now: u64) -> Option<&Kept> {
        self.policy.as_ref().filter(|kept| kept.at <= now && now < kept.until())
    }

    /// For how much longer the policy of this id is not asked for.
    #[must_use]
    pub fn pause(&self, id: &str, now: u64) -> Option<Duration> {
        let failed = self.failed.as_ref().filter(|failed| failed.id == id)?;
        let since = now.checked_sub(failed.at)?;
        PAUSE.checked_sub(since).filter(|left| *left > 0).map(Duration::from_secs)
    }

    /// As octets.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut octets = BEGINNING.to_vec();
        if let Some(Failed { id, at }) = &self.failed {
            octets.extend_from_slice(format!("failed {at} {id}\n").as_bytes());
        }
        if let Some(Kept { id, at, text, .. }) = &self.policy {
            octets.extend_from_slice(format!("policy {at} {id} {}\n", text.len()).as_bytes());
            octets.extend_from_slice(text);
        }
        octets.extend_from_slice(END);
        octets
    }

    /// Of octets; nothing if they are not what [`Entry::encode`] makes.
    #[must_use]
    pub fn decode(octets: &[u8]) -> Option<Entry> {
        let mut rest = octets.strip_prefix(BEGINNING)?;
        let mut entry = Entry::default();
        if let Some(line) = line(&mut rest, b"failed ") {
            let [at, id] = words(line).filter(|[_, id]| is_id(id))?;
            entry.failed = Some(Failed { id: id.to_owned(), at: number(at)? });
        }
        if let Some(line) = line(&mut rest, b"policy ") {
            let [at, id, length] = words(line).filter(|[_, id, _]| is_id(id))?;
            let (text, after) = rest.split_at_checked(usize::try_from(number(length)?).ok()?)?;
            entry.policy = Some(Kept::new(id, number(at)?, text.to_vec()).ok()?);
            rest = after;
        }
        (rest == END).then_some(entry)
    }
}

/// The rest of the next line, if it begins like this and has an end.
fn line<'a>(rest: &mut &'a [u8], beginning: &[u8]) -> Option<&'a [u8]> {
    let inside = rest.strip_prefix(beginning)?;
    let (line, after) = inside.split_at_checked(memchr::memchr(b'\n', inside)?)?;
    *rest = after.get(1..)?;
    Some(line)
}

/// So many words, with a blank between two of them.
fn words<const COUNT: usize>(line: &[u8]) -> Option<[&str; COUNT]> {
    let words: Vec<&str> = std::str::from_utf8(line).ok()?.split(' ').collect();
    words.try_into().ok()
}

/// A number as it is printed.
fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"version: STSv1\r\nmode: testing\r\nmx: *.example\r\nmax_age: 1000\r\n";

    fn entry() -> Entry {
        let policy = Kept::new("a1", 5000, TEXT.to_vec()).unwrap();
        Entry { policy: Some(policy), failed: Some(Failed { id: "b2".to_owned(), at: 5400 }) }
    }

    #[test]
    fn what_is_written_is_read_and_no_part_of_it_is() {
        let whole = entry();
        let only_policy = Entry { failed: None, ..whole.clone() };
        let only_failed = Entry { policy: None, ..whole.clone() };
        for entry in [whole, only_policy, only_failed, Entry::default()] {
            let octets = entry.encode();
            for at in 0..octets.len() {
                assert_eq!(Entry::decode(&octets[..at]), None, "cut at {at}");
            }
            assert_eq!(Entry::decode(&[&octets[..], b"x"].concat()), None);
            assert_eq!(Entry::decode(&octets), Some(entry));
        }
    }

    #[test]
    fn other_octets_are_no_entry() {
        let octets = String::from_utf8(entry().encode()).unwrap();
        for (from, to) in [
            ("mta-sts 1", "mta-sts 2"),
            ("failed 5400", "failed +5400"),
            ("failed 5400", "failed 05400"),
            ("failed 5400", "failed 18446744073709551616"),
            ("failed 5400 b2", "failed 5400"),
            ("failed 5400 b2", "failed 5400 b2 c3"),
            ("failed 5400 b2", "failed 5400 ../x"),
            ("policy 5000 a1", "policy 5000 a-1"),
            ("policy 5000", "policy -1"),
            (" 61\n", " 62\n"),
            (" 61\n", " 60\n"),
            (" 61\n", " 18446744073709551615\n"),
            ("mode: testing", "mode: nothing"),
            ("end\n", "END\n"),
        ] {
            let changed = octets.replacen(from, to, 1);
            assert_ne!(changed, octets, "{from}");
            assert_eq!(Entry::decode(changed.as_bytes()), None, "{to}");
        }
    }

    #[test]
    fn a_policy_holds_from_when_it_was_fetched_until_it_is_over() {
        let entry = entry();
        for (now, holds) in
            [(0, false), (4999, false), (5000, true), (5999, true), (6000, false), (u64::MAX, false)]
        {
            assert_eq!(entry.holding(now).is_some(), holds, "{now}");
        }
        let late = Kept::new("a1", u64::MAX, entry.policy.unwrap().text).unwrap();
        assert_eq!(late.until(), u64::MAX);
    }

    #[test]
    fn a_failure_counts_for_five_minutes_and_one_id() {
        let entry = entry();
        for (id, now, left) in [
            ("b2", 5400, 300),
            ("b2", 5699, 1),
            ("b2", 5700, 0),
            ("b2", 5399, 0),
            ("a1", 5400, 0),
            ("b2", u64::MAX, 0),
        ] {
            let left = (left > 0).then(|| Duration::from_secs(left));
            assert_eq!(entry.pause(id, now), left, "{id} {now}");
        }
    }
}
