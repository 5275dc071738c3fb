//! `ehlo probe`: what is asked, what is said of it, and what is a finding.

use crate::harness::{Ehlo, ehlo};
use crate::server::Server;
use crate::tls::fingerprints;
use ehlo::inside::net::tls::Acceptor;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

const OFFER: &str = "S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250-SIZE 1000\nS: 250 STARTTLS\n";
const GO_AHEAD: &str = "C: STARTTLS\nS: 220 go ahead\n";
const INSIDE: &str = "C: EHLO alpha.arpa\nS: 250-beta\nS: 250-PIPELINING\nS: 250-8BITMIME\nS: 250-SIZE 10240000\nS: 250 AUTH PLAIN SCRAM-SHA-256\n";
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

/// The connection that asks for TLS 1.2.
fn once_more() -> String {
    format!("{OFFER}{GO_AHEAD}{BYE}")
}

/// The connection with a NOOP ahead of TLS, which is thrown away.
fn discarded() -> String {
    format!("{OFFER}{GO_AHEAD}! forget\n{INSIDE}{BYE}")
}

fn all_well() -> String {
    format!("{OFFER}{GO_AHEAD}{INSIDE}{GROUP}{BYE}{}{}", once_more(), discarded())
}

/// The lines about TLS and the certificate.
fn tls_lines(acceptor: &Acceptor, ahead: &str, verified: &str) -> String {
    format!(
        "tls          TLSv1.3 by STARTTLS, cipher TLS13_AES_256_GCM_SHA384, key exchange X25519
             versions: TLSv1.3 accepted, TLSv1.2 accepted, TLSv1.1 not tried, TLSv1.0 not tried
             a command sent ahead of it {ahead}
certificate  {verified}
             CN=ehlo sink, issued by CN=ehlo sink
             for localhost, 127.0.0.1, ::1
             valid 1975-01-01 to 4096-01-01, 0 days left, key EC P-256
             --pin sha256:{}
",
        fingerprints(acceptor).0
    )
}

const HEAD: &str = "server       localhost:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     220 beta.arpa
ehlo         beta
extensions   SIZE 1000                 before TLS  messages of up to 1.0 kB (RFC 1870)
             STARTTLS                  before TLS  TLS can begin (RFC 3207)
             PIPELINING                inside TLS  commands in groups, without waiting (RFC 2920)
             8BITMIME                  inside TLS  8-bit text is taken (RFC 6152)
             SIZE 10240000             inside TLS  messages of up to 10.2 MB (RFC 1870)
             AUTH PLAIN SCRAM-SHA-256  inside TLS  log-in, by these mechanisms (RFC 4954)
log-in       PLAIN SCRAM-SHA-256: inside TLS, not offered in clear
";
const TIMES: &str = "times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             starttls 0 ms, tls 0 ms, ehlo inside 0 ms, all of it 0 ms

";
const KEPT: &str = "pipelining   kept: two commands in one write had two replies\n";

#[test]
fn a_server_that_is_as_it_should_be_0() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let tls = tls_lines(&acceptor, "was thrown away, as it should be", "verified");
    trusted(&acceptor, "", &all_well())
        .stdout(&format!("{HEAD}{tls}{KEPT}{TIMES}findings     none\n"))
        .exit(0);
}

#[test]
fn a_command_executed_that_came_ahead_of_tls_1() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let executed = format!("{OFFER}{GO_AHEAD}C: NOOP\nS: 250 OK\n{INSIDE}{BYE}");
    let dialogue = format!("{OFFER}{GO_AHEAD}{INSIDE}{GROUP}{BYE}{}{executed}", once_more());
    let tls = tls_lines(&acceptor, "was executed inside it", "verified");
    trusted(&acceptor, "", &dialogue)
        .stdout(&format!(
            "{HEAD}{tls}{KEPT}{TIMES}findings     1 serious
serious      commands that are sent ahead of TLS are executed inside it: a NOOP was
             whoever is in between can put commands into clients' mouths: update the server
             (CVE-2011-0411 and its like)
"
        ))
        .exit(1);
}

