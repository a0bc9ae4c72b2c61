//! Comparison of rounding rules, and identification from recorded outputs.

mod accumulators;
mod candidates;
mod compare;
mod comparison;
mod identification;
mod identify;
mod listing;
mod sample;

pub use candidates::Candidates;
pub use compare::{Difference, RulePair};
pub use comparison::{RuleComparison, compare_rules};
pub use identification::{Counterexample, RuleFinding, RuleIdentification};
pub use identify::identify;
pub use listing::{RuleDescription, RuleListing};
