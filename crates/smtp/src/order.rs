//! Which command can be said when, and how the syntax is (RFC 5321, sections 4.1.1 and 4.1.4): what speaks
//! against a line that a person typed. The server has the last word; this only saves a round trip, and
//! mishaps.

use super::extension::{Extension, Extensions};
use super::failure::Need;
use super::path::{Mailbox, PathError};
use super::reply::Reply;
use super::verb::{COMMAND_LINE, Shape, Verb};
use std::fmt;

/// A command line that every server must take, without its CRLF.
const LONGEST: usize = COMMAND_LINE - 2;

/// How far a transaction has come.
#[derive(Debug, Clone, Copy, Default)]
pub struct Order {
    mail: bool,
    recipients: usize,
}

/// What else decides whether a command fits.
#[derive(Debug)]
pub struct Place<'a> {
    /// What the server offers.
    pub extensions: &'a Extensions,
    /// TLS has begun.
    pub is_encrypted: bool,
    /// LMTP in place of SMTP.
    pub is_lmtp: bool,
}

/// What speaks against a line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Objection {
    /// This command has to come first.
    First(Verb),
    /// MAIL was accepted, and the transaction is open.
    Open,
    /// AUTH within a transaction (RFC 4954, section 4).
    AuthWithin,
    /// The command is to be spelt like this.
    Spelling(Verb),
    /// What is in the brackets is no address.
    Address(PathError),
    /// TLS has begun already.
    Encrypted,
    /// The extension is not offered.
    NotOffered(Extension),
    /// BDAT: the octets that follow it cannot be typed.
    Bdat,
    /// It holds a secret, and what is typed can be seen.
    Secret,
    /// It greets a server of the other protocol, SMTP or LMTP: this is the right command.
    Greeting(Verb),
    /// It is obsolete (RFC 5321, appendix F.6).
    Obsolete,
    /// It is longer than servers must take.
    Long,
}

impl std::error::Error for Objection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Objection::Address(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Objection::First(command) => write!(f, "{command} must be accepted first"),
            Objection::Open => f.write_str("MAIL was already accepted"),
            Objection::AuthWithin => {
                f.write_str("AUTH is not allowed between MAIL and the end of the message")
            }
            Objection::Spelling(verb) => write!(f, "the syntax is {}", verb.syntax()),
            Objection::Address(why) => write!(f, "the address is not valid: {why}"),
            Objection::Encrypted => f.write_str("the connection is already encrypted"),
            Objection::NotOffered(extension) => Need::Extension(*extension).fmt(f),
            Objection::Bdat => f.write_str("it is followed by octets that cannot be typed"),
            Objection::Secret => f.write_str("it would show a secret on the screen"),
            Objection::Greeting(right) => write!(f, "this server expects {right}"),
            Objection::Obsolete => f.write_str("it is obsolete and no longer used"),
            Objection::Long => write!(f, "it is longer than the {LONGEST} octets that servers must accept"),
        }
    }
}

impl Order {
    /// How many recipients were accepted.
    #[must_use]
    pub fn recipients(&self) -> usize {
        self.recipients
    }

    /// What a reply to this command changes.
    pub fn note(&mut self, verb: Verb, reply: &Reply) {
        if !reply.is_positive() {
            return;
        }
        match verb {
            Verb::Mail => *self = Order { mail: true, recipients: 0 },
            Verb::Rcpt => self.recipients = self.recipients.saturating_add(1),
            Verb::Rset | Verb::Xclient | Verb::StartTls => *self = Order::default(),
            verb if verb.is_greeting() => *self = Order::default(),
            _ => {}
        }
    }

    /// The message was sent: whatever the reply, the transaction is over (RFC 5321, section 4.1.1.4).
    pub fn message_ended(&mut self) {
        *self = Order::default();
    }

    /// What speaks against this line as the next command.
    #[must_use]
    pub fn objection(&self, line: &str, place: &Place<'_>) -> Option<Objection> {
        let words = line.split_whitespace().count();
        let greeting = if place.is_lmtp { Verb::Lhlo } else { Verb::Ehlo };
        let found = Verb::of(line).and_then(|verb| match verb {
            Verb::Mail if self.mail => Some(Objection::Open),
            Verb::Rcpt if !self.mail => Some(Objection::First(Verb::Mail)),
            Verb::Data if self.recipients == 0 => Some(Objection::First(Verb::Rcpt)),
            Verb::Bdat => Some(Objection::Bdat),
            Verb::StartTls if place.is_encrypted => Some(Objection::Encrypted),
            Verb::StartTls if !place.extensions.offers(Extension::StartTls) => {
                Some(Objection::NotOffered(Extension::StartTls))
            }
            Verb::Auth if words > 2 => Some(Objection::Secret),
            Verb::Auth if self.mail => Some(Objection::AuthWithin),
            Verb::Ehlo | Verb::Helo if place.is_lmtp => Some(Objection::Greeting(greeting)),
            Verb::Lhlo if !place.is_lmtp => Some(Objection::Greeting(greeting)),
            Verb::Send | Verb::Soml | Verb::Saml | Verb::Turn => Some(Objection::Obsolete),
            verb => spelling(verb, line, words),
        });
        found.or_else(|| match line {
            line if line.len() > LONGEST => Some(Objection::Long),
            line if !line.is_ascii() && !place.extensions.offers(Extension::Smtputf8) => {
                Some(Objection::NotOffered(Extension::Smtputf8))
            }
            _ => None,
        })
    }
}

