//! What is wrong with the keys, and how badly.

use crate::check::dkim::{DkimFault, Keys, State};
use crate::check::finding::{Add, What};
use crate::dkim::PublicKey;
use crate::probe::Weight;

/// Keys with fewer bits are weak today (RFC 8301, section 3.2).
const GOOD_BITS: u32 = 2048;

pub(super) fn judge<'a>(keys: &'a Keys, add: Add<'a, '_>) {
    if !keys.is_named && keys.keys.is_empty() {
        return add(Weight::Note, What::Dkim(DkimFault::NotKnown));
    }
    for key in &keys.keys {
        let selector = key.selector.as_str();
        let (record, count) = match &key.state {
            State::Failed(failed) => {
                add(Weight::Serious, What::LookUp(failed));
                continue;
            }
            State::Missing => {
                add(Weight::Serious, What::Dkim(DkimFault::Missing(selector)));
                continue;
            }
            State::There(record, count) => (record, *count),
        };
        if count > 1 {
            add(Weight::Warning, What::Dkim(DkimFault::Several(selector, count)));
        }
        match record {
            Err(fault) => {
                let weight = if key.is_named { Weight::Serious } else { Weight::Note };
                add(weight, What::Dkim(DkimFault::Record(selector, fault)));
            }
            Ok(record) => {
                let bits = record.key.bits();
                if matches!(record.key, PublicKey::Rsa { .. }) && bits < GOOD_BITS {
                    add(Weight::Warning, What::Dkim(DkimFault::Short(selector, bits)));
                }
                if record.is_test {
                    add(Weight::Warning, What::Dkim(DkimFault::Testing(selector)));
                }
                if !record.allows_email() || !record.allows_hash() {
                    add(Weight::Serious, What::Dkim(DkimFault::NotForMail(selector)));
                }
            }
        }
    }
}
