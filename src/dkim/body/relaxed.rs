//! The relaxed form of a body (RFC 6376, section 3.4.4): each run of blanks is one space, blanks at the end
//! of a line are gone, and so are empty lines at the end of the body. A body of nothing else is no octet at
//! all.
//!
//! Most of a body stays as it is. So what changes is looked for (a TAB, two spaces, a space before a CR), and
//! whatever lies between is handed on in place, in long spans:
//!
//! ```text
//!   text ... text | blanks and line ends: held back, octet by octet | text ... text
//! ```
//!
//! What is held back is some line ends, then perhaps a blank, then perhaps a CR, and the next octet decides
//! what they are: so it does not matter where the body is cut.

use super::line_ends::line_ends;
use memchr::{memchr, memmem::Finder};

/// The octets that are looked at together: what is searched three times should stay in the cache.
const BLOCK: usize = 1 << 15;
/// How many octets are looked at one by one before what changes is searched for.
const NEAR: usize = 8;

/// What is held back until it is known what follows.
#[derive(Debug)]
pub(super) struct Relaxed {
    /// Line ends.
    lines: u64,
    /// Behind them, a blank.
    blank: bool,
    /// Behind both, a CR whose LF may come.
    cr: bool,
    /// Whether anything was handed on.
    has_begun: bool,
    two_spaces: Finder<'static>,
    space_cr: Finder<'static>,
}

impl Relaxed {
    pub(super) fn new() -> Relaxed {
        Relaxed {
            lines: 0,
            blank: false,
            cr: false,
            has_begun: false,
            two_spaces: Finder::new(b"  "),
            space_cr: Finder::new(b" \r"),
        }
    }

    pub(super) fn push(&mut self, octets: &[u8], out: &mut impl FnMut(&[u8])) {
        for block in octets.chunks(BLOCK) {
            self.block(block, out);
        }
    }

    fn block(&mut self, block: &[u8], out: &mut impl FnMut(&[u8])) {
        let mut ahead = Ahead::default();
        let mut at = 0;
        while let Some(&octet) = block.get(at) {
            if std::mem::take(&mut self.cr) {
                if octet == b'\n' {
                    self.blank = false;
                    self.lines += 1;
                    at += 1;
                    continue;
                }
                self.release(out);
                out(b"\r");
            }
            match octet {
                b' ' | b'\t' => self.blank = true,
                b'\r' => self.cr = true,
                _ => {
                    self.release(out);
                    let end = self.change(&mut ahead, block, at);
                    self.span(block.get(at..end).unwrap_or_default(), out);
                    at = end;
                    continue;
                }
            }
            at += 1;
        }
    }

    /// Hands on a span that stays as it is. Line ends, a blank or a CR at its end are held back: it is not
    /// known yet what follows them.
    fn span(&mut self, span: &[u8], out: &mut impl FnMut(&[u8])) {
        let mut rest = span;
        if let Some(before) = rest.strip_suffix(b"\r") {
            self.cr = true;
            rest = before;
        } else if let Some(before) = rest.strip_suffix(b" ") {
            self.blank = true;
            rest = before;
        }
        while let Some(before) = rest.strip_suffix(b"\r\n") {
            self.lines += 1;
            rest = before;
        }
        out(rest);
    }

    /// Where the first change at or behind `at` is, or the end of the block.
    fn change(&self, ahead: &mut Ahead, block: &[u8], at: usize) -> usize {
        let rest = block.get(at..).unwrap_or_default();
        // Where there are many changes, the next is near: then this is faster than three searches.
        let is_change = |two: &[u8]| matches!(two, [b'\t', _] | [b' ', b' ' | b'\r']);
        if let Some(near) = rest.windows(2).take(NEAR).position(is_change) {
            return at + near;
        }
        let next = |known: &mut Option<usize>, find: fn(&Relaxed, &[u8]) -> Option<usize>| match *known {
            Some(place) if place >= at => place,
            _ => *known.insert(find(self, rest).map_or(block.len(), |found| at + found)),
        };
        let tab = next(&mut ahead.tab, |_, rest| memchr(b'\t', rest));
        let two_spaces = next(&mut ahead.two_spaces, |this, rest| this.two_spaces.find(rest));
        let space_cr = next(&mut ahead.space_cr, |this, rest| this.space_cr.find(rest));
        tab.min(two_spaces).min(space_cr)
    }

    /// Hands on the line ends and the blank that are held back.
    fn release(&mut self, out: &mut impl FnMut(&[u8])) {
        self.has_begun = true;
        line_ends(std::mem::take(&mut self.lines), out);
        if std::mem::take(&mut self.blank) {
            out(b" ");
        }
    }

    pub(super) fn finish(mut self, out: &mut impl FnMut(&[u8])) {
        if self.cr {
            self.release(out);
            out(b"\r");
        }
        // The last line ends, whether it did so or not.
        if self.has_begun {
            out(b"\r\n");
        }
    }
}

/// Where the next change of each kind is, as far as it was looked for. Each is looked for anew only when it
/// is behind us, so that a body full of one kind is not searched again and again for the others.
#[derive(Debug, Default)]
struct Ahead {
    tab: Option<usize>,
    two_spaces: Option<usize>,
    space_cr: Option<usize>,
}
