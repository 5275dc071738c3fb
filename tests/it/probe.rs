//! `ehlo probe`: what is asked, what is said of it, and what is a finding.

use crate::harness::{Ehlo, ehlo};
use crate::server::Server;
use crate::tls::fingerprints;
use ehlo::inside::net::tls::Acceptor;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

const OFFER: &str =
    "S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250-beta.arpa\nS: 250-SIZE 1000\nS: 250 STARTTLS\n";
const GO_AHEAD: &str = "C: STARTTLS\nS: 220 go ahead\n";
const INSIDE: &str = "C: EHLO alpha.arpa\nS: 250-beta.arpa\nS: 250-PIPELINING\nS: 250-8BITMIME\nS: 250-SIZE 10240000\nS: 250 AUTH PLAIN SCRAM-SHA-256\n";
const GROUP: &str = "C: RSET\nC: NOOP\nS: 250 OK\nS: 250 OK\n";
const BYE: &str = "C: QUIT\nS: 221 bye\n! close\n";

fn probe(line: &str) -> Ehlo {
    ehlo(&format!("probe --ehlo-name alpha.arpa {line}"))
}

/// Against this dialogue, in clear.
fn in_clear(line: &str, dialogue: &str) -> Ehlo {
    probe(line).served_by(Server::tcp(dialogue)).arg("127.0.0.1:PORT")
}

/// Against this dialogue, with a certificate for localhost that is trusted.
fn trusted(acceptor: &Acceptor, line: &str, dialogue: &str) -> Ehlo {
    probe(line)
        .file("ca.pem", acceptor.certificate_pem())
        .served_by(Server::tcp(dialogue).tls(acceptor))
        .arg("--ca-file")
        .arg("ca.pem")
        .arg("localhost:PORT")
        .arg("-4")
}

/// A certificate for localhost, and for the name that the servers here give themselves.
fn acceptor() -> Acceptor {
    Acceptor::new(&["beta.arpa".to_owned()]).unwrap()
}

/// The certificate's fingerprint as a pin, in base64.
fn pin(acceptor: &Acceptor) -> String {
    let hex = fingerprints(acceptor).0;
    let octets: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
    encodify::base64::STANDARD.encode(&octets)
}

/// The connection that asks for TLS 1.1, which is refused.
fn too_old() -> String {
    format!("{OFFER}{GO_AHEAD}! forget\n! close\n")
}

/// The connection that asks for TLS 1.2.
fn once_more() -> String {
    format!("{OFFER}{GO_AHEAD}{BYE}")
}

/// The connection with a NOOP ahead of TLS, which is thrown away.
fn discarded() -> String {
    format!("{OFFER}{GO_AHEAD}! forget\n{INSIDE}{BYE}")
}

fn all_well() -> String {
    format!("{OFFER}{GO_AHEAD}{INSIDE}{GROUP}{BYE}{}{}{}", once_more(), discarded(), too_old())
}

/// The lines about TLS and the certificate.
fn tls_lines(acceptor: &Acceptor, vulnerable: &str, verified: &str) -> String {
    format!(
        "tls          TLSv1.3 by STARTTLS
             cipher TLS13_AES_256_GCM_SHA384, key exchange X25519
             versions: 1.3 accepted, 1.2 accepted, 1.1 refused, 1.0 refused
             {vulnerable} to STARTTLS injection
certificate  {verified}
             CN=ehlo sink, issued by CN=ehlo sink
             for localhost, 127.0.0.1, ::1, beta.arpa
             valid 1975-01-01 to 4096-01-01, 0 days left, key EC P-256
             --pin sha256:{}
",
        pin(acceptor)
    )
}

const HEAD: &str = "server       localhost:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     220 beta.arpa
ehlo         beta.arpa
extensions   SIZE 1000                 before TLS  messages of up to 1.0 kB
                                                   (RFC 1870)
             STARTTLS                  before TLS  switches to TLS (RFC 3207)
             PIPELINING                inside TLS  several commands at a time
                                                   (RFC 2920)
             8BITMIME                  inside TLS  8-bit text as it is
                                                   (RFC 6152)
             SIZE 10240000             inside TLS  messages of up to 10.2 MB
                                                   (RFC 1870)
             AUTH PLAIN SCRAM-SHA-256  inside TLS  mechanisms to log in
                                                   (RFC 4954)
log-in       PLAIN SCRAM-SHA-256: inside TLS, not offered in clear
";
const TIMES: &str = "times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             starttls 0 ms, tls 0 ms, ehlo inside 0 ms, total 0 ms

";
const KEPT: &str = "pipelining   works: two commands in one write got two replies\n";

#[test]
fn a_server_that_is_as_it_should_be_0() {
    let acceptor = acceptor();
    let tls = tls_lines(&acceptor, "not vulnerable", "verified");
    trusted(&acceptor, "", &all_well())
        .stdout(&format!("{HEAD}{tls}{KEPT}{TIMES}findings     none\n"))
        .exit(0);
}

#[test]
fn a_command_executed_that_came_ahead_of_tls_1() {
    let acceptor = acceptor();
    let executed = format!("{OFFER}{GO_AHEAD}C: NOOP\nS: 250 OK\n{INSIDE}{BYE}");
    let dialogue = format!("{OFFER}{GO_AHEAD}{INSIDE}{GROUP}{BYE}{}{executed}{}", once_more(), too_old());
    let tls = tls_lines(&acceptor, "vulnerable", "verified");
    trusted(&acceptor, "", &dialogue)
        .stdout(&format!(
            "{HEAD}{tls}{KEPT}{TIMES}findings     1 serious
serious      vulnerable to STARTTLS injection: a NOOP sent ahead of TLS was
             executed inside it
               an attacker on the way can insert commands into a client's
               session: update the server (CVE-2011-0411 and similar)
"
        ))
        .exit(1);
}