#[test]
fn a_command_ahead_of_tls_that_is_refused_or_answered_in_clear_is_no_finding_0() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let tls = tls_lines(&acceptor, "did not get into it", "verified");
    for end in [
        format!("C: STARTTLS\nC: NOOP\nS: 501 no parameters\n{BYE}"),
        format!("C: STARTTLS\nC: NOOP\nS: 220 go ahead\nS: 250 OK\n{BYE}"),
        "C: STARTTLS\n! close\n".to_owned(),
    ] {
        let dialogue = format!("{OFFER}{GO_AHEAD}{INSIDE}{GROUP}{BYE}{}{OFFER}{end}", once_more());
        trusted(&acceptor, "", &dialogue)
            .stdout(&format!("{HEAD}{tls}{KEPT}{TIMES}findings     none\n"))
            .exit(0);
    }
}

#[test]
fn a_wrong_name_1() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let fault = "it is valid for localhost, 127.0.0.1, ::1, not for other.example";
    let tls = tls_lines(&acceptor, "was thrown away, as it should be", &format!("not verified: {fault}"));
    trusted(&acceptor, "--tls-name other.example", &all_well())
        .stdout(&format!(
            "{HEAD}{tls}{KEPT}{TIMES}findings     1 serious
serious      the certificate has the wrong name: {fault}
             get one that holds the name by which clients reach the server, or have them use a
             name that it holds
"
        ))
        .exit(1);
}

#[test]
fn octets_behind_the_220_are_told_and_the_probe_goes_on_1() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let injected =
        format!("{OFFER}C: STARTTLS\nS: 220 go ahead\nS: 250 hm\n! handshake\n{INSIDE}{GROUP}{BYE}");
    let tls = tls_lines(&acceptor, "was thrown away, as it should be", "verified");
    trusted(&acceptor, "", &format!("{injected}{}{}", once_more(), discarded()))
        .stdout(&format!(
            "{HEAD}{tls}{KEPT}{TIMES}findings     1 serious
serious      8 octets came in clear behind the 220 to STARTTLS
             the server says too much, or somebody in between puts it there; clients break off:
             update the server, and look at what stands before it
"
        ))
        .exit(1);
}

#[test]
fn passwords_in_clear_and_no_tls_1() {
    in_clear(
        "",
        &format!("S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250-AUTH LOGIN CRAM-MD5\nS: 250 X-\\x1b[2J\n{BYE}"),
    )
    .stdout(
        "server       127.0.0.1:PORT (smtp)
addresses    127.0.0.1:PORT  connected, 0 ms
greeting     220 beta.arpa
ehlo         beta
extensions   AUTH LOGIN CRAM-MD5  log-in, by these mechanisms (RFC 4954)
             X-\\x1b[2J            not known here
log-in       LOGIN CRAM-MD5: in clear
             whoever reads along in clear learns the password: LOGIN
tls          not offered
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             all of it 0 ms

findings     1 serious, 1 warning, 2 notes
serious      STARTTLS is not offered: all mail comes in clear
             give the server a certificate and a key, and turn TLS on
warning      passwords are asked for in clear: LOGIN offered before TLS, to this host
             the server runs on this host, and may offer that to nobody else: probe it from
             another host to know
note         8BITMIME is not offered
             senders must encode what is not ASCII, or return it: turn it on
note         SIZE is not offered
             too large a message is refused only after all of it was sent: turn it on
",
    )
    .exit(1);
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

const PLAIN: &str = "S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250-SIZE\nS: 250-8BITMIME\n";

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
    let dialogue =
        format!("S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 502 what?\nC: HELO alpha.arpa\nS: 250 beta\n{BYE}");
    findings(in_clear("--json", &dialogue), &["ehlo_refused"], 1);
}

#[test]
fn a_server_that_takes_no_mail_is_not_asked_with_helo_69() {
    let name = "; it may not like the name that we gave: say another by --ehlo-name";
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
    let bare = "S: 220 beta.arpa\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 STARTTLS\n";
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
    assert_eq!(inside(in_clear("--json", &format!("{auth}S: 250 HELP\n{BYE}")), 1), no);
}

#[test]
fn lmtp_is_asked_by_lhlo_and_owes_no_tls_0() {
    let dialogue = format!("{}{BYE}", PLAIN.replace("EHLO", "LHLO").replace("250-8BITMIME", "250 8BITMIME"));
    findings(probe("--json lmtp://127.0.0.1:PORT").served_by(Server::tcp(&dialogue)), &[], 0);
}

#[test]
fn implicit_tls_takes_two_connections_0() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let first = format!("! handshake\n{}S: 250 AUTH PLAIN\n{BYE}", PLAIN);
    let second = format!("! handshake\nS: 220 beta.arpa\n{BYE}");
    let run = trusted(&acceptor, "--json --tls implicit", &format!("{first}{second}"));
    let done = run.any_json().exit(0);
    let report = done.json();
    assert_eq!(report["tls"]["by"], "implicit");
    assert_eq!(report["tls"]["versions"]["TLSv1.2"], "accepted");
    assert_eq!(report["checks"]["command_ahead_of_tls"], "not tried");
    assert_eq!(report["log_in"][0]["refused_in_clear"], true);
}

