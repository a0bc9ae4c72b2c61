//! Multipliers that a runtime may have formed from the numbers of a layer.

use std::fmt;

use serde::{Serialize, Serializer};

use super::candidates::candidate;
use crate::arithmetic::rescale::{MultiplierForm, RescaleError, Rescaler, Rule, Scale};
use crate::quantization::requantize::RescaleParameters;

/// Where the multiplier of a rule comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MultiplierVariant {
    /// The scale, or multiplier and shift, as given.
    Given,
    /// The given scale rounded to binary32 first.
    RoundedToF32,
    /// The ratio of three scales, formed in that arithmetic.
    Formed(MultiplierForm),
    /// The binary32 multiplier below the given one.
    UlpBelow,
    /// The binary32 multiplier above the given one.
    UlpAbove,
}

/// The rescalers of a rule, with every multiplier that a runtime may have formed, the likeliest first.
///
/// # Errors
/// [`RescaleError`] if the rule cannot apply the numbers as given.
pub(super) fn variants(
    rule: Rule,
    acc_bits: u32,
    parameters: &RescaleParameters,
    formed: &[(MultiplierForm, Vec<Scale>)],
) -> Result<Vec<(MultiplierVariant, Rescaler)>, RescaleError> {
    let with_scales =
        |scales: Vec<Scale>| candidate(rule, acc_bits, &RescaleParameters { scales, ..parameters.clone() });
    let mut variants: Vec<(MultiplierVariant, Rescaler)> = Vec::new();
    let mut add = |variant, rescaler: Rescaler| {
        if variants.iter().all(|(_, known)| *known != rescaler) {
            variants.push((variant, rescaler));
        }
    };
    match formed {
        [] => add(MultiplierVariant::Given, with_scales(parameters.scales.clone())?),
        formed => {
            for (form, scales) in formed {
                add(MultiplierVariant::Formed(*form), with_scales(scales.clone())?);
            }
        }
    }
    let mapped = |map: &dyn Fn(f32) -> f32| -> Vec<Scale> {
        parameters.scales.iter().map(|scale| Scale::Real(map(scale.to_f64() as f32).into())).collect()
    };
    let is_binary32 = matches!(rule, Rule::F32 | Rule::F32AfterZeroPoint | Rule::F32Bias | Rule::F32Away);
    // A neighbour of the largest or the smallest binary32 is no scale, and is left out.
    if is_binary32 {
        for (variant, scales) in [
            (MultiplierVariant::UlpBelow, mapped(&f32::next_down)),
            (MultiplierVariant::UlpAbove, mapped(&f32::next_up)),
        ] {
            if let Ok(rescaler) = with_scales(scales) {
                add(variant, rescaler);
            }
        }
    } else if formed.is_empty()
        && parameters.scales.iter().all(|scale| matches!(scale, Scale::Real(_)))
        && let Ok(rescaler) = with_scales(mapped(&|scale| scale))
    {
        add(MultiplierVariant::RoundedToF32, rescaler);
    }
    Ok(variants)
}

impl fmt::Display for MultiplierVariant {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Given => f.write_str("as given"),
            Self::RoundedToF32 => f.write_str("from the scale rounded to binary32"),
            Self::Formed(form) => write!(f, "formed in {form}"),
            Self::UlpBelow => f.write_str("one ulp below"),
            Self::UlpAbove => f.write_str("one ulp above"),
        }
    }
}

impl Serialize for MultiplierVariant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Given => serializer.serialize_str("given"),
            Self::RoundedToF32 => serializer.serialize_str("rounded_to_f32"),
            Self::Formed(form) => serializer.serialize_str(form.name()),
            Self::UlpBelow => serializer.serialize_str("ulp_below"),
            Self::UlpAbove => serializer.serialize_str("ulp_above"),
        }
    }
}
