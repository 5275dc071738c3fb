//! `ehlo queue show`: one message, or several, in full.

use super::super::early_exit::{EarlyExit, Result};
use super::chosen::{Chosen, chosen};
use super::filter::Filter;
use super::paper::Paper;
use super::view::View;
use crate::cli::QueueArgs;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::queue;
use crate::report::text::printable;
use crate::spool::{Id, Spool, SpoolError};
use crate::words;
use std::io::{self, IsTerminal, Write};

/// The messages that are named, or that fit.
pub fn show(spool: &dyn Spool, args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    let (view, filter) = (View::of(spool)?, Filter::of(args));
    let Chosen { ids, missing } = chosen(spool, &view, &filter, args)?;
    let mut status = ExitStatus::OK;
    for missing in &missing {
        output.say(missing);
        status = ExitStatus::NO_INPUT;
    }
    for (number, id) in ids.iter().enumerate() {
        let is_text = !(output.json || args.message || args.headers || args.log);
        if number > 0 && is_text {
            write(output, "\n")?;
        }
        let shown = if args.message || args.headers {
            content(spool, id, args.headers)
        } else {
            one(spool, &view, id, args, output)
        };
        match shown {
            Ok(()) => {}
            Err(Fault::Spool(error)) => {
                output.say(&words::queue::error(&error));
                status = status_of(&error);
            }
            Err(Fault::Write(exit)) => return Err(exit),
        }
    }
    Ok(status)
}

/// What can go wrong: with a message, or with standard output.
enum Fault {
    Spool(SpoolError),
    Write(EarlyExit),
}

impl From<SpoolError> for Fault {
    fn from(error: SpoolError) -> Fault {
        Fault::Spool(error)
    }
}

/// The exit status where this was wrong with a message.
pub fn status_of(error: &SpoolError) -> ExitStatus {
    match error {
        SpoolError::Gone(_) => ExitStatus::NO_INPUT,
        SpoolError::Damaged { .. } => ExitStatus::DATA,
        SpoolError::Busy(_) => ExitStatus::TEMPORARY,
        SpoolError::Newer { .. } | SpoolError::NotAQueue { .. } => ExitStatus::CONFIG,
        _ => ExitStatus::IO,
    }
}

fn write(output: &Output, text: &str) -> Result<()> {
    output.data(text).map_err(|error| EarlyExit::io(error, "cannot write".to_owned()))
}

fn one(
    spool: &dyn Spool,
    view: &View,
    id: &Id,
    args: &QueueArgs,
    output: &Output,
) -> std::result::Result<(), Fault> {
    let known = view.known(spool.look(id)?);
    let mut paper = Paper::new(output);
    if args.log {
        let (entry, records) = (&known.listed.entry, spool.records(id)?);
        let text = if output.json { queue::log_json(entry, &records) } else { queue::log(entry, &records) };
        paper.add(&text);
    } else {
        let seen = view.seen(&known);
        let text =
            if output.json { queue::message(&seen, true) } else { queue::show(&seen, output.columns()) };
        paper.add(&text);
    }
    paper.end().map_err(Fault::Write)
}

/// The content, or its header section, as it was handed over. What would move the cursor of a terminal is made
/// printable there.
fn content(spool: &dyn Spool, id: &Id, only_headers: bool) -> std::result::Result<(), Fault> {
    let content = spool.content(id)?;
    let is_terminal = io::stdout().is_terminal();
    let out = io::BufWriter::new(io::stdout().lock());
    let mut lines = Lines { out, line: Vec::new(), is_terminal, only_headers, is_over: false, failed: false };
    let written = content.write_to(&mut lines).and_then(|()| lines.end());
    match written {
        // A reader may stop at any time.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) if lines.failed => {
            Err(Fault::Write(EarlyExit::io(error, "cannot write the message".to_owned())))
        }
        Err(error) => Err(Fault::Spool(SpoolError::Source(error))),
        Ok(()) => Ok(()),
    }
}

/// Takes a message in pieces, and writes its lines.
struct Lines<W: Write> {
    out: W,
    line: Vec<u8>,
    is_terminal: bool,
    only_headers: bool,
    is_over: bool,
    /// The trouble was with `out`.
    failed: bool,
}

impl<W: Write> Lines<W> {
    fn put(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        self.is_over = self.is_over || (self.only_headers && matches!(line.as_slice(), b"\n" | b"\r\n"));
        if self.is_over {
            return Ok(());
        }
        let written = match self.is_terminal {
            true => {
                let text = String::from_utf8_lossy(&line);
                let text = text.trim_end_matches(['\n', '\r']);
                let shown: Vec<String> = text.split('\t').map(printable).collect();
                writeln!(self.out, "{}", shown.join("\t"))
            }
            false => self.out.write_all(&line),
        };
        self.failed = written.is_err();
        written
    }

    fn end(&mut self) -> io::Result<()> {
        if !self.line.is_empty() {
            self.put()?;
        }
        let flushed = self.out.flush();
        self.failed = flushed.is_err();
        flushed
    }
}

impl<W: Write> Write for Lines<W> {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.is_over {
            return Ok(piece.len());
        }
        for part in piece.split_inclusive(|octet| *octet == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.put()?;
            }
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(pieces: &[&[u8]], is_terminal: bool, only_headers: bool) -> String {
        let (line, is_over, failed) = (Vec::new(), false, false);
        let mut lines = Lines { out: Vec::new(), line, is_terminal, only_headers, is_over, failed };
        pieces.iter().for_each(|piece| lines.write_all(piece).unwrap());
        lines.end().unwrap();
        String::from_utf8(lines.out).unwrap()
    }

    #[test]
    fn headers_end_at_the_blank_line_and_controls_are_shown_wherever_a_piece_ends() {
        for end in ["\n", "\r\n"] {
            let message = format!("A: 1\x1b[2J{end}\tb{end}{end}body{end}no end");
            for split in 0..=message.len() {
                let (one, two) = message.as_bytes().split_at(split);
                assert_eq!(shown(&[one, two], false, false), message);
                assert_eq!(shown(&[one, two], false, true), format!("A: 1\x1b[2J{end}\tb{end}"));
                assert_eq!(shown(&[one, two], true, true), "A: 1\\x1b[2J\n\tb\n");
                assert_eq!(shown(&[one, two], true, false), "A: 1\\x1b[2J\n\tb\n\nbody\nno end\n");
            }
        }
    }
}
