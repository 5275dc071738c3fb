//! TLS: who is trusted, and what is said when nobody can be.

use crate::harness::Ehlo;
use crate::json::{ok, recipient, report, transaction, with};
use crate::server::Server;
use crate::*;
use ehlo::net::tls::Acceptor;
use serde_json::json;

const OFFER: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 STARTTLS\n";
const GO_AHEAD: &str = "C: STARTTLS\nS: 220 go ahead\n";
const HELLO_AGAIN: &str = "C: EHLO alpha.arpa\nS: 250 beta\n";

/// A certificate for localhost, and its file `ca.pem`.
fn served(run: Ehlo, dialogue: &str) -> Ehlo {
    let acceptor = Acceptor::new(&[]).unwrap();
    run.file("ca.pem", acceptor.certificate_pem())
        .file("other.pem", Acceptor::new(&[]).unwrap().certificate_pem())
        .served_by(Server::tcp(dialogue).tls(&acceptor))
        .arg("-S")
        .arg("localhost:PORT")
        .arg("-4")
}

fn encrypted() -> String {
    format!("{OFFER}{GO_AHEAD}{HELLO_AGAIN}{MAIL}{RCPT}{TAKEN}{QUIT}")
}

#[test]
fn starttls_is_verified_by_ca_file() {
    served(to_jones("--tls starttls --ca-file ca.pem"), &encrypted()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn an_unknown_issuer_77() {
    served(to_jones("--tls starttls --ca-file other.pem"), &format!("{OFFER}{GO_AHEAD}"))
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: certificate not trusted: it is self-signed\n\
             ---\tmessage\tuntried: certificate not trusted: it is self-signed\n",
        )
        .stderr("ehlo: certificate not trusted: it is self-signed; if you trust it, name it or its issuer by --ca-file (or give up checking: --insecure)\n")
        .exit(77);
}

#[test]
fn a_wrong_name_77() {
    served(to_jones("--tls starttls --ca-file ca.pem --tls-name other.example"), &format!("{OFFER}{GO_AHEAD}")).stdout("---\tJones@Beta.ARPA\tuntried: certificate not trusted: it is for localhost, 127.0.0.1, ::1, not for other.example\n\
             ---\tmessage\tuntried: certificate not trusted: it is for localhost, 127.0.0.1, ::1, not for other.example\n").stderr("ehlo: certificate not trusted: it is for localhost, 127.0.0.1, ::1, not for other.example; use the name that it is for, or say by --tls-name which one it must bear\n").exit(77);
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
fn opportunistic_warns_and_goes_on() {
    served(to_jones("--ca-file other.pem"), &encrypted()).stdout(JONES_HAS_IT).stderr("ehlo: warning: the connection was encrypted, but the server's certificate could not be verified: it is self-signed\n").exit(0);
    served(to_jones("-q --ca-file other.pem"), &encrypted()).exit(0);
    served(to_jones("--ca-file ca.pem"), &encrypted()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn no_log_in_over_an_unverified_connection_77() {
    served(
        to_jones("--tls opportunistic --ca-file other.pem -u smith --password-env P").env("P", "sesame"),
        &format!("{OFFER}{GO_AHEAD}C: EHLO alpha.arpa\nS: 250-beta\nS: 250 AUTH PLAIN\n{QUIT}"),
    )
    .stdout("---\tJones@Beta.ARPA\tuntried: no log-in was tried: the server's certificate could not be verified; name its issuer by --ca-file (or use --insecure)\n\
             ---\tmessage\tuntried: no log-in was tried: the server's certificate could not be verified; name its issuer by --ca-file (or use --insecure)\n")
    .stderr("ehlo: warning: the connection was encrypted, but the server's certificate could not be verified: it is self-signed\n\
             ehlo: no log-in was tried: the server's certificate could not be verified; name its issuer by --ca-file (or use --insecure)\n")
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
    served(to_jones("--tls starttls"), &format!("{HELLO}{QUIT}")).stdout("---\tJones@Beta.ARPA\tuntried: the server does not offer STARTTLS, and TLS is demanded; nothing was sent (try --tls implicit on port 465)\n\
             ---\tmessage\tuntried: the server does not offer STARTTLS, and TLS is demanded; nothing was sent (try --tls implicit on port 465)\n").stderr("ehlo: the server does not offer STARTTLS, and TLS is demanded; nothing was sent (try --tls implicit on port 465)\n").exit(77);
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
    served(to_jones("--tls starttls"), &format!("{OFFER}C: STARTTLS\nS: 220 go ahead\nS: 250 injected\n")).stdout("---\tJones@Beta.ARPA\tuntried: octets came in clear behind the reply to STARTTLS: somebody may be in between (awaiting the reply to STARTTLS)\n\
             ---\tmessage\tuntried: octets came in clear behind the reply to STARTTLS: somebody may be in between (awaiting the reply to STARTTLS)\n").stderr("ehlo: octets came in clear behind the reply to STARTTLS: somebody may be in between (awaiting the reply to STARTTLS)\n").exit(76);
    served(to_jones(""), &format!("{OFFER}C: STARTTLS\nS: 220 go ahead\nS: 250 injected\n")).stdout("---\tJones@Beta.ARPA\tuntried: octets came in clear behind the reply to STARTTLS: somebody may be in between (awaiting the reply to STARTTLS)\n\
             ---\tmessage\tuntried: octets came in clear behind the reply to STARTTLS: somebody may be in between (awaiting the reply to STARTTLS)\n").stderr("ehlo: octets came in clear behind the reply to STARTTLS: somebody may be in between (awaiting the reply to STARTTLS)\n").exit(76);
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
    served(to_jones("--tls implicit --ca-file other.pem"), "! handshake\n")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: certificate not trusted: it is self-signed\n\
             ---\tmessage\tuntried: certificate not trusted: it is self-signed\n",
        )
        .stderr("ehlo: certificate not trusted: it is self-signed; if you trust it, name it or its issuer by --ca-file (or give up checking: --insecure)\n")
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
    served(to_jones("--tls implicit --ca-file ca.pem"), "S: 220 beta\n! swallow\n").stdout("---\tJones@Beta.ARPA\tuntried: what the server sends is not TLS: is this the port, and is STARTTLS needed first?\n\
             ---\tmessage\tuntried: what the server sends is not TLS: is this the port, and is STARTTLS needed first?\n").stderr("ehlo: what the server sends is not TLS: is this the port, and is STARTTLS needed first?\n").exit(75);
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
             C: … 218 octets\n\
             C: .\n\
             S: 250 OK\n\
             C: QUIT\n\
             S: 221 bye\n",
        )
        .exit(0);
    served(to_jones("--json --ca-file other.pem"), &encrypted()).json(with(report("all", 0, vec![recipient("Jones@Beta.ARPA", "accepted", "rcpt", Some(0), ok())], vec![with(with(transaction(ok(), 218, ok()), "/server/name", json!("localhost")), "/server/tls", json!({"cipher": "TLS13_AES_256_GCM_SHA384", "fault": "it is self-signed", "verified": false, "version": "TLSv1.3"}))]), "/timing_ms/tls", json!(0))).stderr("ehlo: warning: the connection was encrypted, but the server's certificate could not be verified: it is self-signed\n").exit(0);
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
