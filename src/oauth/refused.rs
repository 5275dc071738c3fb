//! A provider that refuses is not asked the same in vain by each run of a queue and by each job of cron: for some minutes its
//! answer stands in a note beside the tokens. Signing in takes the note away.

use super::error::Refusal;

/// How long an answer stands, in seconds.
const STANDS: u64 = 5 * 60;

/// The note.
pub(super) fn note(refusal: &Refusal, now: u64) -> String {
    format!("{}\n{}\n{}\n", now.saturating_add(STANDS), refusal.code, refusal.description)
}

/// The refusal that still stands.
pub(super) fn noted(note: &str, now: u64) -> Option<Refusal> {
    let mut lines = note.lines();
    let until: u64 = lines.next()?.parse().ok()?;
    // A clock that was set back is no reason to wait for longer.
    let stands = now < until && until <= now.saturating_add(STANDS);
    let refusal =
        Refusal { code: lines.next()?.to_owned(), description: lines.next().unwrap_or_default().to_owned() };
    stands.then_some(refusal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_stands_for_some_minutes() {
        let refusal = Refusal { code: "invalid_client".to_owned(), description: "who?".to_owned() };
        let text = note(&refusal, 1_000);
        assert_eq!(noted(&text, 1_000), Some(refusal.clone()));
        assert_eq!(noted(&text, 1_299), Some(refusal));
        for (text, now) in [(text.as_str(), 1_300), (text.as_str(), 999), ("", 0), ("x\ny\n", 0), ("5\n", 0)]
        {
            assert_eq!(noted(text, now), None, "{text} at {now}");
        }
    }
}
