//! From a host's name to its addresses, by the system's resolver, so that /etc/hosts and the like count.
//!
//! The resolver cannot be stopped, so it runs on a thread of its own, which is left behind when the deadline
//! passes. `localhost` is known without it. MX records are for another layer.

#![allow(clippy::disallowed_types)] // A socket pair tells that the resolver is done.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::mpsc;
use std::thread;

use super::socket::{READ, wait};
use super::system::plain;
use super::{ConnectError, Deadline, Error, Family};

/// The addresses of a host, each once, in the resolver's order; never none.
///
/// # Errors
/// Those of [`ConnectError`] that are about names.
pub fn addresses(
    host: &str,
    port: u16,
    family: Family,
    deadline: Deadline,
) -> Result<Vec<SocketAddr>, ConnectError> {
    let found = match host.parse::<IpAddr>() {
        Ok(ip) => vec![SocketAddr::new(ip, port)],
        Err(_) => match localhost(host) {
            Some(ips) => ips.into_iter().map(|ip| SocketAddr::new(ip, port)).collect(),
            None => look_up(host, port, deadline)?,
        },
    };
    if found.is_empty() {
        return Err(ConnectError::NoSuchHost(host.to_owned()));
    }
    let mut wanted: Vec<SocketAddr> = Vec::new();
    for address in found {
        if family.has(&address) && !wanted.contains(&address) {
            wanted.push(address);
        }
    }
    if wanted.is_empty() {
        return Err(ConnectError::NoneOfFamily(host.to_owned(), family));
    }
    Ok(wanted)
}

/// The addresses of `localhost`, for which nobody needs to be asked (RFC 6761, section 6.3): the resolver's
/// thread would cost a quarter of what sending a message there costs.
fn localhost(host: &str) -> Option<Vec<IpAddr>> {
    if !host.eq_ignore_ascii_case("localhost") {
        return None;
    }
    loopback(&std::fs::read_to_string("/etc/hosts").ok()?)
}

/// What a text in the form of /etc/hosts says of `localhost`, IPv6 first, as the resolver has it (RFC 6724);
/// nothing if that leads anywhere else than to this host.
fn loopback(hosts: &str) -> Option<Vec<IpAddr>> {
    let named = hosts.lines().filter_map(|line| {
        let mut words = line.split('#').next()?.split_whitespace();
        let address = words.next()?;
        words.any(|name| name.eq_ignore_ascii_case("localhost")).then(|| address.parse().ok())
    });
    let mut ips: Vec<IpAddr> = named.collect::<Option<_>>()?;
    ips.sort_by_key(IpAddr::is_ipv4);
    (!ips.is_empty() && ips.iter().all(IpAddr::is_loopback)).then_some(ips)
}

/// Asks the system's resolver, on a thread of its own.
fn look_up(host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, ConnectError> {
    let trouble = |error: &io::Error| ConnectError::Resolver(host.to_owned(), plain(error));
    let (sender, receiver) = mpsc::channel();
    // The thread's end of the pair is closed when it is done: that can be waited for together with signals.
    let (done, guard) = UnixStream::pair().map_err(|error| trouble(&error))?;
    let name = host.to_owned();
    thread::Builder::new()
        .name("resolver".to_owned())
        .spawn(move || {
            let _ = sender.send((name.as_str(), port).to_socket_addrs().map(Vec::from_iter));
            drop(guard);
        })
        .map_err(|error| trouble(&error))?;
    match wait(done.as_fd(), READ, deadline, true) {
        Ok(_) => {}
        Err(Error::Interrupted) => return Err(ConnectError::Interrupted),
        Err(Error::Io(error)) => return Err(trouble(&error)),
        Err(_) => return Err(ConnectError::ResolverTimeout(host.to_owned())),
    }
    match receiver.try_recv() {
        Ok(Ok(addresses)) => Ok(addresses),
        Ok(Err(error)) => Err(unresolved(host, &error)),
        Err(_) => Err(ConnectError::Resolver(host.to_owned(), "the resolver gave up".to_owned())),
    }
}

/// What the resolver says. The standard library hands on the text only, not getaddrinfo's number; these are
/// the texts of EAI_NONAME and EAI_NODATA in glibc, musl and the BSDs, which are not translated unless
/// `setlocale` was called.
fn unresolved(host: &str, error: &io::Error) -> ConnectError {
    const UNKNOWN: [&str; 6] = [
        "Name or service not known",
        "No address associated with",
        "Name does not resolve",
        "Name has no usable address",
        "nodename nor servname provided",
        "no address associated with",
    ];
    let text = error.to_string();
    if error.kind() == io::ErrorKind::InvalidInput || UNKNOWN.iter().any(|known| text.contains(known)) {
        return ConnectError::NoSuchHost(host.to_owned());
    }
    let reason = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    ConnectError::Resolver(host.to_owned(), plain(&io::Error::other(reason)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localhost_is_what_the_hosts_file_says_if_that_is_this_host() {
        let both = "# hosts\n127.0.0.1 localhost alpha # ::2 localhost\n\n\
                    10.0.0.1 beta\n::1\tip6-localhost LOCALHOST\n";
        let ips =
            |texts: &[&str]| Some(texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<IpAddr>>());
        assert_eq!(loopback(both), ips(&["::1", "127.0.0.1"]));
        assert_eq!(loopback("127.0.0.1 localhost\n127.0.0.2 localhost\n"), ips(&["127.0.0.1", "127.0.0.2"]));
        for others in [
            "",
            "# 127.0.0.1 localhost",
            "127.0.0.1 localhost.example ip6-localhost\nlocalhost",
            "127.0.0.1 localhost\n10.0.0.1 localhost\n",
            "127.0.0.1 localhost\nfe80::1%lo0 localhost\n",
        ] {
            assert_eq!(loopback(others), None, "{others}");
        }
        assert_eq!(localhost("alpha"), None);
    }

    #[test]
    fn the_resolver_s_texts_tell_an_unknown_host_from_trouble() {
        let unknown = io::Error::other("failed to lookup address information: Name or service not known");
        assert_eq!(unresolved("nowhere.example", &unknown).to_string(), "no such host: nowhere.example");
        let nul = ("a\0b", 25).to_socket_addrs().unwrap_err();
        assert!(matches!(unresolved("a", &nul), ConnectError::NoSuchHost(_)));
        let trouble =
            io::Error::other("failed to lookup address information: Temporary failure in name resolution");
        assert_eq!(
            unresolved("nowhere.example", &trouble).to_string(),
            "cannot look up nowhere.example now: temporary failure in name resolution"
        );
    }
}
