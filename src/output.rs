//! The one place that prints: stdout is data, stderr is talk. A pipe that nobody reads any more is no error.

use crate::cli::{Exit, When};
use crate::net::error::plain;
use crate::report::exit::ExitStatus;
use crate::report::explanation::Remark;
use crate::report::text::{Look, printable, render, said};
use crate::report::{Complaint, Report, explanation, json, width};
use ehlo_smtp::transaction::Summary;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;

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

/// How many columns the terminal here has, where there is one.
fn columns_of(file: impl AsFd) -> Option<usize> {
    let columns = rustix::termios::tcgetwinsize(file).ok()?.ws_col;
    // A terminal that does not know says 0.
    Some(if columns == 0 { width::USUAL } else { usize::from(columns).max(width::NARROWEST) })
}

/// How many columns there are for what is drawn on stderr.
#[must_use]
pub fn columns_of_stderr() -> usize {
    columns_of(io::stderr()).unwrap_or(width::USUAL)
}

/// Before each line on stderr that is about us; a further line on a terminal is indented as far.
const NAME: &str = "ehlo: ";

/// An error on stderr, in as many lines as a terminal there needs.
fn folded(text: String) -> String {
    match columns_of(io::stderr()) {
        Some(columns) => width::under(&width::folded(&text, columns - NAME.len()), NAME.len()),
        None => text,
    }
}

/// An error of usage, as it fits the terminal.
#[must_use]
pub fn fitted(exit: Exit) -> Exit {
    let text = exit.text.to_string();
    match text.strip_prefix(NAME).filter(|_| !exit.to_stdout) {
        Some(error) => {
            Exit { text: format!("{NAME}{}\n", folded(error.trim_end().to_owned())).into(), ..exit }
        }
        None => exit,
    }
}

impl Output {
    /// How many columns there are for a screen: the terminal's, or the usual ones where stdout is none.
    #[must_use]
    pub fn width(&self) -> usize {
        self.columns().unwrap_or(width::USUAL)
    }

    /// The same, only where stdout is a terminal.
    #[must_use]
    pub fn columns(&self) -> Option<usize> {
        columns_of(io::stdout()).filter(|_| self.columns)
    }

    /// How data on stdout is to look.
    #[must_use]
    pub fn look(&self) -> Look {
        let columns = self.columns();
        let error_is_told = columns.is_some() && io::stderr().is_terminal();
        Look { columns, color: self.color, error_is_told }
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
    #[must_use]
    pub fn plain() -> Output {
        Output { quiet: false, json: false, columns: false, color: false }
    }

    /// One line on stderr that is not about us: of a dialogue, of an explanation.
    #[cfg(any(feature = "sink", feature = "console"))]
    pub fn talk(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// Some sentences on stderr that are not about us, in lines of a readable length.
    #[cfg(feature = "sink")]
    pub fn tell(&self, text: &str) {
        let columns = columns_of(io::stderr()).unwrap_or(width::USUAL).min(width::USUAL);
        width::folded(text, columns).iter().for_each(|line| self.talk(line));
    }

    /// One line on stderr; a terminal that is narrower has it in several.
    pub fn say(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{NAME}{}", folded(printable(text)));
    }

    /// One line on stderr that is to be copied: nothing in front of it, and no line ends in it.
    pub fn line(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{}", printable(text));
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
            self.deliver(&render(report, self.look()))
        } else {
            true
        };
        let explain = report.explain && !self.json;
        if self.quiet && is_told && report.queued.is_none() {
            for (recipient, fate) in outcome.failed() {
                let why = match fate.reply() {
                    Some(reply) => format!("{}: {}", fate.status.name(), said(reply)),
                    // There is no other line: what can be done about it stands here, too.
                    None => report.why_with_hint(&fate),
                };
                self.say(&format!("{}: {why}", recipient.address));
                if explain {
                    self.remark(&Remark::of_fate(recipient, &fate).into_iter().collect::<Vec<_>>());
                }
            }
        } else if let Some(complaint) = report.complaint() {
            self.say(&complaint.line());
        }
        if explain {
            let each = outcome.failed().filter(|_| !self.quiet);
            let mut remarks: Vec<_> =
                each.filter_map(|(recipient, fate)| Remark::of_fate(recipient, &fate)).collect();
            if !self.quiet || outcome.failed().next().is_some() {
                remarks.extend(explanation::of_the_rest(outcome));
            }
            self.remark(&remarks);
        }
        if outcome.summary() == Summary::Unknown && !self.quiet {
            self.say("it is unknown whether the message was accepted: sending it again may deliver it twice");
        }
        delivered
    }

    fn remark(&self, remarks: &[Remark]) {
        let say = |remarks: &[Remark]| remarks.iter().for_each(|remark| self.say(&remark.to_string()));
        if io::stderr().is_terminal() { say(&explanation::gathered(remarks)) } else { say(remarks) }
    }

    fn deliver(&self, text: &str) -> bool {
        let done = self.data(text);
        if let Err(error) = &done {
            self.say(&format!("cannot write the report: {}", plain(error)));
        }
        done.is_ok()
    }
}
