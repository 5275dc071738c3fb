//! Whole sessions over a pair of pipes: what is said, what is answered, and what is handed on.

use super::*;
use crate::spool::SpoolError;
use std::io::{PipeReader, PipeWriter, pipe};
use std::path::PathBuf;
use std::thread;

const ID: &str = "1NGT5M0QX4K7C";

/// What came of a session.
struct Played {
    replies: String,
    /// Sender, parameters, recipients, and the content.
    taken: Vec<(String, String)>,
    ended: Result<(), CutShort>,
}

/// Serves a client that says this, and then hangs up, or is silent. The first messages are answered by what
/// `answers` holds, all others are kept.
fn play(said: &[u8], hangs_up: bool, answers: Vec<Refusal>) -> Played {
    let (input, mut client) = pipe().unwrap();
    let (mut heard, output) = pipe().unwrap();
    let said = said.to_vec();
    let talking = thread::spawn(move || -> Option<PipeWriter> {
        client.write_all(&said).unwrap();
        (!hangs_up).then_some(client)
    });
    let listening = thread::spawn(move || {
        let mut replies = String::new();
        heard.read_to_string(&mut replies).unwrap();
        replies
    });
    let patience = if hangs_up { PATIENCE } else { Duration::from_millis(300) };
    let mut answers = answers.into_iter();
    let mut taken = Vec::new();
    let mut take = |handover: Handover, content: Source| {
        let parameters =
            |list: &[Parameter]| list.iter().map(|one| format!(" {}", one.as_str())).collect::<String>();
        let mut envelope = format!("{:?}{}", handover.sender.unwrap(), parameters(&handover.mail));
        for recipient in &handover.recipients {
            envelope += &format!(" > {:?}{}", recipient.address, parameters(&recipient.parameters));
        }
        taken.push((envelope, String::from_utf8(content.read_all().unwrap()).unwrap()));
        answers.next().map_or_else(|| Ok(Kept::Queued(ID.parse().unwrap())), Err)
    };
    let settings = settings(Domain::parse("host.example").unwrap(), Some(3_000_000), 100_000);
    let channel: Channel<PipeReader, PipeWriter> = Channel::new(input, output, patience);
    let ended = serve(channel, settings, &mut take);
    drop(talking.join().unwrap());
    Played { replies: listening.join().unwrap().replace("\r\n", "\n"), taken, ended }
}

/// The replies behind the greeting.
fn replies(played: &Played) -> &str {
    played.replies.strip_prefix("220 host.example Service ready\n").unwrap()
}

#[test]
fn an_envelope_is_handed_on_as_it_was_meant_and_answered_with_the_identifier() {
    let played = play(
        b"EHLO [127.0.0.1]\r\nMAIL FROM:<www-data> SIZE=5 BODY=8BITMIME RET=HDRS ENVID=a SMTPUTF8\r\n\
          RCPT TO:<\"a b\"> NOTIFY=NEVER\r\nRCPT TO:<\"a@b\">\r\nRCPT TO:<you@example.org>\r\nRCPT TO:<Postmaster>\r\nDATA\r\n\
          Subject: x\r\n\r\n..\r\n.\r\nMAIL FROM:<>\r\nRCPT TO:<j\xc3\xbcrgen@host.example>\r\n\
          RCPT TO:<root@host.example>\r\nBDAT 3\r\na\r\nBDAT 0 LAST\r\nQUIT\r\n",
        true,
        vec![],
    );
    assert_eq!(
        played.taken,
        [
            (
                "\"www-data\" RET=HDRS ENVID=a > \"a b\" NOTIFY=NEVER > \"\\\"a@b\\\"@host.example\" > \"you@example.org\" > \"Postmaster\"",
                "Subject: x\r\n\r\n.\r\n"
            ),
            ("\"\" > \"root@host.example\"", "a\r\n")
        ]
        .map(|(envelope, content)| (envelope.to_owned(), content.to_owned()))
    );
    let own = format!("250 2.0.0 Ok: queued as {ID}\n");
    assert_eq!(
        replies(&played).split_once("ENHANCEDSTATUSCODES\n").unwrap().1,
        format!(
            "250 2.1.0 OK\n250 2.1.5 OK\n250 2.1.5 OK\n250 2.1.5 OK\n250 2.1.5 OK\n354 Start mail input; end with \
             <CRLF>.<CRLF>\n{own}250 2.1.0 OK\n553 5.1.3 Mailbox name not allowed without SMTPUTF8\n\
             250 2.1.5 OK\n250 2.0.0 3 octets received\n{own}221 2.0.0 host.example Service closing \
             transmission channel\n"
        )
    );
    assert!(played.ended.is_ok());
}

