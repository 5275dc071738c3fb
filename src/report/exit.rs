//! Exit statuses: sysexits(3), and two of our own (docs/exit-status.md).

use super::Report;
use crate::client::Error;
use crate::net::{ConnectError, Error as NetError, ProxyFault, TlsError};
use ehlo_smtp::expect::{Expect, Stage};
use ehlo_smtp::failure::Failure;
use ehlo_smtp::reply::Class;
use ehlo_smtp::transaction::{Outcome, Status};

/// What the program ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExitStatus(pub u8);

impl ExitStatus {
    /// Everybody has it.
    pub const OK: ExitStatus = ExitStatus(0);
    /// `ehlo probe` has found something serious.
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
            ExitStatus::OK => "every recipient has it",
            ExitStatus::FINDING => "something serious was found",
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
        Error::Network { .. } | Error::Dropped(_) => ExitStatus::TEMPORARY,
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
        if self.stopped.is_some() {
            // Nobody has it, as asked: what counts is whether all went well so far.
            let (mut as_asked, mut others) = (false, false);
            for recipient in &self.recipients {
                *(if self.is_as_asked(recipient) { &mut as_asked } else { &mut others }) = true;
            }
            match (as_asked, others) {
                (true, false) => return ExitStatus::OK,
                (true, true) => return ExitStatus::PARTIAL,
                (false, _) => {}
            }
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
    use ehlo_smtp::reply::Reply;

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

    #[test]
    fn where_it_was_to_stop_what_counts_is_whether_all_went_well_so_far() {
        use Status::*;
        let run = |stopped, recipients: &[(Status, Option<u16>)], error: Option<ExitStatus>| {
            let recipients = recipients.iter().map(|(status, code)| RecipientReport {
                address: String::new(),
                status: *status,
                stage: Stage::Rcpt,
                transaction: None,
                reply: code.map(|code| Reply::new(code, "x")),
                why: String::new(),
            });
            let error = error.map(|status| ErrorReport {
                kind: "x",
                text: String::new(),
                hint: None,
                awaiting: None,
                status,
            });
            let recipients = recipients.collect();
            Report { recipients, error, stopped: Some(stopped), ..Report::default() }.exit_status().0
        };
        let (ok, no) = ((Untried, Some(250)), (Refused, Some(550)));
        let lost = Some(ExitStatus::TEMPORARY);
        for (stopped, recipients, error, expected) in [
            (Stage::Ehlo, &[(Untried, None)][..], None, 0),
            (Stage::Tls, &[(Untried, None)], Some(ExitStatus::NO_PERMISSION), 77),
            (Stage::Mail, &[no], None, 69),
            (Stage::Rcpt, &[ok, ok], None, 0),
            (Stage::Rcpt, &[ok, ok], lost, 0),
            (Stage::Rcpt, &[ok, no], None, 10),
            (Stage::Rcpt, &[ok, (Deferred, None)], lost, 10),
            (Stage::Rcpt, &[no, (Deferred, Some(450))], None, 75),
            (Stage::Rcpt, &[(Untried, None)], lost, 75),
            (Stage::Data, &[no, (Untried, None)], None, 69),
        ] {
            assert_eq!(run(stopped, recipients, error), expected, "{stopped:?} {recipients:?}");
        }
    }
}
