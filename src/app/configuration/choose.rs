//! Which account: the one that is named, else the one that has the sender, else the default.

use super::super::early_exit::{EarlyExit, Result};
use super::super::queue::place;
use super::files::{Configuration, wrong};
use crate::cli::ServerArgs;
use crate::config::accounts::{self, Account, Config};
use crate::message::address;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::words;
use std::path::{Path, PathBuf};

/// Why an account was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// `--account`.
    Flag,
    /// `EHLO_ACCOUNT`.
    Variable,
    /// This sender is one of its own.
    Sender(String),
    /// It is the default.
    Default,
}

/// An account, and why.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The account.
    pub account: Account,
    /// Its file.
    pub file: PathBuf,
    /// Why it is this one.
    pub why: Why,
}

impl Chosen {
    /// Whether it is the user's own, and not the machine's.
    #[must_use]
    pub fn is_own(&self) -> bool {
        !accounts::is_machines(&self.file)
    }

    /// Which one, from where, and why.
    #[must_use]
    pub fn in_words(&self) -> String {
        let why = match &self.why {
            Why::Flag => "named by --account".to_owned(),
            Why::Variable => "named by EHLO_ACCOUNT".to_owned(),
            Why::Sender(sender) => format!("chosen by the sender {sender}"),
            Why::Default => "the default".to_owned(),
        };
        format!("{} of {}, {why}", self.account.name, self.file.display())
    }

    /// Something is wrong with a key of it. What, as it goes on behind the key's name.
    pub fn wrong(&self, key: &str, what: &str) -> EarlyExit {
        wrong(&self.file, self.account.line_of(key), &format!("'{key}'{what}"))
    }
}

/// The addresses that may decide, the weightiest first: the reverse-path, then From.
pub type Senders<'a> = &'a [String];

/// The account, if there is one for this.
pub fn choose(
    configuration: &Configuration,
    server: &ServerArgs,
    senders: Senders<'_>,
) -> Result<Option<Chosen>> {
    let chosen = |(config, account): (&Config, &Account), why| {
        Some(Chosen { account: account.clone(), file: config.file.clone(), why })
    };
    if server.account.as_deref() == Some("") {
        return Err(EarlyExit::usage("--account needs a value"));
    }
    if let Some(name) = &server.account {
        let found = configuration
            .account(name)
            .ok_or_else(|| none_of(configuration, name, server.account_by_variable))?;
        return Ok(chosen(found, if server.account_by_variable { Why::Variable } else { Why::Flag }));
    }
    if server.names_a_server() {
        return Ok(None);
    }
    for sender in senders {
        if let Some(found) = configuration.accounts().find(|(_, account)| has_sender(account, sender)) {
            return Ok(chosen(found, Why::Sender(sender.clone())));
        }
    }
    Ok(configuration.default_account().and_then(|found| chosen(found, Why::Default)))
}

/// The same where nothing but an account can be named.
pub fn choose_by(
    configuration: &Configuration,
    account: Option<&str>,
    senders: Senders<'_>,
) -> Result<Option<Chosen>> {
    let server = ServerArgs { account: account.map(str::to_owned), ..ServerArgs::default() };
    choose(configuration, &server, senders)
}

/// An error, if the account takes no message of so many octets.
pub fn check_size(account: Option<&Account>, octets: u64) -> Result<()> {
    let Some(account) = account else { return Ok(()) };
    match account.number("limits.size").filter(|most| octets > *most) {
        Some(most) => Err(EarlyExit::data(format!(
            "the message has {octets} octets, but account '{}' allows at most {most}; nothing was sent",
            account.name
        ))),
        None => Ok(()),
    }
}

/// There is no account of that name.
fn none_of(configuration: &Configuration, name: &str, by_variable: bool) -> EarlyExit {
    // Who asks a daemon is told nothing of the accounts and files of others.
    if place::is_machines() {
        return EarlyExit::of(ExitStatus::CONFIG, format!("there is no account '{}'", printable(name)));
    }
    let known: Vec<&str> = configuration.accounts().map(|(_, account)| account.name.as_str()).collect();
    let known = words::config::known_accounts(name, &known);
    // As GNU mail has it.
    let is_file = !by_variable && Path::new(name).is_file();
    let hint = if is_file { "; -a (--attach) attaches a file" } else { "" };
    // A name that was typed can be seen; where a variable comes from cannot.
    let from = if by_variable { "EHLO_ACCOUNT: " } else { "" };
    EarlyExit::of(ExitStatus::CONFIG, format!("{from}there is no account '{}'{known}{hint}", printable(name)))
}

/// Whether this address is the account's own, or fits one of its patterns.
fn has_sender(account: &Account, sender: &str) -> bool {
    let own = own_mailbox(account);
    own.iter().chain(account.list("senders")).any(|one| fits(one, sender))
}

/// The account's own address without the name beside it, if it can be read.
#[must_use]
pub fn own_mailbox(account: &Account) -> Option<String> {
    let own = address::parse_one(account.text("address")?, None).ok()?;
    Some(own.path.to_string())
}

/// Whether an address fits a pattern, in which `*` stands for any characters; letters fit in either case.
fn fits(pattern: &str, address: &str) -> bool {
    let (pattern, address) = (pattern.to_lowercase(), address.to_lowercase());
    let mut pieces = pattern.split('*');
    let Some(rest) = pieces.next().and_then(|first| address.strip_prefix(first)) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    let Some(last) = pieces.pop() else { return rest.is_empty() };
    let mut rest = rest;
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = rest.get(at + piece.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_characters_and_letters_fit_in_either_case() {
        for (pattern, address, fit) in [
            ("me@example.org", "Me@Example.ORG", true),
            ("me@example.org", "me@example.org.evil.example", false),
            ("me@example.org", "some@example.org", false),
            ("*@example.org", "me@example.org", true),
            ("*@example.org", "me@sub.example.org", false),
            ("me@*.example.org", "me@a.b.example.org", true),
            ("me@*.example.org", "me@example.org", false),
            ("me+*@example.org", "me+list@example.org", true),
            ("a*b*c", "axxbxxc", true),
            ("a*b*c", "axxcxxb", false),
            ("a*a", "a", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern, address), fit, "{pattern} {address}");
        }
    }
}
