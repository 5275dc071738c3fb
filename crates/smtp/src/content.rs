//! Content: what follows DATA (RFC 5321, section 4.1.1.4), and its transparency (section 4.5.2).
//!
//! Line ends are made CRLF here and dots doubled; nothing else is touched. Whether a message can be sent at
//! all (a bare CR, a NUL) is for whoever makes it to check before.

use std::io;

/// What a session must know of a message before MAIL FROM.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Its size as SIZE counts it (RFC 1870, section 3): octets with CRLF line ends, without the doubled dots
    /// and without the final dot, but with the line end that is added when the last line has none.
    pub octets: u64,
    /// Whether it holds an octet above 127: then BODY=8BITMIME is right (RFC 6152).
    pub eight_bit: bool,
    /// Whether its headers hold UTF-8: then SMTPUTF8 is needed (RFC 6531).
    pub utf8_headers: bool,
}

/// A message that can be written more than once.
pub trait Content {
    /// What is known of it before it is sent.
    fn facts(&self) -> Facts;

    /// Writes the whole message, in pieces of any size. Its lines end in LF or CRLF; there is no bare CR and
    /// no NUL.
    ///
    /// # Errors
    /// What `out` returns; or [`io::ErrorKind::InvalidData`] and the like where the source cannot be read any
    /// more, or has changed since the facts were taken. The message is not ended then.
    fn write_to(&self, out: &mut dyn io::Write) -> io::Result<()>;
}

/// Makes of content, in pieces of any size, what follows DATA.
///
/// A line that begins with a dot gets another, from the first octet on. LF becomes CRLF. A last line without
/// a line end gets one; then comes the final dot.
#[derive(Debug)]
pub struct Framer {
    /// Double the dots, and end with one.
    dots: bool,
    at_line_start: bool,
    after_cr: bool,
}

impl Default for Framer {
    fn default() -> Framer {
        Framer { dots: true, at_line_start: true, after_cr: false }
    }
}

impl Framer {
    /// One that changes line ends only: what the server has once it has taken the dots away again.
    #[must_use]
    pub fn without_dots() -> Framer {
        Framer { dots: false, ..Framer::default() }
    }

    /// Frames one piece, and appends it to `out`.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        // What needs no change is copied in runs that are as long as possible.
        let mut run = 0;
        let mut line = 0;
        for end in memchr::memchr_iter(b'\n', piece) {
            if self.dots && self.at_line_start && piece[line] == b'.' {
                out.extend_from_slice(&piece[run..line]);
                out.push(b'.');
                run = line;
            }
            let has_cr = if end > line { piece[end - 1] == b'\r' } else { self.after_cr };
            if !has_cr {
                out.extend_from_slice(&piece[run..end]);
                out.push(b'\r');
                run = end;
            }
            line = end + 1;
            self.at_line_start = true;
            self.after_cr = false;
        }
        if let Some(first) = piece.get(line) {
            if self.dots && self.at_line_start && *first == b'.' {
                out.extend_from_slice(&piece[run..line]);
                out.push(b'.');
                run = line;
            }
            self.at_line_start = false;
            self.after_cr = piece.last() == Some(&b'\r');
        }
        out.extend_from_slice(&piece[run..]);
    }

    /// Ends the last line if it is open, and the content with its dot.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        if !self.at_line_start {
            out.extend_from_slice(if self.after_cr { b"\n" } else { b"\r\n" });
            self.at_line_start = true;
        }
        if self.dots {
            out.extend_from_slice(b".\r\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(pieces: &[&[u8]]) -> String {
        let mut framer = Framer::default();
        let mut out = Vec::new();
        for piece in pieces {
            framer.push(piece, &mut out);
        }
        framer.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    const CASES: [(&str, &str); 14] = [
        ("", ".\r\n"),
        ("a", "a\r\n.\r\n"),
        ("a\n", "a\r\n.\r\n"),
        ("a\r\n", "a\r\n.\r\n"),
        (".", "..\r\n.\r\n"),
        (".a\n", "..a\r\n.\r\n"),
        ("..\n.\n", "...\r\n..\r\n.\r\n"),
        ("a\n.\nb", "a\r\n..\r\nb\r\n.\r\n"),
        ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"),
        ("a.\n.b.c\n", "a.\r\n..b.c\r\n.\r\n"),
        ("\n\n", "\r\n\r\n.\r\n"),
        ("\r\n\n.\r\n", "\r\n\r\n..\r\n.\r\n"),
        ("a\r", "a\r\n.\r\n"),
        ("Subject: x\n\n.\n..\nend", "Subject: x\r\n\r\n..\r\n...\r\nend\r\n.\r\n"),
    ];

    #[test]
    fn dots_are_doubled_and_lines_end_in_crlf_at_every_split() {
        for (content, whole) in CASES {
            let content = content.as_bytes();
            for at in 0..=content.len() {
                for then in at..=content.len() {
                    let pieces = [&content[..at], &content[at..then], &content[then..]];
                    assert_eq!(framed(&pieces), whole, "{content:?} split at {at} and {then}");
                }
            }
        }
    }

    #[test]
    fn without_dots_only_line_ends_change() {
        let mut framer = Framer::without_dots();
        let mut out = Vec::new();
        framer.push(b".a\n..", &mut out);
        framer.finish(&mut out);
        assert_eq!(out, b".a\r\n..\r\n");
    }

    #[test]
    fn taking_the_dots_away_again_gives_the_content() {
        for (content, _) in CASES {
            let framed = framed(&[content.as_bytes()]);
            let lines = framed.strip_suffix(".\r\n").unwrap().split_inclusive("\r\n");
            let back: String = lines.map(|line| line.strip_prefix('.').unwrap_or(line)).collect();
            let mut wanted = content.replace("\r\n", "\n").replace('\n', "\r\n");
            if !wanted.is_empty() && !wanted.ends_with('\n') {
                wanted = wanted.trim_end_matches('\r').to_owned() + "\r\n";
            }
            assert_eq!(back, wanted);
        }
    }
}
