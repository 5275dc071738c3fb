//! A person at a terminal: line editing, history, completion (rustyline). The history is in memory only, and no line
//! gets into it that may hold a secret.

use super::super::stop::{Result, Stop};
use super::complete;
use crate::smtp::extension::Extensions;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::MemHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Helper};

/// A terminal with a history.
pub struct Editor(rustyline::Editor<Offered, MemHistory>);

/// What the server offers now.
#[derive(Default)]
struct Offered(Extensions);

impl Editor {
    /// The terminal of this process.
    pub fn new() -> Result<Editor> {
        // Lines that are pasted are said one by one, each after the reply to the one before.
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .auto_add_history(false)
            .bracketed_paste(false)
            .build();
        let editor = rustyline::Editor::with_history(config, MemHistory::new());
        let mut editor = editor.map_err(|error| failed(error, "cannot use the terminal"))?;
        editor.set_helper(Some(Offered::default()));
        Ok(Editor(editor))
    }

    /// A line; none at the end of input. Ctrl-C begins the line anew.
    pub fn line(&mut self, prompt: &str) -> Result<Option<String>> {
        loop {
            match self.0.readline(prompt) {
                Ok(line) => return Ok(Some(line)),
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(None),
                Err(error) => return Err(failed(error, "cannot read the terminal")),
            }
        }
    }

    /// What TAB completes from now on.
    pub fn offered(&mut self, extensions: &Extensions) {
        if let Some(helper) = self.0.helper_mut() {
            helper.0 = extensions.clone();
        }
    }

    /// Keeps a line.
    pub fn remember(&mut self, line: &str) {
        // A history that is full forgets its oldest line.
        let _ = self.0.add_history_entry(line);
    }
}

fn failed(error: ReadlineError, what: &str) -> Stop {
    Stop::io(error, what.to_owned())
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
