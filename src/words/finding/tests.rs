//! A table: one fact that is not as it should be, and the finding that is made of it; and nothing else.

use super::*;
use crate::net::tls::certificate::Moment;
use crate::net::tls::{OtherFault, TlsInfo};
use crate::net::{Error as NetError, Fault, Tried};
use crate::probe::facts::NoTls;
use crate::probe::{
    Address, Broken, Context, Facts, Hello, Injection, Pipelining, Probe, Relay, RelayQuestion,
    StartTlsOutcome, Trial, Weight, judge,
};
use ehlo_smtp::path::{ForwardPath, Mailbox, ReversePath};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::session::Protocol;
use std::time::Duration;

/// The reply to EHLO, with its first line.
fn says(lines: &str) -> Hello {
    Hello::of(Protocol::Smtp, Reply::new(250, &lines.replacen("beta", "beta.arpa", 1)))
}

/// The reply to EHLO, as it is here.
fn names(lines: &str) -> Hello {
    Hello::of(Protocol::Smtp, Reply::new(250, lines))
}

/// RCPT was answered by this code, when it was asked whether it relays.
fn relays(code: u16) -> Option<Relay> {
    let mailbox = |text| Mailbox::parse(text).unwrap();
    let question = RelayQuestion {
        from: ReversePath::Mailbox(mailbox("a@x.example")),
        to: ForwardPath::Mailbox(mailbox("b@y.example")),
    };
    Some(Relay::of(&question, Some(Reply::new(code, "so"))))
}

/// A server that is as it should be.
fn good() -> Facts {
    let hello = |text: &str| Some(says(text));
    Facts {
        addresses: vec![Address { address: "192.0.2.1:587".parse().unwrap(), time: Duration::ZERO }],
        greeting: Some(Reply::new(220, "beta.arpa ready")),
        hello: hello("beta\nPIPELINING\nSIZE 1000\n8BITMIME\nSTARTTLS"),
        hello_inside: hello("beta\nPIPELINING\nSIZE 1000\n8BITMIME\nAUTH PLAIN"),
        start_tls: StartTlsOutcome::Done,
        tls: Some(TlsInfo { version: Some("TLSv1.3".to_owned()), verified: true, ..TlsInfo::default() }),
        tls12: Trial::Accepted,
        injection: Injection::Discarded,
        pipelining: Pipelining::Kept,
        ..Facts::default()
    }
}

const SUBMISSION: Context =
    Context { now: Moment(0), public: true, relay: false, submission: true, min_days: 7, pinned: false };
const RELAY: Context = Context { relay: true, submission: false, ..SUBMISSION };
const LOCAL: Context = Context { public: false, submission: false, ..SUBMISSION };

fn found(facts: Facts, context: Context) -> Vec<(Weight, Told)> {
    let probe = Probe { facts, error: None };
    judge(&probe, context).iter().map(|finding| (finding.weight, told(&finding.what))).collect()
}

