//! What is said of a connection that was not made: what went wrong, and the flag that helps.

use crate::net::error::plain;
use crate::net::proxy::ProxyError;
use crate::net::proxy::error::LogInFault;
use crate::net::{ConnectError, IdentityFault, ProxyFault, ServerError, TlsError, own_end};

/// Of a connection that could not be made.
#[must_use]
pub fn connecting(error: &ConnectError) -> String {
    match error {
        ConnectError::Bind(address, reason) => {
            format!("cannot use the address {} (--bind): {}", own_end(*address), plain(reason))
        }
        ConnectError::Proxy(_, ProxyFault::LogIn(LogInFault::Wanted(status))) => match status {
            Some(_) => format!("{error}; name the user, as in http://user@host"),
            None => format!("{error}: name the user, as in socks5://user@host"),
        },
        error => error.to_string(),
    }
}

/// Of TLS. Which certificate it was, and how it can be accepted, is a hint of its own.
#[must_use]
pub fn tls(error: &TlsError) -> String {
    let advice = match error {
        TlsError::NoRoots => ": give a file of them",
        TlsError::NotTls => ": a server that begins in clear needs smtp://, submission:// or --tls starttls",
        TlsError::NotBuiltIn(backend) => return format!("{error}: build it with --features {backend}"),
        TlsError::Identity { fault: IdentityFault::KeyMissing, .. } => ": name its file with --client-key",
        TlsError::Identity { fault: IdentityFault::Encrypted, .. } => {
            ": decrypt it into a file that only you can read, with openssl pkey"
        }
        TlsError::Identity { fault: IdentityFault::NotPkcs8, .. } => {
            ": convert this one with openssl pkcs8 -topk8 -nocrypt"
        }
        _ => "",
    };
    format!("{error}{advice}")
}

/// Of a text that names no server.
#[must_use]
pub fn server(error: &ServerError) -> String {
    let advice = match error {
        ServerError::Empty => ": give a host, host:port or a URL",
        ServerError::Password => ": use --password-file or --password-command",
        ServerError::Mailbox => ": name its host, such as mail.example.org",
        ServerError::NoHost => ": write host:port, such as localhost:2525",
        ServerError::Scheme(_) => ": use smtp, submission, smtps, submissions or lmtp",
        ServerError::NotYet(_) => ": name the server by host, host:port or a URL",
        _ => "",
    };
    format!("{error}{advice}")
}

/// Of a text that names no proxy.
#[must_use]
pub fn proxy(error: &ProxyError) -> String {
    match error {
        ProxyError::Password => format!("{error}: use --proxy-password-file or --proxy-password-env"),
        ProxyError::Place(error) => server(error),
        error => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::proxy::error::StatusLine;
    use std::io;

    #[test]
    fn the_way_out_stands_behind_what_went_wrong() {
        let wanted = |status| {
            let fault = ProxyFault::LogIn(LogInFault::Wanted(status));
            connecting(&ConnectError::Proxy("proxy:80".to_owned(), fault))
        };
        let status = StatusLine { code: 407, reason: "Log in".to_owned() };
        let own = "192.0.2.1:0".parse().unwrap();
        let bind = ConnectError::Bind(own, io::Error::other("no such address"));
        for (said, expected) in [
            (wanted(None), "the proxy proxy:80 requires a log-in: name the user, as in socks5://user@host"),
            (
                wanted(Some(status)),
                "the proxy proxy:80 requires a log-in: 407 Log in; name the user, as in http://user@host",
            ),
            (connecting(&bind), "cannot use the address 192.0.2.1 (--bind): no such address"),
            (
                tls(&TlsError::NotTls),
                "what the server sent is not TLS: a server that begins in clear needs smtp://, submission:// or --tls starttls",
            ),
            (tls(&TlsError::BrokenOff), "connection closed in the middle of the TLS handshake"),
            (server(&ServerError::Empty), "no server named: give a host, host:port or a URL"),
            (
                proxy(&ProxyError::Password),
                "a password does not belong in a URL, where others can see it: use --proxy-password-file or \
                 --proxy-password-env",
            ),
            (proxy(&ProxyError::Place(ServerError::Port)), "a port is a number from 1 to 65535"),
        ] {
            assert_eq!(said, expected);
        }
    }
}
