//! The program from outside: what a user types, and what comes of it. Standard output, standard error and the exit
//! status are compared exactly, every time, and so is what the server hears. One module for each feature.

#![allow(clippy::disallowed_types)] // Sockets, clocks and files: this is the outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // A fault here is a failed test.

mod check_hosts;
mod check_message;
mod check_zone;
mod harness;
mod here;
mod resolver;
mod server;
mod terminal;

mod account;
mod account_secrets;
mod as_is;
mod at_once;
mod callers;
mod check;
mod commands;
mod completions;
mod composed;
mod connection;
#[cfg(feature = "console")]
mod console;
mod daemon;
mod delivery;
mod demo;
mod dkim_command;
mod every_domain;
mod explain;
mod extensions;
mod faults;
mod given;
mod growing;
mod habits;
mod handed;
mod help;
mod imported;
mod in_turn;
mod json;
mod leaks;
mod log;
mod login;
mod message;
mod misconfigured;
mod misplaced;
mod mx;
mod named;
mod oauth;
mod outcomes;
mod output;
mod printable;
mod probe;
mod provider;
mod queue;
mod queued;
#[cfg(feature = "console")]
mod reached;
mod screens;
mod secrets;
mod send_queue;
mod sendmail;
mod sendmail_bs;
mod sendmail_mended;
mod signing;
mod sink;
mod standard_input;
mod stop;
mod test_message;
mod timeouts;
mod tls;
mod tlsrpt;
mod usage;
mod values;
mod verify;
mod ways;
mod words;

use harness::{Ehlo, send};

/// The beginning of most dialogues, to EHLO and its reply.
const HELLO: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250 beta\n";
/// The same, with everything in groups.
const HELLO_PIPELINING: &str = "S: 220 beta\nC: EHLO alpha.arpa\nS: 250-beta\nS: 250 PIPELINING\n";
const MAIL: &str = "C: MAIL FROM:<Smith@Alpha.ARPA>\nS: 250 OK\n";
const RCPT: &str = "C: RCPT TO:<Jones@Beta.ARPA>\nS: 250 OK\n";
const GREEN: &str = "C: RCPT TO:<Green@Beta.ARPA>\nS: 550 No such user here\n";
const BROWN: &str = "C: RCPT TO:<Brown@Beta.ARPA>\nS: 250 OK\n";
const DATA: &str = "C: DATA\nS: 354 go on\n! any-content\n";
const TAKEN: &str = "C: DATA\nS: 354 go on\n! any-content\nS: 250 OK\n";
/// What a transcript shows of the message of [`to_jones`].
const HEAD: &str = "# > Date: Mon, 2 Nov 1981 14:37:00 +0000\n# > From: <Smith@Alpha.ARPA>\n# > To: <Jones@Beta.ARPA>\n# > Message-ID: <1@alpha.arpa>\n";
const QUIT: &str = "C: QUIT\nS: 221 bye\n";

/// What is said of a message that is sent as it is and has no header section.
const NO_HEADER: &str = "ehlo: warning: the message has no header section; all of it is sent as text: for a \
                         text, use --body-file instead of -m\n";

/// What a message to Jones is reported as when all is well.
const JONES_HAS_IT: &str = "250\tJones@Beta.ARPA\tOK\n250\tmessage\tOK\n";

/// `ehlo send`, a word from Smith to Jones.
fn to_jones(line: &str) -> Ehlo {
    send(&format!("-f Smith@Alpha.ARPA -t Jones@Beta.ARPA --body Blah {line}"))
}

/// To Jones and Green.
fn to_two(line: &str) -> Ehlo {
    to_jones(&format!("Green@Beta.ARPA {line}"))
}

/// The whole dialogue in which Jones gets it.
fn all_well() -> String {
    format!("{HELLO}{MAIL}{RCPT}{TAKEN}{QUIT}")
}
