//! TLS: who is trusted, and what is said when nobody can be.

use crate::harness::Ehlo;
use crate::json::{ok, recipient, report, transaction, with};
use crate::server::Server;
use crate::*;
use ehlo::inside::net::tls::{Acceptor, Certificate};
use rcgen::{CertifiedKey, KeyPair};
use rustls::{ServerConfig, SupportedProtocolVersion};
use serde_json::json;
use std::fs::Permissions;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::thread;

const OFFER: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 STARTTLS\n";
const GO_AHEAD: &str = "C: STARTTLS\nS: 220 go ahead\n";
const HELLO_AGAIN: &str = "C: EHLO alpha.arpa\nS: 250 beta\n";

/// A certificate for localhost, and its file `ca.pem`.
fn served(run: Ehlo, dialogue: &str) -> Ehlo {
    served_as(&Acceptor::new(&[]).unwrap(), run, dialogue)
}

fn served_as(acceptor: &Acceptor, run: Ehlo, dialogue: &str) -> Ehlo {
    run.file("ca.pem", acceptor.certificate_pem())
        .file("other.pem", Acceptor::new(&[]).unwrap().certificate_pem())
        .served_by(Server::tcp(dialogue).tls(acceptor))
        .arg("-S")
        .arg("localhost:PORT")
        .arg("-4")
}

/// What stands in its certificate.
fn certificate(acceptor: &Acceptor) -> Certificate {
    let lines = acceptor.certificate_pem().lines().filter(|line| !line.starts_with('-'));
    Certificate::read(&encodify::base64::STANDARD.decode(lines.collect::<String>().as_bytes()).unwrap())
}

/// Its fingerprint, and its key's.
pub fn fingerprints(acceptor: &Acceptor) -> (String, String) {
    let certificate = certificate(acceptor);
    (certificate.sha256.to_string(), certificate.contents.unwrap().key.sha256.to_string())
}

/// Nobody gets it, for this reason.
fn untried(why: &str) -> String {
    format!("---\tJones@Beta.ARPA\tuntried: {why}\n---\tmessage\tuntried: {why}\n")
}

const SELF_SIGNED: &str = "certificate not trusted: it is self-signed";

/// The line that says so.
fn self_signed(sha256: &str) -> String {
    format!(
        "ehlo: {SELF_SIGNED}; CN=ehlo sink, for localhost, 127.0.0.1, ::1, valid 1975-01-01 to 4096-01-01, \
         sha256:{sha256}; to accept it, --pin its sha256 or name it with --ca-file, once the server's \
         operator has confirmed it\n"
    )
}

pub fn encrypted() -> String {
    format!("{OFFER}{GO_AHEAD}{HELLO_AGAIN}{MAIL}{RCPT}{TAKEN}{QUIT}")
}

