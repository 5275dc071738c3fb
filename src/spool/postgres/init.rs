//! A queue is made in a database: its tables, and two roles. All of it, or nothing.

use super::Database;
use super::fault::fault_of;
use super::session::VERSION;
use crate::spool::error::{DatabaseFault, SpoolError};

/// The tables.
const SCHEMA: &str = include_str!("schema.sql");

/// The roles: one hands messages over, and sees its own; one works on all.
pub const ROLES: [&str; 2] = ["ehlo_submit", "ehlo_work"];

impl Database {
    /// Makes the queue. Which of the roles were made: those that were there before stay as they are.
    ///
    /// # Errors
    /// [`DatabaseFault::HasQueue`]; [`DatabaseFault::Newer`]; or the role may not do it. Nothing was made then.
    pub fn init(&self) -> Result<Vec<&'static str>, SpoolError> {
        let failed = |error: postgres::Error| fault_of(&error);
        let mut client = self.sessions.bare()?;
        let is_there =
            client.query_one("select to_regclass('ehlo.version') is not null", &[]).map_err(failed)?;
        if is_there.get(0) {
            let version: i32 =
                client.query_one("select number from ehlo.version", &[]).map_err(failed)?.get(0);
            let fault =
                if version > VERSION { DatabaseFault::Newer(version) } else { DatabaseFault::HasQueue };
            return Err(SpoolError::Database { fault, said: String::new() });
        }
        let mut transaction = client.transaction().map_err(failed)?;
        let mut made = Vec::new();
        for role in ROLES {
            let known =
                transaction.query("select 1 from pg_roles where rolname = $1", &[&role]).map_err(failed)?;
            if known.is_empty() {
                transaction.batch_execute(&format!("create role {role} login")).map_err(failed)?;
                made.push(role);
            }
        }
        transaction.batch_execute(SCHEMA).map_err(failed)?;
        transaction.commit().map_err(failed)?;
        Ok(made)
    }
}
