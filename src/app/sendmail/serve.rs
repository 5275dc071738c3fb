//! `-bs`: SMTP on standard input and output (the session: [`crate::mailer::serve`]).

use super::super::early_exit::{EarlyExit, Result};
use super::super::{signing, standard_input};
use super::at_once;
use super::desk::Desk;
use super::hand_over::hand_on;
use super::refused::refusal;
use crate::cli::{Delivery, SendmailArgs};
use crate::mailer::handover::Handover;
use crate::mailer::intake::lines;
use crate::mailer::serve::{self, Channel, Kept, PATIENCE, Refusal};
use crate::message::source::Source;
use crate::net::interrupt;
use crate::output::Output;
use crate::report::Complaint;
use crate::report::exit::ExitStatus;
use std::io;
use std::os::fd::AsFd;

/// Serves one client, and returns the exit status.
pub fn run(args: &SendmailArgs, output: &Output) -> Result<ExitStatus> {
    let mut desk = Desk::new(args.account.as_deref());
    desk.signing = args.signing.clone();
    signing::by_flags(&args.signing)?;
    if args.signing.dkim_key.iter().any(|file| standard_input::is_named(file)) {
        return Err(EarlyExit::usage("--dkim-key: standard input is the session's with -bs; name a file"));
    }
    if let Some(broken) = &desk.broken {
        output.warn(&format!("{broken}: messages wait until that is mended"));
    } else if let Some(obstacle) = desk.obstacle(None).filter(|_| !desk.has_accounts() && !desk.has_machine())
    {
        output.warn(&obstacle);
    }
    // It is opened with the first message: a client that gets no greeting knows nothing.
    let _ = interrupt::install();
    let settings = desk.server().map_err(|error| {
        let text = format!("'{}' cannot be the name of a server: {error}", desk.host());
        EarlyExit::of(ExitStatus::TEMPORARY, text)
    })?;
    let (input, out) = (duplicate(&io::stdin())?, duplicate(&io::stdout())?);
    let queues = desk.sendmail.queue && !args.no_queue;
    // Of the first message it is told what is odd. A client may not read that, and must not be kept waiting for it.
    let mut telling = Some(*output);
    let mut take = |handover: Handover, source: Source| {
        let output = telling.take().unwrap_or(Output { quiet: true, ..*output });
        let kept = take(&mut desk, queues, handover, &source, &output);
        if kept.is_ok() && args.delivery != Delivery::Later {
            desk.wake();
        }
        kept
    };
    let served = serve::serve(Channel::new(input, out, PATIENCE), settings, &mut take);
    desk.finish();
    match served {
        Ok(()) => Ok(ExitStatus::OK),
        Err(cut) => Err(EarlyExit::of(ExitStatus::TEMPORARY, cut.to_string())),
    }
}

/// One message.
fn take(
    desk: &mut Desk,
    queues: bool,
    handover: Handover,
    source: &Source,
    output: &Output,
) -> std::result::Result<Kept, Refusal> {
    let content = lines::of(source).map_err(|error| Refusal::of_content(&error))?;
    if !queues {
        return send_now(desk, content, &handover, output).map(|()| Kept::Sent);
    }
    if desk.is_for_machine(&handover, &content).map_err(|why| refusal(&why))? {
        signing::not_for_machine(&desk.signing).map_err(not_taken)?;
        return hand_on(desk, content, handover, output).map(Kept::Queued).map_err(not_taken);
    }
    desk.open()
        .map_err(|exit| Refusal::NotNow(format!("the message was not queued: {}", exit.report().text)))?;
    let (id, _) = desk.take(content, &handover, output).map_err(|why| refusal(&why))?;
    Ok(Kept::Queued(id))
}

/// The daemon does not take it.
fn not_taken(exit: EarlyExit) -> Refusal {
    let Complaint { status, text, .. } = exit.report();
    match status {
        ExitStatus::DATA => Refusal::NotFit(text),
        ExitStatus::NO_PERMISSION => Refusal::Forbidden(text),
        _ => Refusal::NotNow(text),
    }
}

/// Without a queue, the client hears what became of the message. One that went to some, or perhaps to all, must not be
/// sent again by itself: that is told as a refusal for good.
fn send_now(
    desk: &Desk,
    content: Source,
    handover: &Handover,
    output: &Output,
) -> std::result::Result<(), Refusal> {
    let status = at_once::send(desk, content, handover, output).map_err(|exit| {
        let Complaint { status, text, .. } = exit.report();
        if status == ExitStatus::DATA { Refusal::NotFit(text) } else { Refusal::NotNow(text) }
    })?;
    let text = format!("the message was not sent to all: {}", status.meaning());
    match status {
        ExitStatus::OK => Ok(()),
        ExitStatus::DATA | ExitStatus::UNAVAILABLE | ExitStatus::PARTIAL | ExitStatus::UNKNOWN => {
            Err(Refusal::NotFit(text))
        }
        _ => Err(Refusal::NotNow(text)),
    }
}

/// The descriptor itself, without what the standard library keeps back.
#[allow(clippy::disallowed_types, reason = "standard input and output are files here")]
fn duplicate(stream: &impl AsFd) -> Result<std::fs::File> {
    let duplicated = stream.as_fd().try_clone_to_owned();
    duplicated
        .map(std::fs::File::from)
        .map_err(|error| EarlyExit::io(error, "cannot use standard input and output".to_owned()))
}
