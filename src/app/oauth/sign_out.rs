//! `ehlo account logout`: the provider ends the tokens (RFC 7009), and nothing of them is kept.

use super::super::early_exit::Result;
use super::{Way, account, failed};
use crate::net::{Deadline, interrupt};
use crate::oauth::{Account, Asker, Configured, KeepError, OauthError, Tokens};
use crate::output::Output;
use crate::words::oauth as words;
use std::time::Duration;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Signs out. What is kept here goes in any case, and what the provider did is told.
pub fn sign_out(configured: &Configured, way: &Way, output: &Output) -> Result<()> {
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let until = Deadline::after(PATIENCE);
    let failed = |error: OauthError| failed(configured, &error);
    let mut lock = configured.keep.lock(until).map_err(|error| failed(error.into()))?;
    let ended = end(configured, way, until, output);
    let was_there = lock.remove().map_err(|error| failed(error.into()))?;
    lock.set_note("");
    drop(lock);
    output.say(&words::signed_out(&configured.account, was_there, matches!(ended, Ok(true))));
    ended.map(drop)
}

/// Has the provider end the tokens; whether it did.
fn end(configured: &Configured, way: &Way, until: Deadline, output: &Output) -> Result<bool> {
    let failed = |error: OauthError| failed(configured, &error);
    let tokens = match configured.keep.read() {
        Ok(text) => text.and_then(|text| Tokens::read(&text)),
        // There is nothing to end in what cannot be read, and it goes all the same.
        Err(KeepError::Unreadable(_)) => None,
        Err(error) => return Err(failed(error.into())),
    };
    let Some(tokens) = tokens else { return Ok(false) };
    // The client's secret is read only where it is needed: it may be gone already.
    let Account { settings, client, .. } = account(configured, until, output)?;
    if !tokens.are_for(&settings, &client) {
        return Ok(false);
    }
    let asker = Asker { https: &way.https(until), endpoints: &tokens.endpoints, client: &client };
    // RFC 7009, section 2.1: what was given by a refresh token ends with it.
    let ended = match &tokens.refresh {
        Some(refresh) => asker.revoke(refresh, "refresh_token"),
        None => asker.revoke(&tokens.access, "access_token"),
    };
    ended.map_err(failed)
}