#[test]
fn a_command_ahead_of_tls_that_is_refused_or_answered_in_clear_is_no_finding_0() {
    let acceptor = acceptor();
    let tls = tls_lines(&acceptor, "not vulnerable", "verified");
    for end in [
        format!("C: STARTTLS\nC: NOOP\nS: 501 no parameters\n{BYE}"),
        format!("C: STARTTLS\nC: NOOP\nS: 220 go ahead\nS: 250 OK\n{BYE}"),
        "C: STARTTLS\n! close\n".to_owned(),
    ] {
        let dialogue =
            format!("{OFFER}{GO_AHEAD}{INSIDE}{GROUP}{BYE}{}{OFFER}{end}{}", once_more(), too_old());
        trusted(&acceptor, "", &dialogue)
            .stdout(&format!("{HEAD}{tls}{KEPT}{TIMES}findings     none\n"))
            .exit(0);
    }
}

#[test]
fn a_wrong_name_1() {
    let acceptor = acceptor();
    let fault = "it is valid for localhost, 127.0.0.1, ::1, beta.arpa,";
    let tls = tls_lines(
        &acceptor,
        "not vulnerable",
        &format!("not verified: {fault}\n             not for other.example"),
    );
    trusted(&acceptor, "--tls-name other.example", &all_well())
        .stdout(&format!(
            "{HEAD}{tls}{KEPT}{TIMES}findings     1 serious
serious      the certificate has the wrong name: it is valid for localhost,
             127.0.0.1, ::1, beta.arpa, not for other.example
               clients that check it refuse to connect: get a certificate that
               includes the name by which they reach the server, or have them
               use a name that it includes
"
        ))
        .exit(1);
}

#[test]
fn octets_behind_the_220_are_told_and_the_probe_goes_on_1() {
    let acceptor = acceptor();
    let injected =
        format!("{OFFER}C: STARTTLS\nS: 220 go ahead\nS: 250 hm\n! handshake\n{INSIDE}{GROUP}{BYE}");
    let tls = tls_lines(&acceptor, "not vulnerable", "verified");
    trusted(&acceptor, "", &format!("{injected}{}{}{}", once_more(), discarded(), too_old()))
        .stdout(&format!(
            "{HEAD}{tls}{KEPT}{TIMES}findings     1 serious
serious      8 octets came in clear after the 220 to STARTTLS
               either the server sends too much or somebody on the way inserts
               it, and careful clients hang up: update the server, and check any
               proxy in front of it
"
        ))
        .exit(1);
}

