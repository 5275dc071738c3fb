//! Whom we trust over TLS, and who we are: certificates, pins and keys, looked at before anybody is connected to.

use super::secrets::readable_by_others;
use super::stop::{Result, Stop};
use crate::cli::{TlsArgs, TlsBackend, TlsVersion};
use crate::client::{self, Tls};
use crate::net::connect::is_loopback;
use crate::net::tls::{self, Backend, Client, Identity, MinVersion, Pin, TlsInfo, Trust, Verify};
use crate::net::{Endpoint, IdentityFault, TlsError};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::words;

/// The client's side of TLS, for a server of this name, if it has one.
pub fn client(args: &TlsArgs, mode: Tls, host: Option<&str>, output: &Output) -> Result<Client> {
    let settings = tls::Settings {
        backend: match args.tls_backend {
            Some(TlsBackend::Rustls) => Backend::Rustls,
            Some(TlsBackend::Native) => Backend::Native,
            None => Backend::default(),
        },
        trust: args.ca_file.clone().map_or(Trust::System, Trust::File),
        verify: mode.verify(args.insecure),
        min_version: match args.tls_min {
            Some(TlsVersion::V1_3) => MinVersion::Tls13,
            Some(TlsVersion::V1_2) | None => MinVersion::Tls12,
        },
        tls12_only: false,
        pins: args.pin.iter().map(|text| pin(text)).collect::<Result<_>>()?,
        identity: args
            .client_cert
            .clone()
            .map(|certificate| Identity { certificate, key: args.client_key.clone() }),
    };
    let flag = match (settings.pins.is_empty(), &settings.identity) {
        (false, _) => Some("--pin"),
        (true, Some(_)) => Some("--client-cert"),
        (true, None) => None,
    };
    if let Some(flag) = flag.filter(|_| mode == Tls::Off) {
        return Err(Stop::usage(format!("{flag}: TLS is off here; add --tls starttls or --tls implicit")));
    }
    if mode == Tls::Opportunistic && !settings.pins.is_empty() {
        return Err(Stop::usage(
            "--pin: with --tls opportunistic it may go out in clear, to anybody; say --tls starttls or --tls implicit",
        ));
    }
    check_name(args, mode, host, &settings)?;
    let key = settings.identity.as_ref().map(|identity| identity.key_file().to_owned());
    let client = Client::new(settings);
    client.check().map_err(|error| stop(&error, args))?;
    if let Some(key) = key.filter(|key| readable_by_others(key)) {
        output.warn(&format!("others can read the private key in {}: chmod 600 it", key.display()));
    }
    Ok(client)
}

fn pin(text: &str) -> Result<Pin> {
    text.parse().map_err(|error| Stop::usage(format!("--pin '{}': {error}", printable(text))))
}

/// A name that no certificate can bear is found out now, not by the server's certificate.
fn check_name(args: &TlsArgs, mode: Tls, host: Option<&str>, settings: &tls::Settings) -> Result<()> {
    let unfit = |name: &&str| !tls::is_name(name);
    if let Some(name) = args.tls_name.as_deref() {
        return match Some(name).filter(unfit) {
            Some(name) => {
                let name = printable(name);
                Err(Stop::usage(format!("--tls-name '{name}': no certificate can be for such a name")))
            }
            None => Ok(()),
        };
    }
    let counts = mode != Tls::Off && settings.verify == Verify::Demanded && settings.pins.is_empty();
    match host.filter(unfit).filter(|_| counts) {
        Some(name) => Err(Stop::usage(format!(
            "no certificate can be for '{}': say by --tls-name which name it must bear",
            printable(name)
        ))),
        None => Ok(()),
    }
}

/// Which flag is at fault, and how badly.
fn stop(error: &TlsError, args: &TlsArgs) -> Stop {
    let (flag, fault) = match error {
        TlsError::CaFile { .. } => ("--ca-file", None),
        TlsError::Identity { path, fault } if args.client_key.as_ref() == Some(path) => {
            ("--client-key", Some(*fault))
        }
        TlsError::Identity { fault, .. } => ("--client-cert", Some(*fault)),
        error if error.is_trust() => {
            return Stop::of(ExitStatus::NO_PERMISSION, words::net::tls(error));
        }
        error => return Stop::usage(words::net::tls(error)),
    };
    let said = words::net::tls(error);
    match fault {
        Some(IdentityFault::KeyMissing) => Stop::usage(format!("{flag}: {said}")),
        _ => Stop::no_input(anyhow::Error::msg(said), flag.to_owned()),
    }
}

/// What to warn of where a certificate is only reported: that it could not be verified, and what ends the warning.
/// Nobody stands between a server at this `address` and us if it is our own machine's.
pub fn unverified(settings: &client::Settings, tls: &TlsInfo, address: &str) -> Option<String> {
    let is_reported = settings.tls == Tls::Opportunistic
        && settings.tls_client.settings().verify == Verify::Reported
        && !tls.verified;
    if !is_reported || is_own_machine(&settings.endpoint, settings.way.proxy.is_some(), address) {
        return None;
    }
    let fault = tls.fault.as_ref().map_or(String::new(), |fault| format!(": {fault}"));
    Some(format!(
        "the server's certificate could not be verified{fault}; to end this warning: --ca-file, or --pin with \
         --tls starttls, once the server's operator has confirmed the certificate, or --tls off"
    ))
}

/// A Unix socket, or a loopback address: that of the peer, whatever the server's name is. The loopback of a proxy is
/// another machine's, and where a program leads nobody knows.
fn is_own_machine(endpoint: &Endpoint, by_proxy: bool, address: &str) -> bool {
    match endpoint {
        Endpoint::Unix(_) => true,
        Endpoint::Tcp { .. } => !by_proxy && address.parse().is_ok_and(|address| is_loopback(&address)),
        Endpoint::Program(_) => false,
    }
}

/// Says when it is encrypted, and who is trusted, for `--dry-run`.
pub fn describe(settings: &client::Settings) -> String {
    let mode = match settings.tls {
        Tls::Off => return "off".to_owned(),
        Tls::Opportunistic => "starttls if it is offered",
        Tls::StartTls => "starttls",
        Tls::Implicit => "implicit",
    };
    let tls = settings.tls_client.settings();
    let trust = match &tls.trust {
        Trust::System => "the system's certificates".to_owned(),
        Trust::File(path) => path.display().to_string(),
    };
    let finding = match tls.verify {
        _ if !tls.pins.is_empty() => "verified by --pin".to_owned(),
        Verify::Skipped => "not verified (--insecure)".to_owned(),
        Verify::Demanded => format!("verified as {} by {trust}", settings.tls_name),
        Verify::Reported => "a fault of the certificate only reported".to_owned(),
    };
    let ours = match &tls.identity {
        Some(identity) => format!(", with the client certificate {}", identity.certificate.display()),
        None => String::new(),
    };
    format!("{mode}, {finding}{ours}")
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
