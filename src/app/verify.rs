//! `ehlo verify`: whether addresses are accepted, by RCPT without DATA, VRFY or EXPN. A mailbox that cannot
//! exist is asked about first.

use super::configuration;
use super::early_exit::{EarlyExit, Result};
use super::lists::Lists;
use super::misplaced;
use super::people::{self, People};
use super::plan;
use super::send::{hint_at_login, warn_of_unverified};
use super::standard_input::Awaited;
use super::target::{self, Deviations, Resolved, trust};
use super::text::open;
use super::transcript_file::Observers;
use crate::cli::{AskedArgs, ProtocolArgs, StopArgs, VerifyArgs, looks_like_server, typed};
use crate::delivery::{self, Outcome, Question};
use crate::message::address;
use crate::net::interrupt;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::{labelled, printable};
use crate::report::{Report, Skipped};
use crate::words;
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::expect::Stage;
use ehlo_smtp::inquiry::{Argument, Inquiry, InquiryVerb};
use ehlo_smtp::path::{Domain, ForwardPath, Mailbox, ReversePath};
use std::collections::HashSet;
use std::path::Path;

/// Asks the server, and returns the exit status.
pub fn run(args: &VerifyArgs) -> ExitStatus {
    let output = Output::new(args.output.quiet, args.output.json, args.output.color);
    let report = verify(args, &output)
        .unwrap_or_else(|exit| Report { prevented: Some(exit.report()), ..Report::default() });
    // No mail is on its way: the answer is all there is.
    if output.report(&report) { report.exit_status() } else { ExitStatus::IO }
}

fn verify(args: &VerifyArgs, output: &Output) -> Result<Report> {
    // Before the server is looked at: where that was forgotten, the address stands in its place.
    let server = args.session.server.server.as_deref().unwrap_or_default();
    if server.contains('@') && !server.contains([':', '/']) {
        let host = args.asked.addresses.iter().find(|word| looks_like_server(word));
        let (why, host) = match host {
            Some(host) => ("the server comes first", host.as_str()),
            None => ("no server: name one before the address", "mail.example.org"),
        };
        return Err(EarlyExit::usage(format!("{why}, as in 'ehlo verify {host} {}'", printable(server))));
    }
    if args.asked.addresses.is_empty() && args.asked.recipients_from.is_empty() {
        return Err(EarlyExit::usage(
            "no address: name one after the server, or a file by --recipients-from",
        ));
    }
    let by_rcpt = !args.asked.vrfy && !args.asked.expn;
    let stop = StopArgs { stop_after: by_rcpt.then_some(Stage::Rcpt), ..StopArgs::default() };
    let deviations = Deviations { dry_run: args.output.dry_run, stop, ..Deviations::default() };
    let in_force = configuration::in_force(&args.session, &[], output)?;
    let mut connect = target::resolve(in_force, &deviations, output)?;
    if connect.routes.is_some() && !by_rcpt {
        return Err(EarlyExit::usage("--vrfy and --expn ask one server: name it in place of mx:"));
    }
    let (question, random) = question(&args.asked, &args.session.protocol, output)?;
    if args.output.dry_run {
        if !output.json && !output.quiet {
            let plan = describe(&connect, &question, output.columns());
            output.data(&plan).map_err(|error| EarlyExit::io(error, "cannot write the plan".to_owned()))?;
        }
        return Ok(Report { skipped: Some(Skipped::DryRun), ..Report::default() });
    }
    connect.ready(output)?;
    let mut observers = Observers::open(&args.output)?;
    let lists = Lists::open(&args.output)?;
    trust::warn_of_insecure(&connect.target.tls, output);
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let routing = connect.routing();
    let outcome = delivery::verify(connect.asked(routing.as_ref()), &question, random, &mut observers.all);
    observers.end(output);
    // Each reply with its meaning is what one asks for here; the report as JSON has it by --explain.
    let explain = args.output.explain || !(args.output.json || args.output.quiet);
    warn_of_unverified(&connect.target, &outcome, output);
    hint_at_login(&connect.target, &outcome, output);
    warn_of_open_answers(&outcome, output);
    lists.write(&[], &outcome, output);
    Ok(Report { explain, ..Report::of(outcome) })
}

