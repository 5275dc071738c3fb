//! Where to, and by which way: the server, the program, and our own address. What stands in between is
//! proxy.rs's.

use super::super::configuration::Configuration;
use super::super::early_exit::{EarlyExit, Result};
use super::super::login::{may_hold_a_password, user_with_a_password};
use super::super::misplaced;
use super::deviations::Deviations;
use super::family::{family, narrow};
use super::mx;
use super::proxy::{self, ProxyPassword};
use crate::cli::{ProtocolArgs, ServerArgs, looks_like_server, typed};
use crate::client::{Patience, Way};
use crate::config::words::words;
use crate::net::{Deadline, Endpoint, LocalEnd, Server, ServerError};
use crate::output::Output;
use crate::report::text::printable;
use ehlo_smtp::path::Domain;
use ehlo_smtp::session::Protocol;
use std::path::Path;

/// Where to, and by which way.
pub struct Route {
    /// The server, with its port; in place of its endpoint the program, if there is one.
    pub server: Server,
    /// Its host, as it was named.
    pub host: Option<String>,
    /// The way.
    pub way: Way,
}

/// Reads the flags that say where to; `password_env` is the variable with the password, which no child is to
/// have.
pub fn route(
    args: &ServerArgs,
    protocol: &ProtocolArgs,
    password_env: Option<&str>,
    deviations: &Deviations<'_>,
    output: &Output,
) -> Result<Route> {
    let ServerArgs {
        server: name,
        named_by,
        port,
        ipv4,
        ipv6,
        bind,
        proxy: url,
        proxy_password_file: password_file,
        proxy_password_env: password_variable,
        pipe,
        // These are read by `account`.
        account: _,
        in_turn: _,
        account_by_variable: _,
        // These are read by `patience`.
        connect_timeout: _,
        timeout: _,
        final_timeout: _,
        deadline: _,
    } = args;
    let mut server = match name.as_deref().filter(|name| !name.is_empty()) {
        // No flag takes a password where nobody logs in.
        Some(name) if deviations.observes && name.parse::<Server>() == Err(ServerError::Password) => {
            return Err(EarlyExit::usage(format!(
                "{named_by}: {}: leave it out, nobody logs in",
                ServerError::Password
            )));
        }
        // Who the servers are, the domains of the recipients say.
        Some(name) if mx::named(name).is_some() => Server {
            protocol: Protocol::Smtp,
            endpoint: Endpoint::Tcp { host: String::new(), port: *port },
            tls: None,
            user: None,
        },
        Some(name) => server(name, *port, named_by)?,
        None if pipe.is_some() => Server {
            protocol: Protocol::Smtp,
            endpoint: Endpoint::Program(Vec::new()),
            tls: None,
            user: None,
        },
        None => return Err(no_server(deviations.subject)),
    };
    let host = server.host().filter(|host| !host.is_empty()).map(str::to_owned);
    if let Some(command) = pipe {
        let words = program(command)?;
        if matches!(server.endpoint, Endpoint::Unix(_)) {
            return Err(EarlyExit::usage("--pipe and a Unix socket cannot be combined"));
        }
        server.endpoint = Endpoint::Program(words);
    }
    if matches!(server.endpoint, Endpoint::Unix(_)) {
        for (given, flag) in [(bind.is_some(), "--bind"), (url.is_some(), "--proxy")] {
            if given {
                return Err(EarlyExit::usage(format!("{flag} cannot be combined with a Unix socket")));
            }
        }
    }
    let mut local = LocalEnd { family: family(*ipv4, *ipv6), bind: *bind };
    if let Some(address) = *bind {
        narrow(&mut local, "--bind", address)?;
    }
    let password = ProxyPassword { file: password_file.as_deref(), variable: password_variable.as_deref() };
    let proxy =
        url.as_deref().map(|url| proxy::proxy(url, &password, deviations.dry_run, output)).transpose()?;
    let proxy_protocol = proxy::header(protocol, &server, proxy.is_some(), &mut local)?;
    let hidden = [password_env, password_variable.as_deref()];
    let hidden = hidden.into_iter().flatten().map(str::to_owned).collect();
    Ok(Route { server, host, way: Way { addresses: Vec::new(), local, proxy, proxy_protocol, hidden } })
}

