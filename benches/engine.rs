//! The parts that see every octet or every recipient: `cargo bench`. What they came to is in docs/performance.md.

#![allow(clippy::unwrap_used)] // A benchmark fails by panicking.

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use ehlo::inside::message::address::parse_list;
use ehlo::inside::message::compose::Draft;
use ehlo::inside::message::raw::{Options, Raw};
use ehlo::inside::message::source::Source;
use ehlo::inside::message::{Attachment, Text};
use ehlo_smtp::command::EhloName;
use ehlo_smtp::content::{Content, Facts, Framer};
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::path::{ForwardPath, Mailbox, ReversePath};
use ehlo_smtp::reply::{ReplyLine, ReplyReader};
use ehlo_smtp::session::{Job, Session, Settings, StartTls, Step};
use ehlo_smtp::transaction::Summary;

fn main() {
    divan::main();
}

/// Lines of 76 octets, with the given line end.
fn text(octets: usize, end: &str) -> Vec<u8> {
    let end = if end == "LF" { "\n" } else { "\r\n" };
    let line = format!("{}{end}", "x".repeat(76));
    line.bytes().cycle().take(octets).collect()
}

#[divan::bench]
fn replies_read(bencher: Bencher<'_, '_>) {
    let octets = b"250-beta.arpa\r\n250-PIPELINING\r\n250 SIZE 10240000\r\n550 5.1.1 No such user here\r\n"
        .repeat(1000);
    bencher.counter(BytesCount::new(octets.len())).bench(|| {
        let mut reader = ReplyReader::default();
        let mut replies = 0;
        for piece in octets.chunks(16 * 1024) {
            reader.push(piece);
            while let Some(line) = reader.next_line().unwrap() {
                replies += usize::from(matches!(line, ReplyLine::Last(_)));
            }
        }
        assert_eq!(replies, 2000);
    });
}

#[divan::bench(args = ["LF", "CRLF"])]
fn content_framed(bencher: Bencher<'_, '_>, end: &str) {
    let content = text(8 << 20, end);
    bencher.counter(BytesCount::new(content.len())).bench(|| {
        let mut framer = Framer::default();
        let mut out = Vec::with_capacity(300 * 1024);
        for piece in content.chunks(256 * 1024) {
            out.clear();
            framer.push(black_box(piece), &mut out);
        }
        framer.finish(&mut out);
        out
    });
}

#[divan::bench(args = ["LF", "CRLF"])]
fn message_scanned(bencher: Bencher<'_, '_>, end: &str) {
    let content = [b"Subject: x\n\n".to_vec(), text(8 << 20, end)].concat();
    bencher
        .counter(BytesCount::new(content.len()))
        .with_inputs(|| Source::bytes(content.clone()))
        .bench_values(|source| Raw::new(source, Options::default()).unwrap());
}

#[divan::bench]
fn attachment_composed_and_written(bencher: Bencher<'_, '_>) {
    let octets = 8 << 20;
    bencher
        .counter(BytesCount::new(octets as usize))
        .with_inputs(|| Draft {
            from: parse_list("Smith <smith@alpha.arpa>", None).unwrap().pop(),
            text: Some(Text::Given("as promised".to_owned())),
            attachments: vec![Attachment {
                source: Source::bytes(vec![7; octets as usize]),
                media_type: None,
                name: Some("a.bin".to_owned()),
            }],
            ..Draft::default()
        })
        .bench_values(|draft| draft.compose().unwrap().write_to(&mut std::io::sink()).unwrap());
}

#[divan::bench]
fn addresses_read(bencher: Bencher<'_, '_>) {
    let list = vec!["\"Jones, J.\" <jones@beta.arpa>"; 1000].join(", ");
    bencher.counter(ItemsCount::new(1000usize)).bench(|| parse_list(black_box(&list), None).unwrap());
}

/// A whole session, in memory: 20,000 recipients, PIPELINING, everybody accepted.
#[divan::bench(sample_count = 20)]
fn session_with_20000_recipients(bencher: Bencher<'_, '_>) {
    const RECIPIENTS: usize = 20_000;
    let recipient = |n: usize| Recipient {
        path: ForwardPath::Mailbox(Mailbox::parse(&format!("user{n}@beta.arpa")).unwrap()),
        parameters: Vec::new(),
    };
    let envelope = Envelope {
        reverse_path: ReversePath::Null,
        mail_parameters: Vec::new(),
        demands: Vec::new(),
        only_offered: false,
        recipients: (0..RECIPIENTS).map(recipient).collect(),
    };
    bencher.counter(ItemsCount::new(RECIPIENTS)).with_inputs(|| envelope.clone()).bench_values(|envelope| {
        let name = EhloName::parse("alpha.arpa").unwrap();
        let mut session = Session::new(Settings { start_tls: StartTls::Never, ..Settings::new(name) });
        let mut job = Some(Job { envelope, facts: Facts::default(), all_or_none: false, last: true });
        let mut replies = b"220 beta\r\n".to_vec();
        loop {
            match session.advance().unwrap() {
                Step::Send(line) => match line.octets() {
                    line if line.starts_with(b"EHLO") => {
                        replies.extend_from_slice(b"250-beta\r\n250 PIPELINING\r\n")
                    }
                    b"DATA\r\n" => replies.extend_from_slice(b"354 go\r\n"),
                    b"QUIT\r\n" => replies.extend_from_slice(b"250 OK\r\n221 bye\r\n"),
                    _ => replies.extend_from_slice(b"250 OK\r\n"),
                },
                Step::Receive => session.receive(&std::mem::take(&mut replies)),
                Step::SendContent => {
                    session.content_sent();
                    session.content_written();
                }
                Step::Ready => session.deliver(job.take().unwrap()).unwrap(),
                Step::Received(_) | Step::Working => {}
                Step::StartTls | Step::RenewToken => unreachable!("not asked for"),
                Step::Closed => break,
            }
        }
        assert_eq!(session.transaction().summary(), Summary::All);
    });
}
