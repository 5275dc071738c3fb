//! The sender decides which account is used, and an account has a sender for those who name none.

use super::super::early_exit::Result;
use super::super::people::People;
use super::choose::Chosen;
use super::files::{Configuration, wrong};
use crate::cli::WhoArgs;
use crate::config::accounts::Account;
use crate::message::address::{self, Address};
use crate::report::text::printable;
use ehlo_smtp::path::ReversePath;
use std::borrow::Cow;

/// The addresses that the flags name as the sender, as far as they can be read: `--envelope-from`, `--from`.
#[must_use]
pub fn named(who: &WhoArgs) -> Vec<String> {
    let read = |text: &String| match text.contains(['<', ',', ';', '"', '(', '\\']) {
        true => address::parse_list(text, None)
            .map_or_else(|_| Vec::new(), |list| list.into_iter().map(|one| one.path.to_string()).collect()),
        // An address alone, as it mostly is: whether it is a right one is looked at later.
        false => Vec::from_iter(Some(text.trim().to_owned()).filter(|text| text.contains('@'))),
    };
    who.envelope_from.iter().chain(&who.from).flat_map(read).collect()
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

/// Whether an account is chosen by its sender at all, so that the message has to be read first.
#[must_use]
pub fn decides(configuration: &Configuration) -> bool {
    let has_senders =
        |account: &Account| account.text("address").is_some() || !account.list("senders").is_empty();
    configuration.accounts().any(|(_, account)| has_senders(account))
}

/// The flags on people with what the account gives: its address where nobody names a sender, the rules for From
/// and the reverse-path, and the domain of bare names. The header of a message that is sent as it is stays.
pub fn filled<'a>(chosen: Option<&Chosen>, who: &'a WhoArgs, is_as_is: bool) -> Result<Cow<'a, WhoArgs>> {
    let Some(chosen) = chosen else { return Ok(Cow::Borrowed(who)) };
    let from = rule(chosen, "from", &["keep", "qualify", "replace"])?;
    let envelope = rule(chosen, "envelope", &["from", "account"])?;
    let own = own_address(chosen, envelope == Some("account") || from == Some("replace"))?;
    let mut filled = who.clone();
    let given = who.from.as_deref().filter(|text| !text.is_empty());
    match (given, &own) {
        (None, Some(own)) if !is_as_is => {
            filled.from = Some(own.to_string());
            filled.from_by_account = true;
        }
        (Some(given), Some(own)) if from == Some("replace") && !is_as_is => {
            let name = address::parse_one(given, None).ok().and_then(|given| given.name);
            filled.from = Some(Address { name, path: own.path.clone() }.to_string());
        }
        _ => {}
    }
    let path = own.as_ref().map(|own| own.path.to_string());
    if envelope == Some("account") && who.envelope_from.is_none() {
        filled.envelope_from.clone_from(&path);
    }
    if who.domain.is_none() {
        let of_address = path.filter(|_| from == Some("qualify"));
        let of_address = of_address.and_then(|path| Some(path.rsplit_once('@')?.1.to_owned()));
        filled.domain = chosen.account.text("domain").map(str::to_owned).or(of_address);
    }
    Ok(Cow::Owned(filled))
}

/// The account's own address.
fn own_address(chosen: &Chosen, is_needed: bool) -> Result<Option<Address>> {
    match chosen.account.text("address") {
        Some(text) => address::parse_one(text, None)
            .map(Some)
            .map_err(|error| chosen.wrong("address", &format!(": {error}"))),
        None if is_needed => {
            Err(wrong(&chosen.file, chosen.account.line, "'from' and 'envelope' need an 'address'"))
        }
        None => Ok(None),
    }
}

/// One of a few words.
fn rule<'c>(chosen: &'c Chosen, key: &str, known: &[&str]) -> Result<Option<&'c str>> {
    match chosen.account.text(key) {
        Some(word) if !known.contains(&word) => {
            let what = format!(" needs one of {}, not '{}'", known.join(", "), printable(word));
            Err(chosen.wrong(key, &what))
        }
        word => Ok(word),
    }
}
