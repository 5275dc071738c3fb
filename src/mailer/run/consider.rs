//! Whether a message is sent in this run, and in which lane: it may have to wait, or somebody else may have it.

use super::Runner;
use crate::mailer::lane::Lane;
use crate::mailer::selection::Selection;
use crate::mailer::way::Way;
use crate::mailer::{pauses, settle};
use crate::spool::error::Damage;
use crate::spool::{Claim, Event, Id, Listed, MessageState, Moment, SpoolError, State};
use std::sync::Arc;

impl Runner<'_> {
    /// Whether a message has to wait, and if not, for what.
    pub(super) fn consider(&self, id: &Id, listed: Result<Listed, SpoolError>) -> Result<(), SpoolError> {
        let listed = match listed {
            Ok(listed) => listed,
            // Somebody else was faster.
            Err(SpoolError::Gone(_)) => return Ok(()),
            Err(error @ SpoolError::Damaged { .. }) => return self.damaged(id, &error),
            Err(error) => return Err(error),
        };
        if !self.settings.selection.has(&listed) {
            return Ok(());
        }
        if listed.busy {
            self.board().busy.insert(*id);
            return Ok(());
        }
        let now = Moment::now();
        let state = &listed.state;
        let schedule = &self.settings.schedule;
        let has_duties = state.is_settled()
            || !state.untold().is_empty()
            || !state.in_doubt().is_empty()
            || settle::is_late(&listed.entry, state, schedule, &now)
            || (state.held.is_none() && schedule.may_give_up(listed.entry.created, state, now, None));
        if has_duties && !self.claimed(id, |_| Ok(()))? {
            return Ok(());
        }
        if state.held.is_some() || self.due(state, &now).is_empty() {
            return Ok(());
        }
        match self.accounts.way(&listed.entry) {
            Ok(way) if !self.settings.selection.has_account(&way.account) => Ok(()),
            Err(no_way) if !self.settings.selection.has_account(&no_way.account) => Ok(()),
            Ok(way) => match self.line_up(id, state.attempts > 0, Arc::clone(&way), &now)? {
                true => Ok(()),
                false => self.held_where_too_old(id, &way.account, &listed, &now),
            },
            Err(no_way) => {
                self.has_no_way(&no_way, &now)?;
                self.held_where_too_old(id, &no_way.account, &listed, &now)
            }
        }
    }

    /// A message whose account could not be used until its time was over was never tried in earnest: it is not given
    /// up, but held, with one warning.
    fn held_where_too_old(
        &self,
        id: &Id,
        account: &str,
        listed: &Listed,
        now: &Moment,
    ) -> Result<(), SpoolError> {
        let schedule = &self.settings.schedule;
        let is_old = schedule.age(listed.entry.created, &listed.state, *now) >= schedule.give_up;
        if !is_old || listed.state.held.is_some() {
            return Ok(());
        }
        // A machine that was off for so long has its network a moment later.
        let pause = self.spool.pause(account)?;
        if pause.is_none_or(|pause| now.since(&pause.since) < pauses::EARNEST) {
            return Ok(());
        }
        let hold = |claim: &mut dyn Claim| {
            let why = "its account could not be used until its time was over";
            claim.record(&[Event::Held { by: "ehlo".to_owned(), why: why.to_owned() }], true)?;
            self.witness.held(claim.entry(), why);
            Ok(())
        };
        self.claimed(id, hold).map(drop)
    }

    /// A message that cannot be read is set aside, unless a newer program can read it.
    pub(super) fn damaged(&self, id: &Id, error: &SpoolError) -> Result<(), SpoolError> {
        self.witness.trouble(Some(id), error);
        match error {
            SpoolError::Damaged { damage: Damage::Newer, .. } => Ok(()),
            _ => self.spool.set_aside(id),
        }
    }

    /// Who is sent to now.
    pub(super) fn due(&self, state: &MessageState, now: &Moment) -> Vec<usize> {
        let mut due = state.due(|next| self.settings.schedule.is_due(next, now));
        if self.settings.selection.hurries() {
            let deferred = state.recipients.iter().enumerate();
            let deferred = deferred.filter(|(_, one)| matches!(one.state, State::Deferred { .. }));
            due.extend(deferred.map(|(place, _)| place));
            due.sort_unstable();
            due.dedup();
        }
        due
    }

    /// Puts a message into its account's lane; false where that is paused.
    fn line_up(&self, id: &Id, was_tried: bool, way: Arc<Way>, now: &Moment) -> Result<bool, SpoolError> {
        let mut board = self.board();
        if !board.lanes.contains_key(&way.account) {
            let pause = self.spool.pause(&way.account)?;
            let mut lane = Lane::new(Arc::clone(&way));
            let selection = &self.settings.selection;
            if let Some(pause) = pause.filter(|pause| pauses::holds(pause, &way, selection, now)) {
                lane.is_stopped = true;
                // Whoever asks for a run is told why it does nothing.
                if !matches!(selection, Selection::Due) {
                    self.witness.paused(&way.account, &pause, false);
                }
            }
            board.lanes.insert(way.account.clone(), lane);
        }
        let lane = board.lanes.get_mut(&way.account).filter(|lane| !lane.is_stopped);
        let has_room = lane.map(|lane| lane.push(*id, was_tried)).is_some();
        drop(board);
        self.news.notify_all();
        Ok(has_room)
    }
}
