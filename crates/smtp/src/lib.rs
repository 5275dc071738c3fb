//! SMTP (RFC 5321) and LMTP (RFC 2033), the client's side, as a state machine without input and output: it
//! opens nothing, reads no clock and prints nothing. Whoever has a connection drives it.
//!
//! What it brings: PIPELINING and CHUNKING with the fewest round trips, AUTH with any mechanism, DSN,
//! SMTPUTF8, PRDR, LIMITS, XCLIENT; and a fate for each recipient, also when the connection breaks: accepted,
//! refused, deferred, or *unknown*, where the message was sent and its reply never came.
//!
//! A whole session, over two byte buffers. What the server says is in `server`, what it is told ends in
//! `wire`:
//!
//! ```
//! use ehlo_smtp::command::EhloName;
//! use ehlo_smtp::content::{Facts, Framer};
//! use ehlo_smtp::envelope::Envelope;
//! use ehlo_smtp::path::Mailbox;
//! use ehlo_smtp::session::{Job, Session, Settings, Step};
//! use ehlo_smtp::transaction::Status;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut server = &b"220 beta.example ready\r\n\
//!     250-beta.example\r\n250 PIPELINING\r\n\
//!     250 sender ok\r\n250 recipient ok\r\n550 no such user\r\n354 go on\r\n\
//!     250 taken\r\n221 bye\r\n"[..];
//! let mut wire = Vec::new();
//!
//! let envelope = Envelope::new(
//!     Mailbox::parse("smith@alpha.example")?,
//!     [Mailbox::parse("jones@beta.example")?, Mailbox::parse("green@beta.example")?],
//! );
//! let message = b"Subject: hello\r\n\r\n.hello\r\n";
//! let facts = Facts { octets: message.len() as u64, ..Facts::default() };
//! let mut waiting = Some(Job { envelope, facts, all_or_none: false, last: true });
//!
//! let mut session = Session::new(Settings::new(EhloName::parse("alpha.example")?));
//! loop {
//!     match session.advance()? {
//!         Step::Send(line) => wire.extend_from_slice(line.octets()),
//!         Step::SendContent => {
//!             let mut framer = Framer::default();
//!             framer.push(message, &mut wire);
//!             framer.finish(&mut wire);
//!             session.content_sent();
//!             session.content_written();
//!         }
//!         Step::Receive => {
//!             // A connection would be read here.
//!             let end = server.iter().position(|octet| *octet == b'\n').map_or(0, |at| at + 1);
//!             let (line, rest) = server.split_at(end);
//!             server = rest;
//!             session.receive(line);
//!         }
//!         Step::Ready => match waiting.take() {
//!             Some(job) => session.deliver(job)?,
//!             None => break,
//!         },
//!         Step::Closed => break,
//!         // For whoever looks on: Step::Received. The others come with TLS and with a log-in.
//!         _ => {}
//!     }
//! }
//!
//! assert_eq!(session.transaction().fate(0).status, Status::Accepted);
//! assert_eq!(session.transaction().fate(1).status, Status::Refused);
//! assert!(wire.ends_with(b"Subject: hello\r\n\r\n..hello\r\n.\r\nQUIT\r\n"));
//! # Ok(())
//! # }
//! ```
//!
//! `examples/blocking.rs` does the same over a `TcpStream`.
//!
//! # The parts
//!
//! [`session`] is the heart: what is said when, and what each reply means. Around it stand the values it
//! works with: [`command`], [`verb`], [`reply`], [`path`], [`parameter`], [`extension`], [`envelope`], [`content`],
//! [`inquiry`], and [`transaction`], what became of each recipient. [`rounds`] says who is asked when, over
//! how many transactions and connections. [`auth`] is what a SASL mechanism must be able to do; there is none
//! in this crate. [`dialogue`] reads and writes conversations as text. `serve`, behind the feature of that
//! name, is a server for tests, and for mail that programs hand over.

pub mod auth;
pub mod awaiting;
pub mod command;
pub mod content;
pub mod dialogue;
pub mod envelope;
pub mod expect;
pub mod extension;
pub mod failure;
pub mod inquiry;
pub mod order;
pub mod parameter;
pub mod path;
pub mod reply;
pub mod rounds;
mod rows;
#[cfg(feature = "serve")]
pub mod serve;
pub mod session;
pub mod status;
pub mod transaction;
pub mod verb;
pub mod violation;
pub mod xclient;