#[test]
fn passwords_in_clear_and_no_tls_on_this_host_0() {
    in_clear(
        "",
        &format!("S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250-beta.arpa\nS: 250-AUTH LOGIN CRAM-MD5\nS: 250 X-\\x1b[2J\n{BYE}"),
    )
    .stdout(
        "server       127.0.0.1:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     220 beta.arpa
ehlo         beta.arpa
extensions   AUTH LOGIN CRAM-MD5  mechanisms to log in (RFC 4954)
             X-\\x1b[2J            unknown: not a registered extension
log-in       LOGIN CRAM-MD5: in clear
             in clear, anybody on the way can read the password: LOGIN
tls          not offered
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             total 0 ms

findings     2 warnings, 2 notes
warning      STARTTLS is not offered to this host
               nobody can intercept mail within this host, but if others reach
               the server too, their mail arrives in clear: probe it from
               another host to find out
warning      passwords can be sent in clear, from this host: LOGIN before TLS
               many servers trust their own host and offer this only there:
               probe it from another host to find out
note         8BITMIME is not offered
               senders must encode non-ASCII text or return the message: turn
               8BITMIME on
note         SIZE is not offered
               a message that is too large is refused only after all of it has
               been sent: turn SIZE on
",
    )
    .exit(0);
}

/// The findings of a server that does this, by their names.
#[track_caller]
fn findings(run: Ehlo, names: &[&str], status: i32) {
    let done = run.any_json().exit(status);
    let report = done.json();
    let found: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(found, names, "{report:#}");
    assert_eq!(report["exit_status"], status);
    assert_eq!(report["error"], Value::Null);
}

const PLAIN: &str = "S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250-beta.arpa\nS: 250-SIZE\nS: 250-8BITMIME\n";

#[test]
fn bare_lf_0() {
    findings(
        in_clear("--json --tls off", &format!("! line-end lf\n{PLAIN}S: 250 HELP\n{BYE}")),
        &["bare_lf"],
        0,
    );
}

#[test]
fn pipelining_that_is_not_kept_0() {
    let offer = format!("{PLAIN}S: 250 PIPELINING\nC: RSET\n");
    for end in ["C: NOOP\nS: 250 OK\n! close\n", "C: NOOP\nS: 250 OK\nS: what?\n! close\n", "! close\n"] {
        findings(in_clear("--json --tls off", &format!("{offer}{end}")), &["pipelining_broken"], 0);
    }
    // The one reply, and then nothing.
    let silent = format!("{offer}C: NOOP\nS: 250 OK\n! swallow\n");
    findings(in_clear("--json --tls off --timeout 300ms", &silent), &["pipelining_broken"], 0);
}

#[test]
fn ehlo_refused_1() {
    let dialogue = format!(
        "S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 502 what?\nC: HELO alpha.arpa\nS: 250 beta.arpa\n{BYE}"
    );
    findings(in_clear("--json", &dialogue), &["ehlo_refused"], 1);
}

#[test]
fn a_server_that_takes_no_mail_is_not_asked_with_helo_69() {
    let name = "; it may not like the name that we gave: give another with --ehlo-name";
    for (code, hint) in [("521", ""), ("554", name)] {
        let dialogue = format!("S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: {code} no mail here\n{BYE}");
        let report = in_clear("--json", &dialogue)
            .any_json()
            .stderr(&format!("ehlo: the server refused EHLO: {code} no mail here{hint}\n"))
            .exit(69)
            .json();
        assert_eq!(report["error"]["kind"], "protocol");
    }
}

#[test]
fn starttls_refused_and_a_handshake_that_fails_1() {
    let offer = format!("{PLAIN}S: 250 STARTTLS\nC: STARTTLS\n");
    findings(in_clear("--json", &format!("{offer}S: 454 not now\n{BYE}")), &["starttls_refused"], 1);
    findings(in_clear("--json", &format!("{offer}S: 220 go ahead\n! close\n")), &["tls_handshake"], 1);
    // What else may be offered inside TLS is not called missing.
    let bare = "S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250-beta.arpa\nS: 250 STARTTLS\n";
    let refused = format!("{bare}C: STARTTLS\nS: 454 not now\n{BYE}");
    findings(in_clear("--json", &refused), &["starttls_refused"], 1);
    findings(in_clear("--json --tls off", &format!("{bare}{BYE}")), &[], 0);
}

#[test]
fn what_is_offered_inside_tls_is_null_where_nobody_looked() {
    let auth = format!("{PLAIN}S: 250-AUTH PLAIN\n");
    let offer = format!("{auth}S: 250 STARTTLS\n");
    let inside = |run: Ehlo, status: i32| {
        let report = run.any_json().exit(status).json();
        let all = |list: &str| {
            let list = report[list].as_array().unwrap();
            list.iter().map(|one| one["in_tls"].clone()).collect::<Vec<_>>()
        };
        [all("extensions"), all("log_in")].concat()
    };
    let (unknown, no) = (vec![Value::Null; 5], vec![json!(false); 5]);
    let refused = format!("{offer}C: STARTTLS\nS: 454 not now\n{BYE}");
    assert_eq!(inside(in_clear("--json", &refused), 1), unknown);
    let failed = format!("{offer}C: STARTTLS\nS: 220 go ahead\n! close\n");
    assert_eq!(inside(in_clear("--json", &failed), 1), unknown);
    assert_eq!(inside(in_clear("--json --tls off", &format!("{offer}{BYE}")), 0), unknown);
    // Where there is no TLS, nothing is offered inside it.
    assert_eq!(inside(in_clear("--json", &format!("{auth}S: 250 HELP\n{BYE}")), 0), no);
}

#[test]
fn lmtp_is_asked_by_lhlo_and_owes_no_tls_0() {
    let dialogue = format!("{}{BYE}", PLAIN.replace("EHLO", "LHLO").replace("250-8BITMIME", "250 8BITMIME"));
    findings(probe("--json lmtp://127.0.0.1:PORT").served_by(Server::tcp(&dialogue)), &[], 0);
}

#[test]
fn implicit_tls_takes_three_connections_0() {
    let acceptor = acceptor();
    let first = format!("! handshake\n{}S: 250 AUTH PLAIN\n{BYE}", PLAIN);
    let second = format!("! handshake\nS: 220 beta.arpa\n{BYE}");
    let third = "! handshake\n! close\n";
    let run = trusted(&acceptor, "--json --tls implicit", &format!("{first}{second}{third}"));
    let done = run.any_json().exit(0);
    let report = done.json();
    assert_eq!(report["tls"]["by"], "implicit");
    assert_eq!(report["tls"]["versions"]["TLSv1.2"], "accepted");
    assert_eq!(report["checks"]["command_ahead_of_tls"], "not tried");
    assert_eq!(report["log_in"][0]["refused_in_clear"], true);
}

#[test]
fn json_has_it_all_0() {
    let acceptor = acceptor();
    let (sha256, key) = fingerprints(&acceptor);
    let extension = |line: &str, keyword: &str, meaning: &str, in_clear: bool| json!({"line": line, "keyword": keyword, "meaning": meaning, "in_clear": in_clear, "in_tls": !in_clear});
    let log_in = |mechanism: &str, shows: bool| {
        json!({"mechanism": mechanism, "in_clear": false, "in_tls": true, "refused_in_clear": true,
            "shows_password": shows})
    };
    let reply = |code: u16, text: &[&str]| json!({"code": code, "enhanced": null, "text": text});
    trusted(&acceptor, "--json", &all_well())
        .json(json!({
            "version": 1, "exit_status": 0,
            "server": {"name": "localhost:PORT", "address": "127.0.0.1:PORT", "protocol": "smtp"},
            "addresses": [{"address": "127.0.0.1:PORT", "time_ms": 0, "error": null}],
            "addresses_not_tried": 0,
            "greeting": reply(220, &["beta.arpa"]),
            "ehlo": reply(250, &["beta.arpa", "PIPELINING", "8BITMIME", "SIZE 10240000", "AUTH PLAIN SCRAM-SHA-256"]),
            "extensions": [
                extension("SIZE 1000", "SIZE", "the size is announced beforehand (RFC 1870)", true),
                extension("STARTTLS", "STARTTLS", "switches to TLS (RFC 3207)", true),
                extension("PIPELINING", "PIPELINING", "several commands at a time (RFC 2920)", false),
                extension("8BITMIME", "8BITMIME", "8-bit text as it is (RFC 6152)", false),
                extension("SIZE 10240000", "SIZE", "the size is announced beforehand (RFC 1870)", false),
                extension("AUTH PLAIN SCRAM-SHA-256", "AUTH", "mechanisms to log in (RFC 4954)", false),
            ],
            "size_limit": 10_240_000,
            "log_in": [log_in("PLAIN", true), log_in("SCRAM-SHA-256", false)],
            "tls": {
                "by": "starttls", "starttls": "done", "version": "TLSv1.3", "cipher": "TLS13_AES_256_GCM_SHA384",
                "key_exchange": "X25519",
                "versions": {"TLSv1.0": "refused", "TLSv1.1": "refused", "TLSv1.2": "accepted", "TLSv1.3": "accepted"},
                "verified": true, "fault": null, "error": null,
                "chain": [{
                    "sha256": sha256, "subject": "CN=ehlo sink", "issuer": "CN=ehlo sink",
                    "names": ["localhost", "127.0.0.1", "::1", "beta.arpa"], "not_before": "1975-01-01", "not_after": "4096-01-01",
                    "key": "EC P-256", "key_sha256": key, "days_left": 0,
                }],
            },
            "checks": {"command_ahead_of_tls": "discarded", "octets_behind_220": 0, "pipelining": "kept",
                "pipelining_why": null, "bare_lf": false},
            "timing_ms": {"resolve": 0, "connect": 0, "greeting": 0, "ehlo": 0, "starttls": 0, "tls": 0,
                "ehlo_inside": 0, "total": 0},
            "findings": [], "error": null,
        }))
        .exit(0);
}

/// A server that says this to whoever comes, and waits.
fn speaker(words: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming().flatten() {
            let _ = (&stream).write_all(words);
            kept.push(stream);
        }
    });
    port
}

