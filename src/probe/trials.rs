//! The further connections, each for one question. One that cannot be made, or ends early, leaves the
//! question open: servers limit how often one client may come.

use super::facts::{Facts, Injection, Trial};
use super::old_hello::{self, Answer, TLS10, TLS11};
use super::place::Place;
use super::talk::Talk;
use crate::client::{Error, Observer};
use crate::net::tls::{self, Client};
use crate::net::{ConnectError, Error as NetError, TlsError, TlsMode};
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
    let mut talk = match as_far_as_tls(place, observer) {
        Ok(talk) => talk,
        Err(error) => return unknown_unless_interrupted(error, &mut facts.tls12),
    };
    // Only what comes of the handshake itself is an answer.
    match talk.start_tls(&client) {
        Ok(()) => facts.tls12 = Trial::Accepted,
        Err(Error::Network { error: NetError::Tls(error), .. }) if is_refusal(&error) => {
            facts.tls12 = Trial::Refused;
            return Ok(());
        }
        Err(error) => return unknown_unless_interrupted(error, &mut facts.tls12),
    }
    // Who hangs up without waiting for the greeting looks like a scanner.
    if place.target.tls.when != TlsMode::Implicit || talk.reply(Expect::Greeting).is_ok() {
        talk.quit();
    }
    Ok(())
}

fn is_refusal(error: &TlsError) -> bool {
    matches!(error, TlsError::NotAgreed { .. } | TlsError::Alert(_) | TlsError::BrokenOff)
}

fn unknown_unless_interrupted(error: Error, trial: &mut Trial) -> Result<(), Error> {
    *trial = Trial::NotKnown;
    if is_interrupted(&error) { Err(error) } else { Ok(()) }
}

pub(super) fn is_interrupted(error: &Error) -> bool {
    matches!(
        error,
        Error::Network { error: NetError::Interrupted, .. } | Error::Connect(ConnectError::Interrupted)
    )
}

/// Are TLS 1.1 and 1.0 accepted? A server takes the newest version that both sides know (RFC 5246, appendix
/// E.1). So one that refuses 1.1 knows no older one, and one that answers by 1.0 does not know 1.1: only where
/// 1.1 is accepted is 1.0 a question of its own.
pub(super) fn old_tls(
    place: &Place<'_>,
    facts: &mut Facts,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let accepted = |is_accepted| if is_accepted { Trial::Accepted } else { Trial::Refused };
    observer.remark("once more, with a ClientHello of TLS 1.1");
    (facts.tls11, facts.tls10) = match newest(place, TLS11, observer)? {
        None => (Trial::NotKnown, Trial::NotKnown),
        Some(TLS11) => (Trial::Accepted, Trial::NotKnown),
        Some(minor) => (Trial::Refused, accepted(minor == TLS10)),
    };
    if facts.tls11 == Trial::Accepted {
        observer.remark("once more, with a ClientHello of TLS 1.0");
        facts.tls10 =
            newest(place, TLS10, observer)?.map_or(Trial::NotKnown, |minor| accepted(minor == TLS10));
    }
    Ok(())
}

/// The minor number of the version by which a ClientHello of this one is answered, 0 for a refusal; nothing
/// if there is no answer.
fn newest(place: &Place<'_>, minor: u8, observer: &mut dyn Observer) -> Result<Option<u8>, Error> {
    let asked = as_far_as_tls(place, observer).and_then(|mut talk| {
        let hello = old_hello::client_hello(minor, &place.target.tls.name);
        let said = talk.exchange(&hello, |said| old_hello::answer(said) != Answer::More)?;
        talk.hang_up();
        Ok(old_hello::answer(&said))
    });
    match asked {
        Ok(Answer::Speaks(spoken)) if spoken <= minor => Ok(Some(spoken)),
        // Some servers hang up without an alert.
        Ok(Answer::Refuses | Answer::More) => Ok(Some(0)),
        // A version that was not offered is no answer either.
        Ok(Answer::NotTls | Answer::Speaks(_)) => Ok(None),
        Err(error) if is_interrupted(&error) => Err(error),
        Err(_) => Ok(None),
    }
}

/// A connection on which TLS comes next: the 220 to STARTTLS is there, or nothing was said.
fn as_far_as_tls<'a>(place: &Place<'a>, observer: &'a mut dyn Observer) -> Result<Talk<'a>, Error> {
    let mut talk = Talk::new(place.target, place.connect()?, observer);
    if place.target.tls.when != TlsMode::Implicit {
        until_hello(&mut talk)?;
        start_tls_accepted(&mut talk)?;
    }
    Ok(talk)
}

pub(super) fn start_tls_accepted(talk: &mut Talk<'_>) -> Result<(), Error> {
    talk.say(Command::StartTls, Expect::StartTls)?;
    let reply = talk.reply(Expect::StartTls)?;
    if !reply.is_positive() {
        return Err(talk.refused(reply, Expect::StartTls));
    }
    talk.throw_away();
    Ok(())
}

pub(super) fn greeting(talk: &mut Talk<'_>) -> Result<(), Error> {
    let greeting = talk.reply(Expect::Greeting)?;
    if greeting.is_positive() { Ok(()) } else { Err(talk.refused(greeting, Expect::Greeting)) }
}

fn until_hello(talk: &mut Talk<'_>) -> Result<(), Error> {
    greeting(talk)?;
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
        Err(error) => return open_unless_interrupted(error),
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
    if is_interrupted(&error) { Err(error) } else { Ok(()) }
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
