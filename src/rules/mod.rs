//! Comparison of rounding rules, and identification from recorded outputs.

mod accumulators;
mod amendment;
mod candidates;
mod compare;
mod comparison;
mod identification;
mod identify;
mod listing;
mod recording;
mod sample;
mod separation;
mod variant;

pub use amendment::Amendment;
pub use candidates::Candidates;
pub use compare::{Difference, RulePair};
pub use comparison::{RuleComparison, compare_rules};
pub use identification::{
    ChannelRules, DifferingOutput, IdentificationVerdict, RuleFinding, RuleIdentification,
};
pub use identify::identify;
pub use listing::{RuleDescription, RuleListing};
pub use variant::MultiplierVariant;
