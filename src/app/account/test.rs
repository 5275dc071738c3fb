//! `ehlo account test`: does this account work. It connects, logs in, and asks whether mail from the account to
//! itself is accepted: five lines, as far as it comes, one for each key that signs, and the one line of error. No mail is
//! sent.

use super::super::configuration::Chosen;
use super::super::early_exit::{EarlyExit, Result};
use super::super::target::{self, Deviations, trust};
use super::super::{people, resolver, signing};
use super::show::{of_account, print};
use crate::cli::{SessionArgs, StopArgs};
use crate::client::Observer;
use crate::delivery::outcome::{Outcome, Server};
use crate::delivery::{self, Question};
use crate::net::tls::TlsInfo;
use crate::net::{Deadline, interrupt};
use crate::output::Output;
use crate::report::Report;
use crate::report::exit::ExitStatus;
use crate::report::text::{self, printable};
use crate::words;
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::expect::Stage;
use ehlo_smtp::path::{ForwardPath, ReversePath};
use ehlo_smtp::reply::Reply;

/// Asks the account's server, and says what was found.
pub(super) fn test(named: Option<&str>, output: &Output) -> Result<ExitStatus> {
    let args = SessionArgs::of_account(named);
    let (used, chosen) = of_account(&args, output)?;
    let Some(address) = chosen.account.text("address") else {
        let name = printable(&chosen.account.name);
        return Err(EarlyExit::of(
            ExitStatus::CONFIG,
            format!("account '{name}' has no address to test with: add address = \"you@example.org\""),
        ));
    };
    let stop = StopArgs { stop_after: Some(Stage::Rcpt), ..StopArgs::default() };
    let mut resolved = target::resolve(used, &Deviations { stop, ..Deviations::default() }, output)?;
    let reverse_path = people::reverse_path(address, None)?;
    let recipients = match &reverse_path {
        ReversePath::Mailbox(mailbox) => {
            vec![Recipient { path: ForwardPath::Mailbox(mailbox.clone()), parameters: Vec::new() }]
        }
        ReversePath::Null => Vec::new(),
    };
    resolved.ready(output)?;
    trust::warn_of_insecure(&resolved.target.tls, output);
    let user = resolved.target.login.as_ref().map(|login| login.credentials.user.clone());
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let envelope = Envelope {
        reverse_path,
        mail_parameters: Vec::new(),
        demands: Vec::new(),
        only_offered: false,
        recipients,
    };
    let (mut rows, keys) = signing_keys(&chosen, output)?;
    let mut nobody: Vec<Box<dyn Observer>> = Vec::new();
    // With domains it is the servers of its own address: the next recipient's may be others.
    let routing = resolved.routing();
    let asked = resolved.asked(routing.as_ref());
    let outcome = delivery::verify(asked, &Question::Rcpt(envelope), 0, &mut nobody);
    rows.splice(0..0, found(&outcome, user.as_deref()));
    print(&rows, output)?;
    let report = Report::of(outcome);
    match (report.complaint(), keys) {
        (Some(complaint), _) => Ok(output.complain(&complaint)),
        (None, Err(exit)) if report.exit_status() == ExitStatus::OK => Ok(output.complain(&exit.report())),
        (None, _) => Ok(report.exit_status()),
    }
}

/// Whether each key that signs is the published one: a row for each, and the first that is not.
fn signing_keys(chosen: &Chosen, output: &Output) -> Result<(Vec<[String; 3]>, Result<()>)> {
    let Some(wanted) = signing::by_account(chosen)? else { return Ok((Vec::new(), Ok(()))) };
    let until = Deadline::after(signing::PATIENCE);
    let signer = wanted.signer(None, until, output)?;
    let resolver = resolver::of(&[])?;
    let (mut rows, mut all) = (Vec::new(), Ok(()));
    for key in signer.keys() {
        let checked = signing::check_key(key, &resolver, until, output);
        let (verdict, text) = match &checked {
            Ok(()) => ("ok", format!("the key is published at {}", key.question())),
            Err(exit) => ("no", exit.report().text),
        };
        rows.push([String::from("dkim"), verdict.to_owned(), printable(&text)]);
        all = all.and(checked);
    }
    Ok((rows, all))
}

/// What was found, as far as it came.
fn found(outcome: &Outcome, user: Option<&str>) -> Vec<[String; 3]> {
    let mut rows = Vec::new();
    let mut row = |what: &str, is_well: bool, text: String| {
        let verdict = if is_well { "ok" } else { "no" };
        rows.push([what.to_owned(), verdict.to_owned(), printable(&text)]);
    };
    // The last one, if it ended early, is told of on standard error.
    for attempt in outcome.attempts.iter().rev().skip(1).rev() {
        if let Some(error) = &attempt.error {
            row("connect", false, words::client_error(error));
        }
    }
    let Some(server) = outcome.attempts.last().and_then(|last| last.server.as_ref()) else { return rows };
    row("connect", true, format!("{} at {}", server.name, server.address));
    match &server.tls {
        Some(tls) => row("tls", tls.verified, in_words(tls)),
        None => row("tls", false, "the connection is not encrypted".to_owned()),
    }
    log_in(server, user, &mut row);
    for view in outcome.transactions() {
        let mut said = |what: &str, reply: Option<&Reply>| {
            if let Some(reply) = reply {
                row(what, reply.is_positive(), text::said(reply));
            }
        };
        said("sender", view.transaction.mail.as_ref());
        let recipient = view.transaction.recipients.first().and_then(|one| one.rcpt.as_ref());
        said("recipient", recipient);
    }
    rows
}

fn log_in(server: &Server, user: Option<&str>, row: &mut dyn FnMut(&str, bool, String)) {
    match (user, server.auth) {
        (Some(user), Some(mechanism)) => row("log in", true, format!("as {user} by {mechanism}")),
        (Some(user), None) => row("log in", false, format!("not as {user}")),
        (None, _) => row("log in", true, "not asked for: the account has no user".to_owned()),
    }
}

fn in_words(tls: &TlsInfo) -> String {
    let version = tls.version.as_deref().unwrap_or("TLS");
    let verdict = match (&tls.fault, tls.verified) {
        (_, true) => "the certificate is verified".to_owned(),
        (Some(fault), false) => format!("the certificate is not verified: {fault}"),
        (None, false) => "the certificate is not verified".to_owned(),
    };
    let until = tls.certificate().and_then(|own| own.contents).map(|contents| contents.not_after);
    let until = until.map_or(String::new(), |until| format!(", valid until {until}"));
    format!("{version}, {verdict}{until}")
}
