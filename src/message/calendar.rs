//! The METHOD of a calendar, which its media type must repeat (RFC 5545, sections 3.1, 3.6, 3.7.2 and 8.1).

use std::io;

use super::media_type::is_token;
use super::source::Source;

/// How much of a line is looked at, in octets: a method is a word, and other values can be long.
const LONGEST: usize = 1024;

/// The METHOD of the VCALENDAR objects in a file; none if they have none, or not all the same.
pub(super) fn method(source: &Source) -> io::Result<Option<String>> {
    let mut reader = Reader::default();
    source.read_pieces(0, u64::MAX, &mut |piece| {
        piece.iter().for_each(|octet| reader.take(*octet));
        Ok(())
    })?;
    Ok(reader.finish())
}

/// Reads a calendar octet by octet.
#[derive(Default)]
struct Reader {
    /// The line so far, its folds undone.
    line: Vec<u8>,
    /// A line end has come: a blank would go on with the line.
    ended: bool,
    after_cr: bool,
    /// The components that have begun and not ended, up to the calendar.
    depth: usize,
    in_calendar: bool,
    /// What the calendars said so far.
    methods: Vec<Option<String>>,
}

impl Reader {
    fn take(&mut self, octet: u8) {
        if octet == b'\n' && std::mem::take(&mut self.after_cr) {
            return;
        }
        if matches!(octet, b'\r' | b'\n') {
            self.after_cr = octet == b'\r';
            if self.ended {
                self.line_is_whole();
            }
            self.ended = true;
            return;
        }
        self.after_cr = false;
        if std::mem::take(&mut self.ended) {
            if matches!(octet, b' ' | b'\t') {
                return;
            }
            self.line_is_whole();
        }
        if self.line.len() < LONGEST {
            self.line.push(octet);
        }
    }

    fn finish(mut self) -> Option<String> {
        self.line_is_whole();
        let mut methods = self.methods.into_iter();
        let first = methods.next().flatten()?;
        methods.all(|other| other.is_some_and(|other| other.eq_ignore_ascii_case(&first))).then_some(first)
    }

    fn line_is_whole(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_start_matches('\u{feff}');
        let Some((name, value)) = property(text) else { return };
        let value = value.trim();
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let is_calendar = value.eq_ignore_ascii_case("VCALENDAR");
        if is("BEGIN") && is_calendar && self.depth == 0 {
            self.in_calendar = true;
            self.methods.push(None);
        }
        if is("BEGIN") {
            self.depth += 1;
        } else if is("END") {
            self.depth = self.depth.saturating_sub(1);
            self.in_calendar &= self.depth > 0;
        } else if is("METHOD")
            && self.in_calendar
            && self.depth == 1
            && is_token(value)
            && let Some(last) = self.methods.last_mut()
        {
            last.get_or_insert_with(|| value.to_owned());
        }
    }
}

/// A property's name and value, without its parameters, whose values may be quoted.
fn property(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let colon = line.find(|c| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    let (head, value) = line.split_at(colon);
    Some((head.split(';').next().unwrap_or_default().trim(), value.get(1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<String> {
        method(&Source::bytes(text.as_bytes().to_vec())).unwrap()
    }

    #[test]
    fn the_method_of_the_calendar_itself_is_found() {
        for (inside, expected) in [
            ("METHOD:REQUEST\n", Some("REQUEST")),
            ("VERSION:2.0\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nmethod:Reply\n", Some("Reply")),
            ("METHOD;X-A=\"b:c;d\";X-E=f:CANCEL\n", Some("CANCEL")),
            ("MET\n HOD:PUB\n\tLISH\n", Some("PUBLISH")),
            ("METHOD: X-OWN \n", Some("X-OWN")),
            ("METHOD:REQUEST\nMETHOD:CANCEL\n", Some("REQUEST")),
            ("BEGIN:VEVENT\nMETHOD:REQUEST\nEND:VEVENT\n", None),
            ("BEGIN:VEVENT\nBEGIN:VALARM\nEND:VALARM\nMETHOD:REQUEST\nEND:VEVENT\n", None),
            ("DESCRIPTION:a\n METHOD:REQUEST\n", None),
            ("X-METHOD:REQUEST\n", None),
            ("METHOD:\n", None),
            ("METHOD:a b\n", None),
            ("METHOD:a\"; x=\"y\n", None),
            ("VERSION:2.0\n", None),
        ] {
            let text = format!("BEGIN:VCALENDAR\n{inside}END:VCALENDAR\n");
            for text in [
                text.clone(),
                text.replace('\n', "\r\n"),
                text.replace('\n', "\r"),
                format!("\u{feff}{text}"),
            ] {
                assert_eq!(found(&text).as_deref(), expected, "{text:?}");
            }
        }
        assert_eq!(found("METHOD:REQUEST\n"), None);
        assert_eq!(found("begin:vcalendar\nMETHOD:REQUEST"), Some("REQUEST".to_owned()));
    }

    #[test]
    fn several_calendars_must_agree() {
        let one = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nEND:VCALENDAR\n";
        let none = "BEGIN:VCALENDAR\nEND:VCALENDAR\n";
        assert_eq!(found(&format!("{one}{one}")).as_deref(), Some("REQUEST"));
        assert_eq!(found(&format!("{one}{}", one.replace("REQUEST", "CANCEL"))), None);
        assert_eq!(found(&format!("{one}{none}")), None);
        assert_eq!(found(&format!("{none}{one}")), None);
    }

    #[test]
    fn long_lines_and_odd_octets_do_no_harm() {
        let long = format!("BEGIN:VCALENDAR\nX:{}\nMETHOD:REPLY\nEND:VCALENDAR\n", "METHOD:".repeat(1 << 18));
        assert_eq!(found(&long).as_deref(), Some("REPLY"));
        let octets = b"\xff\xfe\0BEGIN:\nEND:x\nEND:\n\nBEGIN:VCALENDAR\n\xfc:\n\nMETHOD:REPLY\n".to_vec();
        assert_eq!(method(&Source::bytes(octets)).unwrap().as_deref(), Some("REPLY"));
    }
}
