//! Sends a mail over a plain `TcpStream`, and says what became of each recipient:
//!
//! ```text
//! cargo run -p ehlo-smtp --example blocking -- localhost:25 smith@alpha.example jones@beta.example <message
//! ```
//!
//! In clear and without a log-in: for a server on this machine. What TLS and log-ins need besides is in the arms at the
//! end of the match.

// The example's own sockets and words; the crate has neither.
#![allow(clippy::disallowed_types, clippy::disallowed_macros)]

use ehlo_smtp::command::EhloName;
use ehlo_smtp::content::{Facts, Framer};
use ehlo_smtp::envelope::Envelope;
use ehlo_smtp::path::Mailbox;
use ehlo_smtp::session::{Job, Session, Settings, StartTls, Step};
use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("blocking: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(server), Some(sender)) = (arguments.next(), arguments.next()) else {
        return Err("usage: blocking SERVER:PORT SENDER RECIPIENT... <MESSAGE".into());
    };
    let recipients = arguments.map(|text| Mailbox::parse(&text)).collect::<Result<Vec<_>, _>>()?;
    let mut message = Vec::new();
    std::io::stdin().read_to_end(&mut message)?;

    let mut stream = TcpStream::connect(server)?;
    let settings = Settings {
        start_tls: StartTls::Never,
        ..Settings::new(EhloName::literal(stream.local_addr()?.ip()))
    };
    let mut session = Session::new(settings);
    let envelope = Envelope::new(Mailbox::parse(&sender)?, recipients.clone());
    let job = Job { envelope, facts: facts(&message), all_or_none: false, last: true };

    // The session is done when the job has been taken and nothing is left to do. What it knows of the recipients
    // stands also where it ends in a failure.
    let ended = drive(&mut session, &mut stream, job, &message);
    for (index, recipient) in recipients.iter().enumerate() {
        let fate = session.transaction().fate(index);
        let reply = fate.reply.map_or(String::new(), |reply| format!(": {} {}", reply.code(), text(reply)));
        println!("{recipient} {}{reply}", fate.status.name());
    }
    ended
}

/// Does what the session asks for. What is to be written is gathered until it wants to read, so that a group of
/// commands is one write.
fn drive(
    session: &mut Session,
    stream: &mut TcpStream,
    job: Job,
    message: &[u8],
) -> Result<(), Box<dyn Error>> {
    let (mut waiting, mut out, mut room) = (Some(job), Vec::new(), [0; 4096]);
    loop {
        match session.advance()? {
            Step::Send(line) => out.extend_from_slice(line.octets()),
            Step::SendContent => {
                let mut framer =
                    if session.is_chunked() { Framer::without_dots() } else { Framer::default() };
                framer.push(message, &mut out);
                framer.finish(&mut out);
                session.content_sent();
                stream.write_all(&out)?;
                out.clear();
                // From here on the server may have it: without a reply its fate is unknown.
                session.content_written();
            }
            Step::Receive => {
                stream.write_all(&out)?;
                out.clear();
                match stream.read(&mut room)? {
                    0 => session.hung_up(),
                    octets => session.receive(&room[..octets]),
                }
            }
            Step::Ready => match waiting.take() {
                Some(job) => session.deliver(job)?,
                None => return Ok(()),
            },
            Step::Closed => return Ok(()),
            // For whoever looks on.
            Step::Received(_) => {}
            // Not without TLS, and not without a log-in.
            Step::StartTls | Step::Working | Step::RenewToken => return Err("not asked for".into()),
        }
    }
}

/// What the session must know of the message ahead: its size with CRLF line ends, and whether it holds 8-bit octets.
fn facts(message: &[u8]) -> Facts {
    let mut framed = Vec::new();
    let mut framer = Framer::without_dots();
    framer.push(message, &mut framed);
    framer.finish(&mut framed);
    Facts { octets: framed.len() as u64, eight_bit: !message.is_ascii(), utf8_headers: false }
}

/// The lines of a reply on one, with what would move a terminal's cursor left out.
fn text(reply: &ehlo_smtp::reply::Reply) -> String {
    reply.joined().chars().filter(|c| !c.is_control()).collect()
}
