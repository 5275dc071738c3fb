//! An errand: 'ehlo queue' as a user typed it, done about the daemon's queue.
//!
//! The user's program sends the words of its command line, and its own standard input, output and error. A child gets
//! them: it prints and asks as the user's program would, and is killed when that has gone. The answer here is the exit
//! status. What the words mean is for the child; who sent them is looked at here.

use super::super::peer::Peer;
use super::super::queue::machine::{MAILQ, SETTINGS};
use super::children;
use super::shared::Shared;
use crate::cli::QueueAction;
use crate::net::local::Connection;
use crate::net::{Deadline, interrupt};
use crate::report::exit::ExitStatus;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::Write;
use std::os::fd::AsFd;
use std::time::Duration;

/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a child is looked at where the system cannot say that it has ended.
const GLANCE: Duration = Duration::from_millis(50);
/// Words that change nothing.
const LOOKS: [&str; 5] = ["list", "show", "check", "metrics", MAILQ];

/// Does one errand.
pub fn serve(shared: &Shared, mut connection: Connection, is_for_all: bool) {
    let Ok(uid) = Peer::number(&connection) else { return };
    let Some(_connected) = shared.people.connect(uid) else {
        answer(&mut connection, ExitStatus::TEMPORARY, "too many connections of this user");
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
        answer(&mut connection, ExitStatus::USAGE, "there is nothing to do");
        return;
    }
    let child = children::errand(&shared.folder, uid, is_for_all, &words, &settings, descriptors);
    let Ok(mut child) = child else {
        answer(&mut connection, ExitStatus::TEMPORARY, "its daemon cannot start a process now");
        return;
    };
    let status = loop {
        match child.ended() {
            Ok(None) => {}
            Ok(Some(ended)) => {
                let status = ended.code().and_then(|code| u8::try_from(code).ok());
                break status.map_or(ExitStatus::TEMPORARY, ExitStatus);
            }
            Err(_) => break ExitStatus::TEMPORARY,
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
            break ExitStatus::TEMPORARY;
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
fn answer(connection: &mut Connection, status: ExitStatus, why: &str) {
    // A line finds room in any socket.
    let _ = connection.write_all(format!("{} {why}\n", status.0).as_bytes());
}
