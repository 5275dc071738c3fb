//! `ehlo queue daemon`: the queue of a machine. Programs hand their mail over through a socket, and a user decides
//! about messages of theirs through another.
//!
//! ```text
//!   submit.sock  SMTP with XEHLO (mailer::serve)        everybody            -> session.rs
//!   queue.sock   'ehlo queue' about one's own messages  everybody            -> errand.rs
//!   admin.sock   'ehlo queue' about all                 group ehlo-admin     -> errand.rs
//! ```
//!
//! The kernel says who is at the other end. Nobody but the daemon's own user can reach the queue's files, so there is no
//! program with a set-id bit, and it works under NoNewPrivileges. The daemon itself takes messages and nothing else:
//! to send them it starts `ehlo queue run`, and for an errand `ehlo queue ...`, both as its own user (children.rs).
//! So what is wrong with one message, account or request does not end it. Each of them reads the configuration anew.
#![allow(clippy::disallowed_types, reason = "the daemon has a clock")]

mod children;
mod confine;
mod errand;
mod notify;
mod people;
mod runner;
mod session;
mod shared;
mod sockets;
#[cfg(feature = "postgres")]
mod worker;

use super::caller;
use super::early_exit::{EarlyExit, Result};
use super::queue::{place, settings};
use crate::cli::{QueueArgs, When};
use crate::net::error::plain;
use crate::net::{bell, interrupt};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::spool::Spool;
use notify::Notify;
use people::People;
use runner::{GLANCE, Runner};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use shared::Shared;
use sockets::{Purpose, Sockets};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// How often the queue is looked at, whatever happens: a wake-up that is lost costs no more.
const SCAN: Duration = Duration::from_secs(60);
/// How long sessions, errands and the runner have to end.
const GRACE: Duration = Duration::from_secs(20);

/// Runs it until a signal ends it.
pub fn run(args: &QueueArgs) -> ExitStatus {
    let output = &Output::new(false, false, When::Auto);
    let served = match args.database {
        Some(_) => work(args, output),
        None => serve(args, output),
    };
    served.unwrap_or_else(|exit| output.complain(&exit.report()))
}

/// Works on a database.
#[cfg(feature = "postgres")]
fn work(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    worker::run(args, output)
}

#[cfg(not(feature = "postgres"))]
fn work(_: &QueueArgs, _: &Output) -> Result<ExitStatus> {
    Err(EarlyExit::usage(super::queue::MISSING))
}

fn serve(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    let temporary = |what: &str| {
        let what = what.to_owned();
        move |error: std::io::Error| {
            EarlyExit::of(ExitStatus::TEMPORARY, format!("{what}: {}", plain(&error)))
        }
    };
    if place::is_machines() {
        return Err(EarlyExit::usage("a daemon starts no other daemon"));
    }
    let folder = args.directory.clone().unwrap_or_else(|| PathBuf::from(place::MACHINES));
    let mut hangup = interrupt::install_for_service().map_err(temporary("cannot catch signals"))?;
    let sockets = Sockets::open(args.sockets.as_deref().unwrap_or(Path::new(place::SOCKETS)))?;
    let (configuration, broken) = caller::configuration();
    let limits = settings::of_queue(&configuration).unwrap_or_default().limits;
    let spool = place::open_at(&folder, limits)?;
    if let Some(broken) = broken {
        output.warn(&format!("{broken}: messages wait until that is mended"));
    }
    let people = People::new(descriptors());
    people.count(&spool).map_err(|error| place::unusable(&error))?;
    // Before the first thread: later ones, and all children, are confined with it.
    if let Err(why) = confine::writing(&folder, &sockets, &configuration) {
        output.warn(&format!("writing is not confined: {why}"));
    }
    let (bell, mut rung) = bell::bell().map_err(temporary("cannot make a socket"))?;
    let shared = Arc::new(Shared { folder: folder.clone(), people, bell });
    let mut runner = Runner::new(&folder);
    let mut notify = Notify::of_environment();
    notify.say("READY=1\nSTATUS=takes messages");
    output.say(&format!("the queue is {}; programs hand over at {}", folder.display(), sockets.describe()));
    let mut scan = Instant::now();
    while interrupt::caught().is_none() {
        notify.alive();
        if hangup.was_rung() {
            notify.say("RELOADING=1");
            // What the configuration says is read with each message and each run: this tries what it says now.
            runner.hurry();
            notify.say("READY=1");
        }
        let is_time = scan <= Instant::now();
        if is_time {
            scan = Instant::now() + SCAN;
        }
        // Whoever rings knows of a message; to list a long queue for each would take time.
        if rung.was_rung() || (is_time && spool.ids().map_or(true, |ids| !ids.is_empty())) {
            runner.wake();
        }
        runner.look();
        for (purpose, connection) in sockets.accept(output) {
            let shared = Arc::clone(&shared);
            let work = move || match purpose {
                Purpose::Submit => session::serve(&shared, connection),
                Purpose::Own => errand::serve(&shared, connection, false),
                Purpose::All => errand::serve(&shared, connection, true),
            };
            // Without a thread the client is let go, and comes again.
            if thread::Builder::new().name("client".to_owned()).spawn(work).is_err() {
                output.warn("there is no thread for a client");
            }
        }
        let patience =
            [Some(scan.saturating_duration_since(Instant::now())), notify.interval(), runner.patience()]
                .into_iter()
                .flatten()
                .min()
                .unwrap_or(SCAN);
        let mut fds: Vec<PollFd<'_>> =
            sockets.all().map(|socket| PollFd::from_borrowed_fd(socket, PollFlags::IN)).collect();
        fds.push(PollFd::from_borrowed_fd(rung.as_fd(), PollFlags::IN));
        fds.push(PollFd::from_borrowed_fd(hangup.as_fd(), PollFlags::IN));
        fds.extend(interrupt::bell().map(|bell| PollFd::from_borrowed_fd(bell, PollFlags::IN)));
        let patience =
            Timespec { tv_sec: patience.as_secs().cast_signed(), tv_nsec: patience.subsec_nanos().into() };
        // A signal that ends the wait is looked at above; what else goes wrong must not make this spin.
        if poll(&mut fds, Some(&patience)).is_err_and(|error| error != rustix::io::Errno::INTR) {
            thread::sleep(GLANCE);
        }
    }
    notify.say("STOPPING=1\nSTATUS=lets the last clients finish");
    drop(sockets);
    let end = Instant::now() + GRACE;
    runner.stop();
    while Instant::now() < end && (shared.people.connected() > 0 || !runner.has_ended()) {
        notify.alive();
        thread::sleep(GLANCE / 10);
    }
    Ok(ExitStatus::OK)
}

/// How many descriptors this process may have: as many as it is allowed to ask for.
fn descriptors() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    // Without one, as many as anybody needs.
    let most = limit.maximum.unwrap_or(1 << 16).min(1 << 16);
    if limit.current.is_some_and(|current| current < most) {
        let raised = Rlimit { current: Some(most), maximum: limit.maximum };
        let _ = setrlimit(Resource::Nofile, raised);
    }
    getrlimit(Resource::Nofile).current.unwrap_or(most)
}
