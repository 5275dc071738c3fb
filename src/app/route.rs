//! Where to, and by which way: the server, the proxy, the program, our own address, and what is said of us.

use super::stop::{Result, Stop};
use super::{host, secrets};
use crate::cli::{ProtocolArgs, ProxyVersion, SendArgs, ServerArgs, TlsArgs, TlsMode, looks_like_server};
use crate::client::{Patience, Settings, Tls, Way};
use crate::config::secret::Secret;
use crate::config::words::words as words_of;
use crate::net::proxy_protocol::{Header, Version};
use crate::net::{Deadline, Endpoint, Family, LocalEnd, Protocol, Proxy, ProxyKind, Server, TlsHint};
use crate::output::Output;
use crate::report::text::printable;
use crate::words;
use ehlo_smtp::command::EhloName;
use ehlo_smtp::path::Domain;
use ehlo_smtp::session;
use ehlo_smtp::xclient::Xclient;
use std::net::SocketAddr;

/// Where to, and by which way.
pub struct Route {
    /// The server; in place of its endpoint the program, if there is one.
    pub server: Server,
    /// Its host, as it was named.
    pub host: Option<String>,
    /// The way.
    pub way: Way,
}

/// The flags that have to do with it.
pub struct Wanted<'a> {
    /// Where to.
    pub server: &'a ServerArgs,
    /// How the connection is encrypted.
    pub tls: &'a TlsArgs,
    /// What is said to the server.
    pub protocol: &'a ProtocolArgs,
    /// The variable with the password, which no child is to have.
    pub password_env: Option<&'a str>,
    /// The subject, which may have been meant as the server.
    pub subject: Option<&'a str>,
    /// Nothing is connected to: no password is read.
    pub dry_run: bool,
}

impl<'a> From<&'a SendArgs> for Wanted<'a> {
    fn from(args: &'a SendArgs) -> Wanted<'a> {
        Wanted {
            server: &args.server,
            tls: &args.tls,
            protocol: &args.protocol,
            password_env: args.login.password_env.as_deref(),
            subject: args.message.subject.as_deref(),
            dry_run: args.output.dry_run,
        }
    }
}

/// Reads them.
pub fn resolve(args: &Wanted<'_>, output: &Output) -> Result<Route> {
    let server = wanted_server(args)?;
    let host = server.host().map(str::to_owned);
    let server = match program(args)? {
        Some(_) if matches!(server.endpoint, Endpoint::Unix(_)) => {
            return Err(Stop::usage("--pipe and a Unix socket: there can be one way only"));
        }
        Some(words) => Server { endpoint: Endpoint::Program(words), ..server },
        None => server,
    };
    if matches!(server.endpoint, Endpoint::Unix(_)) {
        for (given, flag) in
            [(args.server.bind.is_some(), "--bind"), (args.server.proxy.is_some(), "--proxy")]
        {
            if given {
                return Err(Stop::usage(format!("{flag}: a Unix socket is not reached by an address")));
            }
        }
    }
    let mut local = local_end(args)?;
    let proxy = proxy(args, output)?;
    let proxy_protocol = proxy_protocol(args, &server, proxy.is_some(), &mut local)?;
    let hidden = [args.password_env, args.server.proxy_password_env.as_deref()];
    let hidden = hidden.into_iter().flatten().map(str::to_owned).collect();
    Ok(Route { server, host, way: Way { local, proxy, proxy_protocol, hidden } })
}

/// The server with its port.
fn wanted_server(args: &Wanted<'_>) -> Result<Server> {
    if let Some(text) = args.server.server.as_deref().filter(|text| !text.is_empty()) {
        return server(text, args.server.port, args.server.named_by);
    }
    if args.server.pipe.is_some() {
        let endpoint = Endpoint::Program(Vec::new());
        return Ok(Server { protocol: Protocol::Smtp, endpoint, tls: None, user: None });
    }
    let hint = match args.subject.filter(|subject| looks_like_server(subject)) {
        Some(subject) => format!("; '{}' was taken as the subject: the server is -S", printable(subject)),
        None => String::new(),
    };
    Err(Stop::usage(format!(
        "no server: name one with -S (--server), as in -S mail.example.org or -S submission://host, or in EHLO_SERVER{hint}"
    )))
}

