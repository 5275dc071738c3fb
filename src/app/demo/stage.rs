//! What all demos have in common: a sink that runs while the client plays, who writes to whom, and whether it arrived.

use super::super::early_exit::{EarlyExit, Result};
use crate::client::error::Kind;
use crate::delivery::Outcome;
use crate::report::exit::ExitStatus;
use crate::report::{Complaint, Report};
use crate::sink::{Settings, Sink};
use ehlo_smtp::envelope::{Envelope, Recipient};
use ehlo_smtp::path::{ForwardPath, Mailbox, PathError, ReversePath};
use std::sync::atomic::{AtomicBool, Ordering};

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