#[test]
fn starttls_is_verified_by_ca_file() {
    served(to_jones("--tls starttls --ca-file ca.pem"), &encrypted()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn no_log_in_offered_inside_tls_77() {
    let why = "the server does not offer AUTH here; leave out -u, or try another port (587 or 465)";
    served(
        to_jones("--ca-file ca.pem -u smith --password-env P").env("P", "sesame"),
        &format!("{OFFER}{GO_AHEAD}{HELLO_AGAIN}{QUIT}"),
    )
    .stdout(&untried(why))
    .stderr(&format!("ehlo: {why}\n"))
    .exit(77);
}

#[test]
fn a_self_signed_certificate_77() {
    let acceptor = Acceptor::new(&[]).unwrap();
    served_as(&acceptor, to_jones("--tls starttls --ca-file other.pem"), &format!("{OFFER}{GO_AHEAD}"))
        .stdout(&untried(SELF_SIGNED))
        .stderr(&self_signed(&fingerprints(&acceptor).0))
        .exit(77);
}

#[test]
fn a_wrong_name_77() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let why = "certificate not trusted: it is valid for localhost, 127.0.0.1, ::1, not for other.example";
    let run = to_jones("--tls starttls --ca-file ca.pem --tls-name other.example");
    served_as(&acceptor, run, &format!("{OFFER}{GO_AHEAD}"))
        .stdout(&untried(why))
        .stderr(&format!(
            "ehlo: {why}; CN=ehlo sink, valid 1975-01-01 to 4096-01-01, sha256:{}; connect by a name that \
             it is valid for, or give that name with --tls-name\n",
            fingerprints(&acceptor).0
        ))
        .exit(77);
}

#[test]
fn a_pin_of_certificate_or_key_is_enough() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (sha256, key) = fingerprints(&acceptor);
    let colons: Vec<&str> = (0..32).map(|at| &sha256[at * 2..at * 2 + 2]).collect();
    for pin in [sha256.clone(), colons.join(":"), key] {
        for more in ["", "--tls-name other.example", "--insecure", "--ca-file other.pem"] {
            let run = to_jones(&format!("--pin sha256:{pin} {more}"));
            served_as(&acceptor, run, &encrypted()).stdout(JONES_HAS_IT).exit(0);
        }
    }
}

#[test]
fn a_pin_that_does_not_match_77() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (sha256, key) = fingerprints(&acceptor);
    let why = "certificate not trusted: it does not match the pin";
    for more in ["", "--ca-file ca.pem", "--insecure"] {
        let run = to_jones(&format!("--pin sha256:{} {more}", "00".repeat(32)));
        served_as(&acceptor, run, &format!("{OFFER}{GO_AHEAD}"))
            .stdout(&untried(why))
            .stderr(&format!(
                "ehlo: {why}; CN=ehlo sink, for localhost, 127.0.0.1, ::1, valid 1975-01-01 to 4096-01-01, \
                 sha256:{sha256}, its key sha256:{key}; it was replaced, or someone is intercepting the \
                 connection: --pin it only if the server's operator confirms it\n"
            ))
            .exit(77);
    }
}

#[test]
fn a_pin_demands_tls_77() {
    let run = to_jones(&format!("--pin sha256:{}", "00".repeat(32)));
    let why = "the server does not offer STARTTLS, but TLS is required; nothing was sent (try --tls \
        implicit on port 465)";
    served(run, &format!("{HELLO}{QUIT}")).stdout(&untried(why)).stderr(&format!("ehlo: {why}\n")).exit(77);
    to_jones(&format!("-S localhost:1 --tls opportunistic --pin sha256:{}", "00".repeat(32)))
        .stderr(
            "ehlo: --pin: --tls opportunistic may send in clear, to anyone; use --tls starttls or --tls \
             implicit\n",
        )
        .exit(64);
}

#[test]
fn a_log_in_over_a_pinned_connection_is_sent() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let pin = fingerprints(&acceptor).0;
    served_as(
        &acceptor,
        to_jones(&format!("--pin sha256:{pin} -u smith --password-env P")).env("P", "sesame"),
        &format!("{OFFER}{GO_AHEAD}C: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AHNtaXRoAHNlc2FtZQ==\nS: 235 OK\n{MAIL}{RCPT}{TAKEN}{QUIT}"),
    )
    .stdout(JONES_HAS_IT)
    .exit(0);
}

#[test]
fn what_is_no_pin_64() {
    for pin in ["sha256:ab", "ab", "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", "sha256:"] {
        to_jones(&format!("--pin {pin}"))
            .unasked()
            .stderr(&format!(
                "ehlo: --pin '{pin}': needs sha256: and the SHA-256 of a certificate or of its public key, \
                 in hex or \
                 base64; or what openssl x509 -noout -fingerprint -sha256 prints\n"
            ))
            .exit(64);
    }
    to_jones(&format!("--tls off --pin sha256:{}", "00".repeat(32)))
        .unasked()
        .stderr("ehlo: --pin: TLS is off here; add --tls starttls or --tls implicit\n")
        .exit(64);
}

