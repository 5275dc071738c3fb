//! Exit statuses: sysexits(3), and two of our own (docs/exit-status.md).

use super::Report;
use crate::client::Error;
use crate::net::{ConnectError, Error as NetError, ProxyFault, TlsError};
use crate::smtp::expect::{Expect, Stage};
use crate::smtp::failure::Failure;
use crate::smtp::reply::Class;
use crate::smtp::transaction::{Outcome, Status};

/// What the program ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExitStatus(pub u8);

impl ExitStatus {
    /// Everybody has it.
    pub const OK: ExitStatus = ExitStatus(0);
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
            ExitStatus::OK => "every recipient has it",
            ExitStatus::PARTIAL => "some recipients have it, some have not",
            ExitStatus::UNKNOWN => "nobody knows whether it was taken",
            ExitStatus::USAGE => "the command line is not right",
            ExitStatus::DATA => "the message or an address is not fit to send",
            ExitStatus::NO_INPUT => "an input file cannot be read",
            ExitStatus::NO_HOST => "no such host",
            ExitStatus::UNAVAILABLE => "refused for good",
            ExitStatus::IO => "local input or output failed",
            ExitStatus::TEMPORARY => "not now, try again later",
            ExitStatus::PROTOCOL => "the server broke the protocol",
            ExitStatus::NO_PERMISSION => "trust or log-in refused",
            ExitStatus::CONFIG => "configuration",
            _ => "",
        }
    }
}

/// If nobody has the message because of this error.
#[must_use]
pub fn of_error(error: &Error) -> ExitStatus {
    match error {
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
        Error::Network { .. } => ExitStatus::TEMPORARY,
        Error::Source(_) => ExitStatus::NO_INPUT,
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
        Failure::Violation(_) => ExitStatus::PROTOCOL,
        Failure::HungUp { .. } => ExitStatus::TEMPORARY,
        Failure::LogIn { reply, .. } if reply.class() == Class::Transient => ExitStatus::TEMPORARY,
        Failure::TlsNotOffered
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

impl Report {
    /// The exit status, in the order of docs/exit-status.md: unknown before all, all before some, and where nobody
    /// has it what stood in the way.
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        let any = |wanted: Status| self.recipients.iter().any(|recipient| recipient.status == wanted);
        let all_refused =
            !self.recipients.is_empty() && self.recipients.iter().all(|r| r.status == Status::Refused);
        if self.skipped.is_some() {
            return ExitStatus::OK;
        }
        match (self.outcome(), &self.error) {
            (Outcome::Unknown, _) => ExitStatus::UNKNOWN,
            (Outcome::All, _) => ExitStatus::OK,
            (Outcome::Some, _) => ExitStatus::PARTIAL,
            (Outcome::None, Some(error)) if !all_refused => error.status,
            (Outcome::None, _) if any(Status::Deferred) => ExitStatus::TEMPORARY,
            (Outcome::None, _) => ExitStatus::UNAVAILABLE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ErrorReport, RecipientReport};
    use super::*;

    fn status(statuses: &[Status], error: Option<ExitStatus>) -> u8 {
        let recipients = statuses.iter().map(|status| RecipientReport {
            address: String::new(),
            status: *status,
            stage: Stage::Rcpt,
            transaction: None,
            reply: None,
            why: String::new(),
        });
        let error = error.map(|status| ErrorReport {
            kind: "x",
            text: String::new(),
            hint: None,
            awaiting: None,
            status,
        });
        Report { recipients: recipients.collect(), error, ..Report::default() }.exit_status().0
    }

    #[test]
    fn the_exit_status_is_in_the_documented_order() {
        use Status::*;
        for (statuses, error, expected) in [
            (&[Accepted, Accepted][..], None, 0),
            (&[Accepted, Accepted], Some(ExitStatus::TEMPORARY), 0),
            (&[Accepted, Refused], None, 10),
            (&[Accepted, Untried], Some(ExitStatus::NO_INPUT), 10),
            (&[Accepted, Unknown], None, 11),
            (&[Refused, Unknown], Some(ExitStatus::TEMPORARY), 11),
            (&[Refused, Refused], None, 69),
            (&[Refused, Refused], Some(ExitStatus::TEMPORARY), 69),
            (&[Refused, Deferred], None, 75),
            (&[Refused, Untried], None, 69),
            (&[Deferred, Untried], Some(ExitStatus::PROTOCOL), 76),
            (&[Untried], Some(ExitStatus::NO_PERMISSION), 77),
            (&[], Some(ExitStatus::USAGE), 64),
        ] {
            assert_eq!(status(statuses, error), expected, "{statuses:?} {error:?}");
        }
    }
}
