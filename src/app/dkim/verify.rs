//! `ehlo dkim verify`: reads a message once, asks for the keys of its signatures, and judges them.

#![allow(clippy::disallowed_types, reason = "the message's file, and the clock that signatures expire by")]

use super::super::clock::now;
use super::super::early_exit::{EarlyExit, Result};
use super::super::resolver;
use super::super::standard_input::{self, Awaited};
use super::known::Known;
use super::lookup;
use crate::cli::DkimArgs;
use crate::config::text::unmarked;
use crate::dkim::{Head, HeadTooLong, Verifier};
use crate::message::blind::is_mbox_line;
use crate::net::Deadline;
use crate::output::Output;
use crate::report::dkim::{self, Looked};
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use ehlo_smtp::content::Framer;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// All keys together are waited for so many times as long as one.
const WHOLE: u32 = 4;
/// How much is read at once.
const PIECE: usize = 64 * 1024;
/// As much of a line as shows whether it belongs to an mbox.
const ENOUGH: u64 = 1024;

/// Prints a line for each signature, or JSON.
pub(super) fn run(args: &DkimArgs, output: &Output) -> Result<ExitStatus> {
    let mut known = Known::default();
    for file in &args.records {
        known.add(file)?;
    }
    let mut verifier = read(args.file.as_deref().unwrap_or(Path::new("-")), output)?;
    let resolver = resolver::of(&args.resolvers)?;
    let whole = Deadline::after(args.timeout.saturating_mul(WHOLE));
    let mut errors = Vec::new();
    for question in verifier.questions() {
        let answer = if args.records.is_empty() {
            let (answer, error) = lookup::ask(&resolver, &question, Deadline::after(args.timeout).min(whole));
            errors.extend(error.map(|error| (question.clone(), error)));
            answer
        } else {
            known.answer(&question)
        };
        verifier.answer(&question, &answer);
    }
    let looked = Looked { left_out: verifier.left_out(), judgements: verifier.finish(), errors };
    let text = if args.json { dkim::json(&looked) } else { dkim::text(&looked, output.look()) };
    output.data(&text).map_err(|error| EarlyExit::io(error, "cannot write the report".to_owned()))?;
    if looked.judgements.is_empty() {
        output.say("the message has no DKIM signature");
    }
    if looked.left_out > 0 {
        output.warn(&format!("{} more signatures were not looked at", looked.left_out));
    }
    Ok(dkim::status(&looked))
}

/// Reads a message to its end; its signatures are then known, and its body hashed.
pub fn read(file: &Path, output: &Output) -> Result<Verifier> {
    let is_stdin = standard_input::is_named(file);
    let done = if is_stdin {
        standard_input::say_what_is_awaited(Awaited::Message, output);
        taken(io::stdin().lock())
    } else {
        File::open(file).and_then(taken)
    };
    let name = match is_stdin {
        true => "standard input".to_owned(),
        false => printable(&file.display().to_string()),
    };
    match done {
        Err(error) => Err(EarlyExit::no_input(error, format!("cannot read {name}"))),
        Ok(Err(error)) => Err(EarlyExit::data(error.to_string())),
        Ok(Ok(None)) => Err(EarlyExit::data("the message is empty")),
        Ok(Ok(Some(verifier))) => Ok(verifier),
    }
}

/// A message with its verifier, once the header section is complete.
#[derive(Default)]
struct Taken {
    head: Head,
    verifier: Option<Verifier>,
}

impl Taken {
    /// Takes octets with CRLF line ends.
    fn push(&mut self, octets: &[u8]) -> std::result::Result<(), HeadTooLong> {
        let body = self.head.push(octets)?;
        if self.head.is_complete() {
            self.begun()?.push(body);
        }
        Ok(())
    }

    fn begun(&mut self) -> std::result::Result<&mut Verifier, HeadTooLong> {
        let verifier = match self.verifier.take() {
            Some(verifier) => verifier,
            None => Verifier::new(self.head.octets(), now())?,
        };
        Ok(self.verifier.insert(verifier))
    }

    fn finish(mut self) -> std::result::Result<Verifier, HeadTooLong> {
        self.begun()?;
        self.verifier.ok_or(HeadTooLong)
    }
}

/// Takes a message as it would be sent, without mbox lines and byte order marks in front of it; none, if it is
/// empty.
fn taken(source: impl Read) -> io::Result<std::result::Result<Option<Verifier>, HeadTooLong>> {
    let mut source = BufReader::with_capacity(PIECE, source);
    let mut taken = Taken::default();
    let mut framer = Framer::without_dots();
    let mut framed = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        source.by_ref().take(ENOUGH).read_until(b'\n', &mut line)?;
        if !is_mbox_line(unmarked(&line)) {
            break;
        }
        if line.last() != Some(&b'\n') {
            source.skip_until(b'\n')?;
        }
    }
    if line.is_empty() {
        return Ok(Ok(None));
    }
    framer.push(unmarked(&line), &mut framed);
    loop {
        if let Err(error) = taken.push(&framed) {
            return Ok(Err(error));
        }
        framed.clear();
        let piece = match source.fill_buf() {
            Ok(piece) => piece,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if piece.is_empty() {
            break;
        }
        let count = piece.len();
        framer.push(piece, &mut framed);
        source.consume(count);
    }
    framer.finish(&mut framed);
    Ok(taken.push(&framed).and_then(|()| taken.finish()).map(Some))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_the_message_is_passed_over() {
        let field = "DKIM-Signature: v=1; a=ed25519-sha256; d=a.b; s=c; h=from; bh=AAAA; b=AAAA";
        for before in ["", "From x\n", "\u{feff}From x\r\n>From y\n", "\u{feff}"] {
            let text = format!("{before}{field}\nFrom: a@a.b\n\nFrom you\n");
            let verifier = taken(text.as_bytes()).unwrap().unwrap().unwrap();
            assert_eq!(verifier.finish().first().map(|one| one.line), Some(1), "{before:?}");
        }
        let long = format!("From {}\n{field}\n", "x".repeat(5000));
        assert_eq!(taken(long.as_bytes()).unwrap().unwrap().unwrap().finish().len(), 1);
        for empty in ["", "From x\n", "From x"] {
            assert!(taken(empty.as_bytes()).unwrap().unwrap().is_none(), "{empty:?}");
        }
        assert!(taken(vec![b'x'; 2 << 20].as_slice()).unwrap().is_err());
    }
}
