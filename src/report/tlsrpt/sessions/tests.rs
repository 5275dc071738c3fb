use super::*;
use crate::net::ConnectError;
use crate::net::tls::{Dane, Fault, TlsError, TlsInfo};
use crate::route::mta_sts::{Applied, FetchError, Found, Remark, Source};
use crate::route::{Demand, Plan};
use ehlo_smtp::failure::Failure;
use ehlo_smtp::reply::Reply;
use ehlo_smtp::session::Protocol;

const STARTTLS: &str = "STARTTLS";

fn parsed(mode: &str) -> mta_sts::Policy {
    let text = format!("version: STSv1\r\nmode: {mode}\r\nmx: *.beta.example\r\nmax_age: 60\r\nx: y\r\n");
    mta_sts::Policy::parse(text.as_bytes()).unwrap()
}

fn tested(covers: bool) -> route::Policy {
    let (policy, source, id) = (parsed("testing"), Source::Fetched, "1".to_owned());
    route::Policy::MtaSts { policy, source, id, covers }
}

fn records(usage: u8) -> Vec<Tlsa> {
    [2, 1].map(|first| Tlsa { usage, selector: 1, matching: 1, data: vec![first; 32] }).to_vec()
}

fn attempt(
    policy: route::Policy,
    tls: Option<TlsInfo>,
    extensions: &[&str],
    error: Option<Error>,
) -> Attempt {
    let routed =
        Routed { domain: "beta.example".to_owned(), mx: "mx.beta.example".to_owned(), secure: true, policy };
    let server = Server {
        name: "mx.beta.example".to_owned(),
        address: "[2001:db8::25]:25".to_owned(),
        routed: Some(routed.clone()),
        local: Some("2001:db8::1".parse().unwrap()),
        proxy: None,
        protocol: Protocol::Smtp,
        greeting: Some(Reply::new(220, "mail.beta.example ESMTP ready")),
        extensions: extensions.iter().map(ToString::to_string).collect(),
        tls,
        auth: None,
        timing: Default::default(),
    };
    Attempt { server: Some(server), routed: Some(routed), error, ..Attempt::default() }
}

fn tls(verified: bool, fault: Option<Fault>) -> Option<TlsInfo> {
    Some(TlsInfo { verified, fault, ..TlsInfo::default() })
}

fn noted(attempt: Attempt) -> Vec<String> {
    let outcome = Outcome { attempts: vec![attempt], ..Outcome::default() };
    of_outcome(&outcome, &Moment::of(0)).iter().map(|line| line.written().trim_end().to_owned()).collect()
}

/// Type and reason, if it failed.
fn result(attempt: Attempt) -> Option<Option<(ResultType, String)>> {
    let outcome = Outcome { attempts: vec![attempt], ..Outcome::default() };
    let line = of_outcome(&outcome, &Moment::of(0)).pop()?;
    Some(line.result_type.zip(line.failure_reason_code))
}

#[test]
fn a_session_is_one_line_with_all_that_is_known() {
    let dane = route::Policy::Dane { records: records(3) };
    let (one, two) = ("01".repeat(32), "02".repeat(32));
    assert_eq!(
        noted(attempt(dane, tls(true, None), &[], None)),
        [format!(
            "{{\"version\":1,\"time\":\"1970-01-01T00:00:00Z\",\"policy\":{{\"policy-type\":\"tlsa\",\
             \"policy-string\":[\"3 1 1 {one}\",\"3 1 1 {two}\"],\"policy-domain\":\"beta.example\"}},\
             \"sending-mta-ip\":\"2001:db8::1\",\"receiving-mx-hostname\":\"mx.beta.example\",\
             \"receiving-mx-helo\":\"mail.beta.example\",\"receiving-ip\":\"2001:db8::25\",\"result-type\":null,\
             \"failure-reason-code\":null}}"
        )]
    );
    assert_eq!(
        noted(attempt(tested(true), tls(true, None), &[], None)),
        [
            "{\"version\":1,\"time\":\"1970-01-01T00:00:00Z\",\"policy\":{\"policy-type\":\"sts\",\"policy-string\":\
         [\"version: STSv1\",\"mode: testing\",\"mx: *.beta.example\",\"max_age: 60\"],\
         \"policy-domain\":\"beta.example\",\"mx-host\":[\"*.beta.example\"]},\"sending-mta-ip\":\"2001:db8::1\",\
         \"receiving-mx-hostname\":\"mx.beta.example\",\"receiving-mx-helo\":\"mail.beta.example\",\
         \"receiving-ip\":\"2001:db8::25\",\"result-type\":null,\"failure-reason-code\":null}"
        ]
    );
}

