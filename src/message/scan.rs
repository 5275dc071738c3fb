//! One pass over a text's octets: line ends, NUL, 8 bits, long lines (RFC 5322, section 2.1.1; RFC 5321, section
//! 2.3.8). Runs at memory speed: whatever a piece has none of costs one `memchr`. Changes nothing.

use memchr::{memchr, memchr_iter};

/// The longest line that may be sent, in octets without its line end (RFC 5322, section 2.1.1).
pub const LONGEST_LINE: u64 = 998;

/// What is known of the octets taken so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Scan {
    octets: u64,
    /// LFs without a CR in front of them: each becomes one octet longer.
    bare_line_feeds: u64,
    /// Complete lines, with those skipped.
    lines: u64,
    /// Octets of the line that is not ended yet, with a CR that may belong to its end.
    open_line: u64,
    after_cr: bool,
    eight_bit: bool,
    bare_cr: Option<u64>,
    nul: Option<u64>,
    longest: (u64, u64),
}

impl Scan {
    /// Takes the next octets.
    pub fn take(&mut self, piece: &[u8]) {
        let Some(first) = piece.first() else { return };
        self.octets += piece.len() as u64;
        self.eight_bit |= !piece.is_ascii();
        if self.nul.is_none()
            && let Some(at) = memchr(0, piece)
        {
            self.nul = Some(self.line_of(piece, at));
        }
        if self.after_cr && *first != b'\n' {
            self.bare_cr.get_or_insert(self.lines + 1);
        }
        let open_before = self.after_cr;
        let lines_before = self.lines;
        let mut start = 0;
        let mut pairs = 0;
        for at in memchr_iter(b'\n', piece) {
            let pair = match at.checked_sub(1) {
                Some(before) => piece.get(before) == Some(&b'\r'),
                None => open_before,
            };
            // A pair whose CR was in the piece before is none of this piece's CRs.
            pairs += u64::from(pair && at > 0);
            self.bare_line_feeds += u64::from(!pair);
            self.open_line += (at - start) as u64;
            self.end_line(u64::from(pair));
            start = at + 1;
        }
        self.open_line += (piece.len() - start) as u64;
        self.after_cr = piece.last() == Some(&b'\r');
        let returns = memchr_iter(b'\r', piece).count() as u64 - u64::from(self.after_cr);
        if returns > pairs && self.bare_cr.is_none() {
            let bare =
                memchr_iter(b'\r', piece).find(|at| piece.get(at + 1).is_some_and(|next| *next != b'\n'));
            let before = piece.get(..bare.unwrap_or_default()).unwrap_or_default();
            self.bare_cr = Some(lines_before + 1 + memchr_iter(b'\n', before).count() as u64);
        }
    }

    /// Lines that are in the source but not in the message: only counted.
    pub fn skip(&mut self, octets: &[u8]) {
        self.lines += memchr_iter(b'\n', octets).count() as u64;
    }

    /// The source's lines are counted from here: what came before was not in it.
    pub fn restart_lines(&mut self) {
        self.lines = 0;
    }

    /// No more octets.
    pub fn finish(&mut self) {
        if self.after_cr {
            self.bare_cr.get_or_insert(self.lines + 1);
        }
        if self.open_line > 0 {
            self.note_length(self.open_line);
        }
    }

    fn end_line(&mut self, carriage_return: u64) {
        self.note_length(self.open_line - carriage_return.min(self.open_line));
        self.lines += 1;
        self.open_line = 0;
    }

    fn note_length(&mut self, length: u64) {
        if length > self.longest.0 {
            self.longest = (length, self.lines + 1);
        }
    }

    fn line_of(&self, piece: &[u8], at: usize) -> u64 {
        self.lines + 1 + memchr_iter(b'\n', piece.get(..at).unwrap_or_default()).count() as u64
    }

    /// The octets when every line end is CRLF, without a line end that is missing at the end.
    pub fn octets_with_crlf(&self) -> u64 {
        self.octets + self.bare_line_feeds
    }

    /// Is the last line without its line end?
    pub fn is_open(&self) -> bool {
        self.open_line > 0
    }

    /// An octet above 127.
    pub fn eight_bit(&self) -> bool {
        self.eight_bit
    }

    /// The line of the first CR without an LF, from 1.
    pub fn bare_cr(&self) -> Option<u64> {
        self.bare_cr
    }

    /// The line of the first NUL, from 1.
    pub fn nul(&self) -> Option<u64> {
        self.nul
    }

    /// The length of the longest line in octets, without its line end, and which it is, from 1.
    pub fn longest_line(&self) -> (u64, u64) {
        self.longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What one octet after the other says.
    fn slowly(text: &[u8]) -> (u64, bool, bool, Option<u64>, Option<u64>, (u64, u64)) {
        let (mut octets, mut bare, mut nul, mut longest) = (0, None, None, (0, 0));
        let (mut line, mut length) = (1, 0);
        for (at, octet) in text.iter().enumerate() {
            let next = text.get(at + 1);
            octets += if *octet == b'\n' && (at == 0 || text[at - 1] != b'\r') { 2 } else { 1 };
            match octet {
                b'\r' if next == Some(&b'\n') => continue,
                b'\n' => {
                    if length > longest.0 {
                        longest = (length, line);
                    }
                    line += 1;
                    length = 0;
                    continue;
                }
                b'\r' => _ = bare.get_or_insert(line),
                0 => _ = nul.get_or_insert(line),
                _ => {}
            }
            length += 1;
        }
        if length > longest.0 {
            longest = (length, line);
        }
        let is_open = text.last().is_some_and(|last| *last != b'\n');
        (octets, is_open, !text.is_ascii(), bare, nul, longest)
    }

    fn scanned(pieces: &[&[u8]]) -> (u64, bool, bool, Option<u64>, Option<u64>, (u64, u64)) {
        let mut scan = Scan::default();
        pieces.iter().for_each(|piece| scan.take(piece));
        scan.finish();
        (
            scan.octets_with_crlf(),
            scan.is_open(),
            scan.eight_bit(),
            scan.bare_cr(),
            scan.nul(),
            scan.longest_line(),
        )
    }

    #[test]
    fn it_says_what_a_slow_look_says_at_every_split() {
        for text in [
            &b""[..],
            b"\n",
            b"\r\n",
            b"\r",
            b"a",
            b"a\nbcd\r\nef",
            b"a\r\n\r\n\nb\n",
            b"a\rb\nc\r",
            b"\r\r\n\0\n\n",
            b"\n\r\n\r",
            b"a\n\0b\r\nc\rd\n",
            "gr\u{fc}n\r\nx".as_bytes(),
        ] {
            let expected = slowly(text);
            for one in 0..=text.len() {
                for two in one..=text.len() {
                    let pieces = [&text[..one], &text[one..two], &text[two..]];
                    assert_eq!(scanned(&pieces), expected, "{text:?} split at {one} and {two}");
                }
            }
        }
    }

    #[test]
    fn skipped_lines_are_counted() {
        let mut scan = Scan::default();
        scan.take(b"made\n");
        scan.restart_lines();
        scan.take(b"a\n");
        scan.skip(b"cut\n folded\n");
        scan.take(b"b\0\n");
        assert_eq!((scan.nul(), scan.octets_with_crlf()), (Some(4), 13));
    }
}
