//! Sending: when the next command may go out, and what it is then.
//!
//! Pipelining (RFC 2920) is decided here and nowhere else, by [`Session::may_send`].

use super::{Job, Next, Protocol, Sent, Session, WINDOW};
use crate::auth::SecretOctets;
use crate::command::Command;
use crate::expect::Expect;
use crate::extension::{Extension, Extensions};
use crate::failure::Failure;
use crate::parameter::Parameter;
use crate::reply::Reply;
use crate::transaction::{Progress, Transaction};
use crate::verb::Verb;

impl Session {
    /// Whether the next command can go out now, or has to wait for replies.
    pub(super) fn may_send(&mut self) -> bool {
        if self.awaited.is_empty() || matches!(self.queue.front(), Some(Next::Content)) {
            self.window_full = false;
            return true;
        }
        if self.awaited.len() >= WINDOW {
            self.window_full = true;
        } else if self.awaited.len() <= WINDOW / 2 {
            self.window_full = false;
        }
        let waits_for_all = match self.queue.front() {
            Some(Next::Data) => self.job.as_ref().is_some_and(|job| job.all_or_none),
            // The octets that follow it cannot be taken back (RFC 3030, section 2).
            Some(Next::Bdat) => true,
            // Whether a transaction is open, and all were asked, only the replies say.
            Some(Next::Stop) => true,
            _ => false,
        };
        self.group_open && !self.window_full && !waits_for_all
    }

    pub(super) fn pipelines(&self) -> bool {
        self.settings.pipelining && self.extensions.offers(Extension::Pipelining)
    }

    /// Writes one command; `None` where it turns out that there is nothing to say.
    pub(super) fn send(&mut self, next: Next) -> Result<Option<Sent>, Failure> {
        let (command, expect) = match &next {
            Next::Ehlo if self.settings.protocol == Protocol::Lmtp => {
                (Command::Lhlo(&self.settings.ehlo_name), Expect::Ehlo)
            }
            Next::Ehlo => (Command::Ehlo(&self.settings.ehlo_name), Expect::Ehlo),
            Next::Helo => (Command::Helo(&self.settings.ehlo_name), Expect::Helo),
            Next::StartTls => (Command::StartTls, Expect::StartTls),
            Next::Xclient => {
                let Some(xclient) = &self.settings.xclient else { return Ok(None) };
                (Command::Xclient(xclient), Expect::Xclient)
            }
            Next::Auth(initial) => {
                let Some(mechanism) = &self.log_in.mechanism else { return Ok(None) };
                let initial = initial.as_deref();
                (Command::Auth { mechanism: mechanism.name(), initial }, Expect::Auth)
            }
            Next::Response(response) => (Command::Response(response), Expect::Auth),
            Next::CancelAuth => (Command::CancelAuth, Expect::Auth),
            Next::Mail | Next::Rcpt(_) => return self.send_envelope(&next),
            Next::Data | Next::Bdat if self.awaited.is_empty() && !self.has_recipients() => return Ok(None),
            Next::Data | Next::Bdat if self.is_withdrawn() => {
                self.transaction.withdrawn = true;
                if self.job.as_ref().is_some_and(|job| job.last) {
                    self.queue.push_back(Next::Quit);
                }
                (Command::Rset, Expect::Rset)
            }
            Next::Stop if !self.transaction.is_open() => return Ok(None),
            Next::Stop => {
                self.transaction.reset = true;
                if self.job.as_ref().is_some_and(|job| job.last) && self.transaction.left().is_empty() {
                    self.queue.push_back(Next::Quit);
                }
                (Command::Rset, Expect::Rset)
            }
            Next::Ask(place) => {
                let Some(inquiry) = self.inquiries.get(*place) else { return Ok(None) };
                if let Some(addressee) = self.transaction.recipients.get_mut(*place) {
                    addressee.asked = true;
                }
                (Command::Ask(inquiry), inquiry.verb.expect(*place))
            }
            Next::Data => (Command::Data, Expect::Data),
            Next::Bdat => {
                let octets = self.job.as_ref().map_or(0, |job| job.facts.octets);
                self.line.write(Command::Bdat(octets))?;
                self.await_message();
                self.queue.push_front(Next::Content);
                return Ok(Some(Sent::Line));
            }
            Next::Content => {
                self.transaction.content = Progress::Begun;
                self.group_open = false;
                return Ok(Some(Sent::Content));
            }
            Next::LoneDot => (Command::LoneDot, Expect::LoneDot),
            Next::Rset => (Command::Rset, Expect::Rset),
            Next::Quit => (Command::Quit, Expect::Quit),
            Next::Say(line) => return self.send_said(line),
            Next::SaidContent => return Ok(Some(self.send_said_content())),
        };
        let verb = command.verb();
        self.line.write(command)?;
        self.log_in.secrets.extend(self.line.secret().map(|secret| SecretOctets::new(secret.to_vec())));
        self.awaited.push_back(expect);
        self.opens_group(verb);
        Ok(Some(Sent::Line))
    }