/// What is asked, and how many mailboxes in front of it cannot exist.
fn question(args: &AskedArgs, protocol: &ProtocolArgs, output: &Output) -> Result<(Question, usize)> {
    let verb = match (args.vrfy, args.expn) {
        (true, _) => Some(InquiryVerb::Vrfy),
        (false, true) => Some(InquiryVerb::Expn),
        (false, false) => None,
    };
    // A list is expanded, and a random one is no test of anything.
    let random =
        (!args.no_random && verb != Some(InquiryVerb::Expn)).then(|| random_name(args)).transpose()?;
    if args.random_mailbox.is_some() && random.is_none() {
        return Err(EarlyExit::usage("--random-mailbox cannot be used with --expn"));
    }
    match verb {
        None => by_rcpt(args, protocol, random.as_deref(), output),
        Some(verb) => by_inquiry(args, verb, random.as_deref(), output),
    }
}

fn by_rcpt(
    args: &AskedArgs,
    protocol: &ProtocolArgs,
    random: Option<&str>,
    output: &Output,
) -> Result<(Question, usize)> {
    let domain = args.domain.as_deref().map(people::domain).transpose()?;
    let reverse_path = match args.envelope_from.as_deref() {
        Some(text) => people::reverse_path(text, domain.as_ref())?,
        None => ReversePath::Null,
    };
    let mut people = People::default();
    for text in &args.addresses {
        let unfit = |error: &dyn std::fmt::Display| match typed::is_behind_a_user(text) {
            true => EarlyExit::usage(misplaced::BEHIND_A_USER),
            false => EarlyExit::usage(format!("'{}': {error}", printable(text))),
        };
        let addresses = address::parse_list(text, domain.as_ref()).map_err(|error| {
            unfit(&format!("{error}{}", words::address::way_out(&error.fault, text.contains('<'))))
        })?;
        people::in_one_line("address", text)?;
        if addresses.is_empty() {
            return Err(unfit(&"it contains no address"));
        }
        let recipient = |address: address::Address| Recipient { path: address.path, parameters: Vec::new() };
        people.recipients.extend(addresses.into_iter().map(recipient));
    }
    for path in &args.recipients_from {
        people.recipients.extend(people::from_file(&octets(path, output)?, &name(path), domain.as_ref())?);
    }
    people.merge_duplicates();
    if people.recipients.is_empty() {
        return Err(EarlyExit::usage("--recipients-from: it contains no address"));
    }
    let mailboxes = people.recipients.iter().filter_map(|recipient| match &recipient.path {
        ForwardPath::Mailbox(mailbox) => Some(mailbox),
        ForwardPath::Postmaster => None,
    });
    let random = random_mailboxes(mailboxes, random)?;
    let count = random.len();
    let random = random
        .into_iter()
        .map(|mailbox| Recipient { path: ForwardPath::Mailbox(mailbox), parameters: Vec::new() });
    let (mail_parameters, rcpt_parameters) = plan::parameters(protocol)?;
    let mut recipients: Vec<Recipient> = random.chain(people.recipients).collect();
    for recipient in &mut recipients {
        recipient.parameters.extend(rcpt_parameters.iter().cloned());
    }
    Ok((
        Question::Rcpt(Envelope {
            reverse_path,
            mail_parameters,
            demands: Vec::new(),
            only_offered: false,
            recipients,
        }),
        count,
    ))
}

