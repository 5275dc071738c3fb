//! Messages that are attached: they must not be encoded, and not every one can be part of another as it is
//! (RFC 2046, section 5.2; RFC 2045, section 6.4).

use std::fmt;
use std::io;

use memchr::memmem;

use super::scan::{LONGEST_LINE, Scan};
use super::source::Source;

/// Types that are 7bit whatever they hold (RFC 2046, sections 5.2.2 and 5.2.3; RFC 3464, section 2.1; RFC
/// 3885; RFC 5965; RFC 8098, section 3.1).
const SEVEN_BIT: [&str; 6] = [
    "message/partial",
    "message/external-body",
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "message/tracking-status",
];

/// Why a file cannot be attached as a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unfit {
    /// There is nothing in it.
    Empty,
    /// A NUL, in this line.
    Nul(u64),
    /// A CR that ends no line, in this line.
    BareCr(u64),
    /// This line has so many octets.
    LongLine(u64, u64),
    /// 8-bit octets, and the type is 7bit.
    EightBit,
}

impl std::error::Error for Unfit {}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Empty => f.write_str("it is empty"),
            Unfit::Nul(line) => write!(f, "a NUL in line {line}"),
            Unfit::BareCr(line) => write!(f, "a CR without an LF in line {line}"),
            Unfit::LongLine(line, octets) => {
                write!(f, "line {line} has {octets} octets, but at most {LONGEST_LINE} are allowed")
            }
            Unfit::EightBit => f.write_str("it contains 8-bit octets, which that type does not allow"),
        }
    }
}

/// How a file can be attached as a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// As it is.
    AsItIs {
        /// How many octets it becomes with CRLF line ends.
        octets: u64,
        /// Whether some are above 127.
        eight_bit: bool,
    },
    /// Encoded, which it has to be, and its type allows.
    Encoded,
    /// Not at all.
    Not(Unfit),
}

/// How a file can be attached as this type. Messages with UTF-8 in their headers may be encoded (RFC 6532,
/// section 3.7; RFC 6533, section 4 to 6), and then need no server with 8BITMIME.
pub(super) fn fit(source: &Source, media_type: &str) -> io::Result<Fit> {
    let scan = Scan::of(source)?;
    let is_seven_bit = SEVEN_BIT.contains(&media_type);
    let unfit = if source.is_empty() {
        Some(Unfit::Empty)
    } else if let Some(line) = scan.nul() {
        Some(Unfit::Nul(line))
    } else if let Some(line) = scan.bare_cr() {
        Some(Unfit::BareCr(line))
    } else if let Some((octets, line)) = scan.long_line() {
        Some(Unfit::LongLine(line, octets))
    } else {
        (is_seven_bit && scan.eight_bit()).then_some(Unfit::EightBit)
    };
    let is_global = media_type == "message/global" || media_type.starts_with("message/global-");
    Ok(match unfit {
        _ if is_global && (unfit.is_some() || scan.eight_bit()) => Fit::Encoded,
        Some(unfit) => Fit::Not(unfit),
        None => Fit::AsItIs { octets: scan.octets_with_crlf(), eight_bit: scan.eight_bit() },
    })
}

/// Whether the text is in there, perhaps across two pieces.
pub(super) fn holds(source: &Source, text: &str) -> io::Result<bool> {
    let finder = memmem::Finder::new(text);
    let mut found = false;
    let mut end: Vec<u8> = Vec::new();
    source.read_pieces(0, u64::MAX, &mut |piece| {
        let start = piece.get(..text.len()).unwrap_or(piece);
        end.extend_from_slice(start);
        found |= finder.find(&end).is_some() || finder.find(piece).is_some();
        if piece.len() >= text.len() {
            end.clear();
            end.extend_from_slice(piece.get(piece.len() - text.len()..).unwrap_or_default());
        }
        Ok(())
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::super::source::PIECE;
    use super::*;

    #[test]
    fn a_message_goes_as_it_is_if_it_can() {
        let as_it_is = |octets, eight_bit| Fit::AsItIs { octets, eight_bit };
        let fit = |octets: &[u8], kind: &str| fit(&Source::bytes(octets.to_vec()), kind).unwrap();
        let long = [b"A: 1\n\n".to_vec(), vec![b'x'; 999]].concat();
        let most = vec![b'x'; 998];
        for (octets, expected) in [
            (&b"A: 1\n\ntext"[..], as_it_is(12, false)),
            (b"A: 1\r\n\r\ntext\r\n", as_it_is(14, false)),
            (b"A: \xfc\n", as_it_is(6, true)),
            (&most, as_it_is(998, false)),
            (b"", Fit::Not(Unfit::Empty)),
            (b"a\n\0", Fit::Not(Unfit::Nul(2))),
            (b"a\rb", Fit::Not(Unfit::BareCr(1))),
            (&long, Fit::Not(Unfit::LongLine(3, 999))),
        ] {
            assert_eq!(fit(octets, "message/rfc822"), expected, "{octets:?}");
        }
        assert_eq!(fit(b"A: \xfc\n", "message/delivery-status"), Fit::Not(Unfit::EightBit));
        assert_eq!(fit(b"A: u\n", "message/delivery-status"), as_it_is(6, false));
        assert_eq!(fit(b"A: \xc3\xbc\n", "message/global"), Fit::Encoded);
        assert_eq!(fit(&long, "message/global-headers"), Fit::Encoded);
        assert_eq!(fit(b"A: u\n", "message/global"), as_it_is(6, false));
    }

    #[test]
    fn a_boundary_is_found_wherever_it_stands() {
        for shift in 0..10 {
            let text = format!("{}=_stem{}", "y".repeat(PIECE - shift), "z".repeat(shift));
            assert!(holds(&Source::bytes(text.clone().into_bytes()), "=_stem").unwrap(), "{shift}");
            assert!(!holds(&Source::bytes(text.into_bytes()), "=_stemy").unwrap(), "{shift}");
        }
        for text in ["", "=_ste", "=_st=_ste"] {
            assert!(!holds(&Source::bytes(text.into()), "=_stem").unwrap());
        }
        assert!(holds(&Source::bytes(b"=_stem".to_vec()), "=_stem").unwrap());
    }
}
