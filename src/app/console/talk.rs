//! The talk: line by line, what is asked for is done, and what came of it is shown.

#![allow(clippy::disallowed_types)] // Replies are timed here.

use super::super::early_exit::EarlyExit;
use super::super::transcript_file;
use super::help;
use super::input::Input;
use super::line::{self, Ask};
use super::screen::{DIM, PLAIN, Shown};
use crate::cli::ConsoleArgs;
use crate::client::{Connection, Error, LoginPolicy, Observer, Target};
use crate::meaning::after::After;
use crate::output::Output;
use crate::report::Complaint;
use crate::report::exit::ExitStatus;
use crate::report::width;
use crate::words::by_hand::{self, explain, meaning};
use crate::words::console::objection as unfit;
use ehlo_smtp::failure::Failure;
use ehlo_smtp::reply::Class;
use ehlo_smtp::session::{LONGEST_SAID, Turn};
use ehlo_smtp::verb::Verb;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Where small print begins.
const REMARK_AT: usize = 4;

/// One talk.
pub struct Talk<'a> {
    pub(super) args: &'a ConsoleArgs,
    pub(super) target: &'a Target,
    /// Who logs in by `auth`, if the flags say it.
    pub(super) login: Option<LoginPolicy>,
    pub(super) output: &'a Output,
    pub(super) input: Input,
    pub(super) observers: Vec<Box<dyn Observer>>,
    pub(super) shown: Shown,
    /// By a line that says so.
    pub(super) leaves: bool,
    /// What a script ends with.
    pub(super) worst: ExitStatus,
}

/// If the talk goes on: whether it was done, and not refused.
pub(super) type Goes = std::result::Result<bool, ExitStatus>;

