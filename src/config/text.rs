//! Small texts from files and programs: UTF-8, perhaps with a byte order mark in front (RFC 3629, section 6).
//! The mark means nothing in UTF-8, cannot be seen, and begins no password.

use std::fmt;

const MARK: &str = "\u{feff}";

/// Octets that are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoText {
    /// They begin with the mark of UTF-16.
    Utf16,
    /// They are neither UTF-16 nor UTF-8.
    NotUtf8,
}

impl fmt::Display for NoText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NoText::Utf16 => "it is UTF-16, not UTF-8",
            NoText::NotUtf8 => "it is not UTF-8",
        })
    }
}

impl std::error::Error for NoText {}

/// The text without the mark.
///
/// # Errors
/// [`NoText`].
pub fn of(octets: &[u8]) -> Result<&str, NoText> {
    if octets.starts_with(&[0xff, 0xfe]) || octets.starts_with(&[0xfe, 0xff]) {
        return Err(NoText::Utf16);
    }
    std::str::from_utf8(octets).map(without_mark).map_err(|_| NoText::NotUtf8)
}

/// A text without the mark.
#[must_use]
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix(MARK).unwrap_or(text)
}

/// The same for octets that need not be UTF-8.
#[must_use]
pub fn unmarked(octets: &[u8]) -> &[u8] {
    octets.strip_prefix(MARK.as_bytes()).unwrap_or(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_left_out_once_and_only_in_front() {
        for (octets, text) in [
            (&b"\xef\xbb\xbfsecret\n"[..], Ok("secret\n")),
            (b"secret\n\xef\xbb\xbf", Ok("secret\n\u{feff}")),
            (b"\xef\xbb\xbf\xef\xbb\xbfa", Ok("\u{feff}a")),
            (b"\xef\xbb\xbf", Ok("")),
            (b"", Ok("")),
            (b"\xef\xbb", Err(NoText::NotUtf8)),
            (b"a\xff\xfe", Err(NoText::NotUtf8)),
            (b"\xff\xfes\0", Err(NoText::Utf16)),
            (b"\xfe\xff\0s", Err(NoText::Utf16)),
        ] {
            assert_eq!(of(octets), text, "{octets:?}");
        }
        assert_eq!(unmarked(b"\xef\xbb\xbf\xff"), b"\xff");
        assert_eq!(unmarked(b"\xef\xbb"), b"\xef\xbb");
    }
}
