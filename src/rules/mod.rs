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
pub use identify::identify_file;
pub use listing::{RuleDescription, RuleListing};
