//! A mail transaction: what the server said of each recipient and of the message (RFC 5321, section 3.3).
//!
//! A refusal is data in here, not an error. What is known is written down as it comes; what it means for a
//! recipient is worked out from that in one place, [`Transaction::fate`], also when the session broke off in
//! the middle.

use super::expect::Stage;
use super::failure::Need;
use super::reply::{Class, Reply};
use super::status::EnhancedStatus;

/// What became of one recipient.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// The server has taken responsibility for the message to them.
    Accepted,
    /// A 5yz: for good.
    Refused,
    /// A 4yz, or the session ended before the end of the message: not now.
    Deferred,
    /// The message was written to the end, and no proper reply came: nobody knows.
    Unknown,
    /// Their RCPT was never written, the whole was withdrawn, or the transaction was to stop before the
    /// message.
    Untried,
}

impl Status {
    /// The name, in small letters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Status::Accepted => "accepted",
            Status::Refused => "refused",
            Status::Deferred => "deferred",
            Status::Unknown => "unknown",
            Status::Untried => "untried",
        }
    }
}

/// How many of the recipients have the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summary {
    /// Everybody.
    All,
    /// Some of them.
    Some,
    /// Nobody.
    None,
    /// For one at least nobody knows.
    Unknown,
}

impl Summary {
    /// The sum of all these. Nobody to send to is `None`.
    pub fn of(statuses: impl IntoIterator<Item = Status>) -> Summary {
        let (mut accepted, mut others) = (false, false);
        for status in statuses {
            match status {
                Status::Unknown => return Summary::Unknown,
                Status::Accepted => accepted = true,
                Status::Refused | Status::Deferred | Status::Untried => others = true,
            }
        }
        match (accepted, others) {
            (true, false) => Summary::All,
            (true, true) => Summary::Some,
            (false, _) => Summary::None,
        }
    }

    /// The name, in small letters.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Summary::All => "all",
            Summary::Some => "some",
            Summary::None => "none",
            Summary::Unknown => "unknown",
        }
    }
}

/// A recipient's fate, the stage at which it was decided, and the reply that decided it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate<'a> {
    /// What became of them.
    pub status: Status,
    /// Where that was decided.
    pub stage: Stage,
    /// By which reply, if it was one.
    pub reply: Option<&'a Reply>,
}

/// How far the content has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Progress {
    /// No octet of it was sent.
    #[default]
    NotBegun,
    /// It was begun; its end has not been written. The server cannot have taken it.
    Begun,
    /// Its end was written: from here on only a reply can tell.
    Ended,
}

/// What is known of one recipient.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addressee {
    /// RCPT was written.
    pub asked: bool,
    /// The reply to RCPT.
    pub rcpt: Option<Reply>,
    /// Their own reply after the end of the message: LMTP's, or PRDR's.
    pub message: Option<Reply>,
    /// Their address needs this, and the server does not offer it: RCPT is not written, and the others are
    /// served (RFC 6531, section 3.2).
    pub unmet: Option<Need>,
}

/// One transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Transaction {
    /// The reply to MAIL.
    pub mail: Option<Reply>,
    /// In the envelope's order.
    pub recipients: Vec<Addressee>,
    /// The reply to DATA, if it was a refusal.
    pub data: Option<Reply>,
    /// The reply to the end of the message (SMTP; with PRDR the one for all), or the last one (LMTP).
    pub message: Option<Reply>,
    /// How far the content has come.
    pub content: Progress,
    /// RSET was sent since not everybody was accepted (`--all-or-none`).
    pub withdrawn: bool,
    /// It was to go no further than this stage, and nobody gets a message. With [`Stage::Vrfy`] and
    /// [`Stage::Expn`] there is no transaction at all, and each reply stands where that to RCPT would.
    pub stopped: Option<Stage>,
    /// RSET was sent since it was to go no further.
    pub reset: bool,
    /// The message goes by BDAT (RFC 3030).
    pub chunked: bool,
    /// LMTP: each recipient has a reply of their own after the message.
    pub lmtp: bool,
    /// PRDR is offered, or was asked for: the server may reply for each recipient, and then for all
    /// (draft-hall-prdr, section 4).
    pub prdr: bool,
    /// The first who was accepted by RCPT. 'Too many' means something behind them only.
    pub first_fit: Option<usize>,
    /// The server takes no more recipients in this transaction: nobody else is asked (RFC 5321, section
    /// 4.5.3.1.10).
    pub full: bool,
    /// The server does not know BDAT, though it offers CHUNKING: nothing was taken, and DATA can follow.
    pub bdat_unknown: bool,
}

impl Transaction {
    /// Nothing has been said yet to any of so many recipients.
    #[must_use]
    pub fn new(recipients: usize, lmtp: bool) -> Transaction {
        Transaction { recipients: vec![Addressee::default(); recipients], lmtp, ..Transaction::default() }
    }

