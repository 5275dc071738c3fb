//! `ehlo queue list`: the messages that wait, and what is kept beside them.

use super::super::early_exit::Result;
use super::filter::Filter;
use super::paper::Paper;
use super::place;
use super::view::View;
use crate::cli::QueueArgs;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::queue;
use crate::report::text::printable;
use crate::spool::Spool;
use crate::words;
use std::ops::ControlFlow;
use std::path::Path;

/// Said of a queue without messages.
pub const EMPTY: &str = "the queue is empty";

/// One line, or JSON object, for each message; nothing is kept. Files of the queue are in this folder, if it has any.
pub fn list(
    spool: &dyn Spool,
    folder: Option<&Path>,
    args: &QueueArgs,
    output: &Output,
) -> Result<ExitStatus> {
    let (view, filter, columns) = (View::of(spool)?, Filter::of(args), output.columns());
    let wanted = match args.ids.as_slice() {
        [] => None,
        names => Some(super::ids::of(spool, names)?),
    };
    let mut paper = Paper::new(output);
    let mut count = 0_u64;
    let mut each = |id: &crate::spool::Id, listed| {
        if wanted.as_ref().is_some_and(|wanted| !wanted.contains(id)) {
            return ControlFlow::Continue(());
        }
        let lines = match listed {
            Ok(listed) => {
                let known = view.known(listed);
                let seen = view.seen(&known);
                if !filter.fits(&seen) {
                    return ControlFlow::Continue(());
                }
                count += 1;
                if output.json { queue::message(&seen, false) } else { queue::line(&seen, columns) }
            }
            Err(error) if output.json => queue::damaged(id, &error),
            Err(error) => {
                output.say(&words::queue::error(&error));
                count += 1;
                return ControlFlow::Continue(());
            }
        };
        if paper.add(&lines) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    spool.visit(&mut each).map_err(|error| place::unusable(&error))?;
    let is_all = filter.is_empty() && wanted.is_none();
    if output.json && is_all {
        beside_as_json(spool, &view, &mut paper)?;
    }
    paper.end()?;
    match (count, is_all) {
        (0, true) if !output.json => output.say(EMPTY),
        (0, false) if !output.json => output.say("no message fits"),
        _ => {}
    }
    if is_all && !output.json {
        beside(spool, &view, folder, output)?;
    }
    Ok(ExitStatus::OK)
}

/// So many messages.
pub fn messages(count: usize) -> String {
    if count == 1 { "1 message".to_owned() } else { format!("{count} messages") }
}

/// What is kept apart, and which accounts are not used.
fn beside(spool: &dyn Spool, view: &View, folder: Option<&Path>, output: &Output) -> Result<()> {
    let apart = spool.apart().map_err(|error| place::unusable(&error))?;
    let count = |is_damaged| apart.iter().filter(|file| file.is_damaged == is_damaged).count();
    // Without a folder they are in the database, and their names are said.
    let see = |name: &str, is_damaged: bool| match folder {
        Some(folder) => format!("see {}", folder.join(name).display()),
        None => {
            let names = apart.iter().filter(|one| one.is_damaged == is_damaged).map(|one| one.name.as_str());
            names.take(10).collect::<Vec<_>>().join(", ")
        }
    };
    if let failed @ 1.. = count(false) {
        let failed = messages(failed);
        output.say(&format!("{failed} failed with nobody to tell: {}", see("failed", false)));
    }
    if let damaged @ 1.. = count(true) {
        let what = if folder.is_some() { "file" } else { "message" };
        let what =
            if damaged == 1 { format!("1 damaged {what}") } else { format!("{damaged} damaged {what}s") };
        output.say(&format!("{what} set aside: {}", see("corrupt", true)));
    }
    for (account, pause) in view.pauses() {
        let (account, until) = (printable(account), queue::local(&pause.until));
        output.say(&format!("account '{account}' is not used until {until}: {}", printable(&pause.why)));
    }
    Ok(())
}

fn beside_as_json(spool: &dyn Spool, view: &View, paper: &mut Paper<'_>) -> Result<()> {
    for apart in spool.apart().map_err(|error| place::unusable(&error))? {
        paper.add(&queue::apart(&apart));
    }
    for (account, pause) in view.pauses() {
        paper.add(&queue::paused(account, pause));
    }
    Ok(())
}
