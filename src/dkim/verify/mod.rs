//! Verifying the signatures of a message (RFC 6376, section 6), all in one pass over its body.
//!
//! ```text
//!   header section -> Verifier::new -> questions() -> the caller asks the DNS -> answer()
//!   body           -> push()        -> finish()    -> a Judgement for each signature, from top to bottom
//! ```
//!
//! Answers may come at any time before the end. Nothing is looked up here, and what a verdict means for a
//! message (whether the domain is that of From, say) is for others.

mod answer;
mod bodies;
mod judge;
mod verdict;

pub use answer::Answer;
pub use verdict::{Failure, Fault, Judgement, Remark, Verdict};

use super::header::{Choice, HeadTooLong, LONGEST, fields};
use super::signature::{Claims, NAME, Signature};
use bodies::Bodies;
use judge::judge;

/// No more signatures of a message are looked at, from the top.
pub const MOST_SIGNATURES: usize = 20;
/// By how many seconds the clock of a signer may be ahead.
pub const SKEW: u64 = 300;

/// Verifies one message.
#[derive(Debug)]
pub struct Verifier {
    header: Vec<u8>,
    entries: Vec<Entry>,
    left_out: usize,
    bodies: Bodies,
}

/// A field DKIM-Signature.
#[derive(Debug)]
struct Entry {
    /// Its first line, from 1.
    line: usize,
    claims: Claims,
    signature: Option<Signature>,
    /// What is known of it without its key.
    early: Option<Verdict>,
    answer: Option<Answer>,
}

impl Entry {
    fn question(&self) -> Option<String> {
        if self.early.is_some() { None } else { self.signature.as_ref().map(Signature::question) }
    }
}

impl Verifier {
    /// Reads the signatures in a header section with CRLF line ends. `now` is the time in seconds since 1970.
    ///
    /// # Errors
    /// [`HeadTooLong`].
    pub fn new(header: &[u8], now: u64) -> Result<Verifier, HeadTooLong> {
        if header.len() > LONGEST {
            return Err(HeadTooLong);
        }
        let fields = fields(header);
        let mut found = fields.iter().filter(|field| field.name.eq_ignore_ascii_case(NAME.as_bytes()));
        // Some take such a line for the end of the header section, and would show less than what was signed.
        let stray = fields.iter().find(|field| !field.is_field()).map(|field| field.line);
        let mut bodies = Bodies::default();
        let entry = |field: &super::header::Field<'_>| {
            let (claims, read) = Signature::parse(field.value());
            let (signature, early) = match read {
                Ok(signature) => {
                    let stray = stray.map(|line| Verdict::PermError(Fault::NotAField { line }));
                    let early = stray.or_else(|| at(&signature, now));
                    (Some(signature), early)
                }
                Err(fault) => (None, Some(Verdict::PermError(Fault::Signature(fault)))),
            };
            Entry { line: field.line, claims, signature, early, answer: None }
        };
        let entries: Vec<Entry> = found.by_ref().take(MOST_SIGNATURES).map(entry).collect();
        for entry in entries.iter().filter(|entry| entry.early.is_none()) {
            if let Some(signature) = &entry.signature {
                bodies.want(signature.body, signature.length);
            }
        }
        Ok(Verifier { header: header.to_vec(), entries, left_out: found.count(), bodies })
    }

    /// The values of the fields of this name, in turn, as they stand in the header section.
    pub fn values(&self, name: &str) -> Vec<Vec<u8>> {
        let is_it = |field: &&super::header::Field<'_>| field.name.eq_ignore_ascii_case(name.as_bytes());
        fields(&self.header).iter().filter(is_it).map(|field| field.value().to_vec()).collect()
    }

    /// The names whose TXT records are needed, each once.
    #[must_use]
    pub fn questions(&self) -> Vec<String> {
        let mut questions: Vec<String> = Vec::new();
        for question in self.entries.iter().filter_map(Entry::question) {
            if !questions.contains(&question) {
                questions.push(question);
            }
        }
        questions
    }

    /// Takes what the DNS says to a question. What is never answered is a temporary error.
    pub fn answer(&mut self, question: &str, answer: &Answer) {
        for entry in &mut self.entries {
            if entry.question().is_some_and(|asked| asked == question) {
                entry.answer = Some(answer.clone());
            }
        }
    }

    /// Takes the next octets of the body.
    pub fn push(&mut self, octets: &[u8]) {
        self.bodies.push(octets);
    }

    /// How many signatures are not looked at, since there are more than [`MOST_SIGNATURES`].
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The verdicts, in the order of the signatures.
    #[must_use]
    pub fn finish(self) -> Vec<Judgement> {
        let hashes = self.bodies.finish();
        let fields = fields(&self.header);
        let choice = Choice::new(&fields);
        let mut judgements = Vec::new();
        for Entry { line, claims, signature, early, answer } in self.entries {
            let mut judgement = Judgement::new(line, claims);
            let own = fields.iter().find(|field| field.line == line);
            match (early, &signature, own) {
                (Some(early), ..) => judgement.verdict = early,
                (None, Some(signature), Some(own)) => {
                    judge(&mut judgement, signature, answer, &choice, own, &hashes);
                }
                // Each entry was read out of one of these fields.
                (None, ..) => {}
            }
            judgement.signature = signature;
            judgements.push(judgement);
        }
        judgements
    }
}

/// What the time says of a signature.
fn at(signature: &Signature, now: u64) -> Option<Verdict> {
    if signature.expires.is_some_and(|expires| expires < now) {
        return Some(Verdict::Fail(Failure::Expired));
    }
    let is_ahead = signature.signed.is_some_and(|signed| signed > now.saturating_add(SKEW));
    is_ahead.then_some(Verdict::Fail(Failure::FromTheFuture))
}

#[cfg(test)]
mod tests;
