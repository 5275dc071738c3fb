//! Lines as records, and where they end.

use super::{Event, Journal, MOST_PLACES, Places, Record, write};
use crate::spool::crc::{Crc32c, crc32c};
use crate::spool::error::Damage;
use crate::spool::id::Id;
use crate::spool::line::{hexadecimal, unescape};
use std::str::FromStr;

/// The least that a disk writes at once: where power fails, that many octets in a row are as they were before.
const SECTOR: usize = 512;
/// Behind the text of a line: `~`, the sum, and the line end is left away.
const SUM: usize = "~00000000".len();

/// Reads a journal.
///
/// # Errors
/// [`Damage::Journal`], [`Damage::ForeignJournal`] and [`Damage::Newer`].
pub fn decode(octets: &[u8], id: &Id) -> Result<Journal, Damage> {
    let mut records = Vec::new();
    let end = read(octets, id, &mut |record| records.push(record))?;
    Ok(Journal { records, end })
}

/// Reads a journal without keeping it: each record is passed on, and where the next line goes is returned. A
/// million recipients in a hundred records take no memory for all of them at once.
///
/// # Errors
/// As for [`decode`]. Records may have been passed on before.
pub fn read(octets: &[u8], id: &Id, take: &mut dyn FnMut(Record)) -> Result<u64, Damage> {
    let written = octets.get(..written(octets)).unwrap_or_default();
    let head = write::head(id);
    let mut at = 0;
    if !head.starts_with(written) || head.len() == written.len() {
        at = first_line(written, id)?;
        while let Some(rest) = written.get(at..).filter(|rest| !rest.is_empty()) {
            let (line, length) = first(rest);
            let Some(text) = line.and_then(proven) else {
                if is_damage(rest, length) {
                    return Err(Damage::Journal);
                }
                break;
            };
            if let Some(record) = record(text)? {
                take(record);
            }
            at += length;
        }
    }
    Ok(at as u64)
}

/// Whether the line that these begin with, of so many octets, has changed, rather than that it was not written: a
/// good one follows, or it begins with one whose end has become something else.
fn is_damage(octets: &[u8], length: usize) -> bool {
    let (line, mut behind) = octets.split_at_checked(length).unwrap_or((octets, &[]));
    let mut crc = Crc32c::default();
    let mut summed = 0;
    for at in memchr::memchr_iter(b'~', line) {
        crc.push(line.get(summed..at).unwrap_or_default());
        summed = at;
        let digits = line.get(at + 1..at + SUM);
        if line.len() > at + SUM && digits.and_then(hexadecimal) == Some(crc.sum()) {
            return true;
        }
    }
    while !behind.is_empty() {
        let (line, length) = first(behind);
        if line.and_then(proven).is_some() {
            return true;
        }
        behind = behind.get(length..).unwrap_or_default();
    }
    false
}

/// How much of a journal was written: up to the room that was reserved, or that a power failure left unwritten.
///
/// Zeros at the end are that. Others are where they begin as a line does or a sector does, and reach up to the
/// next sector. Any other zero is an octet that has changed: one bit makes a zero of a blank, but none of a line's
/// first or last octet.
fn written(octets: &[u8]) -> usize {
    // Most of a journal is room: it is passed over in blocks.
    let mut front = octets;
    while let Some((before, block)) = front.split_last_chunk::<64>()
        && *block == [0; 64]
    {
        front = before;
    }
    let end = front.iter().rposition(|octet| *octet != 0).map_or(0, |last| last + 1);
    let mut at = 0;
    while let Some(zero) = memchr::memchr(0, octets.get(at..end).unwrap_or_default()) {
        let from = at + zero;
        let may_begin = from % SECTOR == 0 || octets.get(from.wrapping_sub(1)) == Some(&b'\n');
        let to = (from / SECTOR + 1).saturating_mul(SECTOR).min(octets.len());
        if may_begin && octets.get(from..to).is_some_and(|room| room.iter().all(|octet| *octet == 0)) {
            return from;
        }
        at = from + 1;
    }
    end
}

/// The first line, if it has an end, without it; and the octets that it takes.
fn first(octets: &[u8]) -> (Option<&[u8]>, usize) {
    match memchr::memchr(b'\n', octets) {
        Some(end) => (octets.get(..end), end + 1),
        None => (None, octets.len()),
    }
}

/// What stands before the sum of a line, if that is right.
fn proven(line: &[u8]) -> Option<&str> {
    let (text, sum) = line.split_at_checked(line.len().checked_sub(SUM)?)?;
    let sum = hexadecimal(sum.strip_prefix(b"~")?)?;
    let text = std::str::from_utf8(text).ok()?;
    (sum == crc32c(text.as_bytes())).then(|| text.strip_suffix(' '))?
}

