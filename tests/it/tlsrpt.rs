//! TLSRPT (RFC 8460): what `ehlo send -S mx: --tlsrpt` notes, and what `ehlo tlsrpt report` makes of it.

use crate::harness::{Done, Ehlo, ehlo, send, send_as_is};
use crate::server::Server;
use crate::*;
use ehlo::inside::net::tls::Acceptor;
use serde_json::{Value, json};
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

const A: u16 = 1;
const MX: u16 = 15;
const TXT: u16 = 16;
const TLSA: u16 = 52;
/// The resolver's own failure.
const FAILS: u8 = 2;

const OFFER: &str = "S: 220 mx.beta.test ready\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 STARTTLS\n";
const GO_AHEAD: &str = "C: STARTTLS\nS: 220 go ahead\n";
const AGAIN: &str = "C: EHLO alpha.arpa\nS: 250 beta\n";
const MAIL: &str = "C: MAIL FROM:<a@alpha.test>\nS: 250 OK\n";
const RCPT: &str = "C: RCPT TO:<b@beta.test>\nS: 250 OK\n";
const HAS_IT: &str = "250\tb@beta.test\tOK\n250\tmessage\tOK\n";

/// What is said of a name and a type: records, or a code.
type Row = (String, u16, Result<Vec<u8>, u8>);

/// A resolver on UDP that knows these, and says that all of it is validated; its address. A name that is not there does not
/// exist.
fn resolver(table: Vec<Row>) -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    thread::spawn(move || {
        let mut room = [0; 4096];
        while let Ok((count, from)) = socket.recv_from(&mut room) {
            let _ = socket.send_to(&answer(&room[..count], &table), from);
        }
    });
    address
}

fn answer(question: &[u8], table: &[Row]) -> Vec<u8> {
    let (mut labels, mut at) = (Vec::new(), 12);
    while question[at] != 0 {
        let end = at + 1 + usize::from(question[at]);
        labels.push(String::from_utf8_lossy(&question[at + 1..end]).to_lowercase());
        at = end;
    }
    let (name, kind) = (labels.join("."), u16::from_be_bytes([question[at + 1], question[at + 2]]));
    let of_name = || table.iter().filter(|(known, ..)| *known == name);
    let records: Vec<&Result<Vec<u8>, u8>> =
        of_name().filter(|(_, known, _)| *known == kind).map(|(.., said)| said).collect();
    let code = match records.first() {
        Some(Err(code)) => *code,
        Some(Ok(_)) => 0,
        None => {
            if of_name().next().is_some() {
                0
            } else {
                3
            }
        }
    };
    let data: Vec<&Vec<u8>> = records.into_iter().flatten().collect();
    // An answer by a resolver that recurses, and has validated it (AD).
    let count = u8::try_from(data.len()).unwrap();
    let mut out = [&question[..2], &[0x81, 0xa0 | code, 0, 1, 0, count, 0, 0, 0, 0]].concat();
    out.extend(&question[12..at + 5]);
    for data in data {
        out.extend([0xc0, 12]);
        out.extend(kind.to_be_bytes());
        out.extend([0, 1, 0, 0, 0, 60]);
        out.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        out.extend(data);
    }
    out
}

/// beta.test, whose mail mx.beta.test takes, on loopback.
fn beta(more: Vec<Row>) -> String {
    let mx = [&[0, 10][..], b"\x02mx\x04beta\x04test\0"].concat();
    let rows = [("beta.test", MX, mx), ("mx.beta.test", A, vec![127, 0, 0, 1])];
    let rows = rows.map(|(name, kind, data)| (name.to_owned(), kind, Ok(data)));
    resolver(rows.into_iter().chain(more).collect())
}

fn text(name: &str, text: &str) -> Row {
    (name.to_owned(), TXT, Ok([&[u8::try_from(text.len()).unwrap()], text.as_bytes()].concat()))
}

fn tlsa(server: &Server, digest: &[u8]) -> Row {
    (format!("_{}._tcp.mx.beta.test", server.port().unwrap()), TLSA, Ok([&[3, 1, 1], digest].concat()))
}

/// `ehlo send` by the MX of this resolver, to this server.
fn to_beta(resolver: &str, server: Server, line: &str) -> Ehlo {
    with_file(resolver, server, &format!("--tlsrpt log {line}"))
}

