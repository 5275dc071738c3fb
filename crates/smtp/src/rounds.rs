//! Rounds: one message to all its recipients, over as many transactions and connections as that takes.
//!
//! A server that takes few recipients at once gets the others in further transactions (RFC 5321, section
//! 4.5.3.1.10), none larger than what it took; one that tells its limits beforehand is not asked for more
//! (LIMITS, RFC 9422). One that ends the session before the end of the message, for too many errors, say, is
//! asked about the others over a new connection, as long as each session decides about somebody: nothing was
//! handed over, so nothing is sent twice.
//!
//! This only keeps the list of those who wait. To connect and deliver, and to tell of it, is left to the
//! program.

use super::envelope::Envelope;
use super::extension::Extensions;
use super::failure::Failure;
use super::path::ForwardPath;
use super::transaction::{Progress, Transaction, is_too_many};
use std::collections::HashSet;

/// Those who wait to be asked, named by their places in the envelope.
#[derive(Debug)]
pub struct Rounds {
    /// In the order in which they are asked.
    waiting: Vec<usize>,
    /// Everybody accepted, or nobody gets it: nothing is split, and nothing begun anew.
    all_or_none: bool,
    /// The most recipients of one transaction, as the server has shown.
    most: Option<usize>,
    /// Who showed it, and what was the most before. One who is told the same in front of all others has shown
    /// nothing.
    shown_by: Option<(usize, Option<usize>)>,
    /// BDAT may be used: the server has not refused it as a command that it does not know.
    chunking: bool,
    /// The current session has brought something: a verdict on somebody, or that there is no BDAT.
    progress: bool,
    /// The current session did not know BDAT: octets of the chunk may have been taken for commands.
    misread: bool,
    /// The session is over, and another may go on where it ended.
    reconnect: bool,
    /// There is another server that can take this one's place.
    elsewhere: bool,
}

/// What a server takes at once, as far as it says so (LIMITS, RFC 9422).
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// Transactions of one connection.
    pub transactions: Option<usize>,
    /// Recipients of one transaction.
    pub recipients: Option<usize>,
    /// Domains among them.
    pub domains: Option<usize>,
}

impl Limits {
    /// What a server offers.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Limits {
        Limits {
            transactions: extensions.limit("MAILMAX"),
            recipients: extensions.limit("RCPTMAX"),
            domains: extensions.limit("RCPTDOMAINMAX"),
        }
    }
}

impl Rounds {
    /// For so many recipients, none of whom has been asked about yet.
    #[must_use]
    pub fn new(recipients: usize, all_or_none: bool) -> Rounds {
        Rounds {
            waiting: (0..recipients).collect(),
            all_or_none,
            most: None,
            shown_by: None,
            chunking: true,
            progress: false,
            misread: false,
            reconnect: false,
            elsewhere: false,
        }
    }

    /// Those who wait, by their places.
    pub fn waiting(&self) -> impl Iterator<Item = usize> {
        self.waiting.iter().copied()
    }

    /// Whether nobody waits any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether the message may go by BDAT, if that is offered.
    #[must_use]
    pub fn chunking(&self) -> bool {
        self.chunking
    }

    /// A session begins; `elsewhere` if there is another server, which can take this one's place.
    pub fn connected(&mut self, elsewhere: bool) {
        (self.progress, self.misread, self.reconnect) = (false, false, false);
        self.elsewhere = elsewhere;
    }

    /// Whether the session decided about anybody. One that did not is better not repeated at the same server.
    #[must_use]
    pub fn has_progress(&self) -> bool {
        self.progress
    }

    /// Whether the server ended the session, and the others are to be asked over a new connection.
    #[must_use]
    pub fn wants_reconnect(&self) -> bool {
        self.reconnect && !self.waiting.is_empty()
    }