/// A certificate and its key, in PEM.
fn ours() -> (String, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["client.example".to_owned()]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "client");
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

#[test]
fn a_client_certificate_that_is_not_asked_for_changes_nothing() {
    let (certificate, key) = ours();
    let run = to_jones("--tls starttls --ca-file ca.pem --client-cert c.pem --client-key k.pem");
    let run = run.file("c.pem", certificate).file("k.pem", key);
    std::fs::set_permissions(run.folder().join("k.pem"), Permissions::from_mode(0o640)).unwrap();
    served(run, &encrypted())
        .stdout(JONES_HAS_IT)
        .stderr("ehlo: warning: others can read the private key in k.pem: chmod 600 it\n")
        .exit(0);
}

#[test]
fn a_client_certificate_that_is_unfit() {
    let ((certificate, key), (_, other)) = (ours(), ours());
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    for (flags, status, line) in [
        ("--client-cert none.pem", 66, "--client-cert: none.pem: no such file"),
        (
            "--client-cert c.pem",
            64,
            "--client-cert: c.pem: the certificate has no key: name its file with --client-key",
        ),
        ("--client-cert c.pem --client-key none.pem", 66, "--client-key: none.pem: no such file"),
        (
            "--client-cert c.pem --client-key c.pem",
            66,
            "--client-key: c.pem: no private key in it (they begin with -----BEGIN PRIVATE KEY-----)",
        ),
        (
            "--client-cert k.pem",
            66,
            "--client-cert: k.pem: no certificate in it (they begin with -----BEGIN CERTIFICATE-----)",
        ),
        (
            "--client-cert c.pem --client-key other.pem",
            66,
            "--client-key: other.pem: the private key in it does not belong to the certificate",
        ),
        (
            "--client-cert c.pem --client-key encrypted.pem",
            66,
            "--client-key: encrypted.pem: the private key in it is encrypted: decrypt it into a file that only you can \
             read, with openssl pkey",
        ),
    ] {
        to_jones(&format!("--tls starttls {flags}"))
            .file("c.pem", &certificate)
            .file("k.pem", &key)
            .file("other.pem", &other)
            .file("encrypted.pem", encrypted)
            .unasked()
            .stderr(&format!("ehlo: {line}\n"))
            .exit(status);
    }
}

#[test]
fn a_name_that_no_certificate_can_bear_64() {
    for name in ["'two words'", "näme", "a-.example", "a..example", "a\u{1b}[2J"] {
        let run = to_jones(&format!("--tls starttls --tls-name {name}")).unasked();
        let shown = name.trim_matches('\'').replace('\u{1b}', "\\x1b");
        run.stderr(&format!(
            "ehlo: --tls-name '{shown}': a certificate cannot be for such a \
            name\n"
        ))
        .exit(64);
    }
}

#[test]
fn a_server_that_speaks_no_version_of_ours_75() {
    let why = "no agreement on TLS with the server: it says handshake failure";
    for (flags, spoken) in [("", "TLS 1.2 and 1.3"), ("--tls-min 1.3", "TLS 1.3 only (--tls-min)")] {
        let older = if cfg!(feature = "native-tls") {
            "--tls-backend native also has older ciphers"
        } else {
            "built with --features native-tls, --tls-backend native also has older ciphers"
        };
        refusing(&[21, 3, 3, 0, 2, 2, 40], flags)
            .stdout(&untried(why))
            .stderr(&format!("ehlo: {why}; this end speaks {spoken}; {older}\n"))
            .exit(75);
    }
}

#[test]
fn a_handshake_that_hangs_75() {
    // Nothing; the head of a record; a ServerHello that is cut.
    for answer in [&[][..], &[0x16], &[0x16, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3, 7, 7, 7]] {
        let why = "timed out waiting for the TLS handshake";
        refusing(answer, "--timeout 300ms").stdout(&untried(why)).stderr(&format!("ehlo: {why}\n")).exit(75);
    }
}

