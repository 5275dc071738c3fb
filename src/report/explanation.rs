//! Explanations for people, in a small block, and as JSON (docs/json.md).

use super::text::{Look, printable};
use super::width;
use super::written::written;
use crate::client::Error;
use crate::delivery::Outcome;
use crate::delivery::fate::FinalFate;
use crate::delivery::outcome::{RecipientOutcome, TransactionView};
use crate::meaning::after::After;
use crate::meaning::{Again, Explanation, Subject};
use crate::net::TlsError;
use ehlo_smtp::awaiting::Awaiting;
use ehlo_smtp::expect::Stage;
use ehlo_smtp::failure::Failure;
use serde::Serialize;
use std::fmt::{self, Write as _};

/// Why a session ended early, if a reply or a TLS alert said it.
#[must_use]
pub fn of_error(error: &Error) -> Option<Explanation> {
    match (error.reply(), error.tls()) {
        (Some(reply), _) => Some(Explanation::of(reply, after(error))),
        (None, Some(TlsError::Alert(alert))) => Explanation::of_term(&format!("alert {alert}")),
        (None, _) => None,
    }
}

/// What the reply came after that ended the session.
fn after(error: &Error) -> Option<After> {
    match error {
        Error::Session { failure: Failure::Refused { .. }, awaiting: Some(Awaiting::Lhlo), .. } => {
            Some(After::Lhlo)
        }
        Error::Session { failure: Failure::Refused { awaiting, .. }, .. } => awaiting.and_then(After::expect),
        Error::Session { failure: Failure::EhloRefused { .. }, .. } => Some(After::Ehlo),
        Error::Session { failure: Failure::LogIn { .. }, .. } => Some(After::Auth),
        _ => None,
    }
}

/// Of somebody who did not get the message, if a reply says why.
pub(super) fn of_fate(fate: &FinalFate<'_>) -> Option<Explanation> {
    let refusal = fate.reply().filter(|reply| !reply.is_positive());
    refusal.map(|reply| Explanation::of(reply, Some(After::stage(fate.stage))))
}

/// What is said of somebody who did not get the message, of a message or of the session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Of whom.
    of: Option<String>,
    text: String,
}

impl Remark {
    /// Of a recipient, if a reply says why they have this fate.
    #[must_use]
    pub fn of_fate(recipient: &RecipientOutcome, fate: &FinalFate<'_>) -> Option<Remark> {
        of_fate(fate).map(|why| Remark { of: Some(recipient.address.to_string()), text: why.line() })
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.of.iter().try_for_each(|of| write!(f, "{of}: "))?;
        f.write_str(&self.text)
    }
}

/// Of the messages and of the session, behind the recipients' own.
#[must_use]
pub fn of_the_rest(outcome: &Outcome) -> Vec<Remark> {
    let of_message = |(number, view): (usize, TransactionView<'_>)| {
        let reply = view.transaction.cause().filter(|reply| !reply.is_positive())?;
        // Where it came, those know whose fate it decided; else nobody was accepted, and it answered DATA.
        let mut fates = outcome.fates();
        let with_it = |(recipient, fate): &(&RecipientOutcome, FinalFate<'_>)| {
            recipient.decided.map(|at| outcome.number(at)) == Some(number) && fate.reply() == Some(reply)
        };
        let stage = fates.find(with_it).map_or(Stage::Data, |(_, fate)| fate.stage);
        let text = Explanation::of(reply, Some(After::stage(stage))).line();
        Some(Remark { of: Some("message".to_owned()), text })
    };
    let mut remarks: Vec<_> = outcome.transactions().enumerate().filter_map(of_message).collect();
    let ended = outcome.error().and_then(of_error);
    remarks.extend(ended.map(|ended| Remark { of: None, text: ended.line() }));
    remarks
}

/// How many are named of those of whom the same is said.
const NAMED: usize = 3;

/// For a terminal: what is the same for several is said once, of all of them.
#[must_use]
pub fn gathered(remarks: &[Remark]) -> Vec<Remark> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for Remark { of, text } in remarks {
        match groups.iter_mut().find(|(said, _)| said == text) {
            Some((_, names)) => names.extend(of.as_deref()),
            None => groups.push((text, of.as_deref().into_iter().collect())),
        }
    }
    let join = |(text, names): (&str, Vec<&str>)| {
        let mut named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
        let more = names.len().saturating_sub(NAMED);
        if more > 0 {
            named += &format!(" and {more} more");
        }
        Remark { of: Some(named).filter(|named| !named.is_empty()), text: text.to_owned() }
    };
    groups.into_iter().map(join).collect()
}