    /// Takes all who wait.
    pub fn take_all(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.waiting)
    }

    /// Takes those who are next: the first who fit into one transaction. The others stay, in their order.
    pub fn take(&mut self, limits: Limits, envelope: &Envelope) -> Vec<usize> {
        // What is for all or for none goes in one transaction, or not at all.
        let limits = if self.all_or_none { Limits::default() } else { limits };
        let most = limits.recipients.unwrap_or(usize::MAX).min(self.most.unwrap_or(usize::MAX));
        let Some(most_domains) = limits.domains else {
            return self.waiting.drain(..most.min(self.waiting.len())).collect();
        };
        let mut taken = Vec::new();
        let mut domains = HashSet::new();
        self.waiting.retain(|place| {
            let domain = match envelope.recipients.get(*place).map(|recipient| &recipient.path) {
                Some(ForwardPath::Mailbox(mailbox)) => mailbox.domain().ascii().to_ascii_lowercase(),
                Some(ForwardPath::Postmaster) | None => String::new(),
            };
            let has_room = taken.len() < most && (domains.contains(&domain) || domains.len() < most_domains);
            if has_room {
                taken.push(*place);
                domains.insert(domain);
            }
            !has_room
        });
        taken
    }

    /// Learns what a transaction for these made of them, and how the session ended if it did. Those who are
    /// to be asked again wait in front of the others, and are returned.
    pub fn learn(
        &mut self,
        places: &[usize],
        transaction: &Transaction,
        failure: Option<&Failure>,
    ) -> Vec<usize> {
        if self.all_or_none && !transaction.bdat_unknown {
            return Vec::new();
        }
        if transaction.bdat_unknown {
            (self.chunking, self.misread, self.progress) = (false, true, true);
        }
        self.learn_the_most(places, transaction, failure);
        let again = match failure {
            // Whatever came of the message: to others the server may say something else.
            None => transaction.left(),
            Some(failure) if self.may_go_on_behind(failure, transaction) => {
                let undecided = transaction.undecided();
                // Whom we refuse ourselves, the server has not decided about.
                let ours =
                    transaction.recipients.iter().filter(|addressee| addressee.unmet.is_some()).count();
                self.progress |= undecided.len() + ours < places.len();
                self.reconnect = self.progress || self.elsewhere;
                if self.reconnect { undecided } else { Vec::new() }
            }
            Some(_) => return Vec::new(),
        };
        self.progress |= again.len() < places.len();
        let again: Vec<usize> = again.into_iter().filter_map(|place| places.get(place).copied()).collect();
        self.waiting.splice(0..0, again.iter().copied());
        again
    }

    /// How many recipients the server takes at once. That it takes fewer than was known is progress: the next
    /// session is asked for no more.
    fn learn_the_most(&mut self, places: &[usize], transaction: &Transaction, failure: Option<&Failure>) {
        let left = match failure {
            Some(Failure::Refused { reply, .. }) => reply.code() == 421 && is_too_many(reply),
            _ => false,
        };
        if transaction.full || (left && transaction.first_fit.is_some()) {
            let taken = transaction.accepted().count();
            if self.most.is_none_or(|most| taken < most) {
                let first = (0..places.len()).find(|index| transaction.has_no_room_for(*index));
                let first = first.and_then(|index| places.get(index));
                self.shown_by = first.map(|place| (*place, self.most));
                self.most = Some(taken);
                self.progress = true;
            }
            return;
        }
        let Some((place, before)) = self.shown_by else { return };
        let index = places.iter().position(|asked| *asked == place);
        let reply = index.and_then(|index| transaction.recipients.get(index)?.rcpt.as_ref());
        let Some(reply) = reply else { return };
        if is_too_many(reply) {
            self.most = before;
        }
        self.shown_by = None;
    }

    /// Whether the others may be asked over a new connection: the server left, and has got nothing.
    fn may_go_on_behind(&self, failure: &Failure, transaction: &Transaction) -> bool {
        let left = match failure {
            Failure::HungUp { .. } => true,
            Failure::Refused { reply, .. } => reply.code() == 421,
            // It answers what it took for commands.
            Failure::Violation(_) => self.misread,
            _ => false,
        };
        // A 421 to BDAT is about the session as well: the chunk, which rode behind the command, was not
        // taken.
        let is_untaken = transaction.chunked
            && transaction.message.as_ref().is_some_and(|reply| reply.code() == 421)
            && transaction.recipients.iter().all(|addressee| addressee.message.is_none());
        left && (transaction.content != Progress::Ended || transaction.bdat_unknown || is_untaken)
    }
}

#[cfg(test)]
mod tests;
