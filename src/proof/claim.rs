//! What a unit is claimed to do.

use super::signals::{Signals, not};

/// A statement about a module that runs for a few cycles from any state whatever.
#[derive(Debug)]
pub(crate) struct Claim {
    /// What people read.
    pub(crate) name: String,
    /// Signals that are freed: whatever drives them is another claim's matter.
    pub(crate) cuts: Vec<String>,
    /// Clock edges it runs for.
    pub(crate) cycles: u32,
    /// What is assumed, one formula each.
    pub(crate) assumptions: Vec<String>,
    /// Functions that the goal uses.
    pub(crate) definitions: String,
    /// What holds.
    pub(crate) goal: String,
}

impl Claim {
    /// A claim of a module whose enable, if it has one, is up and whose reset is down at every edge.
    pub(crate) fn running(name: &str, signals: Signals, cycles: u32, goal: String) -> Claim {
        let has = |name: &str| signals.config.ports().iter().any(|port| port.name == name);
        let mut assumptions = Vec::new();
        for cycle in 0..cycles {
            assumptions.extend(has("en").then(|| signals.raw("en", cycle)));
            assumptions.extend(has("rst").then(|| not(&signals.raw("rst", cycle))));
        }
        let (name, cuts, definitions) = (name.to_string(), Vec::new(), String::new());
        Claim { name, cuts, cycles, assumptions, definitions, goal }
    }
}
