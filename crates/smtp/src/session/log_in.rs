//! Logging in (RFC 4954): one exchange, and after it perhaps another.
//!
//! ```text
//!   AUTH --> 334 -> respond -> (work) -> response --> 235 -> done
//!              |                                 \--> 535 -> the end; for a token, once, RenewToken -> AUTH
//!              +--> cannot be answered: * -> 501 \    504; 534 before a proof
//!                                                 +-> the next mechanism, or the end
//! ```
//!
//! The credentials choose the mechanism ([`crate::auth::Login`]); they are told which were tried. A 535 is a
//! verdict and ends the session: a second guess could lock the account. So does a server that fails to prove
//! itself.

use super::Session;
use super::exchange::{LogIn, base64};
use super::next::{Hidden, Next};
use crate::auth::{Answer, Channel, ExchangeError, Login, NoMechanism, SecretOctets, Terms};
use crate::expect::Expect;
use crate::failure::Failure;
use crate::reply::{self, Class, Reply};
use crate::verb::{COMMAND_LINE, Verb};
use crate::violation::Violation;
use zeroize::Zeroizing;

/// The most challenges in one exchange; SCRAM needs three.
const MOST_CHALLENGES: u8 = 10;
/// The most of a server's reason that is shown, in octets.
const LONGEST_REASON: usize = 400;

impl Session {
    /// Queues a log-in, whatever came of an earlier one. A refusal leaves the session as it was.
    ///
    /// # Errors
    /// [`Failure::NoMechanism`]; nothing is said then.
    pub fn log_in(&mut self, login: Box<dyn Login>) -> Result<(), Failure> {
        let secrets = std::mem::take(&mut self.log_in.secrets);
        self.log_in = LogIn { secrets, ..LogIn::default() };
        self.settings.login = Some(login);
        self.begin_log_in().map_err(Failure::NoMechanism)
    }

    /// What speaks against a log-in here and now. Nothing is sent.
    #[must_use]
    pub fn log_in_objection(&self, login: &mut dyn Login) -> Option<NoMechanism> {
        let offered = &self.extensions.mechanisms();
        let binding = self.binding.as_ref();
        login.choose(&Terms { offered, channel: self.channel, binding, tried: &[] }).err()
    }

    /// AUTH by the best mechanism that is left.
    pub(super) fn begin_log_in(&mut self) -> Result<(), NoMechanism> {
        let Some(login) = &mut self.settings.login else { return Ok(()) };
        let state = &mut self.log_in;
        let mut mechanism = login.choose(&Terms {
            offered: &self.extensions.mechanisms(),
            channel: self.channel,
            binding: self.binding.as_ref(),
            tried: &state.tried,
        })?;
        (state.challenges, state.left, state.exchanging) = (0, None, true);
        let room = COMMAND_LINE - Verb::Auth.name().len() - "  \r\n".len() - mechanism.name().len();
        match mechanism.initial().map(|initial| base64(&initial)) {
            // A longer one goes on a line of its own (RFC 4954, section 4).
            Some(initial) if initial.len() > room => {
                self.queue.push_back(Next::Auth(None));
                self.queue.push_back(Next::Response(initial));
            }
            // An empty one is '=' (RFC 4954, section 4).
            Some(initial) if initial.is_empty() => {
                self.queue.push_back(Next::Auth(Some(Hidden(Zeroizing::new("=".to_owned())))));
            }
            initial => self.queue.push_back(Next::Auth(initial)),
        }
        state.mechanism = Some(mechanism);
        Ok(())
    }

    /// The reply to AUTH, to a response, or to `*`.
    pub(super) fn auth_answered(&mut self, reply: Reply) -> Result<(), Failure> {
        if let Some(ExchangeError::Unproved(unproved)) = self.log_in.left {
            return Err(Failure::Unproved(unproved));
        }
        match (reply.class(), self.log_in.left) {
            (Class::Completed, None) => self.authenticated(&reply),
            (Class::Completed, Some(_)) => {
                self.log_in.left = None;
                Err(Violation::UnprovedAuth.into())
            }
            (Class::Intermediate, None) => self.challenged(&reply),
            (Class::Intermediate, Some(_)) => Err(Violation::BadChallenge.into()),
            (Class::Transient | Class::Permanent, _) => self.auth_refused(reply),
        }
    }

