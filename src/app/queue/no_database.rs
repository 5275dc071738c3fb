//! In place of database.rs, where this program was built without PostgreSQL: whoever names a database is told so.

use super::super::configuration::{Configuration, wrong};
use super::super::early_exit::{EarlyExit, Result};
use super::settings::text;
use crate::cli::QueueArgs;

/// Said of a database.
pub const MISSING: &str = "this ehlo was built without PostgreSQL: the packages have it, and so has \
                           'cargo install --features postgres'";

/// An error if a database is named.
pub fn refuse(args: Option<&QueueArgs>, configuration: Option<&Configuration>) -> Result<()> {
    if args.is_some_and(|args| args.database.is_some()) {
        return Err(EarlyExit::usage(MISSING));
    }
    match configuration.and_then(|all| text(all, "queue.database")) {
        Some((config, given, _)) => Err(wrong(&config.file, given.line, &format!("'database': {MISSING}"))),
        None => Ok(()),
    }
}
