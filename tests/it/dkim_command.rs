//! `ehlo dkim`: the record of a key, and what is said of the signatures of a message.

use crate::harness::{Ehlo, ehlo};
use crate::resolver::{Resolver, Says};
use crate::terminal::On;
use serde_json::json;

/// RFC 8463, appendix A.3, and the records of appendix A.2.
const MESSAGE: &str = include_str!("../dkim/messages/rfc8463.eml");
const RECORDS: &str = include_str!("../dkim/messages/rfc8463.records");
const BRISBANE: &str = "brisbane._domainkey.football.example.com";
const TEST: &str = "test._domainkey.football.example.com";
const ED25519: &str = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// What is said where all is well.
const BOTH_PASS: &str = "pass\tfootball.example.com\tbrisbane\ted25519-sha256\t\n\
    pass\tfootball.example.com\ttest\trsa-sha256, 1024 bits\tthe key has 1024 bits, which is too few today: 2048 are good\n";
const MAKE: &str = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem";

/// The record of the key of RSA there.
fn rsa() -> String {
    let zone = RECORDS.lines().find(|line| line.starts_with("test.")).unwrap();
    zone.split('"').skip(1).step_by(2).collect()
}

/// A key of the tests that nobody else can read.
fn key(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/dkim/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn with_key(name: &str, line: &str) -> Ehlo {
    ehlo(&format!("dkim record {line}")).file_of_mode("key", key(name), 0o600)
}

/// `verify` of this message, with the records in a file.
fn offline(message: impl AsRef<[u8]>) -> Ehlo {
    ehlo("dkim verify --record records").file("records", RECORDS).stdin(message)
}

/// `verify` of the message of RFC 8463, with the keys from a resolver.
fn online(resolver: &Resolver) -> Ehlo {
    ehlo(&format!("dkim verify --resolver {}", resolver.address())).stdin(MESSAGE)
}

/// One that has these for the two keys.
fn resolver(ed25519: Says, rsa: Says) -> Resolver {
    Resolver::new([(BRISBANE, ed25519), (TEST, rsa)])
}

fn text(text: &str) -> Says {
    Says::Texts(vec![text.to_owned()])
}

/// The reason of the first line and the second one's, behind what does not change.
fn said(first: &str, second: &str) -> String {
    let short = "the key has 1024 bits, which is too few today: 2048 are good";
    let (verdict, why) = first.split_once(": ").unwrap_or((first, ""));
    let one = format!("{verdict}\tfootball.example.com\tbrisbane\ted25519-sha256\t{why}\n");
    let (verdict, why) = second.split_once(": ").unwrap_or((second, ""));
    let (bits, why) = match verdict {
        "pass" => (", 1024 bits", short.to_owned()),
        "fail" => (", 1024 bits", format!("{why}; {short}")),
        _ => ("", why.to_owned()),
    };
    format!("{one}{verdict}\tfootball.example.com\ttest\trsa-sha256{bits}\t{why}\n")
}

#[test]
fn the_record_of_a_key_is_one_line() {
    let ed25519 = "v=DKIM1; k=ed25519; p=IIBOdYSWSAA2Y5SPveFJgMT+sVdVWnuVgJjxZ222f6U=\n";
    with_key("ed25519.pem", "key").stdout(ed25519).exit(0);
    ehlo("dkim record -").stdin(key("ed25519.pem")).stdout(ed25519).exit(0);
    let rsa = with_key("rsa2048.pem", "key").any_stdout().exit(0).stdout().to_owned();
    assert!(rsa.starts_with("v=DKIM1; k=rsa; p=MIIBIjANBg") && rsa.ends_with("IDAQAB\n"), "{rsa}");
    with_key("rsa2048-pkcs1.pem", "key").stdout(&rsa).exit(0);
    // In DER, too.
    let pem = String::from_utf8(key("rsa2048.pem")).unwrap();
    let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = encodify::base64::STANDARD.decode(text.as_bytes()).unwrap();
    ehlo("dkim record -").stdin(der).stdout(&rsa).exit(0);
    ehlo("dkim record key")
        .file_of_mode("key", key("ed25519.pem"), 0o640)
        .stdout(ed25519)
        .stderr("ehlo: warning: others can read the key file key: chmod 600 it\n")
        .exit(0);
}

#[test]
fn with_a_name_it_is_a_line_of_a_zone() {
    with_key("ed25519.pem", "key --selector S1 --domain M\u{fc}ller.Example")
        .stdout("s1._domainkey.xn--mller-kva.example. IN TXT ( \"v=DKIM1; k=ed25519; p=IIBOdYSWSAA2Y5SPveFJgMT+sVdVWnuVgJjxZ222f6U=\" )\n")
        .exit(0);
    let value = with_key("rsa2048.pem", "key").any_stdout().exit(0).stdout().to_owned();
    let zone = with_key("rsa2048.pem", "key --selector s --domain example.org")
        .any_stdout()
        .exit(0)
        .stdout()
        .to_owned();
    let strings: Vec<&str> = zone.split('"').skip(1).step_by(2).collect();
    assert_eq!(strings.iter().map(|text| text.len()).collect::<Vec<_>>(), [255, value.len() - 256]);
    assert_eq!(strings.concat() + "\n", value);
    assert!(zone.starts_with("s._domainkey.example.org. IN TXT ( \"v=DKIM1; ") && zone.ends_with("\" )\n"));
}

#[test]
fn a_file_without_a_key_that_signs_is_refused_with_advice() {
    let kinds = format!(
        "DKIM takes RSA and Ed25519; make one with {MAKE}, or openssl genpkey -algorithm ed25519 -out key.pem"
    );
    let decrypt = "the key is encrypted: decrypt it into a file that only you can read, with openssl pkey -in KEY -out key.pem";
    let rows = [
        (
            "rsa1024.pem",
            format!("an RSA key of 1024 bits, which is fewer than 2048: make another with {MAKE}"),
        ),
        (
            "rsa5120.pem",
            format!("an RSA key of 5120 bits, which is more than 4096: make another with {MAKE}"),
        ),
        ("encrypted.pem", decrypt.to_owned()),
        ("encrypted-old.pem", decrypt.to_owned()),
        ("public.pem", "a public key; the private key is needed".to_owned()),
        ("certificate.pem", "a certificate; the private key is needed".to_owned()),
        ("openssh.pem", format!("a key in OpenSSH's own form: make one for DKIM with {MAKE}")),
        ("ec.pem", format!("a key of the kind EC: {kinds}")),
        ("ed448.pem", format!("a key of the kind Ed448: {kinds}")),
    ];
    for (name, says) in rows {
        with_key(name, "key").stderr(&format!("ehlo: cannot use the key key: {says}\n")).exit(66);
    }
    ehlo("dkim record -")
        .stdin("hello\n")
        .stderr(&format!(
            "ehlo: cannot use the key on standard input: no private key; make one with {MAKE}\n"
        ))
        .exit(66);
    ehlo("dkim record none").stderr("ehlo: cannot read the key none: no such file or directory\n").exit(66);
    ehlo("dkim record .").stderr("ehlo: cannot read the key .: is a directory\n").exit(66);
    ehlo("dkim record -")
        .stdin(vec![b'x'; 65_537])
        .stderr("ehlo: cannot read the key on standard input: file too large\n")
        .exit(66);
    ehlo("dkim record")
        .arg("--")
        .arg("-----BEGIN PRIVATE KEY-----\nMC4C")
        .stderr("ehlo: cannot read the key: give the name of its file, not the key\n")
        .exit(66);
}

#[test]
fn a_flag_of_the_other_action_is_refused() {
    for (line, says) in [
        ("record", "no key: name its file, as in 'ehlo dkim record key.pem'"),
        ("record key --selector s", "--selector needs --domain, too"),
        ("record key --domain example.org", "--domain needs --selector, too"),
        ("record key --json", "--json is for 'ehlo dkim verify'"),
        ("record key --timeout 3", "--timeout is for 'ehlo dkim verify'"),
        ("record key --resolver ::1", "--resolver is for 'ehlo dkim verify'"),
        ("verify m --domain example.org", "--domain is for 'ehlo dkim record'"),
        ("verify m --record r --resolver ::1", "--resolver cannot be used with --record, which asks no DNS"),
        (
            "verify --resolver ns.example.org",
            "--resolver needs an address such as 192.0.2.1, 192.0.2.1:53 or [2001:db8::1]:53, not 'ns.example.org'",
        ),
        (
            "verify --resolver ''",
            "--resolver needs an address such as 192.0.2.1, 192.0.2.1:53 or [2001:db8::1]:53, not ''",
        ),
        (
            "record key --selector s --domain localhost",
            "--domain: the signing domain: a domain of one label: give one such as example.org",
        ),
        (
            "record key --selector 'a b' --domain example.org",
            "--selector: the selector: not a name in the DNS: give a short name such as mail2024",
        ),
    ] {
        let run = ehlo(&format!("dkim {line}")).file_of_mode("key", key("ed25519.pem"), 0o600);
        run.stderr(&format!("ehlo: {says}\n")).exit(64);
    }
}

#[test]
fn signatures_that_pass_are_listed() {
    offline(MESSAGE).stdout(BOTH_PASS).exit(0);
    offline(MESSAGE.replace('\n', "\r\n")).stdout(BOTH_PASS).exit(0);
    offline(format!("From joe@football.example.com Fri Jul 11\n{MESSAGE}")).stdout(BOTH_PASS).exit(0);
    ehlo("dkim verify m --record records")
        .file("m", MESSAGE)
        .file("records", RECORDS)
        .stdout(BOTH_PASS)
        .exit(0);
}

#[test]
fn what_was_changed_is_told() {
    let body = "fail: the body was changed after it was signed; the header fields were not";
    let fields = "fail: a signed header field was changed, or the key is not the one that signed; the body was not changed";
    offline(MESSAGE.replace("lost", "won")).stdout(&said(body, body)).exit(1);
    offline(MESSAGE.replace("dinner", "lunch")).stdout(&said(fields, fields)).exit(1);
    let both = "fail: header fields and body were changed, or the signature is of another message";
    offline(MESSAGE.replace("dinner", "lunch").replace("lost", "won")).stdout(&said(both, both)).exit(1);
    // One that passes does not make up for one that does not.
    let one = MESSAGE.replacen("b=F45", "b=F44", 1);
    offline(one).stdout(&said("pass", fields)).exit(1);
}

#[test]
fn a_terminal_has_the_reasons_on_lines_of_their_own() {
    let shown = "\
fail       football.example.com  brisbane  ed25519-sha256
           the body was changed after it was signed; the
           header fields were not
fail       football.example.com  test  rsa-sha256, 1024 bits
           the body was changed after it was signed; the
           header fields were not
           the key has 1024 bits, which is too few today:
           2048 are good
";
    let run = offline(MESSAGE.replace("lost", "won")).on_terminal(60, On::Stdout);
    run.stdout(shown).exit(1);
}

#[test]
fn json_has_all_that_is_known() {
    let fields = ["from", "to", "subject", "date", "message-id", "from", "subject", "date"];
    let one = |line: u32, selector: &str, algorithm: &str, bits: u32, remarks: serde_json::Value| {
        json!({
            "line": line, "verdict": "pass", "cause": null, "reason": null, "domain": "football.example.com",
            "selector": selector, "algorithm": algorithm, "identity": "@football.example.com",
            "key_bits": bits, "is_test": false, "signed_at": 1_528_637_909, "expires_at": null,
            "signed_fields": fields, "signed_octets": null, "remarks": remarks,
        })
    };
    let short = "the key has 1024 bits, which is too few today: 2048 are good";
    offline(MESSAGE)
        .arg("--json")
        .json(json!({
            "version": 1, "exit_status": 0, "not_looked_at": 0,
            "signatures": [
                one(1, "brisbane", "ed25519-sha256", 256, json!([])),
                one(8, "test", "rsa-sha256", 1024, json!([short])),
            ],
        }))
        .exit(0);
    let done = offline("DKIM-Signature: v=1; a=rsa-md5\nFrom: a@b.c\n").arg("--json").any_json().exit(1);
    let one = &done.json()["signatures"][0];
    let seen = ["verdict", "cause", "reason", "algorithm", "domain", "key_bits", "signed_fields"];
    assert_eq!(
        seen.map(|name| one[name].clone()),
        [
            json!("permerror"),
            json!("unreadable_signature"),
            json!("the algorithm is not known: 'rsa-md5'"),
            json!("rsa-md5"),
            json!(null),
            json!(null),
            json!(null),
        ]
    );
}

#[test]
fn a_message_without_signatures_is_a_finding() {
    let none = "ehlo: the message has no DKIM signature\n";
    offline("From: a@b.c\n\nDKIM-Signature: v=1\n").stderr(none).exit(1);
    offline("From: a@b.c\n")
        .arg("--json")
        .json(json!({"version": 1, "exit_status": 1, "signatures": [], "not_looked_at": 0}))
        .stderr(none)
        .exit(1);
    offline("").stderr("ehlo: the message is empty\n").exit(65);
    offline("x".repeat(1_100_000))
        .stderr("ehlo: the header section does not end within 1048576 octets\n")
        .exit(65);
    ehlo("dkim verify none").stderr("ehlo: cannot read none: no such file or directory\n").exit(66);
    ehlo("dkim verify --record none").stderr("ehlo: cannot read none: no such file or directory\n").exit(66);
    ehlo("dkim verify --record r")
        .file("r", "; ours\nx\n")
        .stderr("ehlo: r, line 2: not a record: write SELECTOR._domainkey.DOMAIN and the text, or a line of a zone\n")
        .exit(65);
}

#[test]
fn more_signatures_than_anybody_needs_are_left_out() {
    let many = "DKIM-Signature: v=2\n".repeat(22);
    let line = "permerror\t-\t-\t-\tthe signature is not of version 1\n";
    offline(format!("{many}From: a@b.c\n"))
        .stdout(&line.repeat(20))
        .stderr("ehlo: warning: 2 more signatures were not looked at\n")
        .exit(1);
}

#[test]
fn what_a_message_or_a_record_holds_moves_no_cursor() {
    let message = "DKIM-Signature: v=1; a=\u{9b}2Jx; d=b.c; s=x\nFrom: a@b.c\n";
    offline(message)
        .stdout("permerror\tb.c\tx\t\\u{9b}2Jx\tthe algorithm is not known: '\\u{9b}2Jx'\n")
        .exit(1);
    let bad = resolver(text("v=DKIM1; k=\u{202e}x; p=AAAA"), text(&rsa()));
    online(&bad)
        .stdout(&said("permerror: the record has a key of an unknown kind: '\\u{202e}x'", "pass"))
        .exit(1);
}

#[test]
fn keys_come_from_the_dns_each_asked_for_once() {
    let keys = resolver(text(ED25519), text(&rsa()));
    online(&keys).stdout(BOTH_PASS).exit(0);
    assert_eq!(keys.asked(), [format!("udp {BRISBANE}"), format!("udp {TEST}")]);
    // By the variable, too; without a value it is none.
    let address = keys.address();
    ehlo("dkim verify").env("EHLO_RESOLVER", &address).stdin(MESSAGE).stdout(BOTH_PASS).exit(0);
    offline(MESSAGE).env("EHLO_RESOLVER", "").stdout(BOTH_PASS).exit(0);
    offline(MESSAGE).env("EHLO_RESOLVER", &address).stdout(BOTH_PASS).exit(0);
    assert_eq!(keys.asked().len(), 4);
}

#[test]
fn an_answer_that_is_cut_is_asked_for_over_tcp() {
    let keys = resolver(text(ED25519), Says::Cut(rsa()));
    online(&keys).stdout(BOTH_PASS).exit(0);
    assert_eq!(keys.asked()[1..], [format!("udp {TEST}"), format!("tcp {TEST}")]);
}

#[test]
fn an_answer_to_another_question_is_not_taken() {
    let keys = resolver(Says::Forged("v=DKIM1; p=", ED25519.to_owned()), text(&rsa()));
    online(&keys).stdout(BOTH_PASS).exit(0);
}

#[test]
fn what_the_dns_does_not_know_and_what_it_does_not_say_are_two_things() {
    let keys = resolver(Says::Code(3), Says::Nothing);
    let none = said(
        "permerror: there is no key record: the name does not exist in the DNS",
        "permerror: there is no key record: the DNS has no such record",
    );
    online(&keys).stdout(&none).exit(1);
    let keys = resolver(text(ED25519), Says::Code(2));
    let failed = format!(
        "temperror: the key could not be looked up: the resolver {} has no answer: it failed (code 2)",
        keys.address()
    );
    online(&keys).stdout(&said("pass", &failed)).exit(75);
    // What is known to be wrong counts for more.
    let keys = resolver(text("v=DKIM1; p="), Says::Code(2));
    let failed = format!(
        "temperror: the key could not be looked up: the resolver {} has no answer: it failed (code 2)",
        keys.address()
    );
    online(&keys).stdout(&said("permerror: the key was revoked: its p= is empty", &failed)).exit(1);
}

#[test]
fn a_key_that_is_tried_out_and_one_that_is_not_alone_are_remarked_on() {
    let testing = ED25519.replace("k=", "t=y; k=");
    let keys = resolver(Says::Texts(vec!["v=spf1 -all".to_owned(), testing]), text(&rsa()));
    let remarks = "the domain is only testing DKIM (t=y): its verdict should count for nothing; \
                   there are 2 records for this key, not one";
    online(&keys).stdout(&said(&format!("pass: {remarks}"), "pass")).exit(0);
}

#[test]
fn a_resolver_that_is_silent_or_gone_is_followed_by_the_next() {
    let keys = resolver(text(ED25519), text(&rsa()));
    let silent = resolver(Says::Silence, Says::Silence);
    let gone = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    ehlo(&format!("dkim verify --resolver 127.0.0.1:{gone} --resolver {}", keys.address()))
        .stdin(MESSAGE)
        .stdout(BOTH_PASS)
        .exit(0);
    // For one key only: each is waited for.
    let one: String = MESSAGE.split("DKIM-Signature: v=1; a=rsa").next().unwrap().to_owned();
    let message = format!("{one}{}", &MESSAGE[MESSAGE.find("From: Joe").unwrap()..]);
    ehlo(&format!("dkim verify --resolver {} --resolver {}", silent.address(), keys.address()))
        .stdin(&message)
        .stdout("pass\tfootball.example.com\tbrisbane\ted25519-sha256\t\n")
        .exit(0);
    let why = format!(
        "the key could not be looked up: the resolver {} cannot be asked: timed out",
        silent.address()
    );
    ehlo(&format!("dkim verify --timeout 300ms --resolver {}", silent.address()))
        .stdin(message)
        .stdout(&format!("temperror\tfootball.example.com\tbrisbane\ted25519-sha256\t{why}\n"))
        .exit(75);
}
