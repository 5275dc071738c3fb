//! `-bs`: SMTP on standard input and output (the session: [`crate::mailer::serve`]).

use super::super::early_exit::{EarlyExit, Result};
use super::desk::{Desk, NotTaken, Request};
use crate::cli::SendmailArgs;
use crate::mailer::intake;
use crate::mailer::intake::lines;
use crate::mailer::serve::{self, Channel, PATIENCE, Refusal};
use crate::message::source::Source;
use crate::net::interrupt;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::spool::{Id, Submission};
use crate::words;
use ehlo_smtp::path::Domain;
use std::io;
use std::os::fd::AsFd;

/// Serves one client, and returns the exit status.
pub fn run(args: &SendmailArgs, output: &Output) -> Result<ExitStatus> {
    let mut desk = Desk::new(args.account.as_deref());
    if let Some(broken) = &desk.broken {
        output.warn(&format!("{broken}: messages wait until that is mended"));
    }
    // It is opened with the first message: a client that gets no greeting knows nothing.
    let _ = interrupt::install();
    let name = Domain::parse(desk.host()).map_err(|error| {
        EarlyExit::of(
            ExitStatus::TEMPORARY,
            format!("'{}' cannot be the name of a server: {error}", desk.host()),
        )
    })?;
    let limits = desk.queue.limits;
    let most = Some(limits.max_size).filter(|most| *most != u64::MAX);
    let settings = serve::settings(name, most, limits.max_recipients);
    let (input, out) = (duplicate(&io::stdin())?, duplicate(&io::stdout())?);
    let mut take = |submission: Submission, source: Source| take(&mut desk, submission, &source, output);
    match serve::serve(Channel::new(input, out, PATIENCE), settings, &mut take) {
        Ok(()) => Ok(ExitStatus::OK),
        Err(cut) => Err(EarlyExit::of(ExitStatus::TEMPORARY, cut.to_string())),
    }
}

/// One message.
fn take(
    desk: &mut Desk,
    submission: Submission,
    source: &Source,
    output: &Output,
) -> std::result::Result<Id, Refusal> {
    desk.open()
        .map_err(|exit| Refusal::NotNow(format!("the message was not queued: {}", exit.report().text)))?;
    let request = Request {
        recipients: Vec::new(),
        sender: Some(submission.sender),
        mail: submission.mail,
        ..Request::default()
    };
    let content =
        lines::of(source).map_err(|error| Refusal::NotNow(format!("the message was not queued: {error}")))?;
    let (id, _) =
        desk.take_for(content, &request, Some(submission.recipients), output).map_err(|why| match why {
            NotTaken::Spool(error) => Refusal::of_spool(&error),
            NotTaken::Refused(intake::Refusal::Read(error)) => Refusal::NotNow(error.to_string()),
            NotTaken::Refused(refusal) => Refusal::NotFit(words::intake::refusal(&refusal)),
        })?;
    desk.wake();
    Ok(id)
}

/// The descriptor itself, without what the standard library keeps back.
#[allow(clippy::disallowed_types, reason = "standard input and output are files here")]
fn duplicate(stream: &impl AsFd) -> Result<std::fs::File> {
    let duplicated = stream.as_fd().try_clone_to_owned();
    duplicated
        .map(std::fs::File::from)
        .map_err(|error| EarlyExit::io(error, "cannot use standard input and output".to_owned()))
}
