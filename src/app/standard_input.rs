//! Standard input: who reads it, and what is said while nothing comes.
//!
//! It is the text where no other text is named. Beside attachments that is so unless it is a terminal: nobody
//! waits there. Beside HTML it is the plain alternative only where somebody put it there, through a pipe or
//! from a file: /dev/null, which is what a daemon's children get, and whatever else is open there by chance
//! is no text.
#![allow(clippy::disallowed_types, reason = "what stands behind standard input is looked at, not read")]

use std::fs::File;
use std::io::{self, IsTerminal, Seek};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::early_exit::{EarlyExit, Result};
use crate::cli::{RecipientArg, SendArgs};
use crate::output::Output;

/// What standard input is read for.
#[derive(Debug, Clone, Copy)]
pub enum Awaited {
    /// The text of a message that is composed.
    Text,
    /// A whole message.
    Message,
    /// The HTML.
    Html,
    /// A file that goes along.
    Attachment,
    /// A list of recipients, or of addresses.
    Addresses,
    /// Replies that are to be explained.
    Replies,
    /// A private key.
    Key,
}

impl Awaited {
    fn name(self) -> &'static str {
        match self {
            Awaited::Text | Awaited::Message => "the message",
            Awaited::Html => "the HTML",
            Awaited::Attachment => "the attachment",
            Awaited::Addresses => "the addresses",
            Awaited::Replies => "replies or lines of a log",
            Awaited::Key => "the key",
        }
    }
}

/// So long nothing is said, in seconds.
const PATIENCE: i64 = 2;

/// Whether this path means standard input.
pub fn is_named(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Whether standard input is the text, because no other text is named.
pub fn is_text(args: &SendArgs) -> bool {
    let message = &args.message;
    if args.as_is.message.is_some() || message.test || message.body.is_some() || message.body_file.is_some() {
        return false;
    }
    if message.html.is_some() {
        return named(args) == 0 && was_put_there();
    }
    message.attachments.in_order().is_empty() || (named(args) == 0 && !io::stdin().is_terminal())
}

/// Standard input can be read only once: no more than one flag may want it.
pub fn check(args: &SendArgs) -> Result<()> {
    // Where a flag names it, attachments and HTML leave it alone: what is behind it need not be looked at.
    let count = named(args);
    if count > 1 || (count == 1 && is_text(args)) {
        return Err(EarlyExit::usage(
            "standard input can be read only once, but more than one flag needs it",
        ));
    }
    Ok(())
}

/// How many flags name it.
fn named(args: &SendArgs) -> usize {
    let attached = args.message.attachments.in_order().iter().map(|attachment| attachment.file.as_path());
    let lists = args.who.recipients.in_order().iter().filter_map(|recipient| match recipient {
        RecipientArg::File(path) => Some(path.as_path()),
        _ => None,
    });
    let one =
        [&args.message.body_file, &args.message.html, &args.as_is.message, &args.session.login.password_file];
    let named = one.into_iter().flatten().map(PathBuf::as_path).chain(attached).chain(lists);
    named.filter(|path| is_named(path)).count()
}

fn file() -> io::Result<File> {
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

/// A pipe, or a file that has something left.
fn was_put_there() -> bool {
    let look = || {
        let mut stdin = file()?;
        let metadata = stdin.metadata()?;
        let kind = metadata.file_type();
        Ok::<_, io::Error>(kind.is_fifo() || (kind.is_file() && stdin.stream_position()? < metadata.len()))
    };
    look().unwrap_or(false)
}

/// A pipe or a file, be it empty: something that somebody chose, unlike /dev/null.
pub fn is_pipe_or_file() -> bool {
    let metadata = file().and_then(|stdin| stdin.metadata());
    metadata.is_ok_and(|metadata| metadata.is_file() || metadata.file_type().is_fifo())
}

/// It is about to be read: a person at a terminal should know, and whoever started a program that does not
/// write.
pub fn say_what_is_awaited(awaited: Awaited, output: &Output) {
    let (stdin, name) = (io::stdin(), awaited.name());
    if stdin.is_terminal() {
        output.say(&format!("type {name}, end with Ctrl-D"));
    } else if !output.quiet {
        let patience = Timespec { tv_sec: PATIENCE, tv_nsec: 0 };
        if poll(&mut [PollFd::new(&stdin, PollFlags::IN)], Some(&patience)) == Ok(0) {
            let none = match awaited {
                Awaited::Text => ", or give none with </dev/null",
                Awaited::Message
                | Awaited::Html
                | Awaited::Attachment
                | Awaited::Addresses
                | Awaited::Replies
                | Awaited::Key => "",
            };
            output.say(&format!("still waiting for {name} on standard input; end it with Ctrl-D{none}"));
        }
    }
}
