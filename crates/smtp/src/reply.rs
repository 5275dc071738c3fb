//! Replies: octets in, replies out (RFC 5321, section 4.2).
//!
//! A reply can come in any pieces, over several lines, without text, in any charset, and with bare LF for
//! line ends (a departure from section 2.3.8, since servers do it). Its lines and its whole are bounded, and
//! checked while it comes, so that no server can fill memory. What a reply means is decided by
//! [`super::session`].

use super::status::EnhancedStatus;
use super::violation::Violation;
use std::borrow::Cow;

/// The longest reply line that is taken, in octets. RFC 5321, section 4.5.3.1.5, asks for 512 only.
pub const LONGEST_LINE: usize = 4096;
/// The longest challenge that is taken, in octets of base64, behind `334 ` (RFC 4954, section 4). Challenges
/// can be longer than all other lines.
pub const LONGEST_CHALLENGE: usize = 12_288;
/// The longest reply, in octets, all lines together.
pub const LONGEST_REPLY: usize = 64 * 1024;
/// The most lines in a reply.
pub const MOST_LINES: usize = 512;

/// What a line takes of memory besides its text, in octets, roughly.
const EACH_LINE: usize = 32;

/// What the first digit says (RFC 5321, section 4.2.1). 1yz is not used in SMTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// 2yz: done.
    Completed,
    /// 3yz: go on.
    Intermediate,
    /// 4yz: not now.
    Transient,
    /// 5yz: not at all.
    Permanent,
}

/// One reply: a code, and a text on one or more lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    code: u16,
    /// Without code, separator and line end; in whatever charset the server speaks.
    lines: Vec<Vec<u8>>,
}

impl Reply {
    /// A reply of this code and text, one line for each line of the text.
    #[must_use]
    pub fn new(code: u16, text: &str) -> Reply {
        Reply { code, lines: text.split('\n').map(|line| line.as_bytes().to_vec()).collect() }
    }

    /// The three digits, 200 to 599.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.code
    }

    /// What the first digit says.
    #[must_use]
    pub fn class(&self) -> Class {
        match self.code / 100 {
            2 => Class::Completed,
            3 => Class::Intermediate,
            4 => Class::Transient,
            _ => Class::Permanent,
        }
    }

    /// Whether HELO is worth a try after this answer to EHLO. Any 5yz can mean that the server does not know
    /// EHLO (RFC 5321, section 3.2), but for 521 and 554, by which it takes no mail at all (RFC 7504).
    #[must_use]
    pub fn leads_to_helo(&self) -> bool {
        self.class() == Class::Permanent && !matches!(self.code(), 521 | 554)
    }

    /// Whether it is a 2yz.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        self.class() == Class::Completed
    }

    /// What it takes of memory, in octets, roughly.
    pub(super) fn size(&self) -> usize {
        self.lines.iter().map(|line| line.len() + EACH_LINE).sum()
    }

    /// Keeps as much of it as fits this size, by the count of [`Reply::size`]; `...` says where something is
    /// missing. Of the first line something is kept in any case.
    pub(super) fn shorten(&mut self, size: usize) {
        let mut left = size;
        for (place, line) in self.lines.iter_mut().enumerate() {
            if place > 0 && left < EACH_LINE {
                self.lines.truncate(place);
                break;
            }
            left = left.saturating_sub(EACH_LINE);
            if line.len() > left {
                // Not within a character of UTF-8: the whole line would be read as Latin-1.
                let whole = (0..=left).rev().take(4).find(|end| line[*end] & 0xc0 != 0x80);
                line.truncate(whole.unwrap_or(left));
                line.extend_from_slice(b"...");
                line.shrink_to_fit();
                self.lines.truncate(place + 1);
                break;
            }
            left -= line.len();
        }
        self.lines.shrink_to_fit();
    }

    /// Stars out a secret that the server repeats.
    pub fn hide(&mut self, secret: &[u8]) {
        self.lines.iter_mut().for_each(|line| hide(line, secret));
    }

    /// The text of each line as it came.
    #[must_use]
    pub fn lines(&self) -> &[Vec<u8>] {
        &self.lines
    }

    /// The text of each line as characters: UTF-8, or else each octet as in Latin-1, so that nothing is lost.
    pub fn text(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.lines.iter().map(|line| characters(line))
    }

    /// The text of all lines on one.
    #[must_use]
    pub fn joined(&self) -> String {
        self.text().collect::<Vec<_>>().join(" / ")
    }

    /// The code, and the text of all lines, on one.
    #[must_use]
    pub fn on_one_line(&self) -> String {
        format!("{} {}", self.code(), self.joined())
    }

    /// The enhanced status code that the text begins with. It counts only when its class is the reply's
    /// (RFC 2034, section 4).
    #[must_use]
    pub fn enhanced(&self) -> Option<EnhancedStatus> {
        let status = EnhancedStatus::leading(self.lines.first()?)?;
        (u16::from(status.class) == self.code / 100).then_some(status)
    }
}

