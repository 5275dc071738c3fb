//! A person at a terminal: line editing, history, completion (rustyline). The history is in memory only, and
//! no line gets into it that may hold a secret.
//!
//! rustyline reads ahead, so whoever else would read the terminal misses what was pasted: a password is read
//! by it, too, unseen (unseen.rs).

use super::super::early_exit::{EarlyExit, Result};
use super::super::secrets;
use super::complete;
use super::unseen::Unseen;
use super::watch::Watch;
use crate::config::secret::Secret;
use crate::report::text::printable;
use ehlo_smtp::extension::Extensions;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, tcflush, tcgetattr, tcsetattr};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Event, EventHandler, Helper};
use std::io;

/// Where nothing came for so long, nothing pasted is on its way any more.
const QUIET: Timespec = Timespec { tv_sec: 0, tv_nsec: 100_000_000 };
/// So often quiet is waited for: somebody leans on a key.
const WAITS: usize = 50;

/// A terminal with a history.
pub struct Editor {
    lines: rustyline::Editor<Offered, MemHistory>,
    unseen: Unseen,
    watch: Watch,
}

/// What the server offers now.
#[derive(Default)]
struct Offered(Extensions);

impl Editor {
    /// The terminal of this process.
    pub fn new() -> Result<Editor> {
        let unseen = Unseen::default();
        let lines = lines(MemHistory::new(), Offered::default(), &unseen)?;
        Ok(Editor { lines, unseen, watch: Watch::begin() })
    }

    /// A line; none at the end of input. Ctrl-C begins the line anew.
    pub fn line(&mut self, prompt: &str) -> Result<Option<String>> {
        loop {
            match self.watch.over(|| self.lines.readline(prompt)) {
                Ok(line) => return Ok(Some(line)),
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(None),
                Err(error) => return Err(failed(error, "cannot read the terminal")),
            }
        }
    }

    /// The password of this user, which is not shown; none if it was given up.
    pub fn password(&mut self, user: &str) -> Result<Option<Secret>> {
        if is_plain() {
            return self.watch.over(|| secrets::from_terminal(user)).map(Some);
        }
        self.unseen.begin();
        let prompt = format!("password of {}: ", printable(user));
        let read = self.watch.over(|| self.lines.readline(&prompt));
        let typed = self.unseen.end();
        match read {
            Ok(_) => Ok(Some(typed)),
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => Ok(None),
            Err(error) => Err(failed(error, "cannot ask for the password")),
        }
    }

    /// Throws away what was typed ahead: here, in the terminal, and on its way.
    pub fn forget_typed_ahead(&mut self) -> Result<()> {
        let history = std::mem::take(self.lines.history_mut());
        let offered = self.lines.helper_mut().map(std::mem::take).unwrap_or_default();
        self.lines = lines(history, offered, &self.unseen)?;
        let stdin = io::stdin();
        let terminal = tcgetattr(&stdin);
        if let Ok(mut unseen) = terminal.clone() {
            // What arrives now would be shown by the terminal itself.
            unseen.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL);
            let _ = tcsetattr(&stdin, OptionalActions::Flush, &unseen);
        }
        for _ in 0..WAITS {
            // Where it cannot be done there is no terminal any more.
            let _ = tcflush(&stdin, QueueSelector::IFlush);
            if !poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&QUIET)).is_ok_and(|ready| ready > 0) {
                break;
            }
        }
        if let Ok(terminal) = terminal {
            let _ = tcsetattr(&stdin, OptionalActions::Now, &terminal);
        }
        Ok(())
    }

    /// What TAB completes from now on.
    pub fn offered(&mut self, extensions: &Extensions) {
        if let Some(helper) = self.lines.helper_mut() {
            helper.0 = extensions.clone();
        }
    }

    /// Keeps a line.
    pub fn remember(&mut self, line: &str) {
        // A history that is full forgets its oldest line.
        let _ = self.lines.add_history_entry(line);
    }
}

fn lines(
    history: MemHistory,
    offered: Offered,
    unseen: &Unseen,
) -> Result<rustyline::Editor<Offered, MemHistory>> {
    // Lines that are pasted are said one by one, each after the reply to the one before.
    let config = Config::builder()
        .completion_type(CompletionType::List)
        .auto_add_history(false)
        .bracketed_paste(false)
        .build();
    let lines = rustyline::Editor::with_history(config, history);
    let mut lines = lines.map_err(|error| failed(error, "cannot use the terminal"))?;
    lines.set_helper(Some(offered));
    lines.bind_sequence(Event::Any, EventHandler::Conditional(Box::new(unseen.clone())));
    Ok(lines)
}

/// Whether it is one that rustyline leaves as it is. It hands over one line at a time there, and nothing is
/// read ahead.
fn is_plain() -> bool {
    let term = std::env::var("TERM").unwrap_or_default();
    ["dumb", "cons25", "emacs"].iter().any(|plain| plain.eq_ignore_ascii_case(&term))
}

fn failed(error: ReadlineError, what: &str) -> EarlyExit {
    EarlyExit::io(error, what.to_owned())
}

impl Completer for Offered {
    type Candidate = String;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let (start, mut all) = complete::candidates(line.get(..at).unwrap_or_default(), &self.0);
        if let [only] = all.as_mut_slice()
            && !only.ends_with(['=', '<', ';'])
        {
            only.push(' ');
        }
        Ok((start, all))
    }
}

impl Hinter for Offered {
    type Hint = String;
}

impl Highlighter for Offered {}

impl Validator for Offered {}

impl Helper for Offered {}
