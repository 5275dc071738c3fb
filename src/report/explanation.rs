//! Explanations for people, in a small block, and as JSON (docs/json.md).

use super::text::{Look, printable};
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
use std::fmt::Write as _;

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
#[must_use]
pub fn of_fate(fate: &FinalFate<'_>) -> Option<Explanation> {
    let refusal = fate.reply().filter(|reply| !reply.is_positive());
    refusal.map(|reply| Explanation::of(reply, Some(After::stage(fate.stage))))
}

/// Of the messages and of the session, as lines behind the recipients' own.
#[must_use]
pub fn of_the_rest(outcome: &Outcome) -> Vec<String> {
    let of_message = |(number, view): (usize, TransactionView<'_>)| {
        let reply = view.transaction.cause().filter(|reply| !reply.is_positive())?;
        // Where it came, those know whose fate it decided; else nobody was accepted, and it answered DATA.
        let mut fates = outcome.fates();
        let with_it = |(recipient, fate): &(&RecipientOutcome, FinalFate<'_>)| {
            recipient.decided.map(|at| outcome.number(at)) == Some(number) && fate.reply() == Some(reply)
        };
        let stage = fates.find(with_it).map_or(Stage::Data, |(_, fate)| fate.stage);
        Some(format!("message: {}", Explanation::of(reply, Some(After::stage(stage))).line()))
    };
    let mut lines: Vec<_> = outcome.transactions().enumerate().filter_map(of_message).collect();
    lines.extend(outcome.error().and_then(of_error).as_ref().map(Explanation::line));
    lines
}

/// The columns of a terminal that a block keeps to, where it is one.
const WIDTH: usize = 80;
/// Where the sentences begin.
const INDENT: usize = 10;

/// The block, and the line in which it was found.
#[must_use]
pub fn render(explanation: &Explanation, found_in: Option<&str>, look: Look) -> String {
    let mut out = String::new();
    let head = explanation.subject.to_string();
    let head = if look.color { format!("{}{head}\x1b[0m", color(explanation.again)) } else { head };
    // Writing to a String does not fail.
    let _ = writeln!(out, "{head}  {}", explanation.name);
    let mut row = |label: &str, text: &str| {
        let text = if look.columns { wrapped(text) } else { text.to_owned() };
        let _ = writeln!(out, "  {label:<7} {text}");
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
        // Not wrapped: it is to be found again as it is.
        let _ = writeln!(out, "  {:<7} {}", "line", printable(line));
    }
    out
}

fn color(again: Again) -> &'static str {
    match again {
        Again::Accepted | Again::GoOn => "\x1b[32m",
        Again::Later | Again::ThoseNamed | Again::Twice => "\x1b[33m",
        Again::No | Again::AfterChange => "\x1b[31m",
    }
}

/// Broken between words, the further lines under the first.
fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut column = INDENT;
    for word in text.split(' ') {
        let length = word.chars().count();
        if !out.is_empty() && column + 1 + length > WIDTH {
            let _ = write!(out, "\n{:INDENT$}{word}", "");
            column = INDENT + length;
        } else {
            let gap = if out.is_empty() { "" } else { " " };
            let _ = write!(out, "{gap}{word}");
            column += gap.len() + length;
        }
    }
    out
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
    fn long_sentences_are_broken_between_words() {
        let text = wrapped(&"four ".repeat(40));
        assert!(text.lines().all(|line| line.chars().count() <= WIDTH), "{text}");
        assert_eq!(text.split_whitespace().count(), 40);
        assert_eq!(wrapped("one"), "one");
        let long = "x".repeat(200);
        assert_eq!(wrapped(&long), long);
    }
}
