//! From what was typed to what it means: files opened, names read, defaults filled in, flags checked against each
//! other. Nothing is connected to in here.

use super::people::{self, People};
use super::route::{self, Route};
use super::stop::{Result, Stop};
use super::text::{self, Message};
use super::{demands, host, login, trust};
use crate::cli::SendArgs;
use crate::client::{Patience, Settings};
use crate::message::source::Source;
use crate::net::{Deadline, Protocol};
use crate::output::Output;
use crate::report::text::printable;
use crate::smtp::command::EhloName;
use crate::smtp::content::Content;
use crate::smtp::envelope::{Envelope, Recipient};
use crate::smtp::parameter::Parameter;
use crate::smtp::path::{ForwardPath, ReversePath};
use crate::smtp::session;
use std::fmt::Write as _;
use std::path::Path;

/// The most recipients that a plan names on a screen.
const SHOWN: usize = 20;

/// One message, ready to be delivered.
#[derive(Debug)]
pub struct Plan {
    /// To which server, and how.
    pub settings: Settings,
    /// From and to whom.
    pub envelope: Envelope,
    /// What.
    pub message: Message,
    /// Everybody, or nobody.
    pub all_or_none: bool,
    /// What a list of recipients said of each, in the envelope's order, if `--failed-to` is to repeat it.
    pub listed: Vec<Vec<Parameter>>,
    /// Where the secret would come from.
    secret: Option<String>,
    user: Option<String>,
}

/// Makes the plan; none if there is nothing to send (`-E`).
pub fn resolve(args: &SendArgs, output: &Output) -> Result<Option<Plan>> {
    text::check_stdin(args)?;
    let as_is = &args.as_is;
    if as_is.message.is_none() && (as_is.recipients_in_message || as_is.add_missing_headers) {
        return Err(Stop::usage("--recipients-in-message and --add-missing-headers go with --message"));
    }
    let Route { server, host, way } = route::resolve(args, output)?;
    let user = login::user(&args.login, server.user.as_deref())?;
    // A log-in or a pin is in vain where the server may be anybody.
    let tls = route::tls_mode(args, &server, user.is_some() || !args.tls.pin.is_empty());
    let tls = demands::tls(&args.delivery, args.tls.tls, tls)?;
    let client = trust::client(&args.tls, tls, host.as_deref(), output)?;
    let tls_name = route::tls_name(args, &server, host.clone(), tls)?;
    let xclient = route::xclient(args)?;
    let ehlo_name = ehlo_name(args)?;
    let (mail_parameters, rcpt_parameters) = parameters(args)?;

    let mut people =
        people::read(&args.who, &mut |path: &Path| -> Result<Source> { text::open(path, output) })?;
    if args.as_is.message.is_none() {
        sender(&people)?;
    }
    if people.recipients.is_empty() && !args.as_is.recipients_in_message {
        return Err(Stop::usage(
            "no recipient: name one, as in 'ehlo send … ops@example.org', or with --recipient",
        ));
    }
    let Ok(message) = text::make(args, &mut people, output)? else { return Ok(None) };
    people.merge_duplicates();
    if people.recipients.is_empty() {
        return Err(Stop::data("the message names no recipient in To, Cc or Bcc"));
    }
    let reverse_path = sender(&people)?;
    warn_of_long_addresses(&people.recipients, output);
    let recipients = people.recipients;
    let listed = match args.output.failed_to {
        Some(_) => recipients.iter().map(|recipient| recipient.parameters.clone()).collect(),
        None => Vec::new(),
    };
    let mut envelope =
        Envelope { reverse_path, mail_parameters: Vec::new(), demands: Vec::new(), recipients };
    demands::put(&args.delivery, &mut envelope)?;
    envelope.mail_parameters.extend(mail_parameters);
    for recipient in &mut envelope.recipients {
        recipient.parameters.extend(rcpt_parameters.iter().cloned());
    }
    let (credentials, tokens) = match &user {
        Some(user) if !args.output.dry_run => {
            let server = login::For {
                host: host.as_deref(),
                port: server.port().unwrap_or_default(),
                insecure: args.tls.insecure,
                hidden: &way.hidden,
            };
            let (credentials, tokens) = login::credentials(&args.login, user, &server, output)?;
            (Some(credentials), tokens)
        }
        _ => (None, None),
    };
    Ok(Some(Plan {
        settings: Settings {
            protocol: match server.protocol {
                Protocol::Smtp => session::Protocol::Smtp,
                Protocol::Lmtp => session::Protocol::Lmtp,
            },
            port: server.port().unwrap_or_default(),
            endpoint: server.endpoint,
            way,
            tls,
            tls_client: client,
            tls_name,
            ehlo_name,
            xclient,
            login: credentials,
            tokens,
            pipelining: !args.protocol.no_pipelining,
            chunking: !args.protocol.no_chunking,
            force_8bit: args.protocol.force_8bit,
            patience: Patience {
                connect: args.server.connect_timeout,
                each: args.server.timeout,
                message: args.server.final_timeout,
                whole: args.server.deadline.map_or_else(Deadline::never, Deadline::after),
            },
        },
        envelope,
        message,
        all_or_none: args.policy.all_or_none,
        listed,
        secret: user.as_deref().map(|user| login::origin(&args.login, user)),
        user,
    }))
}