const MAIL: &str = "MAIL FROM:<a@b.example>\nRCPT TO:<c@d.example>\nDATA\nhello\n.\n";

#[test]
fn what_the_queue_does_not_take_is_told_and_the_session_goes_on() {
    let full = |kind: std::io::ErrorKind| SpoolError::Io {
        doing: "write",
        path: PathBuf::from("/var/q\u{e9}"),
        error: kind.into(),
    };
    let refusals = vec![
        Refusal::of_spool(&full(std::io::ErrorKind::StorageFull)),
        Refusal::of_spool(&full(std::io::ErrorKind::PermissionDenied)),
        Refusal::of_spool(&SpoolError::NoFiles { free: 3 }),
        Refusal::of_spool(&SpoolError::TooLarge { octets: 7, limit: 5 }),
        Refusal::of_spool(&SpoolError::TooManyRecipients { count: 7, limit: 5 }),
        Refusal::NotFit("line 1, 'a\r\n',".to_owned()),
    ];
    let played = play(MAIL.repeat(refusals.len() + 1).as_bytes(), true, refusals);
    assert_eq!(played.taken.len(), 7);
    let answers: Vec<&str> = replies(&played)
        .lines()
        .filter(|line| !["250 2.1.0 OK", "250 2.1.5 OK"].contains(line) && !line.starts_with("354"))
        .collect();
    assert_eq!(
        answers,
        [
            "452 4.3.1 the message was not queued: cannot write /var/q?: no storage space",
            "451 4.3.0 the message was not queued: cannot write /var/q?: permission denied",
            "452 4.3.1 the message was not queued: the disk has room for 3 more files only",
            "552 5.3.4 the message was not queued: the message has 7 octets, but the queue takes at most 5",
            "552 5.5.3 the message was not queued: the message has 7 recipients, but the queue takes at most 5",
            "554 5.6.0 line 1, 'a??',",
            "250 2.0.0 Ok: queued as 1NGT5M0QX4K7C",
        ]
    );
    assert!(played.ended.is_ok());
}

#[test]
fn a_message_without_an_end_is_never_handed_on_wherever_it_breaks_off() {
    let whole = MAIL.replace('\n', "\r\n");
    for end in 0..whole.len() {
        let played = play(&whole.as_bytes()[..end], true, vec![]);
        assert!(played.taken.is_empty(), "cut at {end}");
        assert!(played.ended.is_ok(), "cut at {end}");
    }
    assert_eq!(play(whole.as_bytes(), true, vec![]).taken.len(), 1);
}

#[test]
fn who_is_silent_for_too_long_is_sent_away_and_keeps_what_was_acknowledged() {
    let played = play(format!("{MAIL}MAIL FROM:<>\nRCPT TO:<x>\nDATA\nabc\n").as_bytes(), false, vec![]);
    assert_eq!(played.taken.len(), 1);
    assert!(matches!(played.ended, Err(CutShort::Silent)));
    let last = played.replies.lines().last();
    assert_eq!(last, Some("421 4.3.2 host.example Timeout, closing transmission channel"));
}

#[test]
fn a_message_that_is_too_much_for_memory_is_whole_and_one_that_is_too_large_is_refused() {
    let line = format!("{}\n", "x".repeat(76));
    let message =
        |lines: usize| format!("MAIL FROM:<>\nRCPT TO:<you@example.org>\nDATA\n{}.\n", line.repeat(lines));
    let played = play(format!("{}{}{MAIL}", message(20_000), message(50_000)).as_bytes(), true, vec![]);
    assert_eq!(played.taken.len(), 2);
    assert!(played.taken[0].1 == line.repeat(20_000), "the content has changed");
    assert!(played.replies.contains("\n552 5.3.4 Message too large: 3000000 octets at most\n"));
}

#[test]
fn a_hundred_thousand_recipients_are_one_message() {
    let mut said = "MAIL FROM:<>\n".to_owned();
    for number in 0..=100_000 {
        said += &format!("RCPT TO:<user{number}>\n");
    }
    let played = play(format!("{said}DATA\nhello\n.\n").as_bytes(), true, vec![]);
    assert_eq!(played.taken[0].0.matches(" > ").count(), 100_000);
    assert!(played.taken[0].0.ends_with(" > \"user99999\""));
    assert_eq!(played.replies.matches("\n452 4.5.3 Too many recipients\n").count(), 1);
}
