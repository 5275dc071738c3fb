//! A time in the configuration: `30s`, `5m`, `1h20m`, `5d`.

/// The longest time, in seconds: ten years. Sums of times must not overflow.
const LONGEST: u64 = 10 * 365 * DAY;
const DAY: u64 = 24 * 60 * 60;

/// Its seconds: whole numbers, each with its unit, the larger units first. Nothing where it is no time, none at
/// all, or too long.
#[must_use]
pub fn seconds(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut sum: u64 = 0;
    let mut units = [('d', DAY), ('h', 3600), ('m', 60), ('s', 1)].into_iter();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, behind) = rest.split_at(digits);
        let unit = behind.chars().next()?;
        let (_, factor) = units.find(|(known, _)| *known == unit)?;
        sum = number.parse::<u64>().ok()?.checked_mul(factor)?.checked_add(sum)?;
        rest = behind.get(unit.len_utf8()..)?;
    }
    Some(sum).filter(|sum| (1..=LONGEST).contains(sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_numbers_with_falling_units() {
        for (text, wanted) in [
            ("30s", Some(30)),
            ("5m", Some(300)),
            ("1h20m", Some(4800)),
            ("1d2h3m4s", Some(93_784)),
            ("5d", Some(432_000)),
            ("3650d", Some(315_360_000)),
            ("3651d", None),
            ("", None),
            ("0s", None),
            ("5", None),
            ("m", None),
            ("5M", None),
            ("20m1h", None),
            ("1h 20m", None),
            ("1h20", None),
            ("-1s", None),
            ("1.5h", None),
            ("5\u{e9}", None),
            ("99999999999999999999d", None),
        ] {
            assert_eq!(seconds(text), wanted, "{text}");
        }
    }
}