fn with_file(resolver: &str, server: Server, line: &str) -> Ehlo {
    let way = format!("-S mx: -p PORT --resolver {resolver} --mx-allow loopback {line}");
    send(&format!("-f a@alpha.test -t b@beta.test --body x {way}")).served_by(server)
}

/// The lines of the file, without their times.
#[track_caller]
fn noted(done: &Done) -> Vec<Value> {
    let path = done.path("log");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'));
    let read = |line: &str| {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let time = line.as_object_mut().unwrap().remove("time").unwrap();
        let time = time.as_str().unwrap();
        let shape: String = time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
        assert_eq!(shape, "0000-00-00T00:00:00Z");
        assert_eq!(line.as_object_mut().unwrap().remove("version"), Some(json!(1)));
        line
    };
    text.lines().map(read).collect()
}

/// A session with mx.beta.test that failed like this, if it did.
fn session(policy: Value, failure: Option<(&str, &str)>) -> Value {
    let (result, why) = failure.unzip();
    json!({
        "policy": policy,
        "sending-mta-ip": "127.0.0.1",
        "receiving-mx-hostname": "mx.beta.test",
        "receiving-mx-helo": "mx.beta.test",
        "receiving-ip": "127.0.0.1",
        "result-type": result,
        "failure-reason-code": why,
    })
}

fn no_policy() -> Value {
    json!({"policy-type": "no-policy-found", "policy-domain": "beta.test"})
}

#[test]
fn a_session_without_a_policy_succeeds_by_tls_of_whatever_kind() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let dialogue = format!("{OFFER}{GO_AHEAD}{AGAIN}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let done = to_beta(&beta(vec![]), Server::tcp(&dialogue).tls(&acceptor), "").stdout(HAS_IT).exit(0);
    assert_eq!(noted(&done), [session(no_policy(), None)]);
    let plain =
        format!("S: 220 mx.beta.test ready\nC: EHLO alpha.arpa\nS: 250 beta\n{MAIL}{RCPT}{TAKEN}{QUIT}");
    let done = to_beta(&beta(vec![]), Server::tcp(&plain), "").stdout(HAS_IT).exit(0);
    let failure = ("starttls-not-supported", "STARTTLS is not offered");
    assert_eq!(noted(&done), [session(no_policy(), Some(failure))]);
}

#[test]
fn a_certificate_is_the_one_of_the_tlsa_records_or_not() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let (_, key) = crate::tls::fingerprints(&acceptor);
    let octet = |at: usize| u8::from_str_radix(&key[at..at + 2], 16).unwrap();
    let right: Vec<u8> = (0..key.len()).step_by(2).map(octet).collect();
    let hex = |digest: &[u8]| digest.iter().map(|octet| format!("{octet:02x}")).collect::<String>();
    let policy = |digest: &[u8]| {
        json!({"policy-type": "tlsa", "policy-string": [format!("3 1 1 {}", hex(digest))],
               "policy-domain": "beta.test"})
    };
    let dialogue = format!("{OFFER}{GO_AHEAD}{AGAIN}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let server = Server::tcp(&dialogue).tls(&acceptor);
    let resolver = beta(vec![tlsa(&server, &right)]);
    let done = to_beta(&resolver, server, "").stdout(HAS_IT).exit(0);
    assert_eq!(noted(&done), [session(policy(&right), None)]);

    let server = Server::tcp(&format!("{OFFER}{GO_AHEAD}")).tls(&acceptor);
    let wrong = [7; 32];
    let resolver = beta(vec![tlsa(&server, &wrong)]);
    let why = "certificate not trusted: it does not match the server's TLSA records";
    let at = format!("mx.beta.test: {why}");
    let done = to_beta(&resolver, server, "")
        .stdout(&format!("---\tb@beta.test\tuntried: {at}\n---\tmessage\tuntried: {at}\n"))
        .stderr(&format!("ehlo: {at}\n"))
        .exit(75);
    assert_eq!(noted(&done), [session(policy(&wrong), Some(("validation-failure", why)))]);
}

