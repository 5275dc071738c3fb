//! Which keys: those of the flags, else those of the account.
#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the modes of key files are looked at"
)]

use super::super::configuration::{Chosen, path};
use super::super::dkim::key_file;
use super::super::early_exit::{EarlyExit, Result};
use crate::cli::SigningArgs;
use crate::config::accounts::{Problem, problem};
use crate::dkim::{Settings, Signer, SigningKey};
use crate::message::address;
use crate::net::Deadline;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::words;
use ehlo_smtp::path::{Domain, ForwardPath};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

/// What is to sign.
#[derive(Debug, Clone)]
pub struct Wanted {
    keys: Vec<KeyOf>,
    settings: Settings,
    /// Whether an account says so, and no flag.
    is_by_account: bool,
}

/// A key, by name.
#[derive(Debug, Clone)]
struct KeyOf {
    file: PathBuf,
    selector: String,
    /// That of the author, where none is named.
    domain: Option<String>,
}

/// What the flags ask for, if they do.
///
/// # Errors
/// There are not as many selectors as keys, or some keys have a domain and others have none.
pub fn by_flags(args: &SigningArgs) -> Result<Option<Wanted>> {
    let SigningArgs { dkim_key, dkim_selector, dkim_domain, dkim_header, dkim_expire, .. } = args;
    if dkim_key.is_empty() {
        // clap refuses these; 'ehlo sendmail' reads its options itself.
        let strays = [
            (!dkim_selector.is_empty(), "--dkim-selector"),
            (!dkim_domain.is_empty(), "--dkim-domain"),
            (!dkim_header.is_empty(), "--dkim-header"),
            (dkim_expire.is_some(), "--dkim-expire"),
        ];
        return match strays.into_iter().find(|(is_given, _)| *is_given) {
            Some((_, flag)) => Err(EarlyExit::usage(format!("{flag} needs --dkim-key"))),
            None => Ok(None),
        };
    }
    if dkim_selector.len() != dkim_key.len() {
        return Err(EarlyExit::usage(format!(
            "--dkim-selector: give one for each --dkim-key; there are {} selectors and {} keys",
            dkim_selector.len(),
            dkim_key.len()
        )));
    }
    if ![0, 1, dkim_key.len()].contains(&dkim_domain.len()) {
        return Err(EarlyExit::usage(
            "--dkim-domain: give one for all keys, or one for each --dkim-key, in their order",
        ));
    }
    let keys = dkim_key.iter().zip(dkim_selector).enumerate().map(|(at, (file, selector))| KeyOf {
        file: file.clone(),
        selector: selector.clone(),
        domain: dkim_domain.get(at).or(dkim_domain.first()).cloned(),
    });
    let settings = Settings {
        extra: dkim_header.clone(),
        absent: false,
        expire: dkim_expire.map(|time| time.as_secs().max(1)),
    };
    Ok(Some(Wanted { keys: keys.collect(), settings, is_by_account: false }))
}

/// What an account asks for, if it does. The domain is that of its address, where none is named.
///
/// # Errors
/// Others can read a key; there is no domain.
pub fn by_account(chosen: &Chosen) -> Result<Option<Wanted>> {
    let account = &chosen.account;
    let lists = ["dkim.key", "dkim.selector", "dkim.domain"].map(|key| account.list(key));
    let [files, selectors, domains] = lists;
    if files.is_empty() {
        return Ok(None);
    }
    let own = account.text("address").and_then(|text| address::parse_one(text, None).ok());
    let own = own.and_then(|own| match own.path {
        ForwardPath::Mailbox(mailbox) => Some(mailbox.domain().to_string()),
        ForwardPath::Postmaster => None,
    });
    let mut keys = Vec::new();
    for ((file, selector), domain) in files.iter().zip(selectors).zip(domains) {
        let file = path(&chosen.file, file);
        check_mode(chosen, &file)?;
        let named = Some(domain.clone()).filter(|domain| !domain.is_empty());
        let domain = named.or_else(|| own.clone());
        let domain = domain
            .ok_or_else(|| chosen.wrong("dkim.key", " needs a 'domain', or the account an 'address'"))?;
        keys.push(KeyOf { file, selector: selector.clone(), domain: Some(domain) });
    }
    Ok(Some(Wanted { keys, settings: Settings::default(), is_by_account: true }))
}

/// Refuses a key that others can read or write, as any secret of an account.
fn check_mode(chosen: &Chosen, file: &PathBuf) -> Result<()> {
    let user = rustix::process::geteuid().as_raw();
    let Ok(facts) = std::fs::metadata(file) else { return Ok(()) };
    let Some(problem) = problem(facts.mode(), facts.uid(), user, true).filter(|_| facts.is_file()) else {
        return Ok(());
    };
    let way_out = match problem {
        Problem::ForeignOwner => "chown it to yourself".to_owned(),
        _ => format!("run chmod 600 {}", file.display()),
    };
    let name = printable(&chosen.account.name);
    let text = format!("account '{name}': {}: {problem}: {way_out}", file.display());
    Err(EarlyExit::of(ExitStatus::CONFIG, text))
}

impl Wanted {
    /// Who is to sign when the queue sends the message, for each key.
    pub fn in_words(&self) -> Vec<String> {
        let in_words = |key: &KeyOf| {
            let domain = key.domain.as_deref().unwrap_or("the author's domain");
            format!("by {domain}, selector {}, when it is sent", key.selector)
        };
        self.keys.iter().map(in_words).collect()
    }

    /// Whether a key has no domain of its own.
    pub fn needs_a_domain(&self) -> bool {
        self.keys.iter().any(|key| key.domain.is_none())
    }

    /// The signer, with its keys read; who waits for one that is a pipe does so until then. `author` is the domain of a
    /// key that names none.
    pub fn signer(&self, author: Option<&Domain>, until: Deadline, output: &Output) -> Result<Signer> {
        let keys = self.keys.iter().map(|wanted| {
            let key = key_file::read(&wanted.file, until, output)?;
            let named = wanted.domain.clone().or_else(|| author.map(ToString::to_string));
            let domain = named.ok_or_else(|| {
                EarlyExit::usage("--dkim-domain is needed: the author (From) has no domain that could sign")
            })?;
            SigningKey::new(key, &domain, &wanted.selector)
                .map_err(|error| self.unfit(words::dkim::sign(&error)))
        });
        Signer::new(keys.collect::<Result<_>>()?, self.settings.clone())
            .map_err(|error| self.unfit(words::dkim::sign(&error)))
    }

    fn unfit(&self, text: String) -> EarlyExit {
        match self.is_by_account {
            true => EarlyExit::of(ExitStatus::CONFIG, format!("dkim: {text}")),
            false => EarlyExit::usage(format!("dkim: {text}")),
        }
    }
}