/// A server that offers STARTTLS and answers line by line like this, the handshake too; then it is silent.
fn answerer(replies: &'static [&'static str]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut words = [0; 4096];
            let offer = ["220 beta.arpa", "250-beta.arpa\r\n250-SIZE\r\n250-8BITMIME\r\n250 STARTTLS"];
            for reply in offer.iter().chain(replies) {
                let _ = write!(stream, "{reply}\r\n");
                let _ = stream.read(&mut words);
            }
            while stream.read(&mut words).is_ok_and(|count| count > 0) {}
        }
    });
    port
}

#[test]
fn what_is_no_mail_server_is_named_in_one_line_76() {
    let ssh = speaker(b"SSH-2.0-OpenSSH_9.6p1\r\n");
    ehlo(&format!("probe 127.0.0.1:{ssh}"))
        .stderr(
            "ehlo: this is not a mail server: what it sent is not an SMTP greeting; it says \
             'SSH-2.0-OpenSSH_9.6p1': this is an SSH server\n",
        )
        .exit(76);
    let http = speaker(b"HTTP/1.1 400 Bad \x1b[2JRequest\r\n\r\n");
    ehlo(&format!("probe 127.0.0.1:{http}"))
        .stderr(
            "ehlo: this is not a mail server: what it sent is not an SMTP greeting; it says \
             'HTTP/1.1 400 Bad \\x1b[2JRequest': this is a web server\n",
        )
        .exit(76);
    ehlo(&format!("probe 127.0.0.1:{http} --tls implicit"))
        .stderr("ehlo: what the server sent is not TLS: a server that begins in clear needs smtp://, submission:// or --tls starttls\n")
        .exit(75);
}

#[test]
fn a_server_that_hangs_75() {
    // So does an HTTP server, which waits for us.
    let silent = speaker(b"");
    ehlo(&format!("probe 127.0.0.1:{silent} --timeout 200ms"))
        .stderr(
            "ehlo: timed out waiting for the greeting; is this a mail server? one that expects TLS from the \
             first octet is silent too: try smtps:// or --tls implicit\n",
        )
        .exit(75);
    ehlo(&format!("probe 127.0.0.1:{silent} --deadline 200ms --tls implicit"))
        .stderr("ehlo: timed out waiting for the TLS handshake\n")
        .exit(75);
}

#[test]
fn what_was_found_before_it_hung_is_told_75() {
    in_clear("--timeout 300ms", "S: 220 beta.arpa\nC: EHLO alpha.arpa\n! swallow\n")
        .stdout(
            "server       127.0.0.1:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     220 beta.arpa
log-in       not tried
tls          not tried
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             total 0 ms

findings     unknown: the probe ended early
",
        )
        .stderr("ehlo: timed out waiting for the reply to EHLO\n")
        .exit(75);
}

/// The screen and the JSON of a server that leaves STARTTLS unanswered, or the handshake. The finding has no room
/// for why on one line.
#[track_caller]
fn comes_to_nothing(run: impl Fn(&str) -> Ehlo, place: &str, why: [&str; 2], phases: &str) {
    let [begin, end] = why;
    let why = format!("{begin} {end}");
    let done = run("--json --timeout 300ms").stderr(&format!("ehlo: {why}\n")).any_json().exit(75);
    let report = done.json();
    assert_eq!(report["tls"]["starttls"], "failed");
    assert_eq!(report["tls"]["error"], why);
    assert_eq!(report["findings"][0]["name"], "tls_handshake");
    assert_eq!(report["findings"][0]["weight"], "serious");
    assert_eq!(report["error"]["text"], why);
    run("--timeout 300ms")
        .stdout(&format!(
            "server       {place} (smtp)
addresses    {place}  connected, 0 ms
greeting     220 beta.arpa
ehlo         beta.arpa
extensions   SIZE      no size limit given (RFC 1870)
             8BITMIME  8-bit text as it is (RFC 6152)
             STARTTLS  switches to TLS (RFC 3207)
log-in       not offered in clear
             inside TLS not tried: TLS failed
tls          {why}
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             {phases}

findings     1 serious
serious      STARTTLS is offered, but TLS fails: {begin}
             {end}
               mail arrives in clear, or not at all: see the server's log; TLS
               1.2 or 1.3 with ECDHE is needed, and a certificate that fits the
               key
"
        ))
        .stderr(&format!("ehlo: {why}\n"))
        .exit(75);
}

