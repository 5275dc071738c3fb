//! What a server offers and how well it is set up, found out by asking it; no mail is sent.
//!
//! ```text
//! each address   connect; the first that answers is the one that is asked, the others are closed at once
//! connection 1   greeting, EHLO, STARTTLS, EHLO again, RSET and NOOP in one write, QUIT
//! connection 2   the same as far as the handshake, with TLS 1.2 alone
//! connection 3   STARTTLS and NOOP in one write: does TLS begin with an answer to the NOOP?
//! ```
//!
//! [`run`] gathers [`Facts`], [`judge`] makes [`Finding`]s of them, `report` prints both. The conversation is not
//! the delivering session's: that one ends where something is wrong, this one wants to see what else is.

#![allow(clippy::disallowed_types)] // Phases are timed here.

mod facts;
mod judge;
mod main_talk;
mod talk;
mod trials;
pub mod words;

pub use facts::{Address, Facts, Hello, Injection, Pipelining, StartTls, Timing, Trial};
pub use judge::{Context, Finding, Weight, days_left, judge};

use crate::client::reach::reach;
use crate::client::{Error, Observer, Target};
use crate::net::connect::is_loopback;
use crate::net::tls::Backend;
use crate::net::{ConnectError, Endpoint, Stream, TlsMode, Tried, addresses, connect_to};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// The most addresses of one name that are connected to.
const MOST_ADDRESSES: usize = 8;

/// What was found out, and why no more, if something stood in the way.
#[derive(Debug)]
pub struct Probe {
    /// What was found out.
    pub facts: Facts,
    /// Why the rest was not.
    pub error: Option<Error>,
}

/// Asks the server. Of the target's TLS the certificate should be observed (`Verify::Observed`), not
/// demanded; STARTTLS is begun if it is offered, whether that is demanded or not.
pub fn run(target: &Target, observer: &mut dyn Observer) -> Probe {
    let began = Instant::now();
    let mut facts = Facts::default();
    let error = ask(target, &mut facts, observer).err();
    facts.timing.total = began.elapsed();
    Probe { facts, error }
}

fn ask(target: &Target, facts: &mut Facts, observer: &mut dyn Observer) -> Result<(), Error> {
    let (client, proxy) = (&target.tls.client, &target.way.proxy);
    if target.tls.when == TlsMode::Implicit {
        // Trusted certificates are read while the connection is made.
        client.prepare();
    }
    let (address, stream) = match &target.endpoint {
        Endpoint::Tcp { host, .. } if proxy.is_none() => {
            let (address, stream) = first_that_answers(target, host, facts, observer)?;
            (Some(address), stream)
        }
        Endpoint::Tcp { .. } | Endpoint::Unix(_) | Endpoint::Program(_) => {
            let place = Place { target, address: None };
            (None, timed(&mut facts.timing.connect, || place.connect())?)
        }
    };
    let place = Place { target, address };
    let through = proxy.as_ref().map_or(String::new(), |proxy| format!(" through the proxy {proxy}"));
    observer.remark(&format!("connected to {}{through}", stream.peer()));
    facts.peer = stream.peer().to_owned();
    // The ends of a connection to a proxy tell nothing of the server.
    facts.own_host = proxy.is_none()
        && stream.ends().is_some_and(|(own, peer)| is_loopback(&peer) || own.ip() == peer.ip());
    main_talk::hold(target, stream, facts, observer)?;
    if facts.tls.is_some() && client.settings().backend == Backend::Rustls {
        trials::tls12(&place, facts, observer)?;
    }
    if facts.start_tls == StartTls::Done {
        trials::injection(&place, facts, observer)?;
    }
    Ok(())
}

/// Where the further connections go: to the very server that was asked first.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    target: &'a Target,
    /// None for a Unix socket, and where a proxy looks the name up.
    address: Option<SocketAddr>,
}

impl Place<'_> {
    fn connect(&self) -> Result<Stream, Error> {
        let Target { way, patience, .. } = self.target;
        match self.address {
            Some(address) => {
                connect_to(address, way.local.bind, patience.connect, patience.whole).map_err(Error::Connect)
            }
            // What is to be said of it is said once, by whoever connects first.
            None => reach(self.target, &mut Vec::new()),
        }
    }
}

/// Connects to each address in turn: one that does not answer costs every sender time, and nobody sees it.
fn first_that_answers(
    target: &Target,
    host: &str,
    facts: &mut Facts,
    observer: &mut dyn Observer,
) -> Result<(SocketAddr, Stream), Error> {
    let look_up = || addresses(host, target.port(), target.way.local.family, target.patience.whole);
    let found = timed(&mut facts.timing.resolve, look_up).map_err(Error::Connect)?;
    facts.left_out = found.len().saturating_sub(MOST_ADDRESSES);
    let mut first = None;
    let mut tried: Vec<Tried> = Vec::new();
    for address in found.into_iter().take(MOST_ADDRESSES) {
        let mut time = None;
        let place = Place { target, address: Some(address) };
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
