//! The simple form of a body (RFC 6376, section 3.4.3): as it is, but for empty lines at its end. It always
//! ends with one CRLF, also where there was nothing.

use super::line_ends::line_ends;

/// Empty lines are held back as a count until something follows them.
#[derive(Debug, Default)]
pub(super) struct Simple {
    /// Line ends that are held back.
    lines: u64,
    /// Behind them, a CR whose LF may come.
    cr: bool,
}

impl Simple {
    pub(super) fn push(&mut self, octets: &[u8], out: &mut impl FnMut(&[u8])) {
        let mut rest = octets;
        if self.cr && !rest.is_empty() {
            self.cr = false;
            if let Some(behind) = rest.strip_prefix(b"\n") {
                self.lines += 1;
                rest = behind;
            } else {
                self.release(out);
                out(b"\r");
            }
        }
        let (text, ends, cr) = without_line_ends(rest);
        self.cr |= cr;
        if !text.is_empty() {
            self.release(out);
            out(text);
        }
        self.lines += ends;
    }

    pub(super) fn finish(mut self, out: &mut impl FnMut(&[u8])) {
        if self.cr {
            self.release(out);
            out(b"\r");
        }
        out(b"\r\n");
    }

    fn release(&mut self, out: &mut impl FnMut(&[u8])) {
        line_ends(std::mem::take(&mut self.lines), out);
    }
}

/// The octets without the line ends behind them, how many these are, and whether a CR stands behind these.
fn without_line_ends(octets: &[u8]) -> (&[u8], u64, bool) {
    let (mut rest, cr) = octets.strip_suffix(b"\r").map_or((octets, false), |rest| (rest, true));
    let mut ends = 0;
    while let Some(before) = rest.strip_suffix(b"\r\n") {
        rest = before;
        ends += 1;
    }
    (rest, ends, cr)
}