    /// A 334. The response that is already queued answers an empty one (RFC 4954, section 4).
    fn challenged(&mut self, reply: &Reply) -> Result<(), Failure> {
        self.log_in.challenges += 1;
        if self.log_in.challenges > MOST_CHALLENGES {
            return Err(Violation::BadChallenge.into());
        }
        if matches!(self.queue.front(), Some(Next::Response(_))) {
            return Ok(());
        }
        let text = reply.lines().first().map(Vec::as_slice).unwrap_or_default();
        let challenge = encodify::base64::STANDARD.decode(text.trim_ascii()).ok();
        let answer = match (&mut self.log_in.mechanism, challenge) {
            (Some(mechanism), Some(challenge)) => mechanism.respond(&challenge),
            (Some(mechanism), None) if reply.code() == 334 && !mechanism.reads_challenges() => {
                mechanism.respond(b"")
            }
            _ => Err(ExchangeError::Malformed),
        };
        self.answer(answer);
        Ok(())
    }

    /// Goes on with what is being computed, and tells whether something was.
    pub(super) fn work(&mut self) -> bool {
        if !std::mem::take(&mut self.log_in.working) {
            return false;
        }
        if let Some(mechanism) = &mut self.log_in.mechanism {
            let answer = mechanism.work();
            self.answer(Ok(answer));
        }
        true
    }

    /// Queues what comes of a challenge. An exchange that cannot go on is left with `*` (RFC 4954, section
    /// 4), also where the server failed to prove itself: it waits for a response, and would take QUIT for
    /// one.
    fn answer(&mut self, answer: Result<Answer, ExchangeError>) {
        match answer {
            Ok(Answer::Say(response)) => self.queue.push_back(Next::Response(base64(&response))),
            Ok(Answer::Working) => self.log_in.working = true,
            Err(trouble) => {
                self.log_in.left = Some(trouble);
                self.queue.push_back(Next::CancelAuth);
            }
        }
    }

    /// A 235: at the end of the exchange, and not before.
    fn authenticated(&mut self, reply: &Reply) -> Result<(), Failure> {
        self.log_in.exchanging = false;
        let Some(mechanism) = &mut self.log_in.mechanism else { return Err(Violation::UnprovedAuth.into()) };
        if !self.queue.is_empty() || !mechanism.is_complete() {
            let words = reply.lines().iter().flat_map(|line| line.split(|octet| *octet == b' '));
            let mut words = words.filter(|word| !word.is_empty()).rev();
            let data = words.find_map(|word| encodify::base64::STANDARD.decode(word).ok());
            mechanism.late(&data.unwrap_or_default()).map_err(|trouble| match trouble {
                ExchangeError::Malformed => Failure::from(Violation::UnprovedAuth),
                ExchangeError::Unproved(unproved) => Failure::Unproved(unproved),
            })?;
        }
        self.log_in.done = Some(mechanism.name());
        self.log_in.refused = None;
        Ok(())
    }

