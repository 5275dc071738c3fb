//! One signature, its key and its message (RFC 6376, sections 3.7, 6.1.2 and 6.1.3).

use super::bodies::Finished;
use super::{Answer, Failure, Fault, Judgement, Remark, Verdict};
use crate::dkim::header::{Choice, Field, write};
use crate::dkim::record::Record;
use crate::dkim::signature::Signature;

/// No more records of one name are tried.
const MOST_RECORDS: usize = 4;

/// Completes the judgement of a signature whose key was asked for.
pub(super) fn judge(
    judgement: &mut Judgement,
    signature: &Signature,
    answer: Option<Answer>,
    choice: &Choice<'_>,
    own: &Field<'_>,
    hashes: &Finished,
) {
    let records = match answer {
        None | Some(Answer::Failed) => return,
        Some(Answer::Records(records)) => records,
        Some(Answer::None) => Vec::new(),
    };
    judgement.verdict = Verdict::PermError(Fault::NoRecord);
    if records.len() > 1 {
        judgement.remarks.push(Remark::SeveralRecords { count: records.len() });
    }
    let octets = signed_octets(signature, choice, own);
    let found = records.iter().take(MOST_RECORDS).map(|text| one(text, signature, &octets, hashes));
    // The first of the best: `min_by_key` keeps the first of several.
    if let Some((verdict, record)) = found.min_by_key(|(verdict, _)| rank(verdict)) {
        judgement.verdict = verdict;
        if let Some(record) = record {
            let bits = record.key.bits();
            judgement.bits = Some(bits);
            judgement.is_test = record.is_test;
            if record.key.is_short() {
                judgement.remarks.push(Remark::ShortKey { bits });
            }
        }
    }
    let (Some(length), Some((_, octets))) = (signature.length, hashes.of(signature.body, signature.length))
    else {
        return;
    };
    let more = octets.saturating_sub(length);
    judgement.remarks.push(Remark::Length { signed: length, more });
}

/// What one record makes of the signature.
fn one(text: &[u8], signature: &Signature, octets: &[u8], hashes: &Finished) -> (Verdict, Option<Record>) {
    let record = match Record::parse(text) {
        Ok(record) => record,
        Err(fault) => return (Verdict::PermError(Fault::Record(fault)), None),
    };
    let fault = if record.algorithm() != signature.algorithm {
        Some(Fault::OtherKey(record.algorithm()))
    } else if !record.allows_hash() {
        Some(Fault::HashNotAllowed)
    } else if !record.allows_email() {
        Some(Fault::NotForEmail)
    } else if record.is_exact && signature.is_below {
        Some(Fault::NotForSubdomains)
    } else {
        None
    };
    if let Some(fault) = fault {
        return (Verdict::PermError(fault), Some(record));
    }
    let is_signed = record.key.has_signed(octets, &signature.signature);
    let body = hashes.of(signature.body, signature.length);
    let is_body = body.is_some_and(|(hash, _)| hash == signature.body_hash);
    let is_short = matches!((signature.length, body), (Some(length), Some((_, octets))) if length > octets);
    let verdict = match (is_signed, is_body) {
        (true, true) if is_short => Verdict::Fail(Failure::BodyTooShort),
        (true, true) => Verdict::Pass,
        (true, false) => Verdict::Fail(Failure::Body),
        (false, true) => Verdict::Fail(Failure::Signature),
        (false, false) => Verdict::Fail(Failure::Both),
    };
    (verdict, Some(record))
}

/// What was signed: the fields, and at last the signature's own with an empty `b=` and no line end.
fn signed_octets(signature: &Signature, choice: &Choice<'_>, own: &Field<'_>) -> Vec<u8> {
    let mut octets = Vec::new();
    for field in choice.fields(signature.names.iter().map(String::as_str), Some(own)) {
        field.write(signature.header, &mut octets);
    }
    let value = own.value();
    let before = value.get(..signature.blank.start).unwrap_or_default();
    let behind = value.get(signature.blank.end..).unwrap_or_default();
    let name = own.raw.get(..own.value_start).unwrap_or_default();
    write(signature.header, name, &[before, behind].concat(), &mut octets);
    octets
}

fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Pass => 0,
        Verdict::Fail(_) => 1,
        Verdict::TempError => 2,
        Verdict::PermError(_) => 3,
    }
}
