//! The report for people and for cut(1): one line for each recipient, then one for the message.
//!
//! Code, address, text; single TABs between them, or columns on a terminal. What a server said is made
//! printable.

use super::{Report, width};
use crate::delivery::Outcome;
use crate::delivery::fate::Why;
use crate::delivery::outcome::{RecipientOutcome, TransactionView};
use crate::spool::Id;
use crate::words;
use ehlo_smtp::dialogue::is_unsafe;
use ehlo_smtp::reply::Reply;
use ehlo_smtp::transaction::Status;
use std::collections::HashSet;
use std::fmt::Write as _;

/// How it is to look.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// Columns in place of TABs, on a terminal that is so wide.
    pub columns: Option<usize>,
    /// Colours.
    pub color: bool,
    /// The error that ended it all is told on the same terminal, and need not stand in the report.
    pub error_is_told: bool,
}

/// Makes a text fit for a terminal: what moves the cursor, changes a colour or hides other characters becomes
/// `\xNN` or `\u{NNNN}`.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_unsafe(c) && c.is_ascii() => _ = write!(out, "\\x{:02x}", u32::from(c)),
            c if is_unsafe(c) => _ = write!(out, "\\u{{{:x}}}", u32::from(c)),
            c => out.push(c),
        }
    }
    out
}

/// A reply's lines on one, printable.
#[must_use]
pub fn joined(reply: &Reply) -> String {
    printable(&reply.joined())
}

/// The same behind the code.
#[must_use]
pub fn said(reply: &Reply) -> String {
    printable(&reply.on_one_line())
}

/// One line of the report.
struct Row {
    code: String,
    status: Status,
    name: String,
    text: String,
}

/// The whole report.
#[must_use]
pub fn render(report: &Report, look: Look) -> String {
    let outcome = &report.outcome;
    if let Some(id) = report.queued {
        return queued(outcome, id, look);
    }
    let mut rows: Vec<Row> = Vec::new();
    let mut told = Told::new(report, look);
    for (recipient, fate) in outcome.fates() {
        let (code, text) = code_and_text(fate.reply(), || match fate.why {
            Why::Error(_) => told.shortly(report.why(&fate)),
            _ => report.why(&fate),
        });
        rows.push(Row { code, status: fate.status, name: printable(&recipient.address.to_string()), text });
    }
    for view in transactions(outcome).filter(|_| outcome.verification.is_none()) {
        let reply = view.transaction.cause();
        let (code, text) = code_and_text(reply, || match view.error {
            Some(_) => told.shortly(report.message_why(view)),
            None => report.message_why(view),
        });
        let status = match reply.map(|reply| reply.code() / 100) {
            Some(2) => Status::Accepted,
            Some(4) => Status::Deferred,
            Some(_) => Status::Refused,
            None => Status::Untried,
        };
        let host =
            view.server.routed.as_ref().filter(|_| outcome.has_several_destinations() && reply.is_some());
        let text = words::route::at(host, text);
        rows.push(Row { code, status, name: "message".to_owned(), text });
    }
    if outcome.transactions().next().is_none() && outcome.verification.is_none() {
        let why = report.complaint().map_or(String::new(), |complaint| format!(": {}", complaint.text));
        let (code, text) = code_and_text(None, || told.shortly(format!("untried{why}")));
        rows.push(Row { code, status: Status::Untried, name: "message".to_owned(), text });
    }
    written(&rows, look)
}

/// What is said of a message that the queue has.
fn queued(outcome: &Outcome, id: Id, look: Look) -> String {
    let row = |recipient: &RecipientOutcome| Row {
        code: "---".to_owned(),
        status: Status::Untried,
        name: printable(&recipient.address.to_string()),
        text: format!("queued as {id}"),
    };
    written(&outcome.recipients.iter().map(row).collect::<Vec<_>>(), look)
}

fn written(rows: &[Row], look: Look) -> String {
    let name_width = look.columns.map_or(0, |columns| name_width(rows, columns));
    rows.iter().map(|row| row.render(look, name_width)).collect()
}

