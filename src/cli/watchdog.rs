//! An end for designs that never give one.

use std::fmt::Display;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

use super::print_error;

/// Ends the process, with exit code 2, unless something is heard in time: a design may loop for ever
/// inside one evaluation, and then nothing else stops it. Watches until it is dropped.
pub(super) struct Watchdog {
    heard: Sender<()>,
}

impl Watchdog {
    /// Says `error` when nothing is heard for as long as the limit.
    pub(super) fn new(limit: Duration, error: impl Display + Send + 'static) -> Watchdog {
        let (heard, hears) = channel();
        std::thread::spawn(move || {
            loop {
                match hears.recv_timeout(limit) {
                    Ok(()) => (),
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        print_error(&format!("error: {error}\n"));
                        std::process::exit(2);
                    }
                }
            }
        });
        Watchdog { heard }
    }

    /// The limit begins anew.
    pub(super) fn restart(&self) {
        // Who listens ends with the process, or after this.
        let _ = self.heard.send(());
    }
}
