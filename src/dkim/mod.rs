//! DKIM (RFC 6376, 8301, 8463, 8616): signing messages, and verifying their signatures.
//!
//! ```text
//!   sign:    Key::read -> SigningKey::new -> Signer::new;  Message::new -> push … -> finish -> fields
//!   verify:  Head::push … -> Verifier::new -> questions -> answer … -> push … -> finish -> judgements
//!   publish: record(&key) -> strings; matches(record, &key)
//! ```
//!
//! Keys, records and messages are given as octets: no file is opened here, no name looked up, no clock read.
//! What is wrong is told as data; flags, files, DNS and sentences are for others.

mod algorithm;
mod body;
mod der;
mod header;
mod key;
mod names;
mod public;
mod record;
mod sign;
mod signature;
mod signed;
mod tags;
mod verify;

pub use algorithm::{Algorithm, Form};
pub use body::{BodyHash, BodyHasher};
pub use header::{Head, HeadTooLong, LONGEST};
pub use key::{CannotSign, Key, KeyFault, OtherKind};
pub use names::NameFault;
pub use public::PublicKey;
pub use record::{Match, Record, RecordFault, matches, record, strings};
pub use sign::{Message, Settings, SignError, Signer, SigningKey};
pub use signature::{Claims, Signature, SignatureFault};
pub use signed::{Signed, Unsigned, sign};
pub use tags::TagFault;
pub use verify::{Answer, Failure, Fault, Judgement, MOST_SIGNATURES, Remark, SKEW, Verdict, Verifier};

#[cfg(test)]
mod tests;
