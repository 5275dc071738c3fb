//! `ehlo check --message`: whether a message would pass.

use crate::check_zone::Zone;
use crate::harness::{Ehlo, ehlo};

const ZONE: &str = "
    example.org MX 0 .
    example.org TXT v=spf1 ip4:192.0.2.1 -all
    _dmarc.example.org TXT v=DMARC1; p=reject; rua=mailto:dmarc@example.org
    _smtp._tls.example.org TXT v=TLSRPTv1; rua=mailto:tls@example.org
    1.2.0.192.in-addr.arpa PTR a.example.org
    9.2.0.192.in-addr.arpa PTR b.example.org
    a.example.org A 192.0.2.1
    b.example.org A 192.0.2.9
    example.net TXT v=spf1 ip4:192.0.2.9 -all
    _dmarc.example.net TXT v=DMARC1; p=none
    example.com TXT v=spf1 -all
    brisbane._domainkey.football.example.com TXT v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
    _dmarc.example.com TXT v=DMARC1; p=quarantine; sp=reject; adkim=r
";
const MESSAGE: &str =
    "From: Smith <smith@example.org>\r\nTo: jones@example.net\r\nSubject: x\r\n\r\nBlah\r\n";
/// That of RFC 8463, appendix A.3, with the one signature whose key is above, and another.
const SIGNED: &str = "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;\r\n b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus\r\n Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==\r\nDKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=gone; h=from;\r\n bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=; b=AAAA\r\nFrom: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\nSubject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\nMessage-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\nHi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n";

/// What is said of the domain, before and behind the message.
const ABOVE: &str = "domain       example.org
mx           . (takes no mail)
spf          v=spf1 ip4:192.0.2.1 -all
             look-ups: 0 of 10
dkim         no key found under 14 usual selectors
dmarc        v=DMARC1; p=reject; rua=mailto:dmarc@example.org
mta-sts      not needed
tls-rpt      v=TLSRPTv1; rua=mailto:tls@example.org
";
const NOTES: &str = "note         the domain takes no mail: its MX record is '.' (RFC 7505)
               that is right for a domain without mailboxes; if it sends no mail
               either, publish v=spf1 -all and p=reject too
note         no DKIM key was found under the usual selectors
               that says nothing: name yours with --dkim-selector; it is what s=
               says in the DKIM-Signature of your mail
";
const UNSIGNED: &str = "warning      the message has no DKIM signature
               SPF does not survive a forwarder, and a signature does: sign what
               you send
";

fn check(zone: &str, line: &str, message: &str) -> Ehlo {
    let zone = Zone::new(zone);
    ehlo(&format!("check --message m.eml {line} --resolver {} example.org", zone.address))
        .file("m.eml", message)
}

#[test]
fn a_message_that_passes_by_spf_0() {
    check(ZONE, "--from-ip 192.0.2.1", MESSAGE)
        .stdout(&format!(
            "{ABOVE}from-ip      192.0.2.1: a.example.org
             SPF: pass
message      spf: pass for smith@example.org, the address in From, from
             192.0.2.1, by 'ip4:192.0.2.1' of example.org
             dkim: none: the message has no signature
             dmarc: pass for example.org, by SPF (example.org)

findings     1 warning, 2 notes
{UNSIGNED}{NOTES}"
        ))
        .exit(0);
}

#[test]
fn a_message_from_elsewhere_fails_1() {
    check(ZONE, "--from-ip 192.0.2.9", MESSAGE)
        .stdout(&format!(
            "{ABOVE}from-ip      192.0.2.9: b.example.org
             SPF: fail
message      spf: fail for smith@example.org, the address in From, from
             192.0.2.9, by '-all' of example.org
             dkim: none: the message has no signature
             dmarc: fail for example.org: neither SPF nor DKIM passes for it, or
             a domain aligned with it; policy reject

findings     2 serious, 2 warnings, 2 notes
serious      SPF says fail of mail from 192.0.2.9: '-all' of example.org
               if mail is sent from there, add the address to the SPF record
serious      the message fails DMARC: receivers refuse it (reject)
               SPF or DKIM has to pass for the domain in From, or one that is
               aligned with it
warning      SPF says fail of the message
               if it is sent from there, add the address to the SPF record of
               the reverse-path's domain
{UNSIGNED}{NOTES}"
        ))
        .exit(1);
}

