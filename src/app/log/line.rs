//! What a line of the log says, in Postfix's words, so that the tools for its logs and old habits at `grep`
//! find what they look for.
//!
//! The words are true: who was not asked, or got no answer that stands, is `deferred`, and `unknown` is our
//! own: the message was written to its end, and nobody knows whether it was taken. No text of others is
//! longer than [`LONGEST`], so that a line fits a datagram and, into a pipe, one write.

use crate::delivery::fate::FinalFate;
use crate::delivery::outcome::{Attempt, RecipientOutcome, Server};
use crate::report::Report;
use crate::report::text::{printable, said};
use ehlo_smtp::expect::Stage;
use ehlo_smtp::reply::Reply;
use ehlo_smtp::transaction::Status;
use std::time::Duration;

/// The most of an address, an identifier, or what a server says, in octets.
const LONGEST: usize = 900;

/// How grave it is, by the numbers of syslog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Somebody has to do something.
    Error,
    /// Worth a look.
    Notice,
    /// All is well.
    Info,
}

impl Severity {
    /// The number (RFC 3164, section 4.1.1).
    pub(super) fn number(self) -> u8 {
        match self {
            Severity::Error => 3,
            Severity::Notice => 5,
            Severity::Info => 6,
        }
    }
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// How grave it is.
    pub severity: Severity,
    /// The text, printable.
    pub text: String,
    /// The same for programs.
    pub fields: Vec<(&'static str, String)>,
}

impl Line {
    /// A line that is about no attempt.
    pub(super) fn of_text(severity: Severity, id: Option<&str>, text: &str) -> Line {
        let fields = id.map(|id| ("EHLO_ID", id.to_owned())).into_iter().collect();
        Line { severity, text: brief(text), fields }
    }

    /// Of an earlier attempt nobody knew whether it succeeded.
    pub(super) fn may_be_twice(&mut self) {
        self.text.push_str(" possible_duplicate=yes");
        self.fields.push(("EHLO_POSSIBLE_DUPLICATE", String::from("yes")));
    }
}

/// What all lines of a message begin with: ten hexadecimal digits at random. The Message-ID would be the same
/// when the message is sent again.
pub(super) fn id() -> String {
    let number = getrandom::u64().unwrap_or_else(|_| std::process::id().into());
    format!("{:010X}", number & 0xff_ffff_ffff)
}

/// A line for the message, and one for each recipient.
pub(super) fn of(report: &Report, id: &str) -> Vec<Line> {
    let outcome = &report.outcome;
    let message = &outcome.message;
    let message_id = brief(&printable(message.id.as_deref().unwrap_or("<>")));
    let sender = brief(&printable(&message.sender.to_string()));
    let (size, count) = (message.octets, outcome.recipients.len());
    let fields = |rest: &[(&'static str, &str)]| {
        let all = [("EHLO_ID", id), ("EHLO_MESSAGE_ID", &message_id), ("EHLO_SENDER", &sender)];
        all.iter().chain(rest).map(|(name, value)| (*name, (*value).to_owned())).collect()
    };
    let first = Line {
        severity: Severity::Info,
        text: format!("{id}: from=<{sender}>, size={size}, nrcpt={count}, message-id={message_id}"),
        fields: fields(&[]),
    };
    let of_recipient = |(recipient, fate): (&RecipientOutcome, FinalFate<'_>)| {
        let (severity, status, class) = verdict(fate.status);
        let to = brief(&printable(&recipient.address.to_string()));
        let attempt = attempt(report, recipient);
        let server = attempt.and_then(|attempt| attempt.server.as_ref());
        let relay = relay(server);
        let delays = delays(server, outcome.total);
        let reply = decisive(attempt, recipient, &fate);
        let dsn = dsn(reply, fate.status, class);
        let why = brief(&match reply {
            Some(reply) if fate.status == Status::Accepted => said(reply),
            Some(reply) => format!("host {} said: {}{}", host(server), said(reply), in_reply_to(fate.stage)),
            None => printable(&report.because(&fate).unwrap_or_else(|| fate.status.name().to_owned())),
        });
        Line {
            severity,
            text: format!("{id}: to=<{to}>, relay={relay}, {delays}, dsn={dsn}, status={status} ({why})"),
            fields: fields(&[
                ("EHLO_RECIPIENT", &to),
                ("EHLO_RELAY", &relay),
                ("EHLO_DSN", &dsn),
                ("EHLO_STATUS", status),
            ]),
        }
    };
    std::iter::once(first).chain(outcome.fates().map(of_recipient)).collect()
}

/// How grave it is, the word for it, and the class of its enhanced code (RFC 3463, section 3.1).
fn verdict(status: Status) -> (Severity, &'static str, u8) {
    match status {
        Status::Accepted => (Severity::Info, "sent", 2),
        Status::Refused => (Severity::Error, "bounced", 5),
        Status::Deferred | Status::Untried => (Severity::Notice, "deferred", 4),
        Status::Unknown => (Severity::Error, "unknown", 4),
    }
}

/// The connection that decided it, or else the last one that was tried.
fn attempt<'a>(report: &'a Report, recipient: &RecipientOutcome) -> Option<&'a Attempt> {
    let attempts = &report.outcome.attempts;
    recipient.decided.map_or_else(|| attempts.last(), |at| attempts.get(at.attempt))
}

