//! From what was typed to what it means: files opened, names read, defaults filled in, flags checked against
//! each other. Nothing is connected to in here.

use super::configuration::{self, Chosen, Configuration};
use super::early_exit::{EarlyExit, Result};
use super::log;
use super::people::{self, People};
use super::signing::{self, Made, Signs};
use super::standard_input::{self, Awaited};
use super::target::mx::Routes;
use super::target::{self, Deviations, Resolved};
use super::text::{self, Message};
use super::to_queue::{self, ToQueue};
use super::{demands, misplaced, stop_after, test_message};
use crate::cli::{ProtocolArgs, SendArgs, WhoArgs};
use crate::client::Target;
use crate::config::accounts::Account;
use crate::delivery::Policies;
use crate::dkim::Signed;
use crate::mailer::header_of::{header_of, is_tls_report, waives_tls};
use crate::message::address::Address;
use crate::message::source::Source;
use crate::net::Deadline;
use crate::output::Output;
use crate::report::text::{labelled, printable};
use ehlo_smtp::content::Content;
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::parameter::Parameter;
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox, ReversePath};
use std::borrow::Cow;
use std::path::Path;

/// The most recipients that a plan names on a screen.
const SHOWN: usize = 20;

const NO_SENDER: &str = "no sender: name one with -f (--from) or EHLO_FROM";

/// One message, ready to be delivered.
#[derive(Debug)]
pub struct Plan<'a> {
    /// Which way it goes.
    pub way: Way<'a>,
    /// From and to whom.
    pub envelope: Envelope,
    /// What.
    pub message: Message,
    /// Its signatures.
    pub signed: Made,
    /// Everybody, or nobody.
    pub all_or_none: bool,
    /// What a list of recipients said of each, in the envelope's order, if `--failed-to` or `--deferred-to`
    /// is to repeat it.
    pub listed: Vec<Vec<Parameter>>,
    /// Where it is logged, if anywhere.
    pub log: Option<log::Place>,
    /// What it says of the policies of domains.
    pub policies: Policies,
    /// Where it is noted how TLS with the hosts of domains goes, if anywhere.
    pub tlsrpt: Option<&'a Path>,
}

/// Which way a message goes.
#[derive(Debug)]
pub enum Way<'a> {
    /// To this server, now.
    Now(Box<Resolved<'a>>),
    /// Into the queue, which sends it later.
    Queue(Box<ToQueue>),
}

impl Way<'_> {
    /// The account, if one is used.
    pub fn account(&self) -> Option<&Account> {
        match self {
            Way::Now(connect) => connect.account(),
            Way::Queue(queue) => queue.account(),
        }
    }

    /// The account, and where it is from.
    fn chosen(&self) -> Option<&Chosen> {
        match self {
            Way::Now(connect) => connect.chosen(),
            Way::Queue(queue) => queue.chosen.as_ref(),
        }
    }

    fn is_for_machine(&self) -> bool {
        matches!(self, Way::Queue(queue) if queue.is_for_machine())
    }

    fn connect(&self) -> Option<&Resolved<'_>> {
        match self {
            Way::Now(connect) => Some(connect),
            Way::Queue(_) => None,
        }
    }
}

/// What came of planning.
#[derive(Debug)]
pub enum Planned<'a> {
    /// There is a message to send.
    Message(Box<Plan<'a>>),
    /// The text is empty, and these do not get an empty one (`--skip-empty`).
    Nothing(Vec<Recipient>),
}