#[test]
fn a_look_up_that_fails_is_a_line_without_a_session() {
    let server = Server::tcp("");
    let (name, kind, _) = tlsa(&server, &[]);
    let resolver = beta(vec![(name, kind, Err(FAILS))]);
    let why = format!(
        "no host of beta.test can be used: mx.beta.test: its TLSA records are not known: the resolver {resolver} has no \
         answer: it failed (code 2)"
    );
    let done = to_beta(&resolver, server, "")
        .stdout(&format!("---\tb@beta.test\tdeferred: {why}\n---\tmessage\tuntried: {why}\n"))
        .stderr(&format!("ehlo: {why}\n"))
        .exit(75);
    assert_eq!(
        noted(&done),
        [json!({
            "policy": {"policy-type": "tlsa", "policy-domain": "beta.test"},
            "receiving-mx-hostname": "mx.beta.test",
            "result-type": "dnssec-invalid",
            "failure-reason-code": "the resolver has no answer (code 2)",
        })]
    );
}

#[test]
fn what_is_only_tested_is_noted_and_goes_out() {
    let acceptor = Acceptor::new(&[]).unwrap();
    let policy = "version: STSv1\nmode: testing\nmx: *.beta.test\nmax_age: 100000\n";
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let kept = format!("ehlo mta-sts 1\npolicy {now} 1 {}\n{policy}end\n", policy.len());
    let dialogue = format!("{OFFER}{GO_AHEAD}{AGAIN}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let server = Server::tcp(&dialogue).tls(&acceptor);
    let run =
        to_beta(&beta(vec![text("_mta-sts.beta.test", "v=STSv1; id=1")]), server, "--mta-sts-cache DIR/kept");
    std::fs::create_dir(run.folder().join("kept")).unwrap();
    std::fs::set_permissions(run.folder().join("kept"), std::fs::Permissions::from_mode(0o700)).unwrap();
    let done = run
        .file_of_mode("kept/beta.test", kept, 0o600)
        .stdout(HAS_IT)
        .stderr(
            "ehlo: warning: the MTA-STS policy of beta.test, which is only tested, does not allow mx.beta.test: it is \
             self-signed\n",
        )
        .exit(0);
    let policy = json!({
        "policy-type": "sts",
        "policy-string": ["version: STSv1", "mode: testing", "mx: *.beta.test", "max_age: 100000"],
        "policy-domain": "beta.test",
        "mx-host": ["*.beta.test"],
    });
    let failure = ("certificate-not-trusted", "certificate not trusted: it is self-signed");
    assert_eq!(noted(&done), [session(policy, Some(failure))]);
}

#[test]
fn whoever_was_not_reached_or_let_nobody_in_has_no_line() {
    let done = to_beta(&beta(vec![]), Server::tcp("S: 554 no\nC: QUIT\nS: 221 bye\n"), "--json")
        .any_json()
        .stderr("ehlo: mx.beta.test: the server rejects the connection: 554 no\n")
        .exit(75);
    assert_eq!(noted(&done), Vec::<Value>::new());
}

#[test]
fn a_report_is_not_reported() {
    let plain = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let done = send_as_is(
        "From: a@alpha.test\nTo: b@beta.test\nTLS-Report-Domain: beta.test\n\nx\n",
        &format!(
            "--recipients-in-message -S mx: -p PORT --resolver {} --mx-allow loopback --tlsrpt log",
            beta(vec![])
        ),
    )
    .served_by(Server::tcp(&plain))
    .stdout(HAS_IT)
    .exit(0);
    assert!(!done.path("log").exists());
}

#[test]
fn where_policies_are_put_aside_nothing_is_noted() {
    let plain = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let server = Server::tcp(&plain);
    let resolver = beta(vec![tlsa(&server, &[7; 32])]);
    let done = to_beta(&resolver, server, "--tls-required-no")
        .stdout(HAS_IT)
        .stderr("ehlo: warning: the message says 'TLS-Required: No': DANE and MTA-STS are not looked at\n")
        .exit(0);
    assert!(!done.path("log").exists());
}

#[test]
fn a_session_that_is_a_test_is_not_noted() {
    let server = Server::tcp("S: 220 mx.beta.test ready\nC: QUIT\nS: 221 bye\n");
    let done = to_beta(&beta(vec![]), server, "--stop-after connect")
        .any_stdout()
        .stderr("ehlo: nothing was sent (--stop-after connect)\n")
        .exit(0);
    assert!(!done.path("log").exists());
}

#[test]
fn a_dry_run_notes_nothing() {
    let run = with_file(&beta(vec![]), Server::tcp(""), "--tlsrpt log --dry-run").any_stdout();
    let done = run.exit(0);
    assert!(done.stdout().contains("tlsrpt"), "{}", done.stdout());
    assert!(!done.path("log").exists());
}

#[test]
fn several_processes_write_into_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let plain = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let (plain, line) = (plain.clone(), format!("--tlsrpt {}", log.display()));
            thread::spawn(move || {
                with_file(&beta(vec![]), Server::tcp(&plain), &line).stdout(HAS_IT).exit(0);
            })
        })
        .collect();
    runs.into_iter().for_each(|run| run.join().unwrap());
    let text = std::fs::read_to_string(log).unwrap();
    let mut count = 0;
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["result-type"], "starttls-not-supported");
        count += 1;
    }
    assert_eq!(count, 8);
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_or_after() {
    with_file(&beta(vec![]), Server::tcp(""), "--tlsrpt none/log")
        .stderr("ehlo: cannot write none/log: no such file or directory\n")
        .exit(74);
    let plain = format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}");
    with_file(&beta(vec![]), Server::tcp(&plain), "--tlsrpt /dev/full")
        .stdout(HAS_IT)
        .stderr("ehlo: warning: cannot write /dev/full: no space left on device\n")
        .exit(0);
    with_file(&beta(vec![]), Server::tcp(""), "--tlsrpt -")
        .stderr("ehlo: --tlsrpt: needs a file; standard output has the report\n")
        .exit(64);
}

