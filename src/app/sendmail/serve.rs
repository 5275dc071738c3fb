//! `ehlo sendmail -bs`: programs hand over messages by SMTP, at standard input and output (the protocol:
//! [`crate::mailer::serve`]).
//!
//! All that is the same for each message is read once: a program may hand over thousands in one session.
#![allow(clippy::disallowed_types, reason = "standard input and output, without what the library keeps back")]

use super::super::configuration::{self, Chosen, Configuration};
use super::super::early_exit::Result;
use super::super::host;
use super::super::queue::settings::{QueueSettings, of_queue, of_sendmail};
use super::super::queue::{place, run, wake::Waker};
use crate::cli::ServerArgs;
use crate::mailer::aliases::Aliases;
use crate::mailer::intake::{self, FromRule, Remark, Wishes, lines};
use crate::mailer::serve::{self, Channel, PATIENCE, Refusal};
use crate::message::source::Source;
use crate::net::interrupt;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::spool::files::{Files, Real};
use crate::spool::{Id, Recipient, Spool, Submission};
use ehlo_smtp::path::Domain;
use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;

/// Serves the program that called us until it has finished. What became of each message, it was told; the status
/// says whether the session was cut short.
pub fn serve(account: Option<&str>, user: &str, output: &Output) -> ExitStatus {
    // A session that cannot be told of signals is still worth having.
    let _ = interrupt::install();
    let mut desk = Desk::open(account, user, output);
    let name = Domain::parse(&desk.host);
    let (Ok(name), Ok(input), Ok(output)) = (name, duplicate(io::stdin()), duplicate(io::stdout())) else {
        return ExitStatus::TEMPORARY;
    };
    let limits = desk.settings.limits;
    let settings =
        serve::settings(name, Some(limits.max_size).filter(|most| *most < u64::MAX), limits.max_recipients);
    let channel = Channel::new(input, output, PATIENCE);
    match serve::serve(channel, settings, &mut |submission, content| desk.take(submission, &content)) {
        Ok(()) => ExitStatus::OK,
        Err(_) => ExitStatus::TEMPORARY,
    }
}

fn duplicate(end: impl AsFd) -> io::Result<File> {
    Ok(File::from(end.as_fd().try_clone_to_owned()?))
}

/// Takes messages, one after the other.
struct Desk<'a> {
    configuration: Configuration,
    settings: QueueSettings,
    aliases: Aliases,
    /// The domain of names that have none.
    domain: Option<Domain>,
    host: String,
    server: ServerArgs,
    user: &'a str,
    output: &'a Output,
    /// Once it was asked for.
    spool: Option<Files<Real>>,
    waker: Waker,
    /// What was warned of.
    warned: HashSet<String>,
}

