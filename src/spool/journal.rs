//! What happened to a message, one line for each event, in the order in which it happened.
//!
//! ```text
//! ehlo-journal 1 1NGT5M0QX4K7C ~1a2b3c4d
//! A 1796000001+4712@3f2a9c01 1 mx.example.org[192.0.2.1]:25 TLSv1.3 ~2b3c4d5e
//! D 1796000001+4712@3f2a9c01 1 0,2-4 ~3c4d5e6f
//! S 1796000002+4713@3f2a9c01 1 0,2-4 250 2.0.0 Ok: queued as 4F2 ~4d5e6f7a
//! ```
//!
//! Recipients are named by their places in the envelope, from 0. Behind `~` stands the CRC-32C of the line before
//! it, its blank included. A last line that is not whole, or has a wrong sum, was not written; one in the middle
//! that is not whole is damage. Zeros behind the last line are room that was reserved. A line whose letter is not
//! known, but whose sum is right, is passed over: a later version may have put it there.
//!
//! In a word, blanks and control characters are `%` and two digits; `-` stands where there is no word. A text
//! stands at the end of its line; control characters become blanks there, and it is cut at 1000 octets.

mod read;
mod write;

pub use read::{decode, read};
pub use write::{encode, head};

use super::id::Id;
use super::moment::Moment;

/// Recipients, by their places, in rising order.
pub type Places = Vec<usize>;

/// The first place that a line cannot name.
pub const MOST_PLACES: usize = 1 << 24;

/// In place of the server of an attempt that met none.
pub const NO_SERVER: &str = "-";

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// `A`: an attempt began: the session is ready.
    Attempt {
        /// Its number, from 1.
        number: u32,
        /// The server.
        server: String,
        /// The version of TLS, if there is any.
        tls: Option<String>,
    },
    /// `D`: the final dot for these is about to be written.
    Dot {
        /// In which attempt.
        number: u32,
        /// Who may have the message from now on.
        places: Places,
    },
    /// `S`: the server has taken responsibility.
    Accepted {
        /// In which attempt.
        number: u32,
        /// For whom.
        places: Places,
        /// What it said.
        said: String,
    },
    /// `R`: refused for good.
    Refused {
        /// In which attempt.
        number: u32,
        /// Whom.
        places: Places,
        /// What it said, or why they were refused here.
        said: String,
    },
    /// `T`: not now.
    Deferred {
        /// In which attempt.
        number: u32,
        /// Whom.
        places: Places,
        /// When to try again.
        next: Moment,
        /// What was said, or what happened.
        said: String,
    },
    /// `U`: the end of the message was written, and no proper reply came.
    Unknown {
        /// In which attempt.
        number: u32,
        /// For whom.
        places: Places,
        /// When to send again; none where it waits until somebody decides.
        next: Option<Moment>,
        /// What happened.
        said: String,
    },
    /// `E`: the time is over; they are given up.
    GivenUp {
        /// Who.
        places: Places,
        /// What stood in the way last.
        said: String,
    },
    /// `N`: the sender was told, or need not be.
    Told {
        /// Of whose fate.
        places: Places,
        /// By which notice; none where there is none to be sent.
        notice: Option<Id>,
        /// What it told: `failed`, `delayed`.
        what: String,
    },
    /// `H`: it is held until it is released.
    Held {
        /// By whom: a user's number, or `ehlo`.
        by: String,
        /// Why.
        why: String,
    },
    /// `G`: it is released, and due.
    Released {
        /// By whom.
        by: String,
    },
    /// `K`: these are due now.
    Retry {
        /// Who.
        places: Places,
        /// By whom.
        by: String,
    },
    /// `X`: these are not to get it any more.
    Removed {
        /// Who.
        places: Places,
        /// By whom.
        by: String,
        /// Whether the sender is to be told.
        tell: bool,
    },
    /// `F`: it is in the database that many machines share, under its own name: it is nobody's here any more.
    HandedOn {
        /// Where: a word for it.
        to: String,
    },
    /// `Y`: somebody says that these have it.
    Confirmed {
        /// Who.
        places: Places,
        /// By whom.
        by: String,
    },
}

/// An event, and when it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: Moment,
    /// What.
    pub event: Event,
}

/// What a journal holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journal {
    /// In order.
    pub records: Vec<Record>,
    /// Where the next line is to be written, in octets; 0 where not even the first line is there. What
    /// stands behind it was not written to its end: zeros have to be written over it first, or its rest could be
    /// taken for what follows the next line.
    pub end: u64,
}
