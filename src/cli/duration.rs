//! How long to wait, as it is typed: `30`, `30s`, `5m`, `1h`, `7d`, `500ms`.

use std::time::Duration;

/// The longest time that is taken, a year: more is a slip of the hand, and sums of times must not overflow.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Reads a time: a whole number and one of `ms`, `s`, `m`, `h`, `d`; seconds if none is given. Nought is refused:
/// some programs mean 'for ever' by it and others 'not at all'.
///
/// # Errors
/// What is wrong, as the end of a sentence that starts with the flag's name.
pub fn parse(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => 1,
        "" | "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        _ => return Err(format!("needs a time such as 30, 30s, 5m, 1h, 7d or 500ms, not '{text}'")),
    };
    if number.is_empty() {
        return Err(format!("needs a time such as 30, 30s, 5m, 1h, 7d or 500ms, not '{text}'"));
    }
    // Digits only: what does not fit is too long.
    let time =
        number.parse::<u64>().ok().and_then(|n| n.checked_mul(milliseconds)).map(Duration::from_millis);
    match time {
        Some(Duration::ZERO) => Err("needs a time that is longer than 0".to_owned()),
        Some(time) if time <= LONGEST => Ok(time),
        _ => Err(format!("needs a time of at most a year (8760h), not '{text}'")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_and_a_unit() {
        for (text, milliseconds) in [
            ("30", 30_000),
            ("30s", 30_000),
            ("5m", 300_000),
            ("1h", 3_600_000),
            ("500ms", 500),
            ("007", 7_000),
            ("8760h", 31_536_000_000),
            ("7d", 604_800_000),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(milliseconds)), "{text}");
        }
    }

    #[test]
    fn all_else_is_refused_with_a_reason() {
        for text in ["", "s", "-1", "+1", "1.5s", "1 s", "1w", "5M", "1h30m", "٣", "5µs"] {
            assert!(parse(text).is_err_and(|e| e.contains("such as")), "{text}");
        }
        for text in ["0", "0ms", "0h", "000"] {
            assert!(parse(text).is_err_and(|e| e.contains("longer than 0")), "{text}");
        }
        for text in ["8761h", "18446744073709551616", "18446744073709551615h"] {
            assert!(parse(text).is_err_and(|e| e.contains("a year")), "{text}");
        }
    }
}
