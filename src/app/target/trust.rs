//! Whom we trust over TLS, and who we are: certificates, pins and keys, looked at before anybody is connected
//! to.

use super::super::early_exit::{EarlyExit, Result};
use super::super::secrets::readable_by_others;
use crate::cli::TlsArgs;
use crate::client::{Target, TlsPolicy};
use crate::net::connect::is_loopback;
use crate::net::tls::{self, Client, Identity, Pin, TlsInfo, Trust, Verify};
use crate::net::{Endpoint, IdentityFault, Server, TlsError, TlsMode};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::words;

/// How the connection is encrypted, with a server of this name, if it has one. `observes` is
/// [`Deviations::observes`].
///
/// [`Deviations::observes`]: super::Deviations::observes
pub fn policy(
    args: &TlsArgs,
    when: TlsMode,
    observes: bool,
    server: &Server,
    host: Option<&str>,
    output: &Output,
) -> Result<TlsPolicy> {
    let TlsArgs {
        // It is a part of `when`.
        tls: _,
        ca_file,
        insecure,
        tls_name,
        pin: pins,
        client_cert,
        client_key,
        tls_min,
        tls_backend,
    } = args;
    let settings = tls::Settings {
        backend: tls_backend.unwrap_or_default(),
        trust: ca_file.clone().map_or(Trust::System, Trust::File),
        verify: if observes { Verify::Observed } else { when.verify(*insecure) },
        min_version: tls_min.unwrap_or_default(),
        tls12_only: false,
        pins: pins.iter().map(|text| pin(text)).collect::<Result<_>>()?,
        dane: None,
        identity: client_cert.clone().map(|certificate| Identity { certificate, key: client_key.clone() }),
    };
    let flag = match (settings.pins.is_empty(), &settings.identity) {
        (false, _) => Some("--pin"),
        (true, Some(_)) => Some("--client-cert"),
        (true, None) => None,
    };
    if let Some(flag) = flag.filter(|_| when == TlsMode::Off) {
        return Err(EarlyExit::usage(format!(
            "{flag}: TLS is off here; add --tls starttls or --tls implicit"
        )));
    }
    if when == TlsMode::Opportunistic && !observes && !settings.pins.is_empty() {
        return Err(EarlyExit::usage(
            "--pin: --tls opportunistic may send in clear, to anyone; use --tls starttls or --tls implicit",
        ));
    }
    check_name(tls_name.as_deref(), when, host, &settings)?;
    let key = settings.identity.as_ref().map(|identity| identity.key_file().to_owned());
    let client = Client::new(settings);
    client.check().map_err(|error| stop(&error, args))?;
    if let Some(key) = key.filter(|key| readable_by_others(key)) {
        output.warn(&format!("others can read the private key in {}: chmod 600 it", key.display()));
    }
    // The server's name, never the proxy's. A program has none.
    let name = match tls_name.as_deref().or(host) {
        Some(name) => name.to_owned(),
        None if matches!(server.endpoint, Endpoint::Program(_))
            && when != TlsMode::Off
            && !insecure
            && pins.is_empty() =>
        {
            return Err(EarlyExit::usage(
                "--pipe with TLS: give the name on the certificate with --tls-name (or --server)",
            ));
        }
        None => "localhost".to_owned(),
    };
    Ok(TlsPolicy { when, client, name })
}

/// The flag, or the default: implicit on 465; starttls on 587 and wherever TLS is `demanded`, for a user, a
/// pin or a stage; off for Unix sockets, programs and LMTP; else opportunistic.
pub fn when(asked: Option<TlsMode>, server: &Server, demanded: bool) -> TlsMode {
    // A socket never leaves this machine; a program may lead anywhere.
    let may_leave = !matches!(server.endpoint, Endpoint::Unix(_));
    match (asked, server.tls_hint()) {
        (Some(asked), _) => asked,
        (None, TlsMode::Off) if demanded && may_leave && server.tls.is_none() => TlsMode::StartTls,
        (None, TlsMode::Opportunistic) if demanded => TlsMode::StartTls,
        (None, hint) => hint,
    }
}

/// When TLS is only looked at: by STARTTLS wherever that is offered, by LMTP as well; a Unix socket has no
/// name that a certificate could bear.
pub fn when_observed(asked: Option<TlsMode>, server: &Server) -> TlsMode {
    match (asked, server.tls_hint()) {
        (Some(TlsMode::Off), _) => TlsMode::Off,
        (Some(TlsMode::Implicit), _) | (None, TlsMode::Implicit) => TlsMode::Implicit,
        (None, _) if matches!(server.endpoint, Endpoint::Unix(_)) => TlsMode::Off,
        (Some(TlsMode::Opportunistic | TlsMode::StartTls) | None, _) => TlsMode::Opportunistic,
    }
}

