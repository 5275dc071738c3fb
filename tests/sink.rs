//! The sink over real sockets on loopback, seen from a client that says just what it is told to.

#![cfg(feature = "sink")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::disallowed_types)] // A test, with sockets of its own.

use ehlo::inside::config::secret::Secret;
use ehlo::inside::net::{Deadline, Stream, tls};
use ehlo::inside::sink::{Account, Event, Observer, Patience, Settings, Sink, Store, Tls};
use ehlo_smtp::dialogue;
use ehlo_smtp::path::Domain;
use std::net::{SocketAddr, TcpStream};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

fn beta() -> Settings {
    let mut settings = Settings::new(Domain::parse("Beta.ARPA").unwrap());
    settings.rules.add("Green@Beta.ARPA", 550, None).unwrap();
    settings
}

/// Runs the sink while a client does its work, and stops it then.
fn with<T>(settings: Settings, work: impl FnOnce(&Sink) -> T) -> (Sink, T) {
    let sink = Sink::bind(settings).unwrap();
    let stop = AtomicBool::new(false);
    let result = thread::scope(|scope| {
        scope.spawn(|| sink.run(&stop));
        // Also when the work fails: the scope would wait for ever.
        let _stopper = Stopper(&stop);
        work(&sink)
    });
    (sink, result)
}

struct Stopper<'a>(&'a AtomicBool);

impl Drop for Stopper<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

struct Client {
    stream: Stream,
    read: Vec<u8>,
}

fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(10))
}

impl Client {
    fn connect(address: SocketAddr) -> Client {
        Client { stream: Stream::tcp(TcpStream::connect(address).unwrap()).unwrap(), read: Vec::new() }
    }

    /// With the greeting read.
    fn greeted(sink: &Sink) -> Client {
        let mut client = Client::connect(sink.address());
        assert_eq!(client.reply(), "220 Beta.ARPA Service ready");
        client
    }

    fn write(&mut self, octets: &[u8]) {
        self.stream.write_all(octets, soon(), &mut |_| ControlFlow::Break(())).unwrap();
    }

    /// The next line of the server; nothing at the end.
    fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.iter().position(|octet| *octet == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return Some(String::from_utf8(line).unwrap().strip_suffix("\r\n").unwrap().to_owned());
            }
            let mut piece = [0; 1000];
            match self.stream.read(&mut piece, soon()) {
                Ok(0) => return None,
                Ok(count) => self.read.extend_from_slice(&piece[..count]),
                Err(error) if error.is_closed() => return None,
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// The next reply, its lines joined.
    fn reply(&mut self) -> String {
        let mut reply = String::new();
        while let Some(line) = self.line() {
            let more = line.as_bytes().get(3) == Some(&b'-');
            reply.push_str(&line);
            if !more {
                break;
            }
            reply.push('\n');
        }
        reply
    }

    fn ask(&mut self, line: &str) -> String {
        self.write(format!("{line}\r\n").as_bytes());
        self.reply()
    }

    fn start_tls(&mut self, sink: &Sink) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, sink.certificate_pem().unwrap()).unwrap();
        let settings = tls::Settings { trust: tls::Trust::File(file), ..tls::Settings::default() };
        self.stream.start_tls(&tls::Client::new(settings), "Beta.ARPA", soon()).unwrap();
    }

    /// Smith's mail to three, of whom Green is not known.
    fn std10(&mut self) {
        for (line, reply) in [
            ("HELO Alpha.ARPA", "250 Beta.ARPA"),
            ("MAIL FROM:<Smith@Alpha.ARPA>", "250 OK"),
            ("RCPT TO:<Jones@Beta.ARPA>", "250 OK"),
            ("RCPT TO:<Green@Beta.ARPA>", "550 No such user here"),
            ("RCPT TO:<Brown@Beta.ARPA>", "250 OK"),
            ("DATA", "354 Start mail input; end with <CRLF>.<CRLF>"),
            ("Blah blah blah...\r\n..\r\n...etc. etc. etc.\r\n.", "250 OK"),
            ("QUIT", "221 Beta.ARPA Service closing transmission channel"),
        ] {
            assert_eq!(self.ask(line), reply, "{line}");
        }
        assert_eq!(self.line(), None);
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn jones_and_brown_have_the_mail_octet_for_octet_and_green_has_not_even_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { store: Store::Maildir(folder.path().to_owned()), ..beta() };
    with(settings, |sink| Client::greeted(sink).std10());
    assert_eq!(names(folder.path()), ["Brown@Beta.ARPA", "Jones@Beta.ARPA"]);
    for recipient in names(folder.path()) {
        let new = folder.path().join(recipient).join("new");
        let messages = names(&new);
        assert_eq!(messages.len(), 1);
        let content = std::fs::read(new.join(&messages[0])).unwrap();
        assert_eq!(content, b"Blah blah blah...\n.\n..etc. etc. etc.\n");
    }
}

