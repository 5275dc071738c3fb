//! The messages that a command is about: those that are named, and of them, or of all, those that fit.

use super::super::early_exit::{EarlyExit, Result};
use super::filter::Filter;
use super::view::View;
use super::{ids, place};
use crate::cli::{QueueAction, QueueArgs};
use crate::spool::{Id, Spool};
use std::ops::ControlFlow;

/// What was chosen.
pub struct Chosen {
    /// The messages.
    pub ids: Vec<Id>,
    /// What is said of each name that no message has.
    pub missing: Vec<String>,
}

/// Something must say which messages are meant.
pub fn check(filter: &Filter, args: &QueueArgs) -> Result<()> {
    if !args.ids.is_empty() || !filter.is_empty() || args.all {
        return Ok(());
    }
    let all = if matches!(args.action, QueueAction::Show | QueueAction::Delivered) { "" } else { " --all," };
    let text = format!("which messages? name their IDs,{all} or a filter such as --older 1d");
    Err(EarlyExit::usage(text))
}

/// The messages that are meant. A name that fits several is an error, before anything is done to any.
pub fn chosen(spool: &dyn Spool, view: &View, filter: &Filter, args: &QueueArgs) -> Result<Chosen> {
    check(filter, args)?;
    if args.ids.is_empty() {
        let mut ids = Vec::new();
        let mut each = |id: &Id, listed| {
            match listed {
                Ok(listed) => {
                    let known = view.known(listed);
                    if filter.fits(&view.seen(&known)) {
                        ids.push(*id);
                    }
                }
                // Whoever means all means those that cannot be read, too, and is told so.
                Err(_) if filter.is_empty() => ids.push(*id),
                Err(_) => {}
            }
            ControlFlow::Continue(())
        };
        spool.visit(&mut each).map_err(|error| place::unusable(&error))?;
        return Ok(Chosen { ids, missing: Vec::new() });
    }
    let all = spool.ids().map_err(|error| place::unusable(&error))?;
    let (mut ids, mut missing) = (Vec::new(), Vec::new());
    for name in &args.ids {
        match ids::one(&all, name)? {
            Ok(id) if ids.contains(&id) => {}
            Ok(id) if filter.is_empty() => ids.push(id),
            Ok(id) => {
                let fits = spool.look(&id).is_ok_and(|listed| filter.fits(&view.seen(&view.known(listed))));
                ids.extend(fits.then_some(id));
            }
            Err(text) => missing.push(text),
        }
    }
    Ok(Chosen { ids, missing })
}
