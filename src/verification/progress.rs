//! Progress of a run, for its observer.

/// An observer of a run: a progress bar, a watchdog.
///
/// Both methods may be called from any thread. `()` ignores all calls.
pub trait Progress: Sync {
    /// Announces the total number of steps, before the first call of [`Progress::advance`].
    fn begin(&self, total: u64);

    /// Reports the number of steps completed since the last call.
    fn advance(&self, steps: u64);
}

impl Progress for () {
    fn begin(&self, _total: u64) {}

    fn advance(&self, _steps: u64) {}
}
