//! A conversation, one command and one reply at a time: bounded in octets by `ReplyReader`, in time by a
//! deadline for each reply.

use crate::client::{Error, Observer, Target};
use crate::net::tls::Client;
use crate::net::{Deadline, Error as NetError, Stream};
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::command::{Command, EhloName, Line};
use ehlo_smtp::expect::Expect;
use ehlo_smtp::failure::Failure;
use ehlo_smtp::inquiry::{Argument, Inquiry, InquiryVerb};
use ehlo_smtp::reply::{LONGEST_REPLY, Reply, ReplyLine, ReplyReader};
use ehlo_smtp::session::Protocol;
use ehlo_smtp::violation::Violation;
use std::net::{IpAddr, Ipv4Addr};
use std::ops::ControlFlow;
use std::time::Duration;

/// How long the last words may take: nothing depends on them.
const LAST: Duration = Duration::from_secs(2);
/// The most octets that are looked at after the 220 to STARTTLS.
const MOST_BEHIND: usize = 64 * 1024;

/// One connection.
pub(super) struct Talk<'a> {
    target: &'a Target,
    stream: Stream,
    reader: ReplyReader,
    bare_lf: bool,
    observer: &'a mut dyn Observer,
}

impl<'a> Talk<'a> {
    pub(super) fn new(target: &'a Target, stream: Stream, observer: &'a mut dyn Observer) -> Talk<'a> {
        Talk { target, stream, reader: ReplyReader::default(), bare_lf: false, observer }
    }

    pub(super) fn stream(&self) -> &Stream {
        &self.stream
    }

    /// Whether a line has ended in a bare LF.
    pub(super) fn saw_bare_lf(&self) -> bool {
        self.bare_lf || self.reader.saw_bare_lf()
    }

    /// EHLO, or LHLO, and its reply.
    pub(super) fn hello(&mut self) -> Result<Reply, Error> {
        let name = self.name();
        let command = match self.target.session.protocol {
            Protocol::Smtp => Command::Ehlo(&name),
            Protocol::Lmtp => Command::Lhlo(&name),
        };
        self.say(command, Expect::Ehlo)?;
        self.reply(Expect::Ehlo)
    }

    /// HELO, and its reply.
    pub(super) fn helo(&mut self) -> Result<Reply, Error> {
        let name = self.name();
        self.say(Command::Helo(&name), Expect::Helo)?;
        self.reply(Expect::Helo)
    }

    /// VRFY or EXPN of postmaster, which is there everywhere (RFC 5321, section 4.5.1), and its reply.
    pub(super) fn ask(&mut self, verb: InquiryVerb) -> Result<Reply, Error> {
        let awaiting = verb.expect(0);
        let argument = Argument::parse("postmaster").map_err(|_| self.failed(Failure::Unfit, awaiting))?;
        self.say(Command::Ask(&Inquiry { verb, argument }), awaiting)?;
        self.reply(awaiting)
    }

    fn name(&self) -> EhloName {
        let own = || self.stream.local_ip().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        self.target.session.ehlo_name.clone().unwrap_or_else(|| EhloName::literal(own()))
    }

    /// Writes this command. What came unasked before it is a violation.
    pub(super) fn say(&mut self, command: Command<'_>, awaiting: Expect) -> Result<(), Error> {
        if !self.reader.is_empty() {
            return Err(self.failed(Failure::Violation(Violation::Unasked), awaiting));
        }
        self.say_anyway(command, awaiting)
    }

    /// Writes this command, whatever came before.
    pub(super) fn say_anyway(&mut self, command: Command<'_>, awaiting: Expect) -> Result<(), Error> {
        self.write_all(&[command], awaiting)
    }

    /// Writes this command and a NOOP at once. NOOP may stand at the end of a group only (RFC 2920, section
    /// 3.1).
    pub(super) fn say_with_noop(&mut self, command: Command<'_>, awaiting: Expect) -> Result<(), Error> {
        self.write_all(&[command, Command::Noop], awaiting)
    }

    fn write_all(&mut self, commands: &[Command<'_>], awaiting: Expect) -> Result<(), Error> {
        let mut octets = Vec::new();
        for command in commands {
            let mut line = Line::default();
            line.write(*command).map_err(|unfit| self.failed(unfit.into(), awaiting))?;
            self.observer.sent(&line.shown(), false);
            octets.extend_from_slice(line.octets());
        }
        self.write(&octets, awaiting)
    }

    fn write(&mut self, octets: &[u8], awaiting: Expect) -> Result<(), Error> {
        let deadline = self.target.patience.for_block();
        let reader = &mut self.reader;
        let mut incoming = |octets: &[u8]| {
            reader.push(octets);
            if reader.unread() < LONGEST_REPLY { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        };
        match self.stream.write_all(octets, deadline, &mut incoming) {
            // What it said before it closed will be read.
            Err(error) if !error.is_closed() => Err(lost(error, awaiting)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// The next reply, all of it before the deadline.
    pub(super) fn reply(&mut self, awaiting: Expect) -> Result<Reply, Error> {
        let deadline = self.target.patience.for_reply(Some(awaiting));
        self.reply_before(awaiting, deadline)
    }

    fn reply_before(&mut self, awaiting: Expect, deadline: Deadline) -> Result<Reply, Error> {
        let mut piece = [0; 4096];
        loop {
            loop {
                match self.reader.next_line() {
                    Ok(None) => break,
                    Ok(Some(line)) => {
                        self.observer.received(self.reader.line());
                        match line {
                            ReplyLine::Part => {}
                            ReplyLine::Last(reply) => return Ok(reply),
                            ReplyLine::Broken(violation) => {
                                return Err(self.failed(violation.into(), awaiting));
                            }
                        }
                    }
                    Err(violation) => return Err(self.failed(violation.into(), awaiting)),
                }
            }
            match self.stream.read(&mut piece, deadline) {
                Ok(0) => return Err(self.failed(Failure::HungUp { awaiting: Some(awaiting) }, awaiting)),
                Ok(count) => self.reader.push(piece.get(..count).unwrap_or_default()),
                Err(error) if error.is_closed() && !matches!(error, NetError::Tls(_)) => {
                    return Err(self.failed(Failure::HungUp { awaiting: Some(awaiting) }, awaiting));
                }
                Err(error) => return Err(lost(error, awaiting)),
            }
        }
    }

    /// How many octets wait that nobody asked for. They are thrown away, with all that was said in clear.
    pub(super) fn throw_away(&mut self) -> usize {
        let mut octets = self.reader.unread();
        let mut piece = [0; 4096];
        while octets < MOST_BEHIND
            && let Ok(Some(count @ 1..)) = self.stream.read_now(&mut piece)
        {
            octets += count;
        }
        self.bare_lf |= self.reader.saw_bare_lf();
        self.reader = ReplyReader::default();
        octets
    }

    /// The handshake; whether the certificate is in order does not matter for it.
    pub(super) fn start_tls(&mut self, client: &Client) -> Result<(), Error> {
        let deadline = self.target.patience.for_handshake();
        self.stream
            .start_tls(client, &self.target.tls.name, deadline)
            .map_err(|error| Error::Network { error, awaiting: Some(Awaiting::Handshake) })?;
        if let Some(info) = self.stream.tls() {
            self.observer.tls(info);
        }
        Ok(())
    }

    /// Writes these octets, and returns what comes then: until there is enough of it, or the other end
    /// closes. An endless answer has to be enough at some time.
    pub(super) fn exchange(
        &mut self,
        octets: &[u8],
        is_enough: impl Fn(&[u8]) -> bool,
    ) -> Result<Vec<u8>, Error> {
        let lost = |error| Error::Network { error, awaiting: Some(Awaiting::Handshake) };
        let deadline = self.target.patience.for_handshake();
        self.write(octets, Expect::StartTls)?;
        let (mut said, mut piece) = (Vec::new(), [0; 512]);
        // What came while it was written is in the reader, and is no answer.
        while !is_enough(&said) {
            match self.stream.read(&mut piece, deadline) {
                Ok(0) => break,
                Ok(count) => said.extend_from_slice(piece.get(..count).unwrap_or_default()),
                Err(error) if error.is_closed() => break,
                Err(error) => return Err(lost(error)),
            }
        }
        Ok(said)
    }

    /// Closes without a word.
    pub(super) fn hang_up(self) {
        self.stream.close();
    }

    /// Says good-bye; nothing depends on it.
    pub(super) fn quit(mut self) {
        if self.say(Command::Quit, Expect::Quit).is_ok() {
            let deadline = self.target.patience.for_reply(Some(Expect::Quit)).min(Deadline::after(LAST));
            let _ = self.reply_before(Expect::Quit, deadline);
        }
        self.stream.close();
    }

    /// With the command by its own name: LHLO, not EHLO.
    fn failed(&self, failure: Failure, awaiting: Expect) -> Error {
        let said = failure.first_words(Some(awaiting), &self.reader);
        let awaiting = match (awaiting, self.target.session.protocol) {
            (Expect::Ehlo, Protocol::Lmtp) => Awaiting::Lhlo,
            (awaiting, _) => Awaiting::Reply(awaiting),
        };
        Error::Session { failure, awaiting: Some(awaiting), said }
    }

    /// Why a refusal is the end.
    pub(super) fn refused(&self, reply: Reply, awaiting: Expect) -> Error {
        self.failed(Failure::Refused { awaiting: Some(awaiting), reply }, awaiting)
    }
}

fn lost(error: NetError, awaiting: Expect) -> Error {
    Error::Network { error, awaiting: Some(Awaiting::Reply(awaiting)) }
}
