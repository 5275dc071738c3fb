//! Lists of tags: `v=1; a=rsa-sha256; …` (RFC 6376, section 3.2), of signatures and of records. Read
//! strictly: what one verifier overlooks, another refuses.
//!
//! ```abnf
//! tag-list = tag-spec *( ";" tag-spec ) [ ";" ]
//! tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS]
//! ```
//!
//! What the tags mean is for [`signature`](super::signature) and [`record`](mod@super::record).

use std::fmt;
use std::ops::Range;

/// No list has more of them.
const MOST: usize = 64;

/// A tag of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    /// Without the blanks around it. Blanks and folds inside are as they stand there.
    pub(super) value: &'a [u8],
    /// Where all that stands behind `=` is, blanks too, in octets from the start of the list.
    pub(super) span: Range<usize>,
}

/// Why a list of tags cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagFault {
    /// Something between two semicolons has no `=`, or is nothing.
    NoEquals,
    /// A name that is not a letter with letters, digits and `_` behind it.
    Name,
    /// The value of this tag holds an octet that no value may have.
    Value(String),
    /// This tag is there twice.
    Twice(String),
    /// There are more than 64.
    TooMany,
}

impl fmt::Display for TagFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TagFault::NoEquals => f.write_str("a tag without '='"),
            TagFault::Name => f.write_str("a tag whose name is not one"),
            TagFault::Value(name) => write!(f, "the tag {name}= holds what no tag may hold"),
            TagFault::Twice(name) => write!(f, "the tag {name}= is there twice"),
            TagFault::TooMany => write!(f, "more than {MOST} tags"),
        }
    }
}

impl std::error::Error for TagFault {}

/// The tags in the order in which they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tags<'a>(Vec<Tag<'a>>);

impl<'a> Tags<'a> {
    pub(super) fn parse(list: &'a [u8]) -> Result<Tags<'a>, TagFault> {
        let mut tags: Vec<Tag<'a>> = Vec::new();
        let mut start = 0;
        for part in list.split(|octet| *octet == b';') {
            let end = start + part.len();
            // Behind the last semicolon there is nothing, or blanks.
            if end == list.len() && !tags.is_empty() && trim(part).is_empty() {
                break;
            }
            let tag = tag(part, start)?;
            if tags.iter().any(|known| known.name == tag.name) {
                return Err(TagFault::Twice(tag.name.to_owned()));
            }
            if tags.len() == MOST {
                return Err(TagFault::TooMany);
            }
            tags.push(tag);
            start = end + 1;
        }
        Ok(Tags(tags))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Tag<'a>> {
        self.0.iter().find(|tag| tag.name == name)
    }

    /// The value of a tag, if that is there.
    pub(super) fn value(&self, name: &str) -> Option<&'a [u8]> {
        self.get(name).map(|tag| tag.value)
    }

    pub(super) fn first(&self) -> Option<&Tag<'a>> {
        self.0.first()
    }
}

/// One tag, which begins at `start` of the list.
fn tag(part: &[u8], start: usize) -> Result<Tag<'_>, TagFault> {
    let equals = part.iter().position(|octet| *octet == b'=').ok_or(TagFault::NoEquals)?;
    let (name, value) = part.split_at_checked(equals).ok_or(TagFault::NoEquals)?;
    let value = value.get(1..).unwrap_or_default();
    let is_name = |name: &str| {
        let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(is_inner)
    };
    let written = Some(name).filter(|name| folds_well(name)).map(trim);
    let name = written.and_then(|name| std::str::from_utf8(name).ok());
    let name = name.filter(|name| is_name(name)).ok_or(TagFault::Name)?;
    let from = start + equals + 1;
    // Octets above 127 are in domains that are not ASCII (RFC 8616, section 5).
    let is_value = |octet: &u8| matches!(octet, b'!'..=b'~' | 128.. | b' ' | b'\t' | b'\r' | b'\n');
    if !value.iter().all(is_value) || !folds_well(value) {
        return Err(TagFault::Value(name.to_owned()));
    }
    Ok(Tag { name, value: trim(value), span: from..from + value.len() })
}

/// Whether each CR and LF belongs to a fold: a CRLF in front of a blank.
fn folds_well(value: &[u8]) -> bool {
    let mut rest = value;
    while let Some(at) = memchr::memchr2(b'\r', b'\n', rest) {
        match rest.get(at..) {
            Some([b'\r', b'\n', b' ' | b'\t', behind @ ..]) => rest = behind,
            _ => return false,
        }
    }
    true
}

/// Without the blanks and folds around it.
pub(super) fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t' | b'\r' | b'\n', rest @ ..] | [rest @ .., b' ' | b'\t' | b'\r' | b'\n'] = text {
        text = rest;
    }
    text
}

/// Without any blanks and folds: what base64 and lists may have anywhere.
pub(super) fn squeezed(text: &[u8]) -> Vec<u8> {
    text.iter().copied().filter(|octet| !matches!(octet, b' ' | b'\t' | b'\r' | b'\n')).collect()
}

/// The members of a list with colons, without the blanks around them.
pub(super) fn members(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|octet| *octet == b':').map(trim)
}

/// Base64 with blanks and folds in it (`base64string`). Whether it is filled up with `=` at the end is no
/// matter, and neither are bits that stand for nothing.
pub(super) fn base64(value: &[u8]) -> Option<Vec<u8>> {
    let text = squeezed(value);
    let body = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(&text);
    // A lone character stands for no octet, and a `=` elsewhere ends nothing.
    let is_filled = body.len() == text.len() || text.len().is_multiple_of(4);
    if body.len() % 4 == 1 || body.contains(&b'=') || !is_filled {
        return None;
    }
    encodify::base64::LENIENT.decode(body).ok()
}

/// A number in decimal digits. One that is too large is as large as can be.
pub(super) fn number(value: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(value).ok()?;
    if text.is_empty() || text.len() > 76 || !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    Some(text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
