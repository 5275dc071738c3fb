//! Bad conditions: the throughput may fall, the outcome may not. Over real sockets, through the whole client.

#![cfg(feature = "sink")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A test fails by panicking.
#![allow(clippy::disallowed_types)] // The server is a plain socket.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

/// What a server does to its client.
#[derive(Clone, Copy)]
struct Manners {
    /// Writes so many octets at once, and pauses.
    drip: Option<usize>,
    /// Reads no more than this at once, and pauses.
    sip: usize,
    /// Answers every RCPT with so many octets before it reads the next.
    verbose: usize,
    /// Refuses the message when it has seen so much of it, and reads no more.
    refuses_after: Option<usize>,
}

const POLITE: Manners = Manners { drip: None, sip: 64 * 1024, verbose: 2, refuses_after: None };

/// One session of a server with such manners; how many recipients and how much content it saw.
fn serve(stream: TcpStream, manners: Manners) -> (usize, usize) {
    let mut server = Conversation { stream, manners, unread: Vec::new() };
    server.say("220 beta ready");
    let mut recipients = 0;
    while let Some(line) = server.line() {
        match &line[..4.min(line.len())] {
            "EHLO" => server.say("250-beta\r\n250 PIPELINING"),
            "RCPT" => {
                recipients += 1;
                server.say(&format!("250 {}", "y".repeat(manners.verbose)));
            }
            "DATA" => {
                server.say("354 go");
                let mut content = 0;
                while let Some(line) = server.line() {
                    if line == "." {
                        server.say("250 taken");
                        break;
                    }
                    content += line.len() + 2;
                    if manners.refuses_after.is_some_and(|most| content > most) {
                        server.say("552 5.3.4 too big for me");
                        thread::sleep(Duration::from_millis(50));
                        let _ = server.stream.shutdown(Shutdown::Both);
                        return (recipients, content);
                    }
                }
                if let Some(line) = server.line() {
                    assert_eq!(line, "QUIT");
                    server.say("221 bye");
                }
                return (recipients, content);
            }
            _ => server.say("250 OK"),
        }
    }
    (recipients, 0)
}

struct Conversation {
    stream: TcpStream,
    manners: Manners,
    unread: Vec<u8>,
}

impl Conversation {
    fn say(&mut self, text: &str) {
        let octets = format!("{text}\r\n").into_bytes();
        // The client may be gone by the time of the last words.
        match self.manners.drip {
            None => _ = self.stream.write_all(&octets),
            Some(size) => octets.chunks(size).for_each(|drop| {
                let _ = self.stream.write_all(drop);
                thread::sleep(Duration::from_micros(200));
            }),
        }
    }

    fn line(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.unread.iter().position(|octet| *octet == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                return Some(String::from_utf8(line).unwrap().trim_end_matches("\r\n").to_owned());
            }
            let mut piece = vec![0; self.manners.sip];
            let count = self.stream.read(&mut piece).ok().filter(|count| *count > 0)?;
            self.unread.extend_from_slice(&piece[..count]);
        }
    }
}

/// Sends to so many recipients, a message of so many lines.
fn send(manners: Manners, recipients: usize, lines: usize, flags: &[&str]) -> (Output, usize, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = thread::spawn(move || serve(listener.accept().unwrap().0, manners));
    let folder = tempfile::tempdir().unwrap();
    let list: String = (0..recipients).map(|n| format!("user{n}@beta.arpa\n")).collect();
    std::fs::write(folder.path().join("list"), list).unwrap();
    let message = format!("Subject: x\n\n{}", format!("{}\n", "z".repeat(76)).repeat(lines));
    std::fs::write(folder.path().join("message"), &message).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ehlo"))
        .args(["send", "-S", &address, "--tls", "off", "-f", "smith@alpha.arpa", "--recipients-from", "list"])
        .args(["-m", "message", "--timeout", "20s", "--final-timeout", "20s"])
        .args(flags)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (asked, content) = server.join().unwrap();
    (output, asked, content)
}

fn all_have_it(output: &Output, recipients: usize) {
    let report = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(report.lines().count(), recipients + 1);
    assert!(report.lines().all(|line| line.starts_with("250\t")));
}

#[test]
fn twenty_thousand_recipients_with_long_replies_do_not_block_both_sides() {
    // What is answered to a full window is more than the buffers between two sockets of this kind hold at once, while
    // the server reads one command at a time.
    let manners = Manners { verbose: 480, sip: 512, ..POLITE };
    let (output, asked, _) = send(manners, 20_000, 1, &[]);
    all_have_it(&output, 20_000);
    assert_eq!(asked, 20_000);
}

#[test]
fn replies_that_come_octet_by_octet_are_understood() {
    let (output, asked, _) = send(Manners { drip: Some(1), ..POLITE }, 10, 10, &[]);
    all_have_it(&output, 10);
    assert_eq!(asked, 10);
}

#[test]
fn a_server_that_reads_in_sips_gets_it_all() {
    let (output, _, content) = send(Manners { sip: 7, ..POLITE }, 2, 2_000, &[]);
    all_have_it(&output, 2);
    assert_eq!(content, 14 + 2_000 * 78);
}

