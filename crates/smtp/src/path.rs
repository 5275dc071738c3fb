//! Mailboxes, reverse-paths and forward-paths (RFC 5321, section 4.1.2; UTF-8: RFC 6531, section 3.3).
//!
//! A value that exists is right: none of these can hold a CR, an LF, a NUL or another control character, and a
//! local part is quoted wherever the grammar wants it. Lists, display names, comments and groups are RFC 5322's, and not
//! read here.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The longest address that is taken at all, in octets. RFC 5321, section 4.5.3.1.3, asks for 256 only.
pub const LONGEST: usize = 4096;

/// Why a text is not an address, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// The first character that does not fit, counted from 1.
    pub position: usize,
    /// What is wrong there.
    pub fault: PathFault,
}

/// What is wrong with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathFault {
    /// Nothing was given.
    Empty,
    /// A CR, an LF, a NUL or another control character.
    Control,
    /// No `@`.
    NoAt,
    /// No local part in front of the `@`, or an empty atom in it.
    EmptyLocalPart,
    /// No domain behind the `@`, or an empty label in it.
    EmptyDomain,
    /// A character that may not stand there.
    Unexpected(char),
    /// A quoted string that does not end.
    OpenQuote,
    /// A domain that is not ASCII and has no form that is (IDNA).
    NoAsciiForm,
    /// An address literal that is not `[IPv4]`, `[IPv6:…]` or `[tag:…]`.
    Literal,
    /// Longer than [`LONGEST`] octets.
    TooLong,
}

impl fmt::Display for PathFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathFault::Empty => f.write_str("it is empty"),
            PathFault::Control => f.write_str("a control character"),
            PathFault::NoAt => f.write_str("no '@' and domain"),
            PathFault::EmptyLocalPart => f.write_str("nothing where a part of the name should be"),
            PathFault::EmptyDomain => f.write_str("nothing where a part of the domain should be"),
            PathFault::Unexpected(c) => write!(f, "unexpected '{c}'"),
            PathFault::NoAsciiForm => f.write_str("no name that the DNS could hold"),
            PathFault::OpenQuote => f.write_str("the quotation mark is never closed"),
            PathFault::Literal => {
                f.write_str("not an address literal such as [192.0.2.1] or [IPv6:2001:db8::1]")
            }
            PathFault::TooLong => write!(f, "longer than {LONGEST} octets"),
        }
    }
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at character {})", self.fault, self.position)
    }
}

impl std::error::Error for PathError {}

/// The part of a mailbox behind the `@`.
///
/// ```abnf
/// Domain          = sub-domain *("." sub-domain)
/// address-literal = "[" ( IPv4 / "IPv6:" IPv6 / tag ":" dcontent ) "]"
/// ```
/// An underscore is taken in a label too: hosts with one exist. A domain outside ASCII is kept as it was given, with
/// the A-labels that servers know it by (RFC 5890, section 2.3.2.1; mapped as UTS 46 has it).
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

    /// Is it an address in brackets?
    #[must_use]
    pub fn is_literal(&self) -> bool {
        self.given.starts_with('[')
    }
}

/// What the DNS calls a domain outside ASCII. What comes out is read once more: the mapping knows characters that
/// become two, such as a letter with a slash.
fn a_labels(text: &str) -> Result<String, PathError> {
    let fault = PathError { position: 1, fault: PathFault::NoAsciiForm };
    let mapped = Uts46::new()
        .to_ascii(text.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Allow, DnsLength::Ignore)
        .map_err(|_| fault.clone())?;
    let is_fit = mapped.is_ascii() && !mapped.starts_with('[') && Domain::parse(&mapped).is_ok();
    if is_fit { Ok(mapped.into_owned()) } else { Err(fault) }
}

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
            // RFC 5321 allows these four too. No tag needs them, and a server that looks for the end of the path may
            // take them for it.
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

