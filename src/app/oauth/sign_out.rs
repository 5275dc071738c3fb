//! `ehlo account logout`: the provider ends the tokens (RFC 7009), and nothing of them is kept.

use super::super::early_exit::Result;
use super::{Way, account, failed};
use crate::net::{Deadline, interrupt};
use crate::oauth::{Asker, Configured, KeepError, OauthError, Tokens};
use crate::output::Output;
use crate::words::oauth as words;
use std::time::Duration;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Signs out. What is kept here goes in any case, and what the provider did is told.
pub fn sign_out(configured: &Configured, way: &Way, output: &Output) -> Result<()> {
    let _ = interrupt::install();
    let account = account(configured, output)?;
    let until = Deadline::after(PATIENCE);
    let failed = |error: OauthError| failed(configured, &error);
    let lock = account.keep.lock(until).map_err(|error| failed(error.into()))?;
    let tokens = match account.keep.read() {
        Ok(text) => text.and_then(|text| Tokens::read(&text)),
        // There is nothing to end in what cannot be read, and it goes all the same.
        Err(KeepError::Unreadable(_)) => None,
        Err(error) => return Err(failed(error.into())),
    };
    let ended = match tokens.filter(|tokens| tokens.are_for(&account.settings, &account.client)) {
        Some(tokens) => {
            let asker =
                Asker { https: &way.https(until), endpoints: &tokens.endpoints, client: &account.client };
            // RFC 7009, section 2.1: what was given by a refresh token ends with it.
            match &tokens.refresh {
                Some(refresh) => asker.revoke(refresh, "refresh_token"),
                None => asker.revoke(&tokens.access, "access_token"),
            }
        }
        None => Ok(false),
    };
    let was_there = account.keep.remove().map_err(|error| failed(error.into()))?;
    drop(lock);
    output.say(&words::signed_out(&configured.account, was_there, matches!(ended, Ok(true))));
    ended.map(drop).map_err(failed)
}
