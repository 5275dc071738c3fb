//! `--dkim-check`: the published keys are compared with ours before anything is sent.

use super::super::early_exit::{EarlyExit, Result};
use crate::dkim::{Match, Signer, SigningKey, matches};
use crate::dns::{DnsError, Resolver};
use crate::net::Deadline;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use std::time::Duration;

/// How long all questions may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Looks up the record of each key, and compares it.
///
/// # Errors
/// A key that verifiers will not find, or find another in place of: 78. One that cannot be looked up: 75.
pub fn check(signer: &Signer, resolver: &Resolver, until: Deadline, output: &Output) -> Result<()> {
    let until = Deadline::after(PATIENCE).min(until);
    signer.keys().iter().try_for_each(|key| check_key(key, resolver, until, output))
}

/// The same of one key.
pub fn check_key(key: &SigningKey, resolver: &Resolver, until: Deadline, output: &Output) -> Result<()> {
    let name = key.question();
    let wrong = |why: &str| Err(EarlyExit::of(ExitStatus::CONFIG, format!("dkim: {name}: {why}")));
    let texts = match resolver.texts(&name, until) {
        Ok(texts) => texts,
        Err(DnsError::NoSuchName | DnsError::NoRecord) => {
            return wrong("no key is published there; ehlo dkim record prints what to publish");
        }
        Err(error) => {
            let text = format!("dkim: the key at {name} cannot be looked up: {error}");
            return Err(EarlyExit::of(ExitStatus::TEMPORARY, text));
        }
    };
    let found: Vec<Match> = texts.iter().map(|text| matches(text, key.key())).collect();
    match found.as_slice() {
        [Match::Same { is_test: true }] => {
            output.warn(&format!("dkim: {name}: the record says that it is a test (t=y)"));
            Ok(())
        }
        [Match::Same { is_test: false }] => Ok(()),
        [Match::AnotherKey] => wrong("another key is published there"),
        [Match::OtherKind(_)] => wrong("a key of another kind is published there"),
        [Match::Revoked] => wrong("the key that is published there is revoked (p= is empty)"),
        [Match::HashNotAllowed] => wrong("the record does not allow SHA-256 (h=)"),
        [Match::NotForEmail] => wrong("the record is not for mail (s=)"),
        [Match::Unreadable(_)] => wrong("what is published there is no record of a key"),
        _ => wrong("several records are published there, and it is not known which one counts"),
    }
}
