use super::*;
use crate::spool::journal::{Event, Record};
use crate::spool::moment::Moment;
use crate::spool::state::MessageState;
use ehlo_smtp::parameter::Parameter;
use mail_parser::{MessageParser, MimeHeaders};

const HEADER: &str =
    "From: <smith@example.org>\nTo: jones@example.com\nSubject: Figures\nMessage-ID: <1@example.org>\n";

fn moment(seconds: i64) -> Moment {
    Moment { wall: 1_796_000_000 + seconds, boot: 4711 + seconds.unsigned_abs(), start: 1 }
}

fn to(address: &str, parameters: &[&str]) -> Recipient {
    let parameters = parameters.iter().map(|text| Parameter::parse(text).unwrap()).collect();
    Recipient { address: address.to_owned(), parameters }
}

fn entry(recipients: Vec<Recipient>) -> Entry {
    Entry {
        id: "1NGSJ800QX4K7".parse().unwrap(),
        created: moment(0),
        uid: 1000,
        pid: 1,
        facts: Facts { octets: 500, ..Facts::default() },
        submission: Submission {
            tool: "sendmail".to_owned(),
            account: Some("work".to_owned()),
            sender: "smith@example.org".to_owned(),
            recipients,
            message_id: Some("<1@example.org>".to_owned()),
            ..Submission::default()
        },
    }
}

fn state(entry: &Entry, events: Vec<Event>) -> MessageState {
    let mut state = MessageState::of(&entry.submission);
    for event in events {
        let at = moment(state.records as i64 * 300 + 1);
        state.take(&Record { at, event });
    }
    state
}

fn attempt(number: u32) -> Event {
    Event::Attempt { number, server: "mx.example.com[192.0.2.1]:25".to_owned(), tls: None }
}

fn refused(place: usize, said: &str) -> Event {
    Event::Refused { number: 1, places: vec![place], said: said.to_owned() }
}

fn given_up(place: usize, said: &str) -> Event {
    Event::GivenUp { places: vec![place], said: said.to_owned() }
}

fn about<'a>(entry: &'a Entry, state: &'a MessageState, places: &'a [usize]) -> About<'a> {
    let original = HEADER.as_bytes();
    About { entry, state, places, kind: Kind::Failed, original, host: "host.example.org", now: moment(900) }
}

fn text(notice: &Notice) -> String {
    String::from_utf8(notice.octets().to_vec()).unwrap()
}

/// The parts, decoded: the letter, the fields for programs, and the original.
fn parts(notice: &Notice) -> [String; 3] {
    let message = MessageParser::default().parse(notice.octets()).unwrap();
    let report = message.root_part().content_type().unwrap().clone();
    assert_eq!((report.ctype(), report.subtype()), ("multipart", Some("report")));
    assert_eq!(report.attribute("report-type"), Some("delivery-status"));
    assert_eq!(message.root_part().sub_parts().unwrap().len(), 3);
    [0, 1, 2].map(|at| {
        let part = &message.parts[message.root_part().sub_parts().unwrap()[at] as usize];
        match part.message() {
            Some(inner) => String::from_utf8_lossy(inner.raw_message()).into_owned(),
            None => String::from_utf8_lossy(part.contents()).into_owned(),
        }
    })
}

/// What holds of every notice.
fn is_fit(notice: &Notice) {
    let octets = notice.octets();
    assert!(!octets.contains(&0));
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let line = line.strip_suffix(b"\r\n").expect("CRLF at the end of each line");
        assert!(line.len() <= 998 && !line.contains(&b'\r'), "{}", String::from_utf8_lossy(line));
    }
    assert_eq!(notice.facts().octets, octets.len() as u64);
    assert_eq!(notice.facts().eight_bit, !octets.is_ascii());
}

