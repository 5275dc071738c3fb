//! The keyword of a line, and sizes for people.

/// The keyword at the beginning of a line that EHLO was answered with.
#[must_use]
pub fn keyword(line: &str) -> &str {
    line.split([' ', '\t']).next().unwrap_or(line)
}

/// A number of octets for people: `10.2 MB`.
#[must_use]
pub fn size(octets: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.iter().find(|(unit, _)| octets >= *unit) {
        Some((unit, name)) => {
            let tenths = octets / (unit / 10);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{octets} octets"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_ends_at_a_blank() {
        assert_eq!(
            ["SIZE 1000", "DSN", "AUTH=LOGIN\tPLAIN", ""].map(keyword),
            ["SIZE", "DSN", "AUTH=LOGIN", ""]
        );
    }

    #[test]
    fn sizes_are_cut_and_not_rounded_up() {
        for (octets, words) in [
            (0, "0 octets"),
            (999, "999 octets"),
            (1_000, "1.0 kB"),
            (10_240_000, "10.2 MB"),
            (999_999, "999.9 kB"),
            (u64::MAX, "18446744073.7 GB"),
        ] {
            assert_eq!(size(octets), words);
        }
    }
}
