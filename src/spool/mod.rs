//! The queue's store: messages that wait, and what became of each of their recipients (docs/queue.md).
//!
//! ```text
//!   submit -> queued -> claim -> dot -> record -+-> finish          everybody's fate is known and told
//!                 ^                             +-> (released)      some wait for their next attempt
//!                 +--------------------------------------+
//! ```
//!
//! [`Spool`] is what the mailer needs of a store, whatever that is made of; [`files`] keeps it in files. What is
//! written down is data: an [`Entry`] says what was handed over and never changes, a journal of [`Event`]s says
//! what happened since, and a [`MessageState`] is worked out from it. When to try again is in [`schedule`];
//! connecting, notices and words are for others.

#[cfg(feature = "postgres")]
pub mod both;
pub mod crc;
pub mod entry;
pub mod error;
pub mod files;
pub mod id;
pub mod journal;
pub mod line;
pub mod moment;
pub mod of_user;
pub mod pause;
#[cfg(feature = "postgres")]
pub mod postgres;
mod proven;
pub mod schedule;
pub mod span;
pub mod standing;
pub mod state;

pub use entry::{Entry, OnUnknown, Recipient, Submission};
pub use error::SpoolError;
pub use files::Limits;
pub use id::Id;
pub use journal::{Event, NO_SERVER, Record};
pub use moment::Moment;
pub use pause::Pause;
pub use standing::Standing;
pub use state::{MessageState, RecipientState, State};

use ehlo_smtp::content::Content;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::time::Duration;

/// Is shown a message, or why it cannot be, and says whether to go on.
pub type Visitor<'v> = dyn FnMut(&Id, Result<Listed, SpoolError>) -> ControlFlow<()> + 'v;

/// A store of messages. Several processes may use the same one at once.
pub trait Spool: Sync {
    /// The moment, by the clock that this store goes by.
    fn now(&self) -> Moment {
        Moment::now()
    }

    /// Takes a message. When this returns, it is kept even if the power fails now.
    ///
    /// # Errors
    /// Nothing was queued then.
    fn submit(&self, submission: Submission, content: &dyn Content) -> Result<Id, SpoolError>;

    /// The identifiers of all messages that wait, oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    fn ids(&self) -> Result<Vec<Id>, SpoolError>;

    /// Shows messages one after the other, oldest first, without keeping anybody from working on them. What
    /// cannot be read is passed as the error that says why.
    ///
    /// # Errors
    /// The store cannot be read.
    fn visit(&self, visit: &mut Visitor<'_>) -> Result<(), SpoolError>;

    /// One message, as [`visit`](Spool::visit) shows it.
    ///
    /// # Errors
    /// [`SpoolError::Gone`] where there is none; [`SpoolError::Damaged`].
    fn look(&self, id: &Id) -> Result<Listed, SpoolError>;

    /// All that was written down of a message, in order; what can be read of it where that is damaged.
    ///
    /// # Errors
    /// As for [`Spool::look`].
    fn records(&self, id: &Id) -> Result<Vec<Record>, SpoolError>;

    /// How many records there are of a message, for less work than [`Spool::look`] takes; none where it is gone.
    ///
    /// # Errors
    /// The store cannot be read.
    fn record_count(&self, id: &Id) -> Result<usize, SpoolError>;

    /// The content of a message, as it was handed over.
    ///
    /// # Errors
    /// As for [`Spool::look`].
    fn content(&self, id: &Id) -> Result<Box<dyn Content>, SpoolError>;

    /// Takes a message for oneself, until the claim is dropped. Where the last who had it vanished behind a
    /// `D`, the recipients are still [`State::InDoubt`]: whoever claims it puts that down as unknown first, by the
    /// policy that holds for it.
    ///
    /// # Errors
    /// [`SpoolError::Busy`] where somebody else has it, [`SpoolError::Gone`] where it is no longer there,
    /// [`SpoolError::Damaged`] where it cannot be read.
    fn claim<'a>(&'a self, id: &Id) -> Result<Box<dyn Claim + 'a>, SpoolError>;

    /// Sets a message that cannot be read aside, where it harms nobody, and is kept.
    ///
    /// # Errors
    /// It is where it was.
    fn set_aside(&self, id: &Id) -> Result<(), SpoolError>;

    /// What is kept apart: messages that failed and those that are damaged.
    ///
    /// # Errors
    /// The store cannot be read.
    fn apart(&self) -> Result<Vec<Apart>, SpoolError>;

    /// Becomes the one runner, until the answer is dropped; nothing where another process is it. With `wait`, it
    /// is waited for until it has gone.
    ///
    /// # Errors
    /// The store cannot be used; or a signal came while it was waited for.
    fn run_alone(&self, wait: bool) -> Result<Option<Box<dyn Send>>, SpoolError>;

    /// Puts in order what others left behind when they vanished: halves of messages that were never
    /// acknowledged, and rests of settled ones. Only for the one runner.
    ///
    /// # Errors
    /// The store cannot be used.
    fn tidy(&self, keep_failed: Duration) -> Result<(), SpoolError>;

    /// Whether a notice about this message of this user may be submitted, of at most so many in an hour about all that
    /// the user has sent; if so, it counts.
    ///
    /// # Errors
    /// The store cannot be used.
    fn may_notify(&self, about: &Id, of: u32, most: usize) -> Result<bool, SpoolError>;

    /// Why an account is not used at present.
    ///
    /// # Errors
    /// The store cannot be read.
    fn pause(&self, account: &str) -> Result<Option<Pause>, SpoolError>;

    /// All accounts that are not used at present.
    ///
    /// # Errors
    /// The store cannot be read.
    fn pauses(&self) -> Result<Vec<(String, Pause)>, SpoolError>;

    /// Puts down why an account is not used, or that it is used again. It is not kept over a power failure.
    ///
    /// # Errors
    /// The store cannot be written.
    fn set_pause(&self, account: &str, pause: Option<&Pause>) -> Result<(), SpoolError>;
}

/// A message that is kept apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// The name of its file, as a path below the queue's folder.
    pub name: String,
    /// Damaged; else failed, with nobody to tell.
    pub is_damaged: bool,
}

/// A message that nobody else works on.
pub trait Claim {
    /// What was handed over.
    fn entry(&self) -> &Entry;

    /// What became of it so far.
    fn state(&self) -> &MessageState;

    /// The moment, by the clock that the store goes by: what is written down has its moments from there.
    fn now(&self) -> Moment {
        Moment::now()
    }

    /// The content. Its `write_to` fails, before the end, where the content is not what was handed over. It can be
    /// kept beside the claim, so that what happens is written down while it is read.
    fn content(&self) -> Rc<dyn Content + Sync>;

    /// Writes down what happened. With `kept`, it stands when this returns, even if the power fails now.
    ///
    /// # Errors
    /// It may or may not stand; nothing may be done on the strength of it.
    fn record(&mut self, events: &[Event], kept: bool) -> Result<(), SpoolError>;

    /// Everybody's fate is known and told: the message goes.
    ///
    /// # Errors
    /// It may or may not be gone. Its journal says that it is settled, so nothing is sent again.
    fn finish(self: Box<Self>) -> Result<(), SpoolError>;

    /// It cannot be delivered, and there is nobody to tell: it is kept apart (`failed`).
    ///
    /// # Errors
    /// It is where it was.
    fn fail(self: Box<Self>) -> Result<(), SpoolError>;
}

/// A message as it is shown.
#[derive(Debug)]
pub struct Listed {
    /// What was handed over.
    pub entry: Entry,
    /// What became of it so far.
    pub state: MessageState,
    /// Somebody works on it now.
    pub busy: bool,
}
