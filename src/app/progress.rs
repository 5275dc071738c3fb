//! A bar on a terminal when sending takes longer than about a second.

#![allow(clippy::disallowed_types)] // A second is counted here.

use crate::cli::When;
use crate::client::Observer;
use indicatif::{HumanBytes, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How long sending takes before there is a bar, and how often a line is written where there is no terminal.
const A_MOMENT: Duration = Duration::from_secs(1);

/// Shows how far the content has come.
pub struct ProgressShown {
    at_once: bool,
    total: u64,
    written: u64,
    since: Option<Instant>,
    bar: Option<ProgressBar>,
    /// Without a terminal: lines, when the last one was written.
    lines: bool,
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
        let at_once = when == When::Always;
        show.then_some(ProgressShown {
            at_once,
            total: 0,
            written: 0,
            since: None,
            bar: None,
            lines: !terminal,
        })
    }

    fn draw(&mut self) {
        let Some(since) = self.since else { return };
        if self.lines {
            if since.elapsed() >= A_MOMENT {
                self.since = Some(Instant::now());
                let (written, total) = (HumanBytes(self.written), HumanBytes(self.total));
                let _ = writeln!(io::stderr().lock(), "ehlo: {written} of {total} sent");
            }
            return;
        }
        if self.bar.is_none() && (self.at_once || since.elapsed() >= A_MOMENT) {
            let style = ProgressStyle::with_template(
                "{bar:32} {bytes} of {total_bytes}, {bytes_per_sec}, {eta} left",
            );
            let bar = ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr());
            self.bar = Some(match style {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            });
        }
        if let Some(bar) = &self.bar {
            bar.set_position(self.written.min(self.total));
        }
    }
}

impl Observer for ProgressShown {
    fn content_begins(&mut self, octets: u64) {
        self.total = octets;
        self.written = 0;
        self.since = Some(Instant::now());
    }

    fn written(&mut self, octets: u64) {
        self.written += octets;
        self.draw();
    }

    fn content_ends(&mut self, _whole: bool) {
        self.since = None;
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
