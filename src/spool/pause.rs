//! An account that cannot be used at present: it waits, and its messages with it, untouched.

use super::line::{Seal, put, seal, unescape, unseal};
use super::moment::Moment;

/// Why an account is not used, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Since when it cannot be used.
    pub since: Moment,
    /// When it is tried again.
    pub until: Moment,
    /// What is wrong, in one line.
    pub why: String,
    /// How often it was tried in vain.
    pub failures: u32,
    /// The configuration, or the log-in, has to change first: to try again before would only annoy the server.
    pub is_refused: bool,
    /// What the configuration was like then: with another one, it is tried at once.
    pub configuration: u64,
}

/// The first line.
const MAGIC: &str = "ehlo-pause 1\n";

/// Writes it as a few lines:
///
/// ```text
/// ehlo-pause 1
/// since 1796000000+4711@3f2a9c01
/// until 1796000900+5611@3f2a9c01
/// failures 3
/// refused no
/// configuration 1f2e3d4c5b6a7988
/// why no route to host
/// sum 5e6f7a8b
/// ```
#[must_use]
pub fn encode(pause: &Pause) -> Vec<u8> {
    let mut out = MAGIC.to_owned();
    put(&mut out, "since", &pause.since.to_string());
    put(&mut out, "until", &pause.until.to_string());
    put(&mut out, "failures", &pause.failures.to_string());
    put(&mut out, "refused", if pause.is_refused { "yes" } else { "no" });
    put(&mut out, "configuration", &format!("{:016x}", pause.configuration));
    put(&mut out, "why", &pause.why);
    seal(&mut out);
    out.into_bytes()
}

/// Reads what [`encode`] wrote. What cannot be read is no pause: the account is tried, and that tells.
#[must_use]
pub fn decode(octets: &[u8]) -> Option<Pause> {
    let Seal::Whole(lines) = unseal(octets) else { return None };
    let lines = std::str::from_utf8(lines).ok()?.strip_prefix(MAGIC)?;
    let value = |name| lines.lines().filter_map(|line| line.split_once(' ')).find(|line| line.0 == name);
    let value = |name| value(name).map(|(_, value)| value);
    Some(Pause {
        since: value("since")?.parse().ok()?,
        until: value("until")?.parse().ok()?,
        why: unescape(value("why")?)?,
        failures: value("failures")?.parse().ok()?,
        is_refused: value("refused")? == "yes",
        configuration: u64::from_str_radix(value("configuration")?, 16).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause() -> Pause {
        Pause {
            since: Moment { wall: 1_796_000_000, boot: 4711, start: 0x3f2a_9c01 },
            until: Moment { wall: 1_796_000_900, boot: 5611, start: 0x3f2a_9c01 },
            why: "535 5.7.8 no\r\nsince %".to_owned(),
            failures: 3,
            is_refused: true,
            configuration: u64::MAX,
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let calm = Pause { why: String::new(), is_refused: false, configuration: 0, ..pause() };
        for pause in [pause(), calm] {
            assert_eq!(decode(&encode(&pause)), Some(pause));
        }
    }

    #[test]
    fn a_file_that_was_cut_or_changed_is_no_pause() {
        let whole = encode(&pause());
        for cut in 0..whole.len() {
            assert_eq!(decode(&whole[..cut]), None, "cut at {cut}");
        }
        for at in 0..whole.len() * 8 {
            let mut turned = whole.clone();
            turned[at / 8] ^= 1 << (at % 8);
            assert_eq!(decode(&turned), None, "bit {at}");
        }
    }
}
