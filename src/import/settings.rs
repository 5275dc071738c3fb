//! Settings by name, as they are inherited: those of a section on top of those of the sections that it is
//! based on.

use super::draft::Draft;
use super::reading::Reading;
use super::remark::{Place, Why};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// The value of a setting, and where it stands. It may be a secret.
#[derive(Clone)]
pub struct Setting {
    /// The name, as it is written there.
    pub name: String,
    /// The value.
    pub value: Zeroizing<String>,
    /// Where it stands.
    pub at: Place,
}

/// Settings, each by one name.
#[derive(Clone, Default)]
pub struct Settings(BTreeMap<String, Setting>);

impl Settings {
    /// Takes a setting in place of one of the same key.
    pub fn set(&mut self, key: &str, setting: Setting) {
        self.0.insert(key.to_owned(), setting);
    }

    /// Forgets a setting.
    pub fn remove(&mut self, key: &str) {
        self.0.remove(key);
    }

    /// Takes all of these.
    pub fn set_all(&mut self, others: &Settings) {
        self.0.extend(others.0.iter().map(|(key, setting)| (key.clone(), setting.clone())));
    }

    /// The setting of this key.
    pub fn get(&self, key: &str) -> Option<&Setting> {
        self.0.get(key)
    }

    /// Its value.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.get(key).map(|setting| setting.value.as_str())
    }

    /// Puts each into an account, by the rules of a format; what does not fit is left out, and told.
    pub fn put(
        &self,
        draft: &mut Draft,
        reading: &mut Reading,
        rule: impl Fn(&mut Draft, &str, &Setting) -> Result<(), Why>,
    ) {
        for (key, setting) in &self.0 {
            draft.goes_on(&setting.name, &setting.at);
            if let Err(why) = rule(draft, key, setting) {
                reading.leave(setting.at.clone(), &setting.name, why);
            }
        }
    }
}
