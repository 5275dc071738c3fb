//! Whether a secret has changed: what failed with the one before is worth another try.
#![allow(clippy::disallowed_types, clippy::disallowed_methods, reason = "the times of files are looked at")]

use super::{oauth, secret::path};
use crate::config::accounts::Config;
use std::os::unix::fs::MetadataExt;

/// When the files with the secrets and keys of a configuration's accounts were changed last, and when somebody signed in to one of
/// them, as far as that can be seen. A token that is renewed is no change.
pub fn changes(config: &Config) -> Vec<i64> {
    let keys = ["password-file", "oauth-client-secret-file"];
    let named = config.accounts.iter().flat_map(|account| keys.map(|key| account.text(key)));
    let keys = config.accounts.iter().flat_map(|account| account.list("dkim.key"));
    let named = named.flatten().chain(keys.map(String::as_str));
    let files = named.map(|text| path(&config.file, text));
    let changed = files.filter_map(|file| Some(std::fs::metadata(file).ok()?.ctime()));
    let signed_in = oauth::marks(config).filter_map(|file| {
        let facts = std::fs::metadata(file).ok()?;
        Some(facts.mtime().wrapping_mul(1_000_000_000).wrapping_add(facts.mtime_nsec()))
    });
    changed.chain(signed_in).collect()
}
