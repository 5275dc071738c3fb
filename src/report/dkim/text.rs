//! A line for each signature.

use super::{Looked, remarks};
use crate::dkim::{Algorithm, Judgement};
use crate::report::text::{Look, printable};
use crate::report::width;

/// How far a reason is indented on a terminal.
const INDENT: usize = 11;
/// The width of the verdict's column there.
const VERDICT: usize = 9;

/// The lines: verdict, domain, selector, algorithm and key, and why, with TABs between. On a terminal the
/// reason, and what is to be known besides, follow on lines of their own.
#[must_use]
pub fn text(looked: &Looked, look: Look) -> String {
    looked.judgements.iter().map(|judgement| one(looked, judgement, look)).collect()
}

fn one(looked: &Looked, judgement: &Judgement, look: Look) -> String {
    let claims = &judgement.claims;
    let named = |text: &Option<String>| printable(text.as_deref().unwrap_or("-"));
    let said: Vec<String> =
        looked.reason(judgement).into_iter().chain(remarks(judgement)).map(|text| printable(&text)).collect();
    let verdict = judgement.verdict.word();
    let about = [named(&claims.domain), named(&claims.selector), algorithm(judgement)];
    let Some(columns) = look.columns else {
        return format!("{verdict}\t{}\t{}\n", about.join("\t"), said.join("; "));
    };
    let mut out = format!("{}  {}\n", width::padded(verdict, VERDICT), about.join("  "));
    for text in said {
        let lines = width::folded(&text, columns.saturating_sub(INDENT).max(width::NARROWEST));
        for line in lines {
            out += &format!("{:INDENT$}{line}\n", "");
        }
    }
    out
}

/// What it was signed with, and how large the key is, where that differs from key to key.
fn algorithm(judgement: &Judgement) -> String {
    let name = printable(judgement.claims.algorithm.as_deref().unwrap_or("-"));
    let is_rsa =
        judgement.signature.as_ref().is_some_and(|signature| signature.algorithm == Algorithm::RsaSha256);
    match judgement.bits.filter(|_| is_rsa) {
        Some(bits) => format!("{name}, {bits} bits"),
        None => name,
    }
}