/// Makes the plan.
pub fn resolve<'a>(args: &'a SendArgs, output: &Output) -> Result<Planned<'a>> {
    standard_input::check(args)?;
    let as_is = &args.as_is;
    if as_is.message.is_none() && (as_is.recipients_in_message || as_is.add_missing_headers) {
        return Err(EarlyExit::usage("--recipients-in-message and --add-missing-headers need --message"));
    }
    let deviations = Deviations {
        dry_run: args.output.dry_run,
        tls_onward: args.delivery.require_tls_onward,
        stop: args.stop,
        subject: args.message.subject.as_deref(),
        ..Deviations::default()
    };
    let server = &args.session.server;
    let queue = args.policy.queue;
    if queue {
        to_queue::check(&args.session)?;
    }
    let mut configuration = Configuration::read_for_an_account(server)?;
    // Where no account is named, the sender may decide which one it is; a message that names it is read first.
    let by_sender = configuration.as_ref().filter(|_| server.account.is_none());
    let senders = by_sender.map_or(Vec::new(), |_| configuration::sender::named(&args.who));
    let waits = as_is.message.is_some()
        && senders.is_empty()
        && by_sender.is_some_and(configuration::sender::decides);
    // It is called once: the configuration goes with it.
    let mut connect = |senders: &[String]| -> Result<(Way<'a>, Cow<'a, WhoArgs>, Option<log::Place>)> {
        if queue {
            let queue = ToQueue::by(&configuration.take().unwrap_or_default(), server, senders)?;
            let who =
                configuration::sender::filled(queue.chosen.as_ref(), &args.who, as_is.message.is_some())?;
            return Ok((Way::Queue(Box::new(queue)), who, None));
        }
        let in_force = configuration::by(configuration.take(), &args.session, senders, output)?;
        let log = log::wanted(in_force.configuration.as_ref(), output)?;
        let who =
            configuration::sender::filled(in_force.chosen.as_ref(), &args.who, as_is.message.is_some())?;
        Ok((Way::Now(Box::new(target::resolve(in_force, &deviations, output)?)), who, log))
    };
    let connected = if waits { None } else { Some(connect(&senders)?) };
    let (mail_parameters, rcpt_parameters) = parameters(&args.session.protocol)?;

    let who = connected.as_ref().map_or(&args.who, |(_, who, _)| who.as_ref());
    let mut people = people::read(who, &mut |path: &Path| -> Result<Source> {
        text::open(path, Awaited::Addresses, output)
    })?;
    if args.as_is.message.is_none() {
        if args.message.test && people.from.is_none() && people.envelope_from.is_none() {
            send_as_recipient(&mut people, output);
        }
        if people.from.is_none() && people.envelope_from.is_none() {
            let hint = misplaced::hint_at_subject(args.message.subject.as_deref());
            return Err(EarlyExit::usage(format!("{NO_SENDER}{hint}")));
        }
        sender(&people, who.sender_named_by())?;
    }
    let test = connected.as_ref().and_then(|(way, ..)| way.connect()).filter(|_| args.message.test);
    if let Some(connect) = test.filter(|_| args.who.recipients.in_order().is_empty()) {
        add_own(connect, &mut people, output)?;
    }
    if people.recipients.is_empty() && !args.as_is.recipients_in_message {
        return Err(misplaced::no_recipient(args));
    }
    let test = test.map(|connect| test_message::of(connect, args.message.date.as_deref()));
    let made = text::make(args, test, &mut people, output)?;
    let (mut way, who, log) = match connected {
        Some(connected) => connected,
        None => connect(&configuration::sender::found(&people))?,
    };
    people.merge_duplicates();
    let Some(message) = made else { return Ok(Planned::Nothing(people.recipients)) };
    let reverse_path = sender(&people, who.sender_named_by())?;
    warn_of_long_addresses(&people.recipients, output);
    let people_from = people.from;
    let recipients = people.recipients;
    let listed = match args.output.failed_to.as_ref().or(args.output.deferred_to.as_ref()) {
        Some(_) => recipients.iter().map(|recipient| recipient.parameters.clone()).collect(),
        None => Vec::new(),
    };
    let mut envelope = Envelope {
        reverse_path,
        mail_parameters: Vec::new(),
        demands: Vec::new(),
        only_offered: false,
        recipients,
    };
    demands::put(&args.delivery, &mut envelope)?;
    add(&mut envelope.mail_parameters, &mail_parameters);
    for recipient in &mut envelope.recipients {
        add(&mut recipient.parameters, &rcpt_parameters);
    }
    if way.is_for_machine() {
        signing::not_for_machine(&args.signing)?;
    }
    let by_flags = signing::by_flags(&args.signing)?;
    let by_account = || {
        way.chosen()
            .filter(|_| !way.is_for_machine())
            .map(signing::by_account)
            .transpose()
            .map(Option::flatten)
    };
    let signs = match by_flags {
        Some(wanted) => Signs::Now(wanted),
        None => match by_account()? {
            None => Signs::Nobody,
            Some(wanted) if queue => Signs::Later(wanted),
            Some(wanted) => Signs::Now(wanted),
        },
    };
    let mut asked = args.signing.clone();
    // A dry run asks nobody.
    asked.dkim_check &= !args.output.dry_run || matches!(signs, Signs::Nobody);
    let sender = domain_of(people_from.as_ref(), &envelope.reverse_path);
    let until = way.connect().map_or_else(
        || server.deadline.map_or_else(Deadline::never, Deadline::after),
        |connect| connect.target.patience.whole,
    );
    let signed = signing::made(&signs, &asked, sender.as_ref(), &message, until, output)?;
    let all_or_none = args.policy.all_or_none;
    let mut tlsrpt = None;
    let mut policies = Policies::AsSet;
    if let Way::Now(connect) = &way
        && let Some(routes) = &connect.routes
    {
        if args.delivery.tls_required_no && args.session.route.require_policy {
            return Err(EarlyExit::usage("--tls-required-no cannot be used with --require-policy"));
        }
        let destinations = routes.destinations(&envelope).len();
        if all_or_none && destinations > 1 {
            return Err(EarlyExit::usage(format!(
                "--all-or-none: the recipients are in {destinations} domains, whose servers know nothing of each \
                 other; send to each domain by itself"
            )));
        }
        let header = header_of(&message);
        policies = Policies::of(&envelope, || header.as_ref().is_some_and(waives_tls));
        let is_looked_at = routes.has_policies() && !routes.puts_aside(policies);
        if routes.has_policies() && !is_looked_at {
            output.warn("the message says 'TLS-Required: No': DANE and MTA-STS are not looked at");
        }
        // Where no policy is looked at, nobody can say how it was met; and a test says nothing of what the domain demands.
        let is_test = args.stop.stop_after.is_some() || args.stop.drop_after.is_some();
        let is_noted = is_looked_at && !is_test && !header.as_ref().is_some_and(is_tls_report);
        tlsrpt = args.session.route.tlsrpt.as_deref().filter(|_| is_noted);
    }
    let octets = message.facts().octets + signed.fields.len() as u64;
    stop_after::check_octets(&args.stop, octets)?;
    configuration::check_size(way.account(), octets)?;
    if let Way::Now(connect) = &mut way {
        connect.ready(output)?;
    }
    let plan = Plan { way, envelope, message, signed, all_or_none, listed, log, policies, tlsrpt };
    Ok(Planned::Message(Box::new(plan)))
}

