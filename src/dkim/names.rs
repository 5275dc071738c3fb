//! Domains and selectors (RFC 6376, section 3.5), as the DNS knows them. Those outside ASCII become A-labels
//! (RFC 8616, sections 5 and 6).

use ehlo_smtp::path::Domain;
use std::fmt;

/// A domain is no longer than this, in octets (RFC 1035, section 2.3.4).
const LONGEST: usize = 253;
/// Nor is a label.
const LONGEST_LABEL: usize = 63;

/// Why a text is no domain or no selector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameFault {
    /// Longer than 253 octets, or a label of it longer than 63.
    TooLong,
    /// A label is empty, or the whole is.
    EmptyLabel,
    /// A domain of one label: no signature can have it (RFC 6376, section 3.5, `d=`).
    OneLabel,
    /// It holds something but letters, digits, hyphens and underscores, or has a hyphen at the end of a
    /// label.
    NotAName,
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NameFault::TooLong => "too long for a name in the DNS",
            NameFault::EmptyLabel => "a label is empty",
            NameFault::OneLabel => "a domain of one label",
            NameFault::NotAName => "not a name in the DNS",
        })
    }
}

impl std::error::Error for NameFault {}

/// A domain in small letters and in A-labels, as `d=` may have it.
pub(super) fn domain(text: &[u8]) -> Result<String, NameFault> {
    let name = selector(text)?;
    if name.contains('.') { Ok(name) } else { Err(NameFault::OneLabel) }
}

/// A selector in small letters and in A-labels, as `s=` may have it.
pub(super) fn selector(text: &[u8]) -> Result<String, NameFault> {
    let text = std::str::from_utf8(text).map_err(|_| NameFault::NotAName)?;
    if text.len() > LONGEST {
        return Err(NameFault::TooLong);
    }
    if text.is_ascii() {
        labels(text)?;
        return Ok(text.to_ascii_lowercase());
    }
    let name = Domain::parse(text).map_err(|_| NameFault::NotAName)?;
    labels(name.ascii())?;
    Ok(name.ascii().to_ascii_lowercase())
}

fn labels(text: &str) -> Result<(), NameFault> {
    if text.len() > LONGEST {
        return Err(NameFault::TooLong);
    }
    for label in text.split('.') {
        if label.is_empty() {
            return Err(NameFault::EmptyLabel);
        }
        if label.len() > LONGEST_LABEL {
            return Err(NameFault::TooLong);
        }
        let is_inner = |octet: u8| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_');
        if !label.bytes().all(is_inner) || label.starts_with('-') || label.ends_with('-') {
            return Err(NameFault::NotAName);
        }
    }
    Ok(())
}

/// Whether `name` is the domain, or below it. Both are as [`domain()`] gives them.
pub(super) fn is_within(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|above| above.is_empty() || above.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_is_known_by_its_labels() {
        let long = "a".repeat(64);
        let whole = ["a".repeat(63).as_str(); 4].join(".");
        for (text, name) in [
            ("Example.ORG", Ok("example.org")),
            ("m\u{fc}ller.example", Ok("xn--mller-kva.example")),
            ("_a.b-c.1", Ok("_a.b-c.1")),
            ("localhost", Err(NameFault::OneLabel)),
            ("", Err(NameFault::EmptyLabel)),
            ("example.org.", Err(NameFault::EmptyLabel)),
            ("a..b", Err(NameFault::EmptyLabel)),
            ("-a.b", Err(NameFault::NotAName)),
            ("a-.b", Err(NameFault::NotAName)),
            ("a b.c", Err(NameFault::NotAName)),
            ("a.b;c", Err(NameFault::NotAName)),
            ("[192.0.2.1]", Err(NameFault::NotAName)),
            ("\u{202e}.org", Err(NameFault::NotAName)),
            (&format!("{long}.org"), Err(NameFault::TooLong)),
            (&whole, Err(NameFault::TooLong)),
        ] {
            assert_eq!(domain(text.as_bytes()), name.map(str::to_owned), "{text}");
        }
        assert_eq!(selector(b"S1"), Ok("s1".to_owned()));
        assert_eq!(selector(b"a.b"), Ok("a.b".to_owned()));
        assert_eq!(domain(b"\xff.org"), Err(NameFault::NotAName));
    }

    #[test]
    fn what_is_within_a_domain_has_a_dot_before_it() {
        for (name, is) in [("a.b", true), ("x.a.b", true), ("xa.b", false), ("b", false), ("", false)] {
            assert_eq!(is_within(name, "a.b"), is, "{name}");
        }
    }
}
