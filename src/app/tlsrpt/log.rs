//! `--tlsrpt`: sessions, noted in a file, each in one write, so that lines of several processes stay apart. A new file is for
//! its owner alone: it tells whom mail went to.

#![allow(clippy::disallowed_types, reason = "this is where it is written")]

use super::super::clock::now;
use super::super::early_exit::{EarlyExit, Result};
use crate::delivery::Outcome;
use crate::net::error::plain;
use crate::output::Output;
use crate::report::tlsrpt::{Line, Moment, of_outcome, of_plan};
use crate::route::Plan;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// `O_NONBLOCK`: a pipe that nobody reads is an error, and not waited for.
const NONBLOCK: i32 = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();

/// The file.
#[derive(Debug)]
pub struct TlsLog {
    file: File,
    name: String,
    /// It could not be written, which was told.
    has_failed: AtomicBool,
    output: Output,
}

impl TlsLog {
    /// Opens it, before anything is sent.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn open(path: &Path, output: &Output) -> Result<TlsLog> {
        if path.as_os_str() == "-" {
            return Err(EarlyExit::usage("--tlsrpt: needs a file; standard output has the report"));
        }
        let name = path.display().to_string();
        let mut options = OpenOptions::new();
        options.append(true).create(true).mode(0o600).custom_flags(NONBLOCK);
        let file =
            options.open(path).map_err(|error| EarlyExit::io(error, format!("cannot write {name}")))?;
        Ok(TlsLog { file, name, has_failed: AtomicBool::new(false), output: *output })
    }

    /// Notes what is wrong with the policies on the way to a domain.
    pub fn plan(&self, plan: &Plan) {
        self.write(&of_plan(plan, &Moment::of(now())));
    }

    /// Notes the sessions.
    pub fn outcome(&self, outcome: &Outcome) {
        self.write(&of_outcome(outcome, &Moment::of(now())));
    }

    /// The mail is on its way whatever becomes of the file: that it cannot be written is told once.
    fn write(&self, lines: &[Line]) {
        let done = lines.iter().try_for_each(|line| {
            let text = line.written();
            match (&self.file).write(text.as_bytes())? {
                written if written == text.len() => Ok(()),
                _ => Err(io::Error::from(io::ErrorKind::WriteZero)),
            }
        });
        if let Err(error) = done
            && !self.has_failed.swap(true, Ordering::Relaxed)
        {
            self.output.warn(&format!("cannot write {}: {}", self.name, plain(&error)));
        }
    }
}
