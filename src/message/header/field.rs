//! A field of a header section, and whom it names (RFC 5322, sections 3.6.2 and 3.6.3).

use std::ops::Range;

use memchr::{memchr, memchr_iter, memrchr};

use super::HeaderError;
use crate::message::address::{Address, AddressFault, List, read_list};
use crate::message::blind::is_blind;
use crate::message::excerpt;
use ehlo_smtp::path::{Domain, ForwardPath, ReversePath};

/// A field of the header section.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The name as it is written, without blanks behind it.
    pub name: &'a str,
    /// What follows the colon, with folds and the last line end.
    pub value: &'a [u8],
    /// Its first line in the source, from 1.
    pub line: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Field<'_> {
    /// Whether this is its name. Case does not matter.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Where the field stands in the source: from its name to the end of its last line, in octets.
    #[must_use]
    pub fn span(&self) -> Range<u64> {
        self.start as u64..self.end as u64
    }

    /// The line in which an octet of the value stands, from 1, and how it begins, printable.
    #[must_use]
    pub fn line_of(&self, at: usize) -> (usize, String) {
        let (before, behind) = self.value.split_at_checked(at).unwrap_or((self.value, b""));
        let start = memrchr(b'\n', before).map_or(0, |end| end + 1);
        let end = memchr(b'\n', behind).map_or(self.value.len(), |end| at + end);
        let line = self.value.get(start..end).unwrap_or_default();
        // The first line has the name in front.
        let whole = if start == 0 { [self.name.as_bytes(), b":", line].concat() } else { line.to_vec() };
        (self.line + memchr_iter(b'\n', before).count(), excerpt::beginning(&whole))
    }

    /// The value as a list of addresses. A name can hold octets that are not UTF-8, an address cannot.
    pub(super) fn addresses(&self, domain: Option<&Domain>) -> Result<List, HeaderError> {
        let (name, line) = (self.name.to_owned(), self.line);
        let text = String::from_utf8_lossy(self.value);
        let value = text.trim_end_matches(['\r', '\n']);
        let is_guessed = |text: &str| {
            text.contains(char::REPLACEMENT_CHARACTER) && std::str::from_utf8(self.value).is_err()
        };
        match read_list(value, domain) {
            Ok(list) if list.addresses.iter().any(|address| is_guessed(&address.path.to_string())) => {
                Err(HeaderError::NotUtf8 { name, line, place: self.member_not_utf8() })
            }
            Ok(list) => Ok(list),
            Err(error) => {
                let place = error.place(value);
                Err(match error.fault {
                    AddressFault::Mailbox(_) if is_guessed(&place) => {
                        HeaderError::NotUtf8 { name, line, place: self.member_not_utf8() }
                    }
                    _ => HeaderError::Address { name, line, place, error },
                })
            }
        }
    }

    /// The first member of a list that has octets other than UTF-8 in its address, as far as that can be told
    /// without reading it.
    fn member_not_utf8(&self) -> String {
        let is_utf8 = |text: &[u8]| std::str::from_utf8(text).is_ok();
        let is_spoilt = |member: &&[u8]| {
            let name = memrchr(b'<', member).unwrap_or_default();
            !is_utf8(member.get(name..).unwrap_or_default())
        };
        let mut members = self.value.split(|octet| matches!(octet, b',' | b';'));
        excerpt::beginning(members.find(is_spoilt).unwrap_or(self.value))
    }

    /// The sender that this field names.
    pub(super) fn sender(&self, domain: Option<&Domain>) -> Result<Sender, HeaderError> {
        if self.is_mailer_daemon() {
            return Ok(Sender::Path(ReversePath::Null));
        }
        let list = self.addresses(domain)?;
        Ok(match (list.addresses.as_slice(), list.nobody) {
            ([], Some(_)) => Sender::Path(ReversePath::Null),
            ([Address { path: ForwardPath::Mailbox(mailbox), .. }], None) => {
                Sender::Path(ReversePath::Mailbox(mailbox.clone()))
            }
            ([_, ..], Some(_)) => Sender::Mixed { field: self.name.to_owned() },
            (several, _) => Sender::Unnamed { field: self.name.to_owned(), count: several.len() },
        })
    }

    /// Whether it is the name that mail systems use in their reports, without a domain. That is no address,
    /// whatever the default domain is.
    fn is_mailer_daemon(&self) -> bool {
        // A bare name gets a domain here that no address has.
        let Ok(nowhere) = Domain::parse("invalid") else { return false };
        let Ok(list) = self.addresses(Some(&nowhere)) else { return false };
        match list.addresses.as_slice() {
            [Address { path: ForwardPath::Mailbox(mailbox), .. }] => {
                *mailbox.domain() == nowhere && mailbox.local().eq_ignore_ascii_case("MAILER-DAEMON")
            }
            _ => false,
        }
    }

    pub(super) fn is_blind(&self) -> bool {
        is_blind(self.name.as_bytes())
    }

    pub(super) fn is_resent(&self) -> bool {
        self.name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("resent-"))
    }
}

/// Who sent a message, as far as its header section tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sender {
    /// An address, or `<>`.
    Path(ReversePath),
    /// No field says it.
    Missing,
    /// A field that has an address, and `<>` besides.
    Mixed {
        /// Its name as it is written.
        field: String,
    },
    /// A field that does not name one mailbox.
    Unnamed {
        /// Its name as it is written.
        field: String,
        /// How many it names.
        count: usize,
    },
}
