//! Config of the requantizer that serves all layers of all variants.

use super::quantized::LOGIT_BITS;
use super::requantizer_job::ACC_BITS;
use crate::arithmetic::rescale::Rule;
use crate::catalogue;
use crate::unit::{Config, ConfigError};

/// Returns the requantizer of a rounding rule.
///
/// All its numbers are ports and its output has the width of a logit; zero point and clamp restrict it to
/// codes of 8, 4 or 2 bits, so that one unit serves all layers.
///
/// # Errors
/// [`ConfigError`] for a rule that exists in software only.
pub fn requantizer(rule: Rule) -> Result<Config, ConfigError> {
    let mut sets = vec![
        format!("rule={rule}"),
        format!("acc_bits={ACC_BITS}"),
        format!("out_bits={LOGIT_BITS}"),
        // (R4) has no shift, (R7) has no multiplier.
        format!("shift={}", if rule == Rule::F32 { "0" } else { "port" }),
    ];
    if !matches!(rule, Rule::Pow2 | Rule::Pow2Floor) {
        sets.push("multiplier=port".to_string());
    }
    sets.extend(["zero_point", "clamp_min", "clamp_max"].map(|name| format!("{name}=port")));
    Config::new(catalogue::unit("requantizer")?, None, &sets)
}
