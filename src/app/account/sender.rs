//! The sender decides which account is used, and an account has a sender for those who name none.

use super::super::early_exit::Result;
use super::super::people::People;
use super::choose::Chosen;
use super::configuration::Configuration;
use super::may_be_used;
use crate::cli::{ServerArgs, WhoArgs};
use crate::message::address;
use ehlo_smtp::path::ReversePath;
use std::borrow::Cow;

/// The addresses that the flags name as the sender, as far as they can be read: `--envelope-from`, `--from`.
#[must_use]
pub fn named(who: &WhoArgs) -> Vec<String> {
    let read = |text: &String| address::parse_list(text, None).ok();
    let lists = who.envelope_from.iter().chain(&who.from).filter_map(read);
    lists.flatten().map(|one| one.path.to_string()).collect()
}

/// The addresses that the flags and the message name.
#[must_use]
pub fn found(people: &People) -> Vec<String> {
    let envelope = people.envelope_from.iter().filter_map(|path| match path {
        ReversePath::Mailbox(mailbox) => Some(mailbox.to_string()),
        ReversePath::Null => None,
    });
    let from = people.from.iter().map(|from| from.path.to_string());
    envelope.chain(from).collect()
}

/// Whether the account hangs on the sender, so that the message has to be read first.
pub fn decides(server: &ServerArgs) -> Result<bool> {
    if server.account.is_some() || !may_be_used(server) {
        return Ok(false);
    }
    let configuration = Configuration::read()?;
    let has_senders = configuration
        .accounts()
        .any(|(_, account)| account.text("address").is_some() || !account.list("senders").is_empty());
    Ok(has_senders)
}

/// The flags on people with what the account gives: its address, where nobody names a sender, and the domain
/// of bare names. The header of a message that is sent as it is names its own sender.
#[must_use]
pub fn filled<'a>(chosen: Option<&Chosen>, who: &'a WhoArgs, is_as_is: bool) -> Cow<'a, WhoArgs> {
    let Some(account) = chosen.map(|chosen| &chosen.account) else { return Cow::Borrowed(who) };
    let mut filled = who.clone();
    let address = account.text("address").map(str::to_owned);
    if who.from.as_deref().is_none_or(str::is_empty) && !is_as_is {
        filled.from.clone_from(&address);
        filled.from_by_account = address.is_some();
    }
    if account.text("envelope") == Some("account") && who.envelope_from.is_none() {
        filled.envelope_from = address;
    }
    if who.domain.is_none() {
        filled.domain = account.text("domain").map(str::to_owned);
    }
    Cow::Owned(filled)
}
