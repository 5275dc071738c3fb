//! The header section of a message that is given as it is (RFC 5322, sections 2.2, 3.6 and 4.5).
//!
//! Finds the fields and where they stand (header/split.rs), who the recipients and the sender are, and where
//! Bcc must be cut out. It decodes nothing else and changes nothing: that is for [`raw`](super::raw).
//! Addresses are read by [`address`](super::address).

mod error;
mod field;
mod split;
mod writable;

use std::ops::Range;

use super::address::Address;
use super::blind::is_mbox_line;
use super::source::Source;
use ehlo_smtp::path::Domain;
pub use error::{HeaderError, LONGEST_SECTION};
pub use field::{Field, Sender};
use split::Section;
pub use writable::{FieldFault, check_name, check_value};

/// A message's header section.
#[derive(Debug)]
pub struct Header(Section);

impl Header {
    /// Reads the header section from the start of `source`.
    ///
    /// # Errors
    /// [`HeaderError::Read`], [`HeaderError::TooLong`] or [`HeaderError::NotAField`].
    pub fn read(source: &Source) -> Result<Header, HeaderError> {
        let mut most = 1 << 16;
        loop {
            let octets = source.read_start(most as u64).map_err(HeaderError::Read)?;
            let is_all = octets.len() as u64 == source.len();
            match Section::split(octets, is_all)? {
                Some(section) => return Ok(Header(section)),
                None if most > LONGEST_SECTION => return Err(HeaderError::TooLong),
                None => most = LONGEST_SECTION + 1,
            }
        }
    }

    /// Reads the header section of a message that is all in memory.
    ///
    /// # Errors
    /// [`HeaderError::TooLong`] or [`HeaderError::NotAField`].
    pub fn parse(message: &[u8]) -> Result<Header, HeaderError> {
        let start = message.get(..LONGEST_SECTION + 1).unwrap_or(message);
        let section = Section::split(start.to_vec(), start.len() == message.len())?;
        section.map(Header).ok_or(HeaderError::TooLong)
    }

