//! Rounds with servers made of numbers.

use super::*;
use crate::envelope::Recipient;
use crate::parameter::Parameter;
use crate::path::{Mailbox, ReversePath};
use crate::reply::Reply;

fn envelope(addresses: &[&str]) -> Envelope {
    let recipient = |address: &&str| Recipient {
        path: ForwardPath::Mailbox(Mailbox::parse(address).unwrap()),
        parameters: Vec::<Parameter>::new(),
    };
    Envelope {
        reverse_path: ReversePath::Null,
        mail_parameters: Vec::new(),
        demands: Vec::new(),
        only_offered: false,
        recipients: addresses.iter().map(recipient).collect(),
    }
}

/// What a server that takes `limit` recipients made of so many, when a window of them was written ahead.
fn served(recipients: usize, limit: usize, ahead: usize) -> Transaction {
    let mut transaction = Transaction::new(recipients, false);
    transaction.mail = Some(Reply::new(250, "OK"));
    for place in 0..recipients.min(limit + 1 + ahead) {
        transaction.recipients[place].asked = true;
        let (code, text) = if place < limit { (250, "OK") } else { (452, "4.5.3 Too many") };
        transaction.rcpt_answered(place, Reply::new(code, text));
    }
    transaction.full = recipients > limit;
    transaction.content = Progress::Ended;
    transaction.message = Some(Reply::new(250, "OK"));
    transaction
}

#[test]
fn everybody_gets_it_and_rcpt_is_said_at_most_twice_for_each() {
    for ahead in [0, 1, 7, 255] {
        for limits in [&[1][..], &[3], &[10, 10, 2, 9, 1], &[100], &[1000]] {
            for recipients in [1, 2, 5, 99, 300] {
                let mut rounds = Rounds::new(recipients, false);
                let (mut asked, mut has_it) = (0, vec![false; recipients]);
                let mut limits = limits.iter().cycle();
                while !rounds.is_over() {
                    let places = rounds.take(Limits::default(), &envelope(&[]));
                    let transaction = served(places.len(), *limits.next().unwrap(), ahead);
                    asked += transaction.recipients.iter().filter(|addressee| addressee.asked).count();
                    for index in transaction.accepted() {
                        assert!(!std::mem::replace(&mut has_it[places[index]], true), "twice");
                    }
                    rounds.learn(&places, &transaction, None);
                }
                assert!(has_it.iter().all(|has| *has));
                assert!(asked <= 2 * recipients, "{asked} for {recipients}");
            }
        }
    }
}

#[test]
fn a_server_is_asked_for_no_more_than_it_says_that_it_takes() {
    let envelope = envelope(&["a@x.example", "b@y.example", "c@x.example", "d@X.EXAMPLE"]);
    let taken = |limits| Rounds::new(4, false).take(limits, &envelope);
    assert_eq!(taken(Limits::default()), [0, 1, 2, 3]);
    assert_eq!(taken(Limits { recipients: Some(2), ..Limits::default() }), [0, 1]);
    assert_eq!(taken(Limits { domains: Some(1), ..Limits::default() }), [0, 2, 3]);
    assert_eq!(taken(Limits { domains: Some(1), recipients: Some(2), ..Limits::default() }), [0, 2]);
    let all = Limits { recipients: Some(1), domains: Some(1), transactions: None };
    assert_eq!(Rounds::new(4, true).take(all, &envelope), [0, 1, 2, 3], "for all or for none is not split");
}

#[test]
fn a_session_that_decides_about_nobody_is_the_last() {
    let left = Failure::HungUp { awaiting: None };
    let mut rounds = Rounds::new(3, false);
    let places = rounds.take(Limits::default(), &envelope(&[]));
    let mut transaction = Transaction::new(3, false);
    transaction.mail = Some(Reply::new(250, "OK"));
    transaction.recipients[1].asked = true;
    transaction.recipients[1].rcpt = Some(Reply::new(550, "no"));
    assert_eq!(rounds.learn(&places, &transaction, Some(&left)), [0, 2]);
    assert!(rounds.wants_reconnect());
    rounds.connected(false);
    let places = rounds.take(Limits::default(), &envelope(&[]));
    assert_eq!(places, [0, 2]);
    assert!(rounds.learn(&places, &Transaction::new(2, false), Some(&left)).is_empty());
    assert!(!rounds.wants_reconnect());
}

#[test]
fn other_failures_and_a_message_that_was_written_to_its_end_are_the_end() {
    let refused = |code| Failure::Refused { awaiting: None, reply: Reply::new(code, "x") };
    let reconnects = |failure: &Failure, content| {
        let mut rounds = Rounds::new(2, false);
        let places = rounds.take_all();
        let mut transaction = Transaction::new(2, false);
        transaction.mail = Some(Reply::new(250, "OK"));
        transaction.recipients[0].rcpt = Some(Reply::new(550, "no"));
        transaction.content = content;
        rounds.learn(&places, &transaction, Some(failure));
        rounds.wants_reconnect()
    };
    assert!(reconnects(&refused(421), Progress::NotBegun));
    assert!(reconnects(&refused(421), Progress::Begun));
    assert!(!reconnects(&refused(421), Progress::Ended));
    assert!(!reconnects(&refused(554), Progress::NotBegun));
    assert!(!reconnects(&Failure::Violation(crate::violation::Violation::Unasked), Progress::NotBegun));
    assert!(!reconnects(&Failure::Unfit, Progress::NotBegun));
}

#[test]
fn one_whose_mailbox_is_full_does_not_set_the_most() {
    // The recipient at place 1 is always told 452, and there is no limit.
    let mut rounds = Rounds::new(300, false);
    let mut transactions = 0;
    while !rounds.is_over() {
        let places = rounds.take(Limits::default(), &envelope(&[]));
        let mut transaction = Transaction::new(places.len(), false);
        transaction.mail = Some(Reply::new(250, "OK"));
        for (index, place) in places.iter().enumerate() {
            let full = *place == 1;
            transaction.rcpt_answered(index, Reply::new(if full { 452 } else { 250 }, "x"));
            if transaction.has_no_room_for(index) {
                transaction.full = true;
                break;
            }
        }
        transaction.content = Progress::Ended;
        transaction.message = Some(Reply::new(250, "OK"));
        rounds.learn(&places, &transaction, None);
        transactions += 1;
    }
    assert_eq!(transactions, 3, "those before, the one who is full, and all the others");
}

#[test]
fn that_a_server_takes_fewer_is_worth_another_session() {
    let left = Failure::Refused { awaiting: None, reply: Reply::new(421, "bye") };
    let mut rounds = Rounds::new(6, false);
    let places = rounds.take(Limits::default(), &envelope(&[]));
    let transaction = Transaction { content: Progress::NotBegun, message: None, ..served(6, 2, 1) };
    assert_eq!(rounds.learn(&places, &transaction, Some(&left)), [0, 1, 2, 3, 4, 5]);
    assert!(rounds.wants_reconnect());
    rounds.connected(false);
    assert_eq!(rounds.take(Limits::default(), &envelope(&[])), [0, 1]);
}