/// A mailbox: what MAIL and RCPT carry between the angle brackets.
///
/// ```abnf
/// Mailbox    = Local-part "@" ( Domain / address-literal )
/// Local-part = Dot-string / Quoted-string
/// ```
/// A dot may stand at the beginning, at the end or next to another one in a local part without quotes too:
/// mailboxes of that kind exist. It is written as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mailbox {
    /// Without quotes and backslashes.
    local: String,
    /// It was given without quotes, though its dots stand where the grammar has none.
    has_loose_dots: bool,
    domain: Domain,
}

impl Mailbox {
    /// Reads `local@domain`, `"quoted local"@domain` or `local@[192.0.2.1]`; nothing around it.
    ///
    /// # Errors
    /// [`PathError`], with the position in `text`.
    pub fn parse(text: &str) -> Result<Mailbox, PathError> {
        if text.is_empty() {
            return Err(PathError { position: 1, fault: PathFault::Empty });
        }
        if text.len() > LONGEST {
            return Err(PathError { position: 1, fault: PathFault::TooLong });
        }
        let is_quoted = text.starts_with('"');
        let (local, length) = if is_quoted { quoted(text)? } else { dots_and_atoms(text)? };
        let after: Vec<char> = text.chars().skip(length).take(1).collect();
        match after.first() {
            Some('@') => {}
            Some(c) => {
                return Err(PathError { position: length + 1, fault: PathFault::Unexpected(*c) });
            }
            None => return Err(PathError { position: length + 1, fault: PathFault::NoAt }),
        }
        let rest: String = text.chars().skip(length + 1).collect();
        let domain = Domain::parse(&rest)
            .map_err(|e| PathError { position: e.position + length + 1, fault: e.fault })?;
        let has_loose_dots = !is_quoted && !is_dot_string(&local);
        Ok(Mailbox { local, has_loose_dots, domain })
    }

    /// Puts a mailbox together from a local part without quotes and a domain.
    ///
    /// # Errors
    /// [`PathError`] when the local part is empty, too long, or holds a control character.
    pub fn new(local: &str, domain: Domain) -> Result<Mailbox, PathError> {
        if local.is_empty() {
            return Err(PathError { position: 1, fault: PathFault::EmptyLocalPart });
        }
        if let Some(at) = local.chars().position(char::is_control) {
            return Err(PathError { position: at + 1, fault: PathFault::Control });
        }
        if local.len() + domain.given.len() >= LONGEST {
            return Err(PathError { position: 1, fault: PathFault::TooLong });
        }
        Ok(Mailbox { local: local.to_owned(), has_loose_dots: false, domain })
    }

    /// The same for a local part that is written without quotes, wherever its dots are.
    ///
    /// # Errors
    /// [`PathError`] when it has no atom, is too long, or would need quotes for more than its dots.
    pub fn unquoted(local: &str, domain: Domain) -> Result<Mailbox, PathError> {
        dots_and_atoms(local)?;
        if let Some(at) = local.chars().position(|c| c == '@') {
            return Err(PathError { position: at + 1, fault: PathFault::Unexpected('@') });
        }
        Ok(Mailbox { has_loose_dots: !is_dot_string(local), ..Mailbox::new(local, domain)? })
    }

    /// The local part, without quotes.
    #[must_use]
    pub fn local(&self) -> &str {
        &self.local
    }

    /// The domain.
    #[must_use]
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Can it be written in ASCII, if need be with A-labels? Else it needs SMTPUTF8 (RFC 6531, section 3.3).
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.local.is_ascii()
    }

    /// The same mailbox: the domain without regard to case, the local part with it (RFC 5321, section 2.4).
    #[must_use]
    pub fn same_as(&self, other: &Mailbox) -> bool {
        self.local == other.local && self.domain.ascii().eq_ignore_ascii_case(other.domain.ascii())
    }

    /// Longer than servers must take: 64 octets of local part, 255 of domain, 256 in all with the brackets
    /// (RFC 5321, section 4.5.3.1).
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.local.len() > 64 || self.domain.ascii().len() > 255 || format!("{self:#}").len() > 254
    }
}

