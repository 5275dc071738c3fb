//! Domains and address literals (RFC 5321, sections 4.1.2 and 4.1.3), with IDNA (RFC 5890).

use super::{LONGEST, PathError, PathFault};
use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The part of a mailbox behind the `@`.
///
/// ```abnf
/// Domain          = sub-domain *("." sub-domain)
/// address-literal = "[" ( IPv4 / "IPv6:" IPv6 / tag ":" dcontent ) "]"
/// ```
/// An underscore is taken in a label too: hosts with one exist. A domain outside ASCII is kept as it was
/// given, with the A-labels that servers know it by (RFC 5890, section 2.3.2.1; mapped as UTS 46 has it).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Domain {
    given: String,
    /// In A-labels, if that is another form.
    ascii: Option<String>,
}

impl Domain {
    /// Reads a domain name or an address literal.
    ///
    /// # Errors
    /// [`PathError`], with the position in `text`.
    pub fn parse(text: &str) -> Result<Domain, PathError> {
        if text.len() > LONGEST {
            return Err(PathError { position: 1, fault: PathFault::TooLong });
        }
        if let Some(inner) = text.strip_prefix('[') {
            return literal(text, inner);
        }
        let mut label_is_empty = true;
        let mut last = 0;
        for (index, c) in text.chars().enumerate() {
            let position = index + 1;
            last = position;
            match c {
                c if c.is_control() => return Err(PathError { position, fault: PathFault::Control }),
                '.' if label_is_empty => return Err(PathError { position, fault: PathFault::EmptyDomain }),
                '.' => label_is_empty = true,
                '-' if label_is_empty => {
                    return Err(PathError { position, fault: PathFault::Unexpected('-') });
                }
                'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => label_is_empty = false,
                c if !c.is_ascii() && !c.is_whitespace() => label_is_empty = false,
                c => return Err(PathError { position, fault: PathFault::Unexpected(c) }),
            }
        }
        if label_is_empty {
            return Err(PathError { position: last.max(1), fault: PathFault::EmptyDomain });
        }
        let ascii = if text.is_ascii() { None } else { Some(a_labels(text)?) };
        Ok(Domain { given: text.to_owned(), ascii })
    }

    /// The literal of an address: `[127.0.0.1]`, `[IPv6:::1]` (RFC 5321, section 4.1.3).
    #[must_use]
    pub fn from_address(address: IpAddr) -> Domain {
        match address.to_canonical() {
            IpAddr::V4(address) => Domain::literal(format!("[{address}]")),
            IpAddr::V6(address) => Domain::literal(format!("[IPv6:{address}]")),
        }
    }

    fn literal(given: String) -> Domain {
        Domain { given, ascii: None }
    }

    /// The domain as it was given, a literal with its brackets.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// The domain in ASCII: with A-labels where it was given in others.
    #[must_use]
    pub fn ascii(&self) -> &str {
        self.ascii.as_deref().unwrap_or(&self.given)
    }

    /// Whether it is an address in brackets.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        self.given.starts_with('[')
    }
}

/// What the DNS calls a domain outside ASCII. The result is parsed once more, since the mapping makes two
/// characters of some, and one of them can be a slash.
fn a_labels(text: &str) -> Result<String, PathError> {
    let fault = PathError { position: 1, fault: PathFault::NoAsciiForm };
    let mapped = Uts46::new()
        .to_ascii(text.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Ignore)
        .map_err(|_| fault.clone())?;
    let is_fit = mapped.is_ascii() && !mapped.starts_with('[') && Domain::parse(&mapped).is_ok();
    if is_fit { Ok(mapped.into_owned()) } else { Err(fault) }
}

/// An address literal: all of it, and what follows its bracket.
fn literal(whole: &str, inner: &str) -> Result<Domain, PathError> {
    let fault = |fault| PathError { position: 1, fault };
    if let Some(at) = whole.chars().position(char::is_control) {
        return Err(PathError { position: at + 1, fault: PathFault::Control });
    }
    let body = inner.strip_suffix(']').ok_or_else(|| fault(PathFault::Literal))?;
    let good = match body.split_once(':') {
        None => body.parse::<Ipv4Addr>().is_ok(),
        Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6") => address.parse::<Ipv6Addr>().is_ok(),
        Some((tag, content)) => {
            let tag_is_good = tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
                && tag.chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
            // RFC 5321 allows these four too. No tag needs them, and a server that looks for the end of the
            // path could take one of them for it.
            let is_fit = |b: u8| matches!(b, 33..=90 | 94..=126) && !matches!(b, b'"' | b'<' | b'>' | b'@');
            let content_is_good = !content.is_empty() && content.bytes().all(is_fit);
            tag_is_good && content_is_good
        }
    };
    if good { Ok(Domain::literal(whole.to_owned())) } else { Err(fault(PathFault::Literal)) }
}

impl fmt::Display for Domain {
    /// As it was given; with `{:#}` in ASCII.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if f.alternate() { self.ascii() } else { &self.given })
    }
}