/// What is wrong with a line that begins with this verb, and has so many words.
fn spelling(verb: Verb, line: &str, words: usize) -> Option<Objection> {
    let fits = match verb.shape() {
        Shape::Bare => words == 1,
        Shape::Word(_) => words == 2,
        Shape::Words(_) => words > 1,
        Shape::Path(before) => match path(line, before) {
            Some(path) if is_special(verb, path) => true,
            Some(path) => return Mailbox::parse(path).err().map(Objection::Address),
            None => false,
        },
        Shape::Free => true,
    };
    (!fits).then_some(Objection::Spelling(verb))
}

/// A path that is no mailbox: nobody sends a bounce, and Postmaster needs no domain.
fn is_special(verb: Verb, path: &str) -> bool {
    match verb {
        Verb::Mail => path.is_empty(),
        _ => path.eq_ignore_ascii_case("postmaster"),
    }
}

/// The path in angle brackets behind `FROM:` or `TO:`, without blanks before it (RFC 5321, section 4.1.1.2).
fn path<'a>(line: &'a str, before: &str) -> Option<&'a str> {
    let (_, rest) = line.trim_start().split_once(' ')?;
    let (start, rest) = rest.split_at_checked(before.len())?;
    let rest = rest.strip_prefix('<').filter(|_| start.eq_ignore_ascii_case(before))?;
    let (path, parameters) = rest.split_at_checked(closing(rest)?)?;
    (parameters == ">" || parameters.starts_with("> ")).then_some(path)
}

/// Where the path ends; a quoted local part may hold a '>'.
fn closing(text: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    text.char_indices().find_map(|(at, c)| {
        let ends = c == '>' && !quoted;
        quoted ^= c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objection(order: &Order, line: &str) -> Option<String> {
        let extensions = Extensions::from_reply(&Reply::new(250, "beta\nSTARTTLS"));
        let place = Place { extensions: &extensions, is_encrypted: false, is_lmtp: false };
        order.objection(line, &place).map(|objection| objection.to_string())
    }

    fn after(lines: &[(&str, u16)]) -> Order {
        let mut order = Order::default();
        for (line, code) in lines {
            order.note(Verb::of(line).unwrap(), &Reply::new(*code, "x"));
        }
        order
    }

    #[test]
    fn the_order_of_a_transaction_is_kept() {
        let none = Order::default();
        let mail = after(&[("MAIL", 250)]);
        let rcpt = after(&[("MAIL", 250), ("RCPT", 250), ("RCPT", 550)]);
        for (order, line, ok) in [
            (&none, "MAIL FROM:<>", true),
            (&none, "RCPT TO:<jones@beta.arpa>", false),
            (&none, "DATA", false),
            (&mail, "MAIL FROM:<>", false),
            (&mail, "rcpt to:<jones@beta.arpa>", true),
            (&mail, "DATA", false),
            (&mail, "AUTH PLAIN", false),
            (&rcpt, "DATA", true),
            (&after(&[("MAIL", 250), ("RSET", 250)]), "RCPT TO:<jones@beta.arpa>", false),
            (&after(&[("MAIL", 451)]), "RCPT TO:<jones@beta.arpa>", false),
        ] {
            assert_eq!(objection(order, line).is_none(), ok, "{line}: {:?}", objection(order, line));
        }
        assert_eq!(rcpt.recipients(), 1);
    }

    #[test]
    fn spelling_is_looked_at() {
        let mail = after(&[("MAIL", 250)]);
        for line in [
            "MAIL FROM:<smith@alpha.arpa> SIZE=5 AUTH=<>",
            "mail from:<\"a> b\"@alpha.arpa>",
            "NOOP whatever",
            "XYZZY",
            "HELP MAIL",
            "VRFY smith",
            "STARTTLS",
        ] {
            assert_eq!(objection(&Order::default(), line), None, "{line}");
        }
        assert_eq!(objection(&mail, "RCPT TO:<Postmaster>"), None);
        for line in [
            "MAIL FROM: <smith@alpha.arpa>",
            "MAIL FROM:smith@alpha.arpa",
            "MAIL <smith@alpha.arpa>",
            "MAIL",
            "MAIL FROM:<smith@alpha.arpa",
            "MAIL FROM:<smith@>",
            "VRFY",
            "RSET now",
            "BDAT 5 LAST",
            "AUTH PLAIN AHUAcA==",
            "LHLO alpha",
            "TURN",
            "NOOP é",
        ] {
            assert!(objection(&Order::default(), line).is_some(), "{line}");
        }
        assert!(objection(&mail, "RCPT TO:<>").is_some());
        assert!(objection(&mail, &format!("NOOP {}", "x".repeat(600))).is_some());
    }
}
