//! `mailq`, and `sendmail -bp`: the queue in the form of Postfix.

use super::super::early_exit::Result;
use super::paper::Paper;
use super::view::View;
use super::{machine, place};
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::queue;
use crate::spool::of_user::OfUser;
use crate::spool::{Limits, Spool};
use crate::words;
use std::ops::ControlFlow;

/// Lists the queue; where this machine has one, that comes behind what waits in the user's own.
pub fn mailq(output: &Output) -> ExitStatus {
    let listed = match machine::is_there() {
        true => own(output, true).and_then(|_| machine::errand(vec![machine::MAILQ.to_owned()])),
        false => own(output, false),
    };
    listed.unwrap_or_else(|exit| output.complain(&exit.report()))
}

/// The queue at hand. Nothing is said of one that is empty if another follows.
fn own(output: &Output, another_follows: bool) -> Result<ExitStatus> {
    let mut paper = Paper::new(output);
    let (mut octets, mut messages) = (0_u64, 0_u64);
    if let Some(files) = place::existing(Limits::default())? {
        let of_user = place::only_of().map(|uid| OfUser::new(&files, uid));
        let spool = of_user.as_ref().map_or(&files as &dyn Spool, |spool| spool as &dyn Spool);
        let view = View::of(spool)?;
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
        0 if another_follows => true,
        0 => paper.add(queue::NO_MAIL),
        _ => paper.add(&queue::mailq_foot(octets, messages)),
    };
    paper.end()?;
    Ok(ExitStatus::OK)
}
