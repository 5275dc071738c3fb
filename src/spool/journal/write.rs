//! Records as lines.

use super::{Event, Record};
use crate::spool::crc::crc32c;
use crate::spool::id::Id;
use crate::spool::line::escape;
use std::borrow::Cow;
use std::fmt::{Display, Write as _};

/// The longest text at the end of a line, in octets: the longest reply that is worth keeping.
const LONGEST_TEXT: usize = 1000;
/// The longest word, in octets before they are escaped: the longest domain.
const LONGEST_WORD: usize = 255;

/// The first line of a journal.
#[must_use]
pub fn head(id: &Id) -> Vec<u8> {
    summed(format!("ehlo-journal 1 {id} "))
}

/// The line of a record, with its line end. It has room for a million recipients in a row, and at most about 2000
/// octets beside them.
#[must_use]
pub fn encode(record: &Record) -> Vec<u8> {
    let line = |letter: char| Line(format!("{letter} {} ", record.at));
    let line = match &record.event {
        Event::Attempt { number, server, tls } => line('A').value(number).word(server).maybe(tls.as_deref()),
        Event::Dot { number, places } => line('D').value(number).places(places),
        Event::Accepted { number, places, said } => line('S').value(number).places(places).text(said),
        Event::Refused { number, places, said } => line('R').value(number).places(places).text(said),
        Event::Deferred { number, places, next, said } => {
            line('T').value(number).places(places).value(next).text(said)
        }
        Event::Unknown { number, places, next, said } => {
            let next = next.map(|next| next.to_string());
            line('U').value(number).places(places).maybe(next.as_deref()).text(said)
        }
        Event::GivenUp { places, said } => line('E').places(places).text(said),
        Event::Told { places, notice, what } => {
            line('N').places(places).maybe(notice.as_ref().map(Id::as_str)).text(what)
        }
        Event::Held { by, why } => line('H').word(by).text(why),
        Event::Released { by } => line('G').word(by),
        Event::Retry { places, by } => line('K').places(places).word(by),
        Event::Removed { places, by, tell } => {
            line('X').places(places).word(by).value(if *tell { "tell" } else { "quiet" })
        }
        Event::HandedOn { to } => line('F').word(to),
        Event::Confirmed { places, by } => line('Y').places(places).word(by),
    };
    summed(line.0)
}

/// A line that ends in a blank, with its sum and its end.
fn summed(mut line: String) -> Vec<u8> {
    let sum = crc32c(line.as_bytes());
    // Writing to a String does not fail.
    _ = writeln!(line, "~{sum:08x}");
    line.into_bytes()
}

/// A line that is being made; each field adds its blank.
struct Line(String);

impl Line {
    fn value(mut self, value: impl Display) -> Line {
        _ = write!(self.0, "{value} ");
        self
    }

    fn word(mut self, word: &str) -> Line {
        // One that is just this means that there is none.
        let also: &[char] = if word == "-" { &['-'] } else { &[' '] };
        escape(&mut self.0, beginning(word, LONGEST_WORD), also);
        self.0.push(' ');
        self
    }

    fn maybe(self, word: Option<&str>) -> Line {
        match word {
            Some(word) => self.word(word),
            None => self.value('-'),
        }
    }

    fn text(mut self, text: &str) -> Line {
        let safe = |c: char| if c.is_control() { ' ' } else { c };
        self.0.extend(beginning(text, LONGEST_TEXT).chars().map(safe));
        self.0.push(' ');
        self
    }

    /// Ranges: `0,2-4`.
    fn places(mut self, places: &[usize]) -> Line {
        let mut places = Cow::Borrowed(places);
        if !places.is_sorted_by(|one, next| one < next) {
            places.to_mut().sort_unstable();
            places.to_mut().dedup();
        }
        for (at, run) in places.chunk_by(|one, next| one.checked_add(1) == Some(*next)).enumerate() {
            let comma = if at == 0 { "" } else { "," };
            _ = match run {
                [first, .., last] => write!(self.0, "{comma}{first}-{last}"),
                [only] => write!(self.0, "{comma}{only}"),
                [] => Ok(()),
            };
        }
        self.value(if places.is_empty() { "-" } else { "" })
    }
}

/// At most so many octets of a text, up to the end of a character.
fn beginning(text: &str, longest: usize) -> &str {
    text.get(..text.floor_char_boundary(longest)).unwrap_or_default()
}
