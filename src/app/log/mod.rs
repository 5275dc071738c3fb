//! The log of direct sends: who got a message and who did not, where the configuration has `log`
//! (ehlo-config(5)).
//!
//! It is written when the delivery is over. A log that cannot be written is a warning: the mail is on its
//! way, and the exit status says what became of it. What the lines say is in line.rs, where they go is in
//! place.rs, and journal.rs, syslog.rs and file.rs bring them there.

mod file;
mod journal;
mod line;
mod place;
mod socket;
mod stamp;
mod syslog;

pub use place::{Place, wanted};

use crate::net::error::plain;
use crate::output::Output;
use crate::report::Report;
use std::path::Path;

/// Writes what became of a message: a line for the message, and one for each recipient.
pub fn write(place: &Place, report: &Report, output: &Output) {
    // Nothing was to be sent, and nothing was.
    if report.outcome.stopped.is_some() {
        return;
    }
    let lines = line::of(report, &line::id());
    let written = match place {
        Place::Journal => journal::send(Path::new(journal::SOCKET), &lines),
        Place::Syslog => syslog::send(Path::new(syslog::SOCKET), &lines),
        Place::File(path) => file::append(path, &lines),
    };
    if let Err(error) = written {
        output.warn(&format!("cannot write to the log, {place}: {}", plain(&error)));
    }
}
