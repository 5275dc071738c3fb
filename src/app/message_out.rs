//! `--message-out`: the message as it is sent, but for the doubled dots. A new file is for its owner alone.

#![allow(clippy::disallowed_types)] // A file for the message.

use super::early_exit::{EarlyExit, Result};
use super::lists::is_same_place;
use crate::cli::OutputArgs;
use ehlo_smtp::content::{Content, Framer};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Writes it into a file or, where nothing else is printed, to standard output, in which case it returns
/// true.
pub fn write(message: &dyn Content, path: &Path, args: &OutputArgs) -> Result<bool> {
    let on_stdout = path.as_os_str() == "-";
    if on_stdout && (!args.dry_run || args.json) {
        return Err(EarlyExit::usage(
            "--message-out -: standard output carries the report, except with --dry-run",
        ));
    }
    for (flag, list) in [("--failed-to", &args.failed_to), ("--deferred-to", &args.deferred_to)] {
        if list.as_deref().is_some_and(|list| is_same_place(list, path)) {
            return Err(EarlyExit::usage(format!("--message-out and {flag} name the same file")));
        }
    }
    let name = if on_stdout { "standard output".to_owned() } else { path.display().to_string() };
    let failed = |error| EarlyExit::io(error, format!("cannot write {name}"));
    let written =
        if on_stdout { write_lines(message, io::stdout().lock()) } else { write_file(message, path) };
    match written {
        // A reader may stop at any time.
        Err(error) if on_stdout && error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        written => written.map(|()| on_stdout).map_err(failed),
    }
}

/// The copy takes the name when it is whole, and nothing is lost before: the message, or a part of it, may be
/// read from the very file. A pipe or a device is written to as it is.
fn write_file(message: &dyn Content, path: &Path) -> io::Result<()> {
    let there = fs::metadata(path).ok();
    let is_special = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder));
    if is_special || there.as_ref().is_some_and(|there| !there.is_file()) {
        return write_lines(message, OpenOptions::new().write(true).create(true).truncate(true).open(path)?);
    }
    // A file that we have no right to write is not replaced either, and a link stays a link.
    let target = match &there {
        Some(_) => OpenOptions::new().write(true).open(path).and_then(|_| fs::canonicalize(path))?,
        None => path.to_owned(),
    };
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut copy = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    write_lines(message, &mut copy)?;
    if let Some(there) = there {
        copy.as_file().set_permissions(there.permissions())?;
    }
    copy.persist(&target).map(drop).map_err(|error| error.error)
}

/// Lines with CRLF, as on the wire.
struct Lines<W: Write> {
    framer: Framer,
    framed: Vec<u8>,
    out: io::BufWriter<W>,
}

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.framed.clear();
        self.framer.push(piece, &mut self.framed);
        self.out.write_all(&self.framed)?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn write_lines(message: &dyn Content, out: impl Write) -> io::Result<()> {
    let mut lines =
        Lines { framer: Framer::without_dots(), framed: Vec::new(), out: io::BufWriter::new(out) };
    message.write_to(&mut lines)?;
    lines.framed.clear();
    lines.framer.finish(&mut lines.framed);
    lines.out.write_all(&lines.framed)?;
    lines.out.flush()
}
