//! The verbs of commands: one row for each (RFC 5321, section 4.1.1).
//!
//! How a command is written is in [`super::command`], which one fits when in [`super::order`], and what its
//! reply means for a session in [`super::expect`] and [`super::session`].

use super::rows::rows;
use std::fmt;

/// A command line with its CRLF, in octets (RFC 5321, section 4.5.3.1.4).
pub(crate) const COMMAND_LINE: usize = 512;

/// What stands behind a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Nothing.
    Bare,
    /// One word; what it is.
    Word(&'static str),
    /// One word or more; what they are.
    Words(&'static str),
    /// This, then a path in angle brackets, and parameters.
    Path(&'static str),
    /// Whatever this command is followed by.
    Free,
}

/// What is known of a verb.
struct Row {
    name: &'static str,
    shape: Shape,
    ends_group: bool,
    is_served: bool,
}

const fn row(name: &'static str, shape: Shape) -> Row {
    Row { name, shape, ends_group: true, is_served: false }
}

impl Row {
    /// Others may follow it in its group, where the server offers PIPELINING.
    const fn within_group(self) -> Row {
        Row { ends_group: false, ..self }
    }

    /// The server of this crate (`serve`) knows it.
    const fn served(self) -> Row {
        Row { is_served: true, ..self }
    }
}

rows! {
    /// The first word of a command. The order is the one in which the server of this crate tells of them.
    pub enum Verb: Row {
        /// The client's name, and the question for extensions (section 4.1.1.1).
        Ehlo = row("EHLO", Shape::Word("name")).served();
        /// The client's name, for servers that refuse EHLO (section 4.1.1.1).
        Helo = row("HELO", Shape::Word("name")).served();
        /// LMTP's EHLO (RFC 2033, section 4.1).
        Lhlo = row("LHLO", Shape::Word("name")).served();
        /// TLS begins (RFC 3207, section 4).
        StartTls = row("STARTTLS", Shape::Free).served();
        /// Whom the server is to take the client for (Postfix's XCLIENT_README).
        Xclient = row("XCLIENT", Shape::Free);
        /// A log-in (RFC 4954, section 4).
        Auth = row("AUTH", Shape::Free).served();
        /// The sender (section 4.1.1.2).
        Mail = row("MAIL", Shape::Path("FROM:")).within_group().served();
        /// A recipient (section 4.1.1.3).
        Rcpt = row("RCPT", Shape::Path("TO:")).within_group().served();
        /// The message, up to a lone dot (section 4.1.1.4).
        Data = row("DATA", Shape::Bare).served();
        /// A chunk of the message (RFC 3030, section 2).
        Bdat = row("BDAT", Shape::Free).served();
        /// The transaction is over (section 4.1.1.5).
        Rset = row("RSET", Shape::Bare).within_group().served();
        /// Nothing (section 4.1.1.9).
        Noop = row("NOOP", Shape::Free).served();
        /// Whether this is a mailbox, and whose (section 4.1.1.6).
        Vrfy = row("VRFY", Shape::Words("name")).served();
        /// Who is on this list (section 4.1.1.7).
        Expn = row("EXPN", Shape::Words("list"));
        /// What can be said (section 4.1.1.8).
        Help = row("HELP", Shape::Free).served();
        /// The session is over (section 4.1.1.10).
        Quit = row("QUIT", Shape::Bare).served();
        /// A message to the terminal; obsolete (appendix F.6).
        Send = row("SEND", Shape::Free).within_group();
        /// Mail or a message to the terminal; obsolete (appendix F.6).
        Soml = row("SOML", Shape::Free).within_group();
        /// Mail and a message to the terminal; obsolete (appendix F.6).
        Saml = row("SAML", Shape::Free).within_group();
        /// Client and server change places; obsolete (appendix F.1).
        Turn = row("TURN", Shape::Free);
    }
    named by name
}

impl Verb {
    /// The word, in capitals.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What stands behind it.
    #[must_use]
    pub fn shape(self) -> Shape {
        self.row().shape
    }

    /// What stands between MAIL or RCPT and the path: `FROM:`, `TO:`. Nothing for all others.
    #[must_use]
    pub fn before_path(self) -> &'static str {
        match self.shape() {
            Shape::Path(before) => before,
            Shape::Bare | Shape::Word(_) | Shape::Words(_) | Shape::Free => "",
        }
    }

    /// The command as it is spelt: `EHLO name`.
    #[must_use]
    pub fn syntax(self) -> String {
        match self.shape() {
            Shape::Bare | Shape::Free => self.to_string(),
            Shape::Word(what) | Shape::Words(what) => format!("{self} {what}"),
            Shape::Path(before) => format!("{self} {before}<address>"),
        }
    }

    /// Whether nothing may follow it in its group before its reply is in (RFC 2920, section 3.1).
    #[must_use]
    pub fn ends_group(self) -> bool {
        self.row().ends_group
    }

    /// Whether it is one of those by which a client names itself.
    #[must_use]
    pub fn is_greeting(self) -> bool {
        matches!(self, Verb::Ehlo | Verb::Helo | Verb::Lhlo)
    }

    /// Whether the server of this crate (`serve`) knows it.
    #[must_use]
    pub fn is_served(self) -> bool {
        self.row().is_served
    }

    /// The verb that this line begins with, if it is a known one.
    #[must_use]
    pub fn of(line: &str) -> Option<Verb> {
        Verb::named(line.split_whitespace().next()?)
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_is_known_in_any_case_and_tells_how_it_is_spelt() {
        for (line, syntax) in [
            ("mail FROM:<>", Some("MAIL FROM:<address>")),
            (" Rcpt\tto", Some("RCPT TO:<address>")),
            ("EXPN", Some("EXPN list")),
            ("rset now", Some("RSET")),
            ("", None),
            ("MAILS", None),
        ] {
            assert_eq!(Verb::of(line).map(Verb::syntax).as_deref(), syntax, "{line}");
        }
    }

    #[test]
    fn no_verb_is_there_twice() {
        for verb in Verb::ALL {
            assert_eq!(Verb::named(&verb.name().to_lowercase()), Some(*verb));
        }
    }

    /// RFC 2920, section 3.1: what may appear anywhere in a group.
    #[test]
    fn what_the_rfc_names_may_stand_within_a_group() {
        let within = Verb::ALL.iter().filter(|verb| !verb.ends_group()).map(|verb| verb.name());
        assert_eq!(within.collect::<Vec<_>>(), ["MAIL", "RCPT", "RSET", "SEND", "SOML", "SAML"]);
    }
}
