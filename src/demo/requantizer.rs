//! The requantizer that serves every layer of every variant.

use super::quantized::LOGIT_BITS;
use super::rescaling::ACC_BITS;
use crate::arithmetic::rescale::Rule;
use crate::catalogue;
use crate::unit::{Config, ConfigError};

/// The unit of a rounding rule. All its numbers are ports, and its output is as wide as a logit: zero point and
/// clamp make codes of 8, 4 or 2 bits of it, so that one unit does all layers.
///
/// # Errors
/// [`ConfigError`] for a rule that exists in software only.
pub fn requantizer(rule: Rule) -> Result<Config, ConfigError> {
    let mut sets = vec![
        format!("rule={rule}"),
        format!("acc_bits={ACC_BITS}"),
        format!("out_bits={LOGIT_BITS}"),
        // (R4) has no shift, (R7) no multiplier.
        format!("shift={}", if rule == Rule::F32 { "0" } else { "port" }),
    ];
    if !matches!(rule, Rule::Pow2 | Rule::Pow2Floor) {
        sets.push("multiplier=port".to_string());
    }
    sets.extend(["zero_point", "clamp_min", "clamp_max"].map(|name| format!("{name}=port")));
    Config::new(catalogue::unit("requantizer")?, None, &sets)
}
