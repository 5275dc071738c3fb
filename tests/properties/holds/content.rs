//! Content: framed in any pieces it is the same, and what comes out of its frame is what went in.

use super::ways;
use ehlo_smtp::command::EhloName;
use ehlo_smtp::content::{Facts, Framer};
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::expect::Stage;
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox, ReversePath};
use ehlo_smtp::reply::Reply;
use ehlo_smtp::serve::{ServeSettings, ServeStep, Server};
use ehlo_smtp::session::{Job, Protocol, Session, Settings, StartTls, Step};
use ehlo_smtp::transaction::Summary;

pub fn holds(octets: &[u8]) {
    let framed = framed(octets, Framer::default);
    let plain = self::framed(octets, Framer::without_dots);
    let canonical = canonical(octets);
    assert_eq!(plain, canonical, "without dots");
    assert_eq!(unstuffed(&framed).as_ref(), Some(&canonical), "unstuff(stuff(m))");
    assert_eq!(bare_returns(&framed), bare_returns(octets), "CRs that were not there");
    assert!(!has_bare_feeds(&framed), "a bare LF");
    // One way for each input: there are enough of them.
    arrives(octets, &canonical, octets.len() % 2 == 1, octets.len() / 2 % 2 == 1);
}

fn framed(octets: &[u8], framer: fn() -> Framer) -> Vec<u8> {
    let [whole, single, own] = ways(octets).map(|pieces| {
        let (mut framer, mut out) = (framer(), Vec::new());
        pieces.iter().for_each(|piece| framer.push(piece, &mut out));
        framer.finish(&mut out);
        out
    });
    assert_eq!(whole, single, "octet by octet");
    assert_eq!(whole, own, "in other pieces");
    whole
}

/// With CRLF for every LF, and one at the end; found another way than the framer does.
pub fn canonical(octets: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in octets.split_inclusive(|octet| *octet == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        out.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// What a server takes out of the frame; none unless it ends at its end, and not before.
fn unstuffed(framed: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = framed;
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n")? + 2;
        let (line, after) = rest.split_at(end);
        if line == b".\r\n" {
            return after.is_empty().then_some(out);
        }
        out.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
        rest = after;
    }
}

/// CRs within lines; the one at a line's end belongs to it.
fn bare_returns(octets: &[u8]) -> usize {
    let lines = octets.split(|octet| *octet == b'\n');
    let within = lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    within.map(|line| line.iter().filter(|octet| **octet == b'\r').count()).sum()
}

fn has_bare_feeds(octets: &[u8]) -> bool {
    octets
        .split_inclusive(|octet| *octet == b'\n')
        .any(|line| line.ends_with(b"\n") && !line.ends_with(b"\r\n"))
}

/// Our client and our server: whatever the content is, each recipient has it, and all of it.
fn arrives(octets: &[u8], canonical: &[u8], lmtp: bool, chunking: bool) {
    let mailbox = |text| Mailbox::parse(text).expect("an address");
    let recipient = |text| Recipient { path: ForwardPath::Mailbox(mailbox(text)), parameters: Vec::new() };
    let mut session = Session::new(Settings {
        protocol: if lmtp { Protocol::Lmtp } else { Protocol::Smtp },
        ehlo_name: EhloName::parse("alpha.arpa").expect("a name"),
        start_tls: StartTls::Never,
        channel: ehlo_smtp::auth::Channel::Clear,
        binding: None,
        xclient: None,
        login: None,
        pipelining: octets.first().is_none_or(|octet| octet % 2 == 0),
        chunking,
        helo: false,
        force_8bit: true,
        until: Stage::Message,
    });
    let mut settings = ServeSettings::new(Domain::parse("beta.arpa").expect("a domain"));
    settings.lmtp = lmtp;
    let mut server = Server::new(settings);
    let mut job = Some(Job {
        envelope: Envelope {
            reverse_path: ReversePath::Mailbox(mailbox("Smith@Alpha.ARPA")),
            mail_parameters: Vec::new(),
            demands: Vec::new(),
            only_offered: false,
            recipients: vec![recipient("Jones@Beta.ARPA"), recipient("Brown@Beta.ARPA")],
        },
        facts: Facts { octets: canonical.len() as u64, eight_bit: !octets.is_ascii(), utf8_headers: false },
        all_or_none: false,
        last: true,
    });
    let (mut there, mut arrived) = (Vec::new(), Vec::new());
    for _ in 0..200 {
        match session.advance().expect("our own server keeps the rules") {
            Step::Send(line) => there.extend_from_slice(line.octets()),
            Step::Receive => {
                let (back, is_over) = serve(&mut server, &std::mem::take(&mut there), &mut arrived);
                assert!(!back.is_empty() || is_over, "both sides wait");
                if back.is_empty() { session.hung_up() } else { session.receive(&back) }
            }
            Step::SendContent => {
                let mut framer =
                    if session.is_chunked() { Framer::without_dots() } else { Framer::default() };
                framer.push(octets, &mut there);
                framer.finish(&mut there);
                session.content_sent();
                session.content_written();
            }
            Step::Ready => match job.take() {
                Some(job) => session.deliver(job).expect("our own server offers what it takes"),
                None => session.quit(),
            },
            Step::Closed => break,
            Step::Received(_) => {}
            Step::StartTls | Step::Working | Step::RenewToken => unreachable!("nobody asked for it"),
        }
    }
    assert_eq!(session.transaction().summary(), Summary::All);
    assert_eq!(arrived, [canonical], "lmtp {lmtp}, chunking {chunking}");
}

/// The server's turn: what it says until it wants to read, and whether it is done.
fn serve(server: &mut Server, said: &[u8], arrived: &mut Vec<Vec<u8>>) -> (Vec<u8>, bool) {
    let mut pieces = super::pieces(said);
    let mut back = Vec::new();
    let mut message = Vec::new();
    loop {
        match server.advance() {
            ServeStep::Receive => match pieces.next() {
                Some(piece) => server.receive(piece),
                None => return (back, false),
            },
            ServeStep::Send(reply) => back.extend_from_slice(reply),
            ServeStep::Content(piece) => message.extend_from_slice(piece),
            ServeStep::End(envelope, _) => {
                let replies = vec![Reply::new(250, "OK"); envelope.recipients.len()];
                arrived.push(std::mem::take(&mut message));
                server.conclude(&replies);
            }
            ServeStep::Closed => return (back, true),
            ServeStep::Received(_) | ServeStep::Begin(_) => {}
            ServeStep::StartTls | ServeStep::Abandon => unreachable!("nobody asked for it"),
        }
    }
}
