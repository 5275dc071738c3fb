//! The folder that reports are written into. A file is written beside its place and renamed, so that nobody finds half of one.

#![allow(clippy::disallowed_types, reason = "this is where they are written")]

use super::super::early_exit::{EarlyExit, Result};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// The folder.
pub(super) struct Folder<'a>(pub(super) &'a Path);

impl Folder<'_> {
    /// Writes a file in the place of one that is there, and returns its path.
    ///
    /// # Errors
    /// It cannot be written; then there is nothing new.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<String> {
        let path = self.0.join(name);
        let beside = self.0.join(format!(".{}.new", std::process::id()));
        let done = write_new(&beside, text).and_then(|()| fs::rename(&beside, &path));
        let shown = path.display().to_string();
        done.map_err(|error| {
            let _ = fs::remove_file(&beside);
            EarlyExit::io(error, format!("cannot write {shown}"))
        })?;
        Ok(shown)
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()
}
