//! Lines on their way to standard output, many at once.

use super::super::early_exit::{EarlyExit, Result};
use crate::output::Output;

/// As much is written at once.
const FULL: usize = 32 * 1024;

/// What was not written yet.
pub struct Paper<'a> {
    output: &'a Output,
    text: String,
    failed: Option<EarlyExit>,
}

impl<'a> Paper<'a> {
    /// Nothing yet.
    pub fn new(output: &'a Output) -> Paper<'a> {
        Paper { output, text: String::new(), failed: None }
    }

    /// Some lines more. Whether there is any sense in going on.
    pub fn add(&mut self, lines: &str) -> bool {
        self.text += lines;
        if self.text.len() >= FULL {
            self.write();
        }
        self.failed.is_none()
    }

    fn write(&mut self) {
        if let Err(error) = self.output.data(&self.text) {
            self.failed = Some(EarlyExit::io(error, "cannot write the list".to_owned()));
        }
        self.text.clear();
    }

    /// The rest is written.
    ///
    /// # Errors
    /// Not all of it could be.
    pub fn end(mut self) -> Result<()> {
        if self.failed.is_none() {
            self.write();
        }
        self.failed.map_or(Ok(()), Err)
    }
}