#[test]
fn starttls_that_came_to_nothing_is_a_finding_75() {
    let offer = format!("{PLAIN}S: 250 STARTTLS\nC: STARTTLS\n");
    let port = answerer(&["220 go"]);
    comes_to_nothing(
        |line| ehlo(&format!("probe {line} 127.0.0.1:{port}")),
        &format!("127.0.0.1:{port}"),
        ["timed out waiting for the TLS", "handshake"],
        "starttls 0 ms, tls 0 ms, total 0 ms",
    );
    for (end, why) in [
        ("! swallow\n", ["timed out waiting for the reply", "to STARTTLS"]),
        ("! close\n", ["the server closed the", "connection before its reply to STARTTLS"]),
    ] {
        let run = |line: &str| in_clear(line, &format!("{offer}{end}"));
        comes_to_nothing(run, "127.0.0.1:PORT", why, "starttls 0 ms, total 0 ms");
    }
}

#[test]
fn what_is_not_tls_behind_the_220_is_told_whole_1() {
    let not_tls = "what the server sent after its 220 to STARTTLS is not TLS";
    let done =
        ehlo(&format!("probe 127.0.0.1:{} --json", answerer(&["220 go", "500 what?"]))).any_json().exit(1);
    let report = done.json();
    assert_eq!(report["tls"]["starttls"], "failed");
    assert_eq!(report["tls"]["error"], not_tls);
    assert_eq!(report["findings"][0]["title"], format!("STARTTLS is offered, but TLS fails: {not_tls}"));
    assert_eq!(report["error"], Value::Null);
}

#[test]
fn implicit_tls_that_hangs_has_its_error_in_json_75() {
    let silent = speaker(b"");
    let why = "timed out waiting for the TLS handshake";
    let done = ehlo(&format!("probe 127.0.0.1:{silent} --json --timeout 200ms --tls implicit"))
        .stderr(&format!("ehlo: {why}\n"))
        .any_json()
        .exit(75);
    assert_eq!(done.json()["tls"]["starttls"], "not tried");
    assert_eq!(done.json()["tls"]["error"], why);
}

#[test]
fn ehlo_that_is_put_off_is_no_finding_75() {
    in_clear("", "S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 421 go away\n! close\n")
        .stdout(
            "server       127.0.0.1:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     220 beta.arpa
extensions   not known: EHLO is deferred, 421 go away
log-in       not tried
tls          not tried
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             total 0 ms

findings     unknown: the probe ended early
",
        )
        .stderr("ehlo: the server closed the session: 421 go away\n")
        .exit(75);
}

#[test]
fn a_greeting_that_refuses_leaves_all_open_69_or_75() {
    for (greeting, said, status) in [
        (format!("S: 554 go away\n{BYE}"), "the server rejects the connection: 554 go away", 69),
        ("S: 421 go away\n! close\n".to_owned(), "the server rejects the connection: 421 go away", 75),
    ] {
        let code = if status == 69 { 554 } else { 421 };
        in_clear("", &greeting)
            .stdout(&format!(
                "server       127.0.0.1:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     {code} go away
log-in       not tried
tls          not tried
times        resolve 0 ms, connect 0 ms, greeting 0 ms, total 0 ms

findings     unknown: the probe ended early
"
            ))
            .stderr(&format!("ehlo: {said}\n"))
            .exit(status);
    }
}

#[test]
fn other_codes_where_220_is_meant_0() {
    let acceptor = acceptor();
    findings(
        in_clear("--json --tls off", &format!("{}S: 250 HELP\n{BYE}", PLAIN.replace("220", "250"))),
        &["greeting_code"],
        0,
    );
    let dialogue = all_well()
        .replace("220 go ahead\n! forget", "250 go ahead\n! forget\n! handshake")
        .replace("220 go ahead", "250 go ahead\n! handshake");
    findings(trusted(&acceptor, "--json", &dialogue), &["starttls_code"], 0);
}

#[test]
fn a_host_that_does_not_exist_68_in_json_too() {
    ehlo("probe nosuch.invalid").stderr("ehlo: no such host: nosuch.invalid\n").exit(68);
    let done = ehlo("probe --json nosuch.invalid")
        .stderr("ehlo: no such host: nosuch.invalid\n")
        .any_json()
        .exit(68);
    assert_eq!(
        done.json()["error"],
        json!({"kind": "dns", "text": "no such host: nosuch.invalid", "awaiting": null, "explanation": null})
    );
}

#[test]
fn nobody_listens_75() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    ehlo(&format!("probe 127.0.0.1:{port}"))
        .stderr(&format!("ehlo: cannot connect to 127.0.0.1:{port}: connection refused\n"))
        .exit(75);
}

#[test]
fn a_greeting_that_refuses_69_or_75() {
    for (code, status) in [(554, 69), (450, 75)] {
        let done = in_clear("--json", &format!("S: {code} go away\n{BYE}"))
            .stderr(&format!("ehlo: the server rejects the connection: {code} go away\n"))
            .any_json()
            .exit(status);
        assert_eq!(done.json()["greeting"]["code"], code);
    }
}

