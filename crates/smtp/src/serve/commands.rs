//! What each command is answered, by what came before it (RFC 5321, section 4.1.4; STARTTLS: RFC 3207; AUTH:
//! RFC 4954).
//!
//! DATA and BDAT begin here and go on in [`super::content`].

use super::dsn;
use super::login::{self, Turn};
use super::request::{Fault, Given, Request};
use super::{BareNames, Server, State, Transaction};
use crate::envelope::{Envelope, Recipient};
use crate::extension::{Extension, Form};
use crate::parameter::Parameter;
use crate::path::{ForwardPath, ReversePath};
use crate::reply::Reply;
use crate::verb::Verb;
use std::fmt::Write as _;

impl Server {
    pub(super) fn handle(&mut self, request: Request<'_>) {
        match request {
            Request::Ehlo | Request::Helo if self.settings.lmtp => self.explain(Fault::Unknown),
            Request::Lhlo if !self.settings.lmtp => self.explain(Fault::Unknown),
            Request::Ehlo | Request::Lhlo => {
                self.drop_transaction();
                self.greeted = true;
                self.say_extensions();
            }
            Request::Helo => {
                self.drop_transaction();
                self.greeted = true;
                self.say_plain(250, &format!("{:#}", self.settings.name));
            }
            Request::StartTls => self.start_tls(),
            Request::Auth { mechanism, initial } => self.auth(mechanism, initial),
            Request::Mail(path, parameters) => self.mail(path, &parameters),
            Request::Rcpt(path, parameters) => self.rcpt(path, &parameters),
            Request::Data => self.data(),
            Request::Bdat { octets, last } => self.bdat(octets, last),
            Request::Rset => {
                self.drop_transaction();
                self.say(250, "OK");
            }
            Request::Noop => self.say(250, "OK"),
            Request::Vrfy => self.say(252, "Cannot VRFY user, but will accept message and attempt delivery"),
            Request::Help => {
                let of_the_other =
                    |verb: Verb| verb.is_greeting() && (verb == Verb::Lhlo) != self.settings.lmtp;
                let known = Verb::ALL.iter().filter(|verb| verb.is_served() && !of_the_other(**verb));
                let names: Vec<&str> = known.map(|verb| verb.name()).collect();
                self.say(214, &names.join(" "));
            }
            Request::Quit => {
                self.drop_transaction();
                self.say(221, &format!("{:#} Service closing transmission channel", self.settings.name));
                self.closing = true;
            }
        }
    }

    pub(super) fn explain(&mut self, fault: Fault) {
        match fault {
            Fault::Unknown => self.error(500, "Syntax error, command unrecognized"),
            Fault::NotImplemented => self.error(502, "Command not implemented"),
            Fault::Argument => self.error(501, "Syntax error: nothing may follow this command"),
            Fault::Name => self.error(501, "Syntax error: a domain or an address literal must follow"),
            Fault::From => self.error(501, "Syntax error: MAIL FROM:<reverse-path> [parameters]"),
            Fault::To => self.error(501, "Syntax error: RCPT TO:<forward-path> [parameters]"),
            Fault::Mechanism => self.error(501, "Syntax error: AUTH mechanism [initial-response]"),
            Fault::Whom => self.error(501, "Syntax error: a name must follow"),
            Fault::Chunk => {
                self.error(501, "Syntax error: BDAT octets [LAST]");
                // Where the chunk ends is not known, and content must not be taken for commands.
                self.drop_transaction();
                self.closing = true;
            }
        }
    }

    pub(super) fn offers(&self, extension: Extension) -> bool {
        extension.is_served()
            && !self.settings.withheld.contains(&extension)
            && match extension {
                Extension::StartTls => self.settings.tls_available && !self.settings.tls_active,
                Extension::Auth => self.settings.accounts.is_some() && !self.offers(Extension::StartTls),
                Extension::Dsn | Extension::EnhancedStatusCodes => self.settings.submission,
                Extension::Handover => self.settings.handover,
                _ => true,
            }
    }

    fn say_extensions(&mut self) {
        let mut lines = format!("{:#}", self.settings.name);
        for extension in Extension::ALL.iter().filter(|extension| self.offers(**extension)) {
            let _ = write!(lines, "\n{}", extension.keyword());
            let _ = match (extension, self.settings.max_size) {
                (Extension::Size, Some(limit)) => write!(lines, " {limit}"),
                (Extension::Auth, _) => lines.write_str(" PLAIN LOGIN"),
                _ => Ok(()),
            };
        }
        self.say_reply(&Reply::new(250, &lines));
    }

    fn start_tls(&mut self) {
        if !self.offers(Extension::StartTls) {
            return self.error(502, "Command not implemented");
        }
        if !self.unread().is_empty() {
            // Somebody in between may have put it there (RFC 3207, section 6; CVE-2011-0411).
            self.say(501, "Nothing may follow STARTTLS in clear");
            self.drop_transaction();
            self.closing = true;
            return;
        }
        self.drop_transaction();
        self.say(220, "Ready to start TLS");
        self.start_tls = true;
    }

    fn auth(&mut self, mechanism: &str, initial: Option<&str>) {
        if self.settings.accounts.is_some() && self.offers(Extension::StartTls) {
            return self.error(538, "Encryption required for requested authentication mechanism");
        }
        if !self.offers(Extension::Auth) {
            return self.error(502, "Command not implemented");
        }
        if !self.greeted || self.logged_in || self.transaction.is_some() {
            return self.error(503, "Bad sequence of commands: AUTH comes once, after EHLO and before MAIL");
        }
        self.turn(login::begin(mechanism, initial));
    }