/// The shortest secret that is looked for, in octets: a shorter one is in many words by chance.
const SHORTEST_SECRET: usize = 4;

/// Stars out a secret wherever it is.
pub(super) fn hide(line: &mut [u8], secret: &[u8]) {
    let found: Vec<usize> = match secret.len() {
        0..SHORTEST_SECRET => return,
        _ => memchr::memmem::find_iter(line, secret).collect(),
    };
    found.into_iter().for_each(|at| line[at..at + secret.len()].fill(b'*'));
}

/// Octets as characters: UTF-8, or else Latin-1.
#[must_use]
pub fn characters(octets: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(octets) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(octets.iter().map(|b| char::from(*b)).collect()),
    }
}

/// How much of a server's words is told where there is no room for all, in characters, before they are made
/// printable. It is generous, since the reason often comes last.
const TOLD: usize = 200;

/// A server's words, cut to a bearable length.
#[must_use]
pub fn in_brief(text: &str) -> String {
    match text.char_indices().nth(TOLD) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// What a line of a server is in its reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyLine {
    /// One that others follow.
    Part,
    /// The last one; here is the whole reply.
    Last(Reply),
    /// One of no reply, and why.
    Broken(Violation),
}

/// Takes octets as they come, and hands out lines and replies.
#[derive(Debug, Default)]
pub struct ReplyReader {
    buffer: Vec<u8>,
    /// Where the line is that was handed out last, without its line end.
    line: std::ops::Range<usize>,
    /// Where the first line begins that was not handed out yet.
    start: usize,
    /// Up to here no line end was found.
    searched: usize,
    /// The lines of a reply that has not ended.
    partial: Option<Reply>,
    /// How many octets they have.
    total: usize,
    /// A line has ended in a bare LF.
    bare_lf: bool,
}

