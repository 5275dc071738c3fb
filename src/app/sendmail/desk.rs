//! The desk where programs hand in their messages: for `ehlo sendmail`, and for each message of `-bs`.
//!
//! No message is turned away for what is wrong with the configuration: it waits, and a warning says for what.

use super::super::caller;
use super::super::configuration::{self, Chosen, Configuration, Why};
use super::super::early_exit::{EarlyExit, Result};
use super::super::hand_over;
use super::super::peer::Peer;
use super::super::queue::settings::{QueueSettings, SendmailSettings, of_queue, of_sendmail};
use super::super::queue::wake::Waker;
use super::super::queue::{accounts, place};
use super::super::signing::{self, Made, Signs};
use crate::cli::SigningArgs;
use crate::dkim::Signed;
use crate::mailer::aliases::Aliases;
use crate::mailer::handover::Handover;
use crate::mailer::intake::{self, FromRule, Refusal, Taken, Wishes};
use crate::mailer::pauses;
use crate::mailer::serve;
use crate::message::source::Source;
use crate::net::Deadline;
use crate::output::Output;
use crate::report::text::printable;
use crate::spool::files::{Files, Real};
use crate::spool::{Id, Moment, Recipient, Spool, SpoolError, Submission};
use crate::words;
use ehlo_smtp::extension::Extension;
use ehlo_smtp::parameter::Parameter;
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox, PathError};
use ehlo_smtp::serve::ServeSettings;
use std::cell::OnceCell;
use std::path::Path;

/// Why a message was not taken.
#[derive(Debug)]
pub enum NotTaken {
    /// It cannot be queued at all.
    Refused(Refusal),
    /// The queue does not take it, now or ever.
    Spool(SpoolError),
    /// The caller may not send by this account.
    Forbidden(String),
    /// It cannot be signed as it was asked for.
    Unsigned(EarlyExit),
}

/// All that is the same for every message of a caller.
pub struct Desk {
    configuration: Configuration,
    /// What is wrong with it.
    pub broken: Option<String>,
    /// Whose messages they are, where that is not the user whom this process belongs to.
    peer: Option<Peer>,
    /// The account that was named.
    account: Option<String>,
    /// How the queue behaves.
    pub queue: QueueSettings,
    /// How `ehlo sendmail` behaves.
    pub sendmail: SendmailSettings,
    /// What follows is looked up at the first need: most messages need little of it, and each is a start of the
    /// program.
    domain: OnceCell<Option<Domain>>,
    user: OnceCell<String>,
    host: OnceCell<String>,
    /// The aliases, or why they cannot be read.
    aliases: OnceCell<(Aliases, Option<String>)>,
    spool: Option<Files<Real>>,
    /// The account of the message that was taken last.
    taken_for: Option<String>,
    waker: Waker,
    /// How messages are signed, where their caller says so.
    pub signing: SigningArgs,
}

impl Desk {
    /// For a caller who may have named an account.
    pub fn new(account: Option<&str>) -> Desk {
        let named = account.map(str::to_owned);
        let by_variable = || std::env::var("EHLO_ACCOUNT").ok().filter(|name| !name.is_empty());
        Desk::of(named.or_else(by_variable), None)
    }

    /// For somebody else of this machine.
    pub fn for_peer(peer: Peer) -> Desk {
        Desk::of(None, Some(peer))
    }

    fn of(account: Option<String>, peer: Option<Peer>) -> Desk {
        let (configuration, mut broken) = caller::configuration();
        let mut note = |exit: EarlyExit| {
            broken.get_or_insert(exit.report().text);
        };
        let queue = of_queue(&configuration).map_err(&mut note).unwrap_or_default();
        let sendmail = of_sendmail(&configuration).map_err(&mut note).unwrap_or_default();
        Desk {
            domain: OnceCell::new(),
            configuration,
            broken,
            peer,
            account,
            queue,
            sendmail,
            user: OnceCell::new(),
            host: OnceCell::new(),
            aliases: OnceCell::new(),
            spool: None,
            taken_for: None,
            waker: Waker::default(),
            signing: SigningArgs::default(),
        }
    }

    /// What this host is called.
    #[must_use]
    pub fn host(&self) -> &str {
        self.host.get_or_init(caller::host)
    }

