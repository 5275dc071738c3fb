//! `ehlo check`, as far as it connects: talks with the hosts, DANE, and the policy of MTA-STS.

use crate::check_zone::Zone;
use crate::harness::{Ehlo, ehlo};
use crate::server::Server;
use crate::tls::fingerprints;
use ehlo::inside::net::tls::Acceptor;
use ehlo::inside::net::{Deadline, Stream};
use serde_json::Value;
use std::net::TcpListener;
use std::ops::ControlFlow;
use std::thread;
use std::time::Duration;

const OFFER: &str = "S: 220 mx1.example.org\nC: EHLO alpha.arpa\nS: 250-mx1.example.org\nS: 250 STARTTLS\n";
const GO_AHEAD: &str = "C: STARTTLS\nS: 220 go ahead\n";
const INSIDE: &str =
    "C: EHLO alpha.arpa\nS: 250-mx1.example.org\nS: 250-PIPELINING\nS: 250-8BITMIME\nS: 250 SIZE 10240000\n";
const GROUP: &str = "C: RSET\nC: NOOP\nS: 250 OK\nS: 250 OK\n";
const BYE: &str = "C: QUIT\nS: 221 bye\n! close\n";

/// The connections of one talk: with TLS 1.3, with 1.2, with a NOOP ahead of TLS, and with TLS 1.1, which is refused.
fn talk() -> String {
    let begun = format!("{OFFER}{GO_AHEAD}");
    format!("{begun}{INSIDE}{GROUP}{BYE}{begun}{BYE}{begun}! forget\n{INSIDE}{BYE}{begun}! forget\n! close\n")
}

/// What a domain with one host has; its port is that of the server.
const DOMAIN: &str = "
    example.org MX 10 mx1.example.org
    example.org TXT v=spf1 mx -all
    mx1.example.org A 127.0.0.1
    mail._domainkey.example.org TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
    _dmarc.example.org TXT v=DMARC1; p=reject; rua=mailto:dmarc@example.org
    _smtp._tls.example.org TXT v=TLSRPTv1; rua=mailto:tls@example.org
";
/// What is said of it before, and behind, the host.
const ABOVE: &str = "domain       example.org
dnssec       validated
mx           10 mx1.example.org: 127.0.0.1, validated
";
const BELOW: &str = "spf          v=spf1 mx -all
             look-ups: 1 of 10
dkim         mail: Ed25519, 256 bits
dmarc        v=DMARC1; p=reject; rua=mailto:dmarc@example.org
";
const REPORTS: &str = "tls-rpt      v=TLSRPTv1; rua=mailto:tls@example.org

";
const SINGLE: &str = "note         there is one MX host only
               mail waits at its senders while that host is down, for days if
               need be: a second host is useful only if it is as well kept as
               the first
";
const NO_TLSA: &str = "note         mx1.example.org is signed by DNSSEC, and has no TLSA record
               with a TLSA record senders know its certificate, and nobody in
               between can take it away (RFC 7672)
";
const NO_POLICY: &str = "note         there is no MTA-STS policy
               somebody in between can take STARTTLS away: publish a policy
               (RFC 8461), in testing mode at first, or use DANE
";

/// Against a server that holds this talk, with the zone and these lines, in which PORT is its port.
fn check(acceptor: &Acceptor, dialogue: &str, lines: &str) -> Ehlo {
    let server = Server::tcp(dialogue).tls(acceptor);
    let lines = lines.replace("PORT", &server.port().unwrap().to_string());
    let zone = Zone::signed(&format!("{DOMAIN}{lines}"));
    ehlo("check --ehlo-name alpha.arpa --mx-allow loopback --dkim-selector mail --ca-file ca.pem -p PORT example.org")
        .file("ca.pem", acceptor.certificate_pem())
        .served_by(server)
        .arg("--resolver")
        .arg(zone.address)
}

fn acceptor() -> Acceptor {
    Acceptor::new(&["mx1.example.org".to_owned(), "mta-sts.example.org".to_owned()]).unwrap()
}

/// A web server that says this to whoever comes.
fn policy(acceptor: &Acceptor, text: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (acceptor, text) = (acceptor.clone(), text.to_owned());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let soon = Deadline::after(Duration::from_secs(20));
            let mut stream = Stream::tcp(stream).unwrap();
            if stream.accept_tls(&acceptor, soon).is_err() {
                continue;
            }
            let _ = stream.read(&mut [0; 4096], soon);
            let length = text.len();
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{text}"
            );
            let _ = stream.write_all(answer.as_bytes(), soon, &mut |_| ControlFlow::Break(()));
            stream.close();
        }
    });
    address
}