/// On a terminal, a fault that ended the work is told once, not for each recipient.
struct Told {
    once: bool,
    reasons: HashSet<String>,
}

impl Told {
    fn new(report: &Report, look: Look) -> Told {
        let complaint = report.complaint().filter(|_| look.error_is_told).map(|complaint| complaint.text);
        Told { once: look.columns.is_some(), reasons: complaint.into_iter().collect() }
    }

    /// `untried: why`, or `untried` alone where that reason was told before.
    fn shortly(&mut self, text: String) -> String {
        match text.split_once(": ") {
            Some((status, reason)) if self.once && !self.reasons.insert(reason.to_owned()) => {
                status.to_owned()
            }
            _ => text,
        }
    }
}

/// The widest that the names' column is, at most.
const WIDEST_NAME: usize = 60;
/// What stands between two columns.
const GAP: usize = 2;
/// Where names begin, behind the code.
const NAME_AT: usize = 3 + GAP;

/// How wide the names' column is: a third of the terminal is left for texts at least. A name that is wider has its
/// text on the line below.
fn name_width(rows: &[Row], columns: usize) -> usize {
    let most = columns.saturating_sub(NAME_AT + GAP + columns / 3).min(WIDEST_NAME);
    let widths = rows.iter().map(|row| width::of(&row.name));
    widths.filter(|width| *width <= most).max().unwrap_or(GAP)
}

impl Row {
    fn render(&self, look: Look, name_width: usize) -> String {
        let Row { code, name, text, .. } = self;
        let code = if look.color { format!("{}{code}\x1b[0m", color(self.status)) } else { code.clone() };
        let Some(columns) = look.columns else { return format!("{code}\t{name}\t{text}\n") };
        let text_at = NAME_AT + name_width + GAP;
        let text = width::under(&width::filled(text, columns.saturating_sub(text_at)), text_at);
        if width::of(name) <= name_width {
            return format!("{code}  {}  {text}\n", width::padded(name, name_width));
        }
        let name = width::under(&width::filled(name, columns.saturating_sub(NAME_AT)), NAME_AT);
        format!("{code}  {name}\n{:text_at$}{text}\n", "")
    }
}

/// How wide the labels of a plan are.
const LABEL: usize = 12;

/// A line of a plan: what it is about, and the value, which is folded on a terminal.
#[must_use]
pub fn labelled(label: &str, value: &str, columns: Option<usize>) -> String {
    let value = printable(value);
    let lines = columns.map(|columns| width::filled(&value, columns.saturating_sub(LABEL)));
    let value = lines.map_or(value, |lines| width::under(&lines, LABEL));
    format!("{label:<LABEL$}{value}\n")
}

/// The transactions that have a line for their message. One that decided about nobody who was accepted says
/// nothing of the message, unless it is all there is to say.
fn transactions(outcome: &Outcome) -> impl Iterator<Item = TransactionView<'_>> {
    let none = !outcome.transactions().any(|view| view.had_recipients);
    let last = outcome.transactions().last().filter(|_| none);
    outcome.transactions().filter(|view| view.had_recipients).chain(last)
}

fn code_and_text(reply: Option<&Reply>, why: impl FnOnce() -> String) -> (String, String) {
    match reply {
        Some(reply) => (reply.code().to_string(), joined(reply)),
        None => ("---".to_owned(), printable(&why())),
    }
}

fn color(status: Status) -> &'static str {
    match status {
        Status::Accepted => "\x1b[32m",
        Status::Refused => "\x1b[31m",
        Status::Deferred | Status::Unknown => "\x1b[33m",
        Status::Untried => "\x1b[2m",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_cannot_move_the_cursor() {
        assert_eq!(printable("a\x1b[2Jb\tc\u{9b}d\u{202e}e"), "a\\x1b[2Jb\\x09c\\u{9b}d\\u{202e}e");
        assert_eq!(printable("C:\\new é"), "C:\\new é");
    }

    #[test]
    fn lines_are_joined() {
        assert_eq!(joined(&Reply::new(550, "5.1.1 no\nsuch\nuser")), "5.1.1 no / such / user");
    }
}
