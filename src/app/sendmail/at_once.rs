//! Without a queue: the message is sent at once, and the exit status says what became of it, as with `ehlo send`.

use super::super::configuration;
use super::super::early_exit::{EarlyExit, Result};
use super::super::log;
use super::super::target::{self, Deviations, trust};
use super::desk::{Desk, submission};
use super::refused::not_taken;
use crate::cli::SessionArgs;
use crate::client::observer::Nobody;
use crate::delivery::{self, MailObject, Policies};
use crate::dkim::Signed;
use crate::mailer::handover::Handover;
use crate::mailer::header_of::{header_of, waives_tls};
use crate::message::source::Source;
use crate::output::Output;
use crate::report::Report;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use ehlo_smtp::content::Content;

/// Sends it, and returns the exit status.
pub fn send(desk: &Desk, source: Source, handover: &Handover, output: &Output) -> Result<ExitStatus> {
    if let Some(broken) = &desk.broken {
        return Err(EarlyExit::of(ExitStatus::CONFIG, broken.clone()));
    }
    desk.check_named()?;
    let (taken, chosen) =
        desk.intake(source, handover, output).map_err(|why| not_taken(&why, "nothing was sent"))?;
    let places: Vec<usize> = (0..taken.recipients.len()).collect();
    let envelope = submission(&taken, handover).envelope(&places, None).map_err(|without| {
        let name = printable(&without.0);
        EarlyExit::data(format!("'{name}' has no domain: set 'domain' in the table sendmail of config.toml"))
    })?;
    let signed = desk.signed(&taken, chosen.as_ref(), false, output)?;
    let content = Signed::with(signed.fields, &taken.content);
    let mut args = SessionArgs::default();
    let in_force = match chosen {
        Some(chosen) => configuration::with(chosen, &args, output)?,
        None => {
            args.server.server = std::env::var("EHLO_SERVER").ok().filter(|server| !server.is_empty());
            args.server.named_by = "EHLO_SERVER";
            if args.server.server.is_none() {
                let text = "no account and no server: set a default in config.toml (see ehlo-config(5)), or EHLO_SERVER";
                return Err(EarlyExit::of(ExitStatus::CONFIG, text));
            }
            configuration::by(None, &args, &[], output)?
        }
    };
    let mut connect = target::resolve(in_force, &Deviations::default(), output)?;
    configuration::check_size(connect.account(), content.facts().octets)?;
    connect.ready(output)?;
    connect.target.session.force_8bit = true;
    trust::warn_of_insecure(&connect.target.tls, output);
    let message = MailObject {
        envelope: &envelope,
        content: &content,
        id: taken.message_id.clone(),
        all_or_none: false,
    };
    let outcome = match connect.routing() {
        None => delivery::deliver(&connect.target, &connect.others, &message, &mut Nobody),
        Some(routing) => {
            let policies = Policies::of(&envelope, || header_of(&content).as_ref().is_some_and(waives_tls));
            delivery::deliver_to_all(&routing, &message, &content, policies, routing.routes.jobs, None)
        }
    };
    let report = Report::of(outcome);
    if let Some(place) = log::wanted(Some(desk.configuration()), output)? {
        log::write(&place, &report, output);
    }
    // Programs read nothing on standard output here: only who did not get it is told.
    let quiet = Output { quiet: true, ..*output };
    quiet.report(&report);
    Ok(report.exit_status())
}