#[test]
fn what_is_demanded_or_tested_decides_whether_it_failed() {
    let failed = |result: ResultType, why: &str| Some(Some((result, why.to_owned())));
    let none = route::Policy::None;
    let not_trusted = "certificate not trusted: it is self-signed";
    let self_signed = || tls(false, Some(Fault::SelfSigned));
    let offered: &[&str] = &["PIPELINING", STARTTLS];
    for (policy, tls, extensions, expected) in [
        (none.clone(), self_signed(), offered, Some(None)),
        (none.clone(), None, &["PIPELINING"], failed(ResultType::StarttlsNotSupported, words::NOT_OFFERED)),
        // In clear, because TLS failed in the session before.
        (none, None, offered, None),
        (tested(true), tls(true, None), offered, Some(None)),
        (tested(true), self_signed(), offered, failed(ResultType::CertificateNotTrusted, not_trusted)),
        (tested(true), None, &[], failed(ResultType::StarttlsNotSupported, words::NOT_OFFERED)),
        (tested(true), tls(false, None), offered, failed(ResultType::ValidationFailure, words::NOT_VERIFIED)),
        (tested(false), tls(true, None), offered, failed(ResultType::ValidationFailure, words::NOT_LISTED)),
    ] {
        let shown = format!("{policy:?} {tls:?} {extensions:?}");
        assert_eq!(result(attempt(policy, tls, extensions, None)), expected, "{shown}");
    }
}

#[test]
fn a_session_that_broke_off_counts_if_it_came_to_tls() {
    let dane = || route::Policy::Dane { records: records(3) };
    let certificate =
        Error::Network { error: TlsError::Certificate(Fault::NoTlsaMatch, None).into(), awaiting: None };
    assert_eq!(
        result(attempt(dane(), None, &[STARTTLS], Some(certificate))),
        Some(Some((
            ResultType::ValidationFailure,
            "certificate not trusted: it does not match the server's TLSA records".to_owned()
        )))
    );
    let refused = |reply: Reply, awaiting| {
        let failure = Failure::Refused { awaiting: Some(awaiting), reply };
        Some(Error::Session { failure, awaiting: None, said: None })
    };
    use ehlo_smtp::expect::Expect;
    let long = format!("\u{9b}2J {}", "x".repeat(400));
    let (_, reason) =
        result(attempt(dane(), None, &[STARTTLS], refused(Reply::new(454, &long), Expect::StartTls)))
            .unwrap()
            .unwrap();
    assert!(reason.starts_with("the server refused: 454 \\u{9b}2J xx"), "{reason}");
    assert_eq!(reason.chars().count(), LONGEST_REASON);
    // Greeted with 554: there was no session.
    assert_eq!(result(attempt(dane(), None, &[], refused(Reply::new(554, "no"), Expect::Greeting))), None);
    // TLS went well, and the rest is not its business.
    let after = refused(Reply::new(421, "no"), Expect::Mail);
    assert_eq!(result(attempt(dane(), tls(true, None), &[], after)), Some(None));
    // Nobody was reached.
    let mut unreached = attempt(dane(), None, &[], Some(Error::Connect(ConnectError::Interrupted)));
    unreached.server = None;
    assert_eq!(result(unreached), None);
}