#[test]
fn a_reverse_path_of_another_domain_passes_spf_and_is_not_aligned_1() {
    check(ZONE, "--from-ip 192.0.2.9 --from bounce@example.net", MESSAGE)
        .stdout(
            "domain       example.org
mx           . (takes no mail)
spf          v=spf1 ip4:192.0.2.1 -all
             look-ups: 0 of 10
dkim         no key found under 14 usual selectors
dmarc        v=DMARC1; p=reject; rua=mailto:dmarc@example.org
mta-sts      not needed
tls-rpt      v=TLSRPTv1; rua=mailto:tls@example.org
from-ip      192.0.2.9: b.example.org
             SPF: fail
message      spf: pass for bounce@example.net, from 192.0.2.9, by
             'ip4:192.0.2.9' of example.net
             dkim: none: the message has no signature
             dmarc: fail for example.org: neither SPF nor DKIM passes for it, or
             a domain aligned with it; policy reject

findings     2 serious, 1 warning, 2 notes
serious      SPF says fail of mail from 192.0.2.9: '-all' of example.org
               if mail is sent from there, add the address to the SPF record
serious      the message fails DMARC: receivers refuse it (reject)
               SPF or DKIM has to pass for the domain in From, or one that is
               aligned with it
warning      the message has no DKIM signature
               SPF does not survive a forwarder, and a signature does: sign what
               you send
note         the domain takes no mail: its MX record is '.' (RFC 7505)
               that is right for a domain without mailboxes; if it sends no mail
               either, publish v=spf1 -all and p=reject too
note         no DKIM key was found under the usual selectors
               that says nothing: name yours with --dkim-selector; it is what s=
               says in the DKIM-Signature of your mail
",
        )
        .exit(1);
}

#[test]
fn a_signature_that_passes_and_one_that_does_not_0() {
    check(ZONE, "--from ''", SIGNED)
        .stdout(
            "domain       example.org
mx           . (takes no mail)
spf          v=spf1 ip4:192.0.2.1 -all
             look-ups: 0 of 10
dkim         no key found under 14 usual selectors
dmarc        v=DMARC1; p=reject; rua=mailto:dmarc@example.org
mta-sts      not needed
tls-rpt      v=TLSRPTv1; rua=mailto:tls@example.org
message      spf: not judged: from where it is sent is not known (--from-ip)
             dkim: pass of football.example.com (brisbane)
             dkim: permerror of example.org (gone): there is no key record
             dmarc: pass for football.example.com, by DKIM
             (football.example.com)

findings     1 warning, 3 notes
warning      the DKIM signature of example.org (gone) does not pass: there is no
             key record
               receivers take it for a message that is not signed: see 'ehlo
               dkim verify'
note         the domain takes no mail: its MX record is '.' (RFC 7505)
               that is right for a domain without mailboxes; if it sends no mail
               either, publish v=spf1 -all and p=reject too
note         no DKIM key was found under the usual selectors
               that says nothing: name yours with --dkim-selector; it is what s=
               says in the DKIM-Signature of your mail
note         SPF of the message was not judged: it is not known from where it is
             sent
               name the address of the sending server with --from-ip
",
        )
        .exit(0);
}

