//! Runs independent work on every core.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Number of threads set by [`limit_threads`]; 0 for one per core.
static LIMIT: AtomicUsize = AtomicUsize::new(0);

/// Limits the threads of this process's parallel work.
pub fn limit_threads(threads: usize) {
    LIMIT.store(threads, Ordering::Relaxed);
}

/// Number of threads for parallel work: one per core, or the limit.
pub fn threads() -> usize {
    match LIMIT.load(Ordering::Relaxed) {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        limit => limit,
    }
}

/// Maps items on every core, and keeps their order.
///
/// The first error in the order of the items is the result; work that has begun is finished.
///
/// # Errors
/// Those of `work`.
pub fn in_parallel<T: Sync, R: Send, E: Send>(
    items: &[T],
    work: impl Fn(&T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<Result<R, E>>>> = items.iter().map(|_| Mutex::new(None)).collect();
    let threads = threads().min(items.len());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((item, result)) = {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    items.get(index).zip(results.get(index))
                } {
                    let done = work(item);
                    if done.is_err() {
                        next.store(items.len(), Ordering::Relaxed);
                    }
                    *result.lock().expect("nothing panics while it holds the lock") = Some(done);
                }
            });
        }
    });
    // Items after an error may never have been taken: the error comes before them in the collection.
    let results = results.into_iter().filter_map(|result| result.into_inner().ok().flatten());
    let results: Vec<Result<R, E>> = results.collect();
    results.into_iter().collect()
}
