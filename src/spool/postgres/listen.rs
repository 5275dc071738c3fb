//! Whoever has nothing to do is woken when a message comes (NOTIFY). What is missed here is found by the next look.

use super::Database;
use super::fault::fault_of;
use super::session::{Kind, Session};
use crate::spool::error::SpoolError;
use postgres::fallible_iterator::FallibleIterator;
use std::time::Duration;

/// A connection that listens.
pub struct Listener(Session);

impl Database {
    /// Listens from now on.
    ///
    /// # Errors
    /// Those of the database.
    pub fn listener(&self) -> Result<Listener, SpoolError> {
        let mut session = self.sessions.open(Kind::Swift)?;
        session.client.batch_execute("listen ehlo").map_err(|error| fault_of(&error))?;
        Ok(Listener(session))
    }
}

impl Listener {
    /// Waits for a word, up to so long. Whether one came.
    ///
    /// # Errors
    /// The connection has ended.
    pub fn wait(&mut self, patience: Duration) -> Result<bool, SpoolError> {
        let mut notifications = self.0.client.notifications();
        let mut came =
            notifications.timeout_iter(patience).next().map_err(|error| fault_of(&error))?.is_some();
        drop(notifications);
        // All that came at once are one.
        let mut more = self.0.client.notifications();
        let mut more = more.iter();
        while more.next().map_err(|error| fault_of(&error))?.is_some() {
            came = true;
        }
        Ok(came)
    }
}
