//! Measures the polarity of reset, enable and valid by trying every combination.

use super::error::AuditError;
use super::finding::Finding;
use super::harness::Harness;
use super::operands::OperandSource;
use super::port_map::PortMap;
use super::role_ports::RolePorts;
use super::rows::{CONTROL_ROLES, ENABLE, InputRows, OutputRows, RESET, VALID};
use super::timing::assert_valid;

/// Control inputs whose polarity is measured.
const MEASURED: [usize; 3] = [RESET, ENABLE, VALID];

/// Cycles of random operands for each combination of levels.
const CYCLES: usize = 512;

/// Cycles between pulses of `valid_in`; odd, so that enumerated operands do not repeat.
const PULSE_INTERVAL: usize = 61;

/// Response of a design to random operands.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Activity {
    /// Rows in which a result differs from the row before, without those of the first response.
    changes: usize,
    /// Rows with `valid_out` asserted.
    valid: usize,
    /// Changes if `valid_in` is a pulse, which starts a design of several cycles.
    pulsed_changes: usize,
}

/// A combination of polarities and the response to it.
type Attempt = ([bool; 5], Activity);

/// Measures the polarity of reset, enable and valid, and stores it in the harness.
///
/// A polarity stated in the map is kept.
pub(crate) fn measure(
    harness: &mut Harness,
    map: &PortMap,
    operands: &dyn OperandSource,
) -> Result<Vec<Finding>, AuditError> {
    let is_stated = |control: usize| {
        let mapped = map.role(CONTROL_ROLES[control]);
        mapped.is_some_and(|mapped| mapped.ports.iter().any(|bound| bound.inverted))
    };
    let mapped: Vec<usize> = MEASURED.into_iter().filter(|&control| harness.has(control)).collect();
    let unknown: Vec<usize> = mapped.iter().copied().filter(|&control| !is_stated(control)).collect();
    let attempts = attempts(harness, &unknown, operands)?;
    for &control in &unknown {
        harness.active_low[control] = is_active_low(control, &attempts)
            .unwrap_or_else(|| has_active_low_name(map.role(CONTROL_ROLES[control])));
    }
    let finding = |control: usize| {
        let polarity = if harness.active_low[control] { "active low" } else { "active high" };
        let effect = effect(harness, control, operands)?;
        Ok(Finding::new(CONTROL_ROLES[control].name(), &format!("{polarity}{effect}")))
    };
    mapped.into_iter().map(finding).collect()
}

/// Simulates every combination of polarities of some control inputs.
fn attempts(
    harness: &mut Harness,
    unknown: &[usize],
    operands: &dyn OperandSource,
) -> Result<Vec<Attempt>, AuditError> {
    let mut attempts = Vec::new();
    for combination in 0..1usize << unknown.len() {
        for (bit, &control) in unknown.iter().enumerate() {
            harness.active_low[control] = combination >> bit & 1 == 1;
        }
        attempts.push((harness.active_low, activity(harness, operands)?));
    }
    Ok(attempts)
}

/// Whether a control input is active low, `None` if the attempts are inconclusive.
fn is_active_low(control: usize, attempts: &[Attempt]) -> Option<bool> {
    let best = |active_low: bool| {
        let own = attempts.iter().filter(|(levels, _)| levels[control] == active_low);
        own.map(|&(_, activity)| activity).max().unwrap_or_default()
    };
    let (high, low) = (best(false), best(true));
    match (high.changes, low.changes) {
        (0, 1..) => Some(true),
        (1.., 0) => Some(false),
        (high, low) if high > 2 * low => Some(false),
        (high, low) if low > 2 * high => Some(true),
        // Results change with either polarity: compare how often they are marked as valid.
        _ if high.valid > 2 * low.valid => Some(false),
        _ if low.valid > 2 * high.valid => Some(true),
        // A design of several cycles may not respond as long as valid is asserted.
        (0, 0) if high.pulsed_changes > 2 * low.pulsed_changes => Some(false),
        (0, 0) if low.pulsed_changes > 2 * high.pulsed_changes => Some(true),
        _ => None,
    }
}

/// Whether the name of a port suggests that it is active low.
fn has_active_low_name(mapped: Option<&RolePorts>) -> bool {
    let name = mapped.map(RolePorts::names).unwrap_or_default().to_lowercase();
    let name = name.trim_end_matches("_i");
    ["_n", "_ni", "_b", "_l", "rstn", "resetn", "nrst"].iter().any(|suffix| name.ends_with(suffix))
        || name.starts_with("n_")
}

fn activity(harness: &Harness, operands: &dyn OperandSource) -> Result<Activity, AuditError> {
    let mut rows = InputRows::all_valid(operands.fill(0, CYCLES));
    let changes = |outputs: &OutputRows| -> usize {
        let of_result = |result: &Vec<u64>| result.windows(2).filter(|pair| pair[0] != pair[1]).count();
        outputs.results.iter().map(of_result).sum()
    };
    let streamed = harness.start()?.run(&rows)?;
    assert_valid(&mut rows, PULSE_INTERVAL, 1);
    let pulsed = harness.start()?.run(&rows)?;
    let count = changes(&streamed);
    Ok(Activity {
        // A single change is the response to the end of reset.
        changes: if count <= streamed.results.len() { 0 } else { count },
        valid: streamed.valid.map_or(0, |valid| valid.iter().filter(|&&valid| valid == 1).count()),
        pulsed_changes: changes(&pulsed),
    })
}

/// The effect of reset on a stream of valid rows, ready to append; empty for other inputs.
fn effect(
    harness: &Harness,
    control: usize,
    operands: &dyn OperandSource,
) -> Result<&'static str, AuditError> {
    const PULSE: usize = 64;
    if control != RESET {
        return Ok("");
    }
    let steady = InputRows::all_valid(operands.fill(0, 2 * PULSE));
    let mut pulsed = steady.clone();
    pulsed.controls[RESET][PULSE..PULSE + 4].fill(1);
    let (without, with) = (harness.start()?.run(&steady)?, harness.start()?.run(&pulsed)?);
    let differs = |row: usize| {
        without.results.iter().zip(&with.results).any(|(without, with)| without[row] != with[row])
            || without.valid.as_ref().zip(with.valid.as_ref()).is_some_and(|(a, b)| a[row] != b[row])
    };
    Ok(match ((PULSE..2 * PULSE).any(differs), differs(PULSE)) {
        (true, true) => ", asynchronous",
        (true, false) => ", synchronous",
        (false, _) => ", without effect on the outputs",
    })
}