/// Checks the line that names the message, and returns where the next one begins.
fn first_line(written: &[u8], id: &Id) -> Result<usize, Damage> {
    const NAME: &str = "ehlo-journal ";
    let (line, length) = first(written);
    let Some(rest) = line.and_then(proven).and_then(|text| text.strip_prefix(NAME)) else {
        let is_ours = written.starts_with(NAME.as_bytes());
        return Err(if is_ours { Damage::Journal } else { Damage::ForeignJournal });
    };
    let (version, name) = rest.split_once(' ').ok_or(Damage::Journal)?;
    match version.parse::<u32>() {
        Ok(1) if name == id.as_str() => Ok(length),
        Ok(1) => Err(Damage::ForeignJournal),
        Ok(version) if version > 1 => Err(Damage::Newer),
        _ => Err(Damage::Journal),
    }
}

/// The record of a line whose sum is right; nothing where its letter is not known.
fn record(text: &str) -> Result<Option<Record>, Damage> {
    let mut fields = Fields(text);
    let letter = fields.next().ok_or(Damage::Journal)?;
    let at = fields.value();
    match event(letter, &mut fields).ok_or(Damage::Journal)? {
        None => Ok(None),
        Some(event) => at.map(|at| Some(Record { at, event })).ok_or(Damage::Journal),
    }
}

/// The event of this letter; `Some(None)` where it is not known, and nothing where a field of it cannot be read.
fn event(letter: &str, fields: &mut Fields) -> Option<Option<Event>> {
    Some(Some(match letter {
        "A" => Event::Attempt { number: fields.value()?, server: fields.word()?, tls: fields.maybe()? },
        "D" => Event::Dot { number: fields.value()?, places: fields.places()? },
        "S" => Event::Accepted { number: fields.value()?, places: fields.places()?, said: fields.text() },
        "R" => Event::Refused { number: fields.value()?, places: fields.places()?, said: fields.text() },
        "T" => Event::Deferred {
            number: fields.value()?,
            places: fields.places()?,
            next: fields.value()?,
            said: fields.text(),
        },
        "U" => Event::Unknown {
            number: fields.value()?,
            places: fields.places()?,
            next: fields.maybe_value()?,
            said: fields.text(),
        },
        "E" => Event::GivenUp { places: fields.places()?, said: fields.text() },
        "N" => Event::Told { places: fields.places()?, notice: fields.maybe_value()?, what: fields.text() },
        "H" => Event::Held { by: fields.word()?, why: fields.text() },
        "G" => Event::Released { by: fields.word()? },
        "K" => Event::Retry { places: fields.places()?, by: fields.word()? },
        "X" => Event::Removed {
            places: fields.places()?,
            by: fields.word()?,
            tell: match fields.next()? {
                "tell" => true,
                "quiet" => false,
                _ => return None,
            },
        },
        "F" => Event::HandedOn { to: fields.word()? },
        "Y" => Event::Confirmed { places: fields.places()?, by: fields.word()? },
        _ => return Some(None),
    }))
}

/// What is left of a line. Fields that a later version adds are passed over.
struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let (field, rest) = self.0.split_once(' ').unwrap_or((self.0, ""));
        self.0 = rest;
        Some(field)
    }

    fn value<T: FromStr>(&mut self) -> Option<T> {
        self.next()?.parse().ok()
    }

    fn word(&mut self) -> Option<String> {
        unescape(self.next()?)
    }

    /// A word, or `-` for none.
    fn maybe(&mut self) -> Option<Option<String>> {
        match self.next()? {
            "-" => Some(None),
            word => unescape(word).map(Some),
        }
    }

    fn maybe_value<T: FromStr>(&mut self) -> Option<Option<T>> {
        match self.next()? {
            "-" => Some(None),
            value => value.parse().ok().map(Some),
        }
    }

    fn text(&mut self) -> String {
        std::mem::take(&mut self.0).to_owned()
    }

    /// Places in rising order, which no number can make take more memory than there are places.
    fn places(&mut self) -> Option<Places> {
        let mut places = Places::new();
        let field = self.next()?;
        if field == "-" {
            return Some(places);
        }
        for range in field.split(',') {
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            let (first, last): (usize, usize) = (first.parse().ok()?, last.parse().ok()?);
            if first > last || last >= MOST_PLACES || places.last().is_some_and(|before| *before >= first) {
                return None;
            }
            places.extend(first..=last);
        }
        Some(places)
    }
}

#[cfg(test)]
mod tests;
