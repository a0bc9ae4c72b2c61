//! A progress bar on stderr.

use std::io::{IsTerminal, stderr};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressDrawTarget, ProgressStyle};

use crate::verification::Progress;

/// A progress bar that appears after a second, and only if stderr is a terminal.
pub(super) struct ProgressBar {
    label: String,
    started: Instant,
    total: OnceLock<u64>,
    bar: OnceLock<indicatif::ProgressBar>,
    done: AtomicU64,
}

impl ProgressBar {
    pub(super) fn new(label: &str) -> Self {
        Self {
            label: label.to_string(),
            started: Instant::now(),
            total: OnceLock::new(),
            bar: OnceLock::new(),
            done: AtomicU64::new(0),
        }
    }

    fn draw(&self) -> indicatif::ProgressBar {
        let target = ProgressDrawTarget::stderr_with_hz(10);
        let bar = indicatif::ProgressBar::with_draw_target(self.total.get().copied(), target);
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}% {eta}");
        bar.set_style(style.expect("the template is a valid constant"));
        bar.set_message(self.label.clone());
        bar
    }
}

impl Progress for ProgressBar {
    fn begin(&self, total: u64) {
        self.total.get_or_init(|| total);
    }

    fn advance(&self, steps: u64) {
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        if self.started.elapsed() > Duration::from_secs(1) && stderr().is_terminal() {
            self.bar.get_or_init(|| self.draw()).set_position(done);
        }
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
