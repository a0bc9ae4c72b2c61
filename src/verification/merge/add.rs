//! Sum of two reports on parts of the same stimulus.

use std::collections::BTreeSet;

use crate::simulation::{CoverageCount, CoverageSummary};
use crate::verification::report::Report;

/// The first difference that shows that two lists of reports are not on the same stimulus.
pub(crate) fn first_difference(own: &[Report], other: &[Report]) -> Option<String> {
    if own.len() != other.len() {
        return Some(format!("{} configs instead of {}", other.len(), own.len()));
    }
    own.iter().zip(other).find_map(|(own, other)| {
        let properties = |report: &Report| {
            [
                ("config", report.arguments.clone()),
                ("digest of config and Verilog", report.digest.clone()),
                ("domain", or_none(report.domain)),
                ("transactions", report.transactions.to_string()),
                ("seed", or_none(report.seed)),
                ("lanes", report.lanes.to_string()),
                ("coverage", report.coverage.is_some().to_string()),
            ]
        };
        let mut pairs = properties(own).into_iter().zip(properties(other));
        let ((name, expected), (_, found)) = pairs.find(|(own, other)| own != other)?;
        Some(format!("{}: {name} {found} instead of {expected}", own.preset))
    })
}

fn or_none(number: Option<u64>) -> String {
    number.map_or_else(|| "none".to_string(), |number| number.to_string())
}

/// The sum of two reports, with the failure that comes first in the stimulus; `None` on overflow.
pub(crate) fn sum(sum: Report, other: Report) -> Option<Report> {
    let compared = sum.compared.checked_add(other.compared)?;
    let transaction = |report: &Report| {
        let first = report.failure.as_ref().and_then(|failure| failure.mismatches.first());
        first.map_or(u64::MAX, |mismatch| mismatch.transaction)
    };
    let is_first = transaction(&sum) <= transaction(&other);
    let (first, later) = if is_first { (sum.failure, other.failure) } else { (other.failure, sum.failure) };
    let coverage = match sum.coverage.zip(other.coverage) {
        Some((a, b)) => Some(union(a, b)?),
        None => None,
    };
    Some(Report {
        compared,
        exhaustive: sum.seed.is_none() && Some(compared) == sum.domain,
        control_cycles: sum_present(sum.control_cycles, other.control_cycles)?,
        long_sum_cycles: sum_present(sum.long_sum_cycles, other.long_sum_cycles)?,
        random_start_cycles: sum_present(sum.random_start_cycles, other.random_start_cycles)?,
        mismatches: sum.mismatches.checked_add(other.mismatches)?,
        seconds: sum.seconds + other.seconds,
        coverage,
        four_state: sum.four_state.or(other.four_state),
        failure: first.or(later),
        ..sum
    })
}

/// The sum of counts that only some shards have; the outer `None` on overflow.
fn sum_present(a: Option<u64>, b: Option<u64>) -> Option<Option<u64>> {
    match (a, b) {
        (Some(a), Some(b)) => a.checked_add(b).map(Some),
        (a, b) => Some(a.or(b)),
    }
}

/// Coverage of both parts; `None` when more points were missed than exist.
///
/// A point that only one part missed was covered by the other, or belongs to a model that the other did not run.
fn union(a: CoverageSummary, b: CoverageSummary) -> Option<CoverageSummary> {
    let known: BTreeSet<_> = b.missed.into_iter().collect();
    let missed: Vec<_> = a.missed.into_iter().filter(|point| known.contains(point)).collect();
    let left = |is_toggle: bool| missed.iter().filter(|point| (point.kind == "toggle") == is_toggle).count();
    let covered = |points: usize, left: usize| Some(CoverageCount { hit: points.checked_sub(left)?, points });
    Some(CoverageSummary {
        lines: covered(a.lines.points, left(false))?,
        toggles: covered(a.toggles.points, left(true))?,
        missed,
    })
}
