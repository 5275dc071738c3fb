//! What became of a signature, as data (RFC 6376, section 6.1; RFC 8601, section 2.7.1).

use crate::dkim::algorithm::Algorithm;
use crate::dkim::record::RecordFault;
use crate::dkim::signature::{Claims, Signature, SignatureFault};
use std::fmt;

/// All that is known of one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The line of the header section in which it begins, from 1.
    pub line: usize,
    /// What it says of itself.
    pub claims: Claims,
    /// All that it says, if it can be read.
    pub signature: Option<Signature>,
    /// How many bits the key has, if there is one.
    pub bits: Option<u32>,
    /// Whether the domain is trying DKIM out (`t=y`): then no verdict may do a message harm.
    pub is_test: bool,
    /// What came of it.
    pub verdict: Verdict,
    /// What is to be known besides.
    pub remarks: Vec<Remark>,
}

impl Judgement {
    pub(super) fn new(line: usize, claims: Claims) -> Judgement {
        Judgement {
            line,
            claims,
            signature: None,
            bits: None,
            is_test: false,
            verdict: Verdict::TempError,
            remarks: Vec::new(),
        }
    }
}

/// What came of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The domain signed this message.
    Pass,
    /// It did not, or not any more.
    Fail(Failure),
    /// Its key could not be looked up now.
    TempError,
    /// It cannot be verified, and will never be.
    PermError(Fault),
}

impl Verdict {
    /// The word for it in Authentication-Results (RFC 8601, section 2.7.1).
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail(_) => "fail",
            Verdict::TempError => "temperror",
            Verdict::PermError(_) => "permerror",
        }
    }
}

/// Why a signature that can be verified is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// The header fields are as they were signed, the body is another one.
    Body,
    /// The body is as it was signed; the fields are others, or another key signed them.
    Signature,
    /// Neither is as it was signed.
    Both,
    /// The body is shorter than `l=` says.
    BodyTooShort,
    /// It is no longer valid (`x=`).
    Expired,
    /// It was made later than now (`t=`).
    FromTheFuture,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Failure::Body => "the body was changed",
            Failure::Signature => "signed fields were changed, or it is another key's",
            Failure::Both => "fields and body were changed, or it is another message's",
            Failure::BodyTooShort => "the body is shorter than what was signed",
            Failure::Expired => "the signature has expired",
            Failure::FromTheFuture => "the signature is from the future",
        })
    }
}

/// Why a signature cannot be verified at all.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It cannot be read, or not believed.
    Signature(SignatureFault),
    /// A line of the header section that is neither a field nor a continuation of one: what it is, and
    /// whether the fields end there, is seen differently by others.
    NotAField {
        /// Which line, from 1.
        line: usize,
    },
    /// There is no key record.
    NoRecord,
    /// The record gives no key.
    Record(RecordFault),
    /// The key is for another algorithm.
    OtherKey(Algorithm),
    /// The record does not allow SHA-256.
    HashNotAllowed,
    /// The key is not for mail.
    NotForEmail,
    /// `i=` is of a domain below, and the record does not allow that (`t=s`).
    NotForSubdomains,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Signature(fault) => fault.fmt(f),
            Fault::NotAField { line } => write!(f, "line {line} is not a header field"),
            Fault::NoRecord => f.write_str("there is no key record"),
            Fault::Record(fault) => fault.fmt(f),
            Fault::OtherKey(algorithm) => write!(f, "the key is for {algorithm}"),
            Fault::HashNotAllowed => f.write_str("the record does not allow SHA-256"),
            Fault::NotForEmail => f.write_str("the key is not for mail"),
            Fault::NotForSubdomains => f.write_str("the key is not for domains below its own"),
        }
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Fault::Signature(fault) => Some(fault),
            Fault::Record(fault) => Some(fault),
            _ => None,
        }
    }
}

/// What is to be known besides the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// Only a part of the body is signed (`l=`).
    Length {
        /// How many octets of its canonical form.
        signed: u64,
        /// How many follow them, which anybody can have written.
        more: u64,
    },
    /// An RSA key of fewer than 2048 bits.
    ShortKey {
        /// How many.
        bits: u32,
    },
    /// There are several records at the key's name, which should have one.
    SeveralRecords {
        /// How many.
        count: usize,
    },
}
