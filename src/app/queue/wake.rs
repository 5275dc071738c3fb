//! Whoever puts a message into the queue sees to it that somebody sends it: a runner that goes on alone.

use crate::net::program::Left;
use crate::spool::Spool;

/// Starts runners, one at a time.
#[derive(Debug, Default)]
pub struct Waker {
    runner: Option<Left>,
    /// A message came while the runner that was started last was there: it may have looked for the last time.
    is_owed: bool,
}

impl Waker {
    /// Sees to it that a message that was just put there is looked at. Where a runner is at work, it looks at what
    /// came meanwhile before it leaves. That none can be started is no error: the message is kept, and whoever
    /// runs the queue next sends it.
    pub fn wake(&mut self, spool: &impl Spool) {
        match self.runner.as_mut().map(Left::has_ended) {
            // For a program that hands over a thousand messages a second, this is all.
            Some(false) => self.is_owed = true,
            Some(true) | None => self.start(spool),
        }
    }

    /// No more messages come.
    pub fn finish(&mut self, spool: &impl Spool) {
        if self.is_owed {
            self.start(spool);
        }
    }

    fn start(&mut self, spool: &impl Spool) {
        self.is_owed = false;
        // Whoever gets the lock here may keep a runner that starts now from getting it: so one is started after that.
        if matches!(spool.run_alone(false), Ok(None)) {
            return;
        }
        if let Ok(program) = std::env::current_exe() {
            self.runner = Left::start(&program, "ehlo", &["queue", "run", "--background"]).ok();
        }
    }
}
