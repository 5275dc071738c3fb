//! `ehlo check`: what is looked up, what is said of it, and what is a finding.

use crate::check_zone::Zone;
use crate::harness::{Ehlo, ehlo};

/// A domain with which nothing is wrong, but for what no test can have: two hosts, and DNSSEC without DANE.
const GOOD: &str = "
    example.org MX 10 mx1.example.org
    example.org MX 20 mx2.example.org
    example.org TXT v=spf1 mx -all
    mx1.example.org A 192.0.2.1
    mx2.example.org A 192.0.2.2
    mail._domainkey.example.org TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
    _dmarc.example.org TXT v=DMARC1; p=reject; rua=mailto:dmarc@example.org
    _smtp._tls.example.org TXT v=TLSRPTv1; rua=mailto:tls@example.org
";

/// The good zone with other lines: those whose name and type are the same are taken away.
fn zone(changes: &str) -> String {
    let key = |line: &str| line.split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>();
    let changed: Vec<Vec<String>> = changes.lines().map(key).collect();
    let kept = GOOD.lines().filter(|line| !changed.contains(&key(line)) || key(line).is_empty());
    let added = changes.lines().filter(|line| !line.trim_end().ends_with(" -"));
    kept.chain(added).collect::<Vec<_>>().join("\n")
}

fn check(zone: &Zone, line: &str) -> Ehlo {
    ehlo(&format!(
        "check --no-connect --mx-allow 192.0.2.0/24 --resolver {} {line} example.org",
        zone.address
    ))
}

/// One of tests/check/cases.txt.
struct Case {
    claim: String,
    flags: String,
    zone: String,
    status: i32,
    said: String,
}

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check/cases.txt");
/// A key of 1024 bits, which is too long for a line of a zone.
const RSA_1024: &str = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC30DpRV9I/1tzxa2eGIXWWwndFcM5emIenKSIkqafZDjcNSthUVdM7rrgoBNWb71twGHAW90gly1hqgqFPnWiJU/4ynScZ6mAfnl5+x1hTklfghh2BV8fjMWssdY7LkMQMKGnms7tctByuL5Gt3dUZN67JwUUbqHAbdOsM7Iqr9QIDAQAB";

fn cases(text: &str) -> Vec<Case> {
    let parts = text.split("\n== ").skip(1);
    let read = |part: &str| {
        let (head, tail) = part.split_once("\n-- ").unwrap();
        let (status, said) = tail.split_once('\n').unwrap();
        let mut lines = head.lines();
        let claim = lines.next().unwrap().to_owned();
        let (flags, zone): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("> "));
        Case {
            claim,
            flags: flags.iter().map(|line| &line[2..]).collect::<Vec<_>>().join(" "),
            zone: zone.join("\n"),
            status: status.parse().unwrap(),
            said: said.trim_matches('\n').to_owned(),
        }
    };
    parts.map(read).collect()
}

/// Runs all of them, and compares; or writes what came of them.
#[test]
fn cases_of_domains_that_are_bad_in_one_way() {
    let text = std::fs::read_to_string(CASES).unwrap();
    let mut faults = Vec::new();
    let mut new = text.split("\n== ").next().unwrap().to_owned();
    let cases = cases(&text);
    let names: std::collections::HashSet<&str> = cases.iter().map(|case| case.claim.as_str()).collect();
    assert!(cases.len() >= 60 && names.len() == cases.len(), "each claim once, and {} of them", cases.len());
    for case in &cases {
        let zone = Zone::new(&zone(&case.zone.replace("RSA1024", RSA_1024)));
        let output = check(&zone, &format!("-q {}", case.flags)).command(None).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        let said = said.replace(&zone.address, "RESOLVER");
        let said = said.trim_matches('\n');
        let status = output.status.code().unwrap();
        if (said, status) != (&case.said, case.status) {
            faults.push(format!("{}: {status}\n{said}", case.claim));
        }
        let flags = if case.flags.is_empty() { String::new() } else { format!("> {}\n", case.flags) };
        let zone = if case.zone.is_empty() { String::new() } else { format!("{}\n", case.zone) };
        let said = if said.is_empty() { String::new() } else { format!("{said}\n") };
        new += &format!("\n== {}\n{flags}{zone}-- {status}\n{said}", case.claim);
    }
    if std::env::var_os("EHLO_REFRESH").is_some() {
        return std::fs::write(CASES, new).unwrap();
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n\n"));
}

#[test]
fn a_good_domain_on_a_screen_0() {
    check(&Zone::new(&zone("")), "--dkim-selector mail")
        .stdout(
            "domain       example.org
dnssec       not signed
mx           10 mx1.example.org: 192.0.2.1
               not talked with
             20 mx2.example.org: 192.0.2.2
               not talked with
spf          v=spf1 mx -all
             look-ups: 1 of 10
dkim         mail: Ed25519, 256 bits
dmarc        v=DMARC1; p=reject; rua=mailto:dmarc@example.org
mta-sts      none
tls-rpt      v=TLSRPTv1; rua=mailto:tls@example.org

findings     2 notes
note         the domain is not signed by DNSSEC
               whoever can forge an answer can lead its mail elsewhere: sign the
               zone, and have the domain above publish the DS record; DANE needs
               it
note         there is no MTA-STS policy
               somebody in between can take STARTTLS away: publish a policy
               (RFC 8461), in testing mode at first, or use DANE
",
        )
        .exit(0);
}

#[test]
fn a_resolver_that_is_not_trusted_and_one_that_does_not_validate_0() {
    for (zone, flag) in [
        (Zone::signed(&zone("")), "--resolver-trust no"),
        (Zone::new(&format!(". NS a.root\n{}", zone(""))), ""),
    ] {
        let done = check(&zone, &format!("--json --dkim-selector mail {flag}")).any_json().exit(0).json();
        assert_eq!(done["findings"][0]["name"], "dnssec_not_checked", "{flag}");
    }
}

#[test]
fn nobody_to_ask_75() {
    let closed = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    ehlo(&format!("check --no-connect --resolver {closed} example.org"))
        .stderr(&format!("ehlo: the resolver {closed} cannot be asked: connection refused\n"))
        .exit(75);
}

#[test]
fn what_cannot_be_checked_64() {
    for (line, said) in [
        ("smith@example.org", "'smith@example.org' is an address: name the domain, what stands behind its @"),
        ("192.0.2.1", "'192.0.2.1' is an address: name a domain"),
        ("::1", "'::1' is an address: name a domain"),
        ("[192.0.2.1]", "'[192.0.2.1]' is an address: name a domain"),
        (
            "--dkim-selector a/b example.org",
            "--dkim-selector 'a/b': a selector has letters, digits, hyphens and dots",
        ),
    ] {
        ehlo(&format!("check --resolver 127.0.0.1:1 {line}")).stderr(&format!("ehlo: {said}\n")).exit(64);
    }
    let long = format!("{}.example", "a".repeat(64));
    ehlo(&format!("check --resolver 127.0.0.1:1 {long}"))
        .stderr(&format!("ehlo: '{long}': a part of it is longer than 63 octets\n"))
        .exit(64);
    ehlo("check --resolver 127.0.0.1:1 --message m.eml --from x example.org")
        .file("m.eml", "From: a@example.org\r\n\r\nBlah\r\n")
        .stderr("ehlo: --from 'x': write one address, local-part@domain, or ''\n")
        .exit(64);
    ehlo("check --message none.eml example.org")
        .stderr("ehlo: cannot read none.eml: no such file or directory\n")
        .exit(66);
}
