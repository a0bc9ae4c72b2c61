//! Descriptions of the rounding rules, with their text and JSON views.

use std::fmt;

use serde::Serialize;

use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, RescaleError, Rescaler, Rule, Scale};

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

    /// Lists one rule.
    pub fn one(rule: Rule) -> Self {
        Self { rules: vec![rule.into()] }
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

/// The description of one rule, with numbers worked out.
impl fmt::Display for RuleDescription {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { equation, formula, max_acc_bits, rule, shifts, used_by } = self;
        writeln!(f, "{rule} ({equation})\n")?;
        writeln!(f, "  formula      {formula}")?;
        writeln!(f, "  used by      {used_by}")?;
        writeln!(f, "  accumulator  at most {max_acc_bits} bits")?;
        if let Some([low, high]) = shifts {
            writeln!(f, "  left shift   {low} to {high}")?;
        }
        writeln!(f, "\nAt the scale {EXAMPLE_SCALE}, zero point 0 and codes of 8 bits:\n")?;
        writeln!(f, "  {:>11} {:>11} {:>6}", "accumulator", "exact", "code")?;
        let rescaler = example(*rule).expect("every rule takes the scale, as a test shows");
        for acc in EXAMPLE_ACCUMULATORS {
            writeln!(f, "  {acc:>11} {:>11} {:>6}", acc as f64 * EXAMPLE_SCALE, rescaler.rescale(acc, 0))?;
        }
        writeln!(f, "\nqrtl generate requantizer --set rule={rule} writes it as Verilog.")
    }
}

/// Scale of the worked numbers; it makes ties.
const EXAMPLE_SCALE: f64 = 0.25;

/// Accumulators of the worked numbers: below, at and above ties of both signs, and one beyond the codes.
const EXAMPLE_ACCUMULATORS: [i64; 7] = [-10, -9, -6, 6, 9, 10, 600];

fn example(rule: Rule) -> Result<Rescaler, RescaleError> {
    let format = CodeFormat::new(8, true).expect("8 bits are legal");
    let (acc_bits, output) = (rule.max_acc_bits().min(32), OutputStage::new(format, 0)?);
    let scale = Scale::real(EXAMPLE_SCALE)?;
    match rule {
        Rule::F32Bias => Rescaler::with_float_bias(acc_bits, &[scale], &[0.0], &[output]),
        _ => Rescaler::new(rule, acc_bits, scale, output),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_worked_numbers_that_show_its_ties() {
        let codes = |rule: Rule| {
            let rescaler = example(rule).unwrap();
            EXAMPLE_ACCUMULATORS.map(|acc| rescaler.rescale(acc, 0))
        };
        for rule in Rule::ALL {
            let page = RuleDescription::from(rule).to_string();
            assert!(page.contains("-10        -2.5"), "{page}");
            assert_eq!(codes(rule)[6], 127, "{rule}");
        }
        assert_eq!(codes(Rule::F32), [-2, -2, -2, 2, 2, 2, 127]);
        assert_eq!(codes(Rule::F64), [-3, -2, -2, 2, 2, 3, 127]);
    }
}
