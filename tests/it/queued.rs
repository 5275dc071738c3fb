//! A queue for a run of the program, written file by file: messages of any age, to which anything has happened.

use crate::harness::{Ehlo, ehlo};
use ehlo::inside::spool::crc::crc32c;
use ehlo::inside::spool::files::Files;
use ehlo::inside::spool::{Entry, Event, Limits, Moment, Pause, Recipient, Record, Spool, Submission};
use ehlo::inside::spool::{entry, journal};
use ehlo_smtp::content::Facts;
use std::path::PathBuf;

/// Where the queue is in the folder of a run.
pub const PLACE: &str = ".local/state/ehlo/queue";
/// A message.
pub const CONTENT: &str = "Subject: hi\n\nBlah\x1b[2J\n";
/// Far away, so that nothing is older than no time, and every try is due.
pub const FAR: i64 = 4_102_444_800;

/// `ehlo queue`, and an empty queue.
pub fn queue(line: &str) -> Ehlo {
    let run = ehlo(&format!("queue {line}"));
    files(&run);
    run
}

/// The queue of a run.
pub fn files(run: &Ehlo) -> impl Spool + use<> {
    Files::open(&run.folder().join(PLACE), Limits::default()).unwrap()
}

/// A moment by the wall's clock alone, of another start of the machine.
pub fn at(wall: i64) -> Moment {
    Moment { wall, boot: wall.unsigned_abs(), start: 0 }
}

/// So many seconds ago, and a few more.
pub fn ago(seconds: i64) -> Moment {
    at(Moment::now().wall - seconds - 5)
}

/// In so many seconds, and a few more.
pub fn ahead(seconds: i64) -> Moment {
    at(Moment::now().wall + seconds + 30)
}

/// Of Smith, to these.
pub fn submission(recipients: &[&str]) -> Submission {
    let recipient = |address: &&str| Recipient { address: (*address).to_owned(), parameters: Vec::new() };
    Submission {
        tool: "sendmail".to_owned(),
        sender: "Smith@Alpha.ARPA".to_owned(),
        recipients: recipients.iter().map(recipient).collect(),
        message_id: Some("<1@alpha.arpa>".to_owned()),
        ..Submission::default()
    }
}

impl Ehlo {
    /// A message of this identifier waits in the queue.
    pub fn queued(self, id: &str, created: Moment, submission: Submission, records: &[Record]) -> Ehlo {
        self.with_content(id, CONTENT, created, submission, records)
    }

    /// The same with this content, of which nobody has tried anything.
    pub fn queued_as(self, id: &str, content: &str, created: Moment, submission: Submission) -> Ehlo {
        self.with_content(id, content, created, submission, &[])
    }

    fn with_content(
        self,
        id: &str,
        content: &str,
        created: Moment,
        submission: Submission,
        records: &[Record],
    ) -> Ehlo {
        let (facts, id) =
            (Facts { octets: content.len() as u64 + 3, ..Facts::default() }, id.parse().unwrap());
        let entry = Entry { id, created, uid: 1000, pid: 4711, facts, submission };
        let mut message = entry::encode(&entry, content.len() as u64, crc32c(content.as_bytes()));
        message.extend_from_slice(content.as_bytes());
        let mut log = journal::head(&id);
        records.iter().for_each(|record| log.extend(journal::encode(record)));
        let place = PathBuf::from(PLACE).join("q").join(id.as_str());
        let name = |end: &str| format!("{}.{end}", place.display());
        self.file_of_mode(&name("msg"), message, 0o400).file_of_mode(&name("log"), log, 0o600)
    }

    /// The same: of Smith to Jones and Green, two hours ago.
    pub fn waiting(self, id: &str, events: Vec<Event>) -> Ehlo {
        let records: Vec<Record> = events.into_iter().map(|event| Record { at: ago(3600), event }).collect();
        self.queued(id, ago(7200), submission(&["Jones@Beta.ARPA", "Green@Beta.ARPA"]), &records)
    }

    /// An account is not used.
    pub fn paused(self, account: &str, why: &str, until: Moment, is_refused: bool) -> Ehlo {
        let why = why.to_owned();
        let pause = Pause { since: ago(60), until, why, failures: 3, is_refused, configuration: 0 };
        files(&self).set_pause(account, Some(&pause)).unwrap();
        self
    }
}

/// Deferred for both.
pub fn deferred() -> Vec<Event> {
    let server = "mx.beta.arpa[192.0.2.1]:25".to_owned();
    let said = "450 4.2.1 mailbox busy".to_owned();
    vec![
        Event::Attempt { number: 1, server, tls: Some("TLSv1.3".to_owned()) },
        Event::Deferred { number: 1, places: vec![0, 1], next: ahead(240), said },
    ]
}

/// Unknown for the first, and nobody decides but people.
pub fn unknown() -> Vec<Event> {
    let said = "no reply to the end of the message".to_owned();
    vec![
        Event::Dot { number: 1, places: vec![0] },
        Event::Unknown { number: 1, places: vec![0], next: None, said },
        Event::Accepted { number: 1, places: vec![1], said: "250 OK".to_owned() },
    ]
}

/// Held by somebody.
pub fn held() -> Vec<Event> {
    vec![Event::Held { by: "1000".to_owned(), why: "by hand".to_owned() }]
}
