//! One message to all its recipients, or a question about each of them, over as many transactions and
//! connections as that takes (who is asked when: [`ehlo_smtp::rounds`]); and what came of it, an [`Outcome`].
//!
//! [`run`] is the loop. It opens nothing itself: a [`Driver`] does, with sockets in the program ([`deliver`],
//! [`verify`](fn@verify)) and with a script in tests/dialogues.rs.

mod destination;
mod driver;
pub mod fate;
mod ledger;
mod line;
mod many;
pub mod outcome;
mod to_one;
mod turns;
mod verify;
mod work;

pub use destination::{Destination, Policies, Router, destinations};
pub use driver::{Driver, Task};
pub use ledger::Ledger;
pub use line::Line;
pub use many::{deliver_in_turn, deliver_to_all};
pub use outcome::Outcome;
pub use verify::{Asked, Question, verify};
pub use work::{Work, run};

use crate::client::{Observer, Target};
use driver::Sockets;
use ehlo_smtp::content::Content;
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::expect::Stage;
use outcome::Announced;
use std::fmt;

/// What is to be delivered: an envelope and a content (RFC 5321, section 2.3.1).
pub struct MailObject<'a> {
    /// From and to whom.
    pub envelope: &'a Envelope,
    /// The content.
    pub content: &'a dyn Content,
    /// Its Message-ID, for the report.
    pub id: Option<String>,
    /// Everybody accepted, or nobody gets it.
    pub all_or_none: bool,
}

impl fmt::Debug for MailObject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailObject").field("envelope", self.envelope).finish_non_exhaustive()
    }
}

/// Delivers it, and tells what became of each recipient. Where a server is not there, or not ready, the next of
/// the `others` takes its place, as long as nothing of the message was sent.
pub fn deliver(
    target: &Target,
    others: &[Target],
    message: &MailObject<'_>,
    observer: &mut dyn Observer,
) -> Outcome {
    let MailObject { envelope, content, all_or_none, .. } = *message;
    let facts = content.facts();
    let work = Work::Message { envelope, facts, all_or_none };
    let mut outcome = run(&mut Sockets::new(target, others, content, observer), &work);
    let sender = envelope.reverse_path.clone();
    outcome.message = Announced { sender, id: message.id.clone(), octets: facts.octets };
    outcome.stopped = Some(target.session.until).filter(|until| *until < Stage::Message);
    outcome
}
