//! Reaching a server, and its first words.

use crate::harness::send;
use crate::server::Server;
use crate::*;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, ToSocketAddrs};
use std::thread;

#[test]
fn a_server_that_hangs_up_on_ehlo_is_asked_again_with_helo() {
    to_jones("-v")
        .server(&format!(
            "S: 220 beta\nC: EHLO alpha.arpa\n! close\nS: 220 beta\nC: HELO alpha.arpa\nS: 250 beta\n{MAIL}{RCPT}{TAKEN}{QUIT}"
        ))
        .stdout(JONES_HAS_IT)
        .stderr("# connected to 127.0.0.1:PORT\n\
             S: 220 beta\n\
             C: EHLO alpha.arpa\n\
             # the server hung up on EHLO: trying again with HELO\n! connect\n\
             # connected to 127.0.0.1:PORT\n\
             S: 220 beta\n\
             C: HELO alpha.arpa\n\
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
             S: 221 bye\n")
        .exit(0);
}

#[test]
fn a_server_that_does_not_know_ehlo_is_asked_with_helo() {
    for code in ["500", "501", "502", "504", "550"] {
        to_jones("")
            .server(&format!(
                "S: 220 beta\nC: EHLO alpha.arpa\nS: {code} what\nC: HELO alpha.arpa\nS: 250 beta\n{MAIL}{RCPT}{TAKEN}{QUIT}"
            ))
            .stdout(JONES_HAS_IT)
            .exit(0);
    }
}

#[test]
fn ehlo_refused_by_421_is_not_tried_with_helo() {
    to_jones("")
        .server("S: 220 beta\nC: EHLO alpha.arpa\nS: 421 busy")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server closed the session: 421 busy\n\
             ---\tmessage\tuntried: the server closed the session: 421 busy\n",
        )
        .stderr("ehlo: the server closed the session: 421 busy\n")
        .exit(75);
}

#[test]
fn a_greeting_of_554_is_69() {
    to_jones("")
        .server("S: 554 no SMTP here\nC: QUIT\nS: 221 bye")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server rejects the connection: 554 no SMTP here\n\
             ---\tmessage\tuntried: the server rejects the connection: 554 no SMTP here\n",
        )
        .stderr("ehlo: the server rejects the connection: 554 no SMTP here\n")
        .exit(69);
}

#[test]
fn a_greeting_of_421_is_75() {
    to_jones("")
        .server("S: 421 too busy")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server rejects the connection: 421 too busy\n\
             ---\tmessage\tuntried: the server rejects the connection: 421 too busy\n",
        )
        .stderr("ehlo: the server rejects the connection: 421 too busy\n")
        .exit(75);
}

const NO_MAIL_SERVER: &str = "this is not a mail server: what it sent is not an SMTP greeting";
const HUNG_UP: &str = "the server closed the connection without a greeting";

/// A server that says this, and no more, to one who comes.
fn speaker(words: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(words.as_bytes()).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        // Closed while something waits unread, it would be a reset.
        let _ = stream.read_to_end(&mut Vec::new());
    });
    port
}

#[test]
fn what_is_no_greeting_is_shown_in_part_and_made_printable() {
    let long = "x".repeat(260);
    let cut = format!("it says '{}...'", "x".repeat(200));
    let alert = "it sent a TLS alert, so it may expect TLS from the first octet: try smtps:// or --tls \
                 implicit";
    for (says, status, why, hint) in [
        (
            "HTTP/1.1 400 Bad \x1b[2JRequest\r\n\r\n",
            76,
            NO_MAIL_SERVER,
            "it says 'HTTP/1.1 400 Bad \\x1b[2JRequest': this is a web server",
        ),
        (&format!("{long}\r\n"), 76, NO_MAIL_SERVER, &cut),
        (&long, 75, HUNG_UP, &cut),
        ("\x15\x03\x01\0\x02\x02\n", 76, NO_MAIL_SERVER, alert),
        ("\x15\x03\x01\0\x02\x02F", 75, HUNG_UP, alert),
    ] {
        to_jones("")
            .arg("--server")
            .arg(format!("127.0.0.1:{}", speaker(says.to_owned())))
            .stdout(&format!("---\tJones@Beta.ARPA\tuntried: {why}\n---\tmessage\tuntried: {why}\n"))
            .stderr(&format!("ehlo: {why}; {hint}\n"))
            .exit(status);
    }
}

