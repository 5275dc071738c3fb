//! Outcomes made of what servers can have said, and the status of each.

use super::*;
use crate::client::error::Kind;
use crate::delivery::outcome::{Address, Attempt, Decided};
use crate::net::Error as NetError;
use crate::report::Complaint;
use crate::report::Report;
use ehlo_smtp::path::ForwardPath;
use ehlo_smtp::reply::Reply;
use ehlo_smtp::transaction::{Addressee, Progress, Transaction};
use ehlo_smtp::violation::Violation;

fn lost() -> Error {
    Error::Network { error: NetError::Timeout, awaiting: None }
}

fn session(failure: Failure) -> Error {
    Error::Session { failure, awaiting: None, said: None }
}

fn violation() -> Error {
    session(Failure::Violation(Violation::Unasked))
}

/// What a server must have said for these, each with the code of their RCPT. By LMTP any of them can stand
/// together.
fn transaction(statuses: &[(Status, Option<u16>)]) -> Transaction {
    let addressee = |(status, code): &(Status, Option<u16>)| {
        let is_accepted = matches!(status, Status::Accepted | Status::Unknown);
        let code = code.or(is_accepted.then_some(250)).or((*status == Status::Refused).then_some(550));
        Addressee {
            asked: *status != Status::Untried || code.is_some(),
            rcpt: code.map(|code| Reply::new(code, "x")),
            message: (*status == Status::Accepted).then(|| Reply::new(250, "OK")),
            unmet: None,
        }
    };
    let recipients = statuses.iter().map(addressee).collect();
    Transaction { recipients, lmtp: true, content: Progress::Ended, ..Transaction::default() }
}

/// The recipients of an attempt, in one transaction, and what ended it.
type Tried<'a> = (&'a [(Status, Option<u16>)], Option<Error>);

fn outcome(attempts: Vec<Tried<'_>>, stopped: Option<Stage>) -> Outcome {
    let mut outcome = Outcome { stopped, ..Outcome::default() };
    for (attempt, (statuses, error)) in attempts.into_iter().enumerate() {
        let more = Outcome::untried(statuses.iter().map(|_| Address::Path(ForwardPath::Postmaster)));
        outcome.recipients.extend(more.recipients.into_iter().enumerate().map(|(place, mut recipient)| {
            recipient.decided = Some(Decided { attempt, transaction: 0, place, is_reached: true });
            recipient
        }));
        let mut said = transaction(statuses);
        said.stopped = stopped;
        outcome.attempts.push(Attempt { transactions: vec![said], error, ..Attempt::default() });
    }
    for (recipient, (_, fate)) in outcome.recipients.iter().zip(outcome.fates()) {
        let at = recipient.decided.unwrap();
        assert_eq!(fate.stage, outcome.attempts[at.attempt].transactions[0].fate(at.place).stage);
    }
    outcome
}

#[test]
fn the_exit_status_is_in_the_documented_order() {
    use Status::*;
    for (statuses, error, expected) in [
        (&[Accepted, Accepted][..], None, 0),
        (&[Accepted, Accepted], Some(lost()), 0),
        (&[Accepted, Refused], None, 10),
        (&[Accepted, Untried], Some(Error::Source(std::io::Error::other("x"))), 10),
        (&[Accepted, Unknown], None, 11),
        (&[Refused, Unknown], Some(lost()), 11),
        (&[Refused, Refused], None, 69),
        (&[Refused, Refused], Some(lost()), 69),
        (&[Refused, Deferred], None, 75),
        (&[Refused, Untried], None, 69),
        (&[Deferred, Untried], Some(violation()), 76),
        (&[Untried], Some(session(Failure::TlsNotOffered)), 77),
    ] {
        let all: Vec<_> = statuses.iter().map(|status| (*status, None)).collect();
        let outcome = outcome(vec![(&all, error)], None);
        assert!(outcome.fates().map(|(_, fate)| fate.status).eq(statuses.iter().copied()));
        assert_eq!(of_outcome(&outcome).0, expected, "{outcome:?}");
    }
}