#[test]
fn sessions_aside_count_and_those_of_no_domain_do_not() {
    let mut outcome = Outcome::default();
    outcome.aside.push(attempt(route::Policy::None, tls(false, None), &[], None));
    assert_eq!(of_outcome(&outcome, &Moment::of(0)).len(), 1);
    if let Some(routed) = &mut outcome.aside[0].routed {
        routed.domain = "[192.0.2.1]".to_owned();
    }
    assert!(of_outcome(&outcome, &Moment::of(0)).is_empty());
}

#[test]
fn a_greeting_names_its_server_or_not() {
    for (said, name) in [
        ("mx.example ready", Some("mx.example")),
        ("mx", Some("mx")),
        ("", None),
        ("b\u{fc}cher.example", None),
        (&"x".repeat(256), None),
    ] {
        let mut attempt = attempt(route::Policy::None, None, &[], None);
        let mut server = attempt.server.take().unwrap();
        server.greeting = Some(Reply::new(220, said));
        assert_eq!(helo(&server).as_deref(), name, "{said}");
        server.greeting = None;
        assert_eq!(helo(&server), None);
    }
}

#[test]
fn faults_of_policies_are_lines_of_their_own() {
    let host = |name: &str, tlsa: Vec<Tlsa>, demand, fault| Host {
        mx: route::MxHost { preference: Some(1), name: name.to_owned() },
        addresses: Vec::new(),
        refused: Vec::new(),
        secure: true,
        tlsa,
        demand,
        fault,
    };
    let usable = Dane { records: records(3), names: Vec::new() };
    let silent = || DnsError::Network("192.0.2.53:53".parse().unwrap(), NetError::Timeout);
    let stopped = || DnsError::Network("192.0.2.53:53".parse().unwrap(), NetError::Interrupted);
    let applied = Applied { policy: parsed("enforce"), source: Source::Cached, id: "1".to_owned(), until: 1 };
    let remarks = vec![Remark::Gone, Remark::Fetch(FetchError::Status(404))];
    let plan = Plan {
        domain: "beta.example".to_owned(),
        secure: true,
        mta_sts: Some(Found { applied: Some(applied), remarks }),
        hosts: vec![
            host("good", records(3), Demand::Dane(usable), None),
            host("odd", records(1), Demand::Encryption, None),
            host("silent", Vec::new(), Demand::Nothing, Some(HostFault::Tlsa(silent()))),
            host("stopped", Vec::new(), Demand::Nothing, Some(HostFault::Tlsa(stopped()))),
            host("foreign", Vec::new(), Demand::Nothing, Some(HostFault::NotInPolicy { kept: None })),
            host("lost", Vec::new(), Demand::Nothing, Some(HostFault::NoAddress)),
        ],
        odd: Vec::new(),
        no_dane: None,
    };
    let lines = of_plan(&plan, &Moment::of(0));
    let shown: Vec<(Option<&str>, PolicyType, usize, ResultType, &str)> = lines
        .iter()
        .map(|line| {
            (
                line.ends.receiving_mx_hostname.as_deref(),
                line.policy.policy_type,
                line.policy.policy_string.len(),
                line.result_type.unwrap(),
                line.failure_reason_code.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            (None, PolicyType::Sts, 4, ResultType::StsPolicyFetchError, "the answer has the status 404"),
            (Some("odd"), PolicyType::Tlsa, 2, ResultType::TlsaInvalid, words::NOT_USABLE),
            (
                Some("silent"),
                PolicyType::Tlsa,
                0,
                ResultType::DnssecInvalid,
                "the resolver cannot be asked: timed out"
            ),
            (Some("foreign"), PolicyType::Sts, 4, ResultType::ValidationFailure, words::NOT_LISTED),
        ]
    );
    assert!(of_plan(&Plan { domain: "[192.0.2.1]".to_owned(), ..plan }, &Moment::of(0)).is_empty());
}
