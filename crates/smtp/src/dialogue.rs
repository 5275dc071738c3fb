//! The dialogue form: a conversation as the RFCs print one, read and written.
//!
//! ```text
//! # why it is here (RFC and section); `# ` lines of a transcript are remarks too
//! ! setting value                what the file cannot show: see tests/dialogues/README.md
//! S: 250-beta.arpa               what the server says, CRLF added
//! C: AUTH PLAIN ***              what the client says; *** stands for one word that is secret
//! C: … 412 octets                the content, when it is not shown
//! ! close                        the server hangs up here
//! ! raw 250 O                    the server says octets without a line end
//! ! connect                      the client goes on over a new connection
//! ```
//! An octet that cannot be printed is `\xNN`, a backslash `\\`. A transcript (`ehlo send -v`) is in this
//! form, so that it can be played again by the tests and by `ehlo sink --script`.

use std::fmt;

/// One line of a dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// `# `: for people.
    Remark(String),
    /// `! name value`: a setting, or a mark at its place, such as `close`.
    Setting {
        /// The word behind the `!`.
        name: String,
        /// What follows it; may be empty.
        value: String,
    },
    /// `S: `: a line of the server, without its line end.
    Server(Vec<u8>),
    /// `C: `: a line of the client.
    Client(ClientLine),
}

/// What the client says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientLine {
    /// A line without its line end; `***` in it stands for any one word.
    Text(Vec<u8>),
    /// Content that is not shown.
    Content {
        /// As SIZE counts it.
        octets: u64,
    },
}

impl ClientLine {
    /// Whether this is the line that was awaited. `***` matches one word that is not empty.
    #[must_use]
    pub fn matches(&self, line: &[u8]) -> bool {
        let ClientLine::Text(pattern) = self else { return false };
        let mut words = line.split(|b| *b == b' ');
        let mut wanted = pattern.split(|b| *b == b' ');
        loop {
            match (wanted.next(), words.next()) {
                (None, None) => return true,
                (Some(b"***"), Some(word)) if !word.is_empty() => {}
                (Some(one), Some(other)) if one == other => {}
                (Some(_) | None, _) => return false,
            }
        }
    }
}

/// Why a text is no dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialogueError {
    /// The line, counted from 1.
    pub line: usize,
}

impl fmt::Display for DialogueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} does not begin with 'S: ', 'C: ', '# ' or '! '", self.line)
    }
}

impl std::error::Error for DialogueError {}

/// One part for each connection.
#[must_use]
pub fn connections(entries: &[Entry]) -> Vec<&[Entry]> {
    entries.split(|entry| matches!(entry, Entry::Setting { name, .. } if name == "connect")).collect()
}

/// Reads a dialogue. Empty lines mean nothing, and neither does a byte order mark in front.
///
/// # Errors
/// [`DialogueError`] names the first line that is in no form.
pub fn parse(text: &str) -> Result<Vec<Entry>, DialogueError> {
    let mut entries = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r');
        let (mark, rest) = line.split_at_checked(2).unwrap_or((line, ""));
        let after = |rest: &str| unescape(rest.strip_prefix(' ').unwrap_or(rest));
        entries.push(match mark {
            "S:" => Entry::Server(after(rest)),
            "C:" => Entry::Client(client_line(rest.strip_prefix(' ').unwrap_or(rest))),
            "# " | "#" => Entry::Remark(rest.to_owned()),
            "! " => {
                // A CR behind the name would be taken for a part of the line's end, once the name stands
                // there alone.
                let (name, value) = rest.split_once(' ').unwrap_or((rest, ""));
                let name = name.trim_end_matches('\r');
                Entry::Setting { name: name.to_owned(), value: value.to_owned() }
            }
            "" => continue,
            // A warning that stands in a transcript taken from the screen.
            _ if line.starts_with("ehlo: ") => Entry::Remark(line.to_owned()),
            _ => return Err(DialogueError { line: index + 1 }),
        });
    }
    Ok(entries)
}

fn client_line(text: &str) -> ClientLine {
    let content = text.strip_prefix("… ").and_then(|rest| rest.strip_suffix(" octets"));
    match content.and_then(|number| number.parse().ok()) {
        Some(octets) => ClientLine::Content { octets },
        None => ClientLine::Text(unescape(text)),
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Remark(text) => write!(f, "# {text}"),
            Entry::Setting { name, value } if value.is_empty() => write!(f, "! {name}"),
            Entry::Setting { name, value } => write!(f, "! {name} {value}"),
            Entry::Server(line) => write!(f, "S: {}", escape(line)),
            Entry::Client(ClientLine::Text(line)) => {
                let text = escape(line);
                match client_line(&text) {
                    ClientLine::Text(_) => write!(f, "C: {text}"),
                    // A line that says what stands for content.
                    ClientLine::Content { .. } => {
                        write!(f, "C: {}", text.replacen('…', "\\xe2\\x80\\xa6", 1))
                    }
                }
            }
            Entry::Client(ClientLine::Content { octets }) => write!(f, "C: … {octets} octets"),
        }
    }
}

