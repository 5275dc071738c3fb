//! What a notice says to people: who did not get the message, why, since when it was tried, and what to do.

use super::about::{About, Kind};
use super::part::{self, date};
use super::status::is_reply;
use crate::spool::state::{RecipientState, State};
use ehlo_smtp::dialogue::is_unsafe;
use std::fmt::Write as _;

/// How many columns a line has.
const WIDTH: usize = 74;

/// The subject, as a field.
#[must_use]
pub fn subject(kind: Kind) -> &'static str {
    match kind {
        Kind::Failed => "Subject: Your message was not delivered",
        Kind::Delayed { .. } => "Subject: Your message is late",
    }
}

/// The part.
pub fn part(about: &About, host: &str) -> Vec<u8> {
    part::text(&text(about, host))
}

fn text(about: &About, host: &str) -> String {
    let mut out = format!("This is the mail system of {host}.\n\n");
    out.push_str(match about.kind {
        Kind::Failed => "Your message was not delivered to:\n",
        Kind::Delayed { .. } => "Your message was not delivered yet to:\n",
    });
    for (recipient, state) in about.named() {
        // Writing to a String does not fail.
        _ = writeln!(out, "\n  <{}>", safe(&recipient.address));
        for sentence in why(state) {
            out.push_str(&wrapped(&sentence, "    "));
        }
    }
    if about.more() > 0 {
        _ = writeln!(out, "\n  and {} more, who are not named here", about.more());
    }
    out.push('\n');
    out.push_str(&wrapped(&history(about), ""));
    out.push('\n');
    out.push_str(&wrapped(&advice(about), ""));
    _ = writeln!(out, "\nIts identifier in the queue was {}.", about.entry.id);
    out
}

/// What stood in the way.
fn why(state: &RecipientState) -> Vec<String> {
    let said = state.said.as_deref().map(safe).unwrap_or_default();
    let server = state.server.as_deref().map(safe);
    let answer = match server {
        _ if said.is_empty() => None,
        Some(server) if is_reply(&said) => Some(format!("{server} said: {said}")),
        _ => Some(said),
    };
    let mut sentences = Vec::new();
    match (state.state, answer) {
        (State::GivenUp, None) => sentences.push("It was tried for too long, and is given up.".to_owned()),
        (State::GivenUp, Some(answer)) => {
            sentences.push("It was tried for too long, and is given up. What happened last:".to_owned());
            sentences.push(answer);
        }
        (State::Removed, _) => sentences.push("It was taken out of the queue.".to_owned()),
        (_, answer) => sentences.extend(answer),
    }
    if state.was_unknown {
        sentences.push(
            "It may have arrived all the same: the connection broke once after the message was sent and before the \
             server had answered."
                .to_owned(),
        );
    }
    sentences
}

/// Since when, and how often.
fn history(about: &About) -> String {
    let created = date(about.entry.created);
    match (about.state.attempts, about.state.last_attempt) {
        (0, _) | (_, None) => format!("It was handed over on {created}. No server was reached."),
        (1, Some(last)) => format!("It was handed over on {created}, and tried once, on {}.", date(last)),
        (times, Some(last)) => {
            format!(
                "It was handed over on {created}, and tried {times} times, the last time on {}.",
                date(last)
            )
        }
    }
}

/// What to do.
fn advice(about: &About) -> String {
    let mut out = match about.kind {
        Kind::Failed => {
            "It is not tried again for them. If they are still to have it, check the address and what \
            was said, and send it once more."
                .to_owned()
        }
        Kind::Delayed { until } => format!(
            "There is nothing that you need to do: it is tried further until {}. If it fails, you are told.",
            date(until)
        ),
    };
    if about.places.len() < about.entry.submission.recipients.len() {
        out.push_str(" The message had other recipients; this is not about them.");
    }
    out
}

/// Without what moves or hides other characters.
fn safe(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { ' ' } else { c }).collect()
}

/// In lines that are no longer than can be read well, each with a line end. A word that is longer stays whole.
fn wrapped(text: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if column == 0 {
            out.push_str(indent);
            column = indent.len();
        } else if column + 1 + width > WIDTH {
            out.push('\n');
            out.push_str(indent);
            column = indent.len();
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out.push('\n');
    out
}
