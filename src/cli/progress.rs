//! Progress on stderr: only for a person, only when it takes more than a second.

use std::io::{IsTerminal, stderr};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar that appears after a second, never when stderr is no terminal.
pub(super) struct Progress {
    label: String,
    started: Instant,
    total: OnceLock<u64>,
    bar: OnceLock<ProgressBar>,
    done: std::sync::atomic::AtomicU64,
}

impl Progress {
    pub(super) fn new(label: &str) -> Progress {
        Progress {
            label: label.to_string(),
            started: Instant::now(),
            total: OnceLock::new(),
            bar: OnceLock::new(),
            done: Default::default(),
        }
    }

    /// Says how much there is to do.
    pub(super) fn begin(&self, total: u64) {
        self.total.get_or_init(|| total);
    }

    /// Says how much more is done.
    pub(super) fn advance(&self, step: u64) {
        let done = self.done.fetch_add(step, std::sync::atomic::Ordering::Relaxed) + step;
        if self.started.elapsed() > Duration::from_secs(1) && stderr().is_terminal() {
            self.bar.get_or_init(|| self.draw()).set_position(done);
        }
    }

    fn draw(&self) -> ProgressBar {
        let bar =
            ProgressBar::with_draw_target(self.total.get().copied(), ProgressDrawTarget::stderr_with_hz(10));
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent}% {eta}");
        bar.set_style(style.expect("the template is a constant that a test draws"));
        bar.set_message(self.label.clone());
        bar
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