/// A server as it was named, with the port of `--port`; `argument` is what it was named by.
pub fn server(text: &str, port: Option<u16>, argument: &str) -> Result<Server> {
    let mut server: Server =
        text.parse().map_err(|error| Stop::usage(format!("{argument}: {}", words::net::server(&error))))?;
    if let Endpoint::Tcp { host, .. } = &mut server.endpoint
        && !host.is_ascii()
    {
        // The DNS, a proxy and a certificate know it by its A-labels only.
        let domain = Domain::parse(host)
            .map_err(|error| Stop::usage(format!("{argument} '{}': {error}", printable(host))))?;
        *host = domain.ascii().to_owned();
    }
    if let Some(wanted) = port {
        match &mut server.endpoint {
            Endpoint::Tcp { port: Some(port), .. } if *port != wanted => {
                return Err(Stop::usage(format!(
                    "{argument} names port {port} and --port another, {wanted}"
                )));
            }
            Endpoint::Tcp { port, .. } => *port = Some(wanted),
            Endpoint::Unix(_) | Endpoint::Program(_) => {
                return Err(Stop::usage("--port: a Unix socket has none"));
            }
        }
    }
    Ok(server)
}

/// The program of `--pipe`, with its arguments.
fn program(args: &Wanted<'_>) -> Result<Option<Vec<String>>> {
    let Some(command) = &args.server.pipe else { return Ok(None) };
    match words_of(command) {
        None => Err(Stop::usage("--pipe: a quotation mark is never closed")),
        Some(words) if words.is_empty() => Err(Stop::usage("--pipe is empty")),
        words => Ok(words),
    }
}

/// Our own end. Its address decides which of the server's addresses count.
fn local_end(args: &Wanted<'_>) -> Result<LocalEnd> {
    let family = family(args.server.ipv4, args.server.ipv6);
    let mut local = LocalEnd { family, bind: args.server.bind };
    if let Some(address) = local.bind {
        narrow(&mut local, "--bind", address)?;
    }
    Ok(local)
}

/// From now on only addresses of this one's family count.
fn narrow(local: &mut LocalEnd, flag: &str, address: SocketAddr) -> Result<()> {
    let (its, number, other) =
        if address.ip().to_canonical().is_ipv4() { (Family::V4, 4, 6) } else { (Family::V6, 6, 4) };
    if local.family != Family::Any && local.family != its {
        return Err(Stop::usage(format!(
            "{flag}: {} is an IPv{number} address, and another flag wants IPv{other}",
            address.ip()
        )));
    }
    local.family = its;
    Ok(())
}

/// The proxy, with its password; that is read now, unless nothing is to be connected to.
fn proxy(args: &Wanted<'_>, output: &Output) -> Result<Option<Proxy>> {
    let Some(text) = &args.server.proxy else { return Ok(None) };
    let mut proxy: Proxy =
        text.parse().map_err(|error| Stop::usage(format!("--proxy: {}", words::net::proxy(&error))))?;
    let (file, variable) = (&args.server.proxy_password_file, &args.server.proxy_password_env);
    let Some(user) = &proxy.user else {
        if file.is_some() || variable.is_some() {
            return Err(Stop::usage(
                "--proxy: a password, and no user for it: name one, as in socks5://user@host",
            ));
        }
        return Ok(Some(proxy));
    };
    if proxy.kind == ProxyKind::Http && user.contains(':') {
        return Err(Stop::usage("--proxy: a user of an HTTP proxy has no colon in the name"));
    }
    let password = match (file, variable) {
        (None, None) => {
            return Err(Stop::usage(format!(
                "no password for {} at the proxy: use --proxy-password-file or --proxy-password-env",
                printable(user)
            )));
        }
        _ if args.dry_run => Secret::new(String::new()),
        (Some(file), _) => secrets::from_file(file, output)?,
        (None, Some(name)) => secrets::from_environment(name, "--proxy-password-env")?,
    };
    let length = password.reveal().len();
    if !args.dry_run && (length == 0 || password.reveal().chars().any(char::is_control)) {
        return Err(Stop::usage("the proxy's password is empty, or holds a control character"));
    }
    if proxy.kind == ProxyKind::Socks5 && length.max(user.len()) > 255 {
        return Err(Stop::usage("--proxy: a SOCKS proxy takes a user and a password of 255 octets at most"));
    }
    proxy.password = Some(password);
    Ok(Some(proxy))
}

