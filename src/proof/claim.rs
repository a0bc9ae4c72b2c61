//! Claims about a module.

use super::signals::{Signals, not};

/// A claim about a module that runs for a few cycles from any state.
#[derive(Debug)]
pub(crate) struct Claim {
    /// Name in reports.
    pub(crate) name: String,
    /// Cut points: signals replaced by free inputs; other claims cover their drivers.
    pub(crate) cuts: Vec<String>,
    /// Number of clock edges.
    pub(crate) cycles: u32,
    /// Assumptions, as formulas.
    pub(crate) assumptions: Vec<String>,
    /// SMT-LIB definitions used by the goal.
    pub(crate) definitions: String,
    /// Formula to prove.
    pub(crate) goal: String,
}

impl Claim {
    /// Creates a claim about a module that is enabled and not in reset at every edge.
    pub(crate) fn running(name: &str, signals: Signals, cycles: u32, goal: String) -> Self {
        let has = |name: &str| signals.config.ports().iter().any(|port| port.name == name);
        let mut assumptions = Vec::new();
        for cycle in 0..cycles {
            assumptions.extend(has("en").then(|| signals.raw("en", cycle)));
            assumptions.extend(has("rst").then(|| not(&signals.raw("rst", cycle))));
        }
        let (name, cuts, definitions) = (name.to_string(), Vec::new(), String::new());
        Self { name, cuts, cycles, assumptions, definitions, goal }
    }
}
