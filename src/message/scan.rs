//! One pass over a text's octets: line ends, NUL, 8 bits, long lines (RFC 5322, section 2.1.1; RFC 5321,
//! section 2.3.8). It runs at memory speed: what a piece does not hold costs one `memchr`. It changes
//! nothing.

use memchr::{memchr, memchr_iter, memrchr};
use std::io;

use super::source::Source;

/// The longest line that can be sent, in octets without its line end (RFC 5322, section 2.1.1).
pub const LONGEST_LINE: u64 = 998;

/// How much is looked at at once, in octets: it stays in the processor's nearest cache from one look to the
/// next.
const BLOCK: usize = 4096;
/// How many octets are counted in a counter of one octet: a multiple of what the processor looks at at once,
/// below 256.
const SUM: usize = 240;

/// What is known of the octets taken so far.
#[derive(Debug, Clone)]
pub struct Scan {
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
    /// Lines up to this length are not looked at one by one.
    limit: u64,
    longest: (u64, u64),
}

impl Default for Scan {
    fn default() -> Scan {
        Scan {
            octets: 0,
            bare_line_feeds: 0,
            lines: 0,
            open_line: 0,
            after_cr: false,
            eight_bit: false,
            bare_cr: None,
            nul: None,
            limit: LONGEST_LINE,
            longest: (0, 0),
        }
    }
}

impl Scan {
    /// All of a source.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of(source: &Source) -> io::Result<Scan> {
        let mut scan = Scan::default();
        source.read_pieces(0, u64::MAX, &mut |piece| {
            scan.take(piece);
            Ok(())
        })?;
        scan.finish();
        Ok(scan)
    }

    /// Takes the next octets.
    pub fn take(&mut self, piece: &[u8]) {
        piece.chunks(BLOCK).for_each(|block| self.take_block(block));
    }

    fn take_block(&mut self, piece: &[u8]) {
        let (Some(first), Some(last)) = (piece.first(), piece.last()) else { return };
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
        let feeds = count(piece, b'\n');
        let split_pair = u64::from(self.after_cr && *first == b'\n');
        // Most texts have CRs everywhere or nowhere.
        let pairs = if memchr(b'\r', piece).is_some() { self.look_at_returns(piece) } else { 0 };
        self.bare_line_feeds += feeds - pairs - split_pair;
        self.note_long_lines(piece);
        self.lines += feeds;
        self.after_cr = *last == b'\r';
    }

    /// How many CRLFs there are; a CR without an LF is noted. One at the very end is for the next piece.
    fn look_at_returns(&mut self, piece: &[u8]) -> u64 {
        let pairs = count_pairs(piece);
        let returns = count(piece, b'\r') - u64::from(piece.last() == Some(&b'\r'));
        if returns > pairs && self.bare_cr.is_none() {
            let bare =
                memchr_iter(b'\r', piece).find(|at| piece.get(at + 1).is_some_and(|next| *next != b'\n'));
            self.bare_cr = Some(self.line_of(piece, bare.unwrap_or_default()));
        }
        pairs
    }

    /// Finds the lines over the limit without a look at the others: where a line end stands within the limit
    /// behind another one, no line between them is too long.
    fn note_long_lines(&mut self, piece: &[u8]) {
        let mut start = 0;
        loop {
            let rest = piece.get(start..).unwrap_or_default();
            // So many octets and a line end make a line that is not too long.
            let room = (self.limit + 1).saturating_sub(self.open_line).min(rest.len() as u64) as usize;
            if let Some(end) = memrchr(b'\n', rest.get(..room).unwrap_or_default()) {
                start += end + 1;
                self.open_line = 0;
                continue;
            }
            let Some(end) = memchr(b'\n', rest) else {
                self.open_line += rest.len() as u64;
                return;
            };
            let before =
                if end > 0 { rest.get(end - 1) == Some(&b'\r') } else { self.after_cr && start == 0 };
            let length = self.open_line + end as u64 - u64::from(before);
            self.note_length(length, self.line_of(piece, start));
            start += end + 1;
            self.open_line = 0;
        }
    }

    /// Octets that are in the source but not in the message: looked at like all others, but not counted.
    pub fn skip(&mut self, piece: &[u8]) {
        let counted = self.clone();
        self.take(piece);
        self.octets = counted.octets;
        self.bare_line_feeds = counted.bare_line_feeds;
        self.open_line = counted.open_line;
        self.eight_bit = counted.eight_bit;
        self.longest = counted.longest;
    }

    /// Complete lines so far.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// No more octets.
    pub fn finish(&mut self) {
        if self.after_cr {
            self.bare_cr.get_or_insert(self.lines + 1);
        }
        self.note_length(self.open_line, self.lines + 1);
    }

    fn note_length(&mut self, length: u64, line: u64) {
        if length > self.limit && length > self.longest.0 {
            self.longest = (length, line);
        }
    }

    fn line_of(&self, piece: &[u8], at: usize) -> u64 {
        self.lines + 1 + memchr_iter(b'\n', piece.get(..at).unwrap_or_default()).count() as u64
    }

    /// The octets when every line end is CRLF, without a line end that is missing at the end.
    pub fn octets_with_crlf(&self) -> u64 {
        self.octets + self.bare_line_feeds
    }

    /// The octets of a message, as SIZE counts them (RFC 1870): a last line without an end gets one.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.octets_with_crlf() + if self.is_open() { 2 } else { 0 }
    }

    /// Whether the last line has no line end.
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

    /// The longest line over [`LONGEST_LINE`] octets, if there is one: its length without its line end, and
    /// which it is, from 1.
    pub fn long_line(&self) -> Option<(u64, u64)> {
        Some(self.longest).filter(|(length, _)| *length > 0)
    }
}