#[track_caller]
fn finds(change: impl FnOnce(&mut Facts), context: Context, expected: &[(Weight, &'static str)]) {
    let mut facts = good();
    change(&mut facts);
    let found = found(facts, context);
    let names: Vec<_> = found.iter().map(|(weight, told)| (*weight, told.name)).collect();
    assert_eq!(names, expected);
    for (_, told) in found {
        assert!(!told.title.is_empty() && !told.advice.is_empty(), "{}", told.name);
    }
}

#[test]
fn nothing_is_found_where_all_is_well() {
    for context in [SUBMISSION, RELAY, LOCAL] {
        finds(|_| {}, context, &[]);
    }
    // A second late is not late.
    finds(|facts| facts.timing.greeting = Some(Duration::from_millis(4_999)), SUBMISSION, &[]);
    finds(|facts| facts.injection = Injection::Stopped, SUBMISSION, &[]);
    finds(|facts| facts.pipelining = Pipelining::NotTried, SUBMISSION, &[]);
    // Nor is a server that was never reached anything but unreachable.
    assert_eq!(found(Facts::default(), SUBMISSION), []);
}

#[test]
fn what_is_not_offered_in_clear_is_not_missing_where_nobody_looked_inside_tls() {
    let bare = || Some(says("beta\nSTARTTLS"));
    let outside = |facts: &mut Facts, start_tls: StartTlsOutcome| {
        (facts.hello, facts.hello_inside) = (bare(), None);
        facts.start_tls = start_tls;
    };
    let refused = || StartTlsOutcome::Refused(Reply::new(454, "not now"));
    finds(|facts| outside(facts, refused()), SUBMISSION, &[(Weight::Serious, "starttls_refused")]);
    finds(|facts| outside(facts, StartTlsOutcome::Failed), SUBMISSION, &[(Weight::Serious, "tls_handshake")]);
    // Inside, but EHLO was not answered there.
    finds(|facts| outside(facts, StartTlsOutcome::Done), SUBMISSION, &[]);
    let not_tried = |facts: &mut Facts| {
        outside(facts, StartTlsOutcome::NotTried);
        facts.tls = None;
    };
    finds(not_tried, SUBMISSION, &[]);
}

#[test]
fn a_certificate_with_a_fault() {
    use Weight::{Note, Serious, Warning};
    let wrong_name = Fault::WrongName { expected: "a".to_owned(), presented: vec!["b".to_owned()] };
    for (fault, context, weight, name) in [
        (wrong_name, RELAY, Serious, "certificate_name"),
        (Fault::Expired(None), RELAY, Serious, "certificate_expired"),
        (Fault::NotYetValid(None), RELAY, Serious, "certificate_not_yet_valid"),
        (Fault::SelfSigned, SUBMISSION, Serious, "certificate_issuer"),
        (Fault::UnknownIssuer, SUBMISSION, Serious, "certificate_issuer"),
        (Fault::UnknownIssuer, RELAY, Warning, "certificate_issuer"),
        (Fault::SelfSigned, LOCAL, Warning, "certificate_issuer"),
        (Fault::Other(OtherFault::Malformed), RELAY, Serious, "certificate_fault"),
        (Fault::NotChecked, SUBMISSION, Note, "certificate_not_checked"),
    ] {
        finds(|facts| facts.tls.as_mut().unwrap().fault = Some(fault), context, &[(weight, name)]);
    }
}

#[test]
fn on_the_server_s_own_host_what_is_usual_there_is_a_note() {
    use Weight::{Note, Serious};
    let wrong = |expected: &str| Fault::WrongName {
        expected: expected.to_owned(),
        presented: vec!["mx.example".to_owned()],
    };
    for (fault, own_host, weight, name) in [
        (Fault::SelfSigned, true, Note, "certificate_issuer"),
        (Fault::UnknownIssuer, true, Note, "certificate_issuer"),
        (wrong("localhost"), true, Note, "certificate_name"),
        (wrong("127.0.0.1"), true, Note, "certificate_name"),
        // The name by which others know it.
        (wrong("mail.example"), true, Serious, "certificate_name"),
        (wrong("192.0.2.1"), false, Serious, "certificate_name"),
        (Fault::Expired(None), true, Serious, "certificate_expired"),
    ] {
        let change = |facts: &mut Facts| {
            facts.own_host = own_host;
            facts.tls.as_mut().unwrap().fault = Some(fault);
        };
        finds(change, SUBMISSION, &[(weight, name)]);
    }
}

#[test]
fn what_is_said_follows_from_what_was_answered() {
    let title = |what: What<'_>| told(&what).title;
    assert_eq!(title(What::OldTls { tls11: true, tls10: true }), "TLS 1.1 and TLS 1.0 are still accepted");
    assert_eq!(title(What::OldTls { tls11: true, tls10: false }), "TLS 1.1 is still accepted");
    assert_eq!(title(What::OldTls { tls11: false, tls10: true }), "TLS 1.0 is still accepted");
    let relay = relays(250).unwrap();
    assert_eq!(
        title(What::Relays { question: &relay.question, own_host: false }),
        "accepts mail from a@x.example to b@y.example without log-in: an open relay if b@y.example is in none of \
         its own domains"
    );
    assert_eq!(
        title(What::EhloRefused { protocol: Protocol::Lmtp, code: 500 }),
        "LHLO is refused (500): no TLS, no log-in, no extensions"
    );
    assert_eq!(
        title(What::HelloName { protocol: Protocol::Lmtp, name: String::new() }),
        "the reply to LHLO names no server"
    );
    assert_eq!(
        title(What::Certificate {
            fault: &Fault::Expired(Some(Duration::from_secs(200_000))),
            own_host: false
        }),
        "the certificate expired 2 days ago"
    );
    assert_eq!(title(What::OctetsBehind220(1)), "1 octet came in clear after the 220 to STARTTLS");
}

#[test]
#[cfg(all(feature = "rustls", feature = "sink"))]
fn a_certificate_that_expires() {
    use Weight::{Serious, Warning};
    let acceptor = crate::net::tls::Acceptor::new(&["beta.arpa".to_owned()]).unwrap();
    let lines = acceptor.certificate_pem().lines().filter(|line| !line.starts_with('-'));
    let der = encodify::base64::STANDARD.decode(lines.collect::<String>().as_bytes()).unwrap();
    let until = crate::net::tls::Certificate::read(&der).contents.unwrap().not_after.0;
    let day = 86_400;
    for (before, fault, expected) in [
        (21 * day, None, &[][..]),
        (21 * day - 1, None, &[(Warning, "certificate_expires")]),
        (7 * day, None, &[(Warning, "certificate_expires")]),
        (7 * day - 1, None, &[(Serious, "certificate_expires")]),
        (0, None, &[(Serious, "certificate_expires")]),
        (-1, None, &[(Serious, "certificate_expired")]),
        (-1, Some(Fault::Expired(None)), &[(Serious, "certificate_expired")]),
        // A fault that is found first does not hide it.
        (-1, Some(Fault::SelfSigned), &[(Serious, "certificate_issuer"), (Serious, "certificate_expired")]),
    ] {
        let now = Moment(until.saturating_sub_signed(before));
        let change = |facts: &mut Facts| {
            let tls = facts.tls.as_mut().unwrap();
            tls.chain = vec![der.clone()];
            tls.fault = fault;
        };
        finds(change, Context { now, ..SUBMISSION }, expected);
    }
    // A name that is not in it is a note, which an expired one does not hide; with a pin nobody asks for names.
    let other = |facts: &mut Facts| {
        facts.tls.as_mut().unwrap().chain = vec![der.clone()];
        facts.greeting = Some(Reply::new(220, "mx.example"));
        facts.hello_inside = Some(names("mx.example\nSIZE\n8BITMIME\nAUTH PLAIN"));
    };
    finds(other, SUBMISSION, &[(Weight::Note, "certificate_other_name")]);
    finds(other, Context { pinned: true, ..SUBMISSION }, &[]);
    // With another number of days, those count.
    for (left, min_days, expected) in [
        (29, 30, &[(Serious, "certificate_expires")][..]),
        (30, 30, &[]),
        (3, 3, &[(Warning, "certificate_expires")]),
        (2, 3, &[(Serious, "certificate_expires")]),
        (0, 0, &[(Warning, "certificate_expires")]),
    ] {
        let now = Moment(until.saturating_sub_signed(left * day));
        let change = |facts: &mut Facts| facts.tls.as_mut().unwrap().chain = vec![der.clone()];
        finds(change, Context { now, min_days, ..SUBMISSION }, expected);
    }
}

#[test]
fn one_thing_wrong_is_one_finding() {
    use Weight::{Note, Serious, Warning};
    type Change = fn(&mut Facts);
    let in_clear = |facts: &mut Facts, tls: StartTlsOutcome| {
        facts.start_tls = tls;
        facts.hello_inside = None;
        facts.tls = None;
        facts.tls12 = Trial::NotTried;
        facts.injection = Injection::NotTried;
    };
    let table: &[(Change, &[(Weight, &'static str)])] = &[
        (|facts| facts.greeting = Some(Reply::new(220, "beta ESMTP")), &[(Note, "greeting_name")]),
        (|facts| facts.greeting = Some(Reply::new(220, "")), &[(Note, "greeting_name")]),
        (|facts| facts.greeting = Some(Reply::new(220, "[192.0.2.1] hello")), &[(Note, "names_differ")]),
        (|facts| facts.greeting = Some(Reply::new(220, "mx.example")), &[(Note, "names_differ")]),
        (|facts| facts.greeting = Some(Reply::new(220, "Beta.ARPA ready")), &[]),
        (
            |facts| facts.hello_inside = Some(names("hello there\nSIZE\n8BITMIME\nAUTH PLAIN")),
            &[(Note, "ehlo_name")],
        ),
        (|facts| facts.hello_inside = Some(names("\nSIZE\n8BITMIME\nAUTH PLAIN")), &[(Note, "ehlo_name")]),
        // One name that is not a full one is told of once.
        (
            |facts| {
                facts.greeting = Some(Reply::new(220, "mail ESMTP"));
                facts.hello_inside = Some(names("mail\nSIZE\n8BITMIME\nAUTH PLAIN"));
            },
            &[(Note, "greeting_name")],
        ),
        (|facts| facts.tls11 = Trial::Accepted, &[(Warning, "tls_old")]),
        (|facts| facts.tls10 = Trial::Accepted, &[(Warning, "tls_old")]),
        (|facts| facts.tls10 = Trial::NotKnown, &[]),
        (|facts| facts.relay = relays(250), &[(Serious, "open_relay")]),
        (|facts| facts.relay = relays(554), &[]),
        (|facts| facts.relay = relays(450), &[]),
        (
            |facts| {
                facts.relay = relays(251);
                facts.own_host = true;
            },
            &[(Warning, "open_relay")],
        ),
        (
            |facts| {
                facts.expn = Some(Reply::new(250, "<smith@beta>"));
                facts.vrfy = Some(Reply::new(251, "<smith@beta>"));
                facts.own_host = true;
            },
            &[(Note, "expn_answered"), (Note, "vrfy_answered")],
        ),
        (
            |facts| {
                facts.hello = Some(says("beta\nAUTH CRAM-MD5"));
                facts.own_host = true;
            },
            &[(Note, "auth_in_clear")],
        ),
        (|facts| facts.vrfy = Some(Reply::new(250, "<postmaster@beta>")), &[(Note, "vrfy_answered")]),
        (|facts| facts.vrfy = Some(Reply::new(252, "perhaps")), &[]),
        (|facts| facts.expn = Some(Reply::new(250, "<smith@beta>")), &[(Warning, "expn_answered")]),
        (|facts| facts.expn = Some(Reply::new(502, "no")), &[]),
        (
            |facts| facts.hello_inside = Some(says("beta\nSIZE\n8BITMIME")),
            &[(Warning, "submission_without_auth")],
        ),
        // On this host it may be there for nobody else.
        (
            |facts| {
                facts.own_host = true;
                facts.hello = Some(says("beta\nAUTH PLAIN"));
            },
            &[(Warning, "auth_in_clear")],
        ),
        (|facts| facts.injection = Injection::Executed, &[(Serious, "commands_ahead_of_tls")]),
        (|facts| facts.behind_220 = 8, &[(Serious, "octets_behind_220")]),
        (|facts| facts.timing.greeting = Some(Duration::from_secs(5)), &[(Warning, "greeting_slow")]),
        (|facts| facts.bare_lf = true, &[(Warning, "bare_lf")]),
        (|facts| facts.pipelining = Pipelining::Broken(Broken::NoReply), &[(Warning, "pipelining_broken")]),
        (
            |facts| {
                let address = facts.addresses[0].address;
                facts.in_vain.push(Tried { address, error: Some(NetError::Timeout) });
            },
            &[(Warning, "address_dead")],
        ),
        (|facts| facts.tls12 = Trial::Refused, &[(Note, "tls12_missing")]),
        (
            |facts| facts.tls.as_mut().unwrap().version = Some("TLSv1.2".to_owned()),
            &[(Note, "tls13_missing")],
        ),
        (|facts| facts.hello_inside = Some(says("beta\nSIZE\nAUTH PLAIN")), &[(Note, "8bitmime_missing")]),
        (|facts| facts.hello_inside = Some(says("beta\n8bitmime\nAUTH PLAIN")), &[(Note, "size_missing")]),
        (|facts| facts.hello = Some(says("beta\nAUTH PLAIN SCRAM-SHA-256")), &[(Serious, "auth_in_clear")]),
        (|facts| facts.hello = Some(says("beta\nAUTH CRAM-MD5")), &[(Warning, "auth_in_clear")]),
    ];
    for (change, expected) in table {
        finds(change, SUBMISSION, expected);
    }
    let bare = [(Serious, "starttls_missing"), (Warning, "submission_without_auth")];
    finds(|facts| in_clear(facts, StartTlsOutcome::NotOffered), SUBMISSION, &bare);
    finds(|facts| in_clear(facts, StartTlsOutcome::NotOffered), LOCAL, &[]);
    let here = |facts: &mut Facts| {
        in_clear(facts, StartTlsOutcome::NotOffered);
        facts.own_host = true;
    };
    finds(here, RELAY, &[(Warning, "starttls_missing")]);
    finds(here, Context { pinned: true, ..RELAY }, &[(Serious, "starttls_missing")]);
    let refused = StartTlsOutcome::Refused(Reply::new(454, "not now"));
    finds(|facts| in_clear(facts, refused), RELAY, &[(Serious, "starttls_refused")]);
    let failed = |facts: &mut Facts| {
        in_clear(facts, StartTlsOutcome::Failed);
        facts.no_tls = Some(NoTls::Ended);
    };
    finds(failed, RELAY, &[(Serious, "tls_handshake")]);
    let no_ehlo = |facts: &mut Facts| {
        in_clear(facts, StartTlsOutcome::NotTried);
        facts.hello = Some(Hello::of(Protocol::Smtp, Reply::new(502, "what?")));
        facts.pipelining = Pipelining::NotTried;
    };
    finds(no_ehlo, SUBMISSION, &[(Serious, "ehlo_refused")]);
}

#[test]
fn a_log_in_in_clear_is_nobodys_business_on_this_host_nor_is_one_in_tls_from_the_start() {
    let offer = || Some(says("beta\nSIZE\n8BITMIME\nAUTH PLAIN"));
    finds(|facts| facts.hello = offer(), LOCAL, &[]);
    let implicit = |facts: &mut Facts| {
        facts.hello = offer();
        facts.hello_inside = None;
        facts.start_tls = StartTlsOutcome::NotTried;
    };
    finds(implicit, SUBMISSION, &[]);
}

#[test]
fn the_weightiest_comes_first() {
    let several = |facts: &mut Facts| {
        facts.hello_inside = Some(says("beta\n8BITMIME\nAUTH PLAIN"));
        facts.bare_lf = true;
        facts.behind_220 = 1;
    };
    use Weight::{Note, Serious, Warning};
    finds(
        several,
        SUBMISSION,
        &[(Serious, "octets_behind_220"), (Warning, "bare_lf"), (Note, "size_missing")],
    );
}
