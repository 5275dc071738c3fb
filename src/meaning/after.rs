//! What a reply answered: a code means one thing to MAIL and another to VRFY (RFC 5321, section 4.3.2).

use ehlo_smtp::expect::{Expect, Stage};
use ehlo_smtp::verb::Verb;

/// What a reply came after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// The connection: a greeting.
    Connect,
    /// EHLO.
    Ehlo,
    /// HELO, sent to a server that refused EHLO.
    Helo,
    /// LHLO (RFC 2033).
    Lhlo,
    /// STARTTLS.
    StartTls,
    /// AUTH, or a response within its exchange.
    Auth,
    /// MAIL.
    Mail,
    /// RCPT.
    Rcpt,
    /// DATA.
    Data,
    /// The message, by its dot or by BDAT.
    Message,
    /// VRFY.
    Vrfy,
    /// EXPN.
    Expn,
    /// Any other command: RSET, NOOP, HELP, QUIT, ETRN.
    Other,
}

impl After {
    /// All of them.
    pub const ALL: [After; 13] = [
        After::Connect,
        After::Ehlo,
        After::Helo,
        After::Lhlo,
        After::StartTls,
        After::Auth,
        After::Mail,
        After::Rcpt,
        After::Data,
        After::Message,
        After::Vrfy,
        After::Expn,
        After::Other,
    ];

    /// What a reply comes after that is awaited as `expect`; `None` for a line that a person typed, which its
    /// verb tells.
    #[must_use]
    pub fn expect(expect: Expect) -> Option<After> {
        Some(match expect {
            Expect::Rset | Expect::Quit | Expect::Xclient => After::Other,
            Expect::Said => return None,
            Expect::Helo => After::Helo,
            expect => After::stage(expect.stage()),
        })
    }

    /// What a reply comes after that decides something at this stage.
    #[must_use]
    pub fn stage(stage: Stage) -> After {
        match stage {
            Stage::Connect => After::Connect,
            Stage::Ehlo => After::Ehlo,
            Stage::Tls => After::StartTls,
            Stage::Auth => After::Auth,
            Stage::Vrfy => After::Vrfy,
            Stage::Expn => After::Expn,
            Stage::Mail => After::Mail,
            Stage::Rcpt => After::Rcpt,
            Stage::Data => After::Data,
            Stage::Message => After::Message,
            Stage::Quit => After::Other,
        }
    }

