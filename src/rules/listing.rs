//! Descriptions of the rounding rules, with their text and JSON views.

use std::fmt;

use serde::Serialize;

use crate::arithmetic::rescale::Rule;

/// All rounding rules.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleListing {
    /// One description per rule, in the order of [`Rule::ALL`].
    pub rules: Vec<RuleDescription>,
}

/// Definition and users of a rounding rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleDescription {
    /// Defining equation of `docs/arithmetic.md`.
    pub equation: &'static str,
    /// Formula of the rescaled value.
    pub formula: &'static str,
    /// Widest accumulator in bits.
    pub max_acc_bits: u32,
    /// Name of the rule.
    pub rule: Rule,
    /// Smallest and largest left shift; `None` for a rule without a fixed-point shift.
    pub shifts: Option<[i32; 2]>,
    /// Runtimes and accelerators known to use the rule.
    pub used_by: &'static str,
}

impl RuleListing {
    /// Lists every rule.
    pub fn all() -> Self {
        Self { rules: Rule::ALL.into_iter().map(RuleDescription::from).collect() }
    }
}

impl From<Rule> for RuleDescription {
    fn from(rule: Rule) -> Self {
        Self {
            equation: rule.equation(),
            formula: rule.formula(),
            max_acc_bits: rule.max_acc_bits(),
            rule,
            shifts: rule.shifts().map(|shifts| [*shifts.start(), *shifts.end()]),
            used_by: rule.used_by(),
        }
    }
}

impl fmt::Display for RuleListing {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for RuleDescription { rule, equation, formula, used_by, .. } in &self.rules {
            let equation = format!("({equation})");
            writeln!(f, "{rule:<13}{equation:<6} {formula}")?;
            writeln!(f, "{:<13}used by {used_by}", "")?;
        }
        Ok(())
    }
}