#[test]
fn the_flag_needs_a_file_and_domains() {
    send("-f a@alpha.test -t b@beta.test --body x -S mx: --policy none --tlsrpt log")
        .stderr("ehlo: --policy none looks for no policy, and so there is nothing for --tlsrpt to note\n")
        .exit(64);
    send("-f a@alpha.test -t b@beta.test --body x -S localhost --tlsrpt log")
        .stderr("ehlo: --tlsrpt needs -S mx:\n")
        .exit(64);
}

/// A line of `--tlsrpt` of this day and domain.
fn line(day: &str, domain: &str, failure: Option<(&str, &str)>) -> String {
    let mut line = session(json!({"policy-type": "no-policy-found", "policy-domain": domain}), failure);
    line["version"] = json!(1);
    line["time"] = json!(format!("{day}T12:00:00Z"));
    format!("{line}\n")
}

const BY: &str = "--organization 'Alpha Inc.' --contact mailto:tls@alpha.test";

fn report(lines: &str, line: &str) -> Ehlo {
    ehlo(&format!("tlsrpt report log {BY} {line}")).file("log", lines)
}

#[test]
fn a_report_is_one_line_for_each_domain_and_day_that_is_over() {
    let failed = Some(("starttls-not-supported", "STARTTLS is not offered"));
    let future = line("9999-12-31", "beta.test", None);
    let lines = line("2026-11-02", "beta.test", None)
        + &line("2026-11-01", "gamma.test", None)
        + "no line\n"
        + &line("2026-11-02", "beta.test", failed)
        + &line("2026-11-02", "beta.test", None)
        + &future
        + "{\"version\":1,\"time\":\"2026-11-0";
    let gamma = "{\"organization-name\":\"Alpha Inc.\",\"date-range\":{\"start-datetime\":\"2026-11-01T00:00:00Z\",\
        \"end-datetime\":\"2026-11-01T23:59:59Z\"},\"contact-info\":\"mailto:tls@alpha.test\",\
        \"report-id\":\"2026-11-01.8da7f86042b85c48@alpha.test\",\"policies\":[{\"policy\":{\"policy-type\":\"no-policy-found\",\
        \"policy-domain\":\"gamma.test\"},\"summary\":{\"total-successful-session-count\":1,\
        \"total-failure-session-count\":0}}]}\n";
    let beta = "{\"organization-name\":\"Alpha Inc.\",\"date-range\":{\"start-datetime\":\"2026-11-02T00:00:00Z\",\
        \"end-datetime\":\"2026-11-02T23:59:59Z\"},\"contact-info\":\"mailto:tls@alpha.test\",\
        \"report-id\":\"2026-11-02.a663c5b4272d17ef@alpha.test\",\"policies\":[{\"policy\":{\"policy-type\":\"no-policy-found\",\
        \"policy-domain\":\"beta.test\"},\"summary\":{\"total-successful-session-count\":2,\
        \"total-failure-session-count\":1},\"failure-details\":[{\"result-type\":\"starttls-not-supported\",\
        \"sending-mta-ip\":\"127.0.0.1\",\"receiving-mx-hostname\":\"mx.beta.test\",\
        \"receiving-mx-helo\":\"mx.beta.test\",\"receiving-ip\":\"127.0.0.1\",\"failed-session-count\":1,\
        \"failure-reason-code\":\"STARTTLS is not offered\"}]}]}\n";
    let passed_over = "ehlo: log: line 3 is not one of --tlsrpt: it is passed over\n\
                       ehlo: log: line 7 is not one of --tlsrpt: it is passed over\n";
    report(&lines, "").stdout(&format!("{gamma}{beta}")).stderr(passed_over).exit(0);
    report(&lines, "--day 2026-11-01").stdout(gamma).stderr(passed_over).exit(0);
    // One that is not over is reported on where it is named.
    let named = report(&future, "--day 9999-12-31").any_stdout().exit(0);
    assert!(named.stdout().contains("\"end-datetime\":\"9999-12-31T23:59:59Z\""), "{}", named.stdout());
}

