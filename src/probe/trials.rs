//! The further connections, each for one question. One that cannot be made, or ends early, leaves the
//! question open: servers limit how often one client may come.

use super::facts::{Facts, Injection, Trial};
use super::place::Place;
use super::talk::Talk;
use crate::client::{Error, Observer};
use crate::net::tls::{self, Client};
use crate::net::{Error as NetError, TlsError, TlsMode};
use ehlo_smtp::command::Command;
use ehlo_smtp::expect::Expect;

/// Is TLS 1.2 accepted by itself? Where it was agreed on already, that is the answer.
pub(super) fn tls12(place: &Place<'_>, facts: &mut Facts, observer: &mut dyn Observer) -> Result<(), Error> {
    if facts.tls.as_ref().is_some_and(|tls| tls.version.as_deref() == Some("TLSv1.2")) {
        facts.tls12 = Trial::Accepted;
        return Ok(());
    }
    let client =
        Client::new(tls::Settings { tls12_only: true, ..place.target.tls.client.settings().clone() });
    observer.remark("once more, with TLS 1.2 alone");
    let mut asked = false;
    match once_more(place, &client, observer, &mut asked) {
        Ok(talk) => {
            facts.tls12 = Trial::Accepted;
            talk.quit();
        }
        Err(error @ Error::Network { error: NetError::Interrupted, .. }) => return Err(error),
        // Only what came of the handshake itself is an answer.
        Err(Error::Network { error: NetError::Tls(error), .. }) if asked && is_refusal(&error) => {
            facts.tls12 = Trial::Refused;
        }
        Err(_) => {}
    }
    Ok(())
}

fn is_refusal(error: &TlsError) -> bool {
    matches!(error, TlsError::NotAgreed { .. } | TlsError::Alert(_) | TlsError::BrokenOff)
}

/// As far as the handshake, and through it; `asked` says when it has begun.
fn once_more<'a>(
    place: &Place<'a>,
    client: &Client,
    observer: &'a mut dyn Observer,
    asked: &mut bool,
) -> Result<Talk<'a>, Error> {
    let mut talk = Talk::new(place.target, place.connect()?, observer);
    if place.target.tls.when == TlsMode::Implicit {
        *asked = true;
        talk.start_tls(client)?;
        // Who hangs up without waiting for the greeting looks like a scanner.
        talk.reply(Expect::Greeting)?;
        return Ok(talk);
    }
    until_hello(&mut talk)?;
    talk.say(Command::StartTls, Expect::StartTls)?;
    let reply = talk.reply(Expect::StartTls)?;
    if !reply.is_positive() {
        return Err(talk.refused(reply, Expect::StartTls));
    }
    talk.throw_away();
    *asked = true;
    talk.start_tls(client)?;
    Ok(talk)
}

fn until_hello(talk: &mut Talk<'_>) -> Result<(), Error> {
    let greeting = talk.reply(Expect::Greeting)?;
    if !greeting.is_positive() {
        return Err(talk.refused(greeting, Expect::Greeting));
    }
    let reply = talk.hello()?;
    if reply.is_positive() { Ok(()) } else { Err(talk.refused(reply, Expect::Ehlo)) }
}

/// Is a command that came ahead of TLS executed inside it? Then whoever stands in between can put words into
/// a client's mouth (RFC 3207, section 6). It is a NOOP, and nothing else.
pub(super) fn injection(
    place: &Place<'_>,
    facts: &mut Facts,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    observer.remark("once more, with a NOOP in one write with STARTTLS");
    let stream = match place.connect() {
        Err(error @ Error::Connect(crate::net::ConnectError::Interrupted)) => return Err(error),
        Err(_) => return Ok(()),
        Ok(stream) => stream,
    };
    let mut talk = Talk::new(place.target, stream, observer);
    if let Err(error) = until_hello(&mut talk) {
        return open_unless_interrupted(error);
    }
    facts.injection = match ahead_of_tls(&mut talk, &place.target.tls.client) {
        Ok(Injection::Stopped) => {
            talk.quit();
            Injection::Stopped
        }
        Ok(injection) => injection,
        Err(error @ Error::Network { error: NetError::Interrupted, .. }) => return Err(error),
        // The connection ended before anything could be heard inside.
        Err(_) => Injection::Stopped,
    };
    Ok(())
}

fn open_unless_interrupted(error: Error) -> Result<(), Error> {
    match error {
        Error::Network { error: NetError::Interrupted, .. } => Err(error),
        _ => Ok(()),
    }
}

/// Counts replies, and looks at no clock: EHLO and QUIT have two, and a third is the NOOP's.
fn ahead_of_tls(talk: &mut Talk<'_>, client: &Client) -> Result<Injection, Error> {
    talk.say_with_noop(Command::StartTls, Expect::StartTls)?;
    if !talk.reply(Expect::StartTls)?.is_positive() || talk.throw_away() > 0 {
        return Ok(Injection::Stopped);
    }
    talk.start_tls(client)?;
    talk.hello()?;
    // Behind the NOOP's reply that of EHLO may wait already.
    let second = talk.say_anyway(Command::Quit, Expect::Quit).and_then(|()| talk.reply(Expect::Quit));
    match second {
        Ok(reply) if reply.code() == 250 => match talk.reply(Expect::Quit) {
            Ok(_) => Ok(Injection::Executed),
            Err(error @ Error::Network { error: NetError::Interrupted, .. }) => Err(error),
            Err(_) => Ok(Injection::Discarded),
        },
        Err(error @ Error::Network { error: NetError::Interrupted, .. }) => Err(error),
        Ok(_) | Err(_) => Ok(Injection::Discarded),
    }
}
