//! What the control inputs do: found by trying, so that no polarity need be told.

use super::bench::{Bench, ENABLE, LINES, RESET, Rows, VALID, port_names};
use super::binding::Binding;
use super::error::AuditError;
use super::finding::Finding;
use super::role::Role;
use super::stimulus::Stimulus;

/// Cycles of random operands that every combination of levels gets.
const CYCLES: usize = 512;

/// How often a result changes from one row to the next, and in how many rows it is marked as valid.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Activity {
    changes: usize,
    valid: usize,
}

/// Finds out which level of reset, enable and valid lets results through, and leaves the bench with it.
/// Lines whose polarity the map gave are left alone.
pub(crate) fn discover(
    bench: &mut Bench,
    binding: &Binding,
    stimulus: &dyn Stimulus,
) -> Result<Vec<Finding>, AuditError> {
    let given = |line: usize| {
        binding.role(LINES[line]).is_some_and(|mapped| mapped.ports.iter().any(|bound| bound.inverted))
    };
    let unknown: Vec<usize> =
        [RESET, ENABLE, VALID].into_iter().filter(|&line| bench.has(line) && !given(line)).collect();
    let mut tried = Vec::new();
    for levels in 0..1usize << unknown.len() {
        for (place, &line) in unknown.iter().enumerate() {
            bench.low[line] = levels >> place & 1 == 1;
        }
        tried.push((bench.low, activity(bench, stimulus)?));
    }
    let mut findings = Vec::new();
    for &line in &unknown {
        let best = |low: bool| {
            let own = tried.iter().filter(|(levels, _)| levels[line] == low);
            own.map(|&(_, activity)| activity).max().unwrap_or_default()
        };
        let (high, low) = (best(false), best(true));
        let is_low = match (high.changes, low.changes) {
            (0, 1..) => true,
            (1.., 0) => false,
            (high, low) if high > 2 * low => false,
            (high, low) if low > 2 * high => true,
            // Results change either way: what is marked as valid may tell.
            _ if high.valid > 2 * low.valid => false,
            _ if low.valid > 2 * high.valid => true,
            _ => sounds_low(binding, LINES[line]),
        };
        bench.low[line] = is_low;
    }
    for line in [RESET, ENABLE, VALID].into_iter().filter(|&line| bench.has(line)) {
        let polarity = if bench.low[line] { "active low" } else { "active high" };
        let text = format!("{polarity}{}", effect(bench, line, stimulus)?);
        findings.push(Finding::new(LINES[line].name(), &text));
    }
    Ok(findings)
}

/// Whether the name of a port says that it is active low.
fn sounds_low(binding: &Binding, role: Role) -> bool {
    let name = binding.role(role).map(port_names).unwrap_or_default().to_lowercase();
    let name = name.trim_end_matches("_i");
    ["_n", "_ni", "_b", "_l", "rstn", "resetn", "nrst"].iter().any(|end| name.ends_with(end))
        || name.starts_with("n_")
}

fn activity(bench: &Bench, stimulus: &dyn Stimulus) -> Result<Activity, AuditError> {
    let answers = bench.start()?.run(&Rows::steady(stimulus.fill(0, CYCLES)))?;
    let changes = |result: &Vec<u64>| result.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let valid = answers.valid.map_or(0, |valid| valid.iter().filter(|&&valid| valid == 1).count());
    Ok(Activity { changes: answers.results.iter().map(changes).sum(), valid })
}

/// What a line does to the results of a stream, in words to append.
fn effect(bench: &Bench, line: usize, stimulus: &dyn Stimulus) -> Result<&'static str, AuditError> {
    const AT: usize = 64;
    let steady = Rows::steady(stimulus.fill(0, 2 * AT));
    let mut changed = steady.clone();
    changed.lines[line][AT..AT + 4].fill(u8::from(line == RESET));
    let (without, with) = (bench.start()?.run(&steady)?, bench.start()?.run(&changed)?);
    let row = |row: usize| {
        without.results.iter().zip(&with.results).any(|(without, with)| without[row] != with[row])
            || without.valid.as_ref().zip(with.valid.as_ref()).is_some_and(|(a, b)| a[row] != b[row])
    };
    Ok(match (line, (AT..2 * AT).any(row), row(AT)) {
        (RESET, true, true) => ", asynchronous",
        (RESET, true, false) => ", synchronous",
        (_, false, _) => ", no effect on the outputs seen",
        _ => "",
    })
}