#[test]
fn usage_64_and_66() {
    ehlo("probe").stderr("ehlo: no server: name one, as in 'ehlo probe mail.example.org'\n").exit(64);
    ehlo("probe smtp://me:sesame@beta")
        .stderr("ehlo: SERVER: a password does not belong in a URL, where others can see it: leave it out, nobody logs in\n")
        .exit(64);
    ehlo("probe beta:25 -p 26").stderr("ehlo: SERVER names port 25, but --port names 26\n").exit(64);
    ehlo("probe xn--ü.example")
        .stderr("ehlo: SERVER 'xn--ü.example': not a name that the DNS can hold (at character 1)\n")
        .exit(64);
    ehlo("probe beta --tls-name a..b")
        .stderr("ehlo: --tls-name 'a..b': a certificate cannot be for such a name\n")
        .exit(64);
    ehlo("probe beta --ca-file none.pem")
        .stderr("ehlo: --ca-file: trusted certificates in none.pem: no such file\n")
        .exit(66);
}

#[test]
fn the_sink_is_as_it_should_be_0() {
    let sink =
        ehlo("sink --user me --password-file secret --cert-out sink.pem").file("secret", "sesame\n").listen();
    let run = ehlo("probe --json localhost:PORT -4 --ca-file ca.pem").file("ca.pem", sink.file("sink.pem"));
    findings(run.beside(&sink), &[], 0);
    sink.stop("ehlo: warning: others can read the password file secret: chmod 600 it\n");
}

#[test]
fn vrfy_and_expn_are_asked_where_they_are_offered() {
    let offer = format!("{PLAIN}S: 250-VRFY\nS: 250 EXPN\n");
    let asked = |vrfy: &str, expn: &str| {
        format!("{offer}C: VRFY postmaster\nS: {vrfy}\nC: EXPN postmaster\nS: {expn}\n{BYE}")
    };
    findings(in_clear("--json --tls off", &asked("252 perhaps", "502 no")), &[], 0);
    findings(
        in_clear("--json --tls off", &asked("250 <postmaster@beta>", "250 <smith@beta>")),
        &["expn_answered", "vrfy_answered"],
        0,
    );
    in_clear("--tls off", &asked("252 perhaps", "502 no"))
        .stdout(
            "server       127.0.0.1:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     220 beta.arpa
ehlo         beta.arpa
extensions   SIZE      no size limit given (RFC 1870)
             8BITMIME  8-bit text as it is (RFC 6152)
             VRFY      asks about an address (RFC 5321); does not tell (252)
             EXPN      lists who is on a mailing list (RFC 5321); refused (502)
log-in       not offered
tls          not tried
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             total 0 ms

findings     none
",
        )
        .exit(0);
    // A server that hangs up on it leaves the rest open, and what was found stands.
    findings(in_clear("--json --tls off", &format!("{offer}C: VRFY postmaster\n! close\n")), &[], 0);
}

#[test]
fn quiet_prints_findings_alone_and_nothing_where_there_are_notes_only() {
    in_clear("-q --tls off", &format!("{PLAIN}S: 250 HELP\n{BYE}")).exit(0);
    let notes = format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250 beta.arpa\n{BYE}");
    in_clear("-q --tls off", &notes).exit(0);
    in_clear("-q --tls off", &format!("! line-end lf\n{PLAIN}S: 250 HELP\n{BYE}"))
        .stdout(
            "findings     1 warning
warning      reply lines end in a bare LF
               lines must end in CRLF (RFC 5321, section 2.3.8), and strict
               clients hang up: correct the program that writes the replies
",
        )
        .exit(0);
}

#[test]
fn parameters_that_have_no_room_stand_below() {
    let limits = "LIMITS MAILMAX=1000 RCPTMAX=50000 RCPTDOMAINMAX=100";
    in_clear("--tls off", &format!("{PLAIN}S: 250 {limits}\n{BYE}"))
        .stdout(
            "server       127.0.0.1:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     220 beta.arpa
ehlo         beta.arpa
extensions   SIZE      no size limit given (RFC 1870)
             8BITMIME  8-bit text as it is (RFC 6152)
             LIMITS    limits for a session (RFC 9422)
               MAILMAX=1000 RCPTMAX=50000 RCPTDOMAINMAX=100
log-in       not offered
tls          not tried
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             total 0 ms

findings     none
",
        )
        .exit(0);
}

#[test]
fn a_server_for_reading_mail_is_named_76() {
    for (greeting, what) in [(&b"* OK ready\r\n"[..], "an IMAP"), (b"+OK ready\r\n", "a POP3")] {
        let says = String::from_utf8_lossy(greeting);
        ehlo(&format!("probe 127.0.0.1:{}", speaker(greeting)))
            .stderr(&format!(
                "ehlo: this is not a mail server: what it sent is not an SMTP greeting; it says '{}': this is {what} \
                 server, for reading mail; to send mail, use submission:// or submissions://\n",
                says.trim()
            ))
            .exit(76);
    }
}