impl Desk<'_> {
    fn open<'a>(account: Option<&str>, user: &'a str, output: &'a Output) -> Desk<'a> {
        let (configuration, fault) = match read() {
            Ok(configuration) => (configuration, None),
            Err(exit) => (Configuration::default(), Some(exit.report().text)),
        };
        // Both were read above, or are the usual ones.
        let settings = of_queue(&configuration).unwrap_or_default();
        let aliases = of_sendmail(&configuration).unwrap_or_default().aliases;
        let aliases = std::fs::read(aliases).unwrap_or_default();
        let mut desk = Desk {
            settings,
            aliases: Aliases::parse(&String::from_utf8_lossy(&aliases)),
            domain: run::domain(Some(&configuration)),
            host: host::full_name().map_or_else(|| "localhost".to_owned(), |name| name.as_str().to_owned()),
            server: ServerArgs::of_account(account),
            user,
            output,
            spool: None,
            waker: Waker::default(),
            warned: HashSet::new(),
            configuration,
        };
        if let Some(fault) = fault {
            desk.warn(&format!("{fault}; messages are queued, and wait until this is put right"));
        }
        desk
    }

    /// Says something once.
    fn warn(&mut self, text: &str) {
        if self.warned.insert(text.to_owned()) {
            self.output.warn(text);
        }
    }

    /// Puts a message into the queue, and sees to it that somebody sends it.
    fn take(&mut self, given: Submission, content: &Source) -> std::result::Result<Id, Refusal> {
        let content = lines::of(content).map_err(|error| Refusal::of_content(&error))?;
        let chosen = self.choose(&given.sender, &content);
        let account = chosen.as_ref().map(|chosen| &chosen.account);
        let text = |key| account.and_then(|account| account.text(key));
        let domain = text("domain").and_then(|domain| Domain::parse(domain).ok());
        let named: Vec<String> = given.recipients.iter().map(|one| one.address.clone()).collect();
        let wishes = Wishes {
            from_header: false,
            recipients: &named,
            sender: Some(&given.sender),
            full_name: None,
            user: self.user,
            domain: domain.as_ref().or(self.domain.as_ref()),
            host: &self.host,
            from: match text("from") {
                Some("keep") => FromRule::Keep,
                Some("replace") => FromRule::Replace,
                _ => FromRule::Qualify,
            },
            address: text("address"),
            sender_is_accounts: text("envelope") == Some("account"),
            aliases: &self.aliases,
        };
        let taken = intake::take(content, &wishes).map_err(|refusal| refused(&refusal))?;
        let is_chosen = account.is_some();
        let account = account.map(|account| account.name.clone()).or_else(|| self.server.account.clone());
        let addressee = |(address, origin): (String, Option<usize>)| {
            let given = origin.and_then(|place| given.recipients.get(place));
            Recipient { address, parameters: given.map_or_else(Vec::new, |given| given.parameters.clone()) }
        };
        let submission = Submission {
            tool: "sendmail".to_owned(),
            account,
            sender: taken.sender,
            recipients: taken.recipients.into_iter().zip(taken.origins).map(addressee).collect(),
            message_id: taken.message_id,
            mail: given.mail,
            ..Submission::default()
        };
        for remark in taken.remarks {
            if let Remark::NoDomain(name) = remark {
                self.warn(&format!(
                    "'{}' has no domain, and none is known: the message waits; set 'domain' in the table sendmail of \
                     the configuration",
                    printable(&name)
                ));
            }
        }
        let spool = match self.spool.take() {
            Some(spool) => spool,
            None => place::open(self.settings.limits).map_err(|exit| Refusal::NotNow(exit.report().text))?,
        };
        let spool = self.spool.insert(spool);
        let id = spool.submit(submission, &taken.content).map_err(|error| Refusal::of_spool(&error))?;
        if is_chosen {
            self.waker.wake(spool);
        } else {
            self.warn(
                "there is no account that the message can be sent by: it waits for one in the configuration",
            );
        }
        Ok(id)
    }

    /// The account: the one that is named, has the sender, or is the default. None, and one that does not exist, are
    /// no reason not to take a message.
    fn choose(&self, sender: &str, content: &Source) -> Option<Chosen> {
        let mut senders: Vec<String> =
            Some(sender.to_owned()).filter(|sender| sender.contains('@')).into_iter().collect();
        if self.server.account.is_none() && configuration::sender::decides(&self.configuration) {
            senders.extend(intake::author(content));
        }
        configuration::choose(&self.configuration, &self.server, &senders).ok().flatten()
    }
}

/// The configuration, if all that is needed of it can be read.
fn read() -> Result<Configuration> {
    let configuration = Configuration::read()?;
    of_queue(&configuration)?;
    of_sendmail(&configuration)?;
    Ok(configuration)
}

/// A message that is not fit for the queue.
fn refused(refusal: &intake::Refusal) -> Refusal {
    match refusal {
        intake::Refusal::Read(error) => Refusal::of_content(error),
        other => Refusal::NotFit(format!("the message was not queued: {other}")),
    }
}
