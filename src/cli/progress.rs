//! Progress on stderr: a bar on a terminal, a line every ten seconds elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressDrawTarget, ProgressStyle};

use super::print_notice;
use crate::verification::Progress;

/// Time between two progress lines if stderr is not a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// Progress of a subcommand: a bar that appears after a second, or a line every ten seconds.
pub(super) struct ProgressBar {
    label: String,
    started: Instant,
    total: OnceLock<u64>,
    bar: OnceLock<indicatif::ProgressBar>,
    done: AtomicU64,
    /// Number of intervals whose line has been printed.
    lines: AtomicU64,
}

impl ProgressBar {
    pub(super) fn new(label: &str) -> Self {
        Self {
            label: label.to_string(),
            started: Instant::now(),
            total: OnceLock::new(),
            bar: OnceLock::new(),
            done: AtomicU64::new(0),
            lines: AtomicU64::new(0),
        }
    }

    /// Prints the line of the current interval once.
    fn print_line(&self, done: u64) {
        let interval = self.started.elapsed().as_secs() / LINE_INTERVAL.as_secs();
        if self.lines.fetch_max(interval, Ordering::Relaxed) < interval
            && let Some(total) = self.total.get()
        {
            let percent = 100 * done / (*total).max(1);
            print_notice(&format!(
                "{}: {}% after {} s",
                self.label,
                percent.min(100),
                self.started.elapsed().as_secs()
            ));
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
        if self.started.elapsed() < Duration::from_secs(1) {
            return;
        }
        if stderr().is_terminal() {
            self.bar.get_or_init(|| self.draw()).set_position(done);
        } else {
            self.print_line(done);
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
