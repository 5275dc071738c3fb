//! Notices: whatever servers and callers said, it becomes no field, no line end and no part.

use ehlo::inside::mailer::notice::{About, Kind, compose, wanted};
use ehlo::inside::spool::{Entry, Event, Id, MessageState, Moment, Recipient, Record, Submission};
use ehlo_smtp::content::{Content, Facts};
use ehlo_smtp::parameter::Parameter;

/// The fields that a notice has.
const FIELDS: [&str; 10] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
];

/// Lines: the sender, a recipient, a parameter of theirs, one of MAIL, the Message-ID, the server, what it said (`|` is a
/// line end), the host; then the original.
pub fn holds(octets: &[u8]) {
    let mut lines = octets.splitn(9, |octet| *octet == b'\n');
    let mut line = || lines.next().map(|line| String::from_utf8_lossy(line).into_owned()).unwrap_or_default();
    let parameters = |text: String| Parameter::parse(&text).into_iter().collect::<Vec<_>>();
    let (sender, address, of_rcpt, of_mail) = (line(), line(), parameters(line()), parameters(line()));
    let (message_id, server, said, host) = (line(), line(), line().replace('|', "\r\n"), line());
    let original = lines.next().unwrap_or_default();

    let submission = Submission {
        sender,
        mail: of_mail,
        message_id: Some(message_id),
        recipients: vec![
            Recipient { address, parameters: of_rcpt },
            Recipient { address: "jones@beta.arpa".to_owned(), parameters: Vec::new() },
        ],
        ..Submission::default()
    };
    let mut state = MessageState::of(&submission);
    let facts = Facts { octets: original.len() as u64, ..Facts::default() };
    let id = Id::new(1_796_000_000, 1);
    let entry = Entry { id, created: Moment::default(), uid: 0, pid: 0, facts, submission };
    for event in [
        Event::Attempt { number: 1, server, tls: None },
        Event::Refused { number: 1, places: vec![0], said: said.clone() },
        Event::GivenUp { places: vec![1], said },
    ] {
        state.take(&Record { at: Moment::default(), event });
    }
    for kind in [Kind::Failed, Kind::Delayed { until: Moment::default() }] {
        assert!(wanted(&entry, &[0, 1, 2], kind).iter().all(|place| *place < 2));
        let places = [0, 1];
        let about = About {
            entry: &entry,
            state: &state,
            places: &places,
            kind,
            original,
            host: &host,
            now: Moment::default(),
        };
        let notice = compose(&about);
        is_fit(notice.octets());
        assert_eq!(notice.facts().octets, notice.octets().len() as u64);
        assert_eq!(notice.facts().eight_bit, !notice.octets().is_ascii());
        assert_eq!(compose(&about), notice);
    }
}

fn is_fit(octets: &[u8]) {
    assert!(!octets.contains(&0), "NUL");
    let lines: Vec<&[u8]> = octets
        .split_inclusive(|octet| *octet == b'\n')
        .map(|line| line.strip_suffix(b"\r\n").expect("each line ends in CRLF"))
        .collect();
    assert!(
        lines.iter().all(|line| line.len() <= 998 && !line.contains(&b'\r')),
        "a line is too long, or has a CR"
    );
    let end = lines.iter().position(|line| line.is_empty()).expect("a header section");
    let mut boundary = None;
    for line in &lines[..end] {
        let line = std::str::from_utf8(line).expect("the header section is UTF-8");
        if let Some(rest) = line.strip_prefix(" boundary=\"") {
            boundary = rest.strip_suffix('"');
        }
        let name = line.split(':').next().unwrap_or_default();
        assert!(line.starts_with(' ') || FIELDS.contains(&name), "{line}");
    }
    let boundary = format!("--{}", boundary.expect("a boundary"));
    let bounds = lines.iter().filter(|line| line.starts_with(boundary.as_bytes())).count();
    assert_eq!(bounds, 4, "three parts");
}
