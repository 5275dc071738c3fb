//! `ehlo queue init URL`: makes a queue in a database that is empty.

use super::super::early_exit::Result;
use super::database;
use crate::cli::QueueArgs;
use crate::output::Output;
use crate::report::exit::ExitStatus;
use crate::report::text::printable;
use crate::spool::postgres::ROLES;

/// Makes it, and says what to do next.
pub fn init(args: &QueueArgs, output: &Output) -> Result<ExitStatus> {
    let url = args.ids.first().map(String::as_str).unwrap_or_default();
    let named = database::of_url(url, args, output)?;
    let shown = printable(&named.url).to_string();
    let database = named.queue(String::new())?;
    let made = database.init().map_err(|error| database::unusable(&error))?;
    output.say(&format!("the queue is made in {shown}"));
    let [submits, works] = ROLES;
    for role in &made {
        output.say(&format!("role {role} is made: give it a password with '\\password {role}' in psql"));
    }
    output.say(&format!(
        "machines that hand messages over log in as {submits}, workers as {works}: [queue] database in config.toml, and \
         'ehlo queue daemon --database'"
    ));
    Ok(ExitStatus::OK)
}
