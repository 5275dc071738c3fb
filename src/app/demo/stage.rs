//! What all demos have in common: a sink that runs while the client plays, who writes to whom, and whether it arrived.

use super::super::early_exit::{EarlyExit, Result};
use super::super::text::Message;
use crate::client::error::Kind;
use crate::delivery::Outcome;
use crate::message::raw::{Options, Raw};
use crate::message::source::Source;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::{Complaint, Report};
use crate::sink::{Settings, Sink};
use crate::words;
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::extension::Extension;
use ehlo_smtp::path::{ForwardPath, Mailbox, PathError, ReversePath};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What the sink does not offer, so that the dialogue is short, and reads as STD 10 has it.
pub(super) const WITHHELD: [Extension; 5] = [
    Extension::Pipelining,
    Extension::Size,
    Extension::EightBitMime,
    Extension::Smtputf8,
    Extension::Chunking,
];
/// Over loopback nothing takes long.
pub(super) const WHOLE: Duration = Duration::from_secs(30);

/// Plays a demo, prints its report below what `heading` says of it, and then what the status means and what `lesson` says; `next`
/// has the last word, and says what the demo exits with.
pub(super) fn run(
    output: &Output,
    play: fn(&Output) -> Result<Report>,
    heading: &str,
    lesson: &str,
    next: impl FnOnce(&Output, ExitStatus) -> ExitStatus,
) -> ExitStatus {
    let report =
        play(output).unwrap_or_else(|exit| Report { prevented: Some(exit.report()), ..Report::default() });
    let status = report.exit_status();
    if report.complaint().is_some() {
        output.report(&report);
        return status;
    }
    output.talk("");
    output.tell(heading);
    output.talk("");
    output.report(&report);
    output.talk("");
    output.tell(&format!(
        "'ehlo send' would exit with status {} now: {}. {lesson}",
        status.0,
        status.meaning()
    ));
    next(output, status)
}

/// The message, octet for octet.
pub(super) fn content(text: &str) -> Result<Message> {
    let raw = Raw::new(Source::bytes(text.as_bytes().to_vec()), Options::default());
    raw.map(Message::Raw).map_err(|error| EarlyExit::data(words::message::raw(&error)))
}

/// A name or an address that cannot be one.
pub(super) fn unfit(error: PathError) -> EarlyExit {
    EarlyExit::data(error.to_string())
}

/// The sink, which listens already.
pub(super) fn sink(settings: Settings) -> Result<Sink> {
    Sink::bind(settings).map_err(|error| EarlyExit::io(error, "cannot start the sink".to_owned()))
}

/// Who writes to whom.
pub(super) fn envelope(from: &str, to: &[&str]) -> Result<Envelope> {
    let recipient = |text: &&str| {
        let path = ForwardPath::Mailbox(Mailbox::parse(text)?);
        Ok(Recipient { path, parameters: Vec::new() })
    };
    Ok(Envelope {
        reverse_path: ReversePath::Mailbox(Mailbox::parse(from).map_err(unfit)?),
        mail_parameters: Vec::new(),
        demands: Vec::new(),
        only_offered: false,
        recipients: to.iter().map(recipient).collect::<std::result::Result<_, _>>().map_err(unfit)?,
    })
}

/// Plays, while the sink runs; the sink must have this content so many times then.
pub(super) fn play(
    sink: &Sink,
    content: &str,
    times: usize,
    client: impl FnOnce() -> Result<Outcome>,
) -> Result<Report> {
    let over = AtomicBool::new(false);
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| sink.run(&over));
        let outcome = client();
        over.store(true, Ordering::Relaxed);
        outcome
    })?;
    let mut report = Report::of(outcome);
    let arrived = sink.messages().iter().filter(|message| message.content == content.as_bytes()).count();
    if arrived != times && report.outcome.error().is_none() {
        report.prevented = Some(Complaint {
            kind: Kind::Data,
            text: "the sink does not have what was sent".to_owned(),
            hint: None,
            awaiting: None,
            status: ExitStatus::IO,
        });
    }
    Ok(report)
}
