//! Whether a secret has changed: what failed with the one before is worth another try.
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "the times of files are looked at")]

use super::{oauth, secret::path};
use crate::config::accounts::Config;
use std::os::unix::fs::MetadataExt;

/// When the files with the secrets of a configuration's accounts were changed last, as far as that can be seen.
pub fn changes(config: &Config) -> Vec<i64> {
    let keys = ["password-file", "oauth-client-secret-file"];
    let named = config.accounts.iter().flat_map(|account| keys.map(|key| account.text(key)));
    let files = named.flatten().map(|text| path(&config.file, text)).chain(oauth::files(config));
    files.filter_map(|file| Some(std::fs::metadata(file).ok()?.ctime())).collect()
}
