//! `--transcript`: a new file, for its owner alone, and who else looks on. One that cannot take all that
//! happens says so in the end; what it is a transcript of goes on.

#![allow(clippy::disallowed_types)] // The file.

use super::early_exit::{EarlyExit, Result};
use super::progress::ProgressShown;
use crate::cli::OutputArgs;
use crate::client::Observer;
use crate::net::error::{again, plain};
use crate::output::Output;
use crate::report::transcript::{Detail, Transcript};
use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

/// The first error of a file, where all that write to it can see it.
type Fault = Rc<RefCell<Option<io::Error>>>;

/// All who look on.
pub struct Observers {
    /// They themselves.
    pub all: Vec<Box<dyn Observer>>,
    /// The transcript's name, and what became of it.
    file: Option<(String, Fault)>,
}

impl Observers {
    /// Those that the flags ask for.
    pub fn open(args: &OutputArgs) -> Result<Observers> {
        let mut all: Vec<Box<dyn Observer>> = Vec::new();
        let mut named = None;
        let detail = Detail::of(args.verbose);
        if args.verbose > 0 {
            all.push(Box::new(Transcript::new(io::stderr(), detail)));
        }
        if let Some(path) = &args.transcript {
            let name = path.display().to_string();
            let failed = |error| EarlyExit::io(error, format!("cannot make the transcript {name}"));
            let fault = Fault::default();
            let file = Watched { file: create(path).map_err(failed)?, fault: Rc::clone(&fault) };
            all.push(Box::new(Transcript::new(file, detail)));
            named = Some((name, fault));
        }
        if let Some(progress) = ProgressShown::wanted(args.progress, args.quiet || args.verbose > 0) {
            all.push(Box::new(progress));
        }
        Ok(Observers { all, file: named })
    }

    /// There is nothing more to see.
    pub fn end(self, output: &Output) {
        drop(self.all);
        if let Some((name, fault)) = self.file
            && let Some(error) = fault.take()
        {
            output.say(&format!("the transcript {name} is incomplete: {}", plain(&error)));
        }
    }
}

/// A new file, for its owner alone; one that is there is left as it is.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A file that remembers why it could not be written, and is left alone from then on.
struct Watched {
    file: File,
    fault: Fault,
}

impl Write for Watched {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        let mut fault = self.fault.borrow_mut();
        if let Some(error) = fault.as_ref() {
            return Err(error.kind().into());
        }
        let written = self.file.write(octets);
        if let Err(error) = &written
            && error.kind() != io::ErrorKind::Interrupted
        {
            *fault = Some(again(error));
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
