//! Content that follows DATA, taken out of its frame: the doubled dots and the final one (RFC 5321, section
//! 4.5.2).
//!
//! Only CRLF ends a line here, so that a message cannot hide another one after a bare LF (CVE-2023-51764 and
//! others like it); all else is handed on octet for octet. A program of this machine that ended DATA with LF
//! alone means that line end in the content too. One that ended it with CRLF may all the same have lines in its
//! content that end in LF, and have doubled the dots behind those: Python's smtplib does that. The other direction is
//! [`Framer`](super::super::content::Framer).

use memchr::memmem;

/// What the next octets are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// This many octets of content.
    Content(usize),
    /// One octet, a dot that was doubled.
    Dot,
    /// The final dot and its line end, which have this many octets.
    End(usize),
    /// More must come before this can be told.
    Incomplete,
}

/// How lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// In CRLF.
    Crlf,
    /// In CRLF; but two dots behind a bare LF are one.
    CrlfMostly,
    /// In CRLF and in LF.
    Lf,
}

/// Takes content out of its frame, in whatever pieces it comes. What is [`Found::Incomplete`] must be shown
/// again.
#[derive(Debug)]
pub(super) struct Unframer {
    at_line_start: bool,
    /// Behind a bare LF, which ends no line.
    after_lf: bool,
    ends: Ends,
}

impl Unframer {
    /// For lines that end so.
    pub(super) fn new(ends: Ends) -> Unframer {
        Unframer { at_line_start: true, after_lf: false, ends }
    }

    /// Looks at the octets that were not taken yet.
    pub(super) fn look(&mut self, input: &[u8]) -> Found {
        match input {
            [] => return Found::Incomplete,
            [b'.'] | [b'.', b'\r'] if self.at_line_start => return Found::Incomplete,
            [b'.', b'\r', b'\n', ..] if self.at_line_start => return Found::End(3),
            [b'.', b'\n', ..] if self.at_line_start && self.ends == Ends::Lf => return Found::End(2),
            [b'.', ..] if self.at_line_start => {
                self.at_line_start = false;
                return Found::Dot;
            }
            [b'.'] if self.after_lf => return Found::Incomplete,
            [b'.', b'.', ..] if self.after_lf => {
                self.after_lf = false;
                return Found::Dot;
            }
            _ => {}
        }
        // All lines at once that hold no dot at their start. A CR is never taken without what comes behind it.
        let end_and_dot: &[u8] = if self.ends == Ends::Crlf { b"\r\n." } else { b"\n." };
        if let Some(at) = memmem::find(input, end_and_dot) {
            let count = at + end_and_dot.len() - 1;
            self.is_behind(input.get(..count).unwrap_or_default());
            return Found::Content(count);
        }
        self.is_behind(input);
        match input {
            [b'\r'] => Found::Incomplete,
            [content @ .., b'\r'] => Found::Content(content.len()),
            content => Found::Content(content.len()),
        }
    }

