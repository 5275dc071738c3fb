//! A field, and its two forms for a hash (RFC 6376, sections 3.4.1 and 3.4.2).

use crate::dkim::algorithm::Form;
use memchr::memmem;

/// A field as it stands there, or a line that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a> {
    /// What stands before the colon, without blanks behind it. Empty, if this is no field.
    pub name: &'a [u8],
    /// The whole, with its folds and its last line end, if it has one.
    pub raw: &'a [u8],
    /// Where its value begins in it, right behind the colon.
    pub value_start: usize,
    /// Its first line, from 1.
    pub line: usize,
}

impl<'a> Field<'a> {
    pub fn is_field(&self) -> bool {
        !self.name.is_empty()
    }

    /// What follows the colon, with folds, without the last line end.
    pub fn value(&self) -> &'a [u8] {
        let value = self.raw.get(self.value_start..).unwrap_or_default();
        value.strip_suffix(b"\r\n").unwrap_or(value)
    }

    /// Adds the field in a form, with its line end.
    pub fn write(&self, form: Form, out: &mut Vec<u8>) {
        let before = self.raw.get(..self.value_start).unwrap_or_default();
        write(form, before, self.value(), out);
        out.extend_from_slice(b"\r\n");
    }
}

/// Adds a field in a form, without a line end: `before` is the name with its colon.
pub fn write(form: Form, before: &[u8], value: &[u8], out: &mut Vec<u8>) {
    match form {
        Form::Simple => {
            out.extend_from_slice(before);
            out.extend_from_slice(value);
        }
        Form::Relaxed => {
            let name = before.strip_suffix(b":").unwrap_or(before).trim_ascii_end();
            out.extend(name.iter().map(u8::to_ascii_lowercase));
            out.push(b':');
            relaxed(value, out);
        }
    }
}

/// Folds are undone, runs of blanks are one space, and at both ends there is none.
fn relaxed(value: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    let mut blank = false;
    let mut octets = value.iter().copied().peekable();
    while let Some(octet) = octets.next() {
        match octet {
            b' ' | b'\t' => blank = true,
            b'\r' if octets.next_if_eq(&b'\n').is_some() => {}
            _ => {
                if std::mem::take(&mut blank) && out.len() > start {
                    out.push(b' ');
                }
                out.push(octet);
            }
        }
    }
}

/// The fields of a header section, from top to bottom. It ends with an empty line, or where the octets end.
pub fn fields(header: &[u8]) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    let (mut rest, mut line) = (header, 1);
    while !rest.is_empty() && !rest.starts_with(b"\r\n") {
        let mut length = 0;
        let mut lines = 0;
        loop {
            let behind = rest.get(length..).unwrap_or_default();
            length += memmem::find(behind, b"\r\n").map_or(behind.len(), |at| at + 2);
            lines += 1;
            if !matches!(rest.get(length), Some(b' ' | b'\t')) {
                break;
            }
        }
        let (raw, behind) = rest.split_at_checked(length).unwrap_or((rest, b""));
        let (name, value_start) = name_of(raw).unwrap_or_default();
        found.push(Field { name, raw, value_start, line });
        rest = behind;
        line += lines;
    }
    found
}

/// The name, and where the value begins. Blanks in front of the colon are obsolete and no part of the name
/// (RFC 5322, section 4.5).
fn name_of(raw: &[u8]) -> Option<(&[u8], usize)> {
    let colon = memchr::memchr(b':', raw)?;
    let mut name = raw.get(..colon)?;
    while let [before @ .., b' ' | b'\t'] = name {
        name = before;
    }
    let is_name = !name.is_empty() && name.iter().all(|octet| matches!(octet, 33..=57 | 59..=126));
    is_name.then_some((name, colon + 1))
}
