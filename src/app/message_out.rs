//! `--message-out`: the message as it is sent, but for the doubled dots.

#![allow(clippy::disallowed_types)] // A file for the message.

use super::stop::{Result, Stop};
use super::text::Message;
use crate::cli::OutputArgs;
use crate::smtp::content::{Content, Framer};
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Writes it into a file, or, where nothing else is printed, on standard output; whether it was that.
pub fn write(message: &Message, path: &Path, args: &OutputArgs) -> Result<bool> {
    let on_stdout = path.as_os_str() == "-";
    if on_stdout && (!args.dry_run || args.json) {
        return Err(Stop::usage(
            "--message-out -: standard output has the report; it is free with --dry-run only",
        ));
    }
    let name = if on_stdout { "standard output".to_owned() } else { path.display().to_string() };
    let failed = |error| Stop::io(error, format!("cannot write {name}"));
    let written = if on_stdout {
        write_lines(message, io::stdout().lock())
    } else {
        write_lines(message, File::create(path).map_err(failed)?)
    };
    match written {
        // Whoever reads it may stop when they like.
        Err(error) if on_stdout && error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
        written => written.map(|()| on_stdout).map_err(failed),
    }
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

fn write_lines(message: &Message, out: impl Write) -> io::Result<()> {
    let mut lines =
        Lines { framer: Framer::without_dots(), framed: Vec::new(), out: io::BufWriter::new(out) };
    message.write_to(&mut lines)?;
    lines.framed.clear();
    lines.framer.finish(&mut lines.framed);
    lines.out.write_all(&lines.framed)?;
    lines.out.flush()
}