    /// The fields, from the top.
    pub fn fields(&self) -> impl Iterator<Item = Field<'_>> {
        self.0.marks.iter().map(|mark| Field {
            name: self
                .0
                .octets
                .get(mark.start..mark.name_end)
                .and_then(|name| std::str::from_utf8(name).ok())
                .unwrap_or_default(),
            value: self.0.octets.get(mark.value_start..mark.end).unwrap_or_default(),
            line: mark.line,
            start: mark.start,
            end: mark.end,
        })
    }

    /// The first field of this name, whatever its case.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<Field<'_>> {
        self.fields().find(|field| field.is(name))
    }

    /// Whether there is a field of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// Whether there is a header section, even an empty one: an empty first line.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.0.is_present
    }

    /// Whether there are fields that everybody sees. An empty section has none, nor has one that is Bcc
    /// alone.
    #[must_use]
    pub fn has_visible_fields(&self) -> bool {
        self.visible().next().is_some()
    }

    /// Whether a field that everybody sees is left where somebody takes mbox lines away: `From :`, with its
    /// obsolete blank (RFC 5322, section 4.5), looks like one.
    pub(super) fn has_lasting_fields(&self) -> bool {
        let start = |field: &Field<'_>| self.0.octets.get(field.start..).unwrap_or_default();
        self.visible().any(|field| !is_mbox_line(start(&field)))
    }

    /// The length of what stands in front of the fields and is no part of the message, in octets: byte order
    /// marks and mbox lines, quoted or not, in any order.
    #[must_use]
    pub fn front(&self) -> u64 {
        self.0.front as u64
    }

    /// Where the fields end, in octets from the start: at the empty line, or at the text if there is no
    /// field.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.0.end as u64
    }

    /// The value of Message-ID as it is written, without folds and the blanks around it.
    #[must_use]
    pub fn message_id(&self) -> Option<String> {
        let value = String::from_utf8_lossy(self.first("Message-ID")?.value).replace(['\r', '\n'], "");
        let value = value.trim().to_owned();
        (!value.is_empty()).then_some(value)
    }

    /// Where Bcc and Resent-Bcc stand, in octets from the start of the source.
    #[must_use]
    pub fn blind_spans(&self) -> Vec<Range<u64>> {
        self.fields().filter(Field::is_blind).map(|field| field.span()).collect()
    }

    /// The fields that are sent.
    fn visible(&self) -> impl Iterator<Item = Field<'_>> {
        self.fields().filter(|field| !field.is_blind())
    }

    /// Whether a field that is sent holds an octet above 127.
    #[must_use]
    pub fn is_eight_bit(&self) -> bool {
        self.visible().any(|field| !field.value.is_ascii())
    }

    /// The first line of a field that is sent which is not UTF-8: its number, from 1, and how it begins,
    /// printable.
    #[must_use]
    pub fn line_not_utf8(&self) -> Option<(usize, String)> {
        self.visible().find_map(|field| {
            let error = std::str::from_utf8(field.value).err()?;
            Some(field.line_of(error.valid_up_to()))
        })
    }

    /// Whether it was resent. Then To, Cc and Bcc do not say whom it goes to now (RFC 5322, section 3.6.6).
    #[must_use]
    pub fn was_resent(&self) -> bool {
        self.fields().any(|field| field.is_resent())
    }

    /// Whom the message names: To, Cc and Bcc, in the order of the fields. If it was resent: the Resent-To,
    /// Resent-Cc and Resent-Bcc of the block on top, which is the newest (RFC 5322, section 3.6.6).
    ///
    /// # Errors
    /// [`HeaderError`] naming the field and its line.
    pub fn recipients(&self, default_domain: Option<&Domain>) -> Result<Vec<Address>, HeaderError> {
        let resent = self.resent();
        let mut found = Vec::new();
        if resent.is_empty() {
            for field in self.fields().filter(|f| f.is("To") || f.is("Cc") || f.is("Bcc")) {
                found.append(&mut field.addresses(default_domain)?.addresses);
            }
        } else {
            for field in
                resent.iter().filter(|f| f.is("Resent-To") || f.is("Resent-Cc") || f.is("Resent-Bcc"))
            {
                found.append(&mut field.addresses(default_domain)?.addresses);
            }
        }
        Ok(found)
    }

    /// Who sent it: Sender, else the one mailbox in From; Resent-Sender and Resent-From of the block on top
    /// if it was resent. `<>`, or the bare `MAILER-DAEMON` of a mail system, is the null reverse-path (RFC
    /// 5321, section 4.5.5).
    ///
    /// # Errors
    /// [`HeaderError`] naming the field and its line.
    pub fn sender(&self, default_domain: Option<&Domain>) -> Result<Sender, HeaderError> {
        let resent = self.resent();
        let resender = ["Resent-Sender", "Resent-From"]
            .into_iter()
            .filter_map(|name| resent.iter().find(|field| field.is(name)).copied());
        let sender = ["Sender", "From"].into_iter().filter_map(|name| self.first(name));
        let mut sender_of_none = Sender::Missing;
        for field in resender.chain(sender) {
            match field.sender(default_domain)? {
                // An empty Sender leaves it to From.
                Sender::Unnamed { field, count: 0 } => sender_of_none = Sender::Unnamed { field, count: 0 },
                found => return Ok(found),
            }
        }
        Ok(sender_of_none)
    }

    /// The first address in From (RFC 5322, section 3.6.2); none if it has none, or cannot be read.
    #[must_use]
    pub fn author(&self) -> Option<Address> {
        self.first("From")?.addresses(None).ok()?.addresses.into_iter().next()
    }

    /// The topmost block of Resent- fields. It ends where one of them comes again, or a trace field that
    /// belongs to an older block.
    fn resent(&self) -> Vec<Field<'_>> {
        let mut block: Vec<Field<'_>> = Vec::new();
        for field in self.fields() {
            if field.is_resent() {
                if block.iter().any(|known| known.is(field.name)) {
                    break;
                }
                block.push(field);
            } else if !block.is_empty() && (field.is("Received") || field.is("Return-Path")) {
                break;
            }
        }
        block
    }
}

#[cfg(test)]
mod tests;
