//! A target in words, row by row, for `--dry-run`.

use super::super::login;
use super::resolve::Resolved;
use crate::client::{Target, TlsPolicy, Way};
use crate::net::proxy_protocol::Version;
use crate::net::tls::{Trust, Verify};
use crate::net::{Endpoint, TlsMode, host_and_port};
use ehlo_smtp::command::EhloName;
use ehlo_smtp::session::Protocol;

impl Resolved<'_> {
    /// Says all of it: where to, TLS, who logs in, and by which name.
    pub fn describe(&self, row: &mut dyn FnMut(&str, &str)) {
        if let Some(chosen) = &self.account {
            row("account", &chosen.in_words());
        }
        match &self.routes {
            Some(routes) => {
                row("server", &routes.in_words());
                row("ehlo name", ehlo_name(&self.target));
                return;
            }
            None => way(&self.target, row),
        }
        for (number, other) in self.others.iter().enumerate() {
            row(if number == 0 { "else" } else { "" }, &server(other));
        }
        row("tls", &tls_in_words(&self.target.tls));
        match self.user.as_deref().map(|user| (user, login::origin(&self.args.login, user))) {
            Some(("", origin)) => row("log in", &origin),
            Some((user, origin)) => row("log in", &format!("as {user}, {origin}")),
            None => row("log in", "no"),
        }
        row("ehlo name", ehlo_name(&self.target));
    }
}

fn ehlo_name(target: &Target) -> &str {
    target.session.ehlo_name.as_ref().map_or("[local address]", EhloName::as_str)
}

/// Where to.
fn server(target: &Target) -> String {
    let protocol = match target.session.protocol {
        Protocol::Smtp => "smtp",
        Protocol::Lmtp => "lmtp",
    };
    match &target.endpoint {
        Endpoint::Tcp { host, .. } => format!("{} ({protocol})", host_and_port(host, target.port())),
        Endpoint::Unix(path) => format!("{} ({protocol})", path.display()),
        // Its arguments may hold anything.
        Endpoint::Program(words) => {
            format!("the program {} ({protocol})", words.first().map_or("", String::as_str))
        }
    }
}

/// Where to, and by which way.
fn way(target: &Target, row: &mut dyn FnMut(&str, &str)) {
    row("server", &server(target));
    let Way { addresses: _, local, proxy, proxy_protocol, hidden: _ } = &target.way;
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
        let source = header.source.map_or("the local address".to_owned(), |source| source.to_string());
        let destination = header.destination.map_or("the server's".to_owned(), |address| address.to_string());
        row("announced", &format!("{source} to {destination} (PROXY protocol {version})"));
    }
    if let Some(xclient) = &target.session.xclient {
        row("xclient", &xclient.to_string());
    }
}

/// When it is encrypted, and who is trusted.
fn tls_in_words(tls: &TlsPolicy) -> String {
    let mode = match tls.when {
        TlsMode::Off => return "off".to_owned(),
        TlsMode::Opportunistic => "starttls if offered",
        TlsMode::StartTls => "starttls",
        TlsMode::Implicit => "implicit",
    };
    let settings = tls.client.settings();
    let trust = match &settings.trust {
        Trust::System => "the system's certificates".to_owned(),
        Trust::File(path) => path.display().to_string(),
    };
    let finding = match settings.verify {
        _ if !settings.pins.is_empty() => "verified by --pin".to_owned(),
        Verify::Skipped => "not verified (--insecure)".to_owned(),
        Verify::Demanded => format!("verified as {} by {trust}", tls.name),
        Verify::Reported | Verify::Observed => "certificate faults are only reported".to_owned(),
    };
    let ours = match &settings.identity {
        Some(identity) => format!(", with the client certificate {}", identity.certificate.display()),
        None => String::new(),
    };
    format!("{mode}, {finding}{ours}")
}