impl ReplyReader {
    /// Takes octets that were read, in any pieces.
    pub fn push(&mut self, octets: &[u8]) {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.searched -= self.start;
            self.start = 0;
            self.line = 0..0;
        }
        self.buffer.extend_from_slice(octets);
    }

    /// Reads the next line; `None` if its end has not come yet. The line itself is [`ReplyReader::line`]
    /// then.
    ///
    /// # Errors
    /// [`Violation::LineTooLong`]: there is no line to be looked at, and nothing more can be read.
    pub fn next_line(&mut self) -> Result<Option<ReplyLine>, Violation> {
        let Some(found) = memchr::memchr(b'\n', &self.buffer[self.searched..]) else {
            self.searched = self.buffer.len();
            if !is_too_long(&self.buffer[self.start..]) {
                return Ok(None);
            }
            self.line = self.start..self.buffer.len();
            return Err(Violation::LineTooLong);
        };
        let end = self.searched + found;
        let mut line = &self.buffer[self.start..end];
        match line.strip_suffix(b"\r") {
            Some(bare) => line = bare,
            None => self.bare_lf = true,
        }
        self.line = self.start..self.start + line.len();
        self.start = end + 1;
        self.searched = self.start;
        if line.len() > longest(line) {
            return Err(Violation::LineTooLong);
        }
        self.total += line.len() + 2;
        Ok(Some(match take(line, &mut self.partial, &mut self.total) {
            Ok(None) => ReplyLine::Part,
            Ok(Some(reply)) => ReplyLine::Last(reply),
            Err(violation) => ReplyLine::Broken(violation),
        }))
    }

    /// The line that [`ReplyReader::next_line`] read last, or found too long, without its line end. The next
    /// push takes it away.
    #[must_use]
    pub fn line(&self) -> &[u8] {
        &self.buffer[self.line.clone()]
    }

    /// The octets of a line that has not ended.
    #[must_use]
    pub fn begun(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// Stars out a secret in that line.
    pub fn hide(&mut self, secret: &[u8]) {
        hide(&mut self.buffer[self.line.clone()], secret);
    }

    /// Whether a line is there that is the last of a reply, or belongs to no reply. Nothing is consumed.
    #[must_use]
    pub fn has_reply(&self) -> bool {
        let mut rest = &self.buffer[self.start..];
        while let Some(end) = memchr::memchr(b'\n', rest) {
            if rest.get(3) != Some(&b'-') {
                return true;
            }
            rest = &rest[end + 1..];
        }
        is_too_long(rest) || self.unread() > LONGEST_REPLY
    }

    /// Whether a line has ended in a bare LF so far: section 2.3.8 forbids it, and it is taken all the same.
    #[must_use]
    pub fn saw_bare_lf(&self) -> bool {
        self.bare_lf
    }

    /// How many octets wait to be read, those of an unfinished line among them.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// Whether nothing is left: no unfinished reply, and no octet that waits to be read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.unread() == 0 && self.partial.is_none()
    }
}

/// Whether a line that has not ended is too long already. A CR at its end does not count: its LF may be to
/// come.
fn is_too_long(begun: &[u8]) -> bool {
    begun.strip_suffix(b"\r").unwrap_or(begun).len() > longest(begun)
}

/// The longest line that begins like this one, in octets.
fn longest(line: &[u8]) -> usize {
    const CHALLENGE: &[u8] = b"334 ";
    if line.starts_with(CHALLENGE) { CHALLENGE.len() + LONGEST_CHALLENGE } else { LONGEST_LINE }
}

/// Adds one line to the reply that is coming; returns the whole reply if it was the last line.
fn take(line: &[u8], partial: &mut Option<Reply>, total: &mut usize) -> Result<Option<Reply>, Violation> {
    let (code, last, text) = split(line)?;
    let mut reply = partial.take().unwrap_or(Reply { code, lines: Vec::new() });
    if reply.code != code {
        return Err(Violation::TwoCodes);
    }
    reply.lines.push(text.to_vec());
    if reply.lines.len() > MOST_LINES || *total > LONGEST_REPLY {
        return Err(Violation::ReplyTooLong);
    }
    if last {
        *total = 0;
        return Ok(Some(reply));
    }
    *partial = Some(reply);
    Ok(None)
}

/// ```abnf
/// Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
/// Reply-code = %x32-35 %x30-35 %x30-39
/// ```
/// A second digit of 6 to 9 is taken too: there is no harm in it.
fn split(line: &[u8]) -> Result<(u16, bool, &[u8]), Violation> {
    let (digits, rest) = line.split_at_checked(3).ok_or(Violation::NotAReply)?;
    if !matches!(digits[0], b'2'..=b'5') || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Violation::NotAReply);
    }
    let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
    match rest.split_first() {
        None => Ok((code, true, b"")),
        Some((b' ', text)) => Ok((code, true, text)),
        Some((b'-', text)) => Ok((code, false, text)),
        Some(_) => Err(Violation::NotAReply),
    }
}

#[cfg(test)]
mod tests;