/// The reply that decided it. Of somebody who has the message it is the one to that, which often holds the
/// server's own identifier.
fn decisive<'a>(
    attempt: Option<&'a Attempt>,
    recipient: &RecipientOutcome,
    fate: &FinalFate<'a>,
) -> Option<&'a Reply> {
    let of_message = || {
        let at = recipient.decided?;
        let transaction = attempt?.transactions.get(at.transaction)?;
        let own = transaction.recipients.get(at.place).and_then(|addressee| addressee.message.as_ref());
        own.filter(|_| transaction.lmtp).or(transaction.message.as_ref())
    };
    if fate.status == Status::Accepted { of_message().or(fate.reply()) } else { fate.reply() }
}

/// The enhanced code of the reply, if it is of the same class; else one that says no more than that.
fn dsn(reply: Option<&Reply>, status: Status, class: u8) -> String {
    let own = reply.and_then(Reply::enhanced).filter(|own| own.class == class);
    match (own, status) {
        (Some(own), _) => own.to_string(),
        // Bad connection (RFC 3463, section 3.5).
        (None, Status::Unknown) => "4.4.2".to_owned(),
        (None, _) => format!("{class}.0.0"),
    }
}

/// What was answered, where that tells something.
fn in_reply_to(stage: Stage) -> &'static str {
    match stage {
        Stage::Mail => " (in reply to MAIL FROM command)",
        Stage::Rcpt => " (in reply to RCPT TO command)",
        Stage::Data => " (in reply to DATA command)",
        Stage::Message => " (in reply to end of DATA command)",
        _ => "",
    }
}

/// Which one, without its port.
fn host(server: Option<&Server>) -> String {
    server.map_or_else(|| "none".to_owned(), |server| printable(&server.host()))
}

/// The same with the port.
fn relay(server: Option<&Server>) -> String {
    server.map_or_else(|| "none".to_owned(), |server| printable(&server.relay()))
}

/// How long all of it took, and of that: in a queue (not at all), to connect with TLS and log-in, the rest.
fn delays(server: Option<&Server>, total: Duration) -> String {
    let timing = server.map(|server| server.timing).unwrap_or_default();
    let phases = [timing.connect, timing.tls, timing.auth];
    let connected: Duration = phases.into_iter().flatten().sum();
    let rest = total.saturating_sub(connected);
    let [total, connected, rest] = [total, connected, rest].map(|time| time.as_secs_f64());
    format!("delay={total:.2}, delays=0/0/{connected:.2}/{rest:.2}")
}

/// No more of it than fits.
fn brief(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}...", text.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ehlo_smtp::session::Protocol;

    fn server(name: &str, address: &str) -> Server {
        Server {
            name: name.to_owned(),
            address: address.to_owned(),
            routed: None,
            local: None,
            proxy: None,
            protocol: Protocol::Smtp,
            greeting: None,
            extensions: Vec::new(),
            tls: None,
            auth: None,
            timing: Default::default(),
        }
    }

    #[test]
    fn a_relay_has_its_address_in_brackets_where_it_has_one() {
        let mx = "mx.example.org";
        for (name, address, wanted, port) in [
            (mx, "192.0.2.1:587", "mx.example.org[192.0.2.1]", ":587"),
            (mx, "[2001:db8::1]:25", "mx.example.org[2001:db8::1]", ":25"),
            (mx, "mx.example.org:25", "mx.example.org:25", ""),
            ("/run/lmtp", "/run/lmtp", "/run/lmtp", ""),
            ("a\nb", "a\nb", "a\\x0ab", ""),
        ] {
            let server = server(name, address);
            assert_eq!(host(Some(&server)), wanted);
            assert_eq!(relay(Some(&server)), format!("{wanted}{port}"));
        }
        assert_eq!(relay(None), "none");
    }

    #[test]
    fn times_are_in_seconds() {
        let mut server = server("a", "b");
        server.timing.connect = Some(Duration::from_millis(100));
        server.timing.auth = Some(Duration::from_millis(50));
        let total = Duration::from_millis(1410);
        assert_eq!(delays(Some(&server), total), "delay=1.41, delays=0/0/0.15/1.26");
        assert_eq!(delays(None, total), "delay=1.41, delays=0/0/0.00/1.41");
    }

    #[test]
    fn an_enhanced_code_is_of_the_class_of_the_fate() {
        let reply = Reply::new(552, "5.5.3 too many");
        assert_eq!(dsn(Some(&reply), Status::Refused, 5), "5.5.3");
        assert_eq!(dsn(Some(&reply), Status::Deferred, 4), "4.0.0");
        assert_eq!(dsn(None, Status::Untried, 4), "4.0.0");
        assert_eq!(dsn(None, Status::Unknown, 4), "4.4.2");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(brief(&"x".repeat(LONGEST)), "x".repeat(LONGEST));
        assert_eq!(brief(&"x".repeat(LONGEST + 1)), "x".repeat(LONGEST) + "...");
        let odd = format!("x{}", "\u{e9}".repeat(LONGEST));
        assert_eq!(brief(&odd), format!("x{}...", "\u{e9}".repeat((LONGEST - 1) / 2)));
    }

    #[test]
    fn an_identifier_is_one_that_postfix_could_give() {
        let id = id();
        assert!(id.len() == 10 && id.chars().all(|c| matches!(c, '0'..='9' | 'A'..='F')), "{id}");
    }
}