/// The PROXY protocol's header. Where the connection has no addresses of its own that would mean anything to the
/// server, both must be given.
fn proxy_protocol(
    args: &Wanted<'_>,
    server: &Server,
    by_proxy: bool,
    local: &mut LocalEnd,
) -> Result<Option<Header>> {
    let version = match args.protocol.proxy_protocol {
        None => return Ok(None),
        Some(ProxyVersion::V1) => Version::V1,
        Some(ProxyVersion::V2) => Version::V2,
    };
    let (source, destination) = (args.protocol.proxy_source, args.protocol.proxy_destination);
    let header = Header { version, source, destination };
    match (source, destination) {
        (Some(_), Some(_)) if header.addresses(None).is_none() => {
            return Err(Stop::usage(
                "--proxy-source and --proxy-destination: one is an IPv4 address, the other an IPv6 one",
            ));
        }
        (Some(_), Some(_)) => {}
        _ if by_proxy || server.host().is_none() => {
            let what = if by_proxy { "through a proxy" } else { "without an IP address" };
            return Err(Stop::usage(format!(
                "--proxy-protocol {what} needs --proxy-source and --proxy-destination"
            )));
        }
        (Some(source), None) => narrow(local, "--proxy-source", source)?,
        (None, Some(destination)) => narrow(local, "--proxy-destination", destination)?,
        (None, None) => {}
    }
    Ok(Some(header))
}

/// What we call ourselves, if that is not left to our address.
pub fn ehlo_name(given: Option<&str>) -> Result<Option<EhloName>> {
    match given {
        Some(text) => EhloName::parse(text)
            .map(Some)
            .map_err(|error| Stop::usage(format!("--ehlo-name '{}': {error}", printable(text)))),
        None => Ok(host::full_name()),
    }
}

/// `-4`, `-6`, or neither.
pub fn family(ipv4: bool, ipv6: bool) -> Family {
    match (ipv4, ipv6) {
        (true, _) => Family::V4,
        (false, true) => Family::V6,
        (false, false) => Family::Any,
    }
}

/// How long things may take.
pub fn patience(args: &ServerArgs) -> Patience {
    Patience {
        connect: args.connect_timeout,
        each: args.timeout,
        message: args.final_timeout,
        whole: args.deadline.map_or_else(Deadline::never, Deadline::after),
    }
}

/// SMTP or LMTP.
pub fn protocol(server: &Server) -> session::Protocol {
    match server.protocol {
        Protocol::Smtp => session::Protocol::Smtp,
        Protocol::Lmtp => session::Protocol::Lmtp,
    }
}

/// What the server is to be told by XCLIENT.
pub fn xclient(args: &Wanted<'_>) -> Result<Option<Xclient>> {
    let read =
        |text: &String| Xclient::parse(text).map_err(|error| Stop::usage(format!("--xclient: {error}")));
    args.protocol.xclient.as_ref().map(read).transpose()
}

/// The flag, or the default: implicit on 465; starttls on 587 and wherever a user or a pin is given; off for Unix
/// sockets, programs and LMTP; else opportunistic.
pub fn tls_mode(args: &Wanted<'_>, server: &Server, demanded: bool) -> Tls {
    match args.tls.tls {
        Some(TlsMode::Off) => return Tls::Off,
        Some(TlsMode::Opportunistic) => return Tls::Opportunistic,
        Some(TlsMode::Starttls) => return Tls::StartTls,
        Some(TlsMode::Implicit) => return Tls::Implicit,
        None => {}
    }
    // A socket never leaves this machine; a program may lead anywhere.
    let may_leave = !matches!(server.endpoint, Endpoint::Unix(_));
    match server.tls_hint() {
        TlsHint::Off if demanded && may_leave && server.tls.is_none() => Tls::StartTls,
        TlsHint::Opportunistic if demanded => Tls::StartTls,
        TlsHint::Off => Tls::Off,
        TlsHint::Opportunistic => Tls::Opportunistic,
        TlsHint::StartTls => Tls::StartTls,
        TlsHint::Implicit => Tls::Implicit,
    }
}

