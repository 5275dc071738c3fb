//! The header section of a message that a program hands over: its fields as lines, which are put in order.
//!
//! Nothing is refused here for being odd. Where a line is no field, the header section ends before it, and an empty
//! line is put in, as other mailers do; a Bcc behind such a line is still left out.

use crate::message::blind::is_blind;
use memchr::memchr;

/// A field: its lines, each with its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawField {
    /// Its name, as it is written.
    pub name: String,
    /// All of it, with its name and line ends.
    pub octets: Vec<u8>,
}

/// A header section, and where the text begins.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// The fields, from the top.
    pub fields: Vec<RawField>,
    /// Where the text begins, in octets: behind the empty line, if there is one.
    pub text: usize,
    /// Parts of the text that are left out, in octets: they are as good as fields that only the sender sees.
    pub left_out: Vec<(usize, usize)>,
    /// The section may go on behind what was looked at.
    pub is_cut: bool,
}

/// Reads the header section at the start of a message whose lines end in LF. `from` is where it begins; `is_all` if
/// `start` is the whole message.
#[must_use]
pub fn read(start: &[u8], from: usize, is_all: bool) -> Head {
    let mut head = Head { text: from, ..Head::default() };
    let mut at = from;
    loop {
        let rest = start.get(at..).unwrap_or_default();
        let Some(end) = memchr(b'\n', rest) else {
            head.is_cut = !is_all;
            // A last line has its end, so nothing is left.
            head.text = at;
            return head;
        };
        let line = rest.get(..=end).unwrap_or_default();
        if line == b"\n" {
            head.text = at + 1;
            return head;
        }
        let is_more = line.starts_with(b" ") || line.starts_with(b"\t");
        match (name_of(line), head.fields.last_mut().filter(|_| is_more)) {
            (_, Some(last)) => last.octets.extend_from_slice(line),
            (Some(name), None) => head.fields.push(RawField { name, octets: line.to_vec() }),
            (None, None) => {
                head.text = at;
                if !head.fields.is_empty() {
                    head.left_out = blind_lines(start, at);
                }
                return head;
            }
        }
        at += end + 1;
    }
}

/// The name of the field that begins on this line (RFC 5322, section 3.6.8; blanks before the colon: section 4.5).
fn name_of(line: &[u8]) -> Option<String> {
    let colon = memchr(b':', line)?;
    let name = line.get(..colon)?;
    let name = name.trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    is_name.then(|| String::from_utf8_lossy(name).into_owned())
}

/// Where Bcc stands in the first paragraph of a text.
fn blind_lines(start: &[u8], mut at: usize) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    let mut is_blind_field = false;
    while let Some(end) = start.get(at..).and_then(|rest| memchr(b'\n', rest)).map(|end| at + end + 1) {
        let line = start.get(at..end).unwrap_or_default();
        if line == b"\n" {
            break;
        }
        let is_more = line.starts_with(b" ") || line.starts_with(b"\t");
        is_blind_field = if is_more {
            is_blind_field
        } else {
            name_of(line).is_some_and(|name| is_blind(name.as_bytes()))
        };
        if is_blind_field {
            found.push((at, end));
        }
        at = end;
    }
    found
}

impl RawField {
    /// A field of this name and value.
    #[must_use]
    pub fn new(name: &str, value: &str) -> RawField {
        RawField { name: name.to_owned(), octets: format!("{name}: {value}\n").into_bytes() }
    }

    /// Whether this is its name.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// What follows the colon, with folds; octets that are not UTF-8 are replaced.
    #[must_use]
    pub fn value(&self) -> String {
        let colon = memchr(b':', &self.octets).map_or(0, |at| at + 1);
        let value = self.octets.get(colon..).unwrap_or_default();
        String::from_utf8_lossy(value).trim_end_matches('\n').to_owned()
    }
}

impl Head {
    /// The first field of this name.
    #[must_use]
    pub fn first(&self, name: &str) -> Option<&RawField> {
        self.fields.iter().find(|field| field.is(name))
    }

    /// The topmost block of Resent- fields (RFC 5322, section 3.6.6): it ends where one of them comes again, or a
    /// trace field.
    #[must_use]
    pub fn resent(&self) -> Vec<&RawField> {
        let mut block: Vec<&RawField> = Vec::new();
        for field in &self.fields {
            let is_resent = field.name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("resent-"));
            match is_resent {
                true if block.iter().any(|known| known.is(&field.name)) => break,
                true => block.push(field),
                false if !block.is_empty() && (field.is("Received") || field.is("Return-Path")) => break,
                false => {}
            }
        }
        block
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> (Vec<String>, &str) {
        let head = read(text.as_bytes(), 0, true);
        assert!(!head.is_cut);
        let mut rest = String::new();
        let mut at = head.text;
        for (from, to) in &head.left_out {
            rest.push_str(&text[at..*from]);
            at = *to;
        }
        rest.push_str(&text[at..]);
        (head.fields.into_iter().map(|field| field.name).collect(), rest.leak())
    }

    #[test]
    fn the_section_ends_at_an_empty_line_or_before_what_is_no_field() {
        for (text, fields, rest) in [
            ("To: a\nSubject: b\n c\n\ntext\n", &["To", "Subject"][..], "text\n"),
            ("To : a\nX-\u{e9}: b\n", &["To"], "X-\u{e9}: b\n"),
            ("text alone\n", &[], "text alone\n"),
            ("\ntext\n", &[], "text\n"),
            ("", &[], ""),
            (" folded\nTo: a\n", &[], " folded\nTo: a\n"),
            ("Subject: x\nno field\nFoo: bar\n\ny\n", &["Subject"], "no field\nFoo: bar\n\ny\n"),
            ("To: a\nno field\nBcc: b,\n c\nCc: d\n\nBcc: e\n", &["To"], "no field\nCc: d\n\nBcc: e\n"),
            ("To: a\n", &["To"], ""),
        ] {
            let fields: Vec<String> = fields.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(names(text), (fields, rest), "{text:?}");
        }
    }

    #[test]
    fn resent_fields_are_those_of_the_block_on_top() {
        let text = "Resent-To: a\nResent-From: b\nReceived: x\nResent-To: c\nTo: d\n\n";
        let head = read(text.as_bytes(), 0, true);
        let block: Vec<String> = head.resent().iter().map(|field| field.value()).collect();
        assert_eq!(block, [" a", " b"]);
    }
}
