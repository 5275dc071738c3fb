//! TLSRPT (RFC 8460): the file that sessions are noted in, and `ehlo tlsrpt`, which makes reports of it.

mod asked;
mod folder;
mod log;
mod read;

pub use log::TlsLog;

use super::clock::now;
use super::early_exit::{EarlyExit, Result};
use super::resolver;
use crate::cli::{TlsrptAction, TlsrptArgs, When};
use crate::message::date;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::report::tlsrpt::{Author, Day, Letter, Report, Submitter, compose};
use asked::Asked;
use ehlo_smtp::path::Mailbox;
use folder::Folder;

/// Does what was asked for.
pub fn run(args: &TlsrptArgs) -> ExitStatus {
    let output = Output::new(false, false, When::Auto);
    let done = match args.action {
        TlsrptAction::Report => report(args, &output),
    };
    done.unwrap_or_else(|exit| output.complain(&exit.report()))
}

fn report(args: &TlsrptArgs, output: &Output) -> Result<ExitStatus> {
    let from = args.from.as_deref().map(sender).transpose()?;
    let author = author(args, from.as_ref())?;
    let today = Day::of(now());
    let named = args.day.as_deref().map(day).transpose()?;
    let is_wanted = |day: Day| named.map_or(day < today, |wanted| day == wanted);
    let tally = read::read(&args.file, &is_wanted, output)?;
    let Some(folder) = &args.out else {
        for report in tally.reports(&author) {
            print(output, &report.json)?;
        }
        return Ok(ExitStatus::OK);
    };
    let folder = Folder(folder);
    let mut asked = match &from {
        Some(from) => Some((Asked::new(resolver::of(&args.resolvers)?), from)),
        None => None,
    };
    for report in tally.reports(&author) {
        print(output, &folder.write(&report.file, &report.json)?)?;
        let Some((asked, from)) = &mut asked else { continue };
        let to = asked.mailboxes(&report.domain, output);
        if !to.is_empty() {
            print(output, &folder.write(&mail_of(&report), &mail(&report, &author, from, &to)?)?)?;
        }
    }
    let has_failed = asked.is_some_and(|(asked, _)| asked.has_failed);
    Ok(if has_failed { ExitStatus::TEMPORARY } else { ExitStatus::OK })
}

fn mail(report: &Report, author: &Author, from: &Mailbox, to: &[Mailbox]) -> Result<String> {
    let date = date::now().map_err(|error| EarlyExit::io(error, "cannot date a mail".to_owned()))?;
    Ok(compose(report, author, &Letter { from, to, date: &date }))
}

/// The name of the file with the mail.
fn mail_of(report: &Report) -> String {
    format!("{}.eml", report.file.strip_suffix(".json").unwrap_or(&report.file))
}

fn print(output: &Output, line: &str) -> Result<()> {
    output
        .data(&format!("{line}\n"))
        .map_err(|error| EarlyExit::io(error, "cannot write to standard output".to_owned()))
}

fn day(text: &str) -> Result<Day> {
    Day::parse(text).ok_or_else(|| {
        EarlyExit::usage(format!("--day needs a day such as 2026-11-30, not '{}'", printable(text)))
    })
}

/// The address that mails come from. Servers without SMTPUTF8 take it too.
fn sender(text: &str) -> Result<Mailbox> {
    let mailbox = Mailbox::parse(text)
        .map_err(|error| EarlyExit::usage(format!("--from '{}': {error}", printable(text))))?;
    if mailbox.local().is_ascii() {
        return Ok(mailbox);
    }
    Err(EarlyExit::usage(format!("--from '{}': the local part must be ASCII", printable(text))))
}

/// Who reports: the domain is that of the sender, else that of whoever can be asked.
fn author(args: &TlsrptArgs, from: Option<&Mailbox>) -> Result<Author> {
    for (flag, text) in [("--organization", &args.organization), ("--contact", &args.contact)] {
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            return Err(EarlyExit::usage(format!("{flag}: needs some words without control characters")));
        }
    }
    let submitter = match from {
        Some(from) => Submitter::parse(from.domain().ascii()),
        None => Submitter::of_contact(&args.contact),
    };
    let Some(submitter) = submitter else {
        let flag = if from.is_some() { "--from" } else { "--contact" };
        return Err(EarlyExit::usage(format!(
            "{flag}: names no domain to report as: use an address such as mailto:tls@example.org"
        )));
    };
    Ok(Author { organization: args.organization.clone(), contact: args.contact.clone(), submitter })
}