/// How long things may take; the whole of it from now on.
pub fn patience(args: &ServerArgs) -> Patience {
    let usual = Patience::default();
    Patience {
        connect: args.connect_timeout.unwrap_or(usual.connect),
        each: args.timeout,
        message: args.final_timeout.unwrap_or(usual.message),
        whole: args.deadline.map_or_else(Deadline::never, Deadline::after),
    }
}

/// Nobody is named; `subject` may have been meant as the server.
fn no_server(subject: Option<&str>) -> EarlyExit {
    if let Some(typeset) = misplaced::typeset() {
        return EarlyExit::usage(typeset);
    }
    let hint = match subject.filter(|subject| looks_like_server(subject)) {
        Some(subject) => format!("; '{}' was read as the subject; the server goes in -S", printable(subject)),
        None => match typed::first().filter(|first| looks_like_server(first) && !Path::new(first).exists()) {
            Some(first) => {
                format!("; '{}' was read as a recipient; the server goes in -S", printable(&first))
            }
            None => format!("{}{}", misplaced::hint_at_subject(subject), accounts()),
        },
    };
    EarlyExit::usage(format!(
        "no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or in \
         EHLO_SERVER{hint}"
    ))
}

/// The accounts that could be named, where none is the default.
fn accounts() -> String {
    let Ok(configuration) = Configuration::read() else { return String::new() };
    let names: Vec<String> = configuration.accounts().map(|(_, account)| printable(&account.name)).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("; or name an account with -A (--account): there are {}", names.join(", ")),
    }
}

/// A server as it was named, with the port of `--port`; `argument` is what it was named by.
fn server(text: &str, port: Option<u16>, argument: &str) -> Result<Server> {
    let mut server: Server = text
        .parse()
        .map_err(|error| EarlyExit::usage(format!("{argument}: {}", crate::words::net::server(&error))))?;
    // Whoever logs in or does not.
    if server.user.as_deref().is_some_and(may_hold_a_password) {
        return Err(user_with_a_password(argument));
    }
    if let Endpoint::Tcp { host, .. } = &mut server.endpoint
        && !host.is_ascii()
    {
        // The DNS, a proxy and a certificate know it by its A-labels only.
        let domain = Domain::parse(host)
            .map_err(|error| EarlyExit::usage(format!("{argument} '{}': {error}", printable(host))))?;
        *host = domain.ascii().to_owned();
    }
    let usual = server.port();
    match (&mut server.endpoint, port) {
        (Endpoint::Tcp { port: Some(port), .. }, Some(wanted)) if *port != wanted => {
            return Err(EarlyExit::usage(format!("{argument} names port {port}, but --port names {wanted}")));
        }
        (Endpoint::Tcp { port, .. }, wanted) => *port = wanted.or(usual),
        (Endpoint::Unix(_) | Endpoint::Program(_), Some(_)) => {
            return Err(EarlyExit::usage("--port: a Unix socket has no port"));
        }
        (Endpoint::Unix(_) | Endpoint::Program(_), None) => {}
    }
    Ok(server)
}

/// The program of `--pipe`, with its arguments.
fn program(command: &str) -> Result<Vec<String>> {
    match words(command) {
        None => Err(EarlyExit::usage("--pipe: a quotation mark is never closed")),
        Some(words) if words.is_empty() => Err(EarlyExit::usage("--pipe is empty")),
        Some(words) => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_a_labels_and_has_one_port() {
        let tcp = |host: &str, port| Endpoint::Tcp { host: host.to_owned(), port };
        for (text, port, endpoint) in [
            ("bücher.example", None, tcp("xn--bcher-kva.example", Some(25))),
            ("smtp://bücher.example:26", Some(26), tcp("xn--bcher-kva.example", Some(26))),
            ("beta", Some(26), tcp("beta", Some(26))),
            ("[::1]:25", None, tcp("::1", Some(25))),
        ] {
            assert_eq!(server(text, port, "SERVER").unwrap().endpoint, endpoint, "{text}");
        }
        for (text, why) in [
            ("beta:25", "SERVER names port 25, but --port names 26"),
            ("lmtp:///run/lmtp", "--port: a Unix socket has no port"),
        ] {
            assert_eq!(server(text, Some(26), "SERVER").unwrap_err().report().text, why, "{text}");
        }
    }
}
