//! The probe as a whole: the addresses, and one connection after the other.

use super::clock::timed;
use super::facts::{Address, Facts, NoTls, StartTlsOutcome};
use super::place::Place;
use super::relay::RelayQuestion;
use super::{main_talk, relay_talk, trials};
use crate::client::{Error, Observer, Target};
use crate::net::connect::{is_loopback, is_own};
use crate::net::tls::Backend;
use crate::net::{ConnectError, Endpoint, Stream, TlsMode, Tried, addresses};
use std::mem;
use std::net::SocketAddr;

/// The most addresses of one name that are connected to.
const MOST_ADDRESSES: usize = 8;

/// What was found out, and why no more, if something stood in the way.
#[derive(Debug, Default)]
pub struct Probe {
    /// What was found out.
    pub facts: Facts,
    /// Why the rest was not.
    pub error: Option<Error>,
}

impl Probe {
    /// Why TLS did not begin; see [`Facts::no_tls`].
    #[must_use]
    pub fn no_tls(&self) -> Option<&Error> {
        match self.facts.no_tls.as_ref()? {
            NoTls::Failed(error) => Some(error),
            NoTls::Ended => self.error.as_ref(),
        }
    }

    /// Why this address did not answer, if it did not.
    #[must_use]
    pub fn in_vain(&self, address: &Address) -> Option<&Tried> {
        let tried = match &self.error {
            Some(Error::Connect(ConnectError::Failed(tried))) => tried,
            _ => &self.facts.in_vain,
        };
        tried.iter().find(|tried| tried.address == address.address)
    }
}

/// Asks the server. Of the target's TLS the certificate should be observed (`Verify::Observed`), not
/// demanded; STARTTLS is begun if it is offered, whether that is demanded or not. Whether it relays is asked
/// only where there is a question.
pub fn run(target: &Target, relay: Option<&RelayQuestion>, observer: &mut dyn Observer) -> Probe {
    let (mut facts, mut total) = (Facts::default(), None);
    let error = timed(&mut total, || ask(target, relay, &mut facts, observer)).err();
    facts.timing.total = total.unwrap_or_default();
    Probe { facts, error }
}

fn ask(
    target: &Target,
    relay: Option<&RelayQuestion>,
    facts: &mut Facts,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let (client, way) = (&target.tls.client, &target.way);
    let proxy = &way.proxy;
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
        && stream.ends().is_some_and(|(own, peer)| {
            // The system answers an address of this host by the same one, unless another was chosen.
            is_loopback(&peer) || own.ip() == peer.ip() || (way.local.bind.is_some() && is_own(&peer))
        });
    main_talk::hold(target, stream, facts, observer)?;
    if facts.tls.is_some() && client.settings().backend == Backend::Rustls {
        trials::tls12(&place, facts, observer)?;
    }
    if facts.start_tls == StartTlsOutcome::Done {
        trials::injection(&place, facts, observer)?;
    }
    if facts.tls.is_some() {
        trials::old_tls(&place, facts, observer)?;
    }
    if let Some(question) = relay {
        relay_talk::ask(&place, question, facts, observer)?;
    }
    Ok(())
}

/// Connects to each address in turn: one that does not answer costs every sender time, and nobody sees it.
fn first_that_answers(
    target: &Target,
    host: &str,
    facts: &mut Facts,
    observer: &mut dyn Observer,
) -> Result<(SocketAddr, Stream), Error> {
    let look_up = || match target.way.addresses.as_slice() {
        [] => addresses(host, target.port(), target.way.local.family, target.patience.whole),
        known => Ok(known.to_vec()),
    };
    let found = timed(&mut facts.timing.resolve, look_up).map_err(Error::Connect)?;
    facts.left_out = found.len().saturating_sub(MOST_ADDRESSES);
    let mut first = None;
    for address in found.into_iter().take(MOST_ADDRESSES) {
        let mut time = None;
        let place = Place { target, address: Some(address) };
        match timed(&mut time, || place.connect()) {
            Ok(stream) if first.is_some() => stream.close(),
            Ok(stream) => {
                facts.timing.connect = time;
                first = Some((address, stream));
            }
            Err(Error::Connect(ConnectError::Failed(mut one))) => {
                let tried = one.pop().unwrap_or(Tried { address, error: None });
                observer.remark(&tried.to_string());
                facts.in_vain.push(tried);
            }
            Err(error) => return Err(error),
        }
        facts.addresses.push(Address { address, time: time.unwrap_or_default() });
    }
    first.ok_or_else(|| Error::Connect(ConnectError::Failed(mem::take(&mut facts.in_vain))))
}
