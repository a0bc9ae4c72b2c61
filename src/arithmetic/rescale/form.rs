//! How runtimes form the ratio of three scales.

use std::fmt;
use std::str::FromStr;

use super::error::RescaleError;
use crate::text::suggestion;

/// Formula of the scale `sx*sw/sy` from the binary32 scales of input, weights and output.
///
/// The results of two forms differ in the last bits, and with them codes near ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MultiplierForm {
    /// `f64(sx) * f64(sw) / f64(sy)`: TFLite, TFLite Micro and LiteRT.
    F64,
    /// `f32(f32(sx*sw) / sy)`: ONNX Runtime.
    F32,
    /// `f32(f32(sx*sw) * f32(1/sy))`: runtimes that multiply by the reciprocal of the output scale.
    F32Reciprocal,
    /// `f64(f32(sx*sw)) / f64(sy)`: fully connected layers without a bias in TFLite Micro and LiteRT.
    F32Product,
}

impl MultiplierForm {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::F64, Self::F32, Self::F32Reciprocal, Self::F32Product];

    /// Name used on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::F64 => "f64",
            Self::F32 => "f32",
            Self::F32Reciprocal => "f32_reciprocal",
            Self::F32Product => "f32_product",
        }
    }

    /// The ratio of the scales of input, weights and output.
    pub fn ratio(self, input: f32, weight: f32, output: f32) -> f64 {
        match self {
            Self::F64 => f64::from(input) * f64::from(weight) / f64::from(output),
            Self::F32 => (input * weight / output).into(),
            Self::F32Reciprocal => (input * weight * (1.0 / output)).into(),
            Self::F32Product => f64::from(input * weight) / f64::from(output),
        }
    }
}

impl fmt::Display for MultiplierForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for MultiplierForm {
    type Err = RescaleError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|form| form.name() == name).ok_or_else(|| RescaleError::UnknownForm {
            name: name.to_owned(),
            hint: suggestion(name, Self::ALL.into_iter().map(Self::name)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_differ_in_last_bits() {
        // Scales of a layer for which no two binary32 forms agree.
        let (input, weight, output) = (0.026_251_834, 0.050_048_072, 0.045_499_615);
        let ratios = MultiplierForm::ALL.map(|form| form.ratio(input, weight, output));
        for (index, ratio) in ratios.iter().enumerate() {
            assert!(ratios[..index].iter().all(|other| other != ratio), "{ratios:?}");
            assert!((ratio / ratios[0] - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn parses_its_own_names() {
        for form in MultiplierForm::ALL {
            assert_eq!(form.name().parse(), Ok(form));
        }
        assert!(matches!("f16".parse::<MultiplierForm>(), Err(RescaleError::UnknownForm { .. })));
    }
}
