//! Whether an account is in use: it is put down when it cannot be used, and when it can again.

use super::Runner;
use crate::mailer::pauses;
use crate::mailer::way::{NoWay, Way};
use crate::spool::{Moment, Pause, SpoolError};

impl Runner<'_> {
    /// Puts down, once, that an account has no way.
    pub(super) fn has_no_way(&self, no_way: &NoWay, now: &Moment) -> Result<(), SpoolError> {
        if !self.board().without_way.insert(no_way.account.clone()) {
            return Ok(());
        }
        let before = self.spool.pause(&no_way.account)?;
        let pause = pauses::of_no_way(no_way, before.as_ref(), now);
        let is_news = before.is_none_or(|before| before.why != pause.why);
        self.put_down(&no_way.account, Some(&pause));
        self.witness.paused(&no_way.account, &pause, is_news);
        Ok(())
    }

    /// The account is in use.
    pub(super) fn is_up(&self, way: &Way) -> Result<(), SpoolError> {
        let mut board = self.board();
        let Some(lane) = board.lanes.get_mut(&way.account) else { return Ok(()) };
        if !lane.goes_well() {
            return Ok(());
        }
        drop(board);
        self.news.notify_all();
        if self.spool.pause(&way.account)?.is_some() {
            self.put_down(&way.account, None);
            self.witness.resumed(&way.account);
        }
        Ok(())
    }

    /// A message broke off in the middle. Whether its account is to blame.
    pub(super) fn breaks_off(&self, way: &Way, user: u32) -> bool {
        let several = self.settings.has_several_users;
        self.board().lanes.get_mut(&way.account).is_some_and(|lane| lane.breaks_off(user, several))
    }

    /// The account cannot be used: all its messages wait.
    pub(super) fn is_down(&self, way: &Way, why: String, is_refused: bool) -> Result<(), SpoolError> {
        if let Some(lane) = self.board().lanes.get_mut(&way.account) {
            lane.stop();
        }
        let before = self.spool.pause(&way.account)?;
        let pause = pauses::next(before.as_ref(), why, is_refused, way.configuration, &Moment::now());
        self.put_down(&way.account, Some(&pause));
        self.witness.paused(&way.account, &pause, before.is_none_or(|before| before.why != pause.why));
        Ok(())
    }

    /// Puts down whether an account is used. Where that cannot be kept, it is tried sooner than it should be: no reason
    /// to send nothing by the others.
    fn put_down(&self, account: &str, pause: Option<&Pause>) {
        if let Err(error) = self.spool.set_pause(account, pause) {
            self.witness.trouble(None, &error);
        }
    }
}
