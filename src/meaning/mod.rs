//! What a code means, in words: reply codes (RFC 5321, section 4.2), enhanced status codes (RFC 3463 and its registry),
//! TLS alerts (RFC 8446, section 6), SASL mechanisms and their errors.
//!
//! The tables are in `codes`, `enhanced`, `alerts`, `sasl` and `habits`; what differs from command to command, in
//! `by_stage` and `variants`; words of servers of all kinds, in `texts`. Here they are put together: what a code means
//! after this command counts more than what it means in general, the enhanced code says more than the reply code, what
//! the words are known to mean says more than both, and the reply's first digit has the last word. [`find`] finds codes
//! in logs and bounces, [`gather`] keeps what was found. How it looks is [`crate::report`]'s.

pub mod after;
mod alerts;
mod by_stage;
mod candidates;
mod codes;
mod enhanced;
pub mod find;
pub mod gather;
mod habits;
mod sasl;
mod table;
#[cfg(test)]
mod tests;
mod texts;
mod variants;

use after::After;

use ehlo_smtp::reply::{Reply, characters};
use ehlo_smtp::status::EnhancedStatus;
use std::borrow::Cow;
use std::fmt;

/// One row of a table: what there is to know.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meaning {
    /// In a few words.
    name: &'static str,
    /// In a sentence.
    means: &'static str,
    /// Who usually says so, and why.
    who: &'static str,
    /// What a sender can do.
    advice: &'static str,
    /// Whether trying again helps.
    again: Again,
}

impl Meaning {
    /// Out of a row of a table.
    const fn new([name, means, who, advice]: [&'static str; 4], again: Again) -> Meaning {
        Meaning { name, means, who, advice, again }
    }
}

/// Does it help to try again?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// There is no need: it went well.
    Accepted,
    /// The dialogue goes on.
    GoOn,
    /// Yes, later.
    Later,
    /// No.
    No,
    /// When something was changed.
    AfterChange,
    /// For some, whose names are told.
    ThoseNamed,
    /// It may have gone well, and would happen twice.
    Twice,
}

impl Again {
    /// As JSON names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Again::Accepted => "not needed",
            Again::GoOn => "go on",
            Again::Later => "later",
            Again::No => "no",
            Again::AfterChange => "after a change",
            Again::ThoseNamed => "for those named",
            Again::Twice => "may send twice",
        }
    }

    /// For people, as an answer.
    #[must_use]
    pub fn answer(self) -> &'static str {
        match self {
            Again::Accepted => "no need: it went well",
            Again::GoOn => "no need: the dialogue goes on",
            Again::Later => "yes, later",
            Again::No => "no: the answer will be the same",
            Again::AfterChange => "after a change; as it is, the answer will be the same",
            Again::ThoseNamed => "only for those named",
            Again::Twice => "it may send twice",
        }
    }

    /// For people, behind an advice.
    fn order(self) -> Option<&'static str> {
        match self {
            Again::Accepted | Again::GoOn => None,
            Again::Later => Some("try again later"),
            Again::No => Some("do not try again"),
            Again::AfterChange => Some("try again after that"),
            Again::ThoseNamed => Some("try again for those named"),
            Again::Twice => Some("to try again may send twice"),
        }
    }
}

/// What an explanation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A reply: its code, its enhanced code, or both.
    Reply {
        /// The three digits, 100 to 599.
        code: Option<u16>,
        /// The enhanced code behind them.
        enhanced: Option<EnhancedStatus>,
    },
    /// A TLS alert, by number.
    Alert(u8),
    /// A SASL mechanism.
    Mechanism,
    /// An error within the exchange of a SASL mechanism.
    LoginError,
    /// What this program ends with.
    ExitStatus(u8),
}

impl Subject {
    /// As JSON names it.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Subject::Reply { code: Some(_), .. } => "reply",
            Subject::Reply { code: None, .. } => "enhanced status",
            Subject::Alert(_) => "tls alert",
            Subject::Mechanism => "sasl mechanism",
            Subject::LoginError => "sasl error",
            Subject::ExitStatus(_) => "exit status",
        }
    }
}

/// `550 5.1.1`, `TLS alert 40`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Reply { code: Some(code), enhanced: Some(enhanced) } => write!(f, "{code} {enhanced}"),
            Subject::Reply { code: Some(code), enhanced: None } => code.fmt(f),
            Subject::Reply { code: None, enhanced: Some(enhanced) } => enhanced.fmt(f),
            Subject::Reply { code: None, enhanced: None } => Ok(()),
            Subject::Alert(number) => write!(f, "TLS alert {number}"),
            Subject::Mechanism => f.write_str("SASL mechanism"),
            Subject::LoginError => f.write_str("SASL error"),
            Subject::ExitStatus(number) => write!(f, "exit status {number}"),
        }
    }
}

