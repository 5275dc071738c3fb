//! The queue's files: whatever stands in one, it is read or refused, and what is read is written and read again as it was.

use ehlo::inside::spool::crc::crc32c;
use ehlo::inside::spool::{Entry, Id, MessageState, Moment, Recipient, Submission};
use ehlo::inside::spool::{entry, journal, pause};
use ehlo_smtp::content::Facts;
use ehlo_smtp::parameter::Parameter;

pub fn holds(octets: &[u8]) {
    any(octets);
    sealed(octets);
    written(octets);
    records(octets);
}

fn id() -> Id {
    Id::new(1_796_000_000, 1)
}

/// As a file.
fn any(octets: &[u8]) {
    if let Ok(Some((read, layout))) = entry::decode(octets) {
        again(&read, layout.length, layout.sum);
    }
    if let Ok(journal) = journal::decode(octets, &id()) {
        assert!(journal.end <= octets.len() as u64);
    }
    _ = pause::decode(octets);
}

/// As the lines of an entry or a pause whose sum is right.
fn sealed(octets: &[u8]) {
    for magic in ["ehlo-queue 1\n", "ehlo-pause 1\n"] {
        let mut file = [magic.as_bytes(), octets, b"\n"].concat();
        let sum = format!("sum {:08x}\n", crc32c(&file));
        file.extend_from_slice(sum.as_bytes());
        if let Some(read) = pause::decode(&file) {
            assert_eq!(pause::decode(&pause::encode(&read)), Some(read));
        }
        file.push(b'\n');
        if let Ok(Some((read, layout))) = entry::decode(&file) {
            again(&read, layout.length, layout.sum);
        }
    }
}

fn again(read: &Entry, length: u64, sum: u32) {
    let head = entry::encode(read, length, sum);
    let (same, layout) = entry::decode(&head).expect("it was written here").expect("it is whole");
    assert_eq!(&same, read);
    assert_eq!((layout.begins, layout.length, layout.sum), (head.len() as u64, length, sum));
}

/// As what callers hand over.
fn written(octets: &[u8]) {
    let text = String::from_utf8_lossy(octets);
    let mut lines = text.split('\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    let (sender, tool, account, held) = (line(), line(), line(), line());
    let mail = Parameter::parse(&line()).ok().into_iter().collect();
    let mut recipients: Vec<Recipient> =
        lines.map(|address| Recipient { address, parameters: Vec::new() }).collect();
    recipients.push(Recipient { address: text.into_owned(), parameters: Vec::new() });
    let submission = Submission {
        tool,
        account: Some(account),
        sender,
        mail,
        held: Some(held),
        recipients,
        id: Some(id()),
        ..Submission::default()
    };
    let facts = Facts { octets: octets.len() as u64, ..Facts::default() };
    let entry = Entry { id: id(), created: Moment::default(), uid: 0, pid: 0, facts, submission };
    again(&entry, 0, u32::MAX);
}

/// Each line as a record whose sum is right, and all of them one after the other.
fn records(octets: &[u8]) {
    let to = Recipient { address: "jones@beta.arpa".to_owned(), parameters: Vec::new() };
    let mut state = MessageState::of(&Submission { recipients: vec![to; 5], ..Submission::default() });
    let mut final_once = [false; 5];
    for line in octets.split(|octet| *octet == b'\n') {
        let text = [line, b" "].concat();
        let file =
            [&journal::head(&id())[..], &text, format!("~{:08x}\n", crc32c(&text)).as_bytes()].concat();
        let Ok(read) = journal::decode(&file, &id()) else { continue };
        for record in &read.records {
            // What is too long was cut, and is not cut again.
            let write = |record| [journal::head(&id()), journal::encode(record)].concat();
            let cut = journal::decode(&write(record), &id()).expect("it was written here").records;
            let same = journal::decode(&write(&cut[0]), &id()).expect("it was written here").records;
            assert_eq!(cut, same);
            state.take(record);
        }
        for (was, recipient) in final_once.iter_mut().zip(&state.recipients) {
            assert!(!*was || recipient.state.is_final(), "what is final stays so");
            *was = recipient.state.is_final();
        }
        if state.is_settled() {
            assert!(
                state.waiting().is_empty() && state.untold().is_empty() && state.due(|_| true).is_empty()
            );
        }
    }
}
