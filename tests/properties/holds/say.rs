//! A person who talks to a server line by line, against noise: it ends, and no line breaks another.
//!
//! As in session.rs; behind the eight octets stands what the person says, and behind an empty line what the server
//! does.

use super::assert_one_line;
use super::session::{Flags, MOST_WORK, is_hidden};
use ehlo_smtp::auth::ChannelBinding;
use ehlo_smtp::session::{Session, Step, Turn};

pub fn holds(octets: &[u8]) {
    let Some((flags, rest)) = octets.split_first_chunk::<8>() else { return };
    let end = rest.windows(2).position(|pair| pair == b"\n\n").unwrap_or(rest.len());
    let (said, noise) = rest.split_at(end);
    let flags = Flags(flags);
    let mut pieces = flags.cut(noise.get(2..).unwrap_or_default()).into_iter();
    let said = String::from_utf8_lossy(said);
    let mut lines = said.split('\n');
    let mut session = Session::new(flags.settings());
    let mut work = 0;
    let mut budget = 500 + 4 * octets.len();
    loop {
        budget = budget.checked_sub(1).expect("an endless session");
        let step = match session.advance() {
            Ok(step) => step,
            Err(failure) => {
                is_hidden(failure.to_string().as_bytes(), flags.secrets());
                if !session.is_open() {
                    break;
                }
                continue;
            }
        };
        match step {
            Step::Send(line) => assert_one_line(line.octets()),
            Step::Received(line) => is_hidden(line, flags.secrets()),
            Step::Receive => match pieces.next() {
                Some(piece) => session.receive(piece),
                None => session.hung_up(),
            },
            Step::StartTls => session.tls_started(true, Some(ChannelBinding::Exporter(vec![2; 32]))),
            Step::RenewToken => _ = session.token_renewed(None),
            Step::SendContent => {
                session.content_sent();
                session.content_written();
            }
            Step::Ready => match lines.next() {
                Some(line) => says(&mut session, line, &flags),
                None if session.may_quit() => session.quit(),
                None => break,
            },
            Step::Working => {
                work += 1;
                // The clock says that it is enough.
                if work > MOST_WORK {
                    break;
                }
            }
            Step::Closed => break,
        }
    }
    let _ = (session.doing(), session.answers());
}

fn says(session: &mut Session, line: &str, flags: &Flags<'_>) {
    let _ = session.objection(line).map(|objection| objection.to_string());
    match line {
        "(tls)" => session.begin_tls(),
        "(content)" => session.say_content(),
        "(log in)" => _ = flags.login().map(|login| session.log_in(login)),
        line => {
            let is_fit =
                !line.chars().any(char::is_control) && line.len() <= ehlo_smtp::session::LONGEST_SAID;
            assert_eq!(session.say(line).is_ok(), is_fit, "{line:?}");
        }
    }
    assert!(matches!(session.turn(), Turn::Command | Turn::Content | Turn::Exchange));
}
