//! Commands, and the line that carries one (RFC 5321, section 4.1.1).
//!
//! [`Line::write`] is the one place where a command becomes octets, and nothing that could end a line gets
//! through it, whatever was checked before. The line knows where a secret is in it, and shows `***` there.

use super::inquiry::Inquiry;
use super::parameter::Parameter;
use super::path::{Domain, ForwardPath, PathError, ReversePath};
use super::verb::Verb;
use super::xclient::Xclient;
use std::fmt::Write as _;

/// What a client calls itself: a domain or an address literal (RFC 5321, section 4.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EhloName(Domain);

/// The most octets of a label (RFC 1035, section 2.3.4), and of a whole name (RFC 5321, section 4.5.3.1.2).
const LONGEST_LABEL: usize = 63;
const LONGEST_NAME: usize = 255;

impl EhloName {
    /// Reads a domain or an address literal.
    ///
    /// # Errors
    /// [`PathError`], with the position in `text`.
    pub fn parse(text: &str) -> Result<EhloName, PathError> {
        Domain::parse(text).map(EhloName)
    }

    /// The literal of an address: `[127.0.0.1]`, `[IPv6:::1]`.
    #[must_use]
    pub fn literal(address: std::net::IpAddr) -> EhloName {
        EhloName(Domain::from_address(address))
    }

    /// Whether it is a fully qualified name by the letter of RFC 5321, sections 2.3.5 and 4.1.2: labels of
    /// letters and digits, with hyphens between them. A name whose last label is a number is none: resolvers
    /// take it for an address (`10.0.0.5`, `1.2`, `0x7f.1`).
    #[must_use]
    pub fn is_full_host_name(&self) -> bool {
        let name = self.as_str();
        let is_label = |label: &str| {
            let octets = label.as_bytes();
            (1..=LONGEST_LABEL).contains(&octets.len())
                && octets.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
                && octets.first() != Some(&b'-')
                && octets.last() != Some(&b'-')
        };
        let is_number = |label: &str| {
            let hex = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
            label.bytes().all(|octet| octet.is_ascii_digit())
                || hex.is_some_and(|digits| digits.bytes().all(|octet| octet.is_ascii_hexdigit()))
        };
        let is_full = name.rsplit_once('.').is_some_and(|(_, last)| !is_number(last));
        is_full && name.len() <= LONGEST_NAME && name.split('.').all(is_label)
    }

    /// The domain or literal.
    #[must_use]
    pub fn into_domain(self) -> Domain {
        self.0
    }

    /// The name as EHLO says it: in A-labels where it was given in others (RFC 6531, section 3.7.1).
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.ascii()
    }
}

