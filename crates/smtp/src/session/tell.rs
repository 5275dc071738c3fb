//! What a session tells of itself: what is awaited, what was learnt of the server, and what may be done now.

use super::{Protocol, Session, StartTls, Turn};
use crate::auth::Channel;
use crate::awaiting::Awaiting;
use crate::expect::{Expect, Stage};
use crate::extension::Extensions;
use crate::failure::{EhloNeed, Failure};
use crate::reply::{self, Reply};
use crate::transaction::{Progress, Transaction};

impl Session {
    /// The reply that is awaited first.
    #[must_use]
    pub fn awaiting(&self) -> Option<Expect> {
        self.awaited.front().copied()
    }

    /// What was sent last, of what is still awaited.
    #[must_use]
    pub fn asked_last(&self) -> Option<Expect> {
        self.awaited.back().copied()
    }

    /// What the reply answers that was read to its end and is not understood yet.
    #[must_use]
    pub fn arrived(&self) -> Option<Expect> {
        self.arrived.as_ref().and(self.awaiting())
    }

    /// The reply that was awaited last, with whom it is about. Also right after that reply, or its absence, ended the
    /// session.
    #[must_use]
    pub fn doing(&self) -> Option<Awaiting> {
        let expect = self.at?;
        if expect.stage() == Stage::Message && self.transaction.content == Progress::Begun {
            return Some(Awaiting::Content);
        }
        let path = |place: usize| {
            let recipient = self.job.as_ref()?.envelope.recipients.get(place)?;
            Some(Box::new(recipient.path.clone()))
        };
        let about = match expect {
            Expect::Ehlo if self.settings.protocol == Protocol::Lmtp => Some(Awaiting::Lhlo),
            Expect::Rcpt(place) => path(place).map(Awaiting::Rcpt),
            Expect::MessageFor(place) => path(place).map(Awaiting::MessageFor),
            Expect::Vrfy(place) | Expect::Expn(place) => {
                self.inquiries.get(place).cloned().map(Box::new).map(Awaiting::Inquiry)
            }
            Expect::Said => self.said.verb().map(|verb| Awaiting::Said(verb.into())),
            _ => None,
        };
        Some(about.unwrap_or(Awaiting::Reply(expect)))
    }

    /// What the server said that is no reply, if that is why the session ended.
    #[must_use]
    pub fn first_words(&self, failure: &Failure) -> Option<String> {
        failure.first_words(self.at, &self.reader)
    }

    /// Whether a whole reply is there, or the connection closed: then there is no use in writing the rest of
    /// the content.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        self.hung_up || self.reader.has_reply()
    }

    /// How many replies were understood so far: when it changes, the wait for the next one begins.
    #[must_use]
    pub fn replies(&self) -> u64 {
        self.replies
    }

    /// Whether the content goes as it is, without dots, in one chunk whose size was announced (RFC 3030).
    #[must_use]
    pub fn is_chunked(&self) -> bool {
        self.transaction.chunked
    }

    /// How many octets wait that [`Session::advance`] has not looked at.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.reader.unread()
    }

    /// The transaction of the last job.
    #[must_use]
    pub fn transaction(&self) -> &Transaction {
        &self.transaction
    }

    /// Takes it out, to be kept where the session is not. It has come to its end.
    pub fn take_transaction(&mut self) -> Transaction {
        self.transaction.take()
    }

    /// What the server offers now.
    #[must_use]
    pub fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    /// The same for a report, line by line as it came, with what it repeats of a secret starred out.
    #[must_use]
    pub fn offers(&self) -> Vec<String> {
        let shown = |line: &String| {
            let mut shown = line.clone().into_bytes();
            self.log_in.secrets.iter().for_each(|secret| reply::hide(&mut shown, secret));
            reply::characters(&shown).into_owned()
        };
        self.extensions.lines().iter().map(shown).collect()
    }

    /// The greeting.
    #[must_use]
    pub fn greeting(&self) -> Option<&Reply> {
        self.greeting.as_ref()
    }

    /// The mechanism that the log-in went through with.
    #[must_use]
    pub fn logged_in(&self) -> Option<&'static str> {
        self.log_in.done
    }

    /// What protects the connection now.
    #[must_use]
    pub fn channel(&self) -> Channel {
        self.channel
    }

    /// Whether another try with HELO is right after the server hung up on EHLO: not where TLS, XCLIENT or
    /// AUTH is demanded.
    #[must_use]
    pub fn may_say_helo(&self) -> bool {
        self.knows_helo() && self.lacks_with_helo().is_none()
    }

    /// Whether HELO will do: LMTP does not have it, and XCLIENT needs EHLO.
    pub(super) fn knows_helo(&self) -> bool {
        self.settings.protocol == Protocol::Smtp && self.settings.xclient.is_none()
    }

    /// What is demanded and not to be had after HELO, which offers no extensions.
    pub(super) fn lacks_with_helo(&self) -> Option<EhloNeed> {
        let encrypted = matches!(self.channel, Channel::Unverified | Channel::Verified);
        let wants_tls = matches!(self.settings.start_tls, StartTls::Demanded | StartTls::AsBefore);
        if self.settings.login.is_some() && (encrypted || !wants_tls) {
            Some(EhloNeed::LogIn)
        } else {
            wants_tls.then_some(EhloNeed::StartTls)
        }
    }

    /// Whether QUIT can still be said: not after a violation, a hang-up or a 421, nor where it would be taken
    /// for a part of the message.
    #[must_use]
    pub fn may_quit(&self) -> bool {
        let data = self.awaited.contains(&Expect::Data) || self.transaction.content == Progress::Begun;
        !self.closed && !self.hung_up && !self.start_tls_now && !data && self.turn() == Turn::Command
    }
}
