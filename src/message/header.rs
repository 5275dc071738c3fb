//! The header section of a message that is given as it is (RFC 5322, sections 2.2, 3.6 and 4.5).
//!
//! Finds the fields and where they stand; who the recipients and the sender are; where Bcc must be cut out. It
//! decodes nothing else and changes nothing: that is [`raw`](super::raw)'s. Addresses are
//! [`address`](super::address)'s.

mod field;

use std::fmt;
use std::io;
use std::ops::Range;

use memchr::memchr;

use super::address::{Address, AddressError};
use super::blind::{BYTE_ORDER_MARK, is_mbox_line};
use super::excerpt;
use super::source::Source;
use ehlo_smtp::path::Domain;
pub use field::{Field, Sender};

/// A header section longer than this, in octets, is not read.
pub const LONGEST_SECTION: usize = 1 << 20;

/// No name of a field is longer than a line may be, in octets.
const LONGEST_NAME: usize = 998;

/// Why a header section cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum HeaderError {
    /// The message cannot be read.
    Read(io::Error),
    /// No end within [`LONGEST_SECTION`] octets.
    TooLong,
    /// A line, counted from 1, that is neither a field nor a continuation of one.
    NotAField {
        /// Which line, from 1.
        line: usize,
        /// How it begins, printable.
        start: String,
    },
    /// An address that is not UTF-8.
    NotUtf8 {
        /// The field's name as it is written.
        name: String,
        /// Its first line, from 1.
        line: usize,
        /// The member of the list that is wrong, printable.
        place: String,
    },
    /// A field with addresses that is not a list of addresses.
    Address {
        /// The field's name as it is written.
        name: String,
        /// Its first line, from 1.
        line: usize,
        /// The part of its value that is wrong, printable.
        place: String,
        /// What is wrong with it.
        error: AddressError,
    },
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeaderError::Read(error) => write!(f, "cannot read the message: {error}"),
            HeaderError::TooLong => write!(
                f,
                "no header section ends within {LONGEST_SECTION} octets, mbox lines in front of it with it"
            ),
            HeaderError::NotAField { line, start } => {
                write!(f, "line {line}, '{start}', is no header field")
            }
            HeaderError::NotUtf8 { name, line, place } => {
                write!(f, "{name} in line {line}, '{place}': an address that is not UTF-8")
            }
            HeaderError::Address { name, line, place, error } => {
                write!(f, "{name} in line {line}, '{place}': {}", error.fault)
            }
        }
    }
}