#[test]
fn json_has_it_all_0() {
    let acceptor = Acceptor::new(&[]).unwrap();
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
            "ehlo": reply(250, &["beta", "PIPELINING", "8BITMIME", "SIZE 10240000", "AUTH PLAIN SCRAM-SHA-256"]),
            "extensions": [
                extension("SIZE 1000", "SIZE", "the size is told ahead (RFC 1870)", true),
                extension("STARTTLS", "STARTTLS", "TLS can begin (RFC 3207)", true),
                extension("PIPELINING", "PIPELINING", "commands in groups, without waiting (RFC 2920)", false),
                extension("8BITMIME", "8BITMIME", "8-bit text is taken (RFC 6152)", false),
                extension("SIZE 10240000", "SIZE", "the size is told ahead (RFC 1870)", false),
                extension("AUTH PLAIN SCRAM-SHA-256", "AUTH", "log-in, by these mechanisms (RFC 4954)", false),
            ],
            "size_limit": 10_240_000,
            "log_in": [log_in("PLAIN", true), log_in("SCRAM-SHA-256", false)],
            "tls": {
                "by": "starttls", "starttls": "done", "version": "TLSv1.3", "cipher": "TLS13_AES_256_GCM_SHA384",
                "key_exchange": "X25519",
                "versions": {"TLSv1.0": "not tried", "TLSv1.1": "not tried", "TLSv1.2": "accepted", "TLSv1.3": "accepted"},
                "verified": true, "fault": null, "error": null,
                "chain": [{
                    "sha256": sha256, "subject": "CN=ehlo sink", "issuer": "CN=ehlo sink",
                    "names": ["localhost", "127.0.0.1", "::1"], "not_before": "1975-01-01", "not_after": "4096-01-01",
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
            let offer = ["220 beta.arpa", "250-beta\r\n250-SIZE\r\n250-8BITMIME\r\n250 STARTTLS"];
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
             'SSH-2.0-OpenSSH_9.6p1'\n",
        )
        .exit(76);
    let http = speaker(b"HTTP/1.1 400 Bad \x1b[2JRequest\r\n\r\n");
    ehlo(&format!("probe 127.0.0.1:{http}"))
        .stderr(
            "ehlo: this is not a mail server: what it sent is not an SMTP greeting; it says \
             'HTTP/1.1 400 Bad \\x1b[2JRequest'\n",
        )
        .exit(76);
    ehlo(&format!("probe 127.0.0.1:{http} --tls implicit"))
        .stderr("ehlo: what the server sent is not TLS: a server that begins in clear wants --tls starttls\n")
        .exit(75);
}

#[test]
fn a_server_that_hangs_75() {
    // So does an HTTP server, which waits for us.
    let silent = speaker(b"");
    ehlo(&format!("probe 127.0.0.1:{silent} --timeout 200ms"))
        .stderr(
            "ehlo: timed out waiting for the greeting; is this a mail server? one that wants TLS from the first octet is \
             as silent: --tls implicit\n",
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
             all of it 0 ms

findings     not known: the probe ended early
",
        )
        .stderr("ehlo: timed out waiting for the reply to EHLO\n")
        .exit(75);
}

/// The screen and the JSON of a server that leaves STARTTLS unanswered, or the handshake.
#[track_caller]
fn comes_to_nothing(run: impl Fn(&str) -> Ehlo, place: &str, why: &str, phases: &str) {
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
ehlo         beta
extensions   SIZE      the size is told ahead, no limit is named (RFC 1870)
             8BITMIME  8-bit text is taken (RFC 6152)
             STARTTLS  TLS can begin (RFC 3207)
log-in       not offered in clear
             inside TLS not tried: TLS failed
tls          {why}
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             {phases}

findings     1 serious
serious      STARTTLS is offered, and TLS fails: {why}
             look into the server's log; TLS 1.2 or 1.3 with ECDHE is needed, and a certificate
             that fits the key
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
        "timed out waiting for the TLS handshake",
        "starttls 0 ms, tls 0 ms, all of it 0 ms",
    );
    for (end, why) in [
        ("! swallow\n", "timed out waiting for the reply to STARTTLS"),
        ("! close\n", "the server closed the connection before its reply to STARTTLS"),
    ] {
        let run = |line: &str| in_clear(line, &format!("{offer}{end}"));
        comes_to_nothing(run, "127.0.0.1:PORT", why, "starttls 0 ms, all of it 0 ms");
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
    assert_eq!(report["findings"][0]["title"], format!("STARTTLS is offered, and TLS fails: {not_tls}"));
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
extensions   not told: EHLO is put off, 421 go away
log-in       not tried
tls          not tried
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             all of it 0 ms

findings     not known: the probe ended early
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
times        resolve 0 ms, connect 0 ms, greeting 0 ms, all of it 0 ms

findings     not known: the probe ended early
"
            ))
            .stderr(&format!("ehlo: {said}\n"))
            .exit(status);
    }
}

