//! Exit statuses: sysexits(3), and three of our own (docs/exit-status.md). The one place where they are
//! worked out.

mod oauth;

use crate::client::Error;
use crate::delivery::Outcome;
use crate::delivery::fate::{FinalFate, Why};
use crate::net::{ConnectError, Error as NetError, ProxyFault, TlsError};
use crate::route::NoRoute;
use ehlo_smtp::expect::{Expect, Stage};
use ehlo_smtp::failure::Failure;
use ehlo_smtp::reply::Class;
use ehlo_smtp::transaction::{Status, Summary};

pub use oauth::of_oauth;

/// What the program ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExitStatus(pub u8);

impl ExitStatus {
    /// Everybody has it.
    pub const OK: ExitStatus = ExitStatus(0);
    /// `ehlo probe` has found something serious, `ehlo dkim verify` a signature that is not valid.
    pub const FINDING: ExitStatus = ExitStatus(1);
    /// Some recipients have it, some have not.
    pub const PARTIAL: ExitStatus = ExitStatus(10);
    /// For one at least nobody knows.
    pub const UNKNOWN: ExitStatus = ExitStatus(11);
    /// The command line is not right.
    pub const USAGE: ExitStatus = ExitStatus(64);
    /// The message or an address is not fit to send.
    pub const DATA: ExitStatus = ExitStatus(65);
    /// An input file cannot be read, or changed while it was sent.
    pub const NO_INPUT: ExitStatus = ExitStatus(66);
    /// No such host.
    pub const NO_HOST: ExitStatus = ExitStatus(68);
    /// Refused for good.
    pub const UNAVAILABLE: ExitStatus = ExitStatus(69);
    /// Local input or output failed.
    pub const IO: ExitStatus = ExitStatus(74);
    /// Not now.
    pub const TEMPORARY: ExitStatus = ExitStatus(75);
    /// The server broke the protocol.
    pub const PROTOCOL: ExitStatus = ExitStatus(76);
    /// Trust or log-in refused.
    pub const NO_PERMISSION: ExitStatus = ExitStatus(77);
    /// Configuration.
    pub const CONFIG: ExitStatus = ExitStatus(78);

    /// What it means, in a few words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            ExitStatus::OK => "every recipient has the message",
            ExitStatus::FINDING => "something serious was found",
            ExitStatus::PARTIAL => "only some recipients have it",
            ExitStatus::UNKNOWN => "it is unknown whether the message was accepted",
            ExitStatus::USAGE => "the command line is wrong",
            ExitStatus::DATA => "the message or an address cannot be sent",
            ExitStatus::NO_INPUT => "an input file cannot be read",
            ExitStatus::NO_HOST => "no such host",
            ExitStatus::UNAVAILABLE => "refused for good",
            ExitStatus::IO => "local input or output failed",
            ExitStatus::TEMPORARY => "not now, try again later",
            ExitStatus::PROTOCOL => "the server broke the protocol",
            ExitStatus::NO_PERMISSION => "certificate or log-in refused",
            ExitStatus::CONFIG => "wrong configuration",
            _ => "",
        }
    }
}

/// The status where nobody has the message because of this error.
#[must_use]
pub fn of_error(error: &Error) -> ExitStatus {
    match error {
        Error::NoRoute(why) => match **why {
            NoRoute::NoSuchDomain(_) => ExitStatus::NO_HOST,
            _ if why.is_final() => ExitStatus::UNAVAILABLE,
            _ => ExitStatus::TEMPORARY,
        },
        Error::Connect(error) => of_connecting(error),
        Error::Socket(..) | Error::ProgramEnded(..) => ExitStatus::TEMPORARY,
        Error::Program(..) => ExitStatus::IO,
        Error::Session { failure, .. } => of_failure(failure),
        Error::Network { error: NetError::Tls(error), .. } => match error {
            error if error.is_trust() => ExitStatus::NO_PERMISSION,
            TlsError::CaFile { .. } => ExitStatus::NO_INPUT,
            TlsError::NotBuiltIn(_) => ExitStatus::USAGE,
            error if error.is_local() => ExitStatus::CONFIG,
            _ => ExitStatus::TEMPORARY,
        },
        Error::NoToken(_) | Error::Network { .. } | Error::Dropped(_) | Error::Unrecorded(_) => {
            ExitStatus::TEMPORARY
        }
        Error::Source(_) => ExitStatus::NO_INPUT,
    }
}

/// The same, of a host that the DNS leads to: a later run may find another one, or a better policy.
fn of_host(error: &Error) -> ExitStatus {
    match error {
        Error::Session {
            failure: Failure::TooLarge { .. } | Failure::Unfit | Failure::NotOffered(_),
            ..
        }
        | Error::Source(_)
        | Error::NoRoute(_) => of_error(error),
        Error::Network { error: NetError::Tls(error), .. } if error.is_local() && !error.is_trust() => {
            ExitStatus::CONFIG
        }
        _ => ExitStatus::TEMPORARY,
    }
}