/// `--insecure` is said aloud, wherever it makes a difference.
pub fn warn_of_insecure(tls: &TlsPolicy, output: &Output) {
    let settings = tls.client.settings();
    if settings.verify == Verify::Skipped && settings.pins.is_empty() && tls.when != TlsMode::Off {
        output.warn("the server's certificate is not verified (--insecure)");
    }
}

fn pin(text: &str) -> Result<Pin> {
    text.parse().map_err(|error| EarlyExit::usage(format!("--pin '{}': {error}", printable(text))))
}

/// A name that no certificate can bear is found out now, not by the server's certificate.
fn check_name(
    tls_name: Option<&str>,
    when: TlsMode,
    host: Option<&str>,
    settings: &tls::Settings,
) -> Result<()> {
    let unfit = |name: &&str| !tls::is_name(name);
    if let Some(name) = tls_name {
        return match Some(name).filter(unfit) {
            Some(name) => {
                let name = printable(name);
                Err(EarlyExit::usage(format!("--tls-name '{name}': a certificate cannot be for such a name")))
            }
            None => Ok(()),
        };
    }
    let counts = when != TlsMode::Off && settings.verify == Verify::Demanded && settings.pins.is_empty();
    match host.filter(unfit).filter(|_| counts) {
        Some(name) => Err(EarlyExit::usage(format!(
            "a certificate cannot be for '{}': give the name to expect with --tls-name",
            printable(name)
        ))),
        None => Ok(()),
    }
}

/// Which flag is at fault, and how badly.
fn stop(error: &TlsError, args: &TlsArgs) -> EarlyExit {
    let (flag, fault) = match error {
        TlsError::CaFile { .. } => ("--ca-file", None),
        TlsError::Identity { path, fault } if args.client_key.as_ref() == Some(path) => {
            ("--client-key", Some(*fault))
        }
        TlsError::Identity { fault, .. } => ("--client-cert", Some(*fault)),
        error if error.is_trust() => return EarlyExit::of(ExitStatus::NO_PERMISSION, words::net::tls(error)),
        error => return EarlyExit::usage(words::net::tls(error)),
    };
    let said = words::net::tls(error);
    match fault {
        Some(IdentityFault::KeyMissing) => EarlyExit::usage(format!("{flag}: {said}")),
        _ => EarlyExit::no_input(anyhow::Error::msg(said), flag.to_owned()),
    }
}

/// What to warn of where a certificate is only reported: that it could not be verified, and what ends the
/// warning. Nobody stands between a server at this `address` and us if it is our own machine's.
pub fn unverified(target: &Target, tls: &TlsInfo, address: &str) -> Option<String> {
    let is_reported = target.tls.when == TlsMode::Opportunistic
        && target.tls.client.settings().verify == Verify::Reported
        && !tls.verified;
    if !is_reported || is_own_machine(&target.endpoint, target.way.proxy.is_some(), address) {
        return None;
    }
    let fault = tls.fault.as_ref().map_or(String::new(), |fault| format!(": {fault}"));
    Some(format!(
        "the server's certificate could not be verified{fault}; to silence this: --ca-file, or --pin with \
         --tls starttls once the server's operator has confirmed the certificate, or --tls off"
    ))
}

/// A Unix socket, or a loopback address: that of the peer, whatever the server's name is. The loopback of a
/// proxy is another machine's, and where a program leads nobody knows.
fn is_own_machine(endpoint: &Endpoint, by_proxy: bool, address: &str) -> bool {
    match endpoint {
        Endpoint::Unix(_) => true,
        Endpoint::Tcp { .. } => !by_proxy && address.parse().is_ok_and(|address| is_loopback(&address)),
        Endpoint::Program(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_machine_is_told_by_the_address_and_not_by_the_name() {
        let named = |host: &str| Endpoint::Tcp { host: host.to_owned(), port: None };
        for address in ["127.0.0.1:25", "127.1.2.3:587", "[::1]:25", "[::ffff:127.0.0.1]:25"] {
            assert!(is_own_machine(&named("beta.example"), false, address), "{address}");
            assert!(!is_own_machine(&named("localhost"), true, address), "{address} through a proxy");
            let program = Endpoint::Program(vec![address.to_owned()]);
            assert!(!is_own_machine(&program, false, address), "a program called {address}");
        }
        for address in
            ["192.0.2.1:25", "10.0.0.1:25", "[::2]:25", "[fe80::1%1]:25", "localhost:25", "128.0.0.1:25"]
        {
            assert!(!is_own_machine(&named("localhost"), false, address), "{address}");
        }
        assert!(is_own_machine(&Endpoint::Unix("/run/smtp".into()), false, "/run/smtp"));
    }
}
