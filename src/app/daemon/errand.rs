//! An errand: 'ehlo queue' as a user typed it, done about the daemon's queue.
//!
//! The user's program sends the words of its command line and its own standard input, output and error. So it looks,
//! asks and can be cut off as if it were done by the user's program itself; the answer here is the exit status.
//! What may be asked for is decided by the words' own program: here it is who asks.

use super::super::peer::Peer;
use super::super::queue::machine::MAILQ;
use super::children;
use super::shared::Shared;
use crate::cli::QueueAction;
use crate::net::local::Connection;
use crate::net::{Deadline, interrupt};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::Write;
use std::os::fd::AsFd;
use std::time::Duration;

/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a child is looked at where the system cannot say that it has ended.
const GLANCE: Duration = Duration::from_millis(50);
/// What a user may say of the terminal and the language; the words of the command line follow.
const SETTINGS: [&str; 5] = ["TERM", "NO_COLOR", "LANG", "LC_ALL", "TZ"];

/// Words that change nothing.
const LOOKS: [&str; 5] = ["list", "show", "check", "metrics", MAILQ];

/// Does one errand.
pub fn serve(shared: &Shared, mut connection: Connection, is_for_all: bool) {
    let Ok(uid) = Peer::number(&connection) else { return };
    let Some(_connected) = shared.people.connect(uid) else {
        answer(&mut connection, 75, "too many connections of this user");
        return;
    };
    let Ok((words, descriptors)) = connection.requested(Deadline::after(PATIENCE)) else { return };
    let is_setting = |word: &&String| word.split_once('=').is_some_and(|(name, _)| SETTINGS.contains(&name));
    let mut settings: Vec<(&str, &str)> =
        words.iter().take_while(is_setting).filter_map(|word| word.split_once('=')).collect();
    let count = settings.len();
    // TZ may name a file.
    settings.retain(|(_, value)| !value.starts_with(['/', ':']) && !value.contains(".."));
    let words: Vec<String> = words.iter().skip(count).cloned().collect();
    if words.first().is_none_or(|action| action == QueueAction::Daemon.name()) {
        answer(&mut connection, 64, "there is nothing to do");
        return;
    }
    let child = children::errand(&shared.folder, uid, is_for_all, &words, &settings, descriptors);
    let Ok(mut child) = child else {
        answer(&mut connection, 75, "its daemon cannot start a process now");
        return;
    };
    let status = loop {
        if let Some(status) = child.ended() {
            break status;
        }
        let end = child.end();
        let mut fds = vec![PollFd::from_borrowed_fd(connection.as_fd(), PollFlags::empty())];
        fds.extend(end.as_ref().map(|end| PollFd::new(end, PollFlags::IN)));
        fds.extend(interrupt::bell().map(|bell| PollFd::from_borrowed_fd(bell, PollFlags::IN)));
        let wait = Timespec { tv_sec: 60, tv_nsec: 0 };
        let short = Timespec { tv_sec: 0, tv_nsec: GLANCE.subsec_nanos().into() };
        let polled = poll(&mut fds, Some(if end.is_some() { &wait } else { &short }));
        let is_gone = fds.first().is_some_and(|fd| fd.revents().intersects(PollFlags::HUP | PollFlags::ERR));
        // Whoever asked has gone: nobody reads what it says.
        if polled.is_ok() && is_gone || interrupt::caught().is_some() {
            child.kill();
            break 75;
        }
    };
    let looks = |word: &String| LOOKS.contains(&word.as_str());
    if !words.first().is_some_and(looks) {
        // Something may have been made due.
        shared.bell.ring();
    }
    answer(&mut connection, status, "");
}

/// The exit status, and why it is that one where nothing else says so, as a line.
fn answer(connection: &mut Connection, status: u8, why: &str) {
    // A line finds room in any socket.
    let _ = connection.write_all(format!("{status} {why}\n").as_bytes());
}
