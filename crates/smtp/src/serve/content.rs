//! Content on its way in: DATA (RFC 5321, section 4.1.1.4) and BDAT (RFC 3030), size limits (RFC 1870).
//!
//! It is handed out in the pieces it came in. What is not wanted is read to its end all the same: its octets
//! will come, and must not be taken for commands.

use super::unframe::{Ends, Found, Unframer};
use super::{Next, Server, State, Transaction};
use crate::extension::Extension;

impl Server {
    pub(super) fn data(&mut self) {
        match &self.transaction {
            Some(transaction) if transaction.chunked || transaction.failed => {
                self.error(503, "Bad sequence of commands: the content came by BDAT");
            }
            Some(transaction) if !transaction.envelope.recipients.is_empty() => {
                self.say(354, "Start mail input; end with <CRLF>.<CRLF>");
                let ends = match (self.settings.submission, self.by_lf) {
                    (false, _) => Ends::Crlf,
                    (true, false) => Ends::CrlfMostly,
                    (true, true) => Ends::Lf,
                };
                self.state = State::Data(Unframer::new(ends));
            }
            Some(_) => self.error(503, "Bad sequence of commands: nobody to send to"),
            None => self.error(503, "Bad sequence of commands: MAIL comes first"),
        }
    }

    /// Takes the chunk in any case: its octets will come, and must not be taken for commands (RFC 3030,
    /// section 2).
    pub(super) fn bdat(&mut self, octets: u64, last: bool) {
        let refusal = match &self.transaction {
            _ if !self.offers(Extension::Chunking) => Some((502, "Command not implemented")),
            None => Some((503, "Bad sequence of commands: MAIL comes first")),
            Some(t) if t.failed => {
                Some((503, "Bad sequence of commands: RSET comes after a BDAT that failed"))
            }
            Some(t) if t.envelope.recipients.is_empty() => {
                Some((503, "Bad sequence of commands: nobody to send to"))
            }
            Some(t) if self.is_too_large(t.octets.saturating_add(octets)) => Some((552, "Message too large")),
            Some(_) => None,
        };
        if let Some(transaction) = &mut self.transaction {
            transaction.chunked = true;
            if refusal.is_some() {
                self.abandon = transaction.begun && !transaction.failed;
                transaction.failed = true;
            }
        }
        self.state = State::Chunk { left: octets, octets, last, refusal };
    }

    /// Whether the content of a message begins now, and is wanted.
    pub(super) fn begins_content(&mut self) -> bool {
        let transaction = self.transaction.as_mut().filter(|transaction| !transaction.failed);
        transaction.is_some_and(|transaction| !std::mem::replace(&mut transaction.begun, true))
    }

    pub(super) fn read_data(&mut self) -> Option<Next> {
        let unread = self.input.get(self.taken..).unwrap_or_default();
        let State::Data(unframer) = &mut self.state else { return None };
        match unframer.look(unread) {
            Found::Incomplete => Some(Next::Receive),
            Found::Dot => {
                self.taken += 1;
                None
            }
            Found::Content(count) => self.take_content(count),
            Found::End(count) => {
                self.taken += count;
                self.shown = b".".to_vec();
                self.shown_waits = true;
                if self.transaction.as_ref().is_some_and(|transaction| transaction.failed) {
                    self.state = State::Commands;
                    let transaction = self.transaction.take();
                    self.say_too_large(transaction.map_or(1, |t| self.final_replies(&t)));
                } else {
                    self.state = State::Concluding;
                }
                None
            }
        }
    }

    pub(super) fn read_chunk(&mut self) -> Option<Next> {
        let State::Chunk { left, octets, last, refusal } = self.state else { return None };
        if left > 0 {
            let unread = self.unread().len();
            if unread == 0 {
                return Some(Next::Receive);
            }
            // The rest of the chunk can be larger than memory.
            let count = usize::try_from(left).map_or(unread, |left| left.min(unread));
            self.state = State::Chunk { left: left - count as u64, octets, last, refusal };
            return self.take_content(count);
        }
        self.state = State::Commands;
        match refusal {
            Some((552, _)) => {
                let replies = self.transaction.as_ref().filter(|_| last).map_or(1, |t| self.final_replies(t));
                self.say_too_large(replies);
            }
            Some((code, text)) => self.error(code, text),
            None if last => self.state = State::Concluding,
            None => self.say(250, &format!("{octets} octets received")),
        }
        None
    }

    /// Hands out a piece of content, or drops it where it is not wanted.
    fn take_content(&mut self, count: usize) -> Option<Next> {
        let range = self.taken..self.taken + count;
        self.taken = range.end;
        let octets = self.transaction.as_ref().map_or(0, |transaction| transaction.octets);
        let octets = octets.saturating_add(count as u64);
        let is_too_large = self.is_too_large(octets);
        let transaction = self.transaction.as_mut()?;
        transaction.octets = octets;
        if transaction.failed {
            return None;
        }
        if is_too_large {
            transaction.failed = true;
            return Some(Next::Abandon);
        }
        Some(Next::Content(range))
    }

    pub(super) fn is_too_large(&self, octets: u64) -> bool {
        self.settings.max_size.is_some_and(|limit| octets > limit)
    }

    /// How many replies a whole message gets.
    fn final_replies(&self, transaction: &Transaction) -> usize {
        if self.settings.lmtp { transaction.envelope.recipients.len() } else { 1 }
    }

    pub(super) fn drop_transaction(&mut self) {
        if let Some(transaction) = self.transaction.take() {
            self.abandon = transaction.begun && !transaction.failed;
        }
    }
}
