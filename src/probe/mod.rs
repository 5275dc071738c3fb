//! What a server offers and how well it is set up, found out by asking it; no mail is sent.
//!
//! ```text
//! each address   connect; the first that answers is the one that is asked, the others are closed at once
//! connection 1   greeting, EHLO, STARTTLS, EHLO again, RSET and NOOP in one write, QUIT
//! connection 2   the same as far as the handshake, with TLS 1.2 alone
//! connection 3   STARTTLS and NOOP in one write: does TLS begin with an answer to the NOOP?
//! ```
//!
//! [`run`] gathers [`Facts`], [`judge`] makes [`Finding`]s of them, `report` prints both. The conversation is not the
//! delivering session's: that one ends where something is wrong, this one wants to see what else is.

#![allow(clippy::disallowed_types)] // Phases are timed here.

mod facts;
mod judge;
mod main_talk;
mod talk;
mod trials;
pub mod words;

pub use facts::{Address, Facts, Hello, Injection, Pipelining, StartTls, Timing, Trial};
pub use judge::{Context, Finding, Weight, days_left, judge};

use crate::client::{Error, Observer};
use crate::net::connect::is_loopback;
use crate::net::tls::{self, Backend, Client};
use crate::net::{
    ConnectError, Deadline, Endpoint, LocalEnd, Stream, Tried, addresses, connect_to, connect_unix,
};
use ehlo_smtp::command::EhloName;
use ehlo_smtp::session::Protocol;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// The most addresses of one name that are connected to.
const MOST_ADDRESSES: usize = 8;

/// When the probe speaks TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Never.
    Never,
    /// If STARTTLS is offered.
    IfOffered,
    /// From the first octet (RFC 8314).
    FromTheStart,
}

/// A server, and how it is asked.
#[derive(Debug)]
pub struct Settings {
    /// SMTP or LMTP.
    pub protocol: Protocol,
    /// Where it is: a host or a Unix socket.
    pub endpoint: Endpoint,
    /// Its port, if it has one.
    pub port: u16,
    /// From where, and by which family of addresses.
    pub local: LocalEnd,
    /// When TLS is spoken.
    pub when: When,
    /// How; the certificate should be checked and reported, not demanded.
    pub tls: tls::Settings,
    /// The name that it should bear.
    pub tls_name: String,
    /// What we call ourselves; the literal of our end's address if nothing is given.
    pub ehlo_name: Option<EhloName>,
    /// How long each address is tried.
    pub connect: Duration,
    /// How long each reply and each handshake may take.
    pub each: Duration,
    /// How long all of it may take.
    pub whole: Deadline,
    /// Says an error in English. The room that can, `words`, is above this one.
    pub say: fn(&Error) -> String,
}

/// What was found out, and why no more, if something stood in the way.
#[derive(Debug)]
pub struct Probe {
    /// What was found out.
    pub facts: Facts,
    /// Why the rest was not.
    pub error: Option<Error>,
}

/// Asks the server.
pub fn run(settings: &Settings, observer: &mut dyn Observer) -> Probe {
    let began = Instant::now();
    let mut facts = Facts::default();
    let error = ask(settings, &mut facts, observer).err();
    facts.timing.total = began.elapsed();
    Probe { facts, error }
}

fn ask(settings: &Settings, facts: &mut Facts, observer: &mut dyn Observer) -> Result<(), Error> {
    let place = Place { settings, address: None };
    let client = Client::new(settings.tls.clone());
    if settings.when == When::FromTheStart {
        // Trusted certificates are read while the connection is made.
        client.prepare();
    }
    let (place, stream) = match &settings.endpoint {
        Endpoint::Tcp { host, .. } => {
            let (address, stream) = first_that_answers(settings, host, facts, observer)?;
            (Place { address: Some(address), ..place }, stream)
        }
        Endpoint::Unix(_) | Endpoint::Program(_) => {
            let stream = timed(&mut facts.timing.connect, || place.connect())?;
            (place, stream)
        }
    };
    observer.remark(&format!("connected to {}", stream.peer()));
    facts.peer = stream.peer().to_owned();
    facts.own_host = stream.ends().is_some_and(|(own, peer)| is_loopback(&peer) || own.ip() == peer.ip());
    main_talk::hold(settings, &client, stream, facts, observer)?;
    if facts.tls.is_some() && settings.tls.backend == Backend::Rustls {
        trials::tls12(&place, facts, observer)?;
    }
    if facts.start_tls == StartTls::Done {
        trials::injection(&place, &client, facts, observer)?;
    }
    Ok(())
}

/// Where the further connections go: to the very server that was asked first.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    settings: &'a Settings,
    /// None for a Unix socket.
    address: Option<SocketAddr>,
}

impl Place<'_> {
    fn connect(&self) -> Result<Stream, Error> {
        let settings = self.settings;
        match (self.address, &settings.endpoint) {
            (Some(address), _) => connect_to(address, settings.local.bind, settings.connect, settings.whole)
                .map_err(Error::Connect),
            (None, Endpoint::Unix(path)) => {
                let deadline = Deadline::after(settings.connect).min(settings.whole);
                connect_unix(path, deadline).map_err(|error| Error::Socket(path.display().to_string(), error))
            }
            // Programs are not probed; whoever made the settings knows that.
            (None, _) => Err(Error::Connect(ConnectError::Failed(Vec::new()))),
        }
    }
}

/// Connects to each address in turn: one that does not answer costs every sender time, and nobody sees it.
fn first_that_answers(
    settings: &Settings,
    host: &str,
    facts: &mut Facts,
    observer: &mut dyn Observer,
) -> Result<(SocketAddr, Stream), Error> {
    let look_up = || addresses(host, settings.port, settings.local.family, settings.whole);
    let found = timed(&mut facts.timing.resolve, look_up).map_err(Error::Connect)?;
    facts.left_out = found.len().saturating_sub(MOST_ADDRESSES);
    let mut first = None;
    let mut tried: Vec<Tried> = Vec::new();
    for address in found.into_iter().take(MOST_ADDRESSES) {
        let mut time = None;
        let place = Place { settings, address: Some(address) };
        let (error, in_vain) = match timed(&mut time, || place.connect()) {
            Ok(stream) => {
                match first {
                    None => {
                        facts.timing.connect = time;
                        first = Some((address, stream));
                    }
                    Some(_) => stream.close(),
                }
                (None, None)
            }
            Err(Error::Connect(ConnectError::Failed(mut one))) => {
                let one = one.pop();
                let error = one.as_ref().and_then(|one| one.error.as_ref());
                (Some(error.map_or_else(|| "no answer".to_owned(), ToString::to_string)), one)
            }
            Err(error) => return Err(error),
        };
        if let Some(error) = &error {
            observer.remark(&format!("{address}: {error}"));
        }
        facts.addresses.push(Address { address: address.to_string(), time: time.unwrap_or_default(), error });
        tried.extend(in_vain);
    }
    first.ok_or(Error::Connect(ConnectError::Failed(tried)))
}

/// Does it, and notes how long it took.
fn timed<T>(time: &mut Option<Duration>, work: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let done = work();
    *time = Some(began.elapsed());
    done
}
