//! Saying: a person talks to the server, line by line.
//!
//! Any reply is an answer, for the person to judge. The session looks only at what changes itself: EHLO
//! renews what is offered, a 220 to STARTTLS begins TLS, and a 354 or 334 changes what the next line is.
//!
//! ```text
//!   Command --DATA, 354--> Content --lone dot, its replies--> Command
//!   Command --AUTH, 334--> Exchange --any other reply-------> Command
//! ```

use super::next::{Hidden, Next};
use super::said::{LONGEST_SAID, Turn};
use super::{Protocol, Sent, Session, StartTls};
use crate::auth::{Channel, SecretOctets};
use crate::command::Command;
use crate::expect::Expect;
use crate::extension::Extensions;
use crate::failure::Failure;
use crate::order::{Objection, Place};
use crate::reply::Reply;
use crate::transaction::{Progress, Transaction};
use crate::verb::Verb;
use zeroize::Zeroizing;

impl Session {
    /// Queues one line, as it is.
    ///
    /// # Errors
    /// [`Failure::Unfit`]: it holds a control character or is longer than [`LONGEST_SAID`]. Nothing is said
    /// then, and the session goes on.
    pub fn say(&mut self, line: &str) -> Result<(), Failure> {
        if line.len() > LONGEST_SAID {
            return Err(Failure::Unfit);
        }
        // The one place where a line becomes octets says whether it can.
        self.line.write(Command::Said { line, is_response: false })?;
        self.said.replies.clear();
        self.queue.push_back(Next::Say(Hidden(Zeroizing::new(line.to_owned()))));
        Ok(())
    }

    /// Queues the content, with its dots doubled and the final one, once the server waits for it.
    pub fn say_content(&mut self) {
        if self.said.turn == Turn::Content {
            self.said.replies.clear();
            self.queue.push_back(Next::SaidContent);
        }
    }

    /// Queues STARTTLS, and EHLO after it. No log-in follows by itself.
    pub fn begin_tls(&mut self) {
        self.settings.login = None;
        self.settings.start_tls = StartTls::Demanded;
        self.queue.push_back(Next::StartTls);
    }

    /// What the server will take the next line for.
    #[must_use]
    pub fn turn(&self) -> Turn {
        self.said.turn
    }

    /// What was replied to the last line; several replies after a message by LMTP.
    #[must_use]
    pub fn answers(&self) -> &[Reply] {
        &self.said.replies
    }

    /// What speaks against this line as a command, here and now.
    #[must_use]
    pub fn objection(&self, line: &str) -> Option<Objection> {
        let place = Place {
            extensions: &self.extensions,
            is_encrypted: self.is_encrypted(),
            is_lmtp: self.settings.protocol == Protocol::Lmtp,
        };
        self.said.order.objection(line, &place)
    }

    /// Whether there is a server to talk to.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.closed && !self.hung_up && !self.start_tls_now
    }

    fn is_encrypted(&self) -> bool {
        matches!(self.channel, Channel::Unverified | Channel::Verified)
    }

    pub(super) fn send_said(&mut self, line: &str) -> Result<Option<Sent>, Failure> {
        let is_response = self.said.turn == Turn::Exchange;
        self.line.write(Command::Said { line, is_response })?;
        self.log_in.secrets.extend(self.line.secret().map(|secret| SecretOctets::new(secret.to_vec())));
        self.group_open = false;
        match self.said.turn {
            Turn::Content if line == "." => self.await_said_message(),
            // Content has no reply before its end.
            Turn::Content => {}
            Turn::Exchange => self.awaited.push_back(Expect::Said),
            Turn::Command => {
                self.said.verb = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
                self.awaited.push_back(Expect::Said);
            }
        }
        Ok(Some(Sent::Line))
    }

    pub(super) fn send_said_content(&mut self) -> Sent {
        self.transaction = Transaction::default();
        self.transaction.content = Progress::Begun;
        self.group_open = false;
        self.await_said_message();
        Sent::Content
    }

    /// LMTP answers for each accepted recipient (RFC 2033, section 4.2).
    fn await_said_message(&mut self) {
        let replies = match self.settings.protocol {
            Protocol::Lmtp => self.said.order.recipients().max(1),
            Protocol::Smtp => 1,
        };
        self.awaited.extend(std::iter::repeat_n(Expect::SaidMessage, replies));
        self.said.turn = Turn::Command;
    }

    /// The reply to a line, or to the end of the content.
    pub(super) fn said_answered(&mut self, expect: Expect, reply: Reply) -> Result<(), Failure> {
        self.said.replies.push(reply.clone());
        if expect == Expect::SaidMessage {
            self.said.order.message_ended();
            // The server did not want the rest; QUIT would be taken for content.
            self.closed = self.transaction.content == Progress::Begun;
        } else {
            self.said_changes(&reply);
        }
        match reply.code() {
            421 => Err(Failure::Refused { awaiting: Some(expect), reply }),
            221 => {
                self.closed = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What a reply means for the session.
    fn said_changes(&mut self, reply: &Reply) {
        let verb = Verb::named(&self.said.verb);
        self.said.turn = match (verb, reply.code()) {
            (Some(Verb::Auth), 334) => Turn::Exchange,
            (Some(Verb::Data), 354) => Turn::Content,
            _ => Turn::Command,
        };
        let Some(verb) = verb else { return };
        self.said.order.note(verb, reply);
        let taken = reply.is_positive();
        let is_encrypted = self.is_encrypted();
        match verb {
            Verb::Ehlo | Verb::Lhlo if taken => self.extensions = Extensions::from_reply(reply),
            Verb::Helo if taken => self.extensions = Extensions::default(),
            Verb::StartTls if taken && !is_encrypted => {
                self.settings.login = None;
                self.start_tls_now = true;
            }
            _ => {}
        }
    }
}