#[test]
fn a_server_that_hangs_up_at_once_is_75() {
    to_jones("")
        .server("! close\n")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: the server closed the connection without a greeting\n\
             ---\tmessage\tuntried: the server closed the connection without a greeting\n",
        )
        .stderr("ehlo: the server closed the connection without a greeting\n")
        .exit(75);
}

#[test]
fn a_connection_refused_is_75() {
    // A port that was free a moment ago: nobody listens on it.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
    let text = format!("cannot connect to 127.0.0.1:{free}: connection refused");
    to_jones(&format!("-S 127.0.0.1:{free}"))
        .stdout(&format!("---\tJones@Beta.ARPA\tuntried: {text}\n---\tmessage\tuntried: {text}\n"))
        .stderr(&format!("ehlo: {text}\n"))
        .exit(75);
}

#[test]
fn a_socket_that_is_not_there_is_75() {
    to_jones("-S lmtp:///nowhere/at/all").stdout("---\tJones@Beta.ARPA\tuntried: cannot connect to the socket /nowhere/at/all: no such file or directory\n\
             ---\tmessage\tuntried: cannot connect to the socket /nowhere/at/all: no such file or directory\n").stderr("ehlo: cannot connect to the socket /nowhere/at/all: no such file or directory\n").exit(75);
}

#[test]
fn a_host_that_does_not_exist_is_68() {
    if ("localhost", 25).to_socket_addrs().is_err() {
        return;
    }
    to_jones("-S name.invalid")
        .stdout(
            "---\tJones@Beta.ARPA\tuntried: no such host: name.invalid\n\
             ---\tmessage\tuntried: no such host: name.invalid\n",
        )
        .stderr("ehlo: no such host: name.invalid\n")
        .exit(68);
}

#[test]
fn the_port_can_be_named_apart() {
    to_jones("-S 127.0.0.1 -p PORT").served_by(Server::tcp(&all_well())).stdout(JONES_HAS_IT).exit(0);
    to_jones("--port PORT -S smtp://127.0.0.1")
        .served_by(Server::tcp(&all_well()))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn the_server_can_be_named_by_the_environment() {
    send("-t Jones@Beta.ARPA --body Blah")
        .env("EHLO_SERVER", "127.0.0.1:PORT")
        .env("EHLO_FROM", "Smith@Alpha.ARPA")
        .served_by(Server::tcp(&all_well()))
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_flag_goes_before_the_environment() {
    to_jones("")
        .env("EHLO_SERVER", "name.invalid")
        .env("EHLO_FROM", "Green@Alpha.ARPA")
        .server(&all_well())
        .stdout(JONES_HAS_IT)
        .exit(0);
}

#[test]
fn a_unix_socket_is_a_server_too() {
    to_jones("").unix_server("smtp", &all_well()).stdout(JONES_HAS_IT).exit(0);
}

#[test]
fn without_a_name_of_our_own_the_address_is_said_in_brackets() {
    // A host with a full name says that: then there is nothing to see here.
    let done = crate::harness::ehlo("send -f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah")
        .server(&format!("S: 220 beta\nC: EHLO ***\nS: 250 beta\n{MAIL}{RCPT}{TAKEN}{QUIT}"))
        .stdout(JONES_HAS_IT)
        .exit(0);
    let name = done.wire().lines().next().unwrap().replace("EHLO ", "");
    assert!(name == "[127.0.0.1]" || name.contains('.') && !name.starts_with("localhost"), "{name}");
}

#[test]
fn quiet_tells_what_was_said_in_place_of_a_reply() {
    let reason = "521 mail from 192.0.2.17 is not taken here: that address is listed at bl.example.org";
    to_jones("-q")
        .server(&format!("S: 220-mx.example.org\nS: {reason}\n! swallow\n"))
        .stderr(&format!(
            "ehlo: Jones@Beta.ARPA: untried: the server sent a reply with two different codes (awaiting the greeting); \
             it says '{reason}'\n"
        ))
        .exit(76);
}
