//! What a reply answered: a code means one thing to MAIL and another to VRFY (RFC 5321, section 4.3.2).

use ehlo_smtp::expect::{Expect, Stage};

/// What a reply came after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub enum After {
    /// The connection: a greeting.
    Connect = 1,
    /// EHLO.
    Ehlo = 1 << 1,
    /// STARTTLS.
    StartTls = 1 << 2,
    /// AUTH, or a response within its exchange.
    Auth = 1 << 3,
    /// MAIL.
    Mail = 1 << 4,
    /// RCPT.
    Rcpt = 1 << 5,
    /// DATA.
    Data = 1 << 6,
    /// The message, by its dot or by BDAT.
    Message = 1 << 7,
    /// VRFY.
    Vrfy = 1 << 8,
    /// EXPN.
    Expn = 1 << 9,
    /// Any other command: RSET, NOOP, HELP, QUIT, ETRN.
    Other = 1 << 10,
    /// LHLO (RFC 2033).
    Lhlo = 1 << 11,
    /// HELO, which a server is asked that refused EHLO.
    Helo = 1 << 12,
}

/// Some of them, one bit for each.
pub(super) type Stages = u16;

pub(super) const G: Stages = After::Connect as Stages;
pub(super) const H: Stages = After::Ehlo as Stages;
pub(super) const L: Stages = After::Lhlo as Stages;
pub(super) const K: Stages = After::Helo as Stages;
/// They differ in what can be said in their place.
pub(super) const HELLO: Stages = H | L | K;
pub(super) const T: Stages = After::StartTls as Stages;
pub(super) const A: Stages = After::Auth as Stages;
pub(super) const M: Stages = After::Mail as Stages;
pub(super) const R: Stages = After::Rcpt as Stages;
pub(super) const D: Stages = After::Data as Stages;
pub(super) const C: Stages = After::Message as Stages;
pub(super) const V: Stages = After::Vrfy as Stages;
pub(super) const X: Stages = After::Expn as Stages;
pub(super) const O: Stages = After::Other as Stages;
pub(super) const ANY: Stages = G | HELLO | T | A | M | R | D | C | V | X | O;
/// A transaction.
pub(super) const MAIL: Stages = M | R | D | C;

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

    /// Of a reply that was awaited. What a person said is known by its verb alone.
    #[must_use]
    pub fn expect(expect: Expect) -> Option<After> {
        Some(match expect {
            Expect::Rset | Expect::Quit | Expect::Xclient => After::Other,
            Expect::Said => return None,
            Expect::Helo => After::Helo,
            expect => After::stage(expect.stage()),
        })
    }

    /// Of a reply that decided something at this stage.
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

    /// Of a command with this verb, in capitals.
    #[must_use]
    pub fn verb(verb: &str) -> After {
        match verb {
            "EHLO" => After::Ehlo,
            "HELO" => After::Helo,
            "LHLO" => After::Lhlo,
            "STARTTLS" => After::StartTls,
            "AUTH" => After::Auth,
            "MAIL" => After::Mail,
            "RCPT" => After::Rcpt,
            "DATA" => After::Data,
            "BDAT" => After::Message,
            "VRFY" => After::Vrfy,
            "EXPN" => After::Expn,
            _ => After::Other,
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
            "RSET" | "NOOP" | "HELP" | "QUIT" | "ETRN" | "XCLIENT" => After::Other,
            verb => Some(After::verb(verb)).filter(|after| *after != After::Other)?,
        })
    }

    /// As logs tell it, in small letters: in front of a reply (`after RCPT TO:<a@b>:` is Exim's, `reject: RCPT from`
    /// the Postfix server's) or behind it (`in reply to RCPT TO command` is the Postfix client's).
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

    /// Of a code that no other command has.
    pub(super) fn code(code: u16) -> Option<After> {
        match code {
            334 | 235 | 525 | 534 | 535 | 538 => Some(After::Auth),
            354 => Some(After::Data),
            353 => Some(After::Message),
            253 | 458 | 459 => Some(After::Other),
            _ => None,
        }
    }

    /// Is it one of these?
    pub(super) fn is_in(self, stages: Stages) -> bool {
        self as Stages & stages != 0
    }

    /// What is refused or put off then.
    pub(super) fn what(self) -> &'static str {
        match self {
            After::Connect => "the connection",
            After::Ehlo => "EHLO",
            After::Helo => "HELO",
            After::Lhlo => "LHLO",
            After::StartTls => "STARTTLS",
            After::Auth => "the log-in",
            After::Mail => "the sender",
            After::Rcpt => "the recipient",
            After::Data => "DATA",
            After::Message => "the message",
            After::Vrfy => "VRFY",
            After::Expn => "EXPN",
            After::Other => "the command",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_one_bit_and_none_is_left_out() {
        assert_eq!(After::ALL.iter().fold(0, |all, after| all | *after as Stages), ANY);
        assert_eq!(After::ALL.iter().map(|after| *after as Stages).sum::<Stages>(), ANY);
        for after in After::ALL {
            assert!(after.is_in(ANY) && !after.is_in(ANY & !(after as Stages)));
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
            assert_eq!(Some(After::verb(verb)), After::expect(expect), "{verb}");
        }
        assert_eq!(After::expect(Expect::Greeting), Some(After::Connect));
        assert_eq!(After::expect(Expect::MessageFor(1)), Some(After::Message));
        assert_eq!(After::expect(Expect::Said), None);
    }
}
