//! Transactions made of replies, and the fates that come of them.

use super::*;

/// Jones, Green and Brown, each with a reply to RCPT.
fn three(codes: [u16; 3]) -> Transaction {
    let mut transaction = Transaction::new(3, false);
    transaction.mail = Some(Reply::new(250, "OK"));
    for (place, code) in codes.into_iter().enumerate() {
        transaction.recipients[place].asked = true;
        transaction.rcpt_answered(place, Reply::new(code, "x"));
    }
    transaction
}

fn statuses(transaction: &Transaction) -> [Status; 3] {
    [0, 1, 2].map(|place| transaction.fate(place).status)
}

#[test]
fn a_refusal_is_data_and_the_others_have_the_message() {
    use Status::*;
    let mut transaction = three([250, 550, 251]);
    transaction.content = Progress::Ended;
    transaction.message = Some(Reply::new(250, "OK"));
    assert_eq!(statuses(&transaction), [Accepted, Refused, Accepted]);
    assert_eq!(transaction.summary(), Summary::Some);
    assert_eq!(transaction.fate(2).reply.unwrap().code(), 251);
}

#[test]
fn only_a_reply_can_tell_once_the_end_is_written() {
    use Status::*;
    let mut transaction = three([250, 550, 252]);
    assert_eq!(statuses(&transaction), [Deferred, Refused, Deferred]);
    transaction.content = Progress::Begun;
    assert_eq!(transaction.summary(), Summary::None);
    transaction.content = Progress::Ended;
    assert_eq!(statuses(&transaction), [Unknown, Refused, Unknown]);
    assert_eq!(transaction.summary(), Summary::Unknown);
    transaction.message = Some(Reply::new(451, "later"));
    assert_eq!(statuses(&transaction), [Deferred, Refused, Deferred]);
    assert_eq!(transaction.fate(0).reply.unwrap().code(), 451);
    assert_eq!(transaction.fate(1).reply.unwrap().code(), 550);
}

#[test]
fn what_was_never_asked_is_untried() {
    use Status::*;
    let mut transaction = Transaction::new(3, false);
    assert_eq!(statuses(&transaction), [Untried; 3]);
    transaction.recipients[0].asked = true;
    assert_eq!(statuses(&transaction), [Deferred, Untried, Untried]);
    transaction.mail = Some(Reply::new(550, "no"));
    assert_eq!(statuses(&transaction), [Refused; 3]);
    assert_eq!(transaction.fate(0).stage, Stage::Mail);
}

#[test]
fn a_withdrawn_transaction_leaves_nobody_half_served() {
    use Status::*;
    let mut transaction = three([250, 450, 250]);
    transaction.withdrawn = true;
    assert_eq!(statuses(&transaction), [Untried, Deferred, Untried]);
}

#[test]
fn lmtp_tells_each_recipient_apart_after_the_message() {
    use Status::*;
    let mut transaction = three([250, 250, 250]);
    transaction.lmtp = true;
    transaction.content = Progress::Ended;
    transaction.recipients[0].message = Some(Reply::new(250, "OK"));
    transaction.recipients[1].message = Some(Reply::new(552, "full"));
    assert_eq!(statuses(&transaction), [Accepted, Refused, Unknown]);
}

#[test]
fn prdr_wants_both_a_good_reply_of_ones_own_and_one_for_all() {
    use Status::*;
    let mut transaction = three([250, 250, 550]);
    (transaction.prdr, transaction.content) = (true, Progress::Ended);
    transaction.recipients[0].message = Some(Reply::new(250, "OK"));
    transaction.recipients[1].message = Some(Reply::new(550, "spam, to me"));
    assert_eq!(statuses(&transaction), [Unknown, Refused, Refused]);
    transaction.message = Some(Reply::new(250, "accepted"));
    assert_eq!(statuses(&transaction), [Accepted, Refused, Refused]);
    assert_eq!(transaction.message_reply().unwrap().text().next().unwrap(), "accepted");
    transaction.message = Some(Reply::new(451, "after all not"));
    assert_eq!(statuses(&transaction), [Deferred, Refused, Refused]);
}

#[test]
fn too_many_recipients_is_told_from_other_refusals() {
    let with = |code, text| {
        let mut transaction = three([250, 550, 250]);
        transaction.rcpt_answered(2, Reply::new(code, text));
        transaction.left()
    };
    assert_eq!(with(452, "too many"), [2]);
    assert_eq!(with(451, "4.5.3 too many"), [2]);
    assert_eq!(with(552, "5.5.3 too many"), [2]);
    assert!(with(552, "mailbox full").is_empty());
    assert!(with(451, "4.7.1 greylisted").is_empty());
    assert_eq!(three([250, 552, 550]).fate(1).status, Status::Deferred, "552 after somebody was accepted");
    assert_eq!(three([550, 552, 550]).fate(1).status, Status::Refused, "552 with nobody accepted");
    assert!(three([550, 550, 452]).left().is_empty());
    assert!(three([452, 250, 250]).left().is_empty(), "in front of all others");
    assert_eq!(three([252, 550, 452]).left(), [2]);
}
