//! What a reply means, in a few words: as `ehlo explain` has it, but shorter.

use crate::smtp::meaning::Explanation;
use crate::smtp::meaning::after::After;
use crate::smtp::reply::Reply;
use std::borrow::Cow;

/// What a reply means after this; of a refusal, what to do about it.
pub fn explain(reply: &Reply, after: After) -> String {
    let explanation = Explanation::of(reply, Some(after));
    match reply.code() {
        0..400 => explanation.name.to_owned(),
        _ => format!("{}: {}", explanation.name, explanation.advice),
    }
}

/// What a code means; by its first digit, if it is not known (RFC 5321, section 4.3.2).
pub fn meaning(code: u16) -> Option<Cow<'static, str>> {
    matches!(code, 200..600).then(|| Explanation::of_codes(Some(code), None, "", None).means)
}
