//! Lines that were found before: the same requantizer is asked for again by every step of a verification.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::form::LineForm;
use super::staircase::Staircase;
use crate::unit::Target;

/// Number of lines that are kept.
const LINES: usize = 512;
/// Longest list of thresholds that is kept, that of codes of 8 bits.
const THRESHOLDS: usize = 256;

type Lines = HashMap<(Staircase, Target), Option<LineForm>>;

static FOUND: Mutex<Option<Lines>> = Mutex::new(None);

fn found() -> MutexGuard<'static, Option<Lines>> {
    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The result of a search that depends on staircase and target only.
pub(super) fn remembered(
    staircase: &Staircase,
    target: Target,
    search: impl FnOnce() -> Option<LineForm>,
) -> Option<LineForm> {
    if staircase.thresholds.len() > THRESHOLDS {
        return search();
    }
    let key = (staircase.clone(), target);
    if let Some(line) = found().get_or_insert_default().get(&key) {
        return line.clone();
    }
    let line = search();
    let mut found = found();
    let lines = found.get_or_insert_default();
    if lines.len() >= LINES {
        lines.clear();
    }
    lines.insert(key, line.clone());
    line
}