/// The most columns that a block has: longer lines are hard to read.
const WIDEST: usize = 100;
/// Where the sentences begin.
const INDENT: usize = 10;

/// The block, and the line in which it was found.
#[must_use]
pub fn render(explanation: &Explanation, found_in: Option<&str>, look: Look) -> String {
    let mut out = String::new();
    let subject = explanation.subject.to_string();
    let indent = width::of(&subject) + 2;
    let name = laid(explanation.name, indent, look);
    let head = if look.color { format!("{}{subject}\x1b[0m", color(explanation.again)) } else { subject };
    // Writing to a String does not fail.
    let _ = writeln!(out, "{head}  {name}");
    let mut row = |label: &str, text: &str| {
        let _ = writeln!(out, "  {label:<7} {}", laid(text, INDENT, look));
    };
    row("means", &explanation.means);
    row("who", explanation.who);
    row("do", &explanation.advice);
    if !matches!(explanation.subject, Subject::Mechanism) {
        row("again?", explanation.again.answer());
    }
    if let (Subject::Reply { code: Some(code), .. }, Some(general)) =
        (explanation.subject, explanation.general)
    {
        row(&code.to_string(), general);
    }
    if let Some(note) = explanation.note {
        row("note", note);
    }
    if let Some(line) = found_in {
        row("line", &printable(line));
    }
    out
}

/// On a terminal, the further lines of a text stand under the first.
fn laid(text: &str, indent: usize, look: Look) -> String {
    let Some(columns) = look.columns else { return text.to_owned() };
    width::under(&width::filled(text, columns.min(WIDEST).saturating_sub(indent)), indent)
}

fn color(again: Again) -> &'static str {
    match again {
        Again::Accepted | Again::GoOn => "\x1b[32m",
        Again::Later | Again::ThoseNamed | Again::Twice => "\x1b[33m",
        Again::No | Again::AfterChange => "\x1b[31m",
    }
}

/// An explanation as JSON has it; in a line of its own, or in a recipient.
#[derive(Serialize)]
pub(super) struct Json {
    kind: &'static str,
    code: Option<u16>,
    enhanced: Option<String>,
    registered: bool,
    name: &'static str,
    meaning: String,
    who: &'static str,
    advice: String,
    again: &'static str,
    recognized: bool,
    note: Option<&'static str>,
}

impl Json {
    pub(super) fn of(explanation: &Explanation) -> Json {
        let (code, enhanced) = match explanation.subject {
            Subject::Reply { code, enhanced } => (code, enhanced),
            Subject::Alert(number) | Subject::ExitStatus(number) => (Some(u16::from(number)), None),
            Subject::Mechanism | Subject::LoginError => (None, None),
        };
        Json {
            kind: explanation.subject.kind(),
            code,
            enhanced: enhanced.map(|status| status.to_string()),
            registered: explanation.registered,
            name: explanation.name,
            meaning: explanation.means.to_string(),
            who: explanation.who,
            advice: explanation.advice.to_string(),
            again: explanation.again.name(),
            recognized: explanation.known,
            note: explanation.note,
        }
    }
}

#[derive(Serialize)]
struct Line<'a> {
    version: u8,
    #[serde(flatten)]
    explanation: Json,
    line: Option<&'a str>,
}

/// One object on one line, with its line end.
#[must_use]
pub fn json(explanation: &Explanation, found_in: Option<&str>) -> String {
    let line = Line { version: 1, explanation: Json::of(explanation), line: found_in };
    written(&line) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_the_same_for_several_is_said_once() {
        let remark = |of: &str, text: &str| Remark {
            of: Some(of.to_owned()).filter(|of| !of.is_empty()),
            text: text.to_owned(),
        };
        let said = |remarks: &[Remark]| gathered(remarks).iter().map(ToString::to_string).collect::<Vec<_>>();
        let two = [remark("a", "no"), remark("b", "later"), remark("c", "no"), remark("", "later")];
        assert_eq!(said(&two), ["a, c: no", "b: later"]);
        let many: Vec<_> = ["a", "b", "c", "d", "e"].iter().map(|of| remark(of, "no")).collect();
        assert_eq!(said(&many), ["a, b, c and 2 more: no"]);
        assert_eq!(said(&[remark("", "no")]), ["no"]);
        assert!(said(&[]).is_empty());
    }
}
