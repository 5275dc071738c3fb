//! Mailboxes: a local part, quoted or not, and a domain (RFC 5321, section 4.1.2).

use super::{Domain, LONGEST, PathError, PathFault};
use std::fmt;

/// A mailbox: what MAIL and RCPT carry between the angle brackets.
///
/// ```abnf
/// Mailbox    = Local-part "@" ( Domain / address-literal )
/// Local-part = Dot-string / Quoted-string
/// ```
/// A local part without quotes can have a dot at its beginning, at its end or next to another one: the
/// grammar does not allow that, but mailboxes of that kind exist. It is written as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mailbox {
    /// Without quotes and backslashes.
    local: String,
    /// It was given without quotes, with dots where the grammar has none.
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
        if local.len() + domain.as_str().len() >= LONGEST {
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

    /// Whether it can be written in ASCII, if need be with A-labels. If not, it needs SMTPUTF8 (RFC 6531,
    /// section 3.3).
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.local.is_ascii()
    }

    /// Whether it is the same mailbox: the domain without regard to case, the local part with it (RFC 5321,
    /// section 2.4).
    #[must_use]
    pub fn same_as(&self, other: &Mailbox) -> bool {
        self.local == other.local && self.domain.ascii().eq_ignore_ascii_case(other.domain.ascii())
    }

    /// Whether it is longer than servers must take: 64 octets of local part, 255 of domain, 256 in all with
    /// the brackets (RFC 5321, section 4.5.3.1).
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.local.len() > 64 || self.domain.ascii().len() > 255 || format!("{self:#}").len() > 254
    }
}

impl fmt::Display for Mailbox {
    /// As it was given, for the screen; with `{:#}` as it is written in commands and headers, where the
    /// domain is in A-labels unless the local part needs SMTPUTF8 anyway.
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
        f.write_str(if f.alternate() && self.is_ascii() { self.domain.ascii() } else { self.domain.as_str() })
    }
}

/// Whether a character is RFC 5322's atext (section 3.2.3), or what RFC 6531 and 6532 add to it.
#[must_use]
pub fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_control() && !c.is_whitespace())
}

/// Whether it needs no quotes (Dot-string).
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