/// What a code means, who says so, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What is explained.
    pub subject: Subject,
    /// Its name, in a few words.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub means: Cow<'static, str>,
    /// Who usually says so, and why.
    pub who: &'static str,
    /// What a sender can do.
    pub advice: Cow<'static, str>,
    /// Whether trying again helps.
    pub again: Again,
    /// The reply code's own name, where it is the enhanced code that is explained.
    pub general: Option<&'static str>,
    /// Words of a provider or a program were recognized: name, who, advice and again are about those.
    pub known: bool,
    /// They are words of servers of all kinds.
    pub common: bool,
    /// Is every code in it registered?
    pub registered: bool,
    /// What is odd about it.
    pub note: Option<&'static str>,
}

/// Codes that may mean many things.
const WIDE: [u16; 6] = [421, 450, 451, 550, 552, 554];

const UNREGISTERED: &str = "not a registered code: explained by its first digit";
const UNREGISTERED_STATUS: &str = "not a registered status: explained by its subject";
const DISAGREE: &str = "code and status differ in their first digit: the code counts";

impl Explanation {
    /// Of a reply, and what it came after, if that is known.
    #[must_use]
    pub fn of(reply: &Reply, after: Option<After>) -> Explanation {
        let text: Vec<_> = reply.text().collect();
        Explanation::of_codes(Some(reply.code()), reply.enhanced(), &text.join("\n"), after)
    }

    /// Of a code, an enhanced code, or both, the text in which they stand, for some words in it are known, and what
    /// they came after.
    #[must_use]
    pub fn of_codes(
        code: Option<u16>,
        enhanced: Option<EnhancedStatus>,
        text: &str,
        after: Option<After>,
    ) -> Explanation {
        let class = code.map_or_else(|| enhanced.map_or(5, |status| status.class), first_digit);
        let after = after.or_else(|| code.and_then(After::code));
        let of_code = code.map(|code| OfCode::find(code, class, after));
        let agrees = enhanced.is_none_or(|status| status.class == class);
        let of_status = enhanced.filter(|_| agrees).map(|status| status_after(status, after));
        // What went well needs no detail. x.0.0 says less than any code, and x.y.0, x.7.1, x.5.1 less than 530 or 454
        // do; 421 is the end of the session, whatever the reason.
        let is_exact = of_code.as_ref().is_some_and(|found| found.is_exact);
        let is_vague = enhanced.is_some_and(|status| match (status.subject, status.detail) {
            (0, 0) => true,
            (_, 0) => is_exact || code == Some(421),
            (7 | 5, 1) => is_exact,
            // Wrong commands and arguments: which, the command tells.
            (5, 2 | 4) => is_exact && after.is_some(),
            _ => false,
        });
        let detailed = of_status.and_then(|(meaning, _)| meaning).filter(|_| class > 3 && !is_vague);
        let (meaning, means) = match (&of_code, of_status) {
            (None, Some((meaning, _))) => {
                let known = meaning.or_else(|| enhanced.and_then(status_elsewhere));
                (known.unwrap_or(CLASSES[usize::from(class.min(5))]), None)
            }
            (None, None) => (CLASSES[5], None),
            (Some(found), _) => match detailed {
                Some(meaning) => (meaning, None),
                None => (found.meaning, found.means.clone()),
            },
        };
        let is_registered = of_code.as_ref().is_none_or(|found| found.is_registered);
        let is_status_registered = of_status.is_none_or(|(_, found)| found);
        let mut explanation = Explanation {
            subject: Subject::Reply { code, enhanced },
            name: meaning.name,
            means: means.map_or(Cow::Borrowed(meaning.means), Cow::Owned),
            who: meaning.who,
            advice: Cow::Borrowed(meaning.advice),
            again: match (class, meaning.again) {
                (4, _) => Again::Later,
                (5, Again::Accepted) => Again::No,
                (2, again) if code.is_none() && again != Again::GoOn => Again::Accepted,
                (_, again) => again,
            },
            general: of_code.filter(|_| enhanced.is_some()).map(|found| found.meaning.name),
            known: false,
            common: false,
            registered: is_registered && is_status_registered,
            note: match (is_registered, is_status_registered) {
                _ if !agrees => Some(DISAGREE),
                (false, _) => Some(UNREGISTERED),
                (_, false) => Some(UNREGISTERED_STATUS),
                _ => None,
            },
        };
        if explanation.general == Some(explanation.name) {
            explanation.general = None;
        }
        match class {
            2 if code.is_none() && meaning.again != Again::Accepted => explanation.went_well(),
            4 | 5 => explanation.heed_words(text, class, after),
            _ => {}
        }
        if code == Some(553) && matches!(after, Some(After::Vrfy | After::Expn)) {
            explanation.name_candidates(text);
        }
        explanation
    }

