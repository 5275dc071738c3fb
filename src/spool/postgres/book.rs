//! What is kept beside the messages: accounts that are not used, notices that were sent lately, and what others left
//! behind. And whether the database can keep up.

use super::Database;
use super::session::Kind;
use crate::spool::error::SpoolError;
use crate::spool::id::Id;
use crate::spool::pause::{self, Pause};
use std::time::Duration;

/// What counts as lately, for notices.
const LATELY: f64 = 60.0 * 60.0;
/// How long a spool that says nothing is waited for, before it is forgotten what left of its messages: one that was
/// switched off may come back. Of notices, which no spool has, an hour.
const FORGOTTEN: f64 = 90.0 * 24.0 * 60.0 * 60.0;
/// From so many dead rows in the table of work on, or such an old transaction, claims get slow.
const DEAD_ROWS: i64 = 100_000;
const OLD: f64 = 10.0 * 60.0;

/// Something that slows the queue down, and that somebody has to look at.
#[derive(Debug, Clone, PartialEq)]
pub enum Alarm {
    /// A transaction has been open for so long, of this process and program: what was changed since cannot be cleared
    /// away.
    OldTransaction {
        /// The number of the server's process.
        pid: i32,
        /// What it calls itself.
        name: String,
        /// Since when.
        lasted: Duration,
    },
    /// So many rows of the table of work are dead.
    DeadRows(i64),
}

impl Alarm {
    /// Whether it is about the same.
    #[must_use]
    pub fn is_like(&self, other: &Alarm) -> bool {
        match (self, other) {
            (Alarm::OldTransaction { pid, .. }, Alarm::OldTransaction { pid: of, .. }) => pid == of,
            (Alarm::DeadRows(_), Alarm::DeadRows(_)) => true,
            _ => false,
        }
    }
}

impl Database {
    pub(super) fn damage(&self, id: &Id) -> Result<(), SpoolError> {
        let damage =
            "update ehlo.work set state = 'damaged', due = now(), token = 0, lease = null, dot_at = null
            where id = $1 and (state <> 'sending' or lease < now())";
        match self.sessions.with(Kind::Sure, |session| session.execute(damage, &[&id.as_str()]))? {
            0 => Err(SpoolError::Busy(*id)),
            _ => Ok(()),
        }
    }