impl std::error::Error for HeaderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            HeaderError::Read(error) => Some(error),
            HeaderError::Address { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// A message's header section.
#[derive(Debug)]
pub struct Header {
    octets: Vec<u8>,
    marks: Vec<Mark>,
    front: usize,
    end: usize,
    is_present: bool,
}

/// A field's place.
#[derive(Debug)]
struct Mark {
    start: usize,
    name_end: usize,
    value_start: usize,
    end: usize,
    line: usize,
}

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
            match Header::split(octets, is_all)? {
                Some(header) => return Ok(header),
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
        Header::split(start.to_vec(), start.len() == message.len())?.ok_or(HeaderError::TooLong)
    }

    /// None: its end is not in `octets`, and there are more.
    fn split(mut octets: Vec<u8>, is_all: bool) -> Result<Option<Header>, HeaderError> {
        let mut marks: Vec<Mark> = Vec::new();
        let (mut front, mut at, mut number) = (0, 0, 0);
        let mut is_present = true;
        while at < octets.len() {
            let rest = octets.get(at..).unwrap_or_default();
            if at == front && rest.starts_with(BYTE_ORDER_MARK) {
                // Left there, it would make text of the header section below, with its Bcc.
                front += BYTE_ORDER_MARK.len();
                at = front;
                continue;
            }
            let length = match memchr(b'\n', rest) {
                Some(line_feed) => line_feed + 1,
                None if is_all => rest.len(),
                // So long a first line that no name has ended in is no field, wherever it ends.
                None if marks.is_empty()
                    && rest.len() > LONGEST_NAME
                    && name_of(rest).is_none()
                    && !is_mbox_line(rest) =>
                {
                    octets.truncate(at);
                    return Ok(Some(Header { octets, marks, front, end: at, is_present: false }));
                }
                None => return Ok(None),
            };
            let line = rest.get(..length).unwrap_or_default();
            number += 1;
            if matches!(line, b"\n" | b"\r\n") {
                octets.truncate(at);
                return Ok(Some(Header { octets, marks, front, end: at, is_present }));
            }
            let name = name_of(line);
            if at == front && is_mbox_line(line) && name.is_none_or(|_| line.starts_with(b">")) {
                // One behind another too, quoted or not: whoever takes one away must not find a header
                // section below that was text here, with its Bcc.
                front += length;
            } else if matches!(line.first(), Some(b' ' | b'\t'))
                && let Some(mark) = marks.last_mut()
            {
                mark.end = at + length;
            } else if let Some((name_end, value_start)) = name {
                let (name_end, value_start) = (at + name_end, at + value_start);
                marks.push(Mark { start: at, name_end, value_start, end: at + length, line: number });
            } else if marks.is_empty() {
                // Text from the first line on: there is no header section at all.
                is_present = false;
                octets.truncate(at);
                break;
            } else {
                return Err(HeaderError::NotAField { line: number, start: excerpt::beginning(line) });
            }
            at += length;
        }
        if is_present && !is_all {
            return Ok(None);
        }
        is_present &= !marks.is_empty();
        Ok(Some(Header { end: at, octets, marks, front, is_present }))
    }

    /// The fields, from the top.
    pub fn fields(&self) -> impl Iterator<Item = Field<'_>> {
        self.marks.iter().map(|mark| Field {
            name: self
                .octets
                .get(mark.start..mark.name_end)
                .and_then(|name| std::str::from_utf8(name).ok())
                .unwrap_or_default(),
            value: self.octets.get(mark.value_start..mark.end).unwrap_or_default(),
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

    /// Is there a field of this name?
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// Is there a header section? An empty one, that is an empty first line, is one.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.is_present
    }

    /// Are there fields that everybody may see? An empty section has none, nor has one that is Bcc alone.
    #[must_use]
    pub fn has_visible_fields(&self) -> bool {
        self.visible().next().is_some()
    }

    /// The length of what is none of the message in front of the fields, in octets: byte order marks and mbox
    /// lines, quoted or not, in any order; 0 if there is nothing.
    #[must_use]
    pub fn front(&self) -> u64 {
        self.front as u64
    }

    /// Where the fields end, in octets from the start: at the empty line, or at the text if there is none.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.end as u64
    }

    /// The value of Message-ID, as it is written but for folds and the blanks around it.
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

    /// Does a field that is sent hold an octet above 127?
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

    /// Was it resent? Then To, Cc and Bcc say nothing of whom it goes to now (RFC 5322, section 3.6.6).
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
    /// if it was resent. `<>` there, or the bare `MAILER-DAEMON` of a mail system, is nobody: the null
    /// reverse-path (RFC 5321, section 4.5.5).
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

/// The end of the name and the start of the value, if the line is the first of a field. Blanks in front of the
/// colon are obsolete and understood (section 4.5).
fn name_of(line: &[u8]) -> Option<(usize, usize)> {
    let colon = memchr(b':', line)?;
    let name = line.get(..colon)?.trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(|octet| matches!(octet, 33..=57 | 59..=126));
    is_name.then_some((name.len(), colon + 1))
}

/// Why a field cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldFault {
    /// The name is empty.
    EmptyName,
    /// A character that may not stand in a name.
    Name(char),
    /// A CR or an LF in the value: it would begin another field.
    LineEnd,
    /// A NUL or another control character in the value.
    Control,
}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldFault::EmptyName => f.write_str("the name of the field is missing"),
            FieldFault::Name(c) if c.is_control() => {
                f.write_str("a control character in the name of the field")
            }
            FieldFault::Name(c) => write!(f, "'{c}' may not stand in the name of a field"),
            FieldFault::LineEnd => f.write_str("a line end in the value"),
            FieldFault::Control => f.write_str("a control character in the value"),
        }
    }
}

impl std::error::Error for FieldFault {}

/// May this be the name of a field? (RFC 5322, section 2.2: 33 to 126 without the colon.)
///
/// # Errors
/// [`FieldFault::EmptyName`] or [`FieldFault::Name`].
pub fn check_name(name: &str) -> Result<(), FieldFault> {
    match name.chars().find(|c| !c.is_ascii_graphic() || *c == ':') {
        Some(c) => Err(FieldFault::Name(c)),
        None if name.is_empty() => Err(FieldFault::EmptyName),
        None => Ok(()),
    }
}

/// May this be the value of a field, before it is encoded and folded? UTF-8 may, and TAB.
///
/// # Errors
/// [`FieldFault::LineEnd`] or [`FieldFault::Control`].
pub fn check_value(value: &str) -> Result<(), FieldFault> {
    match value.chars().find(|c| c.is_control() && *c != '\t') {
        Some('\r' | '\n') => Err(FieldFault::LineEnd),
        Some(_) => Err(FieldFault::Control),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
