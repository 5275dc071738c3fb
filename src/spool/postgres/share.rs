//! What workers do that share a queue: they take what is due, keep what they have, free what others lost, and keep to
//! limits that hold for all of them together.

use super::claim::{LaneName, Taken};
use super::session::{Kind, boot_milliseconds};
use super::stored::{columns, id_of};
use super::{Claimed, Database};
use crate::spool::error::SpoolError;
use crate::spool::id::Id;
use std::time::Duration;

/// Takes rows of work, `u`, and shows what is theirs: the columns of a message, the first part of its content, and the
/// clock.
macro_rules! claim {
    ($taken:literal) => {
        concat!(
            $taken,
            " select ",
            columns!(),
            ", (select b.data from ehlo.body b where b.id = m.id and b.part = 0),
        extract(epoch from clock_timestamp())::float8
    from u join ehlo.message m using (id)"
        )
    };
}
/// The oldest of a lane that are due.
const CLAIM: &str = claim!(
    "with c as (
        select id from ehlo.work
        where state = 'queued' and account = $1 and dest = $2 and due <= now()
        order by due limit $3 for update skip locked),
    u as (update ehlo.work w set state = 'sending', token = $4, lease = now() + make_interval(secs => $5)
        from c where w.id = c.id returning w.id)"
);
/// One message, in whatever state it waits.
const CLAIM_ONE: &str = claim!(
    "with u as (update ehlo.work w
        set state = 'sending', token = $2, lease = now() + make_interval(secs => $3), dot_at = null
        where w.id = $1 and (w.state in ('queued', 'held', 'unknown') or (w.state = 'sending' and w.lease < now()))
        returning w.id)"
);
const GIVE_BACK: &str = "update ehlo.work w set state = 'queued', token = 0, lease = null,
        account = $3, dest = $4
    from unnest($1::text[], $2::bigint[]) as c (id, token)
    where w.id = c.id and w.token = c.token and w.state = 'sending'";
const RENEW: &str = "update ehlo.work w set lease = greatest(w.lease, now() + make_interval(secs => $3))
    from unnest($1::text[], $2::bigint[]) as c (id, token)
    where w.id = c.id and w.token = c.token and w.state = 'sending' and w.lease > now()";
/// Of those whose end may have been sent, whoever claims them next puts down that they are unknown.
const REAP: &str = "with c as (
        select id from ehlo.work where state = 'sending' and lease < now() limit 1000 for update skip locked)
    update ehlo.work w set state = 'queued', token = 0, lease = null, dot_at = null,
        due = case when w.dot_at is null then coalesce(w.due, now()) else now() end
    from c where w.id = c.id";
/// Lanes with something due, from one on: each is found by one look into the index.
const LANES: &str = "with recursive l as (
        (select account, dest from ehlo.work where state = 'queued' and (account, dest) > ($1, $2)
            order by account, dest limit 1)
        union all
        select n.account, n.dest from l, lateral (
            select account, dest from ehlo.work where state = 'queued' and (account, dest) > (l.account, l.dest)
            order by account, dest limit 1) n)
    select account, dest, (select min(due) <= now() from ehlo.work w
        where w.state = 'queued' and w.account = l.account and w.dest = l.dest)
    from l limit $3";
const SLOT: &str = "with free as (
        select n from generate_series(1, $3) n where not exists (
            select from ehlo.slot s where s.account = $1 and s.dest = $2 and s.number = n and s.lease > now())
        limit 1)
    insert into ehlo.slot (account, dest, number, holder, lease)
        select $1, $2, n, $4, now() + make_interval(secs => $5) from free
    on conflict (account, dest, number) do update set holder = excluded.holder, lease = excluded.lease
        where ehlo.slot.lease <= now()
    returning number";
const PACE: &str = "insert into ehlo.pace (account, dest, next) values ($1, $2, now() + make_interval(secs => $3))
    on conflict (account, dest) do update set next = greatest(ehlo.pace.next, now()) + make_interval(secs => $3)
    returning greatest(0, extract(epoch from next - now())::float8 - $3)";
