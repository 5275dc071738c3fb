//! Whoever puts a message into the queue sees to it that somebody sends it: a runner that goes on alone.

use crate::net::program::Left;
use crate::spool::Spool;

/// Starts runners, one at a time.
#[derive(Debug, Default)]
pub struct Waker(Option<Left>);

impl Waker {
    /// Sees to it that a message that was just put there is looked at. Where a runner is at work, it looks at what
    /// came meanwhile before it leaves. That none can be started is no error: the message is kept, and whoever
    /// runs the queue next sends it.
    pub fn wake(&mut self, spool: &impl Spool) {
        if self.0.as_mut().is_some_and(Left::has_ended) {
            self.0 = None;
        }
        // Whoever gets the lock here may keep a runner that starts now from getting it: so one is started after that.
        if matches!(spool.run_alone(false), Ok(None)) {
            return;
        }
        if let Ok(program) = std::env::current_exe() {
            self.0 = Left::start(&program, "ehlo", &["queue", "run", "--background"]).ok();
        }
    }
}