#[test]
fn a_file_without_lines_is_well_and_one_of_something_else_is_not() {
    report("", "").exit(0);
    report("\n\n", "").exit(0);
    report(&line("9999-12-31", "beta.test", None), "").exit(0);
    report("a\n", "")
        .stderr(
            "ehlo: log: line 1 is not one of --tlsrpt: it is passed over\n\
             ehlo: log: none of its lines is one of --tlsrpt\n",
        )
        .exit(65);
    ehlo(&format!("tlsrpt report nothing {BY}"))
        .stderr("ehlo: cannot read nothing: no such file or directory\n")
        .exit(66);
    ehlo(&format!("tlsrpt report - {BY} --day 2026-11-01"))
        .stdin(line("2026-11-02", "beta.test", None))
        .exit(0);
    let many = "x\n".repeat(12);
    let told: String = (1..=10)
        .map(|number| format!("ehlo: log: line {number} is not one of --tlsrpt: it is passed over\n"))
        .collect();
    report(&(many + &line("9999-12-31", "beta.test", None)), "")
        .stderr(&format!("{told}ehlo: log: 2 more lines are passed over\n"))
        .exit(0);
}

#[test]
fn what_is_not_right_is_told_first() {
    for (line, said) in [
        ("--day 2026-11-31", "--day needs a day such as 2026-11-30, not '2026-11-31'"),
        ("--out . --from nobody", "--from 'nobody': no '@' and no domain (at character 7)"),
        (
            "--out . --from a@[192.0.2.1]",
            "--from: names no domain to report as: use an address such as mailto:tls@example.org",
        ),
    ] {
        report("", line).stderr(&format!("ehlo: {said}\n")).exit(64);
    }
    ehlo("tlsrpt report log --organization x --contact tel:1")
        .stderr(
            "ehlo: --contact: names no domain to report as: use an address such as mailto:tls@example.org\n",
        )
        .exit(64);
    report(&line("2026-11-02", "beta.test", None), "--out none")
        .stderr(
            "ehlo: cannot write none/alpha.test!beta.test!1793577600!1793663999!02c11e355e336513.json: no such file or \
             directory\n",
        )
        .exit(74);
}

