//! Enhanced status codes, `class.subject.detail` (RFC 3463; their place in a reply: RFC 2034, section 4).

use std::fmt;

/// An enhanced status code such as 5.1.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnhancedStatus {
    /// 2 is success, 4 a transient failure, 5 a permanent one.
    pub class: u8,
    /// What it is about, 0 to 999: 1 addresses, 2 mailbox, 3 mail system, 4 network, 5 protocol, 6 content, 7
    /// policy.
    pub subject: u16,
    /// What exactly, 0 to 999.
    pub detail: u16,
}

impl EnhancedStatus {
    /// Reads the code that a reply's text begins with, if it begins with one.
    #[must_use]
    pub fn leading(text: &[u8]) -> Option<EnhancedStatus> {
        let end = text.iter().position(|b| !matches!(b, b'0'..=b'9' | b'.')).unwrap_or(text.len());
        if text.get(end).is_some_and(|b| *b != b' ' && *b != b'\t') {
            return None;
        }
        let token = std::str::from_utf8(text.get(..end)?).ok()?;
        let mut parts = token.split('.');
        let class = parts.next()?;
        let (subject, detail) = (number(parts.next()?)?, number(parts.next()?)?);
        if parts.next().is_some() {
            return None;
        }
        let class = match class {
            "2" => 2,
            "4" => 4,
            "5" => 5,
            _ => return None,
        };
        Some(EnhancedStatus { class, subject, detail })
    }
}

/// One to three digits.
fn number(text: &str) -> Option<u16> {
    if text.len() > 3 { None } else { text.parse().ok() }
}

impl fmt::Display for EnhancedStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_in_front_of_the_text_is_read_and_nothing_else() {
        let some = |class, subject, detail| Some(EnhancedStatus { class, subject, detail });
        for (text, status) in [
            ("5.1.1 No such user", some(5, 1, 1)),
            ("2.0.0", some(2, 0, 0)),
            ("4.7.500 later", some(4, 7, 500)),
            ("5.1.1\ttab", some(5, 1, 1)),
            ("", None),
            ("OK", None),
            ("3.1.1 x", None),
            ("5.1 x", None),
            ("5.1.1.1 x", None),
            ("5.1.1x", None),
            ("5..1 x", None),
            ("5.1.1000 x", None),
            (" 5.1.1 x", None),
        ] {
            assert_eq!(EnhancedStatus::leading(text.as_bytes()), status, "{text:?}");
        }
    }
}
