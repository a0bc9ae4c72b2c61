//! Progress on stderr: a bar on a terminal, a line every ten seconds elsewhere.

use std::io::{IsTerminal, stderr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressDrawTarget, ProgressStyle};

use super::console::{is_quiet, print_notice};
use crate::verification::Progress;

/// Time between two progress lines if stderr is not a terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(10);

/// Time before the bar appears on a terminal, and between two updates of its clock.
const BAR_INTERVAL: Duration = Duration::from_secs(1);

/// Progress of a subcommand: a bar that appears after a second, or a line every ten seconds.
///
/// A thread shows it, so that work that makes no progress for long is not silent.
pub(super) struct ProgressBar {
    state: Arc<State>,
    /// Ends the thread when it is dropped.
    _running: Sender<()>,
}

struct State {
    label: String,
    started: Instant,
    total: OnceLock<u64>,
    done: AtomicU64,
    bar: OnceLock<indicatif::ProgressBar>,
}

impl ProgressBar {
    pub(super) fn new(label: &str) -> Self {
        let state = Arc::new(State {
            label: label.to_string(),
            started: Instant::now(),
            total: OnceLock::new(),
            done: AtomicU64::new(0),
            bar: OnceLock::new(),
        });
        let (running, stopped) = mpsc::channel();
        let shown = Arc::clone(&state);
        thread::spawn(move || {
            if is_quiet() {
                return;
            }
            let is_terminal = stderr().is_terminal();
            let interval = if is_terminal { BAR_INTERVAL } else { LINE_INTERVAL };
            while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                if is_terminal { shown.draw() } else { shown.print_line() }
            }
        });
        Self { state, _running: running }
    }
}

/// Finds tools, shown as progress, because fetching one for the first time takes a while.
pub(super) fn prepare_tools<T>(find: impl FnOnce() -> T) -> T {
    let _progress = ProgressBar::new("tools");
    find()
}

impl State {
    fn print_line(&self) {
        let (label, seconds) = (&self.label, self.started.elapsed().as_secs());
        print_notice(&match self.total.get() {
            Some(total) => {
                let done = self.done.load(Ordering::Relaxed).min(*total);
                let percent = u128::from(done) * 100 / u128::from((*total).max(1));
                format!("{label}: {percent}%, {done} of {total}, after {seconds} s")
            }
            None => format!("{label}: preparing since {seconds} s"),
        });
    }

    fn draw(&self) {
        let bar = self.bar.get_or_init(|| {
            let target = ProgressDrawTarget::stderr_with_hz(10);
            let bar = indicatif::ProgressBar::with_draw_target(self.total.get().copied(), target);
            let style = ProgressStyle::with_template(
                "{msg} {wide_bar} {percent}%, {human_pos} of {human_len}, {elapsed}, {eta} left",
            );
            bar.set_style(style.expect("the template is a valid constant"));
            bar.set_message(self.label.clone());
            bar
        });
        if let Some(total) = self.total.get() {
            bar.set_length(*total);
        }
        bar.set_position(self.done.load(Ordering::Relaxed));
        bar.tick();
    }
}

impl Progress for ProgressBar {
    fn begin(&self, total: u64) {
        self.state.total.get_or_init(|| total);
    }

    fn advance(&self, steps: u64) {
        let done = self.state.done.fetch_add(steps, Ordering::Relaxed) + steps;
        if let Some(bar) = self.state.bar.get() {
            bar.set_position(done);
        }
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        if let Some(bar) = self.state.bar.get() {
            bar.finish_and_clear();
        }
    }
}