/// With TLS 1.3 the refusal comes behind the handshake, with TLS 1.2 within it.
#[test]
fn a_server_that_demands_a_client_certificate_77() {
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let why = "the peer ended TLS: certificate required";
        demanding(version, "")
            .stdout(&untried(why))
            .stderr(&format!("ehlo: {why}; name yours with --client-cert\n"))
            .exit(77);
    }
}

#[test]
fn a_client_certificate_of_an_unknown_issuer_77() {
    let (certificate, key) = ours();
    for version in [&rustls::version::TLS13, &rustls::version::TLS12] {
        let why = "the peer ended TLS: unknown ca";
        let run =
            demanding(version, "--client-cert both.pem").file("both.pem", format!("{certificate}{key}"));
        std::fs::set_permissions(run.folder().join("both.pem"), Permissions::from_mode(0o600)).unwrap();
        run.stdout(&untried(why))
            .stderr(&format!("ehlo: {why}; the server does not accept our identity: see --client-cert\n"))
            .exit(77);
    }
}

/// For a server with a certificate of its own that wants to see one of its own authority.
pub fn demanding_config(
    versions: &[&'static SupportedProtocolVersion],
) -> (Arc<ServerConfig>, CertifiedKey<KeyPair>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let clients =
        rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_client_cert_verifier(clients.build().unwrap())
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .unwrap();
    (Arc::new(config), made)
}

/// Against a server that speaks this version and wants to see a certificate of its own authority.
fn demanding(version: &'static SupportedProtocolVersion, flags: &str) -> Ehlo {
    let (config, made) = demanding_config(&[version]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (peer, _) = listener.accept().unwrap();
        let connection = rustls::ServerConnection::new(config).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, peer);
        let _ = stream.write_all(b"220 beta\r\n");
        let _ = stream.flush();
        while stream.sock.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {}
    });
    to_jones(&format!("--tls implicit --ca-file server.pem {flags} -S localhost:{port} -4"))
        .file("server.pem", made.cert.pem())
}

/// Against a server that offers STARTTLS, answers the ClientHello with these octets and waits.
fn refusing(answer: &'static [u8], flags: &str) -> Ehlo {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut peer, _) = listener.accept().unwrap();
        let mut buffer = [0; 4096];
        for reply in [&b"220 beta\r\n"[..], b"250-beta\r\n250 STARTTLS\r\n", b"220 go ahead\r\n", answer] {
            peer.write_all(reply).unwrap();
            let _ = peer.read(&mut buffer);
        }
        while peer.read(&mut buffer).is_ok_and(|count| count > 0) {}
    });
    to_jones(&format!("--tls starttls {flags} -S 127.0.0.1:{port}"))
}

