//! What holds of a module and its mutant in every state that they reach together after a reset.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use super::circuit::Circuit;
use super::equivalence::Judge;
use super::error::MutationError;
use super::files::write;
use super::miter::{ALIKE, CONTROL};
use crate::toolchain::ToolError;
use crate::unit::{Behaviour, Role};

/// How many times the solver may find another reachable state.
const MOST: usize = 600;

/// For how long, in limits of one question.
const LIMITS: u32 = 10;

/// The strongest invariant of its kind: for each reachable state of the control registers, which of the
/// others hold the same in both. Bits as the solver writes them, the highest first.
#[derive(Default)]
struct Invariant {
    alike: BTreeMap<String, String>,
}

impl Invariant {
    /// That a cycle is in it.
    fn formula(&self, pair: &Circuit, cycle: usize) -> String {
        let states = self.alike.iter().map(|(control, alike)| {
            let free: String = alike.chars().map(|bit| if bit == '1' { '0' } else { '1' }).collect();
            let all = "1".repeat(alike.len());
            format!(
                "(and (= {} #b{control}) (= (bvor {} #b{free}) #b{all}))",
                pair.value(CONTROL, cycle),
                pair.value(ALIKE, cycle)
            )
        });
        format!("(or false false {})", states.collect::<Vec<_>>().join(" "))
    }

    /// Weakens it by a state that is reached.
    fn admit(&mut self, control: String, alike: &str) {
        let weakest = self.alike.entry(control).or_insert_with(|| "1".repeat(alike.len()));
        *weakest = weakest.chars().zip(alike.chars()).map(|(known, seen)| known.min(seen)).collect();
    }
}

/// Whether no output can differ in any state that is reached after a reset: starts with no state at all,
/// and admits what a reset or a step from an admitted state leads to, until nothing more does.
pub(crate) fn excludes_differences(
    pair: &Circuit,
    judge: &Judge,
    path: &Path,
) -> Result<bool, MutationError> {
    let Some(reset) = pair.control(Role::Reset, 0) else { return Ok(false) };
    let first = match pair.config.behaviour() {
        Behaviour::Sequential { .. } => reset,
        // Nobody need reset what has no history.
        _ => format!("(or {reset} {})", pair.is_zero()),
    };
    let mut invariant = Invariant::default();
    let mut is_started = false;
    let clock = Instant::now();
    for _ in 0..MOST {
        if clock.elapsed() > judge.limit * LIMITS {
            return Ok(false);
        }
        let before = if is_started { invariant.formula(pair, 0) } else { first.clone() };
        let question = pair.question(1, &[before], &invariant.formula(pair, 1));
        let wanted = [CONTROL, ALIKE].map(|name| pair.value(name, 1)).join(" ");
        write(path, &format!("{question}(get-value ({wanted}))\n"))?;
        match found(judge.solver.run(path, judge.limit)?)? {
            Found::State { control, alike } => invariant.admit(control, &alike),
            Found::Nothing if is_started => {
                write(path, &pair.question(0, &[invariant.formula(pair, 0)], &pair.no_difference(0)))?;
                let text = judge.solver.run(path, judge.limit)?;
                return Ok(text.is_some_and(|text| text.trim() == "unsat"));
            }
            Found::Nothing => is_started = true,
            Found::TimeOut => return Ok(false),
        }
    }
    Ok(false)
}

/// What the solver found outside of the invariant.
enum Found {
    State { control: String, alike: String },
    Nothing,
    TimeOut,
}

fn found(answer: Option<String>) -> Result<Found, MutationError> {
    let Some(text) = answer else { return Ok(Found::TimeOut) };
    let mut values = text
        .split("#b")
        .skip(1)
        .map(|rest| rest.chars().take_while(|digit| digit.is_ascii_digit()).collect::<String>());
    match (text.trim(), values.next(), values.next()) {
        ("unsat", ..) => Ok(Found::Nothing),
        (_, Some(control), Some(alike)) => Ok(Found::State { control, alike }),
        (text, ..) => Err(ToolError::Solver { message: format!("no values in '{text}'") }.into()),
    }
}
