//! The report for people and for cut(1): one line for each recipient, then one for the message.
//!
//! Code, address, text; single TABs between them, or columns on a terminal. What a server said is made
//! printable.

use super::Report;
use crate::delivery::Outcome;
use crate::delivery::outcome::TransactionView;
use ehlo_smtp::dialogue::is_unsafe;
use ehlo_smtp::reply::Reply;
use ehlo_smtp::transaction::Status;
use std::fmt::Write as _;

/// How it is to look.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// Columns in place of TABs.
    pub columns: bool,
    /// Colours.
    pub color: bool,
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

/// The whole report.
#[must_use]
pub fn render(report: &Report, look: Look) -> String {
    let outcome = &report.outcome;
    let mut rows: Vec<(String, Status, String, String)> = Vec::new();
    for (recipient, fate) in outcome.fates() {
        let (code, text) = code_and_text(fate.reply(), || report.why(&fate));
        rows.push((code, fate.status, printable(&recipient.address.to_string()), text));
    }
    for view in transactions(outcome).filter(|_| outcome.verification.is_none()) {
        let reply = view.transaction.cause();
        let (code, text) = code_and_text(reply, || report.message_why(view));
        let status = match reply.map(|reply| reply.code() / 100) {
            Some(2) => Status::Accepted,
            Some(4) => Status::Deferred,
            Some(_) => Status::Refused,
            None => Status::Untried,
        };
        rows.push((code, status, "message".to_owned(), text));
    }
    if outcome.transactions().next().is_none() && outcome.verification.is_none() {
        let why = report.complaint().map_or(String::new(), |complaint| format!(": {}", complaint.text));
        let text = printable(&format!("untried{why}"));
        rows.push(("---".to_owned(), Status::Untried, "message".to_owned(), text));
    }
    let width = rows.iter().map(|row| row.2.chars().count()).max().unwrap_or(0).min(60);
    let mut out = String::new();
    for (code, status, name, text) in rows {
        let code = if look.color { format!("{}{code}\x1b[0m", color(status)) } else { code };
        // Writing to a String does not fail.
        let _ = if look.columns {
            writeln!(out, "{code}  {name:width$}  {text}")
        } else {
            writeln!(out, "{code}\t{name}\t{text}")
        };
    }
    out
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
