//! How far the session goes, and where the connection is dropped: `--stop-after` and `--drop-after`.
//!
//! What is asked for must come to pass. A place that the session may never reach is refused here: the message
//! would be sent.

use super::early_exit::{EarlyExit, Result};
use crate::cli::StopArgs;
use crate::client::Target;
use crate::client::drop_point::{DropPoint, Point};
use crate::net::TlsMode;
use crate::words;
use ehlo_smtp::expect::Stage;

/// The stage behind which it stops.
pub fn until(args: &StopArgs) -> Stage {
    args.stop_after.unwrap_or(Stage::Message)
}

/// Where the connection is dropped.
pub fn drop(args: &StopArgs) -> Option<DropPoint> {
    args.drop_after.map(|point| DropPoint { point, reset: args.drop_reset })
}

/// Whether there must be TLS, since it is where something happens.
pub fn needs_tls(args: &StopArgs) -> bool {
    named(args).is_some_and(|(_, stage)| stage == Stage::Tls)
}

/// An error of usage, if the session may never come to that place.
pub fn check(args: &StopArgs, tls: TlsMode, logs_in: bool) -> Result<()> {
    let Some((flag, stage)) = named(args) else { return Ok(()) };
    let by_command = args.drop_after == Some(Point::Sent(Stage::Tls));
    match (stage, tls) {
        (Stage::Tls, TlsMode::Implicit) if by_command => {
            Err(EarlyExit::usage(format!("{flag} tls-sent: implicit TLS has no STARTTLS")))
        }
        (Stage::Tls, TlsMode::Off | TlsMode::Opportunistic) => Err(EarlyExit::usage(format!(
            "{flag} tls: TLS is not guaranteed here; add --tls starttls or --tls implicit"
        ))),
        (Stage::Auth, _) if !logs_in => Err(EarlyExit::usage(format!("{flag} auth needs -u (--user)"))),
        _ => Ok(()),
    }
}

/// An error of usage, if the message is too short to be cut there: its end must not be written.
pub fn check_octets(args: &StopArgs, octets: u64) -> Result<()> {
    match args.drop_after {
        Some(Point::Within(wanted)) if wanted >= octets => {
            Err(EarlyExit::usage(format!("--drop-after data:{wanted}: the message has only {octets} octets")))
        }
        _ => Ok(()),
    }
}

/// Puts both into words, row by row.
pub fn describe(target: &Target, row: &mut dyn FnMut(&str, &str)) {
    if target.session.until < Stage::Message {
        row("stop", &format!("after {}; nothing is sent", words::stage(target.session.until)));
    }
    if let Some(DropPoint { point, reset }) = target.drop {
        let how = if reset { ", by a reset" } else { "" };
        row("drop", &format!("the connection {}{how}", words::drop_point(point)));
    }
}

/// The flag that was given, and its stage.
fn named(args: &StopArgs) -> Option<(&'static str, Stage)> {
    match (args.stop_after, args.drop_after) {
        (Some(stage), _) => Some(("--stop-after", stage)),
        (None, Some(Point::After(stage) | Point::Sent(stage))) => Some(("--drop-after", stage)),
        (None, _) => None,
    }
}