#[test]
fn a_signed_message_that_was_changed_may_pass_by_spf_0() {
    check(ZONE, "--from ''", &SIGNED.replace("lost", "won"))
        .stdout(
            "domain       example.org
mx           . (takes no mail)
spf          v=spf1 ip4:192.0.2.1 -all
             look-ups: 0 of 10
dkim         no key found under 14 usual selectors
dmarc        v=DMARC1; p=reject; rua=mailto:dmarc@example.org
mta-sts      not needed
tls-rpt      v=TLSRPTv1; rua=mailto:tls@example.org
message      spf: not judged: from where it is sent is not known (--from-ip)
             dkim: fail of football.example.com (brisbane): the body was changed
             after it was signed; the header fields were not
             dkim: permerror of example.org (gone): there is no key record
             dmarc: not known for football.example.com: DKIM does not prove it,
             and SPF was not judged

findings     3 warnings, 2 notes
warning      the DKIM signature of football.example.com (brisbane) does not
             pass: the body was changed after it was signed; the header fields
             were not
               receivers take it for a message that is not signed: see 'ehlo
               dkim verify'
warning      the DKIM signature of example.org (gone) does not pass: there is no
             key record
               receivers take it for a message that is not signed: see 'ehlo
               dkim verify'
warning      DKIM does not prove the message, and whether SPF does is not known
               name the address of the sending server with --from-ip
note         the domain takes no mail: its MX record is '.' (RFC 7505)
               that is right for a domain without mailboxes; if it sends no mail
               either, publish v=spf1 -all and p=reject too
note         no DKIM key was found under the usual selectors
               that says nothing: name yours with --dkim-selector; it is what s=
               says in the DKIM-Signature of your mail
",
        )
        .exit(0);
}

#[test]
fn a_message_without_a_reverse_path_is_judged_by_the_name_of_its_server_0() {
    let found = |line: &str, status: i32| {
        let line = format!("--json --from-ip 192.0.2.1 --from '' {line}");
        let done = check(ZONE, &line, MESSAGE).any_json().exit(status).json();
        (done["message"]["spf"]["verdict"].clone(), done["findings"][0]["name"].clone())
    };
    assert_eq!(found("--ehlo-name EXAMPLE.org", 0), ("pass".into(), "message_unsigned".into()));
    assert_eq!(found("--ehlo-name example.com", 1), ("fail".into(), "message_dmarc".into()));
    assert_eq!(found("", 0), (serde_json::Value::Null, "message_unsigned".into()));
    check(ZONE, "-q --from-ip 192.0.2.1 --from ''", MESSAGE)
        .stdout(&format!(
            "findings     2 warnings, 2 notes
{UNSIGNED}warning      DKIM does not prove the message, and whether SPF does is not known
               without a reverse-path SPF is judged by the sending server's EHLO
               name (RFC 7208, section 2.4): name it with --ehlo-name
{NOTES}"
        ))
        .exit(0);
}

#[test]
fn a_message_with_two_from_fields_1() {
    check(ZONE, "-q --from-ip 192.0.2.1", &MESSAGE.replace("To: ", "From: smith@example.org\r\nTo: "))
        .stdout(&format!(
            "findings     1 serious, 1 warning, 2 notes
serious      the message has 2 From fields
               receivers refuse it, or show one and judge the other: every
               message has one (RFC 5322, section 3.6)
{UNSIGNED}{NOTES}"
        ))
        .exit(1);
}

