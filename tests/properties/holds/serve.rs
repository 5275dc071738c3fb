//! The sink's side against noise: it ends, answers with replies and nothing else, and remembers no password.

use super::{pieces, session};
use ehlo::inside::mailer::handover::Handover;
use ehlo_smtp::parameter::Parameter;
use ehlo_smtp::path::Domain;
use ehlo_smtp::reply::{Reply, ReplyLine, ReplyReader};
use ehlo_smtp::serve::{Accounts, ServeSettings, ServeStep, Server};

/// Nobody is let in, so that nobody's password is known.
#[derive(Debug)]
struct Smith;

impl Accounts for Smith {
    fn admits(&mut self, user: &str, password: &str) -> bool {
        (user, password) == ("user", session::SECRET)
    }
}

/// The first octet says what the server is like, the rest is what a client says.
pub fn holds(octets: &[u8]) {
    let Some((first, said)) = octets.split_first() else { return };
    let has = |bit: u8| first.wrapping_sub(b'0') >> bit & 1 == 1;
    let mut settings = ServeSettings::new(Domain::parse("beta.arpa").expect("a domain"));
    settings.lmtp = has(0);
    settings.tls_available = has(1);
    settings.accounts = has(2).then(|| Box::new(Smith) as Box<dyn Accounts>);
    settings.require_auth = has(3);
    settings.max_size = has(4).then_some(100);
    settings.submission = has(5);
    settings.handover = has(5);
    settings.max_recipients = 2;
    let mut server = Server::new(settings);
    let mut pieces = pieces(said);
    let mut reader = ReplyReader::default();
    let mut budget = 200 + 8 * said.len();
    let (mut began, mut kept) = (false, 0);
    loop {
        budget = budget.checked_sub(1).expect("an endless session");
        match server.advance() {
            ServeStep::Receive => match pieces.next() {
                Some(piece) => server.receive(piece),
                None => server.hung_up(),
            },
            ServeStep::Send(reply) => is_reply(&mut reader, reply),
            ServeStep::Received(line) => {
                assert!(!line.contains(&b'\n'));
                // A secret is shown as a star, unless it is said where no secret belongs.
                if line.to_ascii_uppercase().starts_with(b"AUTH PLAIN ") {
                    session::is_hidden(line, &[session::SECRET.as_bytes()]);
                }
            }
            ServeStep::StartTls => server.tls_started(),
            ServeStep::Begin(envelope) => {
                assert!(!began && !envelope.recipients.is_empty());
                (began, kept) = (true, 0);
            }
            ServeStep::Content(piece) => {
                assert!(began);
                kept += piece.len();
            }
            ServeStep::End(envelope, _) => {
                assert!(began && (!has(4) || kept <= 200), "more than it takes");
                envelope.mail_parameters.iter().filter(|one| one.is("XEHLO")).for_each(is_handed_over);
                let replies = vec![Reply::new(250, "OK"); envelope.recipients.len()];
                began = false;
                server.conclude(&replies);
            }
            ServeStep::Abandon => began = false,
            ServeStep::Closed => break,
        }
    }
}

/// What is read of XEHLO is written and read again as the same.
fn is_handed_over(parameter: &Parameter) {
    let Some((handover, _)) = Handover::of_mail(parameter.value().unwrap_or_default()) else { return };
    let said = handover.envelope().expect("a handover").mail_parameters;
    let value = said.last().and_then(Parameter::value).expect("a value");
    assert_eq!(Handover::of_mail(value), Some((handover, false)));
}

/// Whole replies, of printable octets, with CRLF.
fn is_reply(reader: &mut ReplyReader, octets: &[u8]) {
    assert!(octets.ends_with(b"\r\n"));
    reader.push(octets);
    while let Some(line) = reader.next_line().expect("a line") {
        assert!(!matches!(line, ReplyLine::Broken(_)), "{line:?}");
        let line = String::from_utf8_lossy(reader.line()).into_owned();
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
    assert!(reader.is_empty() && !reader.saw_bare_lf());
}