    /// 2.x.y without a reply code: the table speaks of what can go wrong.
    fn went_well(&mut self) {
        let Subject::Reply { enhanced: Some(status), .. } = self.subject else { return };
        let about = ABOUT.get(usize::from(status.subject)).copied().unwrap_or("something else");
        self.means = Cow::Owned(format!("it went well; the rest of the code says what it is about: {about}"));
        self.name = "accepted";
        self.who = "any server, or a report on the delivery";
        self.advice = Cow::Borrowed("nothing");
    }

    /// Words that are known say more than any code.
    fn heed_words(&mut self, text: &str, class: u8, after: Option<After>) {
        let mut words = text.to_lowercase();
        if let Subject::Reply { code, enhanced } = self.subject {
            let code = code.map_or(String::new(), |code| code.to_string());
            let enhanced = enhanced.map_or(String::new(), |enhanced| enhanced.to_string());
            words = format!("{code} {enhanced} {words}");
        }
        let says_more = |habit: &habits::Habit| !habit.is_common || habit.name != self.name;
        let Some(habit) = habits::known(&words, after).filter(says_more) else { return };
        self.means = Cow::Owned(format!("in general: {}: {}", self.name, self.means));
        (self.name, self.who, self.advice) = (habit.name, habit.who, Cow::Borrowed(habit.advice));
        self.again = if class == 4 { Again::Later } else { habit.again };
        if class == 5 && habit.is_passing() {
            (self.advice, self.again) = (Cow::Borrowed(PERMANENT), Again::No);
        }
        (self.known, self.common) = (true, habit.is_common);
    }

    /// Those who may be meant, where a name is ambiguous (RFC 5321, section 3.5.1).
    fn name_candidates(&mut self, text: &str) {
        let found = candidates::find(text);
        if !found.is_empty() {
            self.advice =
                Cow::Owned(format!("ask with the whole address of one of them: {}", found.join(", ")));
        }
    }

    /// Of what is no reply: a TLS alert's name, or `alert 40`; a mechanism; an error of one. Case and what is between
    /// the words do not count.
    #[must_use]
    pub fn of_term(text: &str) -> Option<Explanation> {
        let plain = plain(text);
        let behind = |words: &[&str]| words.iter().find_map(|word| plain.strip_prefix(word));
        let wanted = behind(&["tlsalert", "sslalert", "alertnumber", "alert", "tls", "sasl", "auth"])
            .unwrap_or(&plain);
        let simple = |subject, meaning: &Meaning| Explanation {
            subject,
            name: meaning.name,
            means: Cow::Borrowed(meaning.means),
            who: meaning.who,
            advice: Cow::Borrowed(meaning.advice),
            again: meaning.again,
            general: None,
            known: false,
            common: false,
            registered: true,
            note: None,
        };
        let is_numbered = wanted.len() < plain.len() && !wanted.is_empty();
        let alert = alerts::all().find(|alert| {
            self::plain(alert.name) == wanted || (is_numbered && wanted == alert.number.to_string())
        });
        if let Some(alert) = alert {
            return Some(simple(Subject::Alert(alert.number), &alert.meaning));
        }
        let is_named = |row: &Meaning| self::plain(row.name) == wanted || self::plain(row.name) == plain;
        if let Some(row) = sasl::mechanisms().find(is_named) {
            return Some(simple(Subject::Mechanism, &row));
        }
        sasl::errors().find(is_named).map(|row| simple(Subject::LoginError, &row))
    }

    /// All in one line, for a report: `550 5.1.1: no such mailbox there: check the address; do not try again`.
    #[must_use]
    pub fn line(&self) -> String {
        // Some advice says it itself.
        let order = self.again.order().filter(|_| !self.advice.contains("try again"));
        let order = order.map_or(String::new(), |order| format!("; {order}"));
        format!("{}: {}: {}{order}", self.subject, self.name, self.advice)
    }
}

/// The subjects of enhanced codes (RFC 3463, section 2).
const ABOUT: [&str; 8] = [
    "nothing in particular",
    "an address",
    "the mailbox",
    "the server",
    "the network",
    "the protocol",
    "the content",
    "security or policy",
];

/// Small letters and digits, and nothing else.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

fn first_digit(code: u16) -> u8 {
    u8::try_from(code / 100).unwrap_or(5)
}

/// The reply codes that are known, in order.
pub fn codes() -> impl Iterator<Item = u16> {
    codes::all()
}

