//! The message of `data`: a file, or lines up to a lone dot. It is all there, and looked at, before DATA is
//! said: what is given up on the way was never begun.

#![allow(clippy::disallowed_types)] // Replies are timed here.

use super::super::early_exit::{EarlyExit, Result};
use super::super::standard_input::Awaited;
use super::super::text;
use super::input::Input;
use super::talk::{Goes, Talk};
use crate::client::Connection;
use crate::meaning::after::After;
use crate::message::raw::{Options, Raw};
use crate::message::source::Source;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::words;
use crate::words::console::objection as unfit;
use ehlo_smtp::session::Turn;
use ehlo_smtp::transaction::Progress;
use ehlo_smtp::verb::Verb;
use std::io::{self, Read};
use std::path::Path;
use std::time::Instant;

impl Talk<'_> {
    /// Sends a file, or what is typed next.
    pub(super) fn data(&mut self, connection: &mut Connection, file: Option<&str>) -> Goes {
        if let Some(objection) = connection.session().objection(Verb::Data.name()) {
            // Without a person, what follows is the message, and must not be taken for commands.
            if file.is_none() && !self.input.is_typed() {
                let _ = of_lines(&mut self.input);
            }
            let why = format!("not sent: {}; 'raw DATA' sends it anyway", unfit(&objection));
            return Ok(self.unsaid(&why, ExitStatus::USAGE));
        }
        let message: Result<Raw> = match file {
            Some(name) => of_file(name, self.output),
            None => {
                if self.input.is_typed() {
                    self.print("type the message, then a line with only a dot; Ctrl-D cancels\n");
                }
                of_lines(&mut self.input)
            }
        };
        let message = match message {
            Ok(message) => message,
            Err(exit) => return Ok(self.stopped(&exit)),
        };
        self.say(connection, Verb::Data.name())?;
        if connection.session().turn() != Turn::Content {
            return Ok(false);
        }
        let began = Instant::now();
        let done = connection.say_content(&message, &mut self.observers);
        if done.is_err() && connection.transaction().content == Progress::Ended {
            self.output
                .say("it is unknown whether the message was accepted: sending it again may deliver it twice");
            return self.came_of(connection, done).map_err(|_| ExitStatus::UNKNOWN);
        }
        self.came_of(connection, done)?;
        Ok(self.answered(connection, After::Message, began.elapsed()))
    }
}

/// The file.
fn of_file(name: &str, output: &Output) -> Result<Raw> {
    // Here, standard input has the commands.
    if name == "-" {
        return Err(EarlyExit::usage(
            "data: standard input has the commands; 'data' alone takes lines up to a dot",
        ));
    }
    raw(text::open(Path::new(name), Awaited::Message, output)?)
}

/// The lines that come next.
fn of_lines(input: &mut Input) -> Result<Raw> {
    let mut lines = Lines { input, piece: Vec::new(), at: 0, ended: false, exit: None };
    let source = Source::stream(&mut lines);
    match (source, lines.exit) {
        (_, Some(exit)) => Err(exit),
        (Err(error), None) => Err(EarlyExit::io(error, "cannot keep the message".to_owned())),
        (Ok(source), None) => raw(source),
    }
}

fn raw(source: Source) -> Result<Raw> {
    // What MAIL says of it is the person's.
    Raw::new(source, Options { any_header: true })
        .map_err(|error| EarlyExit::data(format!("data: {}", words::message::raw(&error))))
}

/// Lines up to a dot, as a stream.
struct Lines<'a> {
    input: &'a mut Input,
    piece: Vec<u8>,
    at: usize,
    ended: bool,
    exit: Option<EarlyExit>,
}

impl Lines<'_> {
    fn refill(&mut self) -> io::Result<()> {
        let next = self.input.next("data> ");
        let exit = match next {
            Ok(Some(line)) => {
                self.ended = line == b".";
                self.piece = if self.ended { Vec::new() } else { line };
                if !self.ended {
                    self.piece.push(b'\n');
                }
                self.at = 0;
                return Ok(());
            }
            Ok(None) => EarlyExit::data("data: the input ended before the dot; nothing was sent"),
            Err(exit) => exit,
        };
        self.exit = Some(exit);
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

impl Read for Lines<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() && !self.ended {
            self.refill()?;
        }
        let rest = self.piece.get(self.at..).unwrap_or_default();
        let count = rest.len().min(room.len());
        for (to, from) in room.iter_mut().zip(rest) {
            *to = *from;
        }
        self.at += count;
        Ok(count)
    }
}
