//! The accounts of the configuration, as the runner needs them: each is resolved once in a run, its secret too.

use super::super::configuration::{self, Chosen, Configuration};
use super::super::early_exit::{EarlyExit, Result};
use super::super::peer::Peer;
use super::super::signing;
use super::super::target::mx::OwnRouting;
use super::super::target::{self, Deviations};
use super::place;
use super::settings::{QueueSettings, on_unknown_of};
use crate::cli::SessionArgs;
use crate::config::accounts::Account;
use crate::mailer::{Accounts, NoWay, Servers, Way};
use crate::net::Deadline;
use crate::output::Output;
use crate::spool::Entry;
use ehlo_smtp::path::Domain;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What an account is called in the queue's book where there is none: no account has this name.
pub const NONE: &str = "-";
/// How many messages go over one connection where the account does not say it.
const MESSAGES: u32 = 10;
/// How long a command that gives a password may take.
const SECRET: Duration = Duration::from_secs(30);

/// What a configuration is like: with another number, an account that was not used is tried at once.
pub fn number(configuration: std::result::Result<&Configuration, &str>) -> u64 {
    let mut hasher = DefaultHasher::new();
    match configuration {
        Ok(configuration) => {
            for file in &configuration.files {
                format!("{file:?}").hash(&mut hasher);
                // A secret that was changed is worth a try.
                configuration::changes(file).hash(&mut hasher);
            }
        }
        Err(why) => why.hash(&mut hasher),
    }
    hasher.finish()
}

/// The account that a message goes by: the one that it names, or else by its sender.
pub fn chosen(configuration: &Configuration, entry: &Entry) -> Result<Option<Chosen>> {
    let submission = &entry.submission;
    let sender = Some(&submission.sender).filter(|sender| !sender.is_empty());
    configuration::choose_by(
        configuration,
        submission.account.as_deref(),
        sender.map_or(&[], std::slice::from_ref),
    )
}

/// Whether the user of a message may send by this account. One that was taken while there was none, or while the
/// configuration was broken, was not asked.
fn may_use(entry: &Entry, account: &Account, is_of_database: bool) -> bool {
    // Whoever may hand messages over to the database is one user: numbers of other machines say nothing here.
    if is_of_database {
        return Peer::may_from_database(account);
    }
    !place::is_machines() || entry.submission.permitted || Peer::may(entry.uid, account)
}

/// The accounts.
#[derive(Debug)]
pub struct OfConfiguration<'a> {
    configuration: std::result::Result<&'a Configuration, String>,
    settings: &'a QueueSettings,
    /// The domain of names that have none, where the account has none either.
    domain: Option<Domain>,
    output: &'a Output,
    /// What the configuration is like.
    number: u64,
    /// Each account has one connection at a time, whatever it says.
    pub one_connection: bool,
    /// Messages come from a database that many machines share.
    pub is_of_database: bool,
    known: Mutex<BTreeMap<String, std::result::Result<Arc<Way>, NoWay>>>,
}

impl<'a> OfConfiguration<'a> {
    /// Those of this configuration, or of none, which is broken for this reason.
    #[must_use]
    pub fn new(
        configuration: std::result::Result<&'a Configuration, String>,
        settings: &'a QueueSettings,
        domain: Option<Domain>,
        output: &'a Output,
    ) -> OfConfiguration<'a> {
        let number = number(configuration.as_ref().map_err(String::as_str).copied());
        OfConfiguration {
            configuration,
            settings,
            domain,
            output,
            number,
            one_connection: false,
            is_of_database: false,
            known: Mutex::default(),
        }
    }

    /// The account that a message goes by.
    fn chosen(&self, entry: &Entry) -> std::result::Result<Option<Chosen>, String> {
        let configuration = self.configuration.as_ref().map_err(Clone::clone)?;
        chosen(configuration, entry).map_err(|exit| exit.report().text)
    }

    /// The way by an account.
    fn resolved(&self, chosen: Chosen) -> Result<Way> {
        let account = chosen.account.clone();
        let on_unknown = on_unknown_of(&account, &chosen.file)?.unwrap_or(self.settings.on_unknown);
        let own_domain = match account.text("domain") {
            Some(text) => {
                Some(Domain::parse(text).map_err(|error| chosen.wrong("domain", &format!(": {error}")))?)
            }
            None => None,
        };
        let signer = match signing::by_account(&chosen)? {
            Some(wanted) => Some(wanted.signer(None, Deadline::after(SECRET), self.output)?),
            None => None,
        };
        let args = SessionArgs::default();
        let in_force = configuration::with(chosen, &args, self.output)?;
        let mut resolved = target::resolve(in_force, &Deviations::default(), self.output)?;
        // A command that gives a password may hang, and other accounts wait for it.
        for target in resolved.others.iter_mut().chain([&mut resolved.target]) {
            target.patience.whole = Deadline::after(SECRET);
        }
        resolved.ready(self.output)?;
        let (mut first, mut others) = (resolved.target, resolved.others);
        for target in others.iter_mut().chain([&mut first]) {
            // A run may take longer than one message may.
            target.patience.whole = Deadline::never();
            // What a program hands over goes out as it is: nobody could ask that program for something else.
            target.session.force_8bit = true;
        }
        let servers = match resolved.routes {
            None => Servers::Own(Box::new(first), others),
            Some(routes) => Servers::OfDomains(Box::new(OwnRouting { routes, like: first })),
        };
        let number = |key: &str| account.number(key);
        Ok(Way {
            account: account.name.clone(),
            servers,
            connections: number("limits.connections")
                .filter(|_| !self.one_connection)
                .and_then(|most| usize::try_from(most).ok())
                .unwrap_or(1),
            messages_per_connection: number("limits.messages-per-connection")
                .map_or(MESSAGES, |most| u32::try_from(most).unwrap_or(u32::MAX)),
            messages_per_minute: number("limits.messages-per-minute")
                .map(|most| u32::try_from(most).unwrap_or(u32::MAX)),
            on_unknown,
            domain: own_domain.or_else(|| self.domain.clone()),
            signer,
            configuration: self.number,
        })
    }

    fn no_way(&self, account: &str, why: String) -> NoWay {
        NoWay { account: account.to_owned(), why, configuration: self.number }
    }
}

impl Accounts for OfConfiguration<'_> {
    fn way(&self, entry: &Entry) -> std::result::Result<Arc<Way>, NoWay> {
        let named = entry.submission.account.as_deref();
        let chosen = match self.chosen(entry) {
            Ok(Some(chosen)) => chosen,
            Ok(None) => {
                let why = "no account: set a default in config.toml (see ehlo-config(5))";
                return Err(self.no_way(NONE, why.to_owned()));
            }
            Err(why) => return Err(self.no_way(named.unwrap_or(NONE), why)),
        };
        let name = chosen.account.name.clone();
        if !may_use(entry, &chosen.account, self.is_of_database) {
            // It is the message's fault, and says nothing of the account, which others use.
            if self.is_of_database {
                let why = "messages of the database may not go by this account: add '@database' to its users";
                return Err(self.no_way(&name, why.to_owned()));
            }
            let who = format!("{name}, for the user {}", entry.uid);
            return Err(self.no_way(&who, "this user may not send by this account".to_owned()));
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let way = known.entry(name.clone()).or_insert_with(|| {
            let resolved = self.resolved(chosen);
            resolved.map(Arc::new).map_err(|exit: EarlyExit| {
                // The account is named beside it.
                let why = exit.report().text;
                let why = why.strip_prefix(&format!("account '{name}': ")).unwrap_or(&why).to_owned();
                self.no_way(&name, why)
            })
        });
        way.clone()
    }
}