#[test]
fn memory_has_the_message_as_it_came() {
    let (sink, ()) = with(beta(), |sink| Client::greeted(sink).std10());
    let messages = sink.messages();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].content, b"Blah blah blah...\r\n.\r\n..etc. etc. etc.\r\n");
    let to: Vec<_> = messages[0].envelope.recipients.iter().map(|r| r.path.to_string()).collect();
    assert_eq!(to, ["Jones@Beta.ARPA", "Brown@Beta.ARPA"]);
    assert_eq!(messages[0].envelope.reverse_path.to_string(), "Smith@Alpha.ARPA");
}

#[test]
fn once_ends_after_one_session() {
    let sink = Sink::bind(Settings { once: true, ..beta() }).unwrap();
    let never = AtomicBool::new(false);
    thread::scope(|scope| {
        let run = scope.spawn(|| sink.run(&never));
        Client::greeted(&sink).std10();
        run.join().unwrap();
    });
    assert_eq!(sink.messages().len(), 1);
}

#[test]
fn three_sessions_run_at_once_and_further_ones_wait() {
    let (sink, ()) = with(Settings { most_sessions: 3, ..beta() }, |sink| {
        let mut clients: Vec<Client> = (0..3).map(|_| Client::greeted(sink)).collect();
        let mut fourth = Client::connect(sink.address());
        let moment = Deadline::after(Duration::from_millis(300));
        assert!(matches!(fourth.stream.read(&mut [0; 1], moment), Err(ehlo::inside::net::Error::Timeout)));
        for line in ["EHLO a.example", "MAIL FROM:<>", "RCPT TO:<Jones@Beta.ARPA>", "DATA"] {
            for client in &mut clients {
                assert!(client.ask(line).starts_with(['2', '3']));
            }
        }
        for (number, client) in clients.iter_mut().enumerate() {
            assert_eq!(client.ask(&format!("{number}\r\n.")), "250 OK");
        }
        drop(clients);
        assert_eq!(fourth.reply(), "220 Beta.ARPA Service ready");
        fourth.std10();
    });
    assert_eq!(sink.messages().len(), 4);
}

#[test]
fn tls_begins_with_starttls_by_the_certificate_that_was_handed_out() {
    let account = Account { user: "smith".to_owned(), password: Secret::new("pa ss".to_owned()) };
    let settings = Settings { account: Some(account), require_auth: true, ..beta() };
    let (sink, ()) = with(settings, |sink| {
        let mut client = Client::greeted(sink);
        assert!(client.ask("EHLO a.example").ends_with("250 STARTTLS"));
        assert!(client.ask("AUTH PLAIN AHNtaXRoAHBhIHNz").starts_with("538 "));
        assert_eq!(client.ask("STARTTLS"), "220 Ready to start TLS");
        client.start_tls(sink);
        assert!(client.ask("EHLO a.example").ends_with("250 AUTH PLAIN LOGIN"));
        assert!(client.ask("MAIL FROM:<>").starts_with("530 "));
        assert!(client.ask("AUTH PLAIN AHNtaXRoAHdyb25n").starts_with("535 "));
        assert_eq!(client.ask("AUTH PLAIN AHNtaXRoAHBhIHNz"), "235 Authentication succeeded");
        client.std10();
    });
    assert_eq!(sink.messages().len(), 1);
}

