//! What a file's octets say of themselves: whether they are text, and in which charset (RFC 2046, section
//! 4.1.2).
//!
//! A charset is named only where it is true of all the octets. They are looked at piece by piece, no further
//! than needed: most files that are no text show it in the first piece.

use std::io;

use memchr::{memchr, memchr_iter};

use super::source::Source;

/// What is known of the octets taken so far.
#[derive(Debug)]
struct Look {
    is_ascii: bool,
    is_utf8: bool,
    /// A control character other than TAB, CR, LF and FF.
    has_control: bool,
    has_nul: bool,
    /// The beginning of a character that goes on in the next piece.
    open: Vec<u8>,
}

impl Look {
    fn new() -> Look {
        Look { is_ascii: true, is_utf8: true, has_control: false, has_nul: false, open: Vec::new() }
    }

    fn take(&mut self, piece: &[u8]) {
        self.has_nul |= memchr(0, piece).is_some();
        self.has_control |= has_control(piece);
        self.is_ascii &= piece.is_ascii();
        if self.is_utf8 && !(self.is_ascii && self.open.is_empty()) {
            self.is_utf8 = self.take_utf8(piece);
        }
    }

    /// Whether all of it is UTF-8 so far.
    fn take_utf8(&mut self, mut piece: &[u8]) -> bool {
        while !self.open.is_empty()
            && let [first, rest @ ..] = piece
        {
            self.open.push(*first);
            piece = rest;
            match std::str::from_utf8(&self.open) {
                Ok(character) => {
                    self.has_control |= character.chars().any(char::is_control);
                    self.open.clear();
                }
                Err(error) if error.error_len().is_none() => {}
                Err(_) => return false,
            }
        }
        match std::str::from_utf8(piece) {
            Ok(_) => true,
            Err(error) if error.error_len().is_none() => {
                self.open.extend_from_slice(piece.get(error.valid_up_to()..).unwrap_or_default());
                true
            }
            Err(_) => false,
        }
    }

    /// No more octets.
    fn finish(&mut self) {
        self.is_utf8 &= self.open.is_empty();
    }
}

/// A control character of ASCII, or, if the octets are UTF-8, one of those behind it.
fn has_control(octets: &[u8]) -> bool {
    let is_control =
        |octet: u8| (octet < 0x20 && !matches!(octet, b'\t' | b'\n' | b'\r' | 0x0c)) || octet == 0x7f;
    // Without an early end the compiler looks at many at once.
    let in_ascii =
        octets.chunks(4096).any(|chunk| chunk.iter().fold(false, |found, octet| found | is_control(*octet)));
    in_ascii
        || memchr_iter(0xc2, octets)
            .any(|at| octets.get(at + 1).is_some_and(|next| (0x80..0xa0).contains(next)))
}

/// Looks until `is_enough`.
fn look(source: &Source, is_enough: fn(&Look) -> bool) -> io::Result<Look> {
    let mut look = Look::new();
    let mut is_done = false;
    let read = source.read_pieces(0, u64::MAX, &mut |piece| {
        look.take(piece);
        is_done = is_enough(&look);
        // No more pieces are wanted.
        if is_done { Err(io::ErrorKind::Interrupted.into()) } else { Ok(()) }
    });
    if !is_done {
        read?;
    }
    look.finish();
    Ok(look)
}

/// `us-ascii` or `utf-8` for plain text; none for anything else, and none for text with control characters,
/// by which some charsets show.
pub(super) fn text_charset(source: &Source) -> io::Result<Option<&'static str>> {
    let look = look(source, |look| look.has_control || !look.is_utf8)?;
    Ok(match (look.has_control, look.is_ascii, look.is_utf8) {
        (false, true, _) => Some("us-ascii"),
        (false, false, true) => Some("utf-8"),
        _ => None,
    })
}

/// Whether there is a NUL: then it is no text, except in charsets with two octets or more to a character.
pub(super) fn has_nul(source: &Source) -> io::Result<bool> {
    Ok(look(source, |look| look.has_nul)?.has_nul)
}