    /// Its name in the tables: the verb, if it is a command.
    pub(super) fn name(self) -> &'static str {
        match self {
            After::Connect => "greeting",
            After::Ehlo => Verb::Ehlo.name(),
            After::Helo => Verb::Helo.name(),
            After::Lhlo => Verb::Lhlo.name(),
            After::StartTls => Verb::StartTls.name(),
            After::Auth => Verb::Auth.name(),
            After::Mail => Verb::Mail.name(),
            After::Rcpt => Verb::Rcpt.name(),
            After::Data => Verb::Data.name(),
            After::Message => "message",
            After::Vrfy => Verb::Vrfy.name(),
            After::Expn => Verb::Expn.name(),
            After::Other => "other",
        }
    }

    /// What a reply to this verb comes after.
    #[must_use]
    pub fn verb(verb: Verb) -> After {
        match verb {
            Verb::Bdat => After::Message,
            verb => After::ALL.into_iter().find(|after| after.name() == verb.name()).unwrap_or(After::Other),
        }
    }

    /// As a person names it: a verb, perhaps with its second word, or what a session waits for. In any case.
    #[must_use]
    pub fn typed(text: &str) -> Option<After> {
        let upper = text.trim().to_ascii_uppercase();
        Some(match upper.as_str() {
            "GREETING" | "CONNECT" | "CONNECTION" => After::Connect,
            "TLS" => After::StartTls,
            "MAIL FROM" => After::Mail,
            "RCPT TO" => After::Rcpt,
            "MESSAGE" | "DOT" | "." | "END OF DATA" => After::Message,
            "ETRN" => After::Other,
            word => match Verb::named(word)? {
                Verb::Send | Verb::Soml | Verb::Saml | Verb::Turn => return None,
                verb => After::verb(verb),
            },
        })
    }

    /// As logs tell it, in small letters: in front of a reply (`after RCPT TO:<a@b>:` is Exim's, `reject:
    /// RCPT from` the Postfix server's) or behind it (`in reply to RCPT TO command` is the Postfix client's).
    pub(super) fn told(before: &str, behind: &str) -> Option<After> {
        let named = |text: &str, mark: &str| text.rsplit_once(mark).and_then(|(_, rest)| After::named(rest));
        named(behind, "in reply to ")
            .or_else(|| named(before, "mail server after "))
            .or_else(|| named(before, "reject: "))
    }

    fn named(words: &str) -> Option<After> {
        const NAMES: [(&str, After); 15] = [
            ("initial server greeting", After::Connect),
            ("initial connection", After::Connect),
            ("connect", After::Connect),
            ("ehlo", After::Ehlo),
            ("helo", After::Helo),
            ("lhlo", After::Lhlo),
            ("starttls", After::StartTls),
            ("auth", After::Auth),
            ("mail", After::Mail),
            ("rcpt", After::Rcpt),
            ("end of data", After::Message),
            ("end-of-message", After::Message),
            ("data", After::Data),
            ("vrfy", After::Vrfy),
            ("expn", After::Expn),
        ];
        let words = words.trim_start_matches("pipelined ");
        NAMES.iter().find(|(name, _)| words.starts_with(name)).map(|(_, after)| *after)
    }

    /// The command that alone has replies with this code, if there is one.
    pub(super) fn code(code: u16) -> Option<After> {
        match code {
            334 | 235 | 525 | 534 | 535 | 538 => Some(After::Auth),
            354 => Some(After::Data),
            353 => Some(After::Message),
            253 | 458 | 459 => Some(After::Other),
            _ => None,
        }
    }

    /// Whether a cell of a table names what a reply came after, or says `unknown` where nobody knows that.
    /// What its words mean is told at the top of tables/codes.tsv.
    pub(super) fn is_among(after: Option<After>, commands: &str) -> bool {
        commands.split(' ').fold(false, |is_among, word| match word.strip_prefix('-') {
            Some(word) => is_among && !After::is(after, word),
            None => is_among || After::is(after, word),
        })
    }

    fn is(after: Option<After>, word: &str) -> bool {
        use After::{Data, Ehlo, Expn, Helo, Lhlo, Mail, Message, Rcpt, Vrfy};
        let Some(after) = after else { return word == "unknown" };
        match word {
            "any" => true,
            "hello" => matches!(after, Ehlo | Helo | Lhlo),
            "transaction" => matches!(after, Mail | Rcpt | Data | Message),
            "mailbox" => matches!(after, Rcpt | Data | Message | Vrfy | Expn),
            name => after.name() == name,
        }
    }

    /// What a reply refuses or puts off that comes after this.
    pub(super) fn what(self) -> &'static str {
        match self {
            After::Connect => "the connection",
            After::Auth => "the log-in",
            After::Mail => "the sender",
            After::Rcpt => "the recipient",
            After::Message => "the message",
            After::Other => "the command",
            verb => verb.name(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_cell_add_and_take_away() {
        for (commands, named) in [
            ("any", "greeting EHLO HELO LHLO STARTTLS AUTH MAIL RCPT DATA message VRFY EXPN other"),
            ("unknown", ""),
            ("unknown RCPT greeting", "greeting RCPT"),
            ("hello other", "EHLO HELO LHLO other"),
            ("transaction", "MAIL RCPT DATA message"),
            ("mailbox -DATA", "RCPT message VRFY EXPN"),
            ("any -hello -mailbox -greeting -other", "STARTTLS AUTH MAIL"),
            ("rcpt TLS", ""),
        ] {
            let found = After::ALL.into_iter().filter(|after| After::is_among(Some(*after), commands));
            assert_eq!(found.map(After::name).collect::<Vec<_>>().join(" "), named, "{commands}");
            assert_eq!(After::is_among(None, commands), commands.starts_with("unknown"), "{commands}");
        }
    }

    #[test]
    fn a_log_tells_what_was_answered() {
        for (before, behind, after) in [
            ("", "550 no (in reply to rcpt to command)", Some(After::Rcpt)),
            ("", "554 no (in reply to end of data command)", Some(After::Message)),
            ("", "554 no (in reply to data command)", Some(After::Data)),
            ("", "553 no (in reply to mail from command)", Some(After::Mail)),
            ("", "521 no (in reply to initial server greeting)", Some(After::Connect)),
            ("smtp error from remote mail server after rcpt to:<a@b>: ", "550 no", Some(After::Rcpt)),
            (
                "smtp error from remote mail server after pipelined end of data: ",
                "550 no",
                Some(After::Message),
            ),
            ("smtp error from remote mail server after initial connection: ", "554 no", Some(After::Connect)),
            ("noqueue: reject: vrfy from x[192.0.2.1]: ", "550 no", Some(After::Vrfy)),
            ("noqueue: reject: end-of-message from x[192.0.2.1]: ", "550 no", Some(After::Message)),
            ("after mail from the north: ", "550 no", None),
            ("", "550 see rcpt to", None),
            ("", "550 no (in reply to nothing)", None),
        ] {
            assert_eq!(After::told(before, behind), after, "{before}{behind}");
        }
    }

    #[test]
    fn a_verb_a_stage_and_what_was_awaited_agree() {
        for (verb, expect) in [
            ("EHLO", Expect::Ehlo),
            ("HELO", Expect::Helo),
            ("STARTTLS", Expect::StartTls),
            ("AUTH", Expect::Auth),
            ("MAIL", Expect::Mail),
            ("RCPT", Expect::Rcpt(3)),
            ("DATA", Expect::Data),
            ("BDAT", Expect::Message),
            ("VRFY", Expect::Vrfy(0)),
            ("EXPN", Expect::Expn(0)),
            ("RSET", Expect::Rset),
            ("QUIT", Expect::Quit),
            ("XCLIENT", Expect::Xclient),
        ] {
            assert_eq!(Verb::named(verb).map(After::verb), After::expect(expect), "{verb}");
        }
        assert_eq!(After::expect(Expect::Greeting), Some(After::Connect));
        assert_eq!(After::expect(Expect::MessageFor(1)), Some(After::Message));
        assert_eq!(After::expect(Expect::Said), None);
    }
}