#[test]
fn tls_may_be_there_from_the_first_octet() {
    let (sink, ()) = with(Settings { tls: Tls::Implicit, ..beta() }, |sink| {
        let mut client = Client::connect(sink.address());
        client.start_tls(sink);
        assert_eq!(client.reply(), "220 Beta.ARPA Service ready");
        assert!(!client.ask("EHLO a.example").contains("STARTTLS"));
        client.std10();
    });
    assert_eq!(sink.messages().len(), 1);
}

#[test]
fn what_follows_starttls_in_clear_is_never_obeyed() {
    let (sink, ()) = with(beta(), |sink| {
        let mut client = Client::greeted(sink);
        client.write(b"STARTTLS\r\nHELO a.example\r\n");
        assert_eq!(client.reply(), "501 Nothing may follow STARTTLS in clear");
        assert_eq!(client.line(), None);
    });
    assert!(sink.messages().is_empty());
}

#[test]
fn lmtp_and_chunks_and_sizes_work_over_a_socket() {
    let settings = Settings { lmtp: true, max_size: Some(1_000_000), ..beta() };
    let (sink, ()) = with(settings, |sink| {
        let mut client = Client::greeted(sink);
        assert!(client.ask("LHLO a.example").contains("SIZE 1000000"));
        client.write(b"MAIL FROM:<>\r\nRCPT TO:<a@b.example>\r\nRCPT TO:<c@b.example>\r\n");
        assert_eq!([client.reply(), client.reply(), client.reply()], ["250 OK"; 3]);
        let content = [b'x'; 300_000];
        client.write(b"BDAT 300000\r\n");
        client.write(&content);
        assert_eq!(client.reply(), "250 300000 octets received");
        client.write(b"BDAT 300000 LAST\r\n");
        client.write(&content);
        assert_eq!([client.reply(), client.reply()], ["250 OK"; 2]);
        assert_eq!(client.ask("MAIL FROM:<> SIZE=1000001"), "552 Message too large: 1000000 octets at most");
    });
    assert_eq!(sink.messages()[0].content.len(), 600_000);
}

fn impatient() -> Patience {
    let moment = Duration::from_millis(400);
    Patience { command: moment, handshake: moment, write: moment }
}

#[test]
fn a_silent_client_is_told_so_and_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::Maildir(folder.path().to_owned());
    let (_, ()) = with(Settings { patience: impatient(), store, ..beta() }, |sink| {
        let mut silent = Client::greeted(sink);
        let mut within = Client::greeted(sink);
        for line in ["EHLO a.example", "MAIL FROM:<>", "RCPT TO:<Jones@Beta.ARPA>", "DATA", "abc"] {
            within.write(format!("{line}\r\n").as_bytes());
        }
        let mut handshake = Client::greeted(sink);
        assert!(handshake.ask("STARTTLS").starts_with("220 "));
        let timeout = "421 Beta.ARPA Timeout, closing transmission channel";
        assert_eq!((silent.reply().as_str(), silent.line()), (timeout, None));
        while within.reply() != timeout {}
        assert_eq!(within.line(), None);
        assert_eq!(handshake.line(), None);
    });
    assert!(names(folder.path()).is_empty());
}

#[test]
fn clients_that_hang_in_the_handshake_are_dropped_and_block_nobody() {
    let patience = Patience { handshake: Duration::from_millis(400), ..Patience::default() };
    let (sink, ()) = with(Settings { patience, tls: Tls::Implicit, ..beta() }, |sink| {
        let mut silent = Client::connect(sink.address());
        let mut half = Client::connect(sink.address());
        half.write(&[0x16, 3, 1, 2, 0, 1, 0]);
        let mut good = Client::connect(sink.address());
        good.start_tls(sink);
        assert_eq!(good.reply(), "220 Beta.ARPA Service ready");
        good.std10();
        // No word in clear: an end.
        assert_eq!((silent.line(), half.line()), (None, None));
    });
    assert_eq!(sink.messages().len(), 1);
}

