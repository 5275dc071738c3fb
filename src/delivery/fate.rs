//! What became of each recipient, and why: worked out from the transaction that decided it and from the
//! error, if any, that ended its attempt.

use super::outcome::{Outcome, RecipientOutcome};
use crate::client;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::failure::Need;
use ehlo_smtp::reply::Reply;
use ehlo_smtp::transaction::{Status, Summary};

/// What became of one recipient.
#[derive(Debug, Clone, Copy)]
pub struct FinalFate<'a> {
    /// What it is.
    pub status: Status,
    /// Where in a session that was decided.
    pub stage: Stage,
    /// Why.
    pub why: Why<'a>,
}

/// Why somebody has their fate.
#[derive(Debug, Clone, Copy)]
pub enum Why<'a> {
    /// The server said so.
    Reply(&'a Reply),
    /// Their address needs this, which the server does not offer: this end refuses them.
    Unmet(Need),
    /// This ended the attempt.
    Error(&'a client::Error),
    /// Not everybody was accepted, and so nobody was to get it (`--all-or-none`).
    Withdrawn,
    /// It was to go no further than this stage.
    StoppedAfter(Stage),
    /// The transaction was over before it came to them.
    NotThatFar,
    /// Nobody was connected to.
    NotAsked,
}

impl<'a> FinalFate<'a> {
    /// The reply that decided it, if it was one.
    #[must_use]
    pub fn reply(&self) -> Option<&'a Reply> {
        match self.why {
            Why::Reply(reply) => Some(reply),
            _ => None,
        }
    }
}

impl Outcome {
    /// What became of one of the recipients.
    #[must_use]
    pub fn fate(&self, recipient: &RecipientOutcome) -> FinalFate<'_> {
        let error = recipient.waited.and_then(|at| self.attempts.get(at)?.error.as_ref());
        let decided = recipient.decided.and_then(|at| {
            let attempt = self.attempts.get(at.attempt)?;
            Some((attempt, attempt.transactions.get(at.transaction)?, at))
        });
        let Some((attempt, transaction, at)) = decided else {
            let why = error.map_or(Why::NotAsked, Why::Error);
            let status = match error {
                // The domain says it, if not in SMTP.
                Some(client::Error::NoRoute(why)) if why.is_final() => Status::Refused,
                Some(client::Error::NoRoute(_)) => Status::Deferred,
                _ => Status::Untried,
            };
            return FinalFate { status, stage: Stage::Connect, why };
        };
        let said = transaction.fate(at.place);
        let unmet = transaction.recipients.get(at.place).and_then(|addressee| addressee.unmet);
        let why = match (said.reply, unmet, error.or(attempt.error_of(at.transaction))) {
            (Some(reply), ..) => Why::Reply(reply),
            (_, Some(need), _) => Why::Unmet(need),
            (_, _, Some(error)) => Why::Error(error),
            _ if transaction.withdrawn => Why::Withdrawn,
            _ => transaction.stopped.map_or(Why::NotThatFar, Why::StoppedAfter),
        };
        let status = match said.status {
            // To be accepted is all that an address is asked about.
            Status::Untried if self.verification.is_some() && said.reply.is_some_and(Reply::is_positive) => {
                Status::Accepted
            }
            status => status,
        };
        FinalFate { status, stage: said.stage, why }
    }

    /// Everybody with their fate.
    pub fn fates(&self) -> impl Iterator<Item = (&RecipientOutcome, FinalFate<'_>)> {
        self.recipients.iter().map(|recipient| (recipient, self.fate(recipient)))
    }

    /// All, some, none, unknown.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary::of(self.fates().map(|(_, fate)| fate.status))
    }

    /// Whether nothing was to be sent to somebody with this fate, and all went well as far as it was to go.
    #[must_use]
    pub fn is_as_asked(&self, fate: &FinalFate<'_>) -> bool {
        let Some(stage) = self.stopped.filter(|_| fate.status == Status::Untried) else { return false };
        let went_well = matches!(fate.why, Why::StoppedAfter(_)) || self.error().is_none();
        let before_rcpt = stage < Stage::Rcpt && went_well;
        before_rcpt || fate.reply().is_some_and(Reply::is_positive)
    }

    /// Those who did not get it, unknown ones included; but not where that was asked for.
    pub fn failed(&self) -> impl Iterator<Item = (&RecipientOutcome, FinalFate<'_>)> {
        self.fates().filter(|(_, fate)| fate.status != Status::Accepted && !self.is_as_asked(fate))
    }

    /// Those of the mailboxes that cannot exist which the server accepted all the same. By 252 it does not
    /// (RFC 5321, section 3.5.3): it only leaves the question open.
    pub fn accepted_at_random(&self) -> impl Iterator<Item = &RecipientOutcome> {
        let asked = self.verification.iter().flat_map(|asked| asked.random.iter().map(|one| (asked.by, one)));
        let accepted = |(by, recipient): (Stage, &RecipientOutcome)| {
            let fate = self.fate(recipient);
            let is_open = by != Stage::Rcpt && fate.reply().is_some_and(|reply| reply.code() == 252);
            fate.status == Status::Accepted && !is_open
        };
        asked.filter(move |one| accepted(*one)).map(|(_, recipient)| recipient)
    }
}