#[test]
fn what_was_not_begun_ends_with_its_own_status() {
    let complaint = Complaint {
        kind: Kind::Data,
        text: String::new(),
        hint: None,
        awaiting: None,
        status: ExitStatus::USAGE,
    };
    let report = Report { prevented: Some(complaint), ..Report::default() };
    assert_eq!(report.exit_status(), ExitStatus::USAGE);
}

#[test]
fn errors_of_several_attempts_decide_if_they_agree() {
    use Status::*;
    let (none, put_off) = (&[(Deferred, None)][..], &[(Deferred, Some(450))][..]);
    let refused = &[(Refused, None)][..];
    for (attempts, expected) in [
        (vec![(none, Some(violation())), (none, Some(violation()))], 76),
        (vec![(none, Some(lost())), (none, Some(violation()))], 75),
        // Whoever has a reply takes no part.
        (vec![(put_off, Some(lost())), (none, Some(violation()))], 76),
        (vec![(refused, Some(lost())), (none, Some(violation()))], 76),
        // Nobody is undecided: the error that ended it all.
        (vec![(refused, Some(lost())), (put_off, Some(violation()))], 76),
        (vec![(refused, Some(lost())), (refused, Some(violation()))], 69),
    ] {
        let outcome = outcome(attempts, None);
        assert_eq!(of_outcome(&outcome).0, expected, "{outcome:?}");
    }
}

#[test]
fn where_it_was_to_stop_what_counts_is_whether_all_went_well_so_far() {
    use Status::*;
    let (ok, no) = ((Untried, Some(250)), (Refused, Some(550)));
    for (stopped, recipients, error, expected) in [
        (Stage::Ehlo, &[(Untried, None)][..], None, 0),
        (Stage::Tls, &[(Untried, None)], Some(session(Failure::TlsNotOffered)), 77),
        (Stage::Mail, &[no], None, 69),
        (Stage::Rcpt, &[ok, ok], None, 0),
        (Stage::Rcpt, &[ok, ok], Some(lost()), 0),
        (Stage::Rcpt, &[ok, no], None, 10),
        (Stage::Rcpt, &[ok, (Deferred, None)], Some(lost()), 10),
        (Stage::Rcpt, &[no, (Deferred, Some(450))], None, 75),
        (Stage::Rcpt, &[(Untried, None)], Some(lost()), 75),
        (Stage::Data, &[no, (Untried, None)], None, 69),
    ] {
        let outcome = outcome(vec![(recipients, error)], Some(stopped));
        assert_eq!(of_outcome(&outcome).0, expected, "{stopped:?} {recipients:?}");
    }
}

#[test]
fn a_domain_that_does_not_exist_decides_nothing_for_those_who_may_have_it_later() {
    let of = |others: &[(Status, Option<u16>)]| {
        let no_such = NoRoute::NoSuchDomain("nx.example".to_owned());
        let mut outcome = outcome(vec![(others, None)], None);
        outcome.routed = true;
        let mut lost = Outcome::untried([Address::Path(ForwardPath::Postmaster)]);
        lost.recipients.iter_mut().for_each(|recipient| recipient.waited = Some(1));
        outcome.recipients.extend(lost.recipients);
        let error = Some(Error::NoRoute(Box::new(no_such)));
        outcome.attempts.push(Attempt { error, destination: 1, ..Attempt::default() });
        of_outcome(&outcome)
    };
    assert_eq!(of(&[(Status::Deferred, Some(451))]), ExitStatus::TEMPORARY);
    assert_eq!(of(&[(Status::Deferred, Some(451)), (Status::Refused, Some(550))]), ExitStatus::TEMPORARY);
    assert_eq!(of(&[(Status::Refused, Some(550))]), ExitStatus::UNAVAILABLE);
    assert_eq!(of(&[]), ExitStatus::NO_HOST);
    assert_eq!(of(&[(Status::Accepted, None)]), ExitStatus::PARTIAL);
}