    /// A refusal. If it is one of the mechanism, the next one is tried. If it is one of the credentials, that
    /// is the end, unless they are a token, which may have expired.
    fn auth_refused(&mut self, reply: Reply) -> Result<(), Failure> {
        if reply.code() == 421 {
            return Err(Failure::Refused { awaiting: Some(Expect::Auth), reply });
        }
        let left = self.log_in.left.take().is_some();
        self.log_in.exchanging = false;
        let unsaid = !self.queue.is_empty();
        let proved =
            !unsaid && self.log_in.mechanism.as_ref().is_some_and(|mechanism| mechanism.has_proved());
        // No challenge will come for the response that was kept ready.
        self.queue.clear();
        let code = reply.code();
        // A 535 to '*' can be the verdict on what was said before it.
        let is_malformed = left && code != 535;
        let failure = if is_malformed {
            Failure::BadChallenge
        } else {
            let reason = self.reason().map(String::into_boxed_str);
            Failure::LogIn { reply, reason, others: Box::default() }
        };
        // So can a 534 to the secret or a proof: too weak, or another password is wanted.
        let is_safe = matches!(self.channel, Channel::Local | Channel::Verified);
        let too_weak = code == 534 && !proved && is_safe;
        if (is_malformed && code / 100 == 5) || code == 504 || too_weak {
            self.log_in.tried.extend(self.log_in.mechanism.as_ref().map(|mechanism| mechanism.name()));
            // What is reported in the end is why the best mechanism was refused.
            let first = match self.log_in.first.take() {
                Some(first) if first != Failure::BadChallenge => first,
                _ => failure,
            };
            return match self.begin_log_in() {
                Ok(()) => {
                    self.log_in.first = Some(first);
                    Ok(())
                }
                Err(_) => Err(self.log_in.refused.take().unwrap_or_else(|| self.with_others(first))),
            };
        }
        let has_token = self.settings.login.as_ref().is_some_and(|login| login.has_token());
        let failure = self.with_others(failure);
        if code == 535 && has_token && !std::mem::replace(&mut self.log_in.renewed, true) {
            self.log_in.refused = Some(failure);
            self.log_in.wants_token = true;
            return Ok(());
        }
        // What the server says of the second token counts if it is a verdict.
        let first = self.log_in.refused.take();
        Err(first.filter(|_| code != 535).unwrap_or(failure))
    }

    /// A refusal that ends the log-in, with the mechanisms that the user could name in place of those that
    /// were tried.
    fn with_others(&self, mut failure: Failure) -> Failure {
        if let (Failure::LogIn { reply, others, .. }, Some(login)) = (&mut failure, &self.settings.login)
            && reply.code() == 535
        {
            let mut tried = self.log_in.tried.clone();
            tried.extend(self.log_in.mechanism.as_ref().map(|mechanism| mechanism.name()));
            let names = login.others(&Terms {
                offered: &self.extensions.mechanisms(),
                channel: self.channel,
                binding: self.binding.as_ref(),
                tried: &tried,
            });
            *others = names.into_boxed_slice();
        }
        failure
    }

    /// What the server said within the exchange about its refusal, without what it repeats of a secret.
    pub(super) fn reason(&self) -> Option<String> {
        let reason = self.log_in.mechanism.as_ref()?.reason()?;
        let mut shown = reason.to_vec();
        self.log_in.secrets.iter().for_each(|secret| reply::hide(&mut shown, secret));
        shown.truncate(LONGEST_REASON);
        Some(reply::characters(&shown).into_owned())
    }

    /// What is to be told, whatever becomes of the connection now: the server failed to prove itself, it
    /// refused the token, it said within the exchange that it will refuse, or it sent a challenge that could
    /// not be answered.
    #[must_use]
    pub fn verdict(&self) -> Option<Failure> {
        let LogIn { left, refused, first, exchanging, .. } = &self.log_in;
        match (left, refused) {
            (Some(ExchangeError::Unproved(unproved)), _) => Some(Failure::Unproved(*unproved)),
            (_, Some(refused)) => Some(refused.clone()),
            (Some(ExchangeError::Malformed), None) => {
                let first = first.clone().filter(|first| *first != Failure::BadChallenge);
                Some(first.unwrap_or(Violation::BadChallenge.into()))
            }
            (None, None) => {
                let reason = if *exchanging { self.reason() } else { None };
                reason.map(|reason| Failure::Denied { reason })
            }
        }
    }

    /// Goes on after [`super::Step::RenewToken`], with another token if there is one.
    ///
    /// # Errors
    /// [`Failure`]: why the first token was refused; there is no other.
    pub fn token_renewed(&mut self, token: Option<&SecretOctets>) -> Result<(), Failure> {
        if !std::mem::take(&mut self.log_in.wants_token) {
            return Ok(());
        }
        self.at = Some(Expect::Auth);
        let renewed = match (&mut self.settings.login, token) {
            (Some(login), Some(token)) => login.renew(token).then(|| login.secret()),
            _ => None,
        };
        if let Some(secret) = renewed {
            self.log_in.keep_secret(secret);
            if self.begin_log_in().is_ok() {
                return Ok(());
            }
        }
        // Taken, so that it is told once: what becomes of QUIT is another matter.
        self.log_in.refused.take().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests;