/// A command with its arguments.
#[derive(Clone, Copy)]
pub enum Command<'a> {
    /// EHLO (section 4.1.1.1).
    Ehlo(&'a EhloName),
    /// HELO, for servers that refuse EHLO.
    Helo(&'a EhloName),
    /// LHLO (RFC 2033, section 4.1).
    Lhlo(&'a EhloName),
    /// STARTTLS (RFC 3207).
    StartTls,
    /// XCLIENT (Postfix's XCLIENT_README).
    Xclient(&'a Xclient),
    /// AUTH, with an initial response in base64 if there is one (RFC 4954, section 4).
    Auth {
        /// The mechanism.
        mechanism: &'a str,
        /// The initial response.
        initial: Option<&'a str>,
    },
    /// A response to a challenge, in base64; a secret.
    Response(&'a str),
    /// `*`: leaves an AUTH exchange.
    CancelAuth,
    /// MAIL (section 4.1.1.2).
    Mail(&'a ReversePath, &'a [Parameter]),
    /// RCPT (section 4.1.1.3).
    Rcpt(&'a ForwardPath, &'a [Parameter]),
    /// VRFY or EXPN (sections 4.1.1.6 and 4.1.1.7), with SMTPUTF8 where the argument needs it (RFC 6531,
    /// section 3.7.4.2).
    Ask(&'a Inquiry),
    /// DATA (section 4.1.1.4).
    Data,
    /// BDAT with this many octets, the only chunk of the message (RFC 3030, section 2).
    Bdat(u64),
    /// A lone dot, that is a message without content: it answers a 354 where no recipient was accepted (RFC
    /// 2920, section 3.1).
    LoneDot,
    /// RSET (section 4.1.1.5).
    Rset,
    /// NOOP (section 4.1.1.9).
    Noop,
    /// A line as a person typed it.
    Said {
        /// The line.
        line: &'a str,
        /// It answers a challenge of AUTH: a secret.
        is_response: bool,
    },
    /// QUIT (section 4.1.1.10).
    Quit,
}

impl Command<'_> {
    /// Its verb. A response, a dot, and what a person typed have none.
    #[must_use]
    pub fn verb(self) -> Option<Verb> {
        Some(match self {
            Command::Ehlo(_) => Verb::Ehlo,
            Command::Helo(_) => Verb::Helo,
            Command::Lhlo(_) => Verb::Lhlo,
            Command::StartTls => Verb::StartTls,
            Command::Xclient(_) => Verb::Xclient,
            Command::Auth { .. } => Verb::Auth,
            Command::Mail(..) => Verb::Mail,
            Command::Rcpt(..) => Verb::Rcpt,
            Command::Ask(inquiry) => inquiry.verb.into(),
            Command::Data => Verb::Data,
            Command::Bdat(_) => Verb::Bdat,
            Command::Rset => Verb::Rset,
            Command::Noop => Verb::Noop,
            Command::Quit => Verb::Quit,
            Command::Response(_) | Command::CancelAuth | Command::LoneDot | Command::Said { .. } => {
                return None;
            }
        })
    }
}

/// A command line would have held a control character. The types of its arguments rule that out; this is a
/// second lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnfitLine;

impl std::error::Error for UnfitLine {}

impl std::fmt::Display for UnfitLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a control character in a command")
    }
}

/// One command line: its octets with CRLF, and what can be shown of it. It is overwritten when it is dropped.
#[derive(Default, Clone, PartialEq, Eq)]
pub struct Line {
    octets: String,
    /// Where a secret begins in `octets`; it goes up to the line end.
    secret_from: Option<usize>,
}

impl Line {
    /// Writes the command, in place of what the line held.
    ///
    /// # Errors
    /// [`UnfitLine`] if there is a control character in an argument; the line is empty then.
    pub fn write(&mut self, command: Command<'_>) -> Result<(), UnfitLine> {
        zeroize::Zeroize::zeroize(&mut self.octets);
        self.secret_from = None;
        let line = &mut self.octets;
        let verb = command.verb().map_or("", Verb::name);
        // There is room for a secret before it is written: a buffer that grows leaves a copy behind.
        let room = match command {
            Command::Auth { mechanism, initial } => {
                verb.len() + "  \r\n".len() + mechanism.len() + initial.map_or(0, str::len)
            }
            Command::Response(text) | Command::Said { line: text, .. } => text.len() + 2,
            _ => 0,
        };
        line.reserve(room);
        line.push_str(verb);
        // Writing to a String does not fail.
        let _ = match command {
            Command::Ehlo(name) | Command::Helo(name) | Command::Lhlo(name) => {
                write!(line, " {}", name.as_str())
            }
            Command::StartTls | Command::Data | Command::Rset | Command::Noop | Command::Quit => Ok(()),
            Command::Xclient(xclient) => write!(line, " {xclient}"),
            Command::Auth { mechanism, initial: None } => write!(line, " {mechanism}"),
            Command::Auth { mechanism, initial: Some(initial) } => {
                let _ = write!(line, " {mechanism} ");
                self.secret_from = Some(line.len());
                line.write_str(initial)
            }
            Command::Response(response) => {
                // An empty response hides nothing, and dialogues show it as it is.
                self.secret_from = (!response.is_empty()).then_some(0);
                line.write_str(response)
            }
            Command::CancelAuth => line.write_str("*"),
            Command::Mail(path, parameters) => {
                let _ = write!(line, " {}<{path:#}>", Verb::Mail.before_path());
                append(line, parameters)
            }
            Command::Rcpt(path, parameters) => {
                let _ = write!(line, " {}<{path:#}>", Verb::Rcpt.before_path());
                append(line, parameters)
            }
            Command::Ask(inquiry) => write!(line, " {}", inquiry.argument),
            Command::Bdat(octets) => write!(line, " {octets} LAST"),
            Command::LoneDot => line.write_str("."),
            Command::Said { line: said, is_response } => {
                let whole = (is_response && !said.is_empty() && said != "*").then_some(0);
                self.secret_from = whole.or_else(|| initial_response(said));
                line.write_str(said)
            }
        };
        if line.chars().any(char::is_control) {
            zeroize::Zeroize::zeroize(line);
            self.secret_from = None;
            return Err(UnfitLine);
        }
        line.push_str("\r\n");
        Ok(())
    }

    /// The octets, CRLF included.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        self.octets.as_bytes()
    }

    /// The secret in it, if there is one.
    #[must_use]
    pub fn secret(&self) -> Option<&[u8]> {
        self.octets.get(self.secret_from?..).map(|secret| secret.trim_end().as_bytes())
    }

    /// What can be shown: the line without CRLF, with `***` in place of a secret.
    #[must_use]
    pub fn shown(&self) -> std::borrow::Cow<'_, str> {
        match self.secret_from {
            None => self.octets.trim_end_matches("\r\n").into(),
            Some(from) => format!("{}***", &self.octets[..from]).into(),
        }
    }
}

