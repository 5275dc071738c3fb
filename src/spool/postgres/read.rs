//! Messages are shown, in pages, without keeping anybody from working on them.

use super::Database;
use super::session::Kind;
use super::stored::{Body, Stored, columns, id_of};
use crate::spool::error::SpoolError;
use crate::spool::id::Id;
use crate::spool::journal::Record;
use crate::spool::{Apart, Listed, Visitor};
use ehlo_smtp::content::Content;
use postgres::Row;
use std::sync::Arc;

/// How many messages are read at once; of names, how many.
const PAGE: i64 = 200;
const NAMES: i64 = 50_000;

/// What is shown of messages.
macro_rules! shown {
    ($rest:literal) => {
        concat!(
            "select ",
            columns!(),
            ", w.state = 'sending' and w.lease > now()
    from ehlo.work w join ehlo.message m using (id)
    where w.state not in ('failed', 'damaged') and ($2 = '' or m.origin like '%/' || $2) and ",
            $rest
        )
    };
}
/// Those behind a name, as many as a page has; or this one.
const PAGE_OF: &str = shown!("w.id > $1 order by w.id limit $3");
const ONE: &str = shown!("w.id = $1");

fn listed(row: &Row) -> Result<Listed, SpoolError> {
    let stored = Stored::of(row)?;
    let busy: Option<bool> = row.get(4);
    Ok(Listed { state: stored.state()?, entry: stored.entry, busy: busy.unwrap_or_default() })
}

impl Database {
    /// The spool whose messages are shown; all where it is empty.
    fn shown(&self) -> &str {
        if self.is_own { self.origin.as_str() } else { "" }
    }

    pub(super) fn names(&self) -> Result<Vec<Id>, SpoolError> {
        let mut ids: Vec<Id> = Vec::new();
        loop {
            let last = ids.last().map(ToString::to_string).unwrap_or_default();
            let rows = self.sessions.with(Kind::Swift, |session| {
                let page = "select id from ehlo.work where id > $1 and state not in ('failed', 'damaged')
                    order by id limit $2";
                session.query(page, &[&last, &NAMES])
            })?;
            if rows.is_empty() {
                return Ok(ids);
            }
            for row in &rows {
                ids.push(id_of(row, 0)?);
            }
        }
    }

    pub(super) fn show_all(&self, visit: &mut Visitor<'_>) -> Result<(), SpoolError> {
        let mut last = String::new();
        loop {
            let rows = self
                .sessions
                .with(Kind::Swift, |session| session.query(PAGE_OF, &[&last, &self.shown(), &PAGE]))?;
            let Some(row) = rows.last() else { return Ok(()) };
            last = row.get(0);
            for row in &rows {
                if visit(&id_of(row, 0)?, listed(row)).is_break() {
                    return Ok(());
                }
            }
        }
    }

    fn find(&self, id: &Id) -> Result<Row, SpoolError> {
        let rows =
            self.sessions.with(Kind::Swift, |session| session.query(ONE, &[&id.as_str(), &self.shown()]))?;
        rows.into_iter().next().ok_or(SpoolError::Gone(*id))
    }

    pub(super) fn show(&self, id: &Id) -> Result<Listed, SpoolError> {
        listed(&self.find(id)?)
    }

    pub(super) fn records_of(&self, id: &Id) -> Result<Vec<Record>, SpoolError> {
        Ok(Stored::of(&self.find(id)?)?.journal()?.records)
    }

    pub(super) fn count_records(&self, id: &Id) -> Result<usize, SpoolError> {
        let rows = self.sessions.with(Kind::Swift, |session| {
            session.query("select count(*) from ehlo.event where id = $1", &[&id.as_str()])
        })?;
        let count: i64 = rows.first().map_or(0, |row| row.get(0));
        Ok(usize::try_from(count).unwrap_or_default())
    }

    pub(super) fn content_of(&self, id: &Id) -> Result<Box<dyn Content>, SpoolError> {
        let stored = Stored::of(&self.find(id)?)?;
        let sessions = Arc::clone(&self.sessions);
        Ok(Box::new(Body {
            sessions,
            id: *id,
            facts: stored.entry.facts,
            layout: stored.layout,
            first: None,
        }))
    }

    pub(super) fn kept_apart(&self) -> Result<Vec<Apart>, SpoolError> {
        let rows = self.sessions.with(Kind::Swift, |session| {
            let apart = "select id, state = 'damaged' from ehlo.work where state in ('failed', 'damaged') order by id";
            session.query(apart, &[])
        })?;
        Ok(rows.iter().map(|row| Apart { name: row.get(0), is_damaged: row.get(1) }).collect())
    }
}
