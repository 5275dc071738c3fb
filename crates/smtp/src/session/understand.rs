//! Understanding: what a reply means after the command that it answers (RFC 5321, section 4.3.2). One match,
//! every arm of which goes on or ends.

use super::{Next, Protocol, Session, StartTls};
use crate::auth::Channel;
use crate::expect::{Expect, Stage};
use crate::extension::{Extension, Extensions};
use crate::failure::Failure;
use crate::reply::{Class, Reply};
use crate::transaction::Progress;
use crate::violation::Violation;

impl Session {
    /// Takes in the reply to the command that is awaited first.
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
            (Expect::Said | Expect::SaidMessage, _) => return self.said_answered(expect, reply),
            // The reply to a QUIT that rides behind the message must not be taken for the message's.
            (expect, Completed) if reply.code() == 221 && expect != Expect::Quit => {
                return Err(wrong(&reply));
            }
            (Expect::Greeting, Completed) => {
                let helo = self.settings.helo && self.settings.protocol == Protocol::Smtp;
                if self.settings.until > Stage::Connect {
                    self.queue.push_back(if helo { Next::Helo } else { Next::Ehlo });
                }
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
            (Expect::Ehlo, Permanent) if reply.leads_to_helo() && self.knows_helo() => {
                if let Some(lack) = self.lacks_with_helo() {
                    return Err(Failure::EhloRefused { reply, lack });
                }
                self.queue.push_back(Next::Helo);
                return Ok(());
            }
            (Expect::Helo, Completed) => return self.after_ehlo(),
            (Expect::StartTls, Completed) => {
                self.start_tls_now = true;
                return Ok(());
            }
            (Expect::Xclient, Completed) => {
                self.xclient_accepted();
                return Ok(());
            }
            (Expect::Ehlo | Expect::Helo | Expect::StartTls | Expect::Xclient, Transient | Permanent) => {
                return Err(refused(reply));
            }
            (Expect::Auth, _) => return self.auth_answered(reply),
            (Expect::Mail, Completed) => self.transaction.mail = Some(reply),
            (Expect::Mail, Transient | Permanent) => {
                // What is not written yet is not needed any more.
                self.queue.retain(|next| matches!(next, Next::Quit));
                self.transaction.mail = Some(reply.clone());
                if goes_away {
                    return Err(refused(reply));
                }
            }
            (
                Expect::Rcpt(place) | Expect::Vrfy(place) | Expect::Expn(place),
                Completed | Transient | Permanent,
            ) => {
                let kept = self.kept(reply.clone());
                self.transaction.rcpt_answered(place, kept);
                if goes_away {
                    return Err(refused(reply));
                }
                if self.transaction.has_no_room_for(place) {
                    self.stop_asking();
                }
            }
            (Expect::Data, Intermediate) => {
                let anybody = self.has_recipients();
                if anybody && self.settings.until == Stage::Data {
                    // RSET or QUIT would be text of the message.
                    self.queue.clear();
                    self.closed = true;
                    return Ok(());
                }
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
            (Expect::Message, Intermediate) if self.begins_prdr(&reply) => {
                // One reply for each recipient, and then one for all.
                self.awaited.push_front(Expect::Message);
                for place in self.transaction.accepted().collect::<Vec<_>>().into_iter().rev() {
                    self.awaited.push_front(Expect::MessageFor(place));
                }
            }
            (Expect::Message | Expect::MessageFor(_), Completed | Transient | Permanent) => {
                return self.message_answered(expect, reply);
            }
            // These answer octets of the chunk that the server took for commands.
            (Expect::Rset, Transient | Permanent) if self.misread && !goes_away => {
                return Err(Violation::Unasked.into());
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
                | Expect::Vrfy(_)
                | Expect::Expn(_)
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

    /// EHLO or HELO was accepted: TLS, XCLIENT, log-in (session/log_in.rs), or ready.
    fn after_ehlo(&mut self) -> Result<(), Failure> {
        if self.settings.until <= Stage::Ehlo {
            return Ok(());
        }
        let encrypted = matches!(self.channel, Channel::Unverified | Channel::Verified);
        if !encrypted && self.settings.start_tls != StartTls::Never {
            if self.extensions.offers(Extension::StartTls) {
                self.queue.push_back(Next::StartTls);
                return Ok(());
            }
            match self.settings.start_tls {
                StartTls::Demanded => return Err(Failure::TlsNotOffered),
                StartTls::AsBefore => return Err(Failure::TlsGone),
                StartTls::Never | StartTls::IfOffered => {}
            }
        }
        if self.settings.until <= Stage::Tls {
            return Ok(());
        }
        if self.needs_xclient()? {
            self.queue.push_back(Next::Xclient);
            return Ok(());
        }
        self.begin_log_in().map_err(Failure::NoMechanism)
    }

    /// Whether it is the 353 to the end of a message, which comes once (draft-hall-prdr, section 4).
    fn begins_prdr(&self, reply: &Reply) -> bool {
        let transaction = &self.transaction;
        let begun = transaction.recipients.iter().any(|addressee| addressee.message.is_some());
        reply.code() == 353 && transaction.prdr && transaction.content == Progress::Ended && !begun
    }

    /// The server takes no more recipients in this transaction: those who were not asked yet have to wait for
    /// another (RFC 5321, section 4.5.3.1.10). To go on asking counts as errors with some servers, which then
    /// hang up.
    fn stop_asking(&mut self) {
        if !self.job.as_ref().is_some_and(|job| job.all_or_none) {
            self.transaction.full = true;
            self.queue.retain(|next| !matches!(next, Next::Rcpt(_)));
        }
    }

    /// Whether the reply says that the server does not know BDAT, though it offers CHUNKING. Then nothing was
    /// taken (RFC 3030, section 2; RFC 5321, section 4.2.2). Where each recipient has a reply of their own,
    /// one says nothing of the others: by LMTP all must say so, and a server that answered 353 (PRDR) does
    /// know BDAT.
    fn is_bdat_unknown(&self, expect: Expect, reply: &Reply) -> bool {
        let says_unknown = |reply: &Reply| matches!(reply.code(), 500 | 502..=504);
        let own = |place: usize| self.transaction.recipients.get(place)?.message.as_ref();
        let is_one_of_all = match expect {
            Expect::Message => {
                self.transaction.recipients.iter().all(|addressee| addressee.message.is_none())
            }
            _ => {
                let is_last = !matches!(self.awaited.front(), Some(Expect::MessageFor(_)));
                self.transaction.lmtp
                    && is_last
                    && self.transaction.accepted().all(|place| own(place).is_some_and(says_unknown))
            }
        };
        self.transaction.chunked && says_unknown(reply) && is_one_of_all
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
        if let Expect::MessageFor(place) = expect {
            let kept = self.kept(reply.clone());
            if let Some(addressee) = self.transaction.recipients.get_mut(place) {
                addressee.message = Some(kept);
            }
        }
        if self.is_bdat_unknown(expect, &reply) {
            self.transaction.bdat_unknown = true;
            self.settings.chunking = false;
            self.misread = true;
        }
        // With PRDR the reply for all is still to come.
        if expect == Expect::Message || self.transaction.lmtp {
            self.transaction.message = Some(reply.clone());
        }
        if reply.code() == 421 {
            return Err(Failure::Refused { awaiting: Some(expect), reply });
        }
        Ok(())
    }
}