#[test]
fn a_notice_reads_like_this() {
    let entry = entry(vec![
        to("jones@example.com", &["ORCPT=rfc822;Jones+2Bx@example.com"]),
        to("green@example.com", &[]),
        to("brown@example.com", &[]),
    ]);
    let events = vec![
        attempt(1),
        refused(0, "550 5.1.1 No such user"),
        Event::Accepted { number: 1, places: vec![1], said: "250 ok".to_owned() },
        given_up(2, "mx.example.com[192.0.2.1]:25: connection refused"),
    ];
    let state = state(&entry, events);
    let notice = compose(&about(&entry, &state, &[0, 2]));
    is_fit(&notice);
    let [now, created, one, two] = [900, 0, 301, 901].map(|at| date(moment(at)));
    let id = notice.submission.id.unwrap();
    let awaited = format!(
        "From: Mail Delivery System <MAILER-DAEMON@host.example.org>
To: <smith@example.org>
Subject: Your message was not delivered
Date: {now}
Message-ID: <{id}@host.example.org>
In-Reply-To: <1@example.org>
References: <1@example.org>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
 boundary=\"=_{id}_0_\"

--=_{id}_0_
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

This is the mail system of host.example.org.

Your message was not delivered to:

  <jones@example.com>
    mx.example.com[192.0.2.1]:25 said: 550 5.1.1 No such user

  <brown@example.com>
    It was tried for too long, and is given up. What happened last:
    mx.example.com[192.0.2.1]:25: connection refused

It was handed over on {created}, and tried once, on
{first}.

It is not tried again for them. If they are still to have it, check the
address and what was said, and send it once more. The message had other
recipients; this is not about them.

Its identifier in the queue was 1NGSJ800QX4K7.

--=_{id}_0_
Content-Type: message/delivery-status
Content-Transfer-Encoding: 7bit

Reporting-MTA: dns; host.example.org
X-Queue-ID: 1NGSJ800QX4K7
Arrival-Date: {created}

Original-Recipient: rfc822; Jones+x@example.com
Final-Recipient: rfc822; jones@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 No such user
Last-Attempt-Date: {one}

Final-Recipient: rfc822; brown@example.com
Action: failed
Status: 4.4.7
Diagnostic-Code: x-ehlo; mx.example.com[192.0.2.1]:25: connection refused
Last-Attempt-Date: {two}

--=_{id}_0_
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: 7bit

From: <smith@example.org>
To: jones@example.com
Subject: Figures
Message-ID: <1@example.org>

--=_{id}_0_--
",
        first = date(moment(1))
    );
    assert_eq!(text(&notice).replace("\r\n", "\n"), awaited);
    let submission = &notice.submission;
    assert_eq!((submission.tool.as_str(), submission.sender.as_str()), ("notice", ""));
    assert_eq!(submission.recipients, [to("smith@example.org", &[])]);
    assert_eq!((submission.notice_of, submission.account.as_deref()), (Some(entry.id), Some("work")));
}

#[test]
fn a_delay_is_told_with_the_time_until_which_it_is_tried() {
    let entry = entry(vec![to("jones@example.com", &[])]);
    let next = moment(600);
    let deferred = Event::Deferred { number: 1, places: vec![0], next, said: "451 4.3.0 Later".to_owned() };
    let state = state(&entry, vec![attempt(1), deferred]);
    let kind = Kind::Delayed { until: moment(432_000) };
    let notice = compose(&About { kind, ..about(&entry, &state, &[0]) });
    is_fit(&notice);
    let [letter, status, _] = parts(&notice);
    assert!(letter.starts_with(
        "This is the mail system of host.example.org.\r\n\r\nYour message was not delivered yet to:"
    ));
    let until = format!("Will-Retry-Until: {}\r\n", date(moment(432_000)));
    assert!(status.ends_with(&until), "{status}");
    assert!(status.contains("Action: delayed\r\nStatus: 4.3.0\r\n"), "{status}");
}

