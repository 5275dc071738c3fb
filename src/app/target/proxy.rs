//! What stands between us and the server: the proxy, and the PROXY protocol's header for a balancer.

use super::super::early_exit::{EarlyExit, Result};
use super::super::login::may_hold_a_password;
use super::super::secrets;
use super::family::narrow;
use crate::cli::ProtocolArgs;
use crate::config::secret::Secret;
use crate::net::proxy_protocol::Header;
use crate::net::{Deadline, LocalEnd, Proxy, ProxyKind, Server};
use crate::output::Output;
use crate::report::text::printable;
use std::path::Path;

/// Where the proxy's password is.
pub(super) struct ProxyPassword<'a> {
    /// In this file.
    pub file: Option<&'a Path>,
    /// In this variable of the environment.
    pub variable: Option<&'a str>,
}

/// The proxy, with its password; that is read now, unless nothing is to be connected to.
pub(super) fn proxy(
    url: &str,
    password: &ProxyPassword<'_>,
    dry_run: bool,
    output: &Output,
) -> Result<Proxy> {
    let mut proxy: Proxy = url
        .parse()
        .map_err(|error| EarlyExit::usage(format!("--proxy: {}", crate::words::net::proxy(&error))))?;
    let ProxyPassword { file, variable } = *password;
    let Some(user) = &proxy.user else {
        if file.is_some() || variable.is_some() {
            return Err(EarlyExit::usage(
                "--proxy: a password needs a user: name one, as in socks5://user@host",
            ));
        }
        return Ok(proxy);
    };
    if may_hold_a_password(user) {
        return Err(EarlyExit::usage(
            "--proxy: the user contains a colon, and what follows it may be a password; a password is never \
             an argument: use --proxy-password-file or --proxy-password-env",
        ));
    }
    let password = match (file, variable) {
        (None, None) => {
            return Err(EarlyExit::usage(format!(
                "no password for {} at the proxy: use --proxy-password-file or --proxy-password-env",
                printable(user)
            )));
        }
        _ if dry_run => Secret::new(String::new()),
        (Some(file), _) => secrets::from_file(file, Deadline::never(), output)?,
        (None, Some(name)) => secrets::from_environment(name, "--proxy-password-env")?,
    };
    let length = password.reveal().len();
    if !dry_run && (length == 0 || password.reveal().chars().any(char::is_control)) {
        return Err(EarlyExit::usage("the proxy's password is empty, or contains a control character"));
    }
    if proxy.kind == ProxyKind::Socks5 && length.max(user.len()) > 255 {
        return Err(EarlyExit::usage(
            "--proxy: a SOCKS proxy accepts a user and a password of at most 255 octets",
        ));
    }
    proxy.password = Some(password);
    Ok(proxy)
}

/// The PROXY protocol's header. Where the connection has no addresses of its own that would mean anything to
/// the server, both must be given.
pub(super) fn header(
    args: &ProtocolArgs,
    server: &Server,
    by_proxy: bool,
    local: &mut LocalEnd,
) -> Result<Option<Header>> {
    let Some(version) = args.proxy_protocol else { return Ok(None) };
    let (source, destination) = (args.proxy_source, args.proxy_destination);
    let header = Header { version, source, destination };
    match (source, destination) {
        (Some(_), Some(_)) if header.addresses(None).is_none() => {
            return Err(EarlyExit::usage(
                "--proxy-source and --proxy-destination: both must be IPv4, or both IPv6",
            ));
        }
        (Some(_), Some(_)) => {}
        _ if by_proxy || server.host().is_none() => {
            let what = if by_proxy { "through a proxy" } else { "without an IP address" };
            return Err(EarlyExit::usage(format!(
                "--proxy-protocol {what} needs --proxy-source and --proxy-destination"
            )));
        }
        (Some(source), None) => narrow(local, "--proxy-source", source)?,
        (None, Some(destination)) => narrow(local, "--proxy-destination", destination)?,
        (None, None) => {}
    }
    Ok(Some(header))
}