/// How often an octet is there. Sums that fit an octet let the compiler look at many at once.
fn count(octets: &[u8], wanted: u8) -> u64 {
    let sums =
        octets.chunks(SUM).map(|chunk| chunk.iter().map(|octet| u8::from(*octet == wanted)).sum::<u8>());
    sums.map(u64::from).sum()
}

/// How often CR and LF stand side by side.
fn count_pairs(octets: &[u8]) -> u64 {
    let behind = octets.get(1..).unwrap_or_default();
    let chunks = octets.chunks(SUM).zip(behind.chunks(SUM));
    let sums = chunks.map(|(first, second)| {
        first
            .iter()
            .zip(second)
            .map(|(one, two)| u8::from(*one == b'\r') & u8::from(*two == b'\n'))
            .sum::<u8>()
    });
    sums.map(u64::from).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Octets with CRLF, open, 8 bits, the lines of a bare CR and a NUL, the longest line over the limit.
    type Findings = (u64, bool, bool, Option<u64>, Option<u64>, Option<(u64, u64)>);

    /// What one octet after the other says.
    fn slowly(text: &[u8], limit: u64) -> Findings {
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
        (octets, is_open, !text.is_ascii(), bare, nul, Some(longest).filter(|(length, _)| *length > limit))
    }

    fn scanned(pieces: &[&[u8]], limit: u64) -> Findings {
        let mut scan = Scan { limit, ..Scan::default() };
        pieces.iter().for_each(|piece| scan.take(piece));
        scan.finish();
        (
            scan.octets_with_crlf(),
            scan.is_open(),
            scan.eight_bit(),
            scan.bare_cr(),
            scan.nul(),
            scan.long_line(),
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
            b"abcdef\nab\nabc\r\nabcd\r\nabcde\r\na",
            b"abcdefghij",
            "gr\u{fc}n\r\nx".as_bytes(),
        ] {
            for limit in 1..5 {
                let expected = slowly(text, limit);
                for one in 0..=text.len() {
                    for two in one..=text.len() {
                        let pieces = [&text[..one], &text[one..two], &text[two..]];
                        let scanned = scanned(&pieces, limit);
                        assert_eq!(scanned, expected, "{text:?} split at {one} and {two}, {limit}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_stands_around_the_end_of_a_block_is_seen() {
        for what in [&b"\r\n"[..], b"\n", b"\r", b"\0", b"\r\r\n", b"\xfc", b"\n\n"] {
            for before in BLOCK - 4..BLOCK + 2 {
                let text = [&vec![b'a'; before][..], what, b"b\n"].concat();
                for limit in [2, LONGEST_LINE, 2 * BLOCK as u64] {
                    assert_eq!(scanned(&[&text], limit), slowly(&text, limit), "{before}, {what:?}, {limit}");
                }
            }
        }
    }

    #[test]
    fn counts_are_right_around_the_size_of_a_chunk() {
        for length in [0, 1, 2, SUM - 1, SUM, SUM + 1, 2 * SUM - 1, 2 * SUM, 2 * SUM + 1, 1000] {
            let text: Vec<u8> = b"\r\n".iter().copied().cycle().take(length).collect();
            assert_eq!(count(&text, b'\n'), length as u64 / 2);
            assert_eq!(count_pairs(&text), length as u64 / 2);
        }
    }

    #[test]
    fn skipped_lines_are_counted() {
        let mut scan = Scan::default();
        scan.take(b"a\n");
        scan.skip(b"cut\n folded\n");
        scan.take(b"b\0\n");
        assert_eq!((scan.nul(), scan.octets_with_crlf(), scan.lines()), (Some(4), 7, 4));
    }

    #[test]
    fn what_is_skipped_is_looked_at_and_not_counted_at_every_split() {
        for (skipped, nul, bare_cr) in [
            (&b"cut \xfc\n"[..], None, None),
            (b"cut\r\n", None, None),
            (b"cut\0\n", Some(2), None),
            (b"one\ncut\0\r\n", Some(3), None),
            (b"cut\rcut\n", None, Some(2)),
            (b"cut\n\rx\n", None, Some(3)),
        ] {
            for one in 0..=skipped.len() {
                for two in one..=skipped.len() {
                    let mut scan = Scan { limit: 3, ..Scan::default() };
                    scan.take(b"a\n");
                    scan.skip(&skipped[..one]);
                    scan.skip(&skipped[one..two]);
                    scan.skip(&skipped[two..]);
                    scan.take(b"b\n");
                    scan.finish();
                    let found = (scan.nul(), scan.bare_cr(), scan.octets_with_crlf(), scan.eight_bit());
                    assert_eq!(found, (nul, bare_cr, 6, false), "{skipped:?} split at {one} and {two}");
                    assert_eq!((scan.long_line(), scan.is_open()), (None, false));
                }
            }
        }
        let mut scan = Scan::default();
        scan.take(b"a\n");
        scan.skip(b"cut\r");
        scan.finish();
        assert_eq!(scan.bare_cr(), Some(2));
    }
}