#[test]
fn who_asked_not_to_be_told_is_not() {
    let recipients = vec![
        to("a@x.org", &[]),
        to("b@x.org", &["NOTIFY=NEVER"]),
        to("c@x.org", &["NOTIFY=delay,failure"]),
        to("d@x.org", &["notify=SUCCESS"]),
    ];
    let delayed = Kind::Delayed { until: moment(0) };
    let told = entry(recipients);
    assert_eq!(wanted(&told, &[0, 1, 2, 3, 4], Kind::Failed), [0, 2]);
    assert_eq!(wanted(&told, &[0, 1, 2, 3, 4], delayed), [0, 2]);
    assert_eq!([0, 1, 2, 3, 4].map(|place| asks_for_delay(&told, place)), [false, false, true, false, false]);
    let mut nobody = told.clone();
    nobody.submission.sender.clear();
    let mut notice = told;
    notice.submission.notice_of = Some(notice.id);
    for entry in [nobody, notice] {
        assert_eq!(wanted(&entry, &[0], Kind::Failed), [0; 0]);
    }
}

#[test]
fn a_second_notice_of_the_same_is_the_same() {
    let entry = entry(vec![to("a@x.org", &[]), to("b@x.org", &[])]);
    let state_then = state(&entry, vec![attempt(1), refused(0, "550 no"), refused(1, "550 no")]);
    let then = compose(&about(&entry, &state_then, &[0, 1]));
    let mut later = state_then.clone();
    later
        .take(&Record { at: moment(9999), event: Event::Held { by: "1000".to_owned(), why: String::new() } });
    let again = compose(&About { now: moment(9999), ..about(&entry, &later, &[0, 1]) });
    assert_eq!(then.submission, again.submission);
    let ids = [&[0][..], &[1], &[0, 1]].map(|places| about(&entry, &later, places).id());
    assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2]);
    let late = About { kind: Kind::Delayed { until: moment(1) }, ..about(&entry, &later, &[0]) };
    assert_ne!(late.id(), ids[0]);
}

#[test]
fn whatever_a_server_says_becomes_no_line_of_its_own() {
    let long = "x".repeat(2000);
    let hostile = [
        "550 5.1.1 no\r\n\r\nAction: delivered\r\n--=_1NGSJ9D",
        "\u{202e}550 g\u{fc}nther\0\u{1b}[2J",
        long.as_str(),
        "",
        "55",
        "550",
        "5\u{fc}0 x",
        "550 2.0.0 ok",
    ];
    for said in hostile {
        let mut entry = entry(vec![to(&format!("{}@example.com", "j\u{fc}".repeat(500)), &[])]);
        entry.submission.message_id = Some(format!("<{said}>"));
        let state = state(&entry, vec![attempt(1), refused(0, said)]);
        let notice = compose(&about(&entry, &state, &[0]));
        is_fit(&notice);
        let [letter, status, _] = parts(&notice);
        assert!(!letter.contains(['\0', '\u{1b}', '\u{202e}']));
        assert_eq!(status.matches("\r\nAction: ").count(), 1, "{status}");
        assert!(status.is_ascii() && status.contains("Final-Recipient: utf-8;"), "{status}");
        let code = if said.starts_with("550 5.1.1") { "5.1.1" } else { "5.0.0" };
        assert!(status.contains(&format!("\r\nStatus: {code}\r\n")), "{said}: {status}");
    }
}

#[test]
fn addresses_outside_ascii_are_as_rfc_6533_has_them() {
    let mut entry = entry(vec![to("j\u{fc}rgen@b\u{fc}cher.example", &["ORCPT=utf-8;j\\x{FC}@x.y"])]);
    entry.submission.sender = "g\u{fc}nther@example.org".to_owned();
    entry.submission.mail = vec![Parameter::parse("ENVID=QQ+20314").unwrap()];
    let state = state(&entry, vec![attempt(1), refused(0, "550 5.1.1 no")]);
    let notice = compose(&about(&entry, &state, &[0]));
    is_fit(&notice);
    let [letter, status, _] = parts(&notice);
    assert!(letter.contains("<j\u{fc}rgen@b\u{fc}cher.example>"));
    assert!(status.contains("\r\nOriginal-Envelope-Id: QQ 314\r\n"), "{status}");
    assert!(status.contains("\r\nOriginal-Recipient: utf-8; j\\x{FC}@x.y\r\n"), "{status}");
    assert!(status.contains("\r\nFinal-Recipient: utf-8; j\\x{FC}rgen@b\\x{FC}cher.example\r\n"), "{status}");
    assert!(notice.facts().utf8_headers && text(&notice).contains("\r\nTo: <g\u{fc}nther@example.org>\r\n"));
}

