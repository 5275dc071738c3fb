//! Where lines come from: flags, standard input, or a person at a terminal (edit.rs).

use super::super::early_exit::{EarlyExit, Result};
use super::edit::Editor;
use crate::config::secret::Secret;
use crate::config::text::unmarked;
use crate::net::interrupt;
use ehlo_smtp::extension::Extensions;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

/// The longest line of standard input that is taken, in octets: as much as a line of a message can have.
const LONGEST: u64 = 1024 * 1024;
/// How long a wait is, before signals are looked at.
const A_MOMENT: Timespec = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };

/// Where lines come from.
pub enum Input {
    /// `--send`.
    Given(VecDeque<String>),
    /// Standard input.
    Piped(Piped),
    /// A person.
    Typed(Box<Editor>),
}

impl Input {
    /// The next line without its line end; none at the end.
    pub fn next(&mut self, prompt: &str) -> Result<Option<Vec<u8>>> {
        match self {
            Input::Given(lines) => Ok(lines.pop_front().map(String::into_bytes)),
            Input::Piped(piped) => piped.next(),
            Input::Typed(editor) => Ok(editor.line(prompt)?.map(String::into_bytes)),
        }
    }

    /// The password of this user, from a person; none if it was given up.
    pub fn password(&mut self, user: &str) -> Result<Option<Secret>> {
        match self {
            Input::Typed(editor) => editor.password(user),
            Input::Given(_) | Input::Piped(_) => Ok(None),
        }
    }

    /// Throws away what a person has typed ahead.
    pub fn forget_typed_ahead(&mut self) -> Result<()> {
        match self {
            Input::Typed(editor) => editor.forget_typed_ahead(),
            Input::Given(_) | Input::Piped(_) => Ok(()),
        }
    }

    /// What the server offers, for completion.
    pub fn offered(&mut self, extensions: &Extensions) {
        if let Input::Typed(editor) = self {
            editor.offered(extensions);
        }
    }

    /// Keeps a line for the arrow keys.
    pub fn remember(&mut self, line: &str) {
        if let Input::Typed(editor) = self {
            editor.remember(line);
        }
    }

    /// Whether there may be another line. Of standard input nobody knows before it is read.
    pub fn may_go_on(&self) -> bool {
        !matches!(self, Input::Given(lines) if lines.is_empty())
    }

    /// Whether a person types the lines.
    pub fn is_typed(&self) -> bool {
        matches!(self, Input::Typed(_))
    }
}

/// Standard input, line by line.
pub struct Piped {
    stdin: io::BufReader<io::Stdin>,
    /// Nothing was read yet: a byte order mark may come.
    is_new: bool,
}

impl Piped {
    /// From its beginning.
    pub fn new() -> Piped {
        Piped { stdin: io::BufReader::new(io::stdin()), is_new: true }
    }

    fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let failed = |error: io::Error| EarlyExit::no_input(error, "cannot read standard input".to_owned());
        if self.stdin.buffer().is_empty() && !wait(self.stdin.get_ref()) {
            return Ok(None);
        }
        let mut line = Vec::new();
        self.stdin.by_ref().take(LONGEST).read_until(b'\n', &mut line).map_err(failed)?;
        if std::mem::take(&mut self.is_new) {
            line.drain(..line.len() - unmarked(&line).len());
        }
        if line.is_empty() {
            return Ok(None);
        }
        if line.pop_if(|last| *last == b'\n').is_some() {
            line.pop_if(|last| *last == b'\r');
        } else if line.len() as u64 == LONGEST {
            return Err(EarlyExit::data("standard input has an endless line"));
        }
        Ok(Some(line))
    }
}

/// Waits until there is something to read, or the end; `false` if a signal came first, which reading would
/// not notice.
fn wait(stdin: &io::Stdin) -> bool {
    while interrupt::caught().is_none() {
        let mut files = [PollFd::new(stdin, PollFlags::IN)];
        match poll(&mut files, Some(&A_MOMENT)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            // What is wrong with it, reading will tell.
            Ok(_) | Err(_) => return true,
        }
    }
    false
}
