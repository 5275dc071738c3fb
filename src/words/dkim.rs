//! What is said of DKIM: of a key that cannot sign, of a message that is not signed, and of a signature that
//! was looked at.

use crate::dkim::{Failure, Fault, KeyFault, RecordFault, Remark, SignError, SignatureFault, Verdict};
use crate::dns::DnsError;

/// How a key is made that everybody verifies.
const MAKE_RSA: &str = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem";
/// How the other kind is made.
const MAKE_ED25519: &str = "openssl genpkey -algorithm ed25519 -out key.pem";

/// Of a file that holds no key to sign with: what is wrong, and what to do.
#[must_use]
pub fn key(fault: &KeyFault) -> String {
    let advice = match fault {
        KeyFault::NoKey => format!("; make one with {MAKE_RSA}"),
        KeyFault::Encrypted => {
            ": decrypt it into a file that only you can read, with openssl pkey -in KEY -out key.pem"
                .to_owned()
        }
        KeyFault::Public | KeyFault::Certificate => "; the private key is needed".to_owned(),
        KeyFault::OpenSsh => format!(": make one for DKIM with {MAKE_RSA}"),
        KeyFault::Other(_) => {
            format!(": DKIM takes RSA and Ed25519; make one with {MAKE_RSA}, or {MAKE_ED25519}")
        }
        KeyFault::TooShort { .. } | KeyFault::TooLong { .. } => format!(": make another with {MAKE_RSA}"),
        KeyFault::Malformed | KeyFault::Unfit { .. } => {
            format!(": copy it anew from where it was made, or make another with {MAKE_RSA}")
        }
    };
    format!("{fault}{advice}")
}

/// Of a message that is not signed, or of a name under which nothing can be.
#[must_use]
pub fn sign(error: &SignError) -> String {
    let advice = match error {
        SignError::Domain(_) => ": give one such as example.org",
        SignError::Selector(_) => ": give a short name such as mail2024",
        SignError::NotAField { .. } => ": verifiers would not agree on where the header section ends",
        SignError::NoFrom => ", which every signature must cover",
        SignError::Key(_) => ": this system lacks memory or random numbers",
        _ => "",
    };
    format!("{error}{advice}")
}

/// Why a signature did not pass: one reason, without advice; none where it passed. `lookup` is why its key is
/// not known, where that is so. What the signature holds is repeated as it stands there.
#[must_use]
pub fn verdict(verdict: &Verdict, lookup: Option<&DnsError>) -> Option<String> {
    Some(match (verdict, lookup) {
        (Verdict::Pass, _) => return None,
        (Verdict::Fail(failure), _) => failed(*failure).to_owned(),
        (Verdict::TempError, Some(error)) => format!("the key could not be looked up: {error}"),
        (Verdict::TempError, None) => "the key could not be looked up".to_owned(),
        (Verdict::PermError(Fault::NoRecord), Some(error)) => format!("there is no key record: {error}"),
        (Verdict::PermError(fault), _) => format!("{fault}{}", detail(fault)),
    })
}

fn failed(failure: Failure) -> &'static str {
    match failure {
        Failure::Body => "the body was changed after it was signed; the header fields were not",
        Failure::Signature => {
            "a signed header field was changed, or the key is not the one that signed; the body was not changed"
        }
        Failure::Both => "header fields and body were changed, or the signature is of another message",
        Failure::BodyTooShort => "the body is shorter than what was signed (l=)",
        Failure::Expired => "the signature has expired (x=)",
        Failure::FromTheFuture => "the signature was made later than now (t=): is the clock right?",
    }
}

/// What a fault says no more of than its kind.
fn detail(fault: &Fault) -> String {
    let text = match fault {
        Fault::Signature(SignatureFault::Tags(fault)) | Fault::Record(RecordFault::Tags(fault)) => {
            fault.to_string()
        }
        Fault::Signature(SignatureFault::Domain(fault) | SignatureFault::Selector(fault)) => {
            fault.to_string()
        }
        Fault::Signature(SignatureFault::Algorithm(name)) | Fault::Record(RecordFault::Kind(name)) => {
            format!("'{name}'")
        }
        Fault::Record(RecordFault::Revoked) => "its p= is empty".to_owned(),
        Fault::NotAField { .. } => "verifiers do not agree on where the header section ends".to_owned(),
        _ => return String::new(),
    };
    format!(": {text}")
}

/// What is to be known besides a verdict.
#[must_use]
pub fn remark(remark: &Remark) -> String {
    match remark {
        Remark::Length { more: 0, .. } => {
            "l= is used: whatever is added below the body will pass, too".to_owned()
        }
        Remark::Length { signed, more } => {
            format!("only {signed} octets of the body are signed (l=): {more} more may be anybody's")
        }
        Remark::ShortKey { bits } => {
            format!("the key has {bits} bits, which is too few today: 2048 are good")
        }
        Remark::SeveralRecords { count } => format!("there are {count} records for this key, not one"),
    }
}

/// What `t=y` of a record is.
pub const TESTING: &str = "the domain is only testing DKIM (t=y): its verdict should count for nothing";

#[cfg(test)]
mod tests;
