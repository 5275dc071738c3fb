//! The queue of this machine, which a daemon keeps: a command about it is sent there as it was typed, with our own
//! standard input, output and error, and the exit status comes back.

use super::super::early_exit::{EarlyExit, Result};
use super::{ids, place};
use crate::cli::{QueueAction, QueueArgs};
use crate::net::Deadline;
use crate::net::error::plain;
use crate::net::local::Connection;
use crate::net::wait_readable;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::spool::{Limits, Spool};
use std::io::{self, ErrorKind, Read};
use std::os::fd::AsFd;
use std::time::Duration;

/// How long the daemon may take to listen.
const PATIENCE: Duration = Duration::from_secs(10);
/// What the daemon is told of the terminal and the language, in front of the words of the command line.
pub const SETTINGS: [&str; 5] = ["TERM", "NO_COLOR", "LANG", "LC_ALL", "TZ"];

/// The word for the list in the form of Postfix, which is no action of 'ehlo queue'.
pub const MAILQ: &str = "mailq";

/// Which queues a command is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The user's own, or the one that the environment names.
    Own,
    /// The machine's.
    Machines,
    /// Both, one after the other.
    Both,
}

/// Whether this machine has a queue, as far as its sockets tell.
#[must_use]
pub fn is_there() -> bool {
    !place::is_machines() && ["queue", "admin"].iter().any(|name| place::socket(name).exists())
}

/// Whether this user has a queue. One that cannot be used is there.
fn has_own() -> bool {
    !matches!(place::existing(Limits::default()), Ok(None))
}

/// Which queues this command is about.
pub fn which(args: &QueueArgs) -> Result<Which> {
    // What the daemon has started is about the queue that it was started for, whatever was typed.
    if place::is_machines() || args.own || (!args.system && !is_there()) {
        return Ok(Which::Own);
    }
    if args.system || !has_own() {
        return Ok(Which::Machines);
    }
    let changes = !matches!(args.action, QueueAction::List | QueueAction::Check | QueueAction::Run);
    match args.action {
        _ if !args.ids.is_empty() => Ok(if is_own(args) { Which::Own } else { Which::Machines }),
        // Numbers of two queues are no numbers; monitoring is about the machine.
        QueueAction::Metrics => Ok(Which::Machines),
        _ if changes => {
            let text = "there are two queues, your own and that of this machine: add --own or --system";
            Err(EarlyExit::usage(text))
        }
        _ => Ok(Which::Both),
    }
}

/// Whether a message that is named is in the user's own queue.
fn is_own(args: &QueueArgs) -> bool {
    let ids = place::existing(Limits::default()).ok().flatten().and_then(|spool| spool.ids().ok());
    let ids = ids.unwrap_or_default();
    args.ids.iter().any(|name| ids::begun(&ids, name).next().is_some())
}

/// Sends the command line to the daemon, as it was typed but for which queue is meant.
pub fn as_typed() -> Result<ExitStatus> {
    let typed = std::env::args().skip_while(|word| word != "queue").skip(1);
    errand(typed.filter(|word| word != "--system").collect())
}

/// Does an errand.
pub fn errand(words: Vec<String>) -> Result<ExitStatus> {
    let failed =
        |what: &str| EarlyExit::of(ExitStatus::TEMPORARY, format!("the queue of this machine: {what}"));
    let mut connection = connect().map_err(|error| failed(&plain(&error)))?;
    let settings = SETTINGS.iter().filter_map(|name| Some(format!("{name}={}", std::env::var(name).ok()?)));
    let words: Vec<String> = settings.chain(words).collect();
    // Where one of them is closed, the program's start has put something else there.
    let (input, out, error) = (io::stdin(), io::stdout(), io::stderr());
    let descriptors = [input.as_fd(), out.as_fd(), error.as_fd()];
    connection
        .request(&words, &descriptors, Deadline::after(PATIENCE))
        .map_err(|error| failed(&format!("the command cannot be sent: {error}")))?;
    let mut answer = [0; 256];
    let mut have = 0;
    while !answer.contains(&b'\n') {
        wait_readable(&connection, Deadline::never()).map_err(|error| failed(&error.to_string()))?;
        match connection.read(answer.get_mut(have..).unwrap_or_default()) {
            Ok(0) => return Err(failed("its daemon has ended; what was done, 'ehlo queue list' shows")),
            Ok(count) => have += count,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(error) => return Err(failed(&plain(&error))),
        }
    }
    let line = String::from_utf8_lossy(&answer);
    let (status, why) = line.split('\n').next().and_then(|line| line.split_once(' ')).unwrap_or_default();
    match status.parse().map(ExitStatus) {
        Ok(_) if !why.is_empty() => Err(failed(&printable(why))),
        Ok(status) => Ok(status),
        Err(_) => Err(failed("its daemon answers something else than a status")),
    }
}

/// By the socket for all messages, where that is allowed; else by the one for the user's own.
fn connect() -> io::Result<Connection> {
    if place::is_machines() {
        return Err(ErrorKind::PermissionDenied.into());
    }
    match Connection::to(&place::socket("admin")) {
        Ok(connection) => Ok(connection),
        Err(_) => Connection::to(&place::socket("queue")),
    }
}