/// The domain of the sender: of From, else of the reverse-path.
fn domain_of(from: Option<&Address>, reverse_path: &ReversePath) -> Option<Domain> {
    let of_from = from.and_then(|from| match &from.path {
        ForwardPath::Mailbox(mailbox) => Some(mailbox),
        ForwardPath::Postmaster => None,
    });
    let of_path = match reverse_path {
        ReversePath::Mailbox(mailbox) => Some(mailbox),
        ReversePath::Null => None,
    };
    of_from.or(of_path).map(Mailbox::domain).filter(|domain| !domain.is_literal()).cloned()
}

/// A test message for nobody is for the account's own address, if it has one.
fn add_own(connect: &Resolved<'_>, people: &mut People, output: &Output) -> Result<()> {
    let Some(own) = connect.account().and_then(|account| account.text("address")) else { return Ok(()) };
    people.add_own(own)?;
    if !output.quiet {
        output.say(&format!("no recipient is named: it goes to {own}, the account's address"));
    }
    Ok(())
}

/// A test message without a sender is one from the recipient: it needs no more than server and recipient.
fn send_as_recipient(people: &mut People, output: &Output) {
    let Some(ForwardPath::Mailbox(own)) = people.recipients.first().map(|first| &first.path) else { return };
    if !output.quiet {
        output.say(&format!("no sender is named: it is sent as {own}, the recipient"));
    }
    people.from = Some(Address::new(own.clone()));
}

