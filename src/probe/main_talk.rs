//! The first connection: what every client sees.

use super::clock::timed;
use super::facts::{Broken, Facts, Hello, NoTls, Pipelining, StartTlsOutcome};
use super::talk::Talk;
use crate::client::{Error, Observer, Target};
use crate::net::tls::Client;
use crate::net::{Error as NetError, Stream, TlsError, TlsMode};
use ehlo_smtp::command::Command;
use ehlo_smtp::expect::Expect;
use ehlo_smtp::extension::{Extension, Extensions};
use ehlo_smtp::inquiry::InquiryVerb;
use ehlo_smtp::session::Protocol;

/// Talks to the server from the greeting to QUIT. A refusal of EHLO, of STARTTLS or of the handshake is a
/// fact; what leaves nobody to talk to is an error.
pub(super) fn hold(
    target: &Target,
    stream: Stream,
    facts: &mut Facts,
    observer: &mut dyn Observer,
) -> Result<(), Error> {
    let mut talk = Talk::new(target, stream, observer);
    let done = converse(target, &mut talk, facts);
    facts.bare_lf |= talk.saw_bare_lf();
    match done {
        Ok(goes_on) => {
            if goes_on {
                talk.quit();
            }
            Ok(())
        }
        Err(error) => {
            if error.reply().is_some_and(|reply| reply.code() != 421) {
                talk.quit();
            }
            Err(error)
        }
    }
}

/// Whether there is still somebody to say QUIT to.
fn converse(target: &Target, talk: &mut Talk<'_>, facts: &mut Facts) -> Result<bool, Error> {
    let (client, protocol) = (&target.tls.client, target.session.protocol);
    if target.tls.when == TlsMode::Implicit {
        if let Err(error) = timed(&mut facts.timing.tls, || talk.start_tls(client)) {
            facts.no_tls = (!is_own(&error)).then_some(NoTls::Ended);
            return Err(error);
        }
        facts.tls = talk.stream().tls().cloned();
    }
    greeting(talk, facts)?;
    let reply = timed(&mut facts.timing.ehlo, || talk.hello())?;
    let refused = !reply.is_positive();
    facts.hello = Some(Hello::of(protocol, reply.clone()));
    if refused {
        if !reply.leads_to_helo() || protocol == Protocol::Lmtp {
            return Err(talk.refused(reply, Expect::Ehlo));
        }
        let reply = talk.helo()?;
        return if reply.is_positive() { Ok(true) } else { Err(talk.refused(reply, Expect::Helo)) };
    }
    let mut extensions = facts.hello.as_ref().map(|hello| hello.extensions.clone()).unwrap_or_default();
    if matches!(target.tls.when, TlsMode::Opportunistic | TlsMode::StartTls) {
        if !extensions.offers(Extension::StartTls) {
            facts.start_tls = StartTlsOutcome::NotOffered;
        } else if !start_tls(client, talk, facts)? {
            return Ok(matches!(facts.start_tls, StartTlsOutcome::Refused(_)));
        } else {
            let reply = timed(&mut facts.timing.ehlo_inside, || talk.hello())?;
            if !reply.is_positive() {
                return Err(talk.refused(reply, Expect::Ehlo));
            }
            let hello = Hello::of(protocol, reply);
            extensions = hello.extensions.clone();
            facts.hello_inside = Some(hello);
        }
    }
    if !inquiries(talk, &extensions, facts)? {
        return Ok(false);
    }
    if !extensions.offers(Extension::Pipelining) {
        return Ok(true);
    }
    // At the end, where nothing is lost if the server takes it badly.
    facts.pipelining = pipelining(talk)?;
    Ok(matches!(facts.pipelining, Pipelining::Kept))
}

fn greeting(talk: &mut Talk<'_>, facts: &mut Facts) -> Result<(), Error> {
    let reply = timed(&mut facts.timing.greeting, || talk.reply(Expect::Greeting))?;
    facts.greeting = Some(reply.clone());
    if reply.is_positive() { Ok(()) } else { Err(talk.refused(reply, Expect::Greeting)) }
}