/// Whether the octets can be in this charset. Only `us-ascii` and `utf-8` can be ruled out.
pub(super) fn can_be_in(source: &Source, charset: &str) -> io::Result<bool> {
    let is = |names: &[&str]| names.iter().any(|name| charset.eq_ignore_ascii_case(name));
    if is(&["us-ascii", "ascii"]) {
        return Ok(look(source, |look| !look.is_ascii)?.is_ascii);
    }
    Ok(!is(&["utf-8", "utf8"]) || look(source, |look| !look.is_utf8)?.is_utf8)
}

#[cfg(test)]
mod tests {
    use super::super::source::PIECE;
    use super::*;

    fn charset(octets: &[u8]) -> Option<&'static str> {
        text_charset(&Source::bytes(octets.to_vec())).unwrap()
    }

    #[test]
    fn text_is_known_and_its_charset_is_true() {
        for (octets, expected) in [
            (&b""[..], Some("us-ascii")),
            (b"plain\r\n\ttext\x0c\n", Some("us-ascii")),
            ("\u{feff}gr\u{fc}n".as_bytes(), Some("utf-8")),
            (b"\xfc", None),
            (b"a\xc3", None),
            (b"a\0b", None),
            (b"a\x1b$B", None),
            (b"a\x7f", None),
            (b"a\x08", None),
            ("a\u{85}".as_bytes(), None),
            (b"\xff\xfea\0", None),
            (b"\xed\xa0\x80", None),
        ] {
            assert_eq!(charset(octets), expected, "{octets:?}");
        }
    }

    #[test]
    fn characters_are_put_together_at_every_split() {
        for text in ["a€𝄞ü\n", "a\u{85}b", "\u{fc}\u{9f}", "x\u{7f}", "a\u{e000}"] {
            let octets = text.as_bytes();
            for (octets, is_good) in [(octets, true), (&octets[..octets.len() - 1], false)] {
                for one in 0..=octets.len() {
                    for two in one..=octets.len() {
                        let (mut whole, mut split) = (Look::new(), Look::new());
                        whole.take(octets);
                        for piece in [&octets[..one], &octets[one..two], &octets[two..]] {
                            split.take(piece);
                        }
                        whole.finish();
                        split.finish();
                        assert_eq!(format!("{whole:?}"), format!("{split:?}"), "{text:?} at {one} and {two}");
                        assert!(split.is_utf8 || !is_good);
                    }
                }
            }
        }
    }

    #[test]
    fn what_lies_across_two_pieces_is_seen() {
        for shift in 0..4 {
            let text = format!("{}€x", "a".repeat(PIECE - shift));
            assert_eq!(charset(text.as_bytes()), Some("utf-8"));
            let controls = format!("{}\u{85}x", "a".repeat(PIECE - shift));
            assert_eq!(charset(controls.as_bytes()), None);
        }
        assert_eq!(charset(&[vec![b'a'; PIECE], b"\xc3".to_vec()].concat()), None);
        assert_eq!(charset(&[vec![b'a'; 3 * PIECE], b"\0".to_vec()].concat()), None);
    }

    #[test]
    fn what_is_said_is_compared_with_the_octets() {
        let can = |octets: &[u8], charset| can_be_in(&Source::bytes(octets.to_vec()), charset).unwrap();
        let late = [vec![b'a'; 2 * PIECE], b"\0".to_vec()].concat();
        assert!(
            has_nul(&Source::bytes(late)).unwrap() && !has_nul(&Source::bytes(b"a\xfc".to_vec())).unwrap()
        );
        assert!(can(b"a\0", "US-ASCII") && can(b"\xfc", "iso-8859-1") && can(b"\xfc", "x-unheard-of"));
        assert!(can("ü".as_bytes(), "UTF-8") && !can("ü".as_bytes(), "us-ascii") && !can(b"\xfc", "utf8"));
        assert!(!can(&[vec![b'a'; PIECE], b"\xc3".to_vec()].concat(), "utf-8"));
    }
}
