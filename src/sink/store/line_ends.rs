//! CRLF becomes LF, in whatever pieces it comes; a bare CR stays, and a bare LF too.

use memchr::memmem;

/// Turns the line ends of content.
#[derive(Debug, Default)]
pub(super) struct LineEnds {
    /// A CR came last: whether an LF follows is not known yet.
    held: bool,
    out: Vec<u8>,
}

impl LineEnds {
    /// The next piece, turned.
    pub(super) fn push(&mut self, piece: &[u8]) -> &[u8] {
        self.out.clear();
        if self.held && !piece.is_empty() {
            self.held = false;
            if !piece.starts_with(b"\n") {
                self.out.push(b'\r');
            }
        }
        let mut rest = piece;
        if let Some(all_but_last) = piece.strip_suffix(b"\r") {
            self.held = true;
            rest = all_but_last;
        }
        let mut start = 0;
        for at in memmem::find_iter(rest, b"\r\n") {
            self.out.extend_from_slice(rest.get(start..at).unwrap_or_default());
            start = at + 1;
        }
        self.out.extend_from_slice(rest.get(start..).unwrap_or_default());
        &self.out
    }

    /// What is left at the end.
    pub(super) fn finish(&mut self) -> &[u8] {
        if std::mem::take(&mut self.held) { b"\r" } else { b"" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_crlf_changes_at_every_split() {
        for (content, wanted) in [
            (&b""[..], &b""[..]),
            (b"a\r\nb\r\n", b"a\nb\n"),
            (b"\r\n\r\n", b"\n\n"),
            (b"a\nb\rc\r\r\n\n\r", b"a\nb\rc\r\n\n\r"),
            (b"\r\r", b"\r\r"),
        ] {
            for at in 0..=content.len() {
                for then in at..=content.len() {
                    let mut line_ends = LineEnds::default();
                    let mut out = Vec::new();
                    for piece in [&content[..at], &content[at..then], &content[then..]] {
                        out.extend_from_slice(line_ends.push(piece));
                    }
                    out.extend_from_slice(line_ends.finish());
                    assert_eq!(out, wanted, "{content:?} split at {at} and {then}");
                }
            }
        }
    }
}
