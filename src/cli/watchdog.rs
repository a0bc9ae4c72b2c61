//! Aborts the process when a design hangs.

use std::fmt::Display;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::print_error;

/// Aborts the process with exit code 2 unless it is restarted within the time limit.
///
/// A design may loop forever inside one evaluation, and nothing else can stop it. Ends when dropped.
pub(super) struct Watchdog {
    restarts: Sender<()>,
}

impl Watchdog {
    /// Starts a watchdog that prints `error` when it aborts.
    pub(super) fn new(limit: Duration, error: impl Display + Send + 'static) -> Self {
        let (restarts, receiver) = channel();
        std::thread::spawn(move || {
            loop {
                match receiver.recv_timeout(limit) {
                    Ok(()) => (),
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        print_error(&format!("error: {error}\n"));
                        std::process::exit(2);
                    }
                }
            }
        });
        Self { restarts }
    }

    /// Restarts the time limit.
    pub(super) fn restart(&self) {
        // The receiver lives as long as this sender.
        let _ = self.restarts.send(());
    }
}