#[test]
fn a_host_that_is_proved_by_dane_beside_the_record_of_the_next_key_0() {
    let acceptor = acceptor();
    let key = fingerprints(&acceptor).1;
    let (short, next) = (&key[..16], "11".repeat(32));
    let records =
        format!("_PORT._tcp.mx1.example.org TLSA 3 1 1 {key}\n_PORT._tcp.mx1.example.org TLSA 3 1 1 {next}");
    let host = format!(
        "               STARTTLS, TLSv1.3, certificate verified by DANE
               TLSA 3 1 1 {short}…: matches
               TLSA 3 1 1 1111111111111111…: does not match what is shown now
"
    );
    check(&acceptor, &talk(), &records)
        .stdout(&format!(
            "{ABOVE}{host}{BELOW}mta-sts      none\n{REPORTS}findings     2 notes\n{SINGLE}{NO_POLICY}"
        ))
        .exit(0);
}

#[test]
fn the_next_record_may_be_of_the_authority_and_one_alone_is_a_note_0() {
    let acceptor = acceptor();
    let key = fingerprints(&acceptor).1;
    let next = "11".repeat(32);
    let records =
        format!("_PORT._tcp.mx1.example.org TLSA 3 1 1 {key}\n_PORT._tcp.mx1.example.org TLSA 2 1 1 {next}");
    check(&acceptor, &talk(), &records).arg("-q").exit(0);
    let records =
        format!("_PORT._tcp.mx1.example.org TLSA 3 1 1 {key}\n_PORT._tcp.mx1.example.org TLSA 3 1 1 00");
    check(&acceptor, &talk(), &records)
        .arg("-q")
        .stdout(&format!(
            "findings     1 warning, 3 notes
warning      mx1.example.org: the TLSA record 3 1 1 00 cannot be used
               for SMTP the usage must be 2 or 3, and the data as long as its
               hash (RFC 7672, section 3.1): remove it
{SINGLE}note         mx1.example.org has one TLSA record that can be used
               at the next change of keys mail stops, unless a record for the
               new key (or 2 1 1 for the authority) is published some time
               before
{NO_POLICY}"
        ))
        .exit(0);
}

#[test]
fn a_certificate_that_no_tlsa_record_fits_1() {
    let records = format!("_PORT._tcp.mx1.example.org TLSA 3 1 1 {}", "11".repeat(32));
    check(&acceptor(), &talk(), &records)
        .arg("-q")
        .stdout(&format!(
            "findings     1 serious, 3 notes
serious      mx1.example.org: the certificate does not match the server's TLSA
             records
               servers that look at them do not deliver mail: publish records
               for this certificate, or make the server load the one that they
               name; if neither changed, somebody is in between
{SINGLE}note         mx1.example.org has one TLSA record that can be used
               at the next change of keys mail stops, unless a record for the
               new key (or 2 1 1 for the authority) is published some time
               before
{NO_POLICY}"
        ))
        .exit(1);
}

#[test]
fn tlsa_records_that_are_not_known_or_of_no_use_1() {
    let done = check(&acceptor(), "", "_PORT._tcp.mx1.example.org TLSA !servfail")
        .arg("--json")
        .arg("--no-connect")
        .any_json()
        .exit(1)
        .json();
    let names: Vec<&str> =
        done["findings"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["look_up_failed", "mx_single", "mta_sts_missing"]);
    check(&acceptor(), "", "_PORT._tcp.mx1.example.org TLSA 0 0 1 00")
        .arg("-q")
        .arg("--no-connect")
        .stdout(&format!(
            "findings     1 serious, 2 notes
serious      mx1.example.org has TLSA records, and none of them can be used
               for SMTP the usage must be 2 or 3, and the data as long as its
               hash (RFC 7672, section 3.1): publish 3 1 1 with the SHA-256 of
               the server's public key
{SINGLE}{NO_POLICY}"
        ))
        .exit(1);
}