fn of_connecting(error: &ConnectError) -> ExitStatus {
    match error {
        ConnectError::NoSuchHost(_) | ConnectError::NoneOfFamily(..) => ExitStatus::NO_HOST,
        ConnectError::Bind(..) => ExitStatus::IO,
        ConnectError::ToProxy(error) => of_connecting(error),
        ConnectError::Proxy(_, fault) => match fault {
            ProxyFault::Refused(_) => ExitStatus::UNAVAILABLE,
            ProxyFault::LogIn(_) => ExitStatus::NO_PERMISSION,
            ProxyFault::Protocol(_) => ExitStatus::PROTOCOL,
            _ => ExitStatus::TEMPORARY,
        },
        _ => ExitStatus::TEMPORARY,
    }
}

fn of_failure(failure: &Failure) -> ExitStatus {
    match failure {
        Failure::Violation(_) | Failure::BadChallenge => ExitStatus::PROTOCOL,
        Failure::HungUp { .. } | Failure::TlsGone => ExitStatus::TEMPORARY,
        Failure::LogIn { reply, .. } if reply.class() == Class::Transient => ExitStatus::TEMPORARY,
        Failure::TlsNotOffered
        | Failure::EhloRefused { .. }
        | Failure::NoMechanism(_)
        | Failure::LogIn { .. }
        | Failure::Denied { .. }
        | Failure::Unproved(_) => ExitStatus::NO_PERMISSION,
        Failure::TooLarge { .. } | Failure::Unfit => ExitStatus::DATA,
        Failure::NotOffered(_) => ExitStatus::UNAVAILABLE,
        Failure::Refused { reply, .. } if reply.class() == Class::Transient => ExitStatus::TEMPORARY,
        Failure::Refused { awaiting, .. } => match awaiting.map(Expect::stage) {
            Some(Stage::Tls | Stage::Auth) => ExitStatus::NO_PERMISSION,
            _ => ExitStatus::UNAVAILABLE,
        },
    }
}

/// In the order of docs/exit-status.md: unknown before all, all before some, and where nobody has it what
/// stood in the way.
#[must_use]
pub fn of_outcome(outcome: &Outcome) -> ExitStatus {
    if outcome.stopped.is_some() {
        // Nobody has it, as asked: what counts is whether all went well so far.
        let as_asked = outcome.fates().filter(|(_, fate)| outcome.is_as_asked(fate)).count();
        if as_asked > 0 {
            let all = as_asked == outcome.recipients.len();
            return if all { ExitStatus::OK } else { ExitStatus::PARTIAL };
        }
    }
    match outcome.summary() {
        Summary::Unknown => ExitStatus::UNKNOWN,
        Summary::All => ExitStatus::OK,
        Summary::Some => ExitStatus::PARTIAL,
        Summary::None => of_failure_of_all(outcome),
    }
}

/// Nobody has it. An error that ended the work before everybody was refused decides: for those who had no
/// reply, if they have one status in common.
fn of_failure_of_all(outcome: &Outcome) -> ExitStatus {
    let any = |wanted: fn(Status) -> bool| outcome.fates().any(|(_, fate)| wanted(fate.status));
    let all_refused = !outcome.recipients.is_empty() && !any(|status| status != Status::Refused);
    let has_no_route =
        |fate: FinalFate<'_>| matches!(fate.why, Why::Error(error) if matches!(error, Error::NoRoute(_)));
    let is_about_routes = outcome.fates().all(|(_, fate)| has_no_route(fate));
    if let Some(last) = outcome.error().filter(|_| !all_refused || is_about_routes) {
        let of_error = if outcome.routed { of_host } else { of_error };
        // Who is refused is decided, and counts only where nobody is anything else.
        let of_fate = |fate: FinalFate<'_>| match fate.why {
            _ if fate.status == Status::Refused && !all_refused => None,
            Why::Error(error) => Some(of_error(error)),
            // At another domain's servers somebody may have it later.
            Why::Reply(_) if outcome.routed && fate.status == Status::Deferred => Some(ExitStatus::TEMPORARY),
            _ => None,
        };
        let mut statuses = outcome.fates().filter_map(|(_, fate)| of_fate(fate));
        let first = statuses.next().unwrap_or_else(|| of_error(last));
        return match statuses.all(|status| status == first) {
            true => first,
            false if all_refused => ExitStatus::UNAVAILABLE,
            false => ExitStatus::TEMPORARY,
        };
    }
    if any(|status| status == Status::Deferred) { ExitStatus::TEMPORARY } else { ExitStatus::UNAVAILABLE }
}

#[cfg(test)]
mod tests;