#[test]
fn other_codes_where_220_is_meant_0() {
    let acceptor = Acceptor::new(&[]).unwrap();
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
        .stderr("ehlo: SERVER: a password does not belong in a URL, where others can see it: use a password file or command\n")
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
ehlo         beta
extensions   SIZE      the size is told ahead, no limit is named (RFC 1870)
             8BITMIME  8-bit text is taken (RFC 6152)
             VRFY      an address can be asked about (RFC 5321); 252: it does not tell
             EXPN      a list's members can be asked for (RFC 5321); 502: it refuses
log-in       not offered
tls          not tried
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             all of it 0 ms

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
    let notes = format!("S: 220 beta\nC: EHLO alpha.arpa\nS: 250 beta\n{BYE}");
    in_clear("-q --tls off", &notes).exit(0);
    in_clear("-q --tls off", &format!("! line-end lf\n{PLAIN}S: 250 HELP\n{BYE}"))
        .stdout(
            "findings     1 warning
warning      reply lines end in a bare LF
             lines end in CRLF (RFC 5321, section 2.3.8), and strict clients hang up: mend what
             writes the replies
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
ehlo         beta
extensions   SIZE      the size is told ahead, no limit is named (RFC 1870)
             8BITMIME  8-bit text is taken (RFC 6152)
             LIMITS    how much it takes at once (RFC 9422)
               MAILMAX=1000 RCPTMAX=50000 RCPTDOMAINMAX=100
log-in       not offered
tls          not tried
times        resolve 0 ms, connect 0 ms, greeting 0 ms, ehlo 0 ms
             all of it 0 ms

findings     none
",
        )
        .exit(0);
}
