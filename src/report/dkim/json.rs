//! The same as JSON, version 1 (docs/json.md). Fields are added, never taken away, while the version stays.

use super::{Looked, remarks, status};
use crate::dkim::{Failure, Fault, Judgement, Verdict};
use crate::report::written::written;
use serde::Serialize;

#[derive(Serialize)]
struct Root<'a> {
    version: u8,
    exit_status: u8,
    signatures: Vec<Signature<'a>>,
    not_looked_at: usize,
}

#[derive(Serialize)]
struct Signature<'a> {
    line: usize,
    verdict: &'static str,
    cause: Option<&'static str>,
    reason: Option<String>,
    domain: Option<&'a str>,
    selector: Option<&'a str>,
    algorithm: Option<&'a str>,
    identity: Option<&'a str>,
    key_bits: Option<u32>,
    is_test: bool,
    signed_at: Option<u64>,
    expires_at: Option<u64>,
    signed_fields: Option<&'a [String]>,
    signed_octets: Option<u64>,
    remarks: Vec<String>,
}

/// One object, on one line.
#[must_use]
pub fn json(looked: &Looked) -> String {
    let signatures = looked.judgements.iter().map(|judgement| signature(looked, judgement)).collect();
    let root = Root { version: 1, exit_status: status(looked).0, signatures, not_looked_at: looked.left_out };
    written(&root) + "\n"
}

fn signature<'a>(looked: &Looked, judgement: &'a Judgement) -> Signature<'a> {
    let Judgement { claims, signature, .. } = judgement;
    let signature = signature.as_ref();
    Signature {
        line: judgement.line,
        verdict: judgement.verdict.word(),
        cause: cause(&judgement.verdict),
        reason: looked.reason(judgement),
        domain: claims.domain.as_deref(),
        selector: claims.selector.as_deref(),
        algorithm: claims.algorithm.as_deref(),
        identity: signature.map(|signature| signature.identity.as_str()),
        key_bits: judgement.bits,
        is_test: judgement.is_test,
        signed_at: signature.and_then(|signature| signature.signed),
        expires_at: signature.and_then(|signature| signature.expires),
        signed_fields: signature.map(|signature| signature.names.as_slice()),
        signed_octets: signature.and_then(|signature| signature.length),
        remarks: remarks(judgement),
    }
}

/// The reason, for programs.
fn cause(verdict: &Verdict) -> Option<&'static str> {
    Some(match verdict {
        Verdict::Pass => return None,
        Verdict::TempError => "lookup",
        Verdict::Fail(failure) => match failure {
            Failure::Body => "body",
            Failure::Signature => "signature",
            Failure::Both => "both",
            Failure::BodyTooShort => "body_too_short",
            Failure::Expired => "expired",
            Failure::FromTheFuture => "from_the_future",
        },
        Verdict::PermError(fault) => match fault {
            Fault::Signature(_) => "unreadable_signature",
            Fault::NotAField { .. } => "not_a_field",
            Fault::NoRecord => "no_record",
            Fault::Record(_) => "unusable_record",
            Fault::OtherKey(_) => "other_key",
            Fault::HashNotAllowed => "hash_not_allowed",
            Fault::NotForEmail => "not_for_email",
            Fault::NotForSubdomains => "not_for_subdomains",
        },
    })
}