    /// The reply to RCPT for the recipient at this place.
    pub fn rcpt_answered(&mut self, place: usize, reply: Reply) {
        if reply.is_positive() && self.first_fit.is_none_or(|first| place < first) {
            self.first_fit = Some(place);
        }
        if let Some(addressee) = self.recipients.get_mut(place) {
            addressee.rcpt = Some(reply);
        }
    }

    /// Whether the server had no room for the recipient at this place, though it had some for others before.
    /// In front of all others, 'too many' is a refusal like any other.
    #[must_use]
    pub fn has_no_room_for(&self, place: usize) -> bool {
        let reply = self.recipients.get(place).and_then(|addressee| addressee.rcpt.as_ref());
        let asks = matches!(self.stopped, Some(Stage::Vrfy | Stage::Expn));
        reply.is_some_and(is_too_many) && !asks && self.has_fit_before(place)
    }

    fn has_fit_before(&self, place: usize) -> bool {
        self.first_fit.is_some_and(|first| first < place)
    }

    /// Who was accepted by RCPT, by their places.
    pub fn accepted(&self) -> impl Iterator<Item = usize> {
        let accepted = |addressee: &Addressee| addressee.rcpt.as_ref().is_some_and(Reply::is_positive);
        self.recipients.iter().enumerate().filter(move |(_, a)| accepted(a)).map(|(place, _)| place)
    }

    /// What became of the recipient at this place.
    #[must_use]
    pub fn fate(&self, place: usize) -> Fate<'_> {
        // Whoever is not in the list was not asked.
        static NOBODY: Addressee = Addressee { asked: false, rcpt: None, message: None, unmet: None };
        let fate = |status, stage, reply| Fate { status, stage, reply };
        let addressee = self.recipients.get(place).unwrap_or(&NOBODY);
        if addressee.unmet.is_some() {
            let asks = self.stopped.filter(|stage| matches!(stage, Stage::Vrfy | Stage::Expn));
            return fate(Status::Refused, asks.unwrap_or(Stage::Rcpt), None);
        }
        if let Some(reply) = self.mail.as_ref().filter(|reply| !reply.is_positive()) {
            return fate(status(reply), Stage::Mail, Some(reply));
        }
        let Some(rcpt) = &addressee.rcpt else {
            let (asks, before) = match self.stopped {
                Some(stage @ (Stage::Vrfy | Stage::Expn)) => (stage, stage),
                Some(stage) => (Stage::Rcpt, stage.min(Stage::Mail)),
                None => (Stage::Rcpt, Stage::Mail),
            };
            let (status, stage) =
                if addressee.asked { (Status::Deferred, asks) } else { (Status::Untried, before) };
            return fate(status, stage, None);
        };
        if let Some(stage @ (Stage::Vrfy | Stage::Expn)) = self.stopped {
            let status = if rcpt.is_positive() { Status::Untried } else { status(rcpt) };
            return fate(status, stage, Some(rcpt));
        }
        if !rcpt.is_positive() {
            return fate(self.rcpt_status(place, rcpt), Stage::Rcpt, Some(rcpt));
        }
        if self.withdrawn {
            return fate(Status::Untried, Stage::Rcpt, None);
        }
        if let Some(reply) = &self.data {
            return fate(status(reply), Stage::Data, Some(reply));
        }
        if self.stopped.is_some() {
            // They were accepted, and nothing was sent.
            return fate(Status::Untried, Stage::Rcpt, Some(rcpt));
        }
        if self.bdat_unknown {
            return fate(Status::Deferred, Stage::Message, None);
        }
        // With PRDR both must be good: one's own reply, and the one for all.
        let own = self.lmtp || addressee.message.as_ref().is_some_and(|reply| !reply.is_positive());
        match (if own { &addressee.message } else { &self.message }, self.content) {
            (Some(reply), _) if reply.is_positive() => fate(Status::Accepted, Stage::Rcpt, Some(rcpt)),
            (Some(reply), _) => fate(status(reply), Stage::Message, Some(reply)),
            (None, Progress::Ended) => fate(Status::Unknown, Stage::Message, None),
            (None, Progress::NotBegun | Progress::Begun) => fate(Status::Deferred, Stage::Data, None),
        }
    }

    /// What a refusal of RCPT means. 552 is what old servers say for 'too many recipients': it is temporary
    /// with x.5.3, or when somebody was accepted before (RFC 5321, section 4.5.3.1.10).
    fn rcpt_status(&self, place: usize, reply: &Reply) -> Status {
        if reply.code() == 552 && (says_too_many(reply) || self.has_fit_before(place)) {
            return Status::Deferred;
        }
        status(reply)
    }

    /// The reply that the message itself got, whether to DATA or to its end. LMTP gives one for each
    /// recipient: the first good one, or else the last.
    #[must_use]
    pub fn message_reply(&self) -> Option<&Reply> {
        let mut own = self.recipients.iter().filter_map(|addressee| addressee.message.as_ref());
        let good = own.find(|reply| self.lmtp && reply.is_positive());
        good.or(self.message.as_ref()).or(self.data.as_ref())
    }

    /// The reply by which the message is told of. Where the sender was refused, and DATA behind it in the
    /// same group of commands, the refusal of DATA only followed from that.
    #[must_use]
    pub fn cause(&self) -> Option<&Reply> {
        let refused = |reply: &&Reply| !reply.is_positive();
        let message = self.message_reply();
        let sender = self.mail.as_ref().filter(refused).filter(|_| message.as_ref().is_some_and(refused));
        sender.or(message)
    }

    /// Takes out what is known, without those at the end who were not asked. What stays says only how the
    /// transaction ended, which is what the next one in the same session depends on.
    pub(super) fn take(&mut self) -> Transaction {
        let message = self.message_reply().cloned();
        let mut recipients = std::mem::take(&mut self.recipients);
        let known = recipients.iter().rposition(|addressee| addressee.asked || addressee.unmet.is_some());
        recipients.truncate(known.map_or(0, |last| last + 1));
        recipients.shrink_to_fit();
        let taken = Transaction { recipients, ..self.clone() };
        self.message = message;
        taken
    }

    /// All, some, none, unknown.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary::of((0..self.recipients.len()).map(|place| self.fate(place).status))
    }

    /// MAIL was accepted, and neither a message nor RSET has ended it: the next MAIL needs RSET before it
    /// (RFC 5321, section 4.1.4).
    #[must_use]
    pub fn is_open(&self) -> bool {
        let begun = self.mail.as_ref().is_some_and(Reply::is_positive);
        // A failed BDAT leaves it open (RFC 3030, section 2).
        let failed = self.chunked && !self.message_reply().is_some_and(Reply::is_positive);
        begun && !self.withdrawn && !self.reset && (self.content != Progress::Ended || failed)
    }

    /// Who belongs in a further transaction, once this one has come to its end: those whom the server had no
    /// room for, and those who were not asked since it had none (RFC 5321, section 4.5.3.1.10). Everybody who
    /// was accepted, too, where it did not know BDAT.
    #[must_use]
    pub fn left(&self) -> Vec<usize> {
        let refused = self.mail.as_ref().is_some_and(|mail| !mail.is_positive()) || self.data.is_some();
        if refused || self.withdrawn {
            return Vec::new();
        }
        self.places(|place, addressee| {
            let is_accepted = addressee.rcpt.as_ref().is_some_and(Reply::is_positive);
            (self.bdat_unknown && is_accepted)
                || (self.full && addressee.rcpt.is_none() && addressee.unmet.is_none())
                || self.has_no_room_for(place)
        })
    }

    /// Who has no answer that stands, where the session ended before the end of the message: a 421 is about
    /// the session (RFC 5321, section 3.8), and who was accepted got nothing.
    #[must_use]
    pub fn undecided(&self) -> Vec<usize> {
        self.places(|place, _| {
            let Fate { status, reply, .. } = self.fate(place);
            let is_verdict = |reply: &Reply| reply.code() != 421 && !self.has_no_room_for(place);
            match status {
                Status::Accepted | Status::Refused | Status::Unknown => false,
                Status::Deferred | Status::Untried => !reply.is_some_and(is_verdict),
            }
        })
    }

    fn places(&self, wanted: impl Fn(usize, &Addressee) -> bool) -> Vec<usize> {
        let places = self.recipients.iter().enumerate();
        places.filter(|(place, addressee)| wanted(*place, addressee)).map(|(place, _)| place).collect()
    }
}

