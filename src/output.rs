//! The one place that prints: stdout is data, stderr is talk. A pipe that nobody reads any more is no error.

use crate::cli::When;
use crate::delivery::fate::FinalFate;
use crate::delivery::outcome::RecipientOutcome;
use crate::net::error::plain;
use crate::report::exit::ExitStatus;
use crate::report::text::{Look, joined, printable, render};
use crate::report::{Complaint, Report, explanation, json, width};
use ehlo_smtp::transaction::Summary;
use std::io::{self, IsTerminal, Write};

/// What the user wants to see, and where it goes.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Nothing on success, and of failures only the names.
    pub quiet: bool,
    /// One JSON object in place of the lines.
    pub json: bool,
    /// The lines as on a terminal: in columns.
    pub columns: bool,
    /// In colours.
    pub color: bool,
}

/// Whether this process has a terminal of its own.
#[allow(clippy::disallowed_types)] // Opened to see whether it can be.
fn tty_opens() -> bool {
    std::fs::File::open("/dev/tty").is_ok()
}

/// How many columns the terminal on stdout has, where there is one.
fn columns_of_stdout() -> Option<usize> {
    let columns = rustix::termios::tcgetwinsize(io::stdout()).ok()?.ws_col;
    // A terminal that does not know says 0.
    Some(if columns == 0 { width::USUAL } else { usize::from(columns).max(width::NARROWEST) })
}

impl Output {
    /// How many columns there are for a screen: the terminal's, or the usual ones where stdout is none.
    #[must_use]
    pub fn width(&self) -> usize {
        columns_of_stdout().filter(|_| self.columns).unwrap_or(width::USUAL)
    }

    /// For the stdout at hand: columns on a terminal, colours there unless NO_COLOR or the user says
    /// otherwise.
    #[must_use]
    pub fn new(quiet: bool, json: bool, color: When) -> Output {
        let terminal = io::stdout().is_terminal();
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = match color {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && !is_set("NO_COLOR") && !is_dumb,
        };
        Output { quiet, json, columns: terminal, color }
    }

    /// Plain lines.
    #[cfg(any(feature = "sink", feature = "console"))]
    #[must_use]
    pub fn plain() -> Output {
        Output { quiet: false, json: false, columns: false, color: false }
    }

    /// One line on stderr that is not about us: of a dialogue, of an explanation.
    #[cfg(any(feature = "sink", feature = "console"))]
    pub fn talk(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// One line on stderr.
    pub fn say(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "ehlo: {}", printable(text));
    }

    /// An error, on one line; its exit status.
    pub fn complain(&self, complaint: &Complaint) -> ExitStatus {
        self.say(&complaint.line());
        complaint.status
    }

    /// A warning, unless quiet.
    pub fn warn(&self, text: &str) {
        if !self.quiet {
            self.say(&format!("warning: {text}"));
        }
    }

    /// Whether there is somebody who can be asked for a password.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        // The body may come through a pipe: the question is put to the terminal itself.
        io::stderr().is_terminal() && tty_opens()
    }

    /// Data on stdout.
    ///
    /// # Errors
    /// Whatever writing answers, but for a closed pipe.
    pub fn data(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }

    /// Prints the report, and the one line of error. False if the report could not be written, which it says.
    pub fn report(&self, report: &Report) -> bool {
        let outcome = &report.outcome;
        let is_told = !outcome.recipients.is_empty() && report.skipped.is_none();
        let delivered = if self.json {
            self.deliver(&(json::render(report) + "\n"))
        } else if !self.quiet && is_told {
            self.deliver(&render(report, Look { columns: self.columns, color: self.color }))
        } else {
            true
        };
        let explain = report.explain && !self.json;
        if self.quiet && is_told {
            for (recipient, fate) in outcome.failed() {
                let why = match fate.reply() {
                    Some(reply) => format!("{}: {} {}", fate.status.name(), reply.code(), joined(reply)),
                    // There is no other line: what can be done about it stands here, too.
                    None => report.why_with_hint(&fate),
                };
                self.say(&format!("{}: {why}", recipient.address));
                if explain {
                    self.explain(recipient, &fate);
                }
            }
        } else if let Some(complaint) = report.complaint() {
            self.say(&complaint.line());
        }
        if explain {
            if !self.quiet {
                outcome.failed().for_each(|(recipient, fate)| self.explain(recipient, &fate));
            }
            if !self.quiet || outcome.failed().next().is_some() {
                explanation::of_the_rest(outcome).iter().for_each(|line| self.say(line));
            }
        }
        if outcome.summary() == Summary::Unknown && !self.quiet {
            self.say("nobody knows whether the message was taken: to send it again may deliver it twice");
        }
        delivered
    }

    fn explain(&self, recipient: &RecipientOutcome, fate: &FinalFate<'_>) {
        if let Some(explained) = explanation::of_fate(fate) {
            self.say(&format!("{}: {}", recipient.address, explained.line()));
        }
    }

    fn deliver(&self, text: &str) -> bool {
        let done = self.data(text);
        if let Err(error) = &done {
            self.say(&format!("cannot write the report: {}", plain(error)));
        }
        done.is_ok()
    }
}
