//! The connection under a request: ureq asks for octets, `net` gives them. Names are looked up by `net` too, by the proxy,
//! or by the caller, so that ureq's own resolver finds nothing.

use super::error::HttpsError;
use super::url::host_and_port;
use crate::net::connect::PATIENCE;
use crate::net::{
    Deadline, Error as NetError, LocalEnd, Proxy, Stream, connect, connect_through, connect_to_one_of,
    interrupt, tls,
};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};
use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};

/// How large the buffers are, in octets.
const BUFFER: usize = 16 * 1024;
/// The most octets of all that comes over one connection.
const MOST: usize = 256 * 1024;

/// Where a connection leads. The certificate is always for the host of the address that is asked.
#[derive(Debug, Clone)]
pub(super) enum To {
    /// That host, which the system's resolver finds.
    Host,
    /// That host, through a proxy.
    Proxy(Proxy),
    /// These addresses, whatever that host's are.
    Addresses(Vec<SocketAddr>),
    /// Another host, for tests.
    Other(String, u16),
}

/// How a connection is made.
pub(super) struct Way {
    pub(super) tls: tls::Client,
    pub(super) to: To,
    /// When the request must be over.
    pub(super) until: Deadline,
    /// When it must be over once there is a connection; then no signal ends it.
    pub(super) unbroken: Option<Deadline>,
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Way")
    }
}

fn own(error: HttpsError) -> Error {
    Error::Other(Box::new(error))
}

fn lost(error: NetError) -> Error {
    own(HttpsError::Network(error))
}

impl Connector for Way {
    type Out = Connection;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        _chained: Option<()>,
    ) -> Result<Option<Connection>, Error> {
        let (host, port) = host_and_port(details.uri).ok_or(Error::HostNotFound)?;
        let (local, until) = (LocalEnd::default(), self.until);
        let connected = match &self.to {
            To::Host => connect(host, port, local, PATIENCE, until),
            To::Proxy(proxy) => connect_through(proxy, host, port, local, PATIENCE, until),
            To::Addresses(addresses) => connect_to_one_of(addresses, local.bind, PATIENCE, until),
            To::Other(host, port) => connect(host, *port, local, PATIENCE, until),
        };
        let mut stream = connected.map_err(|error| own(HttpsError::Connect(error)))?.stream;
        stream.start_tls(&self.tls, host, until).map_err(|error| own(HttpsError::Handshake(error)))?;
        if self.unbroken.is_some() {
            stream.ignore_interrupts();
        }
        let heeds = self.unbroken.is_none();
        let until = self.unbroken.unwrap_or(until);
        let buffers = LazyBuffers::new(BUFFER, BUFFER);
        Ok(Some(Connection { stream: Mutex::new(stream), buffers, until, heeds, left: MOST }))
    }
}

/// A connection inside TLS.
pub(super) struct Connection {
    /// Nobody else uses it; ureq asks for something that could be shared.
    stream: Mutex<Stream>,
    buffers: LazyBuffers,
    until: Deadline,
    /// A signal ends it.
    heeds: bool,
    /// How many octets may still come. Interim answers and what stands around chunks count nowhere else.
    left: usize,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection")
    }
}

impl Transport for Connection {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), Error> {
        let stream = self.stream.get_mut().unwrap_or_else(PoisonError::into_inner);
        let octets = self.buffers.output().get(..amount).unwrap_or_default();
        // What comes before the request is out answers nothing.
        stream.write_all(octets, self.until, &mut |_| ControlFlow::Break(())).map_err(lost)
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, Error> {
        let stream = self.stream.get_mut().unwrap_or_else(PoisonError::into_inner);
        let room = self.buffers.input_append_buf();
        if room.is_empty() || self.left == 0 {
            return Err(own(HttpsError::TooLarge));
        }
        // A wait looks at both; where there is always something to read, nobody waits.
        if self.until.is_over() {
            return Err(lost(NetError::Timeout));
        }
        if self.heeds && interrupt::caught().is_some() {
            return Err(lost(NetError::Interrupted));
        }
        let count = stream.read(room, self.until).map_err(lost)?;
        self.left = self.left.saturating_sub(count);
        self.buffers.input_appended(count);
        Ok(count > 0)
    }

    fn is_open(&mut self) -> bool {
        false
    }

    fn is_tls(&self) -> bool {
        true
    }
}

/// Looks nothing up.
#[derive(Debug)]
pub(super) struct Nowhere;

impl Resolver for Nowhere {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut found = self.empty();
        // ureq wants one; nobody connects to it.
        found.push(SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)));
        Ok(found)
    }
}