#[test]
fn a_client_that_dribbles_is_dropped_in_time_too() {
    with(Settings { patience: impatient(), ..beta() }, |sink| {
        let mut client = Client::greeted(sink);
        let start = Instant::now();
        let mut ended = false;
        while !ended {
            assert!(start.elapsed() < Duration::from_secs(5));
            thread::sleep(Duration::from_millis(100));
            let _ = client.stream.write_all(b"N", soon(), &mut |_| ControlFlow::Break(()));
            ended = !matches!(client.stream.read_now(&mut [0; 1]), Ok(None));
        }
    });
}

#[test]
fn a_sink_that_is_stopped_says_so_and_leaves_nobody_behind() {
    let (_, mut client) = with(beta(), Client::greeted);
    assert!(client.reply().starts_with("421 Beta.ARPA Service is being stopped"));
    assert_eq!(client.line(), None);
}

#[test]
fn what_goes_wrong_with_one_client_is_nothing_to_the_next() {
    let (sink, ()) = with(beta(), |sink| {
        Client::connect(sink.address()).stream.reset();
        let mut broken = Client::greeted(sink);
        broken.write(b"EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<Jones@Beta.ARPA>\r\nDATA\r\nabc");
        broken.stream.reset();
        let mut noise = Client::greeted(sink);
        assert!(noise.ask("STARTTLS").starts_with("220 "));
        noise.write(b"this is no handshake\r\n");
        Client::greeted(sink).std10();
    });
    assert_eq!(sink.messages().len(), 1);
}

#[test]
fn a_store_that_fails_is_452() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Jones@Beta.ARPA"), "in the way").unwrap();
    let settings = Settings { store: Store::Maildir(folder.path().to_owned()), ..beta() };
    with(settings, |sink| {
        let mut client = Client::greeted(sink);
        client.write(b"EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<Jones@Beta.ARPA>\r\nDATA\r\n");
        for _ in 0..4 {
            client.reply();
        }
        assert_eq!(client.ask("abc\r\n."), "452 Insufficient system storage");
    });
}

fn script(text: &str) -> Settings {
    Settings { script: Some(dialogue::parse(text).unwrap()), ..beta() }
}

#[test]
fn a_script_is_played_and_what_differs_is_noted() {
    let text = "# why\n! outcome none\nS: 220-beta\nS: 220 \\x41\nC: EHLO a.example\nS: 250-beta\nS: 250 AUTH PLAIN\n\
        C: AUTH PLAIN ***\nS: 235 OK\nC: AUTH PLAIN ***\nS: 334 \nC: aGlkZGVu\nS: 235 OK\nC: MAIL FROM:<a@b.example>\n\
        C: DATA\nS: 250 OK\nS: 354 Go on\nC: … 8 octets\nC: .\nS: 250 OK\nC: BDAT 3\nC: … 3 octets\nS: 250 OK\nC: QUIT\n! close\n";
    let (sink, ()) = with(script(text), |sink| {
        let mut client = Client::connect(sink.address());
        assert_eq!(client.reply(), "220-beta\n220 A");
        assert_eq!(client.ask("EHLO a.example"), "250-beta\n250 AUTH PLAIN");
        assert_eq!(client.ask("AUTH PLAIN c2VjcmV0"), "235 OK");
        assert_eq!(client.ask("AUTH LOGIN c2VjcmV0"), "334 ");
        assert_eq!(client.ask("c2VjcmV0"), "235 OK");
        client.write(b"MAIL FROM:<c@b.example>\r\nDATA\r\n");
        assert_eq!([client.reply(), client.reply()], ["250 OK", "354 Go on"]);
        assert_eq!(client.ask("..\r\n\nabc\r\n."), "250 OK");
        client.write(b"BDAT 3\r\na\r\n");
        assert_eq!(client.reply(), "250 OK");
        client.write(b"QUIT\r\n");
        assert_eq!(client.line(), None);
    });
    let mismatches: Vec<String> = sink.mismatches().iter().map(ToString::to_string).collect();
    assert_eq!(
        mismatches,
        [
            "the script has 'C: AUTH PLAIN ***', but the client said 'C: AUTH LOGIN ***'",
            "the script has 'C: aGlkZGVu', but the client said 'C: ***'",
            "the script has 'C: MAIL FROM:<a@b.example>', but the client said 'C: MAIL FROM:<c@b.example>'",
            "the script has 'C: … 8 octets', but the client said 'C: … 9 octets'",
        ]
    );
}