const IDLE: &str = "insert into ehlo.idle (worker, until) values ($1, now() + make_interval(secs => $2))
    on conflict (worker) do update set until = excluded.until";

/// How many lanes are looked at in a row.
const LANES_AT_ONCE: i64 = 1000;

/// A connection to a destination, of those that all workers may have together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    lane: LaneName,
    number: i32,
}

impl Database {
    /// A number that nobody else has.
    fn token() -> Result<i64, SpoolError> {
        let random = getrandom::u64().map_err(|error| SpoolError::Source(std::io::Error::other(error)))?;
        // 0 is nobody's.
        Ok((random >> 1).max(1).cast_signed())
    }

    /// Takes up to so many messages of a lane that are due, the oldest first.
    ///
    /// # Errors
    /// Those of the database. What was taken all the same is free when its lease is over.
    pub fn take_due(&self, lane: &LaneName, most: usize) -> Result<Vec<Taken>, SpoolError> {
        let token = Database::token()?;
        let (most, lease) = (i64::try_from(most).unwrap_or(i64::MAX), self.timing.lease.as_secs_f64());
        let asked = boot_milliseconds();
        let rows = self.sessions.with(Kind::Swift, |session| {
            session.query(CLAIM, &[&lane.account, &lane.dest, &most, &token, &lease])
        })?;
        let mut taken = Vec::with_capacity(rows.len());
        for row in rows {
            self.sessions.set_clock(row.get(5), asked);
            taken.push(Taken::of(&row, id_of(&row, 0)?, token));
        }
        Ok(taken)
    }