#[test]
fn a_name_given_is_the_one_that_counts() {
    served(to_jones("--tls starttls --ca-file ca.pem --tls-name 127.0.0.1"), &encrypted())
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn insecure_is_said_aloud() {
    served(to_jones("--tls starttls --insecure"), &encrypted())
        .stdout(JONES_HAS_IT)
        .stderr("ehlo: warning: the server's certificate is not verified (--insecure)\n")
        .exit(0);
}

#[test]
fn opportunistic_goes_on_and_says_nothing_of_our_own_machine_s_certificate() {
    served(to_jones("--ca-file other.pem"), &encrypted()).stdout(JONES_HAS_IT).exit(0);
    served(to_jones("-q --ca-file other.pem"), &encrypted()).exit(0);
    // By a name that it is not for, too, and over a socket.
    to_jones("-S 127.0.0.2:PORT")
        .served_by(Server::tcp_at("127.0.0.2", &encrypted()).tls(&Acceptor::new(&[]).unwrap()))
        .stdout(JONES_HAS_IT)
        .exit(0);
    served(to_jones("--ca-file ca.pem"), &encrypted()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn no_log_in_over_an_unverified_connection_77() {
    served(
        to_jones("--tls opportunistic --ca-file other.pem -u smith --password-env P").env("P", "sesame"),
        &format!("{OFFER}{GO_AHEAD}C: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\n{QUIT}"),
    )
    .stdout(
        "---\tJones@Beta.ARPA\tuntried: no log-in was tried: the server's certificate could not be \
        verified; name its issuer with --ca-file (or use --insecure)\n\
             ---\tmessage\tuntried: no log-in was tried: the server's certificate could not be verified; \
             name its issuer with --ca-file (or use --insecure)\n",
    )
    .stderr(
        "ehlo: no log-in was tried: the server's certificate could not be verified; name its issuer \
        with --ca-file (or use --insecure)\n",
    )
    .exit(77);
}

#[test]
fn a_log_in_over_a_verified_connection_is_sent() {
    served(
        to_jones("--ca-file ca.pem -u smith --password-env P").env("P", "sesame"),
        &format!("{OFFER}{GO_AHEAD}C: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AHNtaXRoAHNlc2FtZQ==\nS: 235 OK\n{MAIL}{RCPT}{TAKEN}{QUIT}"),
    )
    .stdout(JONES_HAS_IT)
    .exit(0);
}

#[test]
fn insecure_logs_in_all_the_same() {
    served(
        to_jones("--insecure -u smith --password-env P").env("P", "sesame"),
        &format!("{OFFER}{GO_AHEAD}C: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AHNtaXRoAHNlc2FtZQ==\nS: 235 OK\n{MAIL}{RCPT}{TAKEN}{QUIT}"),
    )
    .stdout(JONES_HAS_IT)
    .stderr("ehlo: warning: the server's certificate is not verified (--insecure)\n")
    .exit(0);
}

#[test]
fn starttls_demanded_and_not_offered_77() {
    served(to_jones("--tls starttls"), &format!("{HELLO}{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: \
        the server does not offer STARTTLS, but TLS is required; nothing was sent (try --tls implicit on \
        port 465)\n\
             ---\tmessage\tuntried: the server does not offer STARTTLS, but TLS is required; nothing was \
             sent (try --tls implicit on port 465)\n",
        )
        .stderr(
            "ehlo: the server does not offer STARTTLS, \
             but TLS is required; nothing was sent (try --tls implicit on port 465)\n",
        )
        .exit(77);
}

#[test]
fn starttls_refused() {
    served(to_jones("--tls starttls"), &format!("{OFFER}C: STARTTLS\nS: 454 not now\n{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server refused STARTTLS: 454 not now\n\
             ---\tmessage\tuntried: the server refused STARTTLS: 454 not now\n",
        )
        .stderr("ehlo: the server refused STARTTLS: 454 not now\n")
        .exit(75);
    served(to_jones("--tls starttls"), &format!("{OFFER}C: STARTTLS\nS: 554 no\n{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server refused STARTTLS: 554 no\n\
             ---\tmessage\tuntried: the server refused STARTTLS: 554 no\n",
        )
        .stderr("ehlo: the server refused STARTTLS: 554 no\n")
        .exit(77);
}

#[test]
fn opportunistic_and_starttls_refused() {
    served(to_jones(""), &format!("{OFFER}C: STARTTLS\nS: 454 not now\n{QUIT}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server refused STARTTLS: 454 not now\n\
             ---\tmessage\tuntried: the server refused STARTTLS: 454 not now\n",
        )
        .stderr("ehlo: the server refused STARTTLS: 454 not now\n")
        .exit(75);
}

#[test]
fn octets_injected_behind_the_220_76() {
    let why = "unencrypted data followed the reply to STARTTLS: someone may be tampering with the connection \
               (awaiting the reply to STARTTLS)";
    for flags in ["--tls starttls", ""] {
        served(to_jones(flags), &format!("{OFFER}C: STARTTLS\nS: 220 go ahead\nS: 250 injected\n"))
            .stdout(&format!("---\tJones@Beta.ARPA\tuntried: {why}\n---\tmessage\tuntried: {why}\n"))
            .stderr(&format!("ehlo: {why}\n"))
            .exit(76);
    }
}

#[test]
fn a_handshake_that_breaks_off_is_75_and_never_clear_text() {
    served(to_jones(""), &format!("{OFFER}C: STARTTLS\nS: 220 go ahead\n! close"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: connection closed in the middle of the TLS handshake\n\
             ---\tmessage\tuntried: connection closed in the middle of the TLS handshake\n",
        )
        .stderr("ehlo: connection closed in the middle of the TLS handshake\n")
        .exit(75);
}

#[test]
fn implicit_tls_is_verified() {
    let dialogue = format!("! handshake\n{}", all_well());
    served(to_jones("--tls implicit --ca-file ca.pem"), &dialogue).stdout(JONES_HAS_IT).exit(0);
    let acceptor = Acceptor::new(&[]).unwrap();
    served_as(&acceptor, to_jones("--tls implicit --ca-file other.pem"), "! handshake\n")
        .stdout(&untried(SELF_SIGNED))
        .stderr(&self_signed(&fingerprints(&acceptor).0))
        .exit(77);
}

#[test]
fn smtps_means_implicit_tls() {
    let acceptor = Acceptor::new(&[]).unwrap();
    to_jones("--ca-file ca.pem -4 -S smtps://localhost:PORT")
        .file("ca.pem", acceptor.certificate_pem())
        .served_by(Server::tcp(&format!("! handshake\n{}", all_well())).tls(&acceptor))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn implicit_tls_against_a_server_that_speaks_in_clear() {
    served(
        to_jones("--tls implicit --ca-file ca.pem"),
        "S: 220 beta\n! \
        swallow\n",
    )
    .stdout(
        "---\tJones@Beta.ARPA\tuntried: what the server sent is not TLS: a server that begins in clear needs smtp://, submission:// or --tls starttls\n\
             ---\tmessage\tuntried: what the server sent is not TLS: a server that begins in clear needs smtp://, submission:// or --tls starttls\n",
    )
    .stderr(
        "ehlo: what the server sent is not TLS: a server that begins in clear needs smtp://, submission:// or --tls starttls\n",
    )
    .exit(75);
}

#[test]
fn tls_off_does_not_ask_for_it() {
    served(to_jones("--tls off"), &format!("{OFFER}{MAIL}{RCPT}{TAKEN}{QUIT}")).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn tls_is_in_the_transcript_and_in_json() {
    served(to_jones("-v --tls starttls --ca-file ca.pem"), &encrypted())
        .stdout(JONES_HAS_IT)
        .stderr(
            "# connected to 127.0.0.1:PORT\n\
             S: 220 beta\n\
             C: EHLO alpha.arpa\n\
             S: 250-beta\n\
             S: 250 STARTTLS\n\
             C: STARTTLS\n\
             S: 220 go ahead\n\
             # TLS: TLSv1.3, TLS13_AES_256_GCM_SHA384, certificate verified\n\
             C: EHLO alpha.arpa\n\
             S: 250 beta\n\
             C: MAIL FROM:<Smith@Alpha.ARPA>\n\
             S: 250 OK\n\
             C: RCPT TO:<Jones@Beta.ARPA>\n\
             S: 250 OK\n\
             C: DATA\n\
             S: 354 go on\n\
             # > Date: Mon, 2 Nov 1981 14:37:00 +0000\n\
             # > From: <Smith@Alpha.ARPA>\n\
             # > To: <Jones@Beta.ARPA>\n\
             # > Message-ID: <1@alpha.arpa>\n\
             C: … 218 octets\n\
             C: .\n\
             S: 250 OK\n\
             C: QUIT\n\
             S: 221 bye\n",
        )
        .exit(0);
}

#[test]
fn the_certificate_is_in_the_long_transcript() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (sha256, key) = fingerprints(&acceptor);
    let done =
        served_as(&acceptor, to_jones("--tls starttls --ca-file ca.pem --transcript talk -q"), &encrypted())
            .exit(0);
    assert!(!done.file("talk").contains(&sha256));
    served_as(&acceptor, to_jones("-vv --tls starttls --ca-file ca.pem"), &format!("{OFFER}{GO_AHEAD}C: EHLO alpha.arpa\n! close\n"))
        .stdout(&untried("the server closed the connection before its reply to EHLO"))
        .stderr(&format!(
            "# connected to 127.0.0.1:PORT\n# 0 ms (+0 ms)\nS: 220 beta\n# 0 ms (+0 ms)\nC: EHLO alpha.arpa\n# 0 ms (+0 ms), 17 octets written\n\
             S: 250-beta\nS: 250 STARTTLS\n# 0 ms (+0 ms)\nC: STARTTLS\n# 0 ms (+0 ms), 10 octets written\nS: 220 go ahead\n# 0 ms (+0 ms)\n\
             # TLS: TLSv1.3, TLS13_AES_256_GCM_SHA384, certificate verified\n\
             # certificate: CN=ehlo sink, issued by CN=ehlo sink\n\
             #   for localhost, 127.0.0.1, ::1\n\
             #   valid 1975-01-01 to 4096-01-01\n\
             #   key EC P-256, sha256:{key}\n\
             #   sha256:{sha256}\n\
             # 0 ms (+0 ms)\nC: EHLO alpha.arpa\n# 0 ms (+0 ms), 17 octets written\n\
             ehlo: the server closed the connection before its reply to EHLO\n"
        ))
        .exit(75);
}

#[test]
fn the_certificate_is_in_json() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (sha256, key) = fingerprints(&acceptor);
    let shown = json!({
        "sha256": sha256,
        "subject": "CN=ehlo sink",
        "issuer": "CN=ehlo sink",
        "names": ["localhost", "127.0.0.1", "::1"],
        "not_before": "1975-01-01",
        "not_after": "4096-01-01",
        "key": "EC P-256",
        "key_sha256": key
    });
    let tls = json!({
        "cipher": "TLS13_AES_256_GCM_SHA384",
        "fault": "it is self-signed",
        "verified": false,
        "version": "TLSv1.3",
        "certificate": shown
    });
    let sent =
        with(with(transaction(ok(), 218, ok()), "/server/name", json!("localhost")), "/server/tls", tls);
    let jones = recipient("Jones@Beta.ARPA", "accepted", "rcpt", Some(0), ok());
    served_as(&acceptor, to_jones("--json --ca-file other.pem"), &encrypted())
        .json(with(report("all", 0, vec![jones], vec![sent]), "/timing_ms/tls", json!(0)))
        .exit(0);
}

#[test]
fn a_ca_file_without_a_certificate_66() {
    to_jones("--ca-file ca.pem").file("ca.pem", "nothing\n").unasked().stderr("ehlo: --ca-file: trusted certificates in ca.pem: no certificate in it (they begin with -----BEGIN CERTIFICATE-----)\n").exit(66);
}

#[test]
fn a_hang_up_inside_tls_is_no_way_back_to_clear_text_75() {
    served(
        to_jones("--tls opportunistic --ca-file ca.pem"),
        &format!("{OFFER}{GO_AHEAD}C: EHLO alpha.arpa\n! close\n"),
    )
    .stdout(
        "---\tJones@Beta.ARPA\tuntried: the server closed the connection before its reply to EHLO\n\
             ---\tmessage\tuntried: the server closed the connection before its reply to EHLO\n",
    )
    .stderr("ehlo: the server closed the connection before its reply to EHLO\n")
    .exit(75);
}
