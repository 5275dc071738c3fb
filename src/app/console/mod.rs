//! `ehlo console`: talk to a server by hand. open.rs says to whom, input.rs where lines come from, line.rs what they
//! ask for, talk.rs does it; screen.rs shows it.

mod complete;
mod content;
mod edit;
mod explain;
mod input;
mod line;
mod open;
mod screen;
mod talk;
mod unseen;
mod watch;

use super::stop::Result;
use super::trust;
use crate::cli::ConsoleArgs;
use crate::client::open::Known;
use crate::client::{self, Observer, Tls};
use crate::net::interrupt;
use crate::output::Output;
use crate::report::Complaint;
use crate::report::exit::ExitStatus;
use crate::report::transcript::{Detail, Transcript};
use edit::Editor;
use input::{Input, Piped};
use screen::{Look, Painter, Shown};
use std::io::{self, IsTerminal};
use talk::Talk;

/// Does it all.
pub fn run(args: &ConsoleArgs) -> ExitStatus {
    let output = Output::new(false, false, args.output.color);
    start(args, &output).unwrap_or_else(|stop| complain(&stop.report(), &output))
}

fn start(args: &ConsoleArgs, output: &Output) -> Result<ExitStatus> {
    let plan = open::resolve(args, output)?;
    if args.tls.insecure && args.tls.pin.is_empty() && plan.settings.tls != Tls::Off {
        output.warn("the server's certificate is not verified (--insecure)");
    }
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
            painted(Look::Replies, &shown)
        }
        Input::Typed(_) => painted(Look::Screen { color: output.color }, &shown),
        Input::Piped(_) => Box::new(Transcript::new(shown.paper.clone(), Detail::Lines)),
    });
    let connection = match client::open::open(&plan.settings, Known::default(), &mut observers) {
        Ok(connection) => connection,
        Err(unready) => {
            let status = complain(&Complaint::of(&unready.error), output);
            if let Some(connection) = unready.connection {
                connection.finish(&mut observers);
            }
            return Ok(status);
        }
    };
    let stream = connection.stream();
    if let Some(fault) = stream.tls().and_then(|tls| trust::unverified(&plan.settings, tls, stream.peer())) {
        output.warn(&format!("the connection is encrypted, but {fault}"));
    }
    shown.switch.muted.set(false);
    Ok(Talk::new(args, &plan, output, input, observers, shown).run(connection))
}

fn painted(look: Look, shown: &Shown) -> Box<dyn Observer> {
    Box::new(Transcript::new(Painter::new(shown.paper.clone(), look, shown.switch.clone()), Detail::Lines))
}

/// One line of error, and its status.
fn complain(complaint: &Complaint, output: &Output) -> ExitStatus {
    output.say(&complaint.line());
    complaint.status
}
