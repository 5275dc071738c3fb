//! `ehlo queue run` where the configuration names a database: what is here is handed on to it, and sent by its workers.

use super::super::early_exit::Result;
use super::onlooker::Onlooker;
use super::{database, list, place};
use crate::mailer::forward::Forwarder;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::spool::files::{Files, Real};

/// Hands on what waits. One who stays goes on with what comes later.
pub fn run(
    local: &Files<Real>,
    named: database::Named,
    stays: bool,
    onlooker: &Onlooker<'_>,
    output: &Output,
) -> Result<ExitStatus> {
    let origin = local.origin().map_err(|error| place::unusable(&error))?;
    let database = named.queue(origin)?;
    let handed = Forwarder::new(local, &database, onlooker).run(stays);
    let count = handed.map_err(|error| database::unusable(&error))?;
    if !stays && !output.quiet && !output.json {
        let messages = list::messages(count);
        output.say(&format!("{messages} handed on to the database, whose workers send them"));
    }
    Ok(ExitStatus::OK)
}