    /// Works on a message that was taken.
    ///
    /// # Errors
    /// [`SpoolError::Damaged`]; it is free then.
    pub fn work_on(&self, taken: Taken) -> Result<Claimed<'_>, SpoolError> {
        Claimed::new(self, taken)
    }

    /// Takes one message.
    pub(super) fn take_one(&self, id: &Id) -> Result<Taken, SpoolError> {
        let (token, lease) = (Database::token()?, self.timing.lease.as_secs_f64());
        let asked = boot_milliseconds();
        let rows = self
            .sessions
            .with(Kind::Swift, |session| session.query(CLAIM_ONE, &[&id.as_str(), &token, &lease]))?;
        match rows.into_iter().next() {
            Some(row) => {
                self.sessions.set_clock(row.get(5), asked);
                Ok(Taken::of(&row, *id, token))
            }
            None => {
                self.show(id)?;
                Err(SpoolError::Busy(*id))
            }
        }
    }

    /// Gives messages back that nobody has worked on, to wait in this lane.
    ///
    /// # Errors
    /// Those of the database: they are free when their lease is over.
    pub fn give_back(&self, taken: &[Taken], lane: &LaneName) -> Result<(), SpoolError> {
        let (ids, tokens) = held(taken.iter().map(Taken::held));
        self.sessions
            .with(Kind::Swift, |session| {
                session.execute(GIVE_BACK, &[&ids, &tokens, &lane.account, &lane.dest])
            })
            .map(drop)
    }

    /// Renews the leases on what is held, and on connections to destinations.
    ///
    /// # Errors
    /// Those of the database.
    pub fn renew(&self, claims: impl Iterator<Item = (Id, i64)>, slots: bool) -> Result<(), SpoolError> {
        let (ids, tokens) = held(claims);
        let (lease, slot) = (self.timing.lease.as_secs_f64(), self.timing.slot.as_secs_f64());
        self.sessions.with(Kind::Swift, |session| {
            if !ids.is_empty() {
                session.execute(RENEW, &[&ids, &tokens, &lease])?;
            }
            if slots {
                let renew =
                    "update ehlo.slot set lease = now() + make_interval(secs => $2) where holder = $1";
                session.execute(renew, &[&self.worker, &slot])?;
            }
            Ok(())
        })
    }

    /// Frees what workers had whose lease is over.
    ///
    /// # Errors
    /// Those of the database.
    pub fn reap(&self) -> Result<(), SpoolError> {
        self.sessions.with(Kind::Swift, |session| session.execute(REAP, &[])).map(drop)
    }

    /// Lanes that have something due, but for the first, of messages whose account was not looked up yet. From behind
    /// this one on, and which one is the last that was looked at; none where that was the last of all.
    ///
    /// # Errors
    /// Those of the database.
    pub fn lanes(&self, behind: &LaneName) -> Result<(Vec<LaneName>, Option<LaneName>), SpoolError> {
        let rows = self.sessions.with(Kind::Swift, |session| {
            session.query(LANES, &[&behind.account, &behind.dest, &LANES_AT_ONCE])
        })?;
        let name = |row: &postgres::Row| LaneName { account: row.get(0), dest: row.get(1) };
        let is_due = |row: &&postgres::Row| row.get::<_, Option<bool>>(2).unwrap_or_default();
        let due = rows.iter().filter(is_due).map(name).collect();
        let is_full = i64::try_from(rows.len()).is_ok_and(|count| count >= LANES_AT_ONCE);
        Ok((due, rows.last().filter(|_| is_full).map(name)))
    }

    /// One of the connections that all workers together may have to a destination; none where others have all of them.
    ///
    /// # Errors
    /// Those of the database.
    pub fn slot(&self, lane: &LaneName, most: usize) -> Result<Option<Slot>, SpoolError> {
        let (most, lease) = (i32::try_from(most).unwrap_or(i32::MAX), self.timing.slot.as_secs_f64());
        let row = self.sessions.with(Kind::Swift, |session| {
            // Two may find the same one free; the second looks once more.
            for _ in 0..3 {
                let values: [&(dyn postgres::types::ToSql + Sync); 5] =
                    [&lane.account, &lane.dest, &most, &self.worker, &lease];
                if let Some(row) = session.query(SLOT, &values)?.first() {
                    return Ok(Some(row.get(0)));
                }
            }
            Ok(None)
        })?;
        Ok(row.map(|number| Slot { lane: lane.clone(), number }))
    }

    /// Gives a connection back.
    pub fn free(&self, slot: &Slot) {
        let free = "delete from ehlo.slot where account = $1 and dest = $2 and number = $3 and holder = $4";
        let (account, dest) = (slot.lane.account.as_str(), slot.lane.dest.as_str());
        // One that stays is free when its lease is over.
        let _ = self.sessions.with(Kind::Swift, |session| {
            session.execute(free, &[&account, &dest, &slot.number, &self.worker])
        });
    }

    /// How long the next message to a destination has to wait, of which so many are sent in a minute by all workers
    /// together. It takes its turn.
    ///
    /// # Errors
    /// Those of the database.
    pub fn turn(&self, lane: &LaneName, per_minute: u32) -> Result<Duration, SpoolError> {
        let each = 60.0 / f64::from(per_minute.max(1));
        let rows = self
            .sessions
            .with(Kind::Swift, |session| session.query(PACE, &[&lane.account, &lane.dest, &each]))?;
        let wait: f64 = rows.first().map_or(0.0, |row| row.get(0));
        Ok(Duration::try_from_secs_f64(wait).unwrap_or_default())
    }

    /// Says that this worker has nothing to do, and is to be woken; or that it has.
    ///
    /// # Errors
    /// Those of the database.
    pub fn is_idle(&self, is_idle: bool) -> Result<(), SpoolError> {
        let time = 2.0 * super::POLL.as_secs_f64();
        self.sessions
            .with(Kind::Swift, |session| match is_idle {
                true => session.execute(IDLE, &[&self.worker, &time]),
                false => session.execute("delete from ehlo.idle where worker = $1", &[&self.worker]),
            })
            .map(drop)
    }
}

fn held(claims: impl Iterator<Item = (Id, i64)>) -> (Vec<String>, Vec<i64>) {
    claims.map(|(id, token)| (id.to_string(), token)).unzip()
}
