//! The one place that prints: stdout is data, stderr is talk. A pipe that nobody reads any more is no error.

use crate::cli::When;
use crate::net::error::plain;
use crate::report::text::{Look, joined, printable, render};
use crate::report::{RecipientReport, Report, explanation, json};
use ehlo_smtp::transaction::Status;
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

/// Has this process a terminal of its own?
#[allow(clippy::disallowed_types)] // Opened to see whether it can be.
fn tty_opens() -> bool {
    std::fs::File::open("/dev/tty").is_ok()
}

impl Output {
    /// For the stdout at hand: columns on a terminal, colours there unless NO_COLOR or the user says otherwise.
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
    pub fn talk(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "{text}");
    }

    /// One line on stderr.
    pub fn say(&self, text: &str) {
        let _ = writeln!(io::stderr().lock(), "ehlo: {}", printable(text));
    }

    /// A warning, unless quiet.
    pub fn warn(&self, text: &str) {
        if !self.quiet {
            self.say(&format!("warning: {text}"));
        }
    }

    /// Is there somebody who can be asked for a password?
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

    /// The report, and the one line of error. No if the report could not be written, which is said.
    pub fn report(&self, report: &Report) -> bool {
        let delivered = if self.json {
            self.deliver(&(json::render(report) + "\n"))
        } else if !self.quiet && !report.recipients.is_empty() && report.skipped.is_none() {
            self.deliver(&render(report, Look { columns: self.columns, color: self.color }))
        } else {
            true
        };
        if self.quiet && !report.recipients.is_empty() && report.skipped.is_none() {
            for recipient in report.failed() {
                let why = match &recipient.reply {
                    Some(reply) => format!("{}: {} {}", recipient.status.name(), reply.code(), joined(reply)),
                    // There is no other line: what the server said in place of a reply, and what to do, stand here too.
                    None => {
                        let error =
                            report.error.as_ref().filter(|error| recipient.why.ends_with(&error.text));
                        let hint = error.and_then(|error| error.hint.as_ref());
                        hint.map_or_else(
                            || recipient.why.clone(),
                            |hint| format!("{}; {hint}", recipient.why),
                        )
                    }
                };
                self.say(&format!("{}: {why}", recipient.address));
                if report.explain && !self.json {
                    self.explain(recipient);
                }
            }
        } else if let Some(error) = &report.error {
            match &error.hint {
                Some(hint) => self.say(&format!("{}; {hint}", error.text)),
                None => self.say(&error.text),
            }
        }
        if report.explain && !self.json {
            if !self.quiet {
                report.failed().for_each(|recipient| self.explain(recipient));
            }
            if !self.quiet || report.failed().next().is_some() {
                explanation::of_the_rest(report).iter().for_each(|line| self.say(line));
            }
        }
        let unknown = report.recipients.iter().any(|recipient| recipient.status == Status::Unknown);
        if unknown && !self.quiet {
            self.say("nobody knows whether the message was taken: to send it again may deliver it twice");
        }
        delivered
    }

    fn explain(&self, recipient: &RecipientReport) {
        if let Some(explained) = explanation::of_recipient(recipient) {
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
