//! The connection on which a server is asked to relay ([`relay`](super::relay)): MAIL, RCPT, RSET and QUIT,
//! without a log-in, and without DATA.

use super::facts::{Facts, StartTlsOutcome};
use super::place::Place;
use super::relay::{Relay, RelayQuestion};
use super::talk::Talk;
use super::trials::{greeting, is_interrupted, start_tls_accepted};
use crate::client::{Error, Observer};
use crate::net::TlsMode;
use ehlo_smtp::command::Command;
use ehlo_smtp::expect::Expect;
use ehlo_smtp::reply::Reply;

/// Does the server take mail for others from somebody who has not logged in? Asked as a client would, inside
/// TLS where there is TLS, up to RCPT.
pub(super) fn ask(
    place: &Place<'_>,
    question: &RelayQuestion,
    facts: &mut Facts,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    observer.remark("once more, with MAIL and RCPT, and no DATA");
    let (begun, mut reply) = (facts.start_tls == StartTlsOutcome::Done, None);
    let asked = place.connect().and_then(|stream| {
        let mut talk = Talk::new(place.target, stream, observer);
        let decided = as_far_as_rcpt(&mut talk, place, begun, question)?;
        let goes_on = decided.code() != 421;
        reply = Some(decided);
        if goes_on {
            // The transaction is left, if there is one.
            talk.say(Command::Rset, Expect::Rset)?;
            talk.reply(Expect::Rset)?;
            talk.quit();
        }
        Ok(())
    });
    facts.relay = Some(Relay::of(question, reply));
    match asked {
        Err(error) if is_interrupted(&error) => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The reply to RCPT, or the first one that refuses. A refusal before MAIL is an error: it is not about mail.
fn as_far_as_rcpt(
    talk: &mut Talk<'_>,
    place: &Place<'_>,
    begins_tls: bool,
    question: &RelayQuestion,
) -> Result<Reply, Error> {
    let client = &place.target.tls.client;
    if place.target.tls.when == TlsMode::Implicit {
        talk.start_tls(client)?;
    }
    greeting(talk)?;
    hello_or_helo(talk)?;
    if begins_tls {
        start_tls_accepted(talk)?;
        talk.start_tls(client)?;
        hello_or_helo(talk)?;
    }
    talk.say(Command::Mail(&question.from, &[]), Expect::Mail)?;
    let reply = talk.reply(Expect::Mail)?;
    if !reply.is_positive() {
        return Ok(reply);
    }
    talk.say(Command::Rcpt(&question.to, &[]), Expect::Rcpt(0))?;
    talk.reply(Expect::Rcpt(0))
}

fn hello_or_helo(talk: &mut Talk<'_>) -> Result<(), Error> {
    let reply = talk.hello()?;
    let reply = if reply.leads_to_helo() { talk.helo()? } else { reply };
    if reply.is_positive() { Ok(()) } else { Err(talk.refused(reply, Expect::Ehlo)) }
}
