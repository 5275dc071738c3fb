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

pub use line::Severity;
pub use place::{Place, usual, wanted};

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
    bring(place, &line::of(report, &line::id()), output);
}

/// The same of a message of the queue, by its identifier there; `may_be_twice` if nobody knew of an earlier attempt
/// whether it had arrived.
pub fn write_as(place: &Place, report: &Report, id: &str, may_be_twice: bool, output: &Output) {
    let mut lines = line::of(report, id);
    if may_be_twice {
        lines.iter_mut().skip(1).for_each(line::Line::may_be_twice);
    }
    bring(place, &lines, output);
}

/// Writes a line that is about no attempt.
pub fn write_line(place: &Place, severity: Severity, id: Option<&str>, text: &str, output: &Output) {
    bring(place, &[line::Line::of_text(severity, id, text)], output);
}

fn bring(place: &Place, lines: &[line::Line], output: &Output) {
    let written = match place {
        Place::Journal => journal::send(Path::new(journal::SOCKET), lines),
        Place::Syslog => syslog::send(Path::new(syslog::SOCKET), lines),
        Place::File(path) => file::append(path, lines),
    };
    if let Err(error) = written {
        output.warn(&format!("cannot write to the log, {place}: {}", plain(&error)));
    }
}