/// Too many recipients: 452, Courier's 431, any 4yz with x.5.3, 552 with x.5.3 from old servers (RFC 5321,
/// section 4.5.3.1.10). An enhanced code that is about the address or its mailbox (RFC 3463, sections 3.2 and
/// 3.3) says that it is something else: a mailbox that is full.
#[must_use]
pub fn is_too_many(reply: &Reply) -> bool {
    let about_one = enhanced(reply).is_some_and(|status| matches!(status.subject, 1 | 2));
    match (reply.class(), reply.code()) {
        (Class::Transient, code) => says_too_many(reply) || (matches!(code, 431 | 452) && !about_one),
        (Class::Permanent, code) => code == 552 && says_too_many(reply),
        (Class::Completed | Class::Intermediate, _) => false,
    }
}

/// What a refusal means.
fn status(reply: &Reply) -> Status {
    match reply.class() {
        Class::Transient => Status::Deferred,
        Class::Permanent | Class::Intermediate | Class::Completed => Status::Refused,
    }
}

/// X.5.3, too many recipients (RFC 3463, section 3.6); with 552 the class may be another.
fn says_too_many(reply: &Reply) -> bool {
    enhanced(reply).is_some_and(|status| (status.subject, status.detail) == (5, 3))
}

fn enhanced(reply: &Reply) -> Option<EnhancedStatus> {
    reply.lines().first().and_then(|line| EnhancedStatus::leading(line))
}

#[cfg(test)]
mod tests;
