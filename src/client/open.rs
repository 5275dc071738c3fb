//! From a server's name to a session that is ready: connect, TLS, EHLO, log-in.
//!
//! A server that hangs up on EHLO is asked once more with HELO, over a new connection, but never where TLS or
//! a log-in is demanded (RFC 5321, section 3.2; the session knows).

#![allow(clippy::disallowed_types)] // Phases are timed here.

use super::drive::{Connection, Timing, channel_binding};
use super::drop_point::DropPoint;
use super::error::Error;
use super::observer::{Anew, Observer};
use super::reach::reach;
use super::target::{Conversation, Target};
use super::token::TokenSource;
use crate::net::{Endpoint, TlsMode};
use ehlo_smtp::auth::{Channel, Login};
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::command::EhloName;
use ehlo_smtp::expect::Expect;
use ehlo_smtp::failure::Failure;
use ehlo_smtp::session::{self, Session, StartTls};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

/// A session that did not get ready.
#[derive(Debug)]
pub struct Unready {
    /// Why.
    pub error: Error,
    /// As far as it came: its greeting and extensions belong in the report.
    pub connection: Option<Connection>,
}

impl From<Error> for Box<Unready> {
    fn from(error: Error) -> Box<Unready> {
        Box::new(Unready { error, connection: None })
    }
}

/// What earlier connections to the same server have shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known {
    /// It does not know BDAT, though it offers CHUNKING: the message goes by DATA.
    pub no_bdat: bool,
    /// There was TLS: what was said inside is not said in clear now.
    pub had_tls: bool,
}

/// Connects, and gets the session ready.
///
/// # Errors
/// [`Unready`].
pub fn open(target: &Target, known: Known, observer: &mut dyn Observer) -> Result<Connection, Box<Unready>> {
    let mut connection = connect(target, known, false, observer)?;
    match connection.drive(None, observer) {
        Ok(()) => Ok(connection),
        Err(error)
            if hung_up_on_ehlo(&error)
                && connection.session().may_say_helo()
                && !began_tls(target, &connection) =>
        {
            observer.connects_anew(Anew::WithHelo);
            // Its end of the connection may be wanted again (`--bind` with a port).
            drop(connection);
            let mut connection = connect(target, known, true, observer)?;
            match connection.drive(None, observer) {
                Ok(()) => Ok(connection),
                Err(error) => Err(Box::new(Unready { error, connection: Some(connection) })),
            }
        }
        Err(error) => {
            let error = of_program(target, &mut connection, error);
            Err(Box::new(Unready { error, connection: Some(connection) }))
        }
    }
}

/// A program that ends without a greeting tells by its exit status why.
fn of_program(target: &Target, connection: &mut Connection, error: Error) -> Error {
    let no_greeting = Failure::HungUp { awaiting: Some(Expect::Greeting) };
    match (&target.endpoint, &error) {
        (Endpoint::Program(words), Error::Session { failure, .. }) if *failure == no_greeting => {
            let name = words.first().cloned().unwrap_or_default();
            Error::ProgramEnded(name, connection.program_ended())
        }
        _ => error,
    }
}

/// STARTTLS went through: another connection, where it is perhaps not offered, would be a way back to clear
/// text.
fn began_tls(target: &Target, connection: &Connection) -> bool {
    target.tls.when != TlsMode::Implicit && connection.stream().tls().is_some()
}

fn hung_up_on_ehlo(error: &Error) -> bool {
    let hung_up = Failure::HungUp { awaiting: Some(Expect::Ehlo) };
    matches!(error, Error::Session { failure, .. } if *failure == hung_up)
}

fn connect(
    target: &Target,
    known: Known,
    helo: bool,
    observer: &mut dyn Observer,
) -> Result<Connection, Error> {
    let began = Instant::now();
    let patience = target.patience;
    if matches!(target.tls.when, TlsMode::StartTls | TlsMode::Implicit) {
        // Trusted certificates are read while the connection is made.
        target.tls.client.prepare();
    }
    let mut stream = reach(target, observer)?;
    let mut timing = Timing { connect: Some(began.elapsed()), ..Timing::default() };
    if target.tls.when == TlsMode::Implicit {
        let began = Instant::now();
        let done = stream.start_tls(&target.tls.client, &target.tls.name, patience.for_handshake());
        done.map_err(|error| Error::Network { error, awaiting: Some(Awaiting::Handshake) })?;
        timing.tls = Some(began.elapsed());
    }
    let channel = match stream.tls() {
        Some(info) => {
            observer.tls(info);
            if info.verified { Channel::Verified } else { Channel::Unverified }
        }
        None if matches!(target.endpoint, Endpoint::Unix(_)) => Channel::Local,
        // A program too: where it leads, nobody here knows.
        None => Channel::Clear,
    };
    let own_address = || stream.local_ip().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let (mut credentials, tokens) = match target.login.clone() {
        Some(login) => (Some(login.credentials), login.tokens),
        None => (None, None),
    };
    let token = tokens.as_ref().and_then(|tokens: &TokenSource| tokens.current(patience.whole));
    if let (Some(credentials), Some(token)) = (&mut credentials, token) {
        credentials.renew(&token);
    }
    let Conversation { protocol, ehlo_name, xclient, pipelining, chunking, force_8bit, until } =
        &target.session;
    let session = Session::new(session::Settings {
        protocol: *protocol,
        ehlo_name: ehlo_name.clone().unwrap_or_else(|| EhloName::literal(own_address())),
        start_tls: match target.tls.when {
            TlsMode::Off | TlsMode::Implicit => StartTls::Never,
            TlsMode::Opportunistic if known.had_tls => StartTls::AsBefore,
            TlsMode::Opportunistic => StartTls::IfOffered,
            TlsMode::StartTls => StartTls::Demanded,
        },
        channel,
        binding: stream.tls().and_then(channel_binding),
        xclient: xclient.clone(),
        login: credentials.map(|credentials| Box::new(credentials) as Box<dyn Login>),
        pipelining: *pipelining,
        chunking: *chunking && !known.no_bdat && !target.drop.is_some_and(DropPoint::needs_data),
        helo,
        force_8bit: *force_8bit,
        until: *until,
    });
    let mut connection = Connection::new(session, stream, patience, timing);
    connection.set_tls(target.tls.client.clone(), target.tls.name.clone());
    connection.set_tokens(tokens);
    connection.set_drop(target.drop);
    Ok(connection)
}