#[test]
fn a_script_has_its_tls_behind_the_220_and_its_injection_in_front() {
    let text = "S: 220 beta\nC: STARTTLS\nS: 220 Go ahead\nC: EHLO a.example\nS: 250 beta\n";
    let (sink, ()) = with(script(text), |sink| {
        let mut client = Client::connect(sink.address());
        client.reply();
        assert_eq!(client.ask("STARTTLS"), "220 Go ahead");
        client.start_tls(sink);
        assert_eq!(client.ask("EHLO a.example"), "250 beta");
        assert_eq!(client.line(), None);
    });
    assert!(sink.mismatches().is_empty());

    let text = "S: 220 beta\nC: STARTTLS\nS: 220 Go ahead\nS: 250-beta\nS: 250 AUTH PLAIN\n";
    with(script(text), |sink| {
        let mut client = Client::connect(sink.address());
        client.reply();
        assert_eq!(client.ask("STARTTLS"), "220 Go ahead");
        assert_eq!(client.reply(), "250-beta\n250 AUTH PLAIN");
    });
}

#[test]
fn a_client_that_hangs_up_within_a_script_is_noted() {
    let (sink, ()) = with(script("S: 220 beta\nC: QUIT\nS: 221 Bye\n"), |sink| {
        Client::connect(sink.address()).reply();
        thread::sleep(Duration::from_millis(50));
    });
    assert_eq!(sink.mismatches()[0].to_string(), "the script has 'C: QUIT', but the client hung up");
}

/// Writes down what it is told.
#[derive(Debug, Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Observer for Notes {
    fn notice(&self, session: u64, event: Event<'_>) {
        self.0.lock().unwrap().push(format!("{session} {event}"));
    }
}

#[test]
fn an_observer_sees_the_dialogue_and_no_password() {
    let notes = Notes::default();
    let account = Account { user: "smith".to_owned(), password: Secret::new("pa ss".to_owned()) };
    let settings =
        Settings { tls: Tls::Off, account: Some(account), observer: Box::new(notes.clone()), ..beta() };
    with(settings, |sink| {
        let mut client = Client::greeted(sink);
        client.ask("EHLO a.example");
        client.ask("AUTH PLAIN AHNtaXRoAHBhIHNz");
        client.std10();
    });
    let notes = notes.0.lock().unwrap().clone();
    let dialogue: Vec<&str> = notes.iter().map(|line| line.strip_prefix("1 ").unwrap()).collect();
    assert!(dialogue[0].starts_with("# 127.0.0.1:") && dialogue[0].ends_with(" connected"));
    assert_eq!(dialogue[1..3], ["S: 220 Beta.ARPA Service ready", "C: EHLO a.example"]);
    assert!(dialogue.contains(&"C: AUTH PLAIN ***"));
    let end = [
        "C: DATA",
        "S: 354 Start mail input; end with <CRLF>.<CRLF>",
        "C: … 40 octets",
        "C: .",
        "# kept 40 octets for Jones@Beta.ARPA Brown@Beta.ARPA",
        "S: 250 OK",
        "C: QUIT",
        "S: 221 Beta.ARPA Service closing transmission channel",
        "# closed",
    ];
    assert_eq!(dialogue[dialogue.len() - end.len()..], end);
    assert!(!notes.concat().contains("AHNtaXRo"));
    // It is a dialogue: it can be played again.
    dialogue::parse(&dialogue.join("\n")).unwrap();
}
