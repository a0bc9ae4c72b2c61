//! Claims about a miter as queries for the solver.

use std::ops::Range;

use super::miter::{DIFFER, EQUAL, STATE};
use crate::proof::{query, signal};
use crate::unit::{Behaviour, Config, Port, Role};

/// The transition relation of a miter.
pub(crate) struct Relation<'a> {
    pub(crate) config: &'a Config,
    pub(crate) text: String,
}

/// A claim over some cycles.
pub(crate) struct Query {
    /// Assumptions on the control inputs and the first state.
    assumptions: Vec<String>,
    /// Cycles in which nothing is assumed to differ.
    assumed: Range<usize>,
    /// Cycles in which nothing may differ.
    claimed: Range<usize>,
}

impl Query {
    /// Same-state step: nothing differs, from any state that both machines share.
    pub(crate) fn same_state_step() -> Self {
        Self { assumptions: Vec::new(), assumed: 0..0, claimed: 0..1 }
    }
}

impl Relation<'_> {
    /// Nothing differs in the cycles after power-up, when all registers are 0, for any control inputs. A
    /// unit with history is reset first.
    pub(crate) fn after_power_up(&self, cycles: usize) -> Query {
        let (first, reset) = match self.config.behaviour() {
            // Outputs before the first result are not compared.
            Behaviour::FeedForward { latency } => (latency, None),
            Behaviour::Pipelined { .. } => (0, None),
            Behaviour::Sequential { .. } | Behaviour::Stream { .. } => (1, self.control(Role::Reset, 0)),
        };
        let zero = format!("(= {0} (bvsub {0} {0}))", self.value(STATE, 0));
        let assumptions = std::iter::once(zero).chain(reset).collect();
        Query { assumptions, assumed: 0..0, claimed: first..first + cycles }
    }

    /// Nothing differs in the cycles after a reset, for any previous register contents and any control
    /// inputs. `None` without a reset.
    fn after_reset(&self, cycles: usize) -> Option<Query> {
        let assumptions = vec![self.control(Role::Reset, 0)?];
        Some(Query { assumptions, assumed: 0..0, claimed: 1..cycles + 1 })
    }

    /// k-induction: the base cases, and the step: nothing differs after some cycles without a difference,
    /// from any pair of states.
    pub(crate) fn k_induction(&self, cycles: usize) -> Vec<Query> {
        let assumptions = (0..cycles).map(|cycle| self.advances(cycle)).collect();
        let step = Query { assumptions, assumed: 0..cycles, claimed: cycles..cycles + 1 };
        [self.after_power_up(cycles)].into_iter().chain(self.after_reset(cycles)).chain([step]).collect()
    }

    /// Pipeline flush: nothing differs from `latency` cycles on, from any pair of states, and nothing differs
    /// in the cycles before, after power-up or after a reset. `None` for a unit with history.
    pub(crate) fn pipeline_flush(&self) -> Option<Vec<Query>> {
        let latency = self.config.behaviour().latency();
        let assumptions = (0..latency).map(|cycle| self.advances(cycle)).collect();
        let flush = Query { assumptions, assumed: 0..0, claimed: latency..latency + 1 };
        match self.config.behaviour() {
            Behaviour::FeedForward { .. } => Some(vec![flush]),
            Behaviour::Pipelined { .. } => {
                let before = [self.after_power_up(latency)].into_iter().chain(self.after_reset(latency));
                Some([flush].into_iter().chain(before).collect())
            }
            Behaviour::Sequential { .. } | Behaviour::Stream { .. } => None,
        }
    }

    /// Stall: no live register changes while the unit is neither enabled nor reset, so that sequences without
    /// stalls are sufficient. `None` for a unit that cannot stall.
    pub(crate) fn stall(&self) -> Option<String> {
        let enabled = self.control(Role::Enable, 0)?;
        let reset = self.control(Role::Reset, 0).map(|reset| not(&reset));
        let assumptions: Vec<String> = [not(&enabled)].into_iter().chain(reset).collect();
        let claim = format!("(= {} {})", self.value(STATE, 0), self.value(STATE, 1));
        Some(self.unrolled(1, &assumptions, &claim))
    }

    /// SMT-LIB text of a query. `corresponding` has a 1 for each pair of register bits that is also assumed and
    /// claimed to be equal, highest pair first; it is empty for none. With a counterexample, the solver prints
    /// which pairs are equal in all claimed cycles.
    pub(crate) fn text(&self, query: &Query, corresponding: &str) -> String {
        let correspond = |equal: &str| match corresponding {
            "" => "true".to_string(),
            bits => format!("(= (bvand {equal} #b{bits}) #b{bits})"),
        };
        let equal = |cycle: usize| self.value(EQUAL, cycle);
        let nothing_differs = |cycle: usize| not(&self.value(DIFFER, cycle));
        let assumed = query.assumed.clone();
        let assumed = assumed.flat_map(|cycle| [nothing_differs(cycle), correspond(&equal(cycle))]);
        let assumptions: Vec<String> = query.assumptions.iter().cloned().chain(assumed).collect();
        let all_equal = query.claimed.clone().map(equal);
        let all_equal = all_equal.reduce(|all, equal| format!("(bvand {all} {equal})")).unwrap_or_default();
        let claim = all_of(query.claimed.clone().map(nothing_differs).chain([correspond(&all_equal)]));
        self.unrolled(query.claimed.end - 1, &assumptions, &claim) + &format!("(get-value ({all_equal}))\n")
    }

    /// Formula: the clock edge after a cycle is enabled and does not reset.
    fn advances(&self, cycle: usize) -> String {
        let enabled = self.control(Role::Enable, cycle);
        let goes_on = self.control(Role::Reset, cycle).map(|reset| not(&reset));
        all_of(enabled.into_iter().chain(goes_on))
    }

    /// The one-bit input with a role.
    fn control(&self, role: Role, cycle: usize) -> Option<String> {
        let ports = self.config.ports();
        let port = ports.iter().find(|port| port.role == role && port.is_driven());
        port.map(|port| self.value(port.name, cycle))
    }

    fn value(&self, name: &str, cycle: usize) -> String {
        signal(self.config.name(), name, cycle)
    }

    /// Number of bits of [`EQUAL`].
    pub(crate) fn pairs(&self) -> usize {
        let declared = format!("; yosys-smt2-output {EQUAL} ");
        let width = self.text.lines().find_map(|line| line.strip_prefix(&declared)?.trim().parse().ok());
        width.expect("a miter has this output")
    }

    /// The unrolled relation with assumptions and the negated claim.
    fn unrolled(&self, cycles: usize, assumptions: &[String], claim: &str) -> String {
        let legal = (0..=cycles).flat_map(|cycle| self.preconditions(cycle));
        let assumptions: Vec<String> = legal.chain(assumptions.iter().cloned()).collect();
        query(&self.text, cycles, "", &assumptions, claim)
    }

    /// Formulas: no element of a narrow port is the most negative value.
    fn preconditions(&self, cycle: usize) -> Vec<String> {
        let ports = self.config.ports();
        let narrow = ports.iter().filter(|port| port.is_driven() && port.narrow);
        let elements = narrow.flat_map(|port| (0..port.elements).map(move |element| (port, element)));
        let formula = |(port, element): (&Port, u32)| {
            let (bits, vector) = (port.integer.bits, self.value(port.name, cycle));
            let low = bits * element;
            let least = port.integer.encode(port.integer.min());
            not(&format!("(= ((_ extract {} {low}) {vector}) (_ bv{least} {bits}))", low + bits - 1))
        };
        elements.map(formula).collect()
    }
}

/// Conjunction of any number of formulas; `and` of SMT-LIB needs at least two.
fn all_of(formulas: impl Iterator<Item = String>) -> String {
    format!("(and true true {})", formulas.collect::<Vec<_>>().join(" "))
}

fn not(formula: &str) -> String {
    format!("(not {formula})")
}
