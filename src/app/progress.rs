//! A bar on a terminal when sending takes longer than about a second; elsewhere a line now and then, if they are
//! asked for. What they say is in pace.rs.

#![allow(clippy::disallowed_types)] // A second is counted here.

use super::pace::{Pace, told};
use crate::cli::When;
use crate::client::Observer;
use crate::client::observer::Anew;
use crate::output;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long sending takes before there is a bar, and how often a line is written where there is no terminal.
const A_MOMENT: Duration = Duration::from_secs(1);
/// How often the bar is drawn where nothing moves.
const TICK: Duration = Duration::from_millis(250);
/// What is said beside the bar has so many columns at most.
const TEXT: usize = 45;
/// How wide the bar is, at least and at most.
const BAR: (usize, usize) = (8, 32);

/// Shows how far the content has come.
pub struct ProgressShown {
    at_once: bool,
    /// Without a terminal: lines.
    lines: bool,
    sending: Option<Sending>,
}

/// One content on its way.
struct Sending {
    came: Arc<Mutex<Came>>,
    bar: Option<ProgressBar>,
    /// When the last line was written, and whether any was.
    last_line: (Instant, bool),
    /// All of it was handed over.
    is_over: bool,
}

/// How far it has come; the bar's own thread looks at it.
struct Came {
    began: Instant,
    written: u64,
    total: u64,
    pace: Pace,
}

impl Came {
    fn told(&self, columns: usize) -> String {
        told(self.written, self.total, self.pace.rate(self.began.elapsed()), columns)
    }
}

impl ProgressShown {
    /// A bar or lines, unless nothing is to be shown.
    pub fn wanted(when: When, hidden: bool) -> Option<ProgressShown> {
        let terminal = io::stderr().is_terminal();
        let show = match when {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && !hidden,
        };
        show.then_some(ProgressShown { at_once: when == When::Always, lines: !terminal, sending: None })
    }

    fn clear(&mut self) {
        if let Some(bar) = self.sending.take().and_then(|sending| sending.bar) {
            bar.finish_and_clear();
        }
    }
}

impl Sending {
    fn written(&mut self, octets: u64) -> (Duration, bool) {
        let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        came.written += octets;
        let (at, written) = (came.began.elapsed(), came.written);
        came.pace.note(at, written);
        (at, came.written >= came.total)
    }

    fn write_line(&mut self, is_all: bool) {
        let (last, was_any) = self.last_line;
        if (is_all && was_any) || (!is_all && last.elapsed() >= A_MOMENT) {
            // What is all out needs no further line.
            self.last_line = (Instant::now(), !is_all);
            let text = self.came.lock().unwrap_or_else(PoisonError::into_inner).told(usize::MAX);
            let _ = writeln!(io::stderr().lock(), "ehlo: {text}");
        }
    }

    fn draw(&mut self) {
        let came = Arc::clone(&self.came);
        let bar = self.bar.get_or_insert_with(|| bar(came));
        let came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        let (written, total) = (came.written, came.total);
        // The bar looks at it, too.
        drop(came);
        bar.set_position(written.min(total));
    }
}

/// A bar that fits the terminal, or the text alone where there is no room.
fn bar(came: Arc<Mutex<Came>>) -> ProgressBar {
    let total = came.lock().unwrap_or_else(PoisonError::into_inner).total;
    let columns = output::columns_of_stderr();
    let room = columns.saturating_sub(TEXT + 1);
    let (template, text) = match room {
        room if room < BAR.0 => ("{told}".to_owned(), columns),
        room => (format!("{{bar:{}}} {{told}}", room.min(BAR.1)), TEXT),
    };
    let told = move |_: &ProgressState, out: &mut dyn fmt::Write| {
        let came = came.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = out.write_str(&came.told(text));
    };
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let bar = match ProgressStyle::with_template(&template) {
        Ok(style) => bar.with_style(style.with_key("told", told)),
        Err(_) => bar,
    };
    bar.enable_steady_tick(TICK);
    bar
}

impl Observer for ProgressShown {
    fn content_begins(&mut self, octets: u64) {
        self.clear();
        let began = Instant::now();
        let came = Came { began, written: 0, total: octets, pace: Pace::default() };
        let came = Arc::new(Mutex::new(came));
        self.sending = Some(Sending { came, bar: None, last_line: (began, false), is_over: false });
    }

    fn written(&mut self, octets: u64) {
        let Some(sending) = &mut self.sending else { return };
        let (at, is_all) = sending.written(octets);
        if self.lines {
            sending.write_line(is_all);
        } else if sending.bar.is_some() || self.at_once || at >= A_MOMENT {
            sending.draw();
        }
    }

    fn content_ends(&mut self, whole: bool) {
        match &mut self.sending {
            Some(sending) if whole => sending.is_over = true,
            _ => self.clear(),
        }
    }

    fn received(&mut self, _line: &[u8]) {
        if self.sending.as_ref().is_some_and(|sending| sending.is_over) {
            self.clear();
        }
    }

    fn connects_anew(&mut self, _why: Anew) {
        self.clear();
    }
}

impl Drop for ProgressShown {
    fn drop(&mut self) {
        self.clear();
    }
}