#[test]
fn a_policy_of_mta_sts_that_lists_the_host_0() {
    let acceptor = acceptor();
    let key = fingerprints(&acceptor).1;
    let records = format!(
        "_PORT._tcp.mx1.example.org TLSA 3 1 1 {key}\n_PORT._tcp.mx1.example.org TLSA 3 1 1 {key}\n\
         _mta-sts.example.org TXT v=STSv1; id=7"
    );
    let at = policy(&acceptor, "version: STSv1\nmode: enforce\nmx: *.example.org\nmax_age: 2592000\n");
    let host = format!(
        "               STARTTLS, TLSv1.3, certificate verified by DANE
               TLSA 3 1 1 {0}…: matches
               TLSA 3 1 1 {0}…: matches
",
        &key[..16]
    );
    let policy = "mta-sts      enforce, id 7, holds for 30 days: *.example.org\n";
    check(&acceptor, &talk(), &records)
        .arg("--mta-sts-connect")
        .arg(at)
        .stdout(&format!("{ABOVE}{host}{BELOW}{policy}{REPORTS}findings     1 note\n{SINGLE}"))
        .exit(0);
}

#[test]
fn a_policy_of_mta_sts_that_does_not_list_the_host_and_is_short_1() {
    let acceptor = acceptor();
    let at = policy(&acceptor, "version: STSv1\nmode: enforce\nmx: mx9.example.org\nmax_age: 60\n");
    check(&acceptor, "", "_mta-sts.example.org TXT v=STSv1; id=7")
        .arg("--no-connect")
        .arg("-q")
        .arg("--mta-sts-connect")
        .arg(at)
        .stdout(
            "findings     1 serious, 1 warning, 2 notes
serious      the MTA-STS policy does not list mx1.example.org
               senders that look at it deliver nothing there: add an mx line to
               the policy, and give the record a new id
warning      the MTA-STS policy holds for 60 seconds only
               a sender that writes seldom has dropped it before its next
               message: set max_age to weeks, such as 2592000
note         there is one MX host only
               mail waits at its senders while that host is down, for days if
               need be: a second host is useful only if it is as well kept as
               the first
note         mx1.example.org is signed by DNSSEC, and has no TLSA record
               with a TLSA record senders know its certificate, and nobody in
               between can take it away (RFC 7672)
",
        )
        .exit(1);
}

#[test]
fn a_policy_of_mta_sts_that_is_none_1() {
    let acceptor = acceptor();
    let at = policy(&acceptor, "version: STSv1\nmode: enforced\n");
    check(&acceptor, "", "_mta-sts.example.org TXT v=STSv1; id=7")
        .arg("--no-connect")
        .arg("-q")
        .arg("--mta-sts-connect")
        .arg(at)
        .stdout(
            "findings     1 serious, 2 notes
serious      the MTA-STS policy cannot be read: it has no mode that is known
               senders do as if there were none: correct it (RFC 8461, section
               3.2)
note         there is one MX host only
               mail waits at its senders while that host is down, for days if
               need be: a second host is useful only if it is as well kept as
               the first
note         mx1.example.org is signed by DNSSEC, and has no TLSA record
               with a TLSA record senders know its certificate, and nobody in
               between can take it away (RFC 7672)
",
        )
        .exit(1);
}

#[test]
fn a_host_without_tls_0() {
    let offer = "S: 220 mx1.example.org\nC: EHLO alpha.arpa\nS: 250-mx1.example.org\nS: 250-PIPELINING\nS: 250-8BITMIME\nS: 250 SIZE 10240000\n";
    check(&acceptor(), &format!("{offer}{GROUP}{BYE}"), "")
        .stdout(&format!(
            "{ABOVE}               no TLS
{BELOW}mta-sts      none
{REPORTS}findings     1 serious, 3 notes
serious      mx1.example.org: STARTTLS is not offered: all mail arrives in clear
               anybody on the way can read it: give the server a certificate and
               a key, and turn TLS on
{SINGLE}{NO_TLSA}{NO_POLICY}"
        ))
        .exit(1);
}

#[test]
fn a_host_without_tls_that_a_policy_demands_1() {
    let offer = "S: 220 mx1.example.org\nC: EHLO alpha.arpa\nS: 250-mx1.example.org\nS: 250-PIPELINING\nS: 250-8BITMIME\nS: 250 SIZE 10240000\n";
    let dialogue = format!("{offer}{GROUP}{BYE}");
    let said = "serious      mx1.example.org: STARTTLS is not offered: all mail arrives in clear
               senders that look at its policy (DANE, MTA-STS) deliver nothing
               there: make STARTTLS work, or withdraw the policy
";
    let acceptor = acceptor();
    let tlsa = format!(
        "_PORT._tcp.mx1.example.org TLSA 3 1 1 {0}\n_PORT._tcp.mx1.example.org TLSA 3 1 1 {0}",
        "11".repeat(32)
    );
    check(&acceptor, &dialogue, &tlsa)
        .arg("-q")
        .stdout(&format!("findings     1 serious, 2 notes\n{said}{SINGLE}{NO_POLICY}"))
        .exit(1);
    let at = policy(&acceptor, "version: STSv1\nmode: enforce\nmx: *.example.org\nmax_age: 2592000\n");
    check(&acceptor, &dialogue, "_mta-sts.example.org TXT v=STSv1; id=7")
        .arg("-q")
        .arg("--mta-sts-connect")
        .arg(at)
        .stdout(&format!("findings     1 serious, 2 notes\n{said}{SINGLE}{NO_TLSA}"))
        .exit(1);
}

