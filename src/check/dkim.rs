//! The keys that a domain signs with: those that the user names, and a few that are often called the same, which say
//! nothing if they are not there.

use super::asker::{Asker, Failed};
use crate::dkim::{PublicKey, Record, RecordFault};
use crate::dns::Kind;

/// What programs and providers often call a selector.
const COMMON: [&str; 14] = [
    "default",
    "dkim",
    "mail",
    "google",
    "selector1",
    "selector2",
    "k1",
    "k2",
    "k3",
    "s1",
    "s2",
    "fm1",
    "mta",
    "smtp",
];

/// What is known of them.
#[derive(Debug, Default)]
pub struct Keys {
    /// Those that the user names, all of them; of the others those that are there.
    pub keys: Vec<KeyFound>,
    /// The user names some.
    pub is_named: bool,
    /// So many common names were tried.
    pub tried: usize,
}

/// The key of a selector.
#[derive(Debug)]
pub struct KeyFound {
    /// The selector.
    pub selector: String,
    /// The user names it.
    pub is_named: bool,
    /// What there is.
    pub state: State,
}

/// What there is of a key.
#[derive(Debug)]
pub enum State {
    /// There is none.
    Missing,
    /// Nobody knows.
    Failed(Failed),
    /// There is one, or more than one; of several that can be used the weakest is told, with how many there are.
    There(Result<Record, RecordFault>, usize),
}

/// What can be wrong.
#[derive(Debug, Clone, Copy)]
pub enum DkimFault<'a> {
    /// There is no key of this selector.
    Missing(&'a str),
    /// The record of this selector gives no key.
    Record(&'a str, &'a RecordFault),
    /// The key is short: so many bits.
    Short(&'a str, u32),
    /// The domain says that it is only testing.
    Testing(&'a str),
    /// There are so many records.
    Several(&'a str, usize),
    /// The key is not for mail, or not for SHA-256.
    NotForMail(&'a str),
    /// No selector is named, and none of the common ones has a key.
    NotKnown,
}

pub(super) fn gather(domain: &str, selectors: &[String], asker: Asker<'_>, is_there: bool) -> Keys {
    if !is_there {
        return Keys::default();
    }
    let common = COMMON.iter().filter(|name| !selectors.iter().any(|own| own.eq_ignore_ascii_case(name)));
    let all: Vec<(String, bool)> = selectors
        .iter()
        .map(|name| (name.clone(), true))
        .chain(common.map(|name| ((*name).to_owned(), false)))
        .collect();
    let questions: Vec<(String, Kind)> =
        all.iter().map(|(name, _)| (format!("{name}._domainkey.{domain}"), Kind::Txt)).collect();
    let mut keys = Keys { is_named: !selectors.is_empty(), tried: all.len() - selectors.len(), keys: vec![] };
    for ((selector, is_named), came) in all.into_iter().zip(asker.ask_all(&questions)) {
        let state = match came {
            Err(failed) => State::Failed(failed),
            Ok(answer) => state(answer.texts()),
        };
        // Whatever a zone has for any name is no key.
        let is_key = matches!(state, State::There(Ok(_) | Err(RecordFault::Revoked), _));
        if is_named || is_key {
            keys.keys.push(KeyFound { selector, is_named, state });
        }
    }
    keys
}

fn state<'a>(texts: impl Iterator<Item = &'a [u8]>) -> State {
    let mut read: Vec<Result<Record, RecordFault>> = texts.map(Record::parse).collect();
    let count = read.len();
    let usable = read.iter().enumerate().filter_map(|(at, one)| Some((at, one.as_ref().ok()?.key.bits())));
    let weakest = usable.min_by_key(|(_, bits)| *bits).map(|(at, _)| at).unwrap_or_default();
    if count == 0 { State::Missing } else { State::There(read.swap_remove(weakest), count) }
}

/// How many bits a key has, and of which kind it is.
#[must_use]
pub fn described(record: &Record) -> (&'static str, u32) {
    let kind = match &record.key {
        PublicKey::Rsa { .. } => "RSA",
        PublicKey::Ed25519(_) => "Ed25519",
    };
    (kind, record.key.bits())
}