    /// One step of an AUTH exchange.
    pub(super) fn turn(&mut self, turn: Turn) {
        match turn {
            Turn::Unknown => self.error(504, "Unrecognized authentication mechanism"),
            Turn::Cancelled => self.error(501, "Authentication cancelled"),
            Turn::Malformed => self.error(501, "Cannot make anything of that response"),
            Turn::Ask(exchange, question) => {
                self.say(334, question);
                self.state = State::Exchange(exchange);
            }
            Turn::Claim(claim) => {
                let accounts = self.settings.accounts.as_deref_mut();
                if accounts.is_some_and(|accounts| claim.holds(accounts)) {
                    self.logged_in = true;
                    self.say(235, "Authentication succeeded");
                } else {
                    self.error(535, "Authentication credentials invalid");
                }
            }
        }
    }

    fn mail(&mut self, given: Given<ReversePath>, parameters: &[Parameter]) {
        let Given { path: reverse_path, is_bare } = given;
        if !self.greeted && !self.settings.submission {
            return self.error(503, "Bad sequence of commands: EHLO comes first");
        }
        if self.transaction.is_some() {
            return self.error(503, "Bad sequence of commands: MAIL was given, RSET takes it back");
        }
        if self.settings.require_auth && !self.logged_in {
            return self.error(530, "Authentication required");
        }
        let mut utf8 = false;
        for parameter in parameters {
            let keyword = parameter.keyword().to_ascii_uppercase();
            let extension = Extension::of_mail(&keyword).filter(|extension| self.offers(*extension));
            match (extension, parameter.value()) {
                (Some(Extension::Size), Some(value)) => match value.parse::<u64>() {
                    Ok(size) if self.is_too_large(size) => return self.say_too_large(1),
                    Ok(_) => {}
                    Err(_) => return self.error(501, "Syntax error: SIZE is a number of octets"),
                },
                (Some(Extension::EightBitMime), Some(value)) => {
                    if !has_value(Extension::EightBitMime.mail_parameters(), value) {
                        return self.error(501, "Syntax error: BODY is 7BIT or 8BITMIME");
                    }
                }
                (Some(Extension::Smtputf8), None) => utf8 = true,
                // Who wrote the message, in the client's opinion (RFC 4954, section 5).
                (Some(Extension::Auth | Extension::Handover), Some(_)) => {}
                (Some(Extension::Dsn), Some(value)) => {
                    if let Some(fault) = dsn::fault(&keyword, value, parameters) {
                        return self.error(501, fault);
                    }
                }
                _ => return self.error(555, &format!("MAIL parameter not recognized: {keyword}")),
            }
        }
        if !utf8 && !reverse_path.to_string().is_ascii() {
            return self.error(553, "Mailbox name not allowed without SMTPUTF8");
        }
        let envelope = Envelope {
            reverse_path,
            mail_parameters: parameters.to_vec(),
            demands: Vec::new(),
            only_offered: false,
            recipients: Vec::new(),
        };
        let bare = BareNames { sender: is_bare, recipients: Vec::new() };
        self.transaction = Some(Transaction {
            envelope,
            bare,
            utf8,
            octets: 0,
            begun: false,
            chunked: false,
            failed: false,
        });
        self.say_as("2.1.0", 250, "OK");
    }

    fn rcpt(&mut self, given: Given<ForwardPath>, parameters: &[Parameter]) {
        let Given { path, is_bare } = given;
        let dsn = self.offers(Extension::Dsn);
        let handover = self.offers(Extension::Handover);
        let Some(transaction) = self.transaction.as_mut().filter(|t| !t.chunked && !t.failed) else {
            return self.error(503, "Bad sequence of commands: RCPT comes after MAIL, before the content");
        };
        for parameter in parameters {
            let keyword = parameter.keyword().to_ascii_uppercase();
            match (Extension::of_rcpt(&keyword), parameter.value()) {
                (Some(Extension::Dsn), Some(value)) if dsn => {
                    if let Some(fault) = dsn::fault(&keyword, value, parameters) {
                        return self.error(501, fault);
                    }
                }
                (Some(Extension::Handover), Some(value)) if handover => {
                    if !has_value(Extension::Handover.rcpt_parameters(), value) {
                        return self.error(501, "Syntax error: XEHLO is NAME or HEADER");
                    }
                }
                _ => return self.error(555, &format!("RCPT parameter not recognized: {keyword}")),
            }
        }
        if !transaction.utf8 && !path.to_string().is_ascii() {
            return self.error(553, "Mailbox name not allowed without SMTPUTF8");
        }
        if self.settings.longest_recipient.is_some_and(|longest| path.to_string().len() > longest) {
            return self.say(553, "Mailbox name not allowed: too long");
        }
        if let Some(reply) = self.settings.rules.reply_to(&path) {
            let reply = reply.clone();
            if reply.code() == 421 {
                self.drop_transaction();
                self.closing = true;
            }
            return self.say_reply(&reply);
        }
        if transaction.envelope.recipients.len() >= self.settings.max_recipients {
            return self.say(452, "Too many recipients");
        }
        if is_bare {
            transaction.bare.recipients.push(transaction.envelope.recipients.len());
        }
        transaction.envelope.recipients.push(Recipient { path, parameters: parameters.to_vec() });
        self.say_as("2.1.5", 250, "OK");
    }
}

/// Whether a parameter may have this value, which is one of a few words.
fn has_value(forms: &[Form], value: &str) -> bool {
    forms.iter().any(|(_, values)| values.iter().any(|known| known.eq_ignore_ascii_case(value)))
}