/// Makes octets printable: what is no printable character becomes `\xNN`, a backslash `\\`. UTF-8 stays, but
/// for controls and for what changes the direction or the place of other characters on a screen.
#[must_use]
pub fn escape(octets: &[u8]) -> String {
    let mut out = String::with_capacity(octets.len());
    for chunk in octets.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                c if is_unsafe(c) => {
                    let mut octets = [0; 4];
                    push_hex(&mut out, c.encode_utf8(&mut octets).as_bytes());
                }
                c => out.push(c),
            }
        }
        push_hex(&mut out, chunk.invalid());
    }
    out
}

/// A control, or a character that moves or hides others.
#[must_use]
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{180b}'..='\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

fn push_hex(out: &mut String, octets: &[u8]) {
    for octet in octets {
        out.push_str("\\x");
        for digit in [octet >> 4, octet & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
}

/// Takes back what [`escape`] did. A backslash that begins nothing is left as it is.
#[must_use]
pub fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digit = |octet: u8| char::from(octet).to_digit(16);
        let hex = |high, low| u8::try_from(digit(high)? * 16 + digit(low)?).ok();
        match (first, after) {
            (b'\\', [b'\\', after @ ..]) => {
                out.push(b'\\');
                rest = after;
            }
            (b'\\', [b'x', one, two, after @ ..]) if let Some(octet) = hex(*one, *two) => {
                out.push(octet);
                rest = after;
            }
            _ => {
                out.push(*first);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_read_back() {
        let text = "# STD 10\n! to Jones@Beta.ARPA\nS: 220 beta \\x1b[2J \\\\ é \\xff\nC: AUTH PLAIN ***\n\
                    C: … 412 octets\nC: .\n! close\n";
        let entries = parse(text).unwrap();
        let printed: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
        assert_eq!(printed, text);
        assert_eq!(entries[2], Entry::Server(b"220 beta \x1b[2J \\ \xc3\xa9 \xff".to_vec()));
        assert_eq!(entries[4], Entry::Client(ClientLine::Content { octets: 412 }));
    }

    #[test]
    fn octets_become_printable_and_come_back() {
        for octets in [&b"\0\x1b\x7f\x80\xff\\x41\\"[..], "é\u{202e}\u{85}\u{9b}x".as_bytes(), b"", b"\r\n"]
        {
            let shown = escape(octets);
            assert!(!shown.chars().any(is_unsafe), "{shown:?}");
            assert_eq!(unescape(&shown), octets);
        }
    }

    #[test]
    fn what_looks_like_another_form_is_read_back_as_what_it_was() {
        let line = Entry::Client(ClientLine::Text("… 412 octets".into()));
        assert_eq!(line.to_string(), "C: \\xe2\\x80\\xa6 412 octets");
        assert_eq!(parse(&line.to_string()), Ok(vec![line]));
        assert_eq!(parse("# a\r\r\n"), Ok(vec![Entry::Remark("a".to_owned())]));
        assert_eq!(unescape("\\x+f \\x4 \\x"), b"\\x+f \\x4 \\x");
    }

    #[test]
    fn stars_stand_for_one_word() {
        let line = ClientLine::Text(b"AUTH PLAIN ***".to_vec());
        assert!(line.matches(b"AUTH PLAIN AHUAcA=="));
        assert!(!line.matches(b"AUTH PLAIN"));
        assert!(!line.matches(b"AUTH PLAIN a b"));
        assert!(!line.matches(b"AUTH LOGIN a"));
        assert!(ClientLine::Text(b"***".to_vec()).matches(b"cA=="));
        assert!(!ClientLine::Text(b"***".to_vec()).matches(b""));
    }

    #[test]
    fn a_setting_with_a_cr_in_it_is_read_back_wherever_the_cr_stands() {
        let setting = "close 250 O ";
        for at in 0..=setting.len() {
            let (head, tail) = setting.split_at(at);
            for crs in ["\r", "\r\r", "\r \r"] {
                let entries = parse(&format!("! {head}{crs}{tail}\r\n")).unwrap();
                let printed: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
                assert_eq!(parse(&printed), Ok(entries), "{head}{crs:?}{tail}");
            }
        }
        let close = Entry::Setting { name: "close".to_owned(), value: String::new() };
        assert_eq!(parse("! close\r \r\n"), Ok(vec![close]));
    }

    #[test]
    fn a_byte_order_mark_in_front_is_no_part_of_a_dialogue() {
        assert_eq!(parse("\u{feff}S: 220\n"), parse("S: 220\n"));
        assert_eq!(parse("\u{feff}"), Ok(Vec::new()));
        assert_eq!(parse("# x\n\u{feff}S: 220\n"), Err(DialogueError { line: 2 }));
    }

    #[test]
    fn a_line_in_no_form_is_named() {
        assert_eq!(parse("# x\nS: 220\nhello\n"), Err(DialogueError { line: 3 }));
    }
}