fn ehlo_name(args: &SendArgs) -> Result<Option<EhloName>> {
    match &args.protocol.ehlo_name {
        Some(text) => EhloName::parse(text)
            .map(Some)
            .map_err(|error| Stop::usage(format!("--ehlo-name '{}': {error}", printable(text)))),
        None => Ok(host::full_name()),
    }
}

fn parameters(args: &SendArgs) -> Result<(Vec<Parameter>, Vec<Parameter>)> {
    let read = |flag: &str, given: &[String]| -> Result<Vec<Parameter>> {
        let parse = |text: &String| {
            Parameter::parse(text)
                .map_err(|error| Stop::usage(format!("{flag} '{}': {error}", printable(text))))
        };
        given.iter().map(parse).collect()
    };
    let protocol = &args.protocol;
    Ok((
        read("--mail-parameter", &protocol.mail_parameter)?,
        read("--rcpt-parameter", &protocol.rcpt_parameter)?,
    ))
}

/// The reverse-path: `--envelope-from` (or the message's own sender), else `--from`.
fn sender(people: &People) -> Result<ReversePath> {
    match (&people.envelope_from, &people.from) {
        (Some(path), _) => Ok(path.clone()),
        (None, Some(from)) => match &from.path {
            ForwardPath::Mailbox(mailbox) => Ok(ReversePath::Mailbox(mailbox.clone())),
            ForwardPath::Postmaster => {
                Err(Stop::usage("--from: a name without a domain; add one, or say --domain"))
            }
        },
        (None, None) => Err(Stop::usage("no sender: name one with -f (--from) or EHLO_FROM")),
    }
}

fn warn_of_long_addresses(recipients: &[Recipient], output: &Output) {
    for recipient in recipients {
        if let ForwardPath::Mailbox(mailbox) = &recipient.path
            && mailbox.is_long()
        {
            output.warn(&format!("the address {mailbox} is longer than servers must take"));
        }
    }
}

impl Plan {
    /// The plan in words, for `--dry-run`.
    pub fn describe(&self) -> String {
        let settings = &self.settings;
        let mut out = String::new();
        let mut row = |name: &str, value: &str| {
            // Writing to a String does not fail.
            let _ = writeln!(out, "{name:<12}{}", printable(value));
        };
        route::describe(settings, &mut row);
        row("tls", &trust::describe(settings));
        match (&self.user, &self.secret) {
            (Some(user), Some(origin)) if user.is_empty() => row("log in", origin),
            (Some(user), Some(origin)) => row("log in", &format!("as {user}, {origin}")),
            _ => row("log in", "no"),
        }
        let name = settings.ehlo_name.as_ref().map_or("[this end's address]", EhloName::as_str);
        row("ehlo name", name);
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
        let facts = self.message.facts();
        let kind = match &self.message {
            Message::Composed(_) => "composed",
            Message::Raw(_) => "as it is",
        };
        let id = self.message.id().map_or(String::new(), |id| format!(", {id}"));
        row("message", &format!("{} octets, {kind}{id}", facts.octets));
        if self.all_or_none {
            row("policy", "all or none");
        }
        out
    }
}
