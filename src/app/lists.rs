//! `--failed-to` and `--deferred-to`: recipients who did not get it, one a line, fit for `--recipients-from`.

#![allow(clippy::disallowed_types)] // Files of addresses.

use super::early_exit::{EarlyExit, Result};
use crate::cli::OutputArgs;
use crate::delivery::Outcome;
use crate::net::error::plain;
use crate::output::Output;
use ehlo_smtp::parameter::Parameter;
use ehlo_smtp::transaction::Status;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// The lists that the flags ask for, open.
pub struct Lists(Vec<List>);

/// One of them.
struct List {
    file: File,
    name: String,
    /// Whom it is for.
    wants: fn(Status) -> bool,
}

/// Whether they did not get it, as far as anybody knows.
fn has_failed(status: Status) -> bool {
    status != Status::Accepted
}

/// Whether another try makes sense. Whoever was refused for good will be again, and whoever is unknown may
/// have it.
fn may_be_tried_again(status: Status) -> bool {
    matches!(status, Status::Deferred | Status::Untried)
}

impl Lists {
    /// Opened before anything is sent, so that they can be written; emptied only when there is something to
    /// say, for one of them may be the list that was read.
    pub fn open(args: &OutputArgs) -> Result<Lists> {
        if let (Some(failed), Some(deferred)) = (&args.failed_to, &args.deferred_to)
            && is_same_place(failed, deferred)
        {
            return Err(EarlyExit::usage("--failed-to and --deferred-to name the same file"));
        }
        let mut lists = Vec::new();
        if let Some(path) = &args.failed_to {
            lists.push(List::open("--failed-to", path, has_failed)?);
        }
        if let Some(path) = &args.deferred_to {
            lists.push(List::open("--deferred-to", path, may_be_tried_again)?);
        }
        Ok(Lists(lists))
    }

    /// Writes the addresses, each with the parameters that its list gave it (`listed`, in the same order).
    pub fn write(self, listed: &[Vec<Parameter>], outcome: &Outcome, output: &Output) {
        self.0.into_iter().for_each(|list| list.write(listed, outcome, output));
    }
}

/// Whether these name one file, be it there or not. A link counts as what it leads to.
pub fn is_same_place(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        path.canonicalize().ok().or_else(|| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let folder = folder.unwrap_or(Path::new(".")).canonicalize().ok()?;
            Some(folder.join(path.file_name()?))
        })
    };
    one == other || (place(one).is_some() && place(one) == place(other))
}

impl List {
    fn open(flag: &str, path: &Path, wants: fn(Status) -> bool) -> Result<List> {
        if path.as_os_str() == "-" {
            return Err(EarlyExit::usage(format!("{flag}: needs a file; standard output has the report")));
        }
        let name = path.display().to_string();
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path);
        let file = file.map_err(|error| EarlyExit::io(error, format!("cannot write {name}")))?;
        Ok(List { file, name, wants })
    }

    fn write(mut self, listed: &[Vec<Parameter>], outcome: &Outcome, output: &Output) {
        let mut text = String::new();
        for (index, (recipient, fate)) in outcome.fates().enumerate() {
            if !(self.wants)(fate.status) {
                continue;
            }
            // A line that begins with '#' would be read as a comment.
            match recipient.address.to_string() {
                address if address.starts_with('#') => text.extend(["<", &address, ">"]),
                address => text.push_str(&address),
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
