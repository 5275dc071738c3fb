//! A signal while a person is waited for. rustyline takes no notice of one, so another thread does: the
//! terminal becomes what it was, and the signal, sent again, ends the process as a second one does
//! (net/interrupt.rs).

use crate::net::interrupt;
use crate::output::Output;
use rustix::process::{Signal, getpid, kill_process};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How long a signal may go unnoticed.
const A_MOMENT: Duration = Duration::from_millis(100);

/// Whether a person is waited for.
#[derive(Clone, Default)]
pub struct Watch(Arc<AtomicBool>);

impl Watch {
    /// Begins to look out for signals, at a terminal that is as it is to be left.
    pub fn begin() -> Watch {
        let watch = Watch::default();
        let (waits, terminal) = (watch.clone(), tcgetattr(io::stdin()).ok());
        // Without it a signal waits for the next line.
        let _ = thread::Builder::new().spawn(move || waits.look_out(terminal.as_ref()));
        watch
    }

    /// Waits for a person.
    pub fn over<T>(&self, wait: impl FnOnce() -> T) -> T {
        self.0.store(true, Ordering::SeqCst);
        let done = wait();
        self.0.store(false, Ordering::SeqCst);
        done
    }

    fn look_out(&self, terminal: Option<&Termios>) {
        loop {
            thread::sleep(A_MOMENT);
            let Some(signal) = interrupt::caught().filter(|_| self.0.load(Ordering::SeqCst)) else {
                continue;
            };
            if let Some(terminal) = terminal {
                // What was typed ahead must not become the shell's commands.
                let _ = tcsetattr(io::stdin(), OptionalActions::Flush, terminal);
            }
            Output::plain().talk("");
            Output::plain().say("interrupted by a signal");
            if let Some(signal) = Signal::from_named_raw(signal) {
                let _ = kill_process(getpid(), signal);
            }
            return;
        }
    }
}
