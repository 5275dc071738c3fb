//! `mailq`, and `sendmail -bp`: the queue in the form of Postfix.

use super::super::early_exit::Result;
use super::paper::Paper;
use super::place;
use super::view::View;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::queue;
use crate::spool::{Limits, Spool};
use crate::words;
use std::ops::ControlFlow;

/// Lists the queue.
pub fn mailq(output: &Output) -> ExitStatus {
    all(output).unwrap_or_else(|exit| output.complain(&exit.report()))
}

fn all(output: &Output) -> Result<ExitStatus> {
    let mut paper = Paper::new(output);
    let (mut octets, mut messages) = (0_u64, 0_u64);
    if let Some(spool) = place::existing(Limits::default())? {
        let view = View::of(&spool)?;
        let mut each = |_: &_, listed| {
            let known = match listed {
                Ok(listed) => view.known(listed),
                Err(error) => {
                    output.say(&words::queue::error(&error));
                    return ControlFlow::Continue(());
                }
            };
            if messages == 0 {
                paper.add(queue::MAILQ_HEAD);
            }
            messages += 1;
            octets = octets.saturating_add(known.listed.entry.facts.octets);
            match paper.add(&queue::mailq(&view.seen(&known))) {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        };
        spool.visit(&mut each).map_err(|error| place::unusable(&error))?;
    }
    match messages {
        0 => paper.add(queue::NO_MAIL),
        _ => paper.add(&queue::mailq_foot(octets, messages)),
    };
    paper.end()?;
    Ok(ExitStatus::OK)
}
