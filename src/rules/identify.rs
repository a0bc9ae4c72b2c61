//! Identifies the rounding rules that reproduce recorded outputs.

use super::candidates::Candidates;
use super::identification::{Counterexample, RuleFinding, RuleIdentification};
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{RescaleError, Rescaler, Rule};
use crate::files::tensor;
use crate::files::tensor::{Array, ArraySource, Cause, Dtype, require_memory};
use crate::quantization::requantize::{
    AccumulatorTensor, RequantizeError, RescaleParameters, RescaleSources,
};

/// Compares every rule with the recorded outputs for the accumulators in `acc`.
///
/// Codes have the width and sign of the output type, 8 bits signed for int32 outputs; `bits` and `unsigned`
/// override them.
///
/// # Errors
/// [`RequantizeError`] for files or numbers that cannot be used.
pub fn identify(
    acc: ArraySource,
    recorded: ArraySource,
    sources: &RescaleSources,
    bits: Option<u32>,
    unsigned: bool,
) -> Result<RuleIdentification, RequantizeError> {
    let (file, outputs) = recorded.read_named()?;
    let (codes, natural) = codes(&file, &outputs)?;
    let format = CodeFormat::new(bits.unwrap_or(natural.0), natural.1 && !unsigned)?;
    let parameters = sources.resolve(format)?;
    // Checked here because lists of unequal length would make every rule inapplicable.
    let channels = parameters.channels()?;
    let accumulators = AccumulatorTensor::read(acc, channels)?;
    if outputs.shape() != accumulators.shape {
        return Err(RequantizeError::Shapes {
            file,
            found: outputs.shape().to_vec(),
            expected: accumulators.shape,
        });
    }
    let RescaleParameters { scales, outputs } = parameters;
    let candidates = Candidates::new(accumulators.bits, &scales, &outputs);
    Ok(candidates.identify(&accumulators.data, &codes)?)
}

/// Returns recorded outputs, and the width and sign of their type.
fn codes(name: &str, array: &Array) -> Result<(Vec<i32>, (u32, bool)), RequantizeError> {
    let natural = match array.dtype() {
        Dtype::Int8 | Dtype::Int32 => (8, true),
        Dtype::Uint8 => (8, false),
        Dtype::Int16 => (16, true),
        Dtype::Uint16 => (16, false),
        other => {
            let accepted = vec![Dtype::Int8, Dtype::Uint8, Dtype::Int16, Dtype::Uint16, Dtype::Int32];
            return Err(tensor::Error::named(name, Cause::Type { found: other.to_string(), accepted }).into());
        }
    };
    let elements = array.shape().iter().product();
    require_memory(elements, size_of::<i32>()).map_err(|cause| tensor::Error::named(name, cause))?;
    let codes = array.integers().into_iter().flatten().map(|code| code as i32).collect();
    Ok((codes, natural))
}

impl Candidates {
    /// Compares every candidate with the outputs recorded for `acc`.
    ///
    /// # Errors
    /// [`RescaleError::NothingToCompare`] without accumulators or candidates,
    /// [`RescaleError::UnequalLengths`] and [`RescaleError::PartialRow`].
    pub fn identify(&self, acc: &[i64], recorded: &[i32]) -> Result<RuleIdentification, RescaleError> {
        if acc.len() != recorded.len() {
            return Err(RescaleError::UnequalLengths { acc: acc.len(), out: recorded.len() });
        }
        if acc.is_empty() || self.rescalers.is_empty() {
            return Err(RescaleError::NothingToCompare);
        }
        let mut findings = Vec::with_capacity(Rule::ALL.len());
        for rescaler in &self.rescalers {
            findings.push((rescaler.rule(), self.explain(rescaler, acc, recorded)?));
        }
        for (rule, reason) in &self.inapplicable {
            findings.push((*rule, RuleFinding::Inapplicable(reason.clone())));
        }
        findings.sort_by_key(|(rule, _)| *rule);
        Ok(RuleIdentification { compared: acc.len(), findings })
    }

    fn explain(
        &self,
        rescaler: &Rescaler,
        acc: &[i64],
        recorded: &[i32],
    ) -> Result<RuleFinding, RescaleError> {
        let chunk = self.chunk_len();
        let mut computed = vec![0i32; chunk];
        let (mut wrong, mut first) = (0, None);
        for (i, (acc, recorded)) in acc.chunks(chunk).zip(recorded.chunks(chunk)).enumerate() {
            let computed = &mut computed[..acc.len()];
            rescaler.rescale_slice(acc, computed)?;
            for (j, (&computed, &recorded)) in computed.iter().zip(recorded).enumerate() {
                if computed != recorded {
                    wrong += 1;
                    let index = i * chunk + j;
                    first.get_or_insert(Counterexample { index, acc: acc[j], recorded, computed });
                }
            }
        }
        Ok(first.map_or(RuleFinding::Explains, |first| RuleFinding::Contradicted { wrong, first }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::quantizer::CodeFormat;
    use crate::arithmetic::rescale::{OutputStage, Scale};

    fn candidates(scale: Scale) -> Candidates {
        Candidates::new(32, &[scale], &[OutputStage::new(CodeFormat::new(8, true).unwrap(), 0).unwrap()])
    }

    #[test]
    fn one_accumulator_near_a_tie_distinguishes_rules() {
        let candidates = candidates(Scale::fixed(1_185_020_333, -2).unwrap());
        let identification = candidates.identify(&[0, 387], &[0, 54]).unwrap();
        assert_eq!(identification.compared, 2);
        let explaining: Vec<Rule> = identification.explaining().collect();
        assert_eq!(explaining, [Rule::Gemmlowp, Rule::Ruy]);
        let single = &identification.findings[2];
        let first = Counterexample { index: 1, acc: 387, recorded: 54, computed: 53 };
        assert_eq!(*single, (Rule::Single, RuleFinding::Contradicted { wrong: 1, first }));
        assert!(matches!(
            identification.findings[6],
            (Rule::Pow2, RuleFinding::Inapplicable(RescaleError::NotPowerOfTwo(_)))
        ));
        assert_eq!(identification.findings.len(), Rule::ALL.len());
    }

    #[test]
    fn finds_counterexample_beyond_first_chunk() {
        let candidates = candidates(Scale::Real(0.5));
        let acc: Vec<i64> = (0..5000).map(|i| i % 200).collect();
        let mut recorded: Vec<i32> = acc.iter().map(|&acc| (acc as i32) >> 1).collect();
        recorded[4321] += 7;
        let identification = candidates.identify(&acc, &recorded).unwrap();
        let (rule, floor) = &identification.findings[5];
        let first = Counterexample { index: 4321, acc: 121, recorded: 67, computed: 60 };
        assert_eq!((*rule, floor), (Rule::Floor, &RuleFinding::Contradicted { wrong: 1, first }));
        assert_eq!(identification.explaining().count(), 0);
    }

    #[test]
    fn rejects_empty_and_unequal_recordings() {
        let candidates = candidates(Scale::Real(0.5));
        assert_eq!(candidates.identify(&[], &[]), Err(RescaleError::NothingToCompare));
        let unequal = RescaleError::UnequalLengths { acc: 2, out: 1 };
        assert_eq!(candidates.identify(&[1, 2], &[1]), Err(unequal));
    }
}