    /// Where the octets behind these are.
    fn is_behind(&mut self, taken: &[u8]) {
        let is_line = taken.ends_with(b"\r\n") || (self.ends == Ends::Lf && taken.ends_with(b"\n"));
        self.at_line_start = is_line;
        self.after_lf = !is_line && self.ends == Ends::CrlfMostly && taken.ends_with(b"\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The content, and what follows the frame; nothing if it never ends.
    fn unframed(pieces: &[&[u8]], ends: Ends) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut unframer = Unframer::new(ends);
        let (mut content, mut waiting, mut ended) = (Vec::new(), Vec::new(), false);
        for piece in pieces {
            waiting.extend_from_slice(piece);
            while !ended {
                match unframer.look(&waiting) {
                    Found::Content(count) => content.extend(waiting.drain(..count)),
                    Found::Dot => drop(waiting.remove(0)),
                    Found::End(count) => {
                        waiting.drain(..count);
                        ended = true;
                    }
                    Found::Incomplete => break,
                }
            }
        }
        ended.then_some((content, waiting))
    }

    #[test]
    fn dots_are_taken_away_and_only_crlf_dot_crlf_ends_it_at_every_split() {
        for (framed, content, rest) in [
            (&b".\r\n"[..], &b""[..], &b""[..]),
            (b".\r\nQUIT\r\n", b"", b"QUIT\r\n"),
            (b"a\r\n.\r\n", b"a\r\n", b""),
            (b"..\r\n...\r\n..a\r\n.\r\n.\r\n", b".\r\n..\r\n.a\r\n", b".\r\n"),
            (b".a\r\n.\r\n", b"a\r\n", b""),
            (b"a.\r\nb\r\n.\r\n", b"a.\r\nb\r\n", b""),
            // A bare LF or CR is content, and no line begins behind it.
            (b"a\n.\nb\n.\r\nc\r\n.\r\n", b"a\n.\nb\n.\r\nc\r\n", b""),
            (b"a\r.\r\nb\r\n.\nc\r\n.\rd\r\n.\r\n", b"a\r.\r\nb\r\n\nc\r\n\rd\r\n", b""),
            (b"\r\r\n.\r\n", b"\r\r\n", b""),
            (b"\r\n\r\n..\r\r\n.\r\n", b"\r\n\r\n.\r\r\n", b""),
            (b"\xff\0\r\n.\r\n", b"\xff\0\r\n", b""),
        ] {
            assert_unframed(framed, content, rest, Ends::Crlf);
        }
    }

    fn assert_unframed(framed: &[u8], content: &[u8], rest: &[u8], ends: Ends) {
        let wanted = Some((content.to_vec(), rest.to_vec()));
        for at in 0..=framed.len() {
            for then in at..=framed.len() {
                let pieces = [&framed[..at], &framed[at..then], &framed[then..]];
                assert_eq!(unframed(&pieces, ends), wanted, "{framed:?} split at {at} and {then}");
            }
        }
    }

    #[test]
    fn by_lf_a_line_ends_in_either_way_at_every_split() {
        for (framed, content, rest) in [
            (&b".\n"[..], &b""[..], &b""[..]),
            (b".\r\nQUIT\n", b"", b"QUIT\n"),
            (b"a\n.\nQUIT\n", b"a\n", b"QUIT\n"),
            (b"..\n...\r\n..a\n.\n.\n", b".\n..\r\n.a\n", b".\n"),
            (b".a\n.\rb\n.\n", b"a\n\rb\n", b""),
            (b"a\r\n\n\r\n.\n", b"a\r\n\n\r\n", b""),
            (b"a\r.\n\n.\n", b"a\r.\n\n", b""),
        ] {
            assert_unframed(framed, content, rest, Ends::Lf);
        }
    }

    #[test]
    fn dots_that_were_doubled_behind_a_bare_lf_are_one_at_every_split() {
        for (framed, content) in [
            (&b"a\n..\n..b\n...\r\n.\r\n"[..], &b"a\n.\n.b\n..\r\n"[..]),
            // What was not doubled stays, and ends nothing.
            (b"a\n.\nb\n.c\n.\r\n..\r\n.\r\n", b"a\n.\nb\n.c\n.\r\n.\r\n"),
            (b"..\n..\r\n.\r\n", b".\n.\r\n"),
            (b"a\r..\n\n..\r\n.\r\n", b"a\r..\n\n.\r\n"),
        ] {
            assert_unframed(framed, content, b"", Ends::CrlfMostly);
        }
    }

    #[test]
    fn what_does_not_end_so_never_ends() {
        for open in [&b"a\n.\n"[..], b"a\r\n.", b"a\r\n.\r", b"a\r\n.\n", b"a\n.\r\n", b"a\r.\r\n", b".\n"] {
            assert_eq!(unframed(&[open], Ends::Crlf), None, "{open:?}");
        }
    }

    #[test]
    fn what_the_framer_framed_comes_out_as_it_was() {
        for content in ["", ".\r\n", "a\r\n..\r\n.b\r\n\r\n", "...\r\n"] {
            let mut framed = Vec::new();
            let mut framer = crate::content::Framer::default();
            framer.push(content.as_bytes(), &mut framed);
            framer.finish(&mut framed);
            assert_eq!(unframed(&[&framed], Ends::Crlf), Some((content.as_bytes().to_vec(), vec![])));
        }
    }
}
