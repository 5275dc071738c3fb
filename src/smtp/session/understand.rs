//! Understanding: what a reply means where it stands (RFC 5321, section 4.3.2). One match, every arm of which goes on
//! or ends.

use super::{Next, Protocol, Session, StartTls};
use crate::smtp::auth::Channel;
use crate::smtp::expect::Expect;
use crate::smtp::extension::Extensions;
use crate::smtp::failure::Failure;
use crate::smtp::reply::{Class, Reply};
use crate::smtp::transaction::Progress;
use crate::smtp::violation::Violation;
use zeroize::Zeroizing;

/// The most challenges in one AUTH exchange; SCRAM needs three.
const MOST_CHALLENGES: u8 = 10;
/// A command line with its CRLF (RFC 5321, section 4.5.3.1.4): a longer initial response goes on a line of its own
/// (RFC 4954, section 4).
const COMMAND_LINE: usize = 512;

impl Session {
    /// What a reply means where it stands. Every arm goes on or ends.
    pub(super) fn handle(&mut self, reply: Reply) -> Result<(), Failure> {
        use Class::{Completed, Intermediate, Permanent, Transient};
        self.replies += 1;
        let Some(expect) = self.awaited.pop_front() else {
            if reply.code() == 421 {
                return Err(Failure::Refused { awaiting: None, reply });
            }
            return Err(Violation::Unasked.into());
        };
        let goes_away = reply.code() == 421 && expect != Expect::Quit;
        let refused = |reply| Failure::Refused { awaiting: Some(expect), reply };
        let wrong = |reply: &Reply| Failure::from(Violation::WrongClass { code: reply.code() });
        match (expect, reply.class()) {
            // The reply to a QUIT that rides behind the message must not be taken for the message's.
            (expect, Completed) if reply.code() == 221 && expect != Expect::Quit => {
                return Err(wrong(&reply));
            }
            (Expect::Greeting, Completed) => {
                let helo = self.settings.helo && self.settings.protocol == Protocol::Smtp;
                self.queue.push_back(if helo { Next::Helo } else { Next::Ehlo });
                self.greeting = Some(reply);
                return Ok(());
            }
            (Expect::Greeting, Transient | Permanent) => {
                self.greeting = Some(reply.clone());
                return Err(refused(reply));
            }
            (Expect::Ehlo, Completed) => {
                self.extensions = Extensions::from_reply(&reply);
                return self.after_ehlo();
            }
            (Expect::Ehlo, Permanent)
                if self.may_say_helo() && matches!(reply.code(), 500 | 501 | 502 | 504 | 550) =>
            {
                self.queue.push_back(Next::Helo);
                return Ok(());
            }
            (Expect::Helo, Completed) => return self.after_ehlo(),
            (Expect::StartTls, Completed) => {
                self.start_tls_now = true;
                return Ok(());
            }
            (Expect::Xclient, Completed) => {
                self.was_presented();
                return Ok(());
            }
            (Expect::Ehlo | Expect::Helo | Expect::StartTls | Expect::Xclient, Transient | Permanent) => {
                return Err(refused(reply));
            }
            (Expect::Auth, Completed) if self.auth_cancelled => return Err(Violation::UnprovedAuth.into()),
            (Expect::Auth, _) if self.auth_cancelled => return Err(Violation::BadChallenge.into()),
            (Expect::Auth, Intermediate) => return self.challenged(&reply),
            (Expect::Auth, Completed) => return self.authenticated(),
            (Expect::Auth, Transient | Permanent) => return Err(refused(reply)),
            (Expect::Mail, Completed) => self.transaction.mail = Some(reply),
            (Expect::Mail, Transient | Permanent) => {
                // What is not written yet need not be.
                self.queue.retain(|next| matches!(next, Next::Quit));
                self.transaction.mail = Some(reply.clone());
                if goes_away {
                    return Err(refused(reply));
                }
            }
            (Expect::Rcpt(place), Completed | Transient | Permanent) => {
                if let Some(addressee) = self.transaction.recipients.get_mut(place) {
                    addressee.rcpt = Some(reply.clone());
                }
                if goes_away {
                    return Err(refused(reply));
                }
            }
            (Expect::Data, Intermediate) => {
                let anybody = self.has_recipients();
                if anybody {
                    self.await_message();
                } else if self.settings.protocol == Protocol::Lmtp {
                    // RFC 2033, section 4.2: such a DATA must fail, since no reply would end it.
                    return Err(wrong(&reply));
                }
                self.queue.push_front(if anybody { Next::Content } else { Next::LoneDot });
            }
            (Expect::Data, Transient | Permanent) => {
                self.transaction.data = Some(reply.clone());
                if goes_away {
                    return Err(refused(reply));
                }
            }
            (Expect::Message | Expect::MessageFor(_), Completed | Transient | Permanent) => {
                return self.message_answered(expect, reply);
            }
            (Expect::LoneDot | Expect::Rset, Completed | Transient | Permanent) => {
                if goes_away {
                    return Err(refused(reply));
                }
            }
            (Expect::Quit, _) => self.closed = true,
            (
                Expect::Greeting
                | Expect::Ehlo
                | Expect::Helo
                | Expect::StartTls
                | Expect::Xclient
                | Expect::Mail
                | Expect::Rcpt(_)
                | Expect::Message
                | Expect::MessageFor(_)
                | Expect::LoneDot
                | Expect::Rset,
                Intermediate,
            )
            | (Expect::Data, Completed) => return Err(wrong(&reply)),
        }
        Ok(())
    }