fn by_inquiry(
    args: &AskedArgs,
    verb: InquiryVerb,
    random: Option<&str>,
    output: &Output,
) -> Result<(Question, usize)> {
    let mut arguments = Vec::new();
    for text in &args.addresses {
        let argument = Argument::parse(text);
        arguments
            .push(argument.map_err(|error| EarlyExit::usage(format!("'{}': {error}", printable(text))))?);
    }
    for path in &args.recipients_from {
        let octets = octets(path, output)?;
        let name = name(path);
        let text = std::str::from_utf8(&octets).map_err(|_| EarlyExit::data(format!("{name}: not UTF-8")))?;
        let lines = text.lines().map(str::trim).enumerate();
        for (index, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let unfit = |error| EarlyExit::data(format!("{name}, line {}: {error}", index + 1));
            arguments.push(Argument::parse(line).map_err(unfit)?);
        }
    }
    if arguments.is_empty() {
        return Err(EarlyExit::usage("--recipients-from: it contains no address"));
    }
    let mut seen = HashSet::new();
    arguments.retain(|argument| seen.insert(argument.as_str().to_owned()));
    let random = random_mailboxes(arguments.iter().filter_map(Argument::mailbox), random)?;
    let count = random.len();
    let arguments = random.into_iter().map(Argument::from).chain(arguments);
    let inquiries = arguments.map(|argument| Inquiry { verb, argument }).collect();
    Ok((Question::Ask(verb, inquiries), count))
}

/// The local part of a mailbox that cannot exist: 16 random hexadecimal digits, unless one is given.
fn random_name(args: &AskedArgs) -> Result<String> {
    match &args.random_mailbox {
        Some(name) => Ok(name.clone()),
        None => getrandom::u64().map(|number| format!("{number:016x}")).map_err(|error| {
            EarlyExit::io(
                anyhow::Error::msg(error.to_string()),
                "this system provides no random \
                numbers"
                    .to_owned(),
            )
        }),
    }
}

/// One such mailbox for each domain.
fn random_mailboxes<'a>(
    mailboxes: impl Iterator<Item = &'a Mailbox>,
    name: Option<&str>,
) -> Result<Vec<Mailbox>> {
    let Some(name) = name else { return Ok(Vec::new()) };
    let mut seen = HashSet::new();
    let domains = mailboxes.map(Mailbox::domain);
    let first = domains.filter(|domain| seen.insert(domain.ascii().to_ascii_lowercase()));
    let unfit = |error| EarlyExit::usage(format!("--random-mailbox '{}': {error}", printable(name)));
    first.map(|domain: &Domain| Mailbox::new(name, domain.clone()).map_err(unfit)).collect()
}

fn octets(path: &Path, output: &Output) -> Result<Vec<u8>> {
    let source = open(path, Awaited::Addresses, output)?;
    source.read_all().map_err(|error| EarlyExit::no_input(error, format!("cannot read {}", name(path))))
}

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// Answers that answer nothing.
fn warn_of_open_answers(outcome: &Outcome, output: &Output) {
    for random in outcome.accepted_at_random() {
        let address = random.address.to_string();
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        output.warn(&format!(
            "the server accepts any mailbox at {domain}, even {address}: an acceptance proves nothing"
        ));
    }
    let by_vrfy = outcome.verification.as_ref().is_some_and(|asked| asked.by == Stage::Vrfy);
    if by_vrfy && outcome.fates().any(|(_, fate)| fate.reply().is_some_and(|reply| reply.code() == 252)) {
        output.warn("252 does not say whether the mailbox exists");
    }
}

/// The plan in words, for `--dry-run`, perhaps on a terminal that is so wide.
fn describe(connect: &Resolved<'_>, question: &Question, columns: Option<usize>) -> String {
    let mut out = String::new();
    let mut row = |name: &str, value: &str| out += &labelled(name, value, columns);
    connect.describe(&mut row);
    let asked: Vec<String> = match question {
        Question::Rcpt(envelope) => {
            row("sender", &format!("<{}>", envelope.reverse_path));
            envelope.recipients.iter().map(|recipient| format!("RCPT <{}>", recipient.path)).collect()
        }
        Question::Ask(_, inquiries) => inquiries.iter().map(ToString::to_string).collect(),
    };
    for (index, asked) in asked.iter().enumerate() {
        row(if index == 0 { "asked" } else { "" }, asked);
    }
    out
}
