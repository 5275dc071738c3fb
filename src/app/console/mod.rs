//! `ehlo console`: talk to a server by hand. input.rs says where lines come from, line.rs what they ask for;
//! talk.rs does it (with log_in.rs and content.rs), and screen.rs shows it.

mod complete;
mod content;
mod edit;
mod help;
mod input;
mod line;
mod log_in;
mod screen;
mod talk;
mod unseen;
mod watch;

use super::configuration;
use super::early_exit::Result;
use super::target::{self, Deviations, trust};
use crate::cli::ConsoleArgs;
use crate::client::open::Known;
use crate::client::{self, Conversation, LoginPolicy, Observer, Target};
use crate::net::{Endpoint, TlsMode, interrupt};
use crate::output::Output;
use crate::report::Complaint;
use crate::report::exit::ExitStatus;
use crate::report::transcript::{Detail, Transcript};
use edit::Editor;
use input::{Input, Piped};
use screen::{Painter, Shown, Style};
use std::io::{self, IsTerminal};
use talk::Talk;

/// Talks to the server, and returns the exit status.
pub fn run(args: &ConsoleArgs) -> ExitStatus {
    let output = Output::new(false, false, args.output.color);
    start(args, &output).unwrap_or_else(|exit| output.complain(&exit.report()))
}

fn start(args: &ConsoleArgs, output: &Output) -> Result<ExitStatus> {
    let (target, login) = resolve(args, output)?;
    trust::warn_of_insecure(&target.tls, output);
    let shown = Shown::default();
    let input = if !args.output.send.is_empty() {
        Input::Given(args.output.send.clone().into())
    } else if io::stdin().is_terminal() && io::stdout().is_terminal() {
        Input::Typed(Box::new(Editor::new()?))
    } else {
        Input::Piped(Piped::new())
    };
    // A run that cannot be told of signals is still worth making.
    let _ = interrupt::install();
    let mut observers: Vec<Box<dyn Observer>> =
        vec![Box::new(Transcript::new(shown.record.clone(), Detail::Lines))];
    if args.output.verbose > 0 {
        observers.push(Box::new(Transcript::new(io::stderr(), Detail::of(args.output.verbose))));
    }
    observers.push(match &input {
        Input::Given(_) => {
            shown.switch.muted.set(true);
            painted(Style::Replies, &shown)
        }
        Input::Typed(_) => painted(Style::Screen { color: output.color }, &shown),
        Input::Piped(_) => Box::new(Transcript::new(shown.paper.clone(), Detail::Lines)),
    });
    let connection = match client::open::open(&target, Known::default(), &mut observers) {
        Ok(connection) => connection,
        Err(unready) => {
            let status = output.complain(&Complaint::of(&unready.error));
            if let Some(connection) = unready.connection {
                connection.finish(&mut observers);
            }
            return Ok(status);
        }
    };
    let stream = connection.stream();
    if let Some(fault) = stream.tls().and_then(|tls| trust::unverified(&target, tls, stream.peer())) {
        output.warn(&format!("the connection is encrypted, but {fault}"));
    }
    shown.switch.muted.set(false);
    Ok(Talk::new(args, &target, login, output, input, observers, shown).run(connection))
}

/// The server, and who logs in there by `auth`, if the flags say it.
fn resolve(args: &ConsoleArgs, output: &Output) -> Result<(Target, Option<LoginPolicy>)> {
    let in_force = configuration::in_force(&args.session, &[], output)?;
    let target = target::ready(in_force, &Deviations::default(), output)?;
    let login = target.login.clone();
    // In clear the log-in waits until TLS has begun by hand.
    let over_the_net = matches!(target.endpoint, Endpoint::Tcp { .. });
    let waits = target.tls.when == TlsMode::Off && over_the_net && !args.session.login.allow_cleartext_auth;
    let target = Target {
        login: login.clone().filter(|_| !waits),
        // One line, one reply; and what is typed is sent as it is.
        session: Conversation { pipelining: false, chunking: false, force_8bit: true, ..target.session },
        // Whoever was asked for a password has had time for it.
        patience: target::patience(&args.session.server),
        ..target
    };
    Ok((target, login))
}

fn painted(style: Style, shown: &Shown) -> Box<dyn Observer> {
    Box::new(Transcript::new(Painter::new(shown.paper.clone(), style, shown.switch.clone()), Detail::Lines))
}
