//! A stream to the server: straight, through a proxy, by a Unix socket or by a program; and what goes out
//! over it before the session begins, which is the PROXY protocol's header if one is wanted.

use super::error::Error;
use super::observer::Observer;
use super::patience::Patience;
use super::target::Target;
use crate::net::proxy_protocol::Header;
use crate::net::{
    Connected, Deadline, Endpoint, Error as NetError, Stream, connect, connect_program, connect_through,
    connect_to_one_of, connect_unix,
};
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::expect::Expect;
use std::io;
use std::ops::ControlFlow;

/// A stream to the server, over which the session can begin.
///
/// # Errors
/// [`Error::Connect`], [`Error::Socket`], [`Error::Program`]; [`Error::Network`] if the header does not go
/// out.
pub fn reach(target: &Target, observer: &mut dyn Observer) -> Result<Stream, Error> {
    let Target { endpoint, way, patience, .. } = target;
    let (connect_patience, whole) = (patience.connect, patience.whole);
    let mut stream = match (endpoint, &way.proxy) {
        (Endpoint::Unix(path), _) => {
            let deadline = Deadline::after(connect_patience).min(whole);
            connect_unix(path, deadline).map_err(|error| Error::Socket(path.display().to_string(), error))?
        }
        (Endpoint::Program(words), _) => {
            let name = words.first().cloned().unwrap_or_default();
            let stream = connect_program(words, &way.hidden, whole)
                .map_err(|error| Error::Program(name.clone(), error))?;
            // Its arguments may hold anything.
            observer.remark(&format!("connected to the program {name}"));
            stream
        }
        (Endpoint::Tcp { .. }, None) if !way.addresses.is_empty() => {
            told(connect_to_one_of(&way.addresses, way.local.bind, connect_patience, whole), observer)?
        }
        (Endpoint::Tcp { host, .. }, None) => {
            told(connect(host, target.port(), way.local, connect_patience, whole), observer)?
        }
        (Endpoint::Tcp { host, .. }, Some(proxy)) => {
            let connected = connect_through(proxy, host, target.port(), way.local, connect_patience, whole);
            let stream = told(connected, observer)?;
            observer.remark(&format!("connected to {} through the proxy {proxy}", stream.peer()));
            stream
        }
    };
    if !matches!(endpoint, Endpoint::Program(_)) && way.proxy.is_none() {
        // Of a host that the DNS leads to, the name says more than its address.
        observer.remark(&match &target.routed {
            Some(routed) => format!("connected to {} at {}", routed.mx, stream.peer()),
            None => format!("connected to {}", stream.peer()),
        });
    }
    if let Some(header) = &way.proxy_protocol {
        say_who_connects(&mut stream, header, patience, observer)?;
    }
    Ok(stream)
}

/// The stream, when the observer has heard of those that were tried in vain.
fn told(
    connected: Result<Connected, crate::net::ConnectError>,
    observer: &mut dyn Observer,
) -> Result<Stream, Error> {
    let connected = connected.map_err(Error::Connect)?;
    for tried in &connected.tried {
        observer.remark(&tried.to_string());
    }
    Ok(connected.stream)
}

/// The one thing that is said before the greeting (against RFC 5321, section 3.1): the PROXY protocol's
/// header is not for the server but for what stands before its session. It goes out by itself, and the
/// greeting is awaited behind it, for a server that does not believe it must be able to say so.
fn say_who_connects(
    stream: &mut Stream,
    header: &Header,
    patience: &Patience,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let lost = |error| Error::Network { error, awaiting: Some(Awaiting::Reply(Expect::Greeting)) };
    // Whoever made the settings saw to it that there are two, of one family.
    let (source, destination) = header
        .addresses(stream.ends())
        .ok_or_else(|| lost(NetError::Io(io::ErrorKind::AddrNotAvailable.into())))?;
    observer.remark(&format!("by the PROXY protocol: {source} has connected to {destination}"));
    let octets = header.octets(source, destination);
    match stream.write_all(&octets, patience.for_block(), &mut |_| ControlFlow::Break(())) {
        // What it said before it closed will be read.
        Err(error) if !error.is_closed() => Err(lost(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}