impl std::fmt::Debug for Line {
    /// What can be shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Line({:?})", self.shown())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.octets);
    }
}

/// Where the initial response begins in a line that says AUTH and has one.
fn initial_response(line: &str) -> Option<usize> {
    let (verb, rest) = line.trim_start().split_once(' ')?;
    let (_, response) = rest.trim_start().split_once(' ')?;
    let is_secret = Verb::named(verb) == Some(Verb::Auth) && !response.trim().is_empty();
    is_secret.then(|| line.len() - response.trim_start().len())
}

fn append(line: &mut String, parameters: &[Parameter]) -> std::fmt::Result {
    parameters.iter().try_for_each(|parameter| write!(line, " {}", parameter.as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::path::Mailbox;
    use super::*;

    fn line(command: Command<'_>) -> Line {
        let mut line = Line::default();
        line.write(command).unwrap();
        line
    }

    #[test]
    fn commands_are_written_as_the_rfc_has_them() {
        let name = EhloName::parse("alpha.arpa").unwrap();
        let other = EhloName::parse("m\u{fc}ller.example").unwrap();
        let smith = ReversePath::Mailbox(Mailbox::parse("Smith@Alpha.ARPA").unwrap());
        let jones = ForwardPath::Mailbox(Mailbox::parse("\"J. Jones\"@Beta.ARPA").unwrap());
        for (command, octets) in [
            (Command::Ehlo(&name), "EHLO alpha.arpa\r\n"),
            (Command::Helo(&other), "HELO xn--mller-kva.example\r\n"),
            (Command::Mail(&smith, &[]), "MAIL FROM:<Smith@Alpha.ARPA>\r\n"),
            (Command::Mail(&ReversePath::Null, &[Parameter::size(7)]), "MAIL FROM:<> SIZE=7\r\n"),
            (Command::Rcpt(&jones, &[]), "RCPT TO:<\"J. Jones\"@Beta.ARPA>\r\n"),
            (Command::Rcpt(&ForwardPath::Postmaster, &[]), "RCPT TO:<Postmaster>\r\n"),
            (Command::LoneDot, ".\r\n"),
        ] {
            assert_eq!(line(command).octets(), octets.as_bytes());
            assert_eq!(line(command).shown(), octets.trim_end());
        }
    }

    #[test]
    fn a_full_host_name_is_one_by_the_letter() {
        let is_full = |text: &str| EhloName::parse(text).is_ok_and(|name| name.is_full_host_name());
        let label = "l".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", &label[2..]);
        let name = format!("{longest}.a");
        assert_eq!((longest.len(), name.len()), (253, 255));
        for text in [
            "alpha.example.org",
            "Alpha.ARPA",
            "a.b",
            "3com.example",
            "10-0-0-5.example",
            "a--b.example",
            "1.2.3.4.example",
            "0.x1",
            "a.0xg",
            "m\u{fc}ller.example",
            "xn--mller-kva.example",
            &longest,
            &name,
        ] {
            assert!(is_full(text), "{text}");
        }
        for text in [
            "",
            "alpha",
            "viiv_craft_1.viiv_internal",
            "a.b_c.org",
            "_a.example",
            "a_.example",
            "-a.example",
            "a-.example",
            "a.example-",
            "a.-b.example",
            "xn--.example",
            "a..example",
            ".a.example",
            "a.example.",
            ".",
            "a b.example",
            "a.exa$mple",
            "a/b.example",
            "10.0.0.5",
            "1.2",
            "127.1",
            "a.1",
            "0x7f.0x1",
            "a.0X7F",
            "a.0x",
            "fe80::1",
            "::1",
            "::ffff:10.0.0.5",
            "[10.0.0.5]",
            "[IPv6:::1]",
            "10.0.0.5:25",
            &format!("{label}l.example"),
            &format!("{longest}.bcd"),
        ] {
            assert!(!is_full(text), "{text}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let auth = line(Command::Auth { mechanism: "PLAIN", initial: Some("AHUAcA==") });
        assert_eq!(
            (auth.octets(), auth.shown().as_ref()),
            (&b"AUTH PLAIN AHUAcA==\r\n"[..], "AUTH PLAIN ***")
        );
        let response = line(Command::Response("cA=="));
        assert_eq!((response.octets(), response.shown().as_ref()), (&b"cA==\r\n"[..], "***"));
        assert_eq!(format!("{response:?}"), "Line(\"***\")");
    }

    #[test]
    fn a_line_as_it_was_typed_shows_no_secret_either() {
        let shown = |text, is_response| line(Command::Said { line: text, is_response }).shown().into_owned();
        assert_eq!(shown("VRFY smith jones", false), "VRFY smith jones");
        assert_eq!(shown("auth plain  AHUAcA==", false), "auth plain  ***");
        assert_eq!(shown(" AUTH  PLAIN AHUAcA== x", false), " AUTH  PLAIN ***");
        assert_eq!(shown("AUTH PLAIN", false), "AUTH PLAIN");
        assert_eq!(shown("cA==", true), "***");
        assert_eq!(shown("*", true), "*");
        assert_eq!(line(Command::Said { line: "NOOP", is_response: false }).octets(), b"NOOP\r\n");
    }

    #[test]
    fn no_line_end_gets_through_whatever_was_checked_before() {
        for control in (0..=0x1f).chain(0x7f..=0x9f).filter_map(char::from_u32) {
            let bad = format!("a{control}RSET");
            for command in [
                Command::Response(&bad),
                Command::Auth { mechanism: &bad, initial: None },
                Command::Auth { mechanism: "PLAIN", initial: Some(&bad) },
                Command::Said { line: &bad, is_response: false },
            ] {
                let mut line = Line::default();
                assert_eq!(line.write(command), Err(UnfitLine), "{control:?}");
                assert!(line.octets().is_empty() && line.secret().is_none());
            }
        }
    }

    #[test]
    fn addresses_become_literals() {
        for (address, literal) in
            [("127.0.0.1", "[127.0.0.1]"), ("::1", "[IPv6:::1]"), ("::ffff:10.0.0.1", "[10.0.0.1]")]
        {
            assert_eq!(EhloName::literal(address.parse().unwrap()).as_str(), literal);
        }
    }
}