    /// Forgets what nobody asks for any more.
    pub(super) fn tidy_up(&self, keep_failed: Duration) -> Result<(), SpoolError> {
        let keep = keep_failed.as_secs_f64();
        self.sessions.with(Kind::Swift, |session| {
            session.execute(
                "delete from ehlo.settled s using ehlo.origin o
                    where s.origin = o.name and s.inserted < o.clean_at",
                &[],
            )?;
            session.execute(
                "delete from ehlo.settled where at < now() - make_interval(secs => $1)
                    or (origin = '' and at < now() - make_interval(secs => $2))",
                &[&FORGOTTEN, &LATELY],
            )?;
            session.execute(
                "with w as (delete from ehlo.work where state = 'failed' and due < now() - make_interval(secs => $1)
                        returning id),
                    b as (delete from ehlo.body using w where body.id = w.id),
                    e as (delete from ehlo.event using w where event.id = w.id)
                    delete from ehlo.message using w where message.id = w.id",
                &[&keep],
            )?;
            let forget = "delete from ehlo.history where at < now() - make_interval(secs => $1)";
            session.execute(forget, &[&keep])?;
            session.execute("delete from ehlo.notice where at < now() - make_interval(secs => $1)", &[&LATELY])?;
            session.execute("delete from ehlo.slot where lease < now() - interval '1 hour'", &[])?;
            session.execute("delete from ehlo.pace where next < now() - interval '1 hour'", &[])?;
            session.execute("delete from ehlo.idle where until < now() - interval '1 hour'", &[])?;
            session.execute("delete from ehlo.pause where until < now() - interval '1 day'", &[])
        })?;
        Ok(())
    }

    /// Whether one more notice may be sent about messages of the user whose message this is; if so, it counts. A user
    /// of another machine is another one.
    pub(super) fn count_notice(&self, of: &Id, most: usize) -> Result<bool, SpoolError> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let count = "insert into ehlo.notice (host, uid)
            select m.host, m.uid from ehlo.message m where m.id = $1 and $2 > (
                select count(*) from ehlo.notice n
                where n.host = m.host and n.uid = m.uid and n.at > now() - make_interval(secs => $3))";
        let counted = self
            .sessions
            .with(Kind::Swift, |session| session.execute(count, &[&of.as_str(), &most, &LATELY]))?;
        Ok(counted > 0)
    }

    fn name(&self) -> String {
        format!("{}:{}", self.host, std::process::id())
    }

    pub(super) fn read_pause(&self, account: &str) -> Result<Option<Pause>, SpoolError> {
        let worker = self.name();
        let rows = self.sessions.with(Kind::Swift, |session| {
            session
                .query("select what from ehlo.pause where account = $1 and worker = $2", &[&account, &worker])
        })?;
        Ok(rows.first().and_then(|row| pause::decode(row.get(0))))
    }

    /// The one that ends last of each account, of those that have not ended.
    pub(super) fn read_pauses(&self) -> Result<Vec<(String, Pause)>, SpoolError> {
        let rows = self.sessions.with(Kind::Swift, |session| {
            let last = "select distinct on (account) account, what from ehlo.pause where until > now()
                order by account, until desc";
            session.query(last, &[])
        })?;
        Ok(rows.iter().filter_map(|row| Some((row.get(0), pause::decode(row.get(1))?))).collect())
    }

    pub(super) fn write_pause(&self, account: &str, pause: Option<&Pause>) -> Result<(), SpoolError> {
        let worker = self.name();
        self.sessions.with(Kind::Swift, |session| match pause {
            None => session
                .execute("delete from ehlo.pause where account = $1 and worker = $2", &[&account, &worker]),
            Some(pause) => {
                #[allow(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
                let until = pause.until.wall as f64;
                // Where it is over at once, it is looked at with each message: it is shown for a while.
                let write = "insert into ehlo.pause (account, worker, until, what)
                    values ($1, $2, greatest(to_timestamp($3), now() + interval '1 minute'), $4)
                    on conflict (account, worker) do update set until = excluded.until, what = excluded.what";
                session.execute(write, &[&account, &worker, &until, &pause::encode(pause)])
            }
        })?;
        Ok(())
    }

    /// What slows the queue down.
    ///
    /// # Errors
    /// Those of the database.
    pub fn alarms(&self) -> Result<Vec<Alarm>, SpoolError> {
        let (old, dead) = self.sessions.with(Kind::Swift, |session| {
            let old = session.query(
                "select pid, coalesce(nullif(application_name, ''), usename, 'somebody'),
                        extract(epoch from now() - xact_start)::float8
                    from pg_stat_activity
                    where datname = current_database() and backend_type = 'client backend'
                        and xact_start < now() - make_interval(secs => $1)
                    order by xact_start limit 3",
                &[&OLD],
            )?;
            let dead = session.query(
                "select n_dead_tup from pg_stat_user_tables
                    where schemaname = 'ehlo' and relname = 'work' and n_dead_tup > $1
                        and n_dead_tup > 2 * n_live_tup",
                &[&DEAD_ROWS],
            )?;
            Ok((old, dead))
        })?;
        let mut alarms: Vec<Alarm> = old
            .iter()
            .map(|row| Alarm::OldTransaction {
                pid: row.get(0),
                name: row.get(1),
                lasted: Duration::try_from_secs_f64(row.get(2)).unwrap_or_default(),
            })
            .collect();
        alarms.extend(dead.iter().map(|row| Alarm::DeadRows(row.get(0))));
        Ok(alarms)
    }
}