/// Whether TLS has begun. A missing reply and a handshake that does not end are facts as well, but then
/// nobody is left to talk to.
fn start_tls(client: &Client, talk: &mut Talk<'_>, facts: &mut Facts) -> Result<bool, Error> {
    talk.say(Command::StartTls, Expect::StartTls)?;
    let error = match go_ahead(client, talk, facts) {
        Ok(began) => return Ok(began),
        Err(error) => error,
    };
    if facts.start_tls != StartTlsOutcome::NotTried || is_own(&error) {
        return Err(error);
    }
    facts.start_tls = StartTlsOutcome::Failed;
    if error.tls().is_none() {
        facts.no_tls = Some(NoTls::Ended);
        return Err(error);
    }
    facts.no_tls = Some(NoTls::Failed(error));
    Ok(false)
}

/// Whether the cause lies at this end, so that it says nothing of the server.
fn is_own(error: &Error) -> bool {
    match error {
        Error::Network { error: NetError::Interrupted, .. } => true,
        error => error.tls().is_some_and(TlsError::is_local),
    }
}

/// The reply to STARTTLS, and the handshake.
fn go_ahead(client: &Client, talk: &mut Talk<'_>, facts: &mut Facts) -> Result<bool, Error> {
    let reply = timed(&mut facts.timing.start_tls, || talk.reply(Expect::StartTls))?;
    if reply.code() == 421 {
        facts.start_tls = StartTlsOutcome::Refused(reply.clone());
        return Err(talk.refused(reply, Expect::StartTls));
    }
    if !reply.is_positive() {
        facts.start_tls = StartTlsOutcome::Refused(reply);
        return Ok(false);
    }
    facts.go_ahead = Some(reply.code());
    facts.behind_220 = talk.throw_away();
    timed(&mut facts.timing.tls, || talk.start_tls(client)).map_err(|error| match error {
        Error::Network { error, awaiting } => Error::Network { error: error.behind_220(), awaiting },
        error => error,
    })?;
    facts.start_tls = StartTlsOutcome::Done;
    facts.tls = talk.stream().tls().cloned();
    Ok(true)
}

/// VRFY and EXPN, where they are offered: whether they tell anybody who is there. Returns `false` if the
/// server takes that badly; then the rest stays open.
fn inquiries(talk: &mut Talk<'_>, extensions: &Extensions, facts: &mut Facts) -> Result<bool, Error> {
    for verb in [InquiryVerb::Vrfy, InquiryVerb::Expn] {
        if !extensions.offers(verb.extension()) {
            continue;
        }
        let reply = match talk.ask(verb) {
            Ok(reply) => reply,
            Err(error @ Error::Network { error: NetError::Interrupted, .. }) => return Err(error),
            Err(_) => return Ok(false),
        };
        let closing = reply.code() == 421;
        match verb {
            InquiryVerb::Vrfy => facts.vrfy = Some(reply),
            InquiryVerb::Expn => facts.expn = Some(reply),
        }
        if closing {
            return Ok(false);
        }
    }
    Ok(true)
}

/// RSET and NOOP in one write must be answered by two replies. Two NOOPs must not stand in one group (RFC
/// 2920, section 3.1): servers are right to hang up on them.
fn pipelining(talk: &mut Talk<'_>) -> Result<Pipelining, Error> {
    let mut answers = || {
        talk.say_with_noop(Command::Rset, Expect::Rset)?;
        Ok([talk.reply(Expect::Rset)?, talk.reply(Expect::Rset)?])
    };
    match answers() {
        Ok([_, reply]) if reply.code() == 421 => Ok(Pipelining::Broken(Broken::Closed)),
        Ok(_) => Ok(Pipelining::Kept),
        Err(error @ Error::Network { error: NetError::Interrupted, .. }) => Err(error),
        Err(Error::Network { error: NetError::Timeout, .. }) => Ok(Pipelining::Broken(Broken::NoReply)),
        Err(Error::Session { .. }) => Ok(Pipelining::Broken(Broken::NotAReply)),
        Err(error) => Ok(Pipelining::Broken(Broken::Lost(error))),
    }
}