/// What is added to MAIL and to every RCPT.
pub fn parameters(protocol: &ProtocolArgs) -> Result<(Vec<Parameter>, Vec<Parameter>)> {
    let read = |flag: &str, given: &[String]| -> Result<Vec<Parameter>> {
        let parse = |text: &String| {
            Parameter::parse(text)
                .map_err(|error| EarlyExit::usage(format!("{flag} '{}': {error}", printable(text))))
        };
        given.iter().map(parse).collect()
    };
    Ok((
        read("--mail-parameter", &protocol.mail_parameter)?,
        read("--rcpt-parameter", &protocol.rcpt_parameter)?,
    ))
}

/// What is given in so many words takes the place of what other flags would have said.
fn add(parameters: &mut Vec<Parameter>, given: &[Parameter]) {
    parameters.retain(|own| !given.iter().any(|given| given.is(own.keyword())));
    parameters.extend_from_slice(given);
}

/// The reverse-path: `--envelope-from` (or the message's own sender), else `--from`, which was named by
/// `from_flag`.
fn sender(people: &People, from_flag: &str) -> Result<ReversePath> {
    match (&people.envelope_from, &people.from) {
        (Some(path), _) => Ok(path.clone()),
        (None, Some(from)) => match &from.path {
            ForwardPath::Mailbox(mailbox) => Ok(ReversePath::Mailbox(mailbox.clone())),
            ForwardPath::Postmaster => Err(EarlyExit::usage(format!(
                "{from_flag}: a name without a domain; add one, or use --domain"
            ))),
        },
        (None, None) => Err(EarlyExit::usage(NO_SENDER)),
    }
}

fn warn_of_long_addresses(recipients: &[Recipient], output: &Output) {
    for recipient in recipients {
        if let ForwardPath::Mailbox(mailbox) = &recipient.path
            && mailbox.is_long()
        {
            output.warn(&format!("the address {mailbox} is longer than servers must accept"));
        }
    }
}

impl Plan<'_> {
    /// What goes out: the message below its signatures.
    pub fn content(&self) -> Signed<'_> {
        Signed::with(self.signed.fields.clone(), &self.message)
    }

    /// The ways to the domains of the recipients, where those say who the servers are, and what these are like.
    pub fn routes(&self) -> Option<(&Routes, &Target)> {
        let connect = self.way.connect()?;
        Some((connect.routes.as_ref()?, &connect.target))
    }

    /// The plan in words, for `--dry-run`, perhaps on a terminal that is so wide.
    pub fn describe(&self, columns: Option<usize>) -> String {
        let mut out = String::new();
        let mut row = |name: &str, value: &str| out += &labelled(name, value, columns);
        match &self.way {
            Way::Now(connect) => connect.describe(&mut row),
            Way::Queue(queue) => queue.describe(&mut row),
        }
        let joined = |parameters: &[Parameter]| -> String {
            parameters.iter().map(|parameter| format!(" {}", parameter.as_str())).collect()
        };
        let mail_parameters = joined(&self.envelope.mail_parameters);
        row("sender", &format!("<{}>{mail_parameters}", self.envelope.reverse_path));
        let recipients = &self.envelope.recipients;
        for (index, recipient) in recipients.iter().take(SHOWN).enumerate() {
            let label = if index == 0 { "recipients" } else { "" };
            row(label, &format!("<{}>{}", recipient.path, joined(&recipient.parameters)));
        }
        if recipients.len() > SHOWN {
            row("", &format!("and {} more", recipients.len() - SHOWN));
        }
        let octets = self.content().facts().octets;
        let kind = match &self.message {
            Message::Composed(_) => "composed",
            Message::Raw(_) => "as it is",
        };
        let id = self.message.id().map_or(String::new(), |id| format!(", {id}"));
        row("message", &format!("{octets} octets, {kind}{id}"));
        for (index, line) in self.message.added().enumerate() {
            row(if index == 0 { "added" } else { "" }, line);
        }
        for (index, by) in self.signed.by.iter().enumerate() {
            row(if index == 0 { "dkim" } else { "" }, by);
        }
        if self.all_or_none {
            row("policy", "all or none");
        }
        if let Some(log) = &self.log {
            row("log", &log.to_string());
        }
        if let Some(path) = self.tlsrpt {
            row("tlsrpt", &path.display().to_string());
        }
        if let Some(connect) = self.way.connect() {
            stop_after::describe(&connect.target, &mut row);
        }
        out
    }
}