impl fmt::Display for Mailbox {
    /// As it was given, for the screen; with `{:#}` as it stands in commands and headers, where the domain is in
    /// A-labels unless the local part needs SMTPUTF8 anyway.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.has_loose_dots || is_dot_string(&self.local) {
            f.write_str(&self.local)?;
        } else {
            f.write_str("\"")?;
            for c in self.local.chars() {
                if matches!(c, '"' | '\\') {
                    f.write_str("\\")?;
                }
                write!(f, "{c}")?;
            }
            f.write_str("\"")?;
        }
        f.write_str("@")?;
        f.write_str(if f.alternate() && self.is_ascii() { self.domain.ascii() } else { &self.domain.given })
    }
}

/// RFC 5322's atext, and what RFC 6531 and 6532 add to it.
pub fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_control() && !c.is_whitespace())
}

fn is_dot_string(local: &str) -> bool {
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

/// The atoms and dots at the start of `text`, up to the `@`, and their length in characters.
fn dots_and_atoms(text: &str) -> Result<(String, usize), PathError> {
    let mut length = 0;
    let mut has_atom = false;
    for (index, c) in text.chars().enumerate() {
        let position = index + 1;
        match c {
            '@' => break,
            c if c.is_control() => return Err(PathError { position, fault: PathFault::Control }),
            '.' => {}
            c if is_atext(c) => has_atom = true,
            c => return Err(PathError { position, fault: PathFault::Unexpected(c) }),
        }
        length = position;
    }
    if !has_atom {
        return Err(PathError { position: length.max(1), fault: PathFault::EmptyLocalPart });
    }
    Ok((text.chars().take(length).collect(), length))
}

/// The quoted string at the start of `text`, without its quotes, and its length in characters.
fn quoted(text: &str) -> Result<(String, usize), PathError> {
    let mut local = String::new();
    let mut escaped = false;
    for (index, c) in text.chars().enumerate().skip(1) {
        let position = index + 1;
        match c {
            c if c.is_control() => return Err(PathError { position, fault: PathFault::Control }),
            c if escaped => {
                local.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' if local.is_empty() => {
                return Err(PathError { position, fault: PathFault::EmptyLocalPart });
            }
            '"' => return Ok((local, position)),
            c => local.push(c),
        }
    }
    Err(PathError { position: 1, fault: PathFault::OpenQuote })
}

/// Whom a bounce goes to: the argument of MAIL FROM. Null is `<>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReversePath {
    /// `<>`: nobody; bounces and reports are sent so (RFC 5321, section 4.5.5).
    Null,
    /// A mailbox.
    Mailbox(Mailbox),
}

impl ReversePath {
    /// Does it need SMTPUTF8?
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        match self {
            ReversePath::Null => true,
            ReversePath::Mailbox(mailbox) => mailbox.is_ascii(),
        }
    }
}

impl fmt::Display for ReversePath {
    /// As [`Mailbox`], without the angle brackets; null is the empty text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReversePath::Null => Ok(()),
            ReversePath::Mailbox(mailbox) => mailbox.fmt(f),
        }
    }
}

/// To whom: the argument of RCPT TO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForwardPath {
    /// `<Postmaster>`, the one name that needs no domain (RFC 5321, section 4.1.1.3).
    Postmaster,
    /// A mailbox.
    Mailbox(Mailbox),
}

impl ForwardPath {
    /// Does it need SMTPUTF8?
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        match self {
            ForwardPath::Postmaster => true,
            ForwardPath::Mailbox(mailbox) => mailbox.is_ascii(),
        }
    }

    /// The same recipient, as [`Mailbox::same_as`] has it.
    #[must_use]
    pub fn same_as(&self, other: &ForwardPath) -> bool {
        match (self, other) {
            (ForwardPath::Postmaster, ForwardPath::Postmaster) => true,
            (ForwardPath::Mailbox(one), ForwardPath::Mailbox(two)) => one.same_as(two),
            (ForwardPath::Postmaster, ForwardPath::Mailbox(_))
            | (ForwardPath::Mailbox(_), ForwardPath::Postmaster) => false,
        }
    }
}

impl fmt::Display for ForwardPath {
    /// As [`Mailbox`], without the angle brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ForwardPath::Postmaster => f.write_str("Postmaster"),
            ForwardPath::Mailbox(mailbox) => mailbox.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests;
