//! Where the header section ends, and where its fields are (RFC 5322, sections 2.2 and 4.5).

use memchr::memchr;

use super::HeaderError;
use crate::message::blind::{BYTE_ORDER_MARK, is_mbox_line};
use crate::message::excerpt;

/// No name of a field is longer than a line, in octets.
const LONGEST_NAME: usize = 998;

/// Where a field is, in octets from the start.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) start: usize,
    pub(super) name_end: usize,
    pub(super) value_start: usize,
    pub(super) end: usize,
    pub(super) line: usize,
}

/// A header section, with where its fields are.
#[derive(Debug)]
pub(super) struct Section {
    /// The message as far as the section goes.
    pub(super) octets: Vec<u8>,
    pub(super) marks: Vec<Mark>,
    /// How many octets in front of the fields are no part of the message.
    pub(super) front: usize,
    /// Where the fields end.
    pub(super) end: usize,
    pub(super) is_present: bool,
}

impl Section {
    /// Finds the fields in the octets that a message begins with; `None` if the end of the header section is
    /// not among them, and there are more.
    pub(super) fn split(mut octets: Vec<u8>, is_all: bool) -> Result<Option<Section>, HeaderError> {
        let mut marks: Vec<Mark> = Vec::new();
        let (mut front, mut at, mut number) = (0, 0, 0);
        let mut is_present = true;
        while at < octets.len() {
            let rest = octets.get(at..).unwrap_or_default();
            if at == front && rest.starts_with(BYTE_ORDER_MARK) {
                // If it stayed, all of the header section below would be text, its Bcc with it.
                front += BYTE_ORDER_MARK.len();
                at = front;
                continue;
            }
            let length = match memchr(b'\n', rest) {
                Some(line_feed) => line_feed + 1,
                None if is_all => rest.len(),
                // A first line as long as this, in which no name has ended, is no field, wherever it ends.
                None if marks.is_empty()
                    && rest.len() > LONGEST_NAME
                    && name_of(rest).is_none()
                    && !is_mbox_line(rest) =>
                {
                    octets.truncate(at);
                    return Ok(Some(Section { octets, marks, front, end: at, is_present: false }));
                }
                None => return Ok(None),
            };
            let line = rest.get(..length).unwrap_or_default();
            number += 1;
            if matches!(line, b"\n" | b"\r\n") {
                octets.truncate(at);
                return Ok(Some(Section { octets, marks, front, end: at, is_present }));
            }
            let name = name_of(line);
            if at == front && is_mbox_line(line) && name.is_none_or(|_| line.starts_with(b">")) {
                // Also several in a row, quoted or not: for a server that takes one of them away, what is
                // text here would be a header section, with its Bcc.
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
        Ok(Some(Section { end: at, octets, marks, front, is_present }))
    }
}

/// The end of the name and the start of the value, if the line is the first of a field. Blanks in front of
/// the colon are obsolete and understood (section 4.5).
fn name_of(line: &[u8]) -> Option<(usize, usize)> {
    let colon = memchr(b':', line)?;
    let name = line.get(..colon)?.trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(|octet| matches!(octet, 33..=57 | 59..=126));
    is_name.then_some((name.len(), colon + 1))
}
