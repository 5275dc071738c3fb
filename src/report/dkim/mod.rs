//! What came of the signatures of a message: as lines, as JSON, and as an exit status.

mod json;
mod text;

pub use json::json;
pub use text::text;

use super::exit::ExitStatus;
use crate::dkim::{Judgement, Signature, Verdict};
use crate::dns::DnsError;
use crate::words;

/// What came of the signatures of a message.
#[derive(Debug)]
pub struct Looked {
    /// From top to bottom.
    pub judgements: Vec<Judgement>,
    /// How many more there are.
    pub left_out: usize,
    /// The keys that the DNS did not give, by their names, and why.
    pub errors: Vec<(String, DnsError)>,
}

impl Looked {
    /// Why the key of a signature is not known.
    fn lookup(&self, judgement: &Judgement) -> Option<&DnsError> {
        let question = judgement.signature.as_ref().map(Signature::question)?;
        self.errors.iter().find(|(asked, _)| *asked == question).map(|(_, error)| error)
    }

    /// Why a signature did not pass.
    fn reason(&self, judgement: &Judgement) -> Option<String> {
        words::dkim::verdict(&judgement.verdict, self.lookup(judgement))
    }
}

/// What is to be known besides.
fn remarks(judgement: &Judgement) -> Vec<String> {
    let testing = judgement.is_test.then(|| words::dkim::TESTING.to_owned());
    testing.into_iter().chain(judgement.remarks.iter().map(words::dkim::remark)).collect()
}

/// 0 if all signatures pass and there is one; 75 if the others could not be verified now; else 1.
#[must_use]
pub fn status(looked: &Looked) -> ExitStatus {
    let all = |is: fn(&Verdict) -> bool| looked.judgements.iter().all(|judgement| is(&judgement.verdict));
    if looked.judgements.is_empty() || looked.left_out > 0 {
        ExitStatus::FINDING
    } else if all(|verdict| *verdict == Verdict::Pass) {
        ExitStatus::OK
    } else if all(|verdict| matches!(verdict, Verdict::Pass | Verdict::TempError)) {
        ExitStatus::TEMPORARY
    } else {
        ExitStatus::FINDING
    }
}
