//! How far the session goes, and where the connection is dropped: `--stop-after` and `--drop-after`.
//!
//! What is asked for must come to pass. A place that the session may never reach is refused here: the message would be
//! sent.

use super::stop::{Result, Stop};
use crate::cli::{DropPoint, SessionStage, StopArgs};
use crate::client::drop::{Drop, Point};
use crate::client::{Settings, Tls};
use crate::words;
use ehlo_smtp::expect::Stage;

/// The stage behind which it stops.
pub fn until(args: &StopArgs) -> Stage {
    args.stop_after.map_or(Stage::Message, stage)
}

/// Where the connection is dropped.
pub fn drop(args: &StopArgs) -> Option<Drop> {
    let point = match args.drop_after? {
        DropPoint::After(after) => Point::After(stage(after)),
        DropPoint::Sent(after) => Point::Sent(stage(after)),
        DropPoint::Octets(octets) => Point::Within(octets),
        DropPoint::MessageSent => Point::Sent(Stage::Message),
        DropPoint::Message => Point::After(Stage::Message),
    };
    Some(Drop { point, reset: args.drop_reset })
}

/// Is there to be TLS, since it is where something happens?
pub fn needs_tls(args: &StopArgs) -> bool {
    named(args).is_some_and(|(_, stage)| stage == SessionStage::Tls)
}

/// Will the session come to that place?
pub fn check(args: &StopArgs, tls: Tls, logs_in: bool) -> Result<()> {
    let Some((flag, stage)) = named(args) else { return Ok(()) };
    let by_command = args.drop_after == Some(DropPoint::Sent(SessionStage::Tls));
    match (stage, tls) {
        (SessionStage::Tls, Tls::Implicit) if by_command => {
            Err(Stop::usage(format!("{flag} tls-sent: with TLS from the first octet there is no STARTTLS")))
        }
        (SessionStage::Tls, Tls::Off | Tls::Opportunistic) => {
            Err(Stop::usage(format!("{flag} tls: there may be no TLS; add --tls starttls or --tls implicit")))
        }
        (SessionStage::Auth, _) if !logs_in => {
            Err(Stop::usage(format!("{flag} auth is of no use without -u (--user)")))
        }
        _ => Ok(()),
    }
}

/// Is the message long enough to be cut there? Its end must not be written.
pub fn check_octets(args: &StopArgs, octets: u64) -> Result<()> {
    match args.drop_after {
        Some(DropPoint::Octets(wanted)) if wanted >= octets => Err(Stop::usage(format!(
            "--drop-after data:{wanted}: the message has no more than {octets} octets"
        ))),
        _ => Ok(()),
    }
}

/// Both in words, row by row.
pub fn describe(settings: &Settings, row: &mut dyn FnMut(&str, &str)) {
    if settings.until < Stage::Message {
        row("stop", &format!("after {}; nothing is sent", words::stage(settings.until)));
    }
    if let Some(Drop { point, reset }) = settings.drop {
        let how = if reset { ", by a reset" } else { "" };
        row("drop", &format!("the connection {}{how}", words::drop_point(point)));
    }
}

/// The flag that was given, and its stage.
fn named(args: &StopArgs) -> Option<(&'static str, SessionStage)> {
    match (args.stop_after, args.drop_after) {
        (Some(stage), _) => Some(("--stop-after", stage)),
        (None, Some(DropPoint::After(stage) | DropPoint::Sent(stage))) => Some(("--drop-after", stage)),
        (None, _) => None,
    }
}

fn stage(stage: SessionStage) -> Stage {
    match stage {
        SessionStage::Connect => Stage::Connect,
        SessionStage::Ehlo => Stage::Ehlo,
        SessionStage::Tls => Stage::Tls,
        SessionStage::Auth => Stage::Auth,
        SessionStage::Mail => Stage::Mail,
        SessionStage::Rcpt => Stage::Rcpt,
        SessionStage::Data => Stage::Data,
    }
}
