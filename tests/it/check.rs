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
    ehlo(&format!("check --no-connect --mx-allow 192.0.2.0/24 --resolver {} {line} example.org", zone.address))
}

#[test]
fn a_look() {
    check(&Zone::new(&zone("")), "--dkim-selector mail").exit(0);
}
