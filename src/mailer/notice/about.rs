//! What a notice is about.

use crate::spool::crc::Crc32c;
use crate::spool::entry::{Entry, Recipient};
use crate::spool::id::Id;
use crate::spool::moment::Moment;
use crate::spool::state::{MessageState, RecipientState};

/// How many recipients are named. Nobody reads more.
const MOST: usize = 1000;

/// What it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// They do not get it.
    Failed,
    /// They did not get it yet.
    Delayed {
        /// Until when it is tried.
        until: Moment,
    },
}

impl Kind {
    /// The word for it: in the journal (`N`), and as the action of RFC 3464, section 2.3.3.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Failed => "failed",
            Kind::Delayed { .. } => "delayed",
        }
    }
}

/// What a notice is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The message.
    pub entry: &'a Entry,
    /// What became of it.
    pub state: &'a MessageState,
    /// Whose fate the sender is told ([`super::wanted`]), in rising order.
    pub places: &'a [usize],
    /// What it says of them.
    pub kind: Kind,
    /// The message's beginning, of which [`super::share`] says how much is needed.
    pub original: &'a [u8],
    /// The host that writes the notice.
    pub host: &'a str,
    /// When it is written.
    pub now: Moment,
}

impl<'a> About<'a> {
    /// The recipients that are named.
    pub fn named(self) -> impl Iterator<Item = (&'a Recipient, &'a RecipientState)> {
        let recipient = move |place: &usize| {
            let recipient = self.entry.submission.recipients.get(*place)?;
            Some((recipient, self.state.recipients.get(*place)?))
        };
        self.places.iter().filter_map(recipient).take(MOST)
    }

    /// How many there are beside those that are named.
    #[must_use]
    pub fn more(self) -> usize {
        self.places.len().saturating_sub(MOST)
    }

    /// The notice's identifier. It comes from the message, the recipients, and the record that decided their fate:
    /// a second notice of the same has the same one. A delay is told once, and needs no record.
    #[must_use]
    pub fn id(self) -> Id {
        let mut crc = Crc32c::default();
        crc.push(self.entry.id.as_str().as_bytes());
        crc.push(self.kind.name().as_bytes());
        let mut decided = self.entry.created.wall;
        for place in self.places {
            crc.push(&(*place as u64).to_le_bytes());
            let at = self.state.recipients.get(*place).and_then(|recipient| recipient.at);
            if let (Kind::Failed, Some(at)) = (self.kind, at) {
                decided = decided.max(at.wall);
            }
        }
        Id::new(decided, crc.sum())
    }
}