impl<'a> Talk<'a> {
    /// A talk with a server that is ready.
    pub fn new(
        args: &'a ConsoleArgs,
        target: &'a Target,
        login: Option<LoginPolicy>,
        output: &'a Output,
        input: Input,
        observers: Vec<Box<dyn Observer>>,
        shown: Shown,
    ) -> Talk<'a> {
        let (leaves, worst) = (false, ExitStatus::OK);
        Talk { args, target, login, output, input, observers, shown, leaves, worst }
    }

    /// Talks until the lines or the connection end.
    pub fn run(mut self, mut connection: Connection) -> ExitStatus {
        let broke = loop {
            self.input.offered(connection.session().extensions());
            match self.turn(&mut connection) {
                Ok(true) => {}
                Ok(false) => break None,
                Err(status) => {
                    // What was pasted must not become the shell's commands; it may be a secret.
                    let _ = self.input.forget_typed_ahead();
                    break Some(status);
                }
            }
        };
        if connection.goes_on() && connection.session().turn() == Turn::Content {
            self.output
                .warn("the message was not ended: the connection is closed, and nothing of it is sent");
            self.count(ExitStatus::DATA);
        }
        // The reply to a QUIT that nobody typed is not shown.
        self.shown.switch.muted.set(matches!(self.input, Input::Given(_)) && !self.leaves);
        connection.finish(&mut self.observers);
        if let Some(fault) = self.shown.paper.fault() {
            self.unsaid(&format!("cannot write the replies: {fault}"), ExitStatus::IO);
        }
        match broke {
            Some(status) => status,
            // A person has seen what was replied.
            None if self.input.is_typed() => ExitStatus::OK,
            None => self.worst,
        }
    }

    /// Does what one line asks for; `false` at the end.
    fn turn(&mut self, connection: &mut Connection) -> std::result::Result<bool, ExitStatus> {
        let turn = connection.session().turn();
        let prompt = match turn {
            Turn::Command => "ehlo> ",
            Turn::Content => "content> ",
            Turn::Exchange => "response> ",
        };
        let line = match self.input.next(prompt).map(|line| line.map(String::from_utf8)) {
            // It may be a log-in.
            Ok(Some(Ok(line))) => Zeroizing::new(line),
            Ok(Some(Err(_))) => {
                self.unsaid("a line is not UTF-8; it was not sent", ExitStatus::USAGE);
                return Ok(true);
            }
            Ok(None) => return Ok(false),
            Err(exit) => return Err(self.output.complain(&exit.report())),
        };
        let ask =
            if turn == Turn::Command { line::read(&line, self.input.is_typed()) } else { Ask::Raw(&line) };
        if ask == Ask::Nothing {
            return Ok(true);
        }
        if turn == Turn::Command && !may_hold_secret(&line) {
            self.input.remember(&line);
        }
        // A server that has left, or says something by itself, is noticed before anything is said to it.
        let looked = connection.look(&mut self.observers);
        self.came_of(connection, looked)?;
        // What follows a log-in, by hand or not, is a name and a password.
        let is_log_in = turn == Turn::Exchange || (turn == Turn::Command && line::is_log_in(&line));
        let done = match ask {
            Ask::Quit => {
                self.leaves = true;
                return Ok(false);
            }
            Ask::Nothing => true,
            Ask::Say(line) => match connection.session().objection(line) {
                // The line may hold a secret: it is not repeated.
                Some(objection) => self.unsaid(
                    &format!("not sent: {}; put 'raw' before it to send it anyway", unfit(&objection)),
                    ExitStatus::USAGE,
                ),
                None => self.say(connection, line)?,
            },
            Ask::Raw(line) if turn == Turn::Command && line::is_chunk(line) => {
                self.unsaid("not sent: the octets that must follow it cannot be typed", ExitStatus::USAGE)
            }
            Ask::Raw(line) => self.say(connection, line)?,
            Ask::Auth(mechanism) => self.auth(connection, mechanism)?,
            Ask::Tls => self.tls(connection)?,
            Ask::Data(file) => self.data(connection, file)?,
            Ask::Explain(code) => self.explain(code),
            Ask::Save(file) => self.save(file),
            Ask::Help => self.print(&help::text(self.output.width())),
        };
        if is_log_in && !done && self.input.is_typed() {
            self.output.say("what was typed ahead is discarded: it may be a secret");
            if let Err(exit) = self.input.forget_typed_ahead() {
                return Err(self.output.complain(&exit.report()));
            }
        } else if is_log_in && !done {
            if self.input.may_go_on() {
                self.output.say("the script ends here: what follows a log-in that failed may be a secret");
            }
            return Err(self.worst);
        }
        Ok(connection.goes_on())
    }

    /// One line goes out, and its replies are looked at.
    pub(super) fn say(&mut self, connection: &mut Connection, line: &str) -> Goes {
        if line.len() > LONGEST_SAID || line.chars().any(char::is_control) {
            let why =
                if line.len() > LONGEST_SAID { "it is too long" } else { "it contains a control character" };
            return Ok(self.unsaid(&format!("not sent: {why}"), ExitStatus::USAGE));
        }
        let after = match connection.session().turn() {
            Turn::Command => Verb::of(line).map_or(After::Other, After::verb),
            Turn::Exchange => After::Auth,
            Turn::Content => After::Message,
        };
        let began = Instant::now();
        self.shown.switch.typed.set(true);
        let done = connection.say(line, &mut self.observers);
        self.shown.switch.typed.set(false);
        self.came_of(connection, done)?;
        Ok(self.answered(connection, after, began.elapsed()))
    }

    /// Counts and explains what was replied; `false` if something was refused.
    pub(super) fn answered(&mut self, connection: &Connection, after: After, took: Duration) -> bool {
        let answers = connection.session().answers().to_vec();
        for reply in &answers {
            match reply.class() {
                Class::Transient => self.count(ExitStatus::TEMPORARY),
                Class::Permanent => self.count(ExitStatus::UNAVAILABLE),
                Class::Completed | Class::Intermediate => {}
            }
        }
        if let Some(reply) = answers.last() {
            self.remark(&explain(reply, after), took);
        }
        !answers.iter().any(|reply| matches!(reply.class(), Class::Transient | Class::Permanent))
    }

    fn tls(&mut self, connection: &mut Connection) -> Goes {
        if let Some(objection) = connection.session().objection(Verb::StartTls.name()) {
            return Ok(self.unsaid(&format!("not sent: {}", unfit(&objection)), ExitStatus::USAGE));
        }
        let began = Instant::now();
        let done = connection.begin_tls(&mut self.observers);
        let done = self.came_of(connection, done)?;
        if done {
            self.remark("encrypted; the session begins again", began.elapsed());
        }
        Ok(done)
    }

    fn explain(&mut self, code: &str) -> bool {
        match code.parse().ok().filter(|_| code.len() == 3).and_then(meaning) {
            // What a script prints is a dialogue, and there this is a remark.
            Some(text) if matches!(self.input, Input::Piped(_)) => self.print(&format!("# {code}: {text}\n")),
            Some(text) => self.print(&(self.folded(&format!("{code}: {text}"), code.len() + 2) + "\n")),
            None => self
                .unsaid("explain needs a reply code of three digits, as in 'explain 550'", ExitStatus::USAGE),
        }
    }

    fn save(&mut self, name: &str) -> bool {
        let saved = transcript_file::create(Path::new(name))
            .and_then(|mut file| file.write_all(&self.shown.record.octets()));
        match saved {
            Ok(()) => true,
            Err(error) => self.stopped(&EarlyExit::io(error, format!("cannot write {name}"))),
        }
    }

    /// `true` if all went well, `false` if something was refused and the talk goes on.
    pub(super) fn came_of(
        &mut self,
        connection: &Connection,
        done: std::result::Result<(), Error>,
    ) -> std::result::Result<bool, ExitStatus> {
        let Err(error) = done else { return Ok(true) };
        let status = self.complain(&Complaint::of(&error));
        let is_refusal =
            matches!(&error, Error::Session { failure, .. } if !matches!(failure, Failure::Unproved(_)));
        if !is_refusal || !connection.goes_on() {
            return Err(status);
        }
        self.count(status);
        Ok(false)
    }

    /// Says why something was not done, and counts it.
    pub(super) fn unsaid(&mut self, text: &str, status: ExitStatus) -> bool {
        self.output.say(text);
        self.count(status);
        false
    }

    pub(super) fn stopped(&mut self, exit: &EarlyExit) -> bool {
        let status = self.complain(&exit.report());
        self.count(status);
        false
    }

    /// An error, and what can be typed about it here.
    fn complain(&self, complaint: &Complaint) -> ExitStatus {
        self.output.say(&by_hand::complaint(&complaint.line()));
        complaint.status
    }

    /// What a script ends with: a refusal for good before one for now, and both before a line that was not
    /// said.
    fn count(&mut self, status: ExitStatus) {
        let rank = |status: ExitStatus| match status {
            ExitStatus::OK => 0,
            ExitStatus::USAGE => 1,
            ExitStatus::TEMPORARY => 2,
            ExitStatus::UNAVAILABLE => 3,
            _ => 4,
        };
        if rank(status) > rank(self.worst) {
            self.worst = status;
        }
    }

    /// In small print, for a person.
    pub(super) fn remark(&self, text: &str, took: Duration) {
        if self.input.is_typed() {
            let (dim, plain) = if self.output.color { (DIM, PLAIN) } else { ("", "") };
            let milliseconds = took.as_secs_f64() * 1000.0;
            let took =
                if milliseconds < 10.0 { format!("{milliseconds:.1}") } else { format!("{milliseconds:.0}") };
            // The time is not torn from its unit.
            let text = format!("{text} ({took}\u{a0}ms)");
            let text = self.folded(&format!("{:REMARK_AT$}{}", "", text.trim_start()), REMARK_AT);
            let text = text.replace('\u{a0}', " ");
            self.print(&format!("{dim}{text}{plain}\n"));
        }
    }

    /// As the terminal has room for it; the further lines are indented.
    fn folded(&self, text: &str, indent: usize) -> String {
        let (first, rest) = text.split_at_checked(indent).unwrap_or((text, ""));
        let lines = width::filled(rest, self.output.width().saturating_sub(indent));
        format!("{first}{}", width::under(&lines, indent))
    }

    /// On standard output; what goes wrong there is said at the end.
    pub(super) fn print(&self, text: &str) -> bool {
        let mut paper = self.shown.paper.clone();
        let _ = paper.write_all(text.as_bytes()).and_then(|()| paper.flush());
        true
    }
}

/// A line that the arrow keys must not bring back.
fn may_hold_secret(line: &str) -> bool {
    let mut words = line.split_whitespace().map(str::to_ascii_lowercase);
    let first = words.next();
    let verb = if first.as_deref() == Some("raw") { words.next() } else { first };
    verb.as_deref() == Some("auth") && words.nth(1).is_some()
}
