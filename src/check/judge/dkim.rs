//! What is wrong with the keys, and how badly.

use crate::check::dkim::{DkimFault, Keys, State};
use crate::check::finding::{Add, What};
use crate::probe::Weight;

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
                if record.key.is_short() {
                    add(Weight::Warning, What::Dkim(DkimFault::Short(selector, record.key.bits())));
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