/// The name that the certificate must bear: the server's, never the proxy's. A program has none.
pub fn tls_name(args: &Wanted<'_>, server: &Server, host: Option<String>, tls: Tls) -> Result<String> {
    let is_program = matches!(server.endpoint, Endpoint::Program(_));
    match args.tls.tls_name.clone().or(host) {
        Some(name) => Ok(name),
        None if is_program && tls != Tls::Off && !args.tls.insecure && args.tls.pin.is_empty() => {
            Err(Stop::usage(
                "--pipe with TLS: say by --tls-name (or --server) which name the certificate must bear",
            ))
        }
        None => Ok("localhost".to_owned()),
    }
}

/// The way in words, row by row.
pub fn describe(settings: &Settings, row: &mut dyn FnMut(&str, &str)) {
    let protocol = match settings.protocol {
        session::Protocol::Smtp => "smtp",
        session::Protocol::Lmtp => "lmtp",
    };
    match &settings.endpoint {
        Endpoint::Tcp { host, .. } if host.contains(':') => {
            row("server", &format!("[{host}]:{} ({protocol})", settings.port));
        }
        Endpoint::Tcp { host, .. } => row("server", &format!("{host}:{} ({protocol})", settings.port)),
        Endpoint::Unix(path) => row("server", &format!("{} ({protocol})", path.display())),
        // Its arguments may hold anything.
        Endpoint::Program(words) => {
            let name = words.first().map_or("", String::as_str);
            row("server", &format!("the program {name} ({protocol})"));
        }
    }
    let Way { local, proxy, proxy_protocol, hidden: _ } = &settings.way;
    match local.bind {
        Some(address) if address.port() == 0 => row("bind", &address.ip().to_string()),
        Some(address) => row("bind", &address.to_string()),
        None => {}
    }
    match (proxy, proxy.as_ref().and_then(|proxy| proxy.user.as_ref())) {
        (Some(proxy), Some(user)) => row("proxy", &format!("{proxy}, log in as {user}")),
        (Some(proxy), None) => row("proxy", &proxy.to_string()),
        (None, _) => {}
    }
    if let Some(header) = proxy_protocol {
        let version = match header.version {
            Version::V1 => "v1",
            Version::V2 => "v2",
        };
        let source = header.source.map_or("this end's address".to_owned(), |source| source.to_string());
        let destination = header.destination.map_or("the server's".to_owned(), |address| address.to_string());
        row("announced", &format!("{source} to {destination} (PROXY protocol {version})"));
    }
    if let Some(xclient) = &settings.xclient {
        row("xclient", xclient.to_string().trim_start_matches("XCLIENT "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_a_labels_and_has_one_port() {
        let tcp = |host: &str, port| Endpoint::Tcp { host: host.to_owned(), port };
        for (text, port, endpoint) in [
            ("bücher.example", None, tcp("xn--bcher-kva.example", None)),
            ("smtp://bücher.example:26", Some(26), tcp("xn--bcher-kva.example", Some(26))),
            ("beta", Some(26), tcp("beta", Some(26))),
            ("[::1]:25", None, tcp("::1", Some(25))),
        ] {
            assert_eq!(server(text, port, "SERVER").unwrap().endpoint, endpoint, "{text}");
        }
        for (text, why) in [
            ("beta:25", "SERVER names port 25 and --port another, 26"),
            ("lmtp:///run/lmtp", "--port: a Unix socket has none"),
        ] {
            assert_eq!(server(text, Some(26), "SERVER").unwrap_err().report().text, why, "{text}");
        }
    }
}