    /// EHLO or HELO went through: TLS, XCLIENT, log-in, or ready.
    fn after_ehlo(&mut self) -> Result<(), Failure> {
        let encrypted = matches!(self.channel, Channel::Unverified | Channel::Verified);
        if !encrypted && self.settings.start_tls != StartTls::Never {
            if self.extensions.offers("STARTTLS") {
                self.queue.push_back(Next::StartTls);
                return Ok(());
            }
            if self.settings.start_tls == StartTls::Demanded {
                return Err(Failure::TlsNotOffered);
            }
        }
        if self.is_to_present()? {
            return Ok(());
        }
        if let Some(login) = &mut self.settings.login {
            self.secrets = vec![login.secret()];
            let mut mechanism =
                login.choose(&self.extensions.mechanisms(), self.channel).map_err(Failure::NoMechanism)?;
            let room = COMMAND_LINE - "AUTH  \r\n".len() - mechanism.name().len();
            let initial = mechanism.initial().map(|initial| base64(&initial));
            match initial {
                Some(initial) if initial.len() > room => {
                    self.queue.push_back(Next::Auth(None));
                    self.queue.push_back(Next::Response(initial));
                }
                // An empty one is '=' (RFC 4954, section 4).
                Some(initial) if initial.is_empty() => {
                    self.queue.push_back(Next::Auth(Some(Zeroizing::new("=".to_owned()))));
                }
                initial => self.queue.push_back(Next::Auth(initial)),
            }
            self.mechanism = Some(mechanism);
        }
        Ok(())
    }

    /// A 334. The response that is already queued answers an empty one (RFC 4954, section 4).
    fn challenged(&mut self, reply: &Reply) -> Result<(), Failure> {
        self.challenges += 1;
        if self.challenges > MOST_CHALLENGES {
            return Err(Violation::BadChallenge.into());
        }
        if matches!(self.queue.front(), Some(Next::Response(_))) {
            return Ok(());
        }
        let text = reply.lines().first().map(Vec::as_slice).unwrap_or_default();
        let challenge = encodify::base64::STANDARD.decode(text.trim_ascii()).ok();
        let mechanism = self.mechanism.as_mut();
        let response =
            mechanism.zip(challenge).and_then(|(mechanism, challenge)| mechanism.respond(&challenge).ok());
        self.queue.push_back(match response {
            Some(response) => Next::Response(base64(&response)),
            None => {
                self.auth_cancelled = true;
                Next::CancelAuth
            }
        });
        Ok(())
    }

    fn authenticated(&mut self) -> Result<(), Failure> {
        let done =
            self.queue.is_empty() && self.mechanism.as_ref().is_some_and(|mechanism| mechanism.is_complete());
        if !done {
            return Err(Violation::UnprovedAuth.into());
        }
        self.logged_in = self.mechanism.as_ref().map(|mechanism| mechanism.name());
        Ok(())
    }

    /// The reply to the end of the message; or to a part of it, when the server does not want the rest.
    fn message_answered(&mut self, expect: Expect, reply: Reply) -> Result<(), Failure> {
        if self.transaction.content != Progress::Ended {
            if reply.is_positive() {
                return Err(Violation::AcceptedTooEarly.into());
            }
            // Within the content there is no way to say QUIT. LMTP may have something to say to the others.
            self.queue.clear();
            self.closed = !matches!(self.awaited.front(), Some(Expect::MessageFor(_)));
        }
        if let Expect::MessageFor(place) = expect
            && let Some(addressee) = self.transaction.recipients.get_mut(place)
        {
            addressee.message = Some(reply.clone());
        }
        self.transaction.message = Some(reply.clone());
        if reply.code() == 421 {
            return Err(Failure::Refused { awaiting: Some(expect), reply });
        }
        Ok(())
    }
}

fn base64(octets: &[u8]) -> Zeroizing<String> {
    Zeroizing::new(encodify::base64::STANDARD.encode(octets))
}