#[test]
fn reports_are_files_and_mails_for_those_who_want_them() {
    let lines: String =
        ["both.test", "https.test", "mail.test", "none.test", "odd.test", "silent.test", "two.test"]
            .map(|domain| line("2026-11-02", domain, None))
            .concat();
    let resolver = resolver(vec![
        text("_smtp._tls.both.test", "v=TLSRPTv1; rua=https://both.test/r,mailto:tls@both.test"),
        text("_smtp._tls.https.test", "v=TLSRPTv1; rua=https://https.test/r"),
        text("_smtp._tls.mail.test", "v=TLSRPTv1; rua=mailto:a@mail.test,mailto:b@mail.test"),
        text("_smtp._tls.odd.test", "v=TLSRPTv1; rua=ftp://odd.test"),
        ("_smtp._tls.silent.test".to_owned(), TXT, Err(FAILS)),
        text("_smtp._tls.two.test", "v=TLSRPTv1; rua=mailto:a@b"),
        text("_smtp._tls.two.test", "v=TLSRPTv1; rua=mailto:a@b"),
    ]);
    let done = report(&lines, &format!("--out . --from tls@alpha.test --resolver {resolver}"))
        .any_stdout()
        .stderr(&format!(
            "ehlo: both.test wants reports by HTTPS, which is left to others\n\
             ehlo: https.test wants reports by HTTPS, which is left to others\n\
             ehlo: none.test wants no reports: it has no record of TLSRPT\n\
             ehlo: odd.test: its record of TLSRPT names no address that mail can go to\n\
             ehlo: silent.test: whether it wants reports is not known: the resolver {resolver} has no answer: it failed \
             (code 2); no mail is written\n\
             ehlo: two.test: there are 2 records of TLSRPT, not one; no mail is written\n"
        ))
        .exit(75);
    let files: Vec<&str> = done.stdout().lines().collect();
    let shown: Vec<String> = files
        .iter()
        .map(|file| {
            let (name, unique) = file.strip_prefix("./alpha.test!").unwrap().rsplit_once('!').unwrap();
            let (unique, ending) = unique.split_once('.').unwrap();
            assert!(unique.len() == 16 && unique.bytes().all(|octet| octet.is_ascii_hexdigit()), "{unique}");
            format!("{name} {ending}")
        })
        .collect();
    assert_eq!(
        shown,
        [
            "both.test!1793577600!1793663999 json",
            "both.test!1793577600!1793663999 eml",
            "https.test!1793577600!1793663999 json",
            "mail.test!1793577600!1793663999 json",
            "mail.test!1793577600!1793663999 eml",
            "none.test!1793577600!1793663999 json",
            "odd.test!1793577600!1793663999 json",
            "silent.test!1793577600!1793663999 json",
            "two.test!1793577600!1793663999 json",
        ]
    );
    // Nothing is left beside them.
    let folder = std::fs::read_dir(done.path(".")).unwrap();
    let mut found: Vec<String> =
        folder.map(|entry| format!("./{}", entry.unwrap().file_name().display())).collect();
    found.retain(|name| name != "./log");
    found.sort();
    let mut files: Vec<String> = files.into_iter().map(str::to_owned).collect();
    files.sort();
    assert_eq!(found, files);
    let of_mail: Vec<&String> = files.iter().filter(|file| file.contains("!mail.test!")).collect();
    let [mail, json] = of_mail.as_slice() else { panic!("{of_mail:?}") };
    let json: Value = serde_json::from_str(&done.file(json)).unwrap();
    assert_eq!(json["policies"][0]["policy"]["policy-domain"], "mail.test");
    let mail = done.file(mail);
    let id = json["report-id"].as_str().unwrap();
    assert!(
        mail.starts_with(&format!(
            "From: <tls@alpha.test>\r\nTo: <a@mail.test>,\r\n <b@mail.test>\r\nSubject: Report Domain: mail.test\r\n \
             Submitter: alpha.test\r\n Report-ID: <{id}>\r\nDate: "
        )),
        "{mail}"
    );
    // It goes out as it is, whatever the policies are, and is not reported.
    let dialogue = format!(
        "{HELLO}C: MAIL FROM:<tls@alpha.test>\nS: 250 OK\nC: RCPT TO:<a@mail.test>\nS: 250 OK\n\
         C: RCPT TO:<b@mail.test>\nS: 250 OK\n{TAKEN}{QUIT}"
    );
    let server = Server::tcp(&dialogue);
    let mx = [&[0, 10][..], b"\x02mx\x04beta\x04test\0"].concat();
    let resolver = beta(vec![("mail.test".to_owned(), MX, Ok(mx)), tlsa(&server, &[7; 32])]);
    let done = send_as_is(
        &mail,
        &format!(
            "--recipients-in-message -S mx: -p PORT --resolver {resolver} --mx-allow loopback --tlsrpt log"
        ),
    )
    .served_by(server)
    .stdout("250\ta@mail.test\tOK\n250\tb@mail.test\tOK\n250\tmessage\tOK\n")
    .stderr("ehlo: warning: the message says 'TLS-Required: No': DANE and MTA-STS are not looked at\n")
    .exit(0);
    assert!(!done.path("log").exists());
}