    fn send_envelope(&mut self, next: &Next) -> Result<Option<Sent>, Failure> {
        let Some(job) = &self.job else { return Ok(None) };
        let expect = if let Next::Rcpt(place) = next {
            let Some(recipient) = job.envelope.recipients.get(*place) else { return Ok(None) };
            let sent =
                |given: &&Parameter| is_sent(job, &self.extensions, Extension::of_rcpt(given.keyword()));
            let parameters: Vec<Parameter> = recipient.parameters.iter().filter(sent).cloned().collect();
            self.line.write(Command::Rcpt(&recipient.path, &parameters))?;
            if let Some(addressee) = self.transaction.recipients.get_mut(*place) {
                addressee.asked = true;
            }
            Expect::Rcpt(*place)
        } else {
            // With one recipient, the reply to the message is theirs anyway.
            let several = job.envelope.recipients.len() > 1 && self.transaction.stopped.is_none();
            let prdr = self.transaction.prdr && several;
            let parameters = mail_parameters(job, &self.extensions, &self.transaction, prdr);
            self.line.write(Command::Mail(&job.envelope.reverse_path, &parameters))?;
            Expect::Mail
        };
        self.awaited.push_back(expect);
        self.opens_group(expect.verb());
        Ok(Some(Sent::Line))
    }

    /// More commands may follow this one at once, if it is one that stands within a group.
    fn opens_group(&mut self, verb: Option<Verb>) {
        self.group_open = self.pipelines() && verb.is_some_and(|verb| !verb.ends_group());
    }

    /// Whether there is anybody to send the message to.
    pub(super) fn has_recipients(&self) -> bool {
        let begun = self.transaction.mail.as_ref().is_some_and(Reply::is_positive);
        begun && self.transaction.accepted().next().is_some()
    }

    /// From now on the reply to the message is awaited: a server can refuse a message before it has seen any
    /// of it.
    pub(super) fn await_message(&mut self) {
        match self.settings.protocol {
            Protocol::Lmtp => self.awaited.extend(self.transaction.accepted().map(Expect::MessageFor)),
            Protocol::Smtp => self.awaited.push_back(Expect::Message),
        }
    }

    /// Whether everybody was to get it or nobody, and not everybody was accepted.
    fn is_withdrawn(&self) -> bool {
        let all = self.transaction.accepted().count() == self.transaction.recipients.len();
        self.job.as_ref().is_some_and(|job| job.all_or_none) && !all
    }
}

pub(super) fn needs_utf8(job: &Job) -> bool {
    job.facts.utf8_headers || !job.envelope.is_ascii()
}

/// What MAIL carries: what the message needs and the server offers, and what the user added.
fn mail_parameters(
    job: &Job,
    extensions: &Extensions,
    transaction: &Transaction,
    prdr: bool,
) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    // Without a message there is no size to announce.
    if extensions.offers(Extension::Size) && (job.facts.octets > 0 || transaction.stopped.is_none()) {
        parameters.push(Parameter::size(job.facts.octets));
    }
    if job.facts.eight_bit && extensions.offers(Extension::EightBitMime) {
        parameters.push(Parameter::eight_bit_mime());
    }
    if needs_utf8(job) && extensions.offers(Extension::Smtputf8) {
        parameters.push(Parameter::of(Extension::Smtputf8));
    }
    if prdr {
        parameters.push(Parameter::of(Extension::Prdr));
    }
    let given = &job.envelope.mail_parameters;
    parameters.retain(|own| !given.iter().any(|given| given.is(own.keyword())));
    let sent = |given: &&Parameter| is_sent(job, extensions, Extension::of_mail(given.keyword()));
    parameters.extend(given.iter().filter(sent).cloned());
    parameters
}

/// Whether a parameter of this extension is sent.
fn is_sent(job: &Job, extensions: &Extensions, extension: Option<Extension>) -> bool {
    !job.envelope.only_offered || extension.is_some_and(|extension| extensions.offers(extension))
}