#[test]
fn a_key_that_cannot_be_looked_up_leaves_it_open_1() {
    let zone =
        ZONE.replace("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "!servfail");
    let done = check(&zone, "--json", SIGNED).any_json().exit(1).json();
    assert_eq!(done["message"]["dmarc"], serde_json::Value::Null);
    assert_eq!(done["message"]["dkim"][0]["verdict"], "temperror");
    assert_eq!(done["findings"][0]["name"], "look_up_failed");
}

#[test]
fn all_of_it_as_json_0() {
    check(ZONE, "--json --from-ip 192.0.2.1 --from ''", SIGNED).json(serde_json::json!({
  "clients": [
    {
      "blocklists": [],
      "ip": "192.0.2.1",
      "names": [
        {
          "leads_back": true,
          "name": "a.example.org"
        }
      ],
      "spf": "pass"
    }
  ],
  "dkim": [],
  "dmarc": {
    "domain": "example.org",
    "organizational_domain": "example.org",
    "policy": "reject",
    "record": "v=DMARC1; p=reject; rua=mailto:dmarc@example.org"
  },
  "dnssec": "unknown",
  "domain": "example.org",
  "error": null,
  "exists": true,
  "exit_status": 0,
  "findings": [
    {
      "advice": "receivers take it for a message that is not signed: see 'ehlo dkim verify'",
      "host": null,
      "name": "message_signature",
      "title": "the DKIM signature of example.org (gone) does not pass: there is no key record",
      "weight": "warning"
    },
    {
      "advice": "that is right for a domain without mailboxes; if it sends no mail either, publish v=spf1 -all and p=reject too",
      "host": null,
      "name": "mx_null",
      "title": "the domain takes no mail: its MX record is '.' (RFC 7505)",
      "weight": "note"
    },
    {
      "advice": "that says nothing: name yours with --dkim-selector; it is what s= says in the DKIM-Signature of your mail",
      "host": null,
      "name": "dkim_not_known",
      "title": "no DKIM key was found under the usual selectors",
      "weight": "note"
    },
    {
      "advice": "without a reverse-path SPF is judged by the sending server's EHLO name (RFC 7208, section 2.4): name it with --ehlo-name",
      "host": null,
      "name": "message_spf_not_judged",
      "title": "SPF of the message was not judged: it has no reverse-path",
      "weight": "note"
    }
  ],
  "message": {
    "client": "192.0.2.1",
    "dkim": [
      {
        "domain": "football.example.com",
        "is_test": false,
        "reason": null,
        "selector": "brisbane",
        "verdict": "pass"
      },
      {
        "domain": "example.org",
        "is_test": false,
        "reason": "there is no key record",
        "selector": "gone",
        "verdict": "permerror"
      }
    ],
    "dkim_not_looked_at": 0,
    "dmarc": {
      "by_dkim": "football.example.com",
      "by_spf": null,
      "is_test": false,
      "passes": true,
      "policy": "reject"
    },
    "from_domains": [
      "football.example.com"
    ],
    "reverse_path": null,
    "reverse_path_is_from": false,
    "spf": null
  },
  "mta_sts": {
    "id": null,
    "max_age_s": null,
    "mode": null,
    "mx": [],
    "state": "not needed"
  },
  "mx": [],
  "spf": {
    "look_ups": 0,
    "record": "v=spf1 ip4:192.0.2.1 -all",
    "state": "record",
    "voids": 0
  },
  "takes_mail": false,
  "tls_rpt": [
    "v=TLSRPTv1; rua=mailto:tls@example.org"
  ],
  "tls_rpt_state": "record",
  "version": 1
})).exit(0);
}

#[test]
fn what_is_not_known_is_told_apart_from_what_is_not_there_1() {
    let zone = ZONE
        .replace("example.org MX 0 .", "example.org MX 10 a.example.org\n_mta-sts.example.org TXT !servfail")
        .replace("v=spf1 ip4:192.0.2.1 -all", "!servfail")
        .replace("v=TLSRPTv1; rua=mailto:tls@example.org", "!servfail");
    let states = |zone: &str, status| {
        let done =
            check(zone, "--json --no-connect --from-ip 192.0.2.1", MESSAGE).any_json().exit(status).json();
        [&done["spf"]["state"], &done["mta_sts"]["state"], &done["tls_rpt_state"]].map(Clone::clone)
    };
    assert_eq!(states(&zone, 1), ["unknown", "unknown", "unknown"]);
    assert_eq!(states(&zone.replace("!servfail", "other"), 1), ["none", "none", "none"]);
}

#[test]
fn a_message_without_one_author_1() {
    let done =
        check(ZONE, "--json", &MESSAGE.replace("From: ", "From: x@example.net, ")).any_json().exit(1).json();
    assert_eq!(done["message"]["from_domains"], serde_json::json!(["example.net", "example.org"]));
    assert_eq!(done["findings"][0]["name"], "message_authors");
    let done = check(ZONE, "--json", &MESSAGE.replace("From: ", "Reply-To: ")).any_json().exit(1).json();
    assert_eq!(done["findings"][0]["name"], "message_no_author");
}