#[test]
fn a_refusal_in_the_middle_of_a_large_message_is_reported_and_not_a_broken_pipe() {
    let (output, _, _) = send(Manners { refuses_after: Some(100_000), ..POLITE }, 1, 400_000, &[]);
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "552\tuser0@beta.arpa\t5.3.4 too big for me\n552\tmessage\t5.3.4 too big for me\n"
    );
    assert_eq!(output.status.code(), Some(69));
}

/// Takes a message by BDAT, and answers the moment that its last octet is there; or hangs up then.
fn chunk_server(pipelining: bool, answers: bool) -> (String, thread::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = thread::spawn(move || {
        let stream = listener.accept().unwrap().0;
        let mut server = Conversation { stream, manners: POLITE, unread: Vec::new() };
        server.say("220 beta");
        while let Some(line) = server.line() {
            match &line[..4.min(line.len())] {
                "EHLO" if pipelining => server.say("250-beta\r\n250-PIPELINING\r\n250 CHUNKING"),
                "EHLO" => server.say("250-beta\r\n250 CHUNKING"),
                "BDAT" => {
                    let octets: usize = line.split(' ').nth(1).unwrap().parse().unwrap();
                    let mut piece = [0; 65536];
                    while server.unread.len() < octets {
                        let count = server.stream.read(&mut piece).unwrap();
                        assert!(count > 0, "the chunk was cut short");
                        server.unread.extend_from_slice(&piece[..count]);
                    }
                    if !answers {
                        return;
                    }
                    server.unread.drain(..octets);
                    server.say("250 taken");
                }
                "QUIT" => server.say("221 bye"),
                _ => server.say("250 OK"),
            }
        }
    });
    (address, server)
}

/// Sends a message of so many octets with CRLF line ends; the exit status and the report.
fn send_chunk(address: &str, octets: usize) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let line = format!("{}\r\n", "z".repeat(76));
    let mut message = format!("Subject: x\r\n\r\n{}", line.repeat(octets / line.len() + 1)).into_bytes();
    message.truncate(octets - 2);
    message.retain(|octet| *octet != b'\r');
    let message = String::from_utf8(message).unwrap().replace('\n', "\r\n") + "\r\n";
    std::fs::write(folder.path().join("message"), message).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_ehlo"))
        .args(["send", "-S", address, "--tls", "off", "-f", "a@b.c", "-m", "message", "d@e.f"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_chunk_of_any_size_is_known_to_be_accepted() {
    for pipelining in [true, false] {
        for octets in
            [1_000, 233_472, 262_143, 262_144, 300_000, 400_000, 466_944, 466_945, 600_000, 1_000_000]
        {
            let (address, server) = chunk_server(pipelining, true);
            let done = send_chunk(&address, octets);
            assert_eq!(
                done,
                (Some(0), "250\td@e.f\tOK\n250\tmessage\ttaken\n".to_owned()),
                "{octets} octets"
            );
            server.join().unwrap();
        }
    }
}

#[test]
fn a_chunk_that_is_out_and_not_answered_is_unknown() {
    for pipelining in [true, false] {
        for octets in [1_000, 262_144, 300_000, 466_944, 1_000_000] {
            let (address, server) = chunk_server(pipelining, false);
            let (status, report) = send_chunk(&address, octets);
            assert_eq!(status, Some(11), "{octets} octets: {report}");
            assert!(report.starts_with("---\td@e.f\tunknown: "), "{report}");
            server.join().unwrap();
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_message() {
    for flags in [&["--no-chunking"][..], &["--verbose"]] {
        let (small, large) = (peak(10, flags), peak(1_000_000, flags));
        assert!(
            large < small + 6_000,
            "{small} kB for a small message, {large} kB for one of 77 MB, {flags:?}"
        );
    }
}

/// The most memory, in kB, that the program had when a message of so many lines, from a pipe, was sent and not yet
/// answered: what the kernel counts, mapped pages too.
#[cfg(target_os = "linux")]
fn peak(lines: usize, flags: &[&str]) -> u64 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ehlo"))
        .args(["send", "-S", &address, "--tls", "off", "-f", "a@b.c", "-m", "-", "d@e.f"])
        .args(flags)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let writer = thread::spawn(move || {
        pipe.write_all(b"Subject: x\n\n").unwrap();
        let block = format!("{}\n", "z".repeat(76)).repeat(10);
        (0..lines / 10).for_each(|_| pipe.write_all(block.as_bytes()).unwrap());
    });
    let (mut stream, _) = listener.accept().unwrap();
    stream.write_all(b"220 beta\r\n").unwrap();
    let mut reader = std::io::BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    loop {
        line.clear();
        std::io::BufRead::read_line(&mut reader, &mut line).unwrap();
        match line.as_str() {
            "DATA\r\n" => stream.write_all(b"354 go\r\n").unwrap(),
            ".\r\n" => break,
            line if line.len() < 70
                && line.starts_with(char::is_uppercase)
                && !line.starts_with("Subject") =>
            {
                stream.write_all(b"250 OK\r\n").unwrap();
            }
            _ => {}
        }
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak = peak.trim().trim_end_matches(" kB").parse().unwrap();
    stream.write_all(b"250 taken\r\n221 bye\r\n").unwrap();
    writer.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    peak
}