#[test]
fn a_certificate_of_nobody_where_a_policy_demands_one_1() {
    // The web server's is trusted, and the mail server's is another.
    let (web, other) = (acceptor(), acceptor());
    let at = policy(&web, "version: STSv1\nmode: enforce\nmx: *.example.org\nmax_age: 2592000\n");
    let done = check(&other, &talk(), "_mta-sts.example.org TXT v=STSv1; id=7")
        .file("ca.pem", web.certificate_pem())
        .arg("--json")
        .arg("--mta-sts-connect")
        .arg(at)
        .any_json()
        .exit(1)
        .json();
    let found = &done["findings"][0];
    assert_eq!((&found["weight"], &found["name"]), (&"serious".into(), &"certificate_issuer".into()));
    assert_eq!(
        found["advice"],
        "senders that look at its policy (DANE, MTA-STS) deliver nothing there: it needs a certificate for the name in \
         the MX record that holds, sent with its whole chain; with MTA-STS up to an authority that they know"
    );
}

#[test]
fn a_signal_while_a_host_is_talked_with_is_75() {
    check(&acceptor(), "S: 220 mx1.example.org\nC: EHLO alpha.arpa\n! signal TERM\n", "")
        .stderr("ehlo: interrupted by a signal\n")
        .exit(75);
}

#[test]
fn a_host_that_takes_all_the_time_is_not_tested_and_nobody_is_to_blame_0() {
    check(
        &acceptor(),
        "! sleep 1500\n! close\n",
        "example.org MX 20 mx2.example.org\nmx2.example.org A 127.0.0.2",
    )
    .arg("--deadline")
    .arg("1s")
    .stdout(&format!(
        "{ABOVE}               not tested: the time was over
             20 mx2.example.org: 127.0.0.2, validated
               not tested: the time was over
{BELOW}mta-sts      none
{REPORTS}findings     1 warning, 3 notes
warning      not everything was tested: the time was over (--deadline)
               what is left out says nothing of the domain: give it more time,
               such as --deadline 10m
{NO_TLSA}{}{NO_POLICY}",
        NO_TLSA.replace("mx1.", "mx2.")
    ))
    .exit(0);
}

#[test]
fn where_nobody_can_be_connected_to_nothing_is_said_of_the_hosts_0() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let zone = Zone::signed(DOMAIN);
    ehlo(&format!(
        "check --mx-allow loopback --dkim-selector mail -p {closed} --resolver {} example.org",
        zone.address
    ))
    .stdout(&format!(
        "{ABOVE}               could not be tested: cannot connect to 127.0.0.1:{closed}:
               connection refused
{BELOW}mta-sts      none
{REPORTS}findings     1 warning, 3 notes
warning      the hosts could not be tested: none of them could be connected to
             from here
               many networks let nobody connect to port 25, so this says nothing
               of the hosts: run it from a host that may send mail
{SINGLE}{NO_TLSA}{NO_POLICY}"
    ))
    .exit(0);
}

#[test]
fn one_host_that_cannot_be_connected_to_beside_one_that_can_0() {
    let acceptor = acceptor();
    let key = fingerprints(&acceptor).1;
    let lines = format!(
        "_PORT._tcp.mx1.example.org TLSA 3 1 1 {key}\n_PORT._tcp.mx1.example.org TLSA 3 1 1 {key}\n\
         example.org MX 20 mx2.example.org\nmx2.example.org A 127.0.0.2"
    );
    let done = check(&acceptor, &talk(), &lines).arg("--json").any_json().exit(0).json();
    assert_eq!(done["mx"][0]["tlsa"][0]["matches"], true);
    assert_eq!(done["mx"][0]["verified"], true);
    assert_eq!(done["mx"][1]["starttls"], Value::Null);
    let names: Vec<&str> =
        done["findings"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["host_unreached", "dane_missing", "mta_sts_missing"]);
    assert_eq!(done["findings"][0]["host"], "mx2.example.org");
}