#[test]
fn smtp_spoken_to_an_lmtp_server_and_the_reverse_names_the_other_69() {
    let refuses = |hello: &str| format!("S: 220 beta.arpa\nC: {hello} alpha.arpa\nS: 500 what?\n");
    let lmtp = format!("{}C: HELO alpha.arpa\nS: 500 what?\n{BYE}", refuses("EHLO"));
    in_clear("-q", &lmtp)
        .stdout(
            "findings     1 serious
serious      EHLO is refused (500): no TLS, no log-in, no extensions
               mail servers have answered it since the 1990s: perhaps this one
               speaks LMTP (use lmtp://), or a firewall in front of it rewrites
               SMTP
",
        )
        .stderr(
            "ehlo: the server refused HELO: 500 what?; it seems to speak LMTP, not SMTP: use lmtp:// instead of \
             smtp://\n",
        )
        .exit(69);
    let smtp = format!("{}{BYE}", refuses("LHLO"));
    probe("-q lmtp://127.0.0.1:PORT")
        .served_by(Server::tcp(&smtp))
        .stdout(
            "findings     1 serious
serious      LHLO is refused (500): no TLS, no log-in, no extensions
               LMTP servers must answer it (RFC 2033): perhaps this one speaks
               SMTP (use smtp://)
",
        )
        .stderr(
            "ehlo: the server refused LHLO: 500 what?; it seems to speak SMTP, not LMTP: use smtp:// instead of \
             lmtp://\n",
        )
        .exit(69);
}

/// Inside implicit TLS, and then as often as somebody asks for an old version, one of these answers in clear.
#[track_caller]
fn old_tls(answers: &[&str], versions: [&str; 2], titles: &[&str]) {
    let acceptor = acceptor();
    let first = format!("! handshake\n{PLAIN}S: 250 AUTH PLAIN\n{BYE}! handshake\nS: 220 beta.arpa\n{BYE}");
    let old: String = answers.iter().map(|answer| format!("{answer}! close\n")).collect();
    let run = trusted(&acceptor, "--json --tls implicit --timeout 1s", &format!("{first}{old}"));
    let report = run.any_json().exit(0).json();
    let found = |version: &str| report["tls"]["versions"][version].as_str().unwrap().to_owned();
    assert_eq!([found("TLSv1.1"), found("TLSv1.0")], versions);
    let findings = report["findings"].as_array().unwrap();
    let said: Vec<&str> = findings.iter().map(|finding| finding["title"].as_str().unwrap()).collect();
    assert_eq!(said, titles);
    for finding in findings {
        assert_eq!((&finding["name"], &finding["weight"]), (&json!("tls_old"), &json!("warning")));
    }
}

#[test]
fn old_versions_of_tls_are_asked_for_by_a_client_hello_0() {
    let hello = |minor: u8| {
        format!("S: \\x16\\x03\\x0{minor}\\x00\\x51\\x02\\x00\\x00\\x4d\\x03\\x0{minor}\n! swallow\n")
    };
    let alert = "S: \\x15\\x03\\x01\\x00\\x02\\x02\\x46\n! swallow\n";
    let (accepted, refused, unknown) = ("accepted", "refused", "not known");
    let both = "TLS 1.1 and TLS 1.0 are still accepted";
    old_tls(&[&hello(2), &hello(1)], [accepted, accepted], &[both]);
    old_tls(&[&hello(2), alert], [accepted, refused], &["TLS 1.1 is still accepted"]);
    old_tls(&[&hello(1)], [refused, accepted], &["TLS 1.0 is still accepted"]);
    old_tls(&[alert], [refused, refused], &[]);
    // It hangs up without an alert; it speaks, and not TLS; it says nothing.
    old_tls(&[""], [refused, refused], &[]);
    old_tls(&["S: what?\n! swallow\n"], [unknown, unknown], &[]);
    old_tls(&["! swallow\n"], [unknown, unknown], &[]);
    old_tls(&[&hello(2), "! swallow\n"], [accepted, unknown], &["TLS 1.1 is still accepted"]);
}

const MAIL: &str = "C: MAIL FROM:<a@x.example>\nS: 250 OK\n";
const RCPT: &str = "C: RCPT TO:<b@y.example>\n";
const RSET: &str = "C: RSET\nS: 250 OK\n";

/// What is found, and what is told of it, when a server is asked to relay and goes on like this.
#[track_caller]
fn relayed(addresses: &str, dialogue: &str, outcome: &str, code: Option<u16>, names: &[&str]) {
    let hello = format!("{PLAIN}S: 250 HELP\n");
    let run = in_clear(
        &format!("--json --tls off --try-relay {addresses}"),
        &format!("{hello}{BYE}{hello}{dialogue}"),
    );
    let report = run.any_json().exit(0).json();
    let relay = &report["checks"]["relay"];
    assert_eq!(relay["outcome"], outcome);
    assert_eq!(relay["reply"]["code"], json!(code));
    assert_eq!(format!("{},{}", relay["from"].as_str().unwrap(), relay["to"].as_str().unwrap()), addresses);
    let found: Vec<&str> =
        report["findings"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(found, names);
}

#[test]
fn a_relay_is_tried_by_rcpt_alone() {
    let both = "a@x.example,b@y.example";
    let end = format!("{RSET}{BYE}");
    let asked = |reply: &str| format!("{MAIL}{RCPT}S: {reply}\n{end}");
    relayed(both, &asked("250 OK"), "accepted", Some(250), &["open_relay"]);
    relayed(both, &asked("554 5.7.1 Relay access denied"), "refused", Some(554), &[]);
    relayed(both, &asked("451 later"), "not known", Some(451), &[]);
    let mail = format!("C: MAIL FROM:<a@x.example>\nS: 530 log in\n{end}");
    relayed(both, &mail, "refused", Some(530), &[]);
    let closes = format!("{MAIL}{RCPT}S: 421 bye\n! close\n");
    relayed(both, &closes, "not known", Some(421), &[]);
    relayed(both, &format!("{MAIL}{RCPT}! close\n"), "not known", None, &[]);
    let null = asked("550 no").replace("a@x.example", "");
    relayed(",b@y.example", &null, "refused", Some(550), &[]);
}

#[test]
fn a_relay_on_this_host_is_a_warning_0() {
    let hello = format!("{PLAIN}S: 250 HELP\n");
    let asked = format!("{MAIL}{RCPT}S: 250 OK\n{RSET}{BYE}");
    in_clear("--tls off --try-relay a@x.example,b@y.example", &format!("{hello}{BYE}{hello}{asked}"))
        .stdout(
            "server       127.0.0.1:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     220 beta.arpa
ehlo         beta.arpa
extensions   SIZE      no size limit given (RFC 1870)
             8BITMIME  8-bit text as it is (RFC 6152)
             HELP      explains commands (RFC 5321)
log-in       not offered
tls          not tried
relay        from a@x.example to b@y.example without log-in: accepted, 250 OK
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             total 0 ms

findings     1 warning
warning      accepts mail from a@x.example to b@y.example without log-in, from
             this host: an open relay if b@y.example is in none of its own
             domains
               most servers relay for their own host: probe it from another host
               to find out whether it relays for anybody
",
        )
        .exit(0);
}

#[test]
fn a_reply_that_is_none_leaves_it_open_whether_a_server_relays() {
    let hello = format!("{PLAIN}S: 250 HELP\n");
    for odd in ["S: junk\n! close\n", "S: 250-OK\nS: 550 no\n! close\n", "! close\n"] {
        let asked = format!("{MAIL}{RCPT}{odd}");
        let run =
            in_clear("--tls off --try-relay a@x.example,b@y.example", &format!("{hello}{BYE}{hello}{asked}"));
        let done = run.any_stdout().exit(0);
        let said = "\nrelay        from a@x.example to b@y.example without log-in: not known: there\n             \
                    was no proper reply\n";
        assert!(done.stdout().contains(said), "{odd}: {}", done.stdout());
    }
}

#[test]
fn a_relay_is_tried_inside_tls_where_there_is_tls() {
    let acceptor = acceptor();
    let asked = format!("{OFFER}{GO_AHEAD}{INSIDE}{MAIL}{RCPT}S: 554 no\n{RSET}{BYE}");
    trusted(&acceptor, "-q --try-relay a@x.example,b@y.example", &format!("{}{asked}", all_well())).exit(0);
}

#[test]
fn a_relay_that_cannot_be_tried_64() {
    for (addresses, why) in [
        ("a@x.example", "needs two addresses with a comma between them: FROM,TO"),
        ("a@x.example,b", "'b' is not an address: no '@' and no domain (at character 2)"),
        ("a@x.example,", "'' is not an address: it is empty (at character 1)"),
        ("a@x.example,ü@y.example", "'ü@y.example' is not ASCII: give an address that needs no SMTPUTF8"),
    ] {
        probe("127.0.0.1:1 --try-relay")
            .arg(addresses)
            .stderr(&format!("ehlo: --try-relay {why}\n"))
            .exit(64);
    }
    probe("lmtp://127.0.0.1:1 --try-relay a@x.example,b@y.example")
        .stderr("ehlo: --try-relay: an LMTP server does not relay, so name one that speaks SMTP\n")
        .exit(64);
}

#[test]
fn quiet_and_json_exclude_each_other_64() {
    probe("127.0.0.1:1 -q --json").stderr("ehlo: --quiet cannot be used with --json\n").exit(64);
}

/// A certificate that vouches for itself is usual on one's own host.
#[test]
fn cron_hears_nothing_of_a_server_on_its_own_host_0() {
    let dialogue = all_well();
    probe("-q localhost:PORT -4").served_by(Server::tcp(&dialogue).tls(&acceptor())).exit(0);
}

#[test]
fn a_server_s_names_are_compared_0() {
    let server = |greeting: &str, hello: &str| {
        format!("S: 220 {greeting}\nC: EHLO alpha.arpa\nS: 250-{hello}\nS: 250-SIZE\nS: 250 8BITMIME\n{BYE}")
    };
    for (greeting, hello, names) in [
        ("beta.arpa ESMTP", "BETA.arpa at your service", &[][..]),
        ("beta.arpa", "hello alpha.arpa", &["ehlo_name"]),
        ("beta", "beta", &["greeting_name"]),
        ("beta.arpa", "gamma.arpa", &["names_differ"]),
    ] {
        findings(in_clear("--json --tls off", &server(greeting, hello)), names, 0);
    }
    // Nobody calls the server by the names of this certificate.
    let dialogue = all_well();
    let acceptor = Acceptor::new(&[]).unwrap();
    findings(trusted(&acceptor, "--json", &dialogue), &["certificate_other_name"], 0);
}

/// The other end of a proxy is not this host.
#[test]
fn passwords_in_clear_and_no_tls_elsewhere_1() {
    let connect =
        "C: CONNECT beta.example:587 HTTP/1.1\nC: Host: beta.example:587\nC:\nS: HTTP/1.1 200 OK\nS:\n";
    probe("-q beta.example:587 --proxy http://127.0.0.1:PORT")
        .served_by(Server::tcp(&format!("{connect}{PLAIN}S: 250 AUTH LOGIN CRAM-MD5\n{BYE}")))
        .stdout(
            "findings     2 serious
serious      STARTTLS is not offered: all mail arrives in clear
               anybody on the way can read it: give the server a certificate and
               a key, and turn TLS on
serious      passwords can be sent in clear: LOGIN before TLS
               anybody on the way can read the password: offer AUTH inside TLS
               only (RFC 8314); in Postfix, set smtpd_tls_auth_only = yes
",
        )
        .exit(1);
}