#[test]
fn the_original_comes_back_as_far_as_it_may() {
    let body = "\n--=_x\nText\n";
    let mail = |text| vec![Parameter::parse(text).unwrap()];
    let long = format!("Subject: {}\n", "a".repeat(2000));
    for (header, ret, octets, body, whole) in [
        (HEADER, "RET=FULL", 500, body, true),
        (HEADER, "RET=FULL", 500, "\nj\u{fc}rgen\n", true),
        (HEADER, "RET=FULL", 500, "\na\rb\n", false),
        (HEADER, "RET=FULL", 100_001, body, false),
        (HEADER, "RET=HDRS", 500, body, false),
        ("Subject: j\u{fc}rgen\n", "RET=FULL", 500, body, false),
        (&long, "RET=FULL", 500, body, false),
        ("", "RET=FULL", 500, "\n", true),
    ] {
        let mut entry = entry(vec![to("jones@example.com", &[])]);
        entry.submission.mail = mail(ret);
        entry.facts.octets = octets;
        let state = state(&entry, vec![attempt(1), refused(0, "550 no")]);
        let original = [header, body].concat();
        let notice = compose(&About { original: original.as_bytes(), ..about(&entry, &state, &[0]) });
        is_fit(&notice);
        let kind = if whole { "message/rfc822" } else { "text/rfc822-headers" };
        assert!(text(&notice).contains(&format!("\r\nContent-Type: {kind}\r\n")), "{ret} {header:.20}");
        let shown = if whole { original } else { header.to_owned() };
        assert_eq!(parts(&notice)[2].replace("\r\n", "\n").trim_end(), shown.trim_end());
    }
}

#[test]
fn a_notice_about_many_names_the_first() {
    let entry = entry((0..3000).map(|at| to(&format!("{at}@example.com"), &[])).collect());
    let all: Vec<usize> = (0..3000).collect();
    let said = "550 no".to_owned();
    let state = state(&entry, vec![attempt(1), Event::Refused { number: 1, places: all.clone(), said }]);
    let notice = compose(&about(&entry, &state, &all));
    is_fit(&notice);
    let [letter, status, _] = parts(&notice);
    assert!(letter.contains("\r\n  and 2000 more, who are not named here\r\n"), "{letter}");
    assert_eq!(status.matches("Final-Recipient").count(), 1000);
}

#[test]
fn a_sender_without_a_domain_gets_that_of_the_host() {
    let state_of = |entry: &Entry| state(entry, vec![refused(0, "no domain")]);
    for (sender, host, to_line) in [
        ("root", "host.example.org", "To: <root@host.example.org>"),
        ("root", "not a host", "To: undisclosed-recipients:;"),
        ("x\r\nBcc: y", "host.example.org", "To: undisclosed-recipients:;"),
    ] {
        let mut entry = entry(vec![to("jones@example.com", &[])]);
        entry.submission.sender = sender.to_owned();
        let state = state_of(&entry);
        let notice = compose(&About { host, ..about(&entry, &state, &[0]) });
        is_fit(&notice);
        assert!(text(&notice).contains(&format!("\r\n{to_line}\r\n")));
        assert!(!text(&notice).contains("\r\nBcc"));
    }
}

#[test]
fn who_may_have_it_all_the_same_is_said() {
    let entry = entry(vec![to("jones@example.com", &[])]);
    let unknown = Event::Unknown { number: 1, places: vec![0], next: None, said: "cut off".to_owned() };
    let state = state(&entry, vec![attempt(1), unknown, given_up(0, "cut off")]);
    let [letter, ..] = parts(&compose(&about(&entry, &state, &[0])));
    assert!(letter.contains("It may have arrived all the same"), "{letter}");
}