    /// The name of the user whose messages they are.
    pub fn user(&self) -> &str {
        self.user.get_or_init(|| self.peer.as_ref().map_or_else(caller::user, |peer| peer.name.clone()))
    }

    /// What a server for programs is like that hand messages over by SMTP.
    ///
    /// # Errors
    /// This host's name is none that a server can have.
    pub fn server(&self) -> std::result::Result<ServeSettings, PathError> {
        let limits = self.queue.limits;
        let most = Some(limits.max_size).filter(|most| *most != u64::MAX);
        Ok(serve::settings(Domain::parse(self.host())?, most, limits.max_recipients))
    }

    /// The domain of names that have none, where the account has none.
    fn domain(&self) -> Option<&Domain> {
        self.domain.get_or_init(|| caller::domain(&self.sendmail)).as_ref()
    }

    fn aliases(&self) -> &(Aliases, Option<String>) {
        self.aliases.get_or_init(|| caller::aliases(&self.sendmail.aliases))
    }

    /// The configuration.
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The queue, opened at the first need.
    pub fn open(&mut self) -> Result<()> {
        if self.spool.is_none() {
            self.spool = Some(place::open(self.queue.limits)?);
        }
        Ok(())
    }

    /// The same, for the queue in this folder.
    pub fn open_at(&mut self, folder: &Path) -> Result<()> {
        if self.spool.is_none() {
            self.spool = Some(place::open_at(folder, self.queue.limits)?);
        }
        Ok(())
    }

    /// The queue, if it is open.
    #[must_use]
    pub fn spool(&self) -> Option<&dyn Spool> {
        self.spool.as_ref().map(|spool| spool as &dyn Spool)
    }

    /// The account for these senders.
    fn choose(&self, named: Option<&str>, senders: &[String]) -> Result<Option<Chosen>> {
        configuration::choose_by(&self.configuration, named.or(self.account.as_deref()), senders)
    }

    /// Whether this machine has a daemon that messages can go to, or should have one: a user without an account has
    /// nothing else that sends mail.
    #[must_use]
    pub fn has_machine(&self) -> bool {
        hand_over::is_possible() || (!self.has_accounts() && hand_over::is_expected())
    }

    /// Whether this message is for the daemon of this machine: unless it goes by an account of the user's own, which the
    /// user's own queue alone knows. That is one that is named, or that has the sender.
    ///
    /// # Errors
    /// The message cannot be queued at all.
    pub fn is_for_machine(
        &self,
        handover: &Handover,
        source: &Source,
    ) -> std::result::Result<bool, NotTaken> {
        if !self.has_machine() {
            return Ok(false);
        }
        // Without an account there is none of the user's own.
        let author = match self.has_accounts() {
            true => intake::author(source).map_err(NotTaken::Refused)?,
            false => None,
        };
        let sender = handover.sender.clone().filter(|sender| !sender.is_empty());
        let senders: Vec<String> = [sender, author].into_iter().flatten().collect();
        // One that is not there may be the machine's, whose accounts a user need not be able to read.
        let chosen = self.choose(None, &senders).ok().flatten();
        Ok(!chosen.is_some_and(|chosen| chosen.is_own() && chosen.why != Why::Default))
    }