/// The three digits that a text begins with, and what follows; none if it is no reply code (100 to 599).
#[must_use]
pub fn leading_code(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(3)?;
    let is_code = digits.bytes().all(|b| b.is_ascii_digit()) && matches!(digits.as_bytes()[0], b'1'..=b'5');
    let ends = rest.is_empty() || rest.starts_with([' ', '-', '\t']);
    (is_code && ends).then(|| Some((digits.parse().ok()?, rest.get(1..).unwrap_or_default())))?
}

/// Of a whole reply line, such as `550-5.1.1 User unknown`; none if it does not begin with a code. What it came after
/// is told, or the line says it: `(in reply to RCPT TO command)`.
#[must_use]
pub fn of_line(line: &str, after: Option<After>) -> Option<Explanation> {
    let (code, text) = leading_code(line)?;
    let status = EnhancedStatus::leading(text.trim_start().as_bytes());
    Some(Explanation::of_codes(
        Some(code),
        status,
        line,
        after.or_else(|| After::told("", &line.to_lowercase())),
    ))
}

/// Of an enhanced code that stands alone, or in front of a text.
#[must_use]
pub fn of_status(text: &str, after: Option<After>) -> Option<Explanation> {
    Some(Explanation::of_codes(None, Some(EnhancedStatus::leading(text.as_bytes())?), text, after))
}

/// Octets from a log as text.
pub(crate) fn readable(octets: &[u8]) -> Cow<'_, str> {
    characters(octets)
}

/// What a reply code means after this.
struct OfCode {
    meaning: Meaning,
    /// The sentence, where it is made for the command.
    means: Option<String>,
    is_registered: bool,
    /// It says more than that something was refused.
    is_exact: bool,
}

impl OfCode {
    fn find(code: u16, class: u8, after: Option<After>) -> OfCode {
        let general = codes::find(code);
        let own =
            after.and_then(|after| by_stage::find(code, after).or_else(|| by_stage::elsewhere(code, after)));
        let is_true = after.is_none_or(|after| after.is_in(by_stage::general(code)));
        let (is_registered, is_wide) = (general.is_some(), WIDE.contains(&code));
        if let Some(meaning) = own.or(general.filter(|_| is_true)) {
            return OfCode { meaning, means: None, is_registered, is_exact: !is_wide };
        }
        let meaning = CLASSES[usize::from(class.min(5))];
        // A code that is known, and no answer to this: its first digit is all that it says.
        let means = after.filter(|_| is_registered && class > 3).map(|after| {
            let puts_off = if class == 4 { "puts off" } else { "refuses" };
            format!("the server {puts_off} {}; the code says no more here", after.what())
        });
        let meaning = if means.is_some() { Meaning { who: "any server", ..meaning } } else { meaning };
        OfCode { meaning, means, is_registered, is_exact: false }
    }
}

/// What an enhanced code means after this, if it can mean anything there; and whether it is registered.
fn status_after(status: EnhancedStatus, after: Option<After>) -> (Option<Meaning>, bool) {
    let EnhancedStatus { class, subject, detail } = status;
    let found = enhanced::find(subject, detail);
    let is_true = after.is_none_or(|after| after.is_in(variants::general(subject, detail)));
    let general = found.or_else(|| enhanced::about(subject)).filter(|_| is_true);
    (variants::find(class, subject, detail, after).or(general), found.is_some())
}

/// What a status says that nobody expects after this command: RFC 3463 ties none to a command, so its name counts, and
/// nothing else that the table knows.
fn status_elsewhere(status: EnhancedStatus) -> Option<Meaning> {
    let found = enhanced::find(status.subject, status.detail)?;
    let meaning = variants::find(status.class, status.subject, status.detail, None).unwrap_or(found);
    Some(Meaning { who: "any server", advice: TEXT, ..meaning })
}

const fn class(name: &'static str, means: &'static str, advice: &'static str, again: Again) -> Meaning {
    Meaning { name, means, who: "nobody that keeps to the standards", advice, again }
}

const PERMANENT: &str =
    "ask the server's postmaster: the words are of what passes, but the code is permanent";
const TEXT: &str = "read the text behind the code";

/// What the first digit says of a code that is not registered (RFC 5321, section 4.2.1).
const CLASSES: [Meaning; 6] = [
    class("refused for good", "no reply begins with 0", TEXT, Again::No),
    class("preliminary", "a first digit of 1 is not used in SMTP (FTP has it)", TEXT, Again::GoOn),
    class("accepted", "a first digit of 2: done", "nothing", Again::Accepted),
    class("go on", "a first digit of 3: the server waits for more", "go on", Again::GoOn),
    class("not now", "a first digit of 4: the same may go through later", TEXT, Again::Later),
    class("refused for good", "a first digit of 5: the same will be refused again", TEXT, Again::No),
];
