//! `--failed-to`: the recipients who did not get it, one a line, fit for `--recipients-from`.

#![allow(clippy::disallowed_types)] // A file of addresses.

use super::stop::{Result, Stop};
use crate::net::error::plain;
use crate::output::Output;
use crate::report::Report;
use crate::smtp::parameter::Parameter;
use crate::smtp::transaction::Status;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// The list, open.
pub struct FailedTo {
    file: File,
    name: String,
}

impl FailedTo {
    /// Opened before anything is sent, so that it can be written; emptied only when there is something to say, for it
    /// may be the list that was read.
    pub fn open(path: &Path) -> Result<FailedTo> {
        if path.as_os_str() == "-" {
            return Err(Stop::usage("--failed-to: wants a file; standard output has the report"));
        }
        let name = path.display().to_string();
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        Ok(FailedTo { file: file.map_err(|error| Stop::io(error, format!("cannot write {name}")))?, name })
    }

    /// Writes the addresses, each with the parameters that its list gave it (`listed`, in the report's order).
    pub fn write(mut self, listed: &[Vec<Parameter>], report: &Report, output: &Output) {
        let mut text = String::new();
        for (index, recipient) in report.recipients.iter().enumerate() {
            if recipient.status == Status::Accepted {
                continue;
            }
            // A line that begins with '#' would be read as a comment, and a byte order mark as none of the list.
            match &recipient.address {
                address if address.starts_with(['#', '\u{feff}']) => text.extend(["<", address, ">"]),
                address => text.push_str(address),
            }
            for parameter in listed.get(index).into_iter().flatten() {
                text.extend([" ", parameter.as_str()]);
            }
            text.push('\n');
        }
        // A pipe or a device has no length.
        let is_file = self.file.metadata().is_ok_and(|data| data.is_file());
        let emptied = if is_file { self.file.set_len(0) } else { Ok(()) };
        if let Err(error) = emptied.and_then(|()| self.file.write_all(text.as_bytes())) {
            output.say(&format!("cannot write {}: {}", self.name, plain(&error)));
        }
    }
}