    /// The account that was named for all messages.
    #[must_use]
    pub fn named(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// An error, if an account was named that is not there.
    pub fn check_named(&self) -> Result<()> {
        self.choose(None, &[]).map(drop)
    }

    /// The account that this caller may use in place of the one that was chosen; whether that is another one. Whoever
    /// names an account means it.
    fn permitted(
        &self,
        chosen: Option<Chosen>,
        is_named: bool,
    ) -> std::result::Result<(Option<Chosen>, bool), NotTaken> {
        let may_use = |chosen: &Chosen| self.peer.as_ref().is_none_or(|peer| peer.may_use(&chosen.account));
        match chosen {
            Some(chosen) if !may_use(&chosen) => {
                let default = if is_named { None } else { self.choose(None, &[]).ok().flatten() };
                match default.filter(may_use) {
                    Some(default) => Ok((Some(default), true)),
                    None => Err(NotTaken::Forbidden(chosen.account.name)),
                }
            }
            chosen => Ok((chosen, false)),
        }
    }

    /// Reads a message whose lines end in LF, and puts it in order.
    pub fn intake(
        &self,
        source: Source,
        handover: &Handover,
        output: &Output,
    ) -> std::result::Result<(Taken, Option<Chosen>), NotTaken> {
        let opened = intake::open(source).map_err(NotTaken::Refused)?;
        let author = opened.author();
        let of_header = author.clone().filter(|_| handover.sender_from_header);
        let sender = handover.sender.clone().or(of_header);
        let read = sender.as_deref().and_then(intake::read_sender);
        let is_named = read.as_deref().is_some_and(|sender| !sender.is_empty());
        let user = if is_named { "" } else { self.user() };
        // The reverse-path counts first, then From.
        let senders: Vec<String> = [read.as_deref().or(Some(user)), author.as_deref()]
            .into_iter()
            .flatten()
            .filter(|sender| !sender.is_empty())
            .map(|sender| match sender.contains('@') {
                true => sender.to_owned(),
                false => intake::with_domain(sender, self.domain()),
            })
            .collect();
        // One that is named and not there is no reason to lose a message.
        let named = handover.account.as_deref();
        let chosen = self.choose(named, &senders).ok().flatten();
        let (chosen, is_other) = self.permitted(chosen, named.or(self.account.as_deref()).is_some())?;
        let account = chosen.as_ref().map(|chosen| &chosen.account);
        let text = |key: &str| account.and_then(|account| account.text(key));
        let own_mailbox = account.and_then(configuration::own_mailbox);
        let own_mailbox = own_mailbox.and_then(|text| Mailbox::parse(&text).ok());
        if let Some((text, account)) = text("address").zip(account).filter(|_| own_mailbox.is_none()) {
            let (text, name) = (printable(text), printable(&account.name));
            output.warn(&format!(
                "'{text}', the address of the account '{name}', cannot be read: it is passed over"
            ));
        }
        let own_domain = text("domain").and_then(|text| Domain::parse(text).ok());
        let own_domain = own_domain.as_ref().or_else(|| self.domain());
        let from = match text("from") {
            // The sender has an account here that the caller may not use.
            _ if is_other => FromRule::Replace,
            Some("keep") => FromRule::Keep,
            Some("replace") => FromRule::Replace,
            _ => FromRule::Qualify,
        };
        let recipients: Vec<&str> = handover.recipients.iter().map(|one| one.address.as_str()).collect();
        let has_names = handover.from_header || recipients.iter().any(|one| !one.contains('@'));
        let no_aliases = (Aliases::default(), None);
        let (aliases, unread) = if has_names { self.aliases() } else { &no_aliases };
        let wishes = Wishes {
            from_header: handover.from_header,
            recipients: &recipients,
            sender: sender.as_deref(),
            full_name: handover.full_name.as_deref(),
            user,
            domain: own_domain,
            host: if own_domain.is_none() || from == FromRule::Replace { self.host() } else { "" },
            from,
            address: own_mailbox.as_ref(),
            sender_is_accounts: is_other || text("envelope") == Some("account"),
            aliases,
        };
        let taken = opened.take(&wishes).map_err(NotTaken::Refused)?;
        if let Some(unread) = unread {
            output.warn(unread);
        }
        for remark in &taken.remarks {
            output.warn(&words::intake::remark(remark));
        }
        Ok((taken, chosen))
    }

    /// Puts a message into the queue: when this returns, it is on the disk.
    pub fn take(
        &mut self,
        source: Source,
        handover: &Handover,
        output: &Output,
    ) -> std::result::Result<(Id, Option<Chosen>), NotTaken> {
        let (taken, chosen) = self.intake(source, handover, output)?;
        let account = chosen.as_ref().map(|chosen| chosen.account.name.clone());
        let submission = Submission {
            account: account.clone().or_else(|| handover.account.clone()).or_else(|| self.account.clone()),
            id: handover.id,
            remembered: handover.id.is_some(),
            permitted: self.peer.is_some() && account.is_some(),
            by: self.peer.as_ref().map(|peer| (peer.uid, peer.pid)),
            ..submission(&taken, handover)
        };
        let Some(spool) = &self.spool else {
            return Err(NotTaken::Spool(SpoolError::Source(std::io::ErrorKind::NotFound.into())));
        };
        let signed = self.signed(&taken, chosen.as_ref(), true, output).map_err(NotTaken::Unsigned)?;
        let submission = Submission { signed: !signed.fields.is_empty(), ..submission };
        let content = Signed::with(signed.fields, &taken.content);
        let id = spool.submit(submission, &content).map_err(NotTaken::Spool)?;
        self.taken_for = account;
        Ok((id, chosen))
    }

    /// The signatures that the caller asks for, or else this account. What the queue `keeps` is signed by the account
    /// when it is sent.
    ///
    /// # Errors
    /// The message cannot be signed as it was asked for.
    pub fn signed(
        &self,
        taken: &Taken,
        account: Option<&Chosen>,
        keeps: bool,
        output: &Output,
    ) -> Result<Made> {
        let by_flags = signing::by_flags(&self.signing)?;
        // What is wrong with an account keeps no message out of the queue.
        let asks = by_flags.is_none() && (!keeps || self.signing.dkim_check);
        let by_account = account.filter(|_| asks).map(signing::by_account).transpose()?.flatten();
        let signs = match (by_flags, by_account) {
            (Some(wanted), _) => Signs::Now(wanted),
            (None, Some(wanted)) if keeps => Signs::Later(wanted),
            (None, Some(wanted)) => Signs::Now(wanted),
            (None, None) => Signs::Nobody,
        };
        let sender = Mailbox::parse(&taken.sender).ok().map(|mailbox| mailbox.domain().clone());
        signing::made(&signs, &self.signing, sender.as_ref(), &taken.content, Deadline::never(), output)
    }

    /// Sees to it that somebody sends what was taken, where that can be done now.
    pub fn wake(&mut self) {
        let Some(spool) = self.spool.as_ref().filter(|_| self.has_accounts()) else { return };
        let pause = self.taken_for.as_deref().and_then(|account| spool.pause(account).ok().flatten());
        let number = || accounts::number(Ok(&self.configuration));
        if pause.is_none_or(|pause| !pauses::lasts(&pause, number(), &Moment::now())) {
            self.waker.wake(spool);
        }
    }

    /// No more messages come.
    pub fn finish(&mut self) {
        if let Some(spool) = &self.spool {
            self.waker.finish(spool);
        }
    }

    /// Whether there is an account.
    #[must_use]
    pub fn has_accounts(&self) -> bool {
        self.configuration.accounts().next().is_some()
    }

    /// What a message of this account waits for, if it cannot be sent now.
    #[must_use]
    pub fn obstacle(&self, chosen: Option<&Chosen>) -> Option<String> {
        if let Some(broken) = &self.broken {
            return Some(format!("{broken}: messages wait until that is mended"));
        }
        match (chosen, &self.account) {
            (Some(_), _) => None,
            (None, Some(name)) => {
                Some(format!("there is no account '{}': the message waits for it", printable(name)))
            }
            (None, None) => Some(String::from(
                "there is no account that messages can be sent by: they wait for one in config.toml (see ehlo-config(5))",
            )),
        }
    }
}

/// What is handed over with a message that was taken.
#[must_use]
pub fn submission(taken: &Taken, handover: &Handover) -> Submission {
    // What was asked for a name goes with everybody whom it stands for.
    let own = |origin: &Option<usize>| {
        let named = origin.and_then(|place| handover.recipients.get(place))?;
        Some(named.parameters.clone()).filter(|own| !own.is_empty())
    };
    let recipients = taken.recipients.iter().zip(&taken.origins).map(|(address, origin)| Recipient {
        address: address.clone(),
        parameters: own(origin).unwrap_or_else(|| with_orcpt(address, &handover.rcpt)),
    });
    Submission {
        tool: "sendmail".to_owned(),
        sender: taken.sender.clone(),
        mail: handover.mail.clone(),
        recipients: recipients.collect(),
        message_id: taken.message_id.clone(),
        ..Submission::default()
    }
}

/// A recipient's parameters. With NOTIFY, a notice names the address that was given (RFC 3461, section 5.2.1).
pub fn with_orcpt(address: &str, parameters: &[Parameter]) -> Vec<Parameter> {
    let mut parameters = parameters.to_vec();
    let is_dsn = |parameter: &Parameter| Extension::of_rcpt(parameter.keyword()) == Some(Extension::Dsn);
    if parameters.iter().any(is_dsn)
        && let Ok(mailbox) = Mailbox::parse(address)
    {
        parameters.extend(Parameter::orcpt(&ForwardPath::Mailbox(mailbox)));
    }
    parameters
}
