//! From a server's name to a session that is ready: connect, TLS, EHLO, log-in.
//!
//! A server that hangs up on EHLO is asked once more with HELO, over a new connection, but never where TLS or a
//! log-in is demanded (RFC 5321, section 3.2; the session knows).

#![allow(clippy::disallowed_types)] // Phases are timed here.

use super::drive::{Connection, Timing, channel_binding};
use super::drop::Drop;
use super::error::Error;
use super::observer::{Anew, Observer};
use super::patience::Patience;
use super::reach::{Way, reach};
use super::token::TokenSource;
use crate::net::Endpoint;
use crate::net::tls::{Client, Verify};
use crate::sasl::Credentials;
use ehlo_smtp::auth::{Channel, Login};
use ehlo_smtp::command::EhloName;
use ehlo_smtp::expect::{Awaiting, Expect, Stage};
use ehlo_smtp::failure::Failure;
use ehlo_smtp::session::{self, Protocol, Session, StartTls};
use ehlo_smtp::xclient::Xclient;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Instant;

/// When TLS is to be spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Never.
    Off,
    /// If STARTTLS is offered; the certificate is checked and reported, not demanded.
    Opportunistic,
    /// By STARTTLS, or nothing is sent.
    StartTls,
    /// From the first octet (RFC 8314).
    Implicit,
}

impl Tls {
    /// What is asked of the server's certificate; `insecure` is the user's word that it need not be in order.
    #[must_use]
    pub fn verify(self, insecure: bool) -> Verify {
        match self {
            _ if insecure => Verify::Skipped,
            Tls::Opportunistic => Verify::Reported,
            Tls::Off | Tls::StartTls | Tls::Implicit => Verify::Demanded,
        }
    }
}

/// A server, and how to get along with it.
#[derive(Debug)]
pub struct Settings {
    /// SMTP or LMTP.
    pub protocol: Protocol,
    /// Where it is.
    pub endpoint: Endpoint,
    /// Its port, if it has one.
    pub port: u16,
    /// How to get there.
    pub way: Way,
    /// When TLS is to be spoken.
    pub tls: Tls,
    /// How.
    pub tls_client: Client,
    /// The name in its certificate.
    pub tls_name: String,
    /// What we call ourselves; the literal of our end's address if nothing is given.
    pub ehlo_name: Option<EhloName>,
    /// What the server is told about its client, by XCLIENT.
    pub xclient: Option<Xclient>,
    /// Credentials, if there is to be a log-in.
    pub login: Option<Credentials>,
    /// Where another token comes from, should the server find it expired.
    pub tokens: Option<TokenSource>,
    /// Send groups of commands where it is offered.
    pub pipelining: bool,
    /// Send the message by BDAT where it is offered.
    pub chunking: bool,
    /// Send 8-bit content all the same.
    pub force_8bit: bool,
    /// How far to go.
    pub until: Stage,
    /// Where to drop the connection, for tests of servers.
    pub drop: Option<Drop>,
    /// How long things may take.
    pub patience: Patience,
}

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
pub fn open(
    settings: &Settings,
    known: Known,
    observer: &mut dyn Observer,
) -> Result<Connection, Box<Unready>> {
    let mut connection = connect(settings, known, false, observer)?;
    match connection.drive(None, observer) {
        Ok(()) => Ok(connection),
        Err(error)
            if hung_up_on_ehlo(&error)
                && connection.session().may_say_helo()
                && !began_tls(settings, &connection) =>
        {
            observer.connects_anew(Anew::WithHelo);
            // Its end of the connection may be wanted again (`--bind` with a port).
            drop(connection);
            let mut connection = connect(settings, known, true, observer)?;
            match connection.drive(None, observer) {
                Ok(()) => Ok(connection),
                Err(error) => Err(Box::new(Unready { error, connection: Some(connection) })),
            }
        }
        Err(error) => {
            let error = of_program(settings, &mut connection, error);
            Err(Box::new(Unready { error, connection: Some(connection) }))
        }
    }
}

/// A program that ends without a greeting tells by its exit status why.
fn of_program(settings: &Settings, connection: &mut Connection, error: Error) -> Error {
    let no_greeting = Failure::HungUp { awaiting: Some(Expect::Greeting) };
    match (&settings.endpoint, &error) {
        (Endpoint::Program(words), Error::Session { failure, .. }) if *failure == no_greeting => {
            let name = words.first().cloned().unwrap_or_default();
            Error::ProgramEnded(name, connection.program_ended())
        }
        _ => error,
    }
}

/// STARTTLS went through: another connection, where it is perhaps not offered, would be a way back to clear text.
fn began_tls(settings: &Settings, connection: &Connection) -> bool {
    settings.tls != Tls::Implicit && connection.stream().tls().is_some()
}

fn hung_up_on_ehlo(error: &Error) -> bool {
    let hung_up = Failure::HungUp { awaiting: Some(Expect::Ehlo) };
    matches!(error, Error::Session { failure, .. } if *failure == hung_up)
}

fn connect(
    settings: &Settings,
    known: Known,
    helo: bool,
    observer: &mut dyn Observer,
) -> Result<Connection, Error> {
    let began = Instant::now();
    let patience = settings.patience;
    if matches!(settings.tls, Tls::StartTls | Tls::Implicit) {
        // Trusted certificates are read while the connection is made.
        settings.tls_client.prepare();
    }
    let mut stream = reach(&settings.endpoint, settings.port, &settings.way, &patience, observer)?;
    let mut timing = Timing { connect: Some(began.elapsed()), ..Timing::default() };
    if settings.tls == Tls::Implicit {
        let began = Instant::now();
        let done = stream.start_tls(&settings.tls_client, &settings.tls_name, patience.for_handshake());
        done.map_err(|error| Error::Network { error, awaiting: Some(Awaiting::Handshake) })?;
        timing.tls = Some(began.elapsed());
    }
    let channel = match stream.tls() {
        Some(info) => {
            observer.tls(info);
            if info.verified { Channel::Verified } else { Channel::Unverified }
        }
        None if matches!(settings.endpoint, Endpoint::Unix(_)) => Channel::Local,
        // A program too: where it leads, nobody here knows.
        None => Channel::Clear,
    };
    let own_address = || stream.local_ip().unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let mut login = settings.login.clone();
    if let (Some(login), Some(token)) = (&mut login, settings.tokens.as_ref().and_then(TokenSource::last)) {
        login.renew(&token);
    }
    let session = Session::new(session::Settings {
        protocol: settings.protocol,
        ehlo_name: settings.ehlo_name.clone().unwrap_or_else(|| EhloName::literal(own_address())),
        start_tls: match settings.tls {
            Tls::Off | Tls::Implicit => StartTls::Never,
            Tls::Opportunistic if known.had_tls => StartTls::AsBefore,
            Tls::Opportunistic => StartTls::IfOffered,
            Tls::StartTls => StartTls::Demanded,
        },
        channel,
        binding: stream.tls().and_then(channel_binding),
        xclient: settings.xclient.clone(),
        login: login.map(|login| Box::new(login) as Box<dyn Login>),
        pipelining: settings.pipelining,
        chunking: settings.chunking && !known.no_bdat && !settings.drop.is_some_and(Drop::needs_data),
        helo,
        force_8bit: settings.force_8bit,
        until: settings.until,
    });
    let mut connection = Connection::new(session, stream, patience, timing);
    connection.set_tls(settings.tls_client.clone(), settings.tls_name.clone());
    connection.set_tokens(settings.tokens.clone());
    connection.set_drop(settings.drop);
    Ok(connection)
}
