//! Messages as they are named on a command line: by their identifiers, or the first letters of them.

use super::super::early_exit::{EarlyExit, Result};
use super::place;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::spool::{Id, Spool};

/// The messages of these names.
///
/// # Errors
/// There is none of that name, or more than one.
pub fn of(spool: &dyn Spool, names: &[String]) -> Result<Vec<Id>> {
    let all = spool.ids().map_err(|error| place::unusable(&error))?;
    let found = |name: &String| one(&all, name)?.map_err(|text| EarlyExit::of(ExitStatus::NO_INPUT, text));
    names.iter().map(found).collect()
}

/// The one of these that has this name, or begins with it; or what is said where there is none.
///
/// # Errors
/// More than one begins with it.
pub fn one(all: &[Id], name: &str) -> Result<std::result::Result<Id, String>> {
    let mut found = begun(all, name);
    let shown = printable(name);
    match (found.next(), found.next()) {
        (Some(id), None) => Ok(Ok(*id)),
        (Some(_), Some(_)) => {
            Err(EarlyExit::usage(format!("'{shown}' begins more than one message: write more of it")))
        }
        (None, _) => Ok(Err(format!("there is no message '{shown}' in the queue"))),
    }
}

/// Those of these that have this name, or begin with it.
pub fn begun<'a>(all: &'a [Id], name: &str) -> impl Iterator<Item = &'a Id> {
    let letters = name.to_ascii_uppercase();
    all.iter().filter(move |id| !letters.is_empty() && id.as_str().starts_with(&letters))
}
