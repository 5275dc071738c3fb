//! Who is told what a run does: whoever started it, and the log.

use super::super::log;
use super::accounts::NONE;
use crate::client::observer::Nobody;
use crate::client::{Error, Observer};
use crate::delivery::Outcome;
use crate::dkim::SignError;
use crate::mailer::Witness;
use crate::output::Output;
use crate::report::Report;
use crate::report::run::{Tally, lines};
use crate::report::text::printable;
use crate::report::transcript::{Detail, Transcript};
use crate::route::Routed;
use crate::spool::{Entry, Id, Pause, SpoolError};
use crate::words;
use ehlo_smtp::failure::Need;
use std::io;
use std::sync::{Mutex, PoisonError};

/// Tells of a run on the screen and in the log.
#[derive(Debug)]
pub struct Onlooker<'a> {
    output: &'a Output,
    /// How much of the dialogues is shown; nothing for 0.
    verbose: u8,
    log: Option<log::Place>,
    tally: Mutex<Tally>,
}

impl<'a> Onlooker<'a> {
    /// One that writes the log to this place.
    #[must_use]
    pub fn new(output: &'a Output, verbose: u8, log: Option<log::Place>) -> Onlooker<'a> {
        Onlooker { output, verbose, log, tally: Mutex::default() }
    }

    /// What the run came to.
    #[must_use]
    pub fn tally(self) -> Tally {
        self.tally.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_tally(&self, count: impl FnOnce(&mut Tally)) {
        count(&mut self.tally.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// To the log, and to stderr unless quiet.
    fn say(&self, severity: log::Severity, id: Option<&Id>, text: &str) {
        let named = id.map_or_else(|| text.to_owned(), |id| format!("{id}: {text}"));
        if !self.output.quiet {
            self.output.say(&named);
        }
        if let Some(place) = &self.log {
            log::write_line(place, severity, id.map(Id::as_str), &named, self.output);
        }
    }
}

impl Witness for Onlooker<'_> {
    fn error_in_words(&self, error: &Error, host: Option<&Routed>) -> String {
        words::client_error_at(host, error)
    }

    fn need_in_words(&self, need: Need) -> String {
        need.to_string()
    }

    fn observer(&self) -> Box<dyn Observer + '_> {
        match self.verbose {
            0 => Box::new(Nobody),
            verbose => Box::new(Transcript::new(io::stderr(), Detail::of(verbose))),
        }
    }

    fn attempted(&self, entry: &Entry, may_be_twice: bool, outcome: Outcome) {
        let report = Report::of(outcome);
        self.with_tally(|tally| tally.count(&entry.id, &report, self.output.json));
        if !self.output.json && !self.output.quiet {
            // The mail is on its way whatever becomes of its report.
            let _ = self.output.data(&lines(&entry.id, &report, self.output.look()));
        }
        if let Some(place) = &self.log {
            log::write_as(place, &report, entry.id.as_str(), may_be_twice, self.output);
        }
    }

    fn unsigned(&self, entry: &Entry, why: &SignError) {
        let text = format!("it is sent without a signature: {}", words::dkim::sign(why));
        self.say(log::Severity::Error, Some(&entry.id), &text);
    }

    fn vanished(&self, entry: &Entry, recipients: usize) {
        self.with_tally(|tally| tally.count_unknown(recipients));
        let text = "nobody knows whether it arrived: whoever sent it vanished before the server's answer";
        self.say(log::Severity::Error, Some(&entry.id), text);
    }

    fn given_up(&self, entry: &Entry, recipients: usize) {
        let text = format!("given up for {recipients} of its recipients: it was tried for too long");
        self.say(log::Severity::Error, Some(&entry.id), &text);
    }

    fn held(&self, entry: &Entry, why: &str) {
        let text = format!("held: {why}: 'ehlo queue release {}' makes it due", entry.id);
        self.say(log::Severity::Error, Some(&entry.id), &text);
    }

    fn paused(&self, account: &str, pause: &Pause, is_news: bool) {
        self.with_tally(|tally| tally.is_paused = true);
        if is_news || !self.output.quiet {
            let named = match account {
                NONE => String::from("messages wait"),
                account => format!("account '{}' cannot be used, its messages wait", printable(account)),
            };
            let severity = if is_news { log::Severity::Error } else { log::Severity::Notice };
            self.say(severity, None, &format!("{named}: {}", printable(&pause.why)));
        }
    }

    fn resumed(&self, account: &str) {
        self.say(log::Severity::Notice, None, &format!("account '{}' is in use again", printable(account)));
    }

    fn told(&self, entry: &Entry, notice: Option<&Id>) {
        let sender = printable(&entry.submission.sender);
        let text = match notice {
            Some(notice) => format!("<{sender}> is told by message {notice}"),
            None if sender.is_empty() => String::from("it came from nobody, so nobody is told"),
            None => format!("<{sender}> did not ask to be told"),
        };
        self.say(log::Severity::Notice, Some(&entry.id), &text);
    }

    fn trouble(&self, id: Option<&Id>, error: &SpoolError) {
        self.say(log::Severity::Error, id, &words::queue::error(error));
    }

    #[cfg(feature = "postgres")]
    fn mended(&self) {
        self.say(log::Severity::Notice, None, "the database answers again");
    }

    #[cfg(feature = "postgres")]
    fn alarm(&self, alarm: &crate::spool::postgres::Alarm) {
        self.say(log::Severity::Error, None, &words::queue::alarm(alarm));
    }

    fn kept_apart(&self, entry: &Entry) {
        let text = "it cannot be delivered, and nobody can be told: it is kept in failed/";
        self.say(log::Severity::Error, Some(&entry.id), text);
    }
}
