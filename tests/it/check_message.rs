//! `ehlo check --message`: whether a message would pass.

use crate::check_zone::Zone;
use crate::harness::{Ehlo, ehlo};

const ZONE: &str = "
    example.org MX 0 .
    example.org TXT v=spf1 ip4:192.0.2.1 -all
    mail._domainkey.example.org TXT v=DKIM1; k=ed25519; p=KEY
    _dmarc.example.org TXT v=DMARC1; p=reject; rua=mailto:dmarc@example.org
    _smtp._tls.example.org TXT v=TLSRPTv1; rua=mailto:tls@example.org
    1.2.0.192.in-addr.arpa PTR a.example.org
    9.2.0.192.in-addr.arpa PTR b.example.org
    a.example.org A 192.0.2.1
    b.example.org A 192.0.2.9
    example.net TXT v=spf1 ip4:192.0.2.9 -all
    _dmarc.example.net TXT v=DMARC1; p=none
";
const MESSAGE: &str =
    "From: Smith <smith@example.org>\r\nTo: jones@example.net\r\nSubject: x\r\n\r\nBlah\r\n";

fn check(zone: &str, line: &str, message: &str) -> Ehlo {
    let zone = Zone::new(zone);
    ehlo(&format!("check --message m.eml {line} --resolver {} example.org", zone.address))
        .file("m.eml", message)
}

#[test]
fn a_message_that_passes_by_spf_0() {
    check(ZONE, "--from-ip 192.0.2.1", MESSAGE).any_stdout().exit(0);
}

#[test]
fn a_message_from_elsewhere_fails_1() {
    check(ZONE, "--from-ip 192.0.2.9", MESSAGE).any_stdout().exit(1);
}

#[test]
fn a_reverse_path_of_another_domain_passes_spf_and_is_not_aligned_1() {
    check(ZONE, "--from-ip 192.0.2.9 --from bounce@example.net", MESSAGE).any_stdout().exit(1);
}
