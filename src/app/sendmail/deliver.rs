//! A message on standard input goes into the queue.

use super::super::early_exit::{EarlyExit, Result};
use super::super::queue;
use super::super::signing;
use super::at_once;
use super::desk::Desk;
use super::hand_over::hand_on;
use super::refused::not_taken;
use crate::cli::{Delivery, RunArgs, SendmailArgs};
use crate::mailer::handover::Handover;
use crate::mailer::intake::Refusal;
use crate::mailer::intake::lines::{LineRules, Lines};
use crate::message::source::Source;
use crate::net::{Deadline, interrupt, wait_readable};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::spool::Recipient;
use crate::words;
use ehlo_smtp::parameter::Parameter;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{self, Read};
use std::os::fd::AsFd;

/// Takes the message, and returns the exit status.
pub fn run(args: &SendmailArgs, output: &Output) -> Result<ExitStatus> {
    let mut desk = Desk::new(args.account.as_deref());
    desk.signing = args.signing.clone();
    // What is wrong with the flags is told before anything is read.
    signing::by_flags(&args.signing)?;
    let handover = asked_for(args, output);
    let queues = desk.sendmail.queue && !args.no_queue;
    let has_machine = queues && desk.has_machine();
    if queues && !has_machine {
        // Before a caller writes for hours: where there is no queue, it had better know now.
        desk.open().map_err(EarlyExit::of_queue)?;
    }
    let rules = LineRules { ignore_dots: args.ignore_dots, dot_unstuff: desk.sendmail.dot_unstuff };
    let read = Source::stream(Lines::new(Waited(io::stdin()), rules));
    if interrupt::caught().is_some() {
        return Err(EarlyExit::of(
            ExitStatus::TEMPORARY,
            "a signal came before the end of the message: nothing was queued",
        ));
    }
    let source = read.map_err(|error| {
        let what = words::intake::refusal(&Refusal::Read(error));
        EarlyExit::of(ExitStatus::TEMPORARY, format!("{what}; nothing was queued"))
    })?;
    if !queues {
        return at_once::send(&desk, source, &handover, output);
    }
    if has_machine {
        let is_for_machine = desk.is_for_machine(&handover, &source);
        if is_for_machine.map_err(|why| not_taken(&why, "nothing was queued"))? {
            signing::not_for_machine(&args.signing)?;
            return hand_on(&desk, source, handover, output).map(|_| ExitStatus::OK);
        }
        desk.open().map_err(EarlyExit::of_queue)?;
    }
    let taken = desk.take(source, &handover, output).map_err(|why| not_taken(&why, "nothing was queued"));
    let (_, chosen) = taken?;
    if let Some(obstacle) = desk.obstacle(chosen.as_ref()) {
        output.warn(&obstacle);
        return Ok(ExitStatus::OK);
    }
    match args.delivery {
        Delivery::Later => {}
        Delivery::Interactive if desk.sendmail.odi_waits => {
            // What comes of it is not the caller's: the message is queued.
            let quiet = Output { quiet: true, ..*output };
            let _ = queue::run::run(&RunArgs::default(), &quiet);
        }
        Delivery::Background | Delivery::Interactive => desk.wake(),
    }
    Ok(ExitStatus::OK)
}

/// What is asked for. A wish about notices that cannot be understood is no reason to lose a message.
fn asked_for(args: &SendmailArgs, output: &Output) -> Handover {
    let read = |option: &str, text: &Option<String>, how: fn(&str) -> Option<Parameter>| {
        let text = text.as_deref()?;
        let read = how(text);
        if read.is_none() {
            output.warn(&format!("{option} '{}' cannot be used, and is passed over", printable(text)));
        }
        read
    };
    let rcpt = read("-N", &args.notify, notify);
    let mail = [read("-R", &args.ret, ret), read("-V", &args.envid, Parameter::envid)];
    Handover {
        from_header: args.from_header,
        recipients: args.recipients.iter().map(|address| named(address)).collect(),
        sender: args.sender.clone(),
        sender_from_header: args.sender_from_header,
        full_name: args.full_name.clone(),
        mail: mail.into_iter().flatten().collect(),
        rcpt: rcpt.into_iter().collect(),
        ..Handover::default()
    }
}

/// Somebody who was named.
fn named(address: &str) -> Recipient {
    Recipient { address: address.to_owned(), parameters: Vec::new() }
}

/// RET as it is written behind `-R` (RFC 3461, section 4.3).
fn ret(text: &str) -> Option<Parameter> {
    match text.to_lowercase().as_str() {
        "full" => Some(Parameter::ret(true)),
        "hdrs" => Some(Parameter::ret(false)),
        _ => None,
    }
}

/// NOTIFY as it is written behind `-N` (RFC 3461, section 4.1).
fn notify(text: &str) -> Option<Parameter> {
    let words: Vec<String> = text.split(',').map(|word| word.trim().to_uppercase()).collect();
    let is_known = |word: &String| matches!(word.as_str(), "SUCCESS" | "FAILURE" | "DELAY");
    let fits = words == ["NEVER"] || words.iter().all(is_known);
    Parameter::parse(&format!("NOTIFY={}", words.join(","))).ok().filter(|_| fits)
}

/// Standard input, of which a signal ends the waiting: one that comes before the end of the message means that it is
/// not to be sent. Where there is nothing to wait for, the signal is as good as one that came later.
struct Waited(io::Stdin);

impl Read for Waited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !is_ready(&self.0) {
            // It is caught once; more of it does nothing.
            let _ = interrupt::install();
            wait_readable(&self.0.as_fd(), Deadline::never())
                .map_err(|error| io::Error::other(error.to_string()))?;
        }
        rustix::io::read(&self.0, buffer).map_err(io::Error::from)
    }
}

/// Whether there is something to read, or the end.
fn is_ready(input: &impl AsFd) -> bool {
    let mut fds = [PollFd::new(input, PollFlags::IN)];
    poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 })).is_ok_and(|ready| ready > 0)
}
