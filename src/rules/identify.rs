//! Identifies the rounding rules that reproduce recorded outputs.

use super::amendment::Amendment;
use super::candidates::{integer_biases, with_bias};
use super::identification::{ChannelRules, RuleFinding, RuleIdentification};
use super::recording::{Agreement, Recording};
use super::separation::Separation;
use super::variant::{MultiplierVariant, variants};
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{MultiplierForm, RescaleError, Rescaler, Rule, Scale};
use crate::files::tensor;
use crate::files::tensor::{Array, ArraySource, Cause, Dtype, require_memory};
use crate::quantization::requantize::{
    AccumulatorTensor, RequantizeError, RescaleParameters, RescaleSources, ScaleSource,
};

/// Compares every rule with the recorded outputs for the accumulators in `acc`.
///
/// Each rule is tried with every multiplier that a runtime may form from the numbers. Codes have the width and sign
/// of the output type, 8 bits signed for int32 outputs; `bits` and `unsigned` override them.
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
    let mut formed = Vec::new();
    if let ScaleSource::Tensors { .. } = sources.scale {
        for form in MultiplierForm::ALL {
            formed.extend(sources.formed_scales(form)?.map(|scales| (form, scales)));
        }
    }
    let hypotheses = Hypotheses { acc_bits: accumulators.bits, parameters: &parameters, formed: &formed };
    Ok(hypotheses.identify(&accumulators.data, &codes)?)
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

/// The rules and the multipliers that they are tried with.
pub(super) struct Hypotheses<'a> {
    pub(super) acc_bits: u32,
    pub(super) parameters: &'a RescaleParameters,
    /// Scales by the form of the multiplier; empty without the scales of three tensors.
    pub(super) formed: &'a [(MultiplierForm, Vec<Scale>)],
}

/// A rule with one multiplier, and its agreement with the recording.
pub(super) struct TriedVariant {
    pub(super) variant: MultiplierVariant,
    pub(super) rescaler: Rescaler,
    pub(super) agreement: Agreement,
}

/// The variants of each rule that can apply the numbers, and the reasons of the others.
pub(super) type TriedRules = Vec<(Rule, Result<Vec<TriedVariant>, RescaleError>)>;

impl Hypotheses<'_> {
    /// Compares every rule with the outputs recorded for `acc`.
    ///
    /// # Errors
    /// [`RescaleError::NothingToCompare`] without accumulators or applicable rules,
    /// [`RescaleError::UnequalLengths`] and [`RescaleError::PartialRow`].
    pub(super) fn identify(&self, acc: &[i64], codes: &[i32]) -> Result<RuleIdentification, RescaleError> {
        if acc.len() != codes.len() {
            return Err(RescaleError::UnequalLengths { acc: acc.len(), out: codes.len() });
        }
        let biased = with_bias(&integer_biases(self.parameters), acc);
        let channels = self.parameters.channels()?;
        if !acc.len().is_multiple_of(channels) {
            return Err(RescaleError::PartialRow { len: acc.len(), channels });
        }
        let bits = self.parameters.outputs.first().map_or(8, |output| output.format().bits());
        let recording = Recording { acc, biased, codes, channels, bits };
        let tried = self.try_all(&recording)?;
        if acc.is_empty() || tried.iter().all(|(_, tried)| tried.is_err()) {
            return Err(RescaleError::NothingToCompare);
        }
        let findings: Vec<(Rule, RuleFinding)> =
            tried.iter().map(|(rule, tried)| (*rule, finding(tried))).collect();
        let by_channel = rules_by_channel(&tried, channels);
        let separation = Separation::new(&recording, &tried);
        let is_explained = by_channel.iter().all(|channels| !channels.rules.is_empty());
        let amendment = if is_explained { None } else { Amendment::find(self, &recording)? };
        Ok(RuleIdentification {
            compared: acc.len(),
            channels,
            findings,
            functions: separation.functions,
            by_channel,
            pinned: separation.pinned,
            thresholds: separation.thresholds,
            decisive: separation.decisive,
            amendment,
            separating: separation.accumulators,
        })
    }

    /// Compares every rule, with each of its multipliers.
    pub(super) fn try_all(&self, recording: &Recording) -> Result<TriedRules, RescaleError> {
        let tried = |rule: Rule| {
            let variants = match variants(rule, self.acc_bits, self.parameters, self.formed) {
                Ok(variants) => variants,
                Err(reason) => return Ok((rule, Err(reason))),
            };
            let compared = variants.into_iter().map(|(variant, rescaler)| {
                let agreement = recording.compare(&rescaler)?;
                Ok(TriedVariant { variant, rescaler, agreement })
            });
            Ok((rule, Ok(compared.collect::<Result<_, RescaleError>>()?)))
        };
        Rule::ALL.into_iter().map(tried).collect()
    }
}

/// The finding of a rule: that of its best multiplier.
pub(super) fn finding(tried: &Result<Vec<TriedVariant>, RescaleError>) -> RuleFinding {
    let variants = match tried {
        Err(reason) => return RuleFinding::Inapplicable(reason.clone()),
        Ok(variants) => variants,
    };
    let best = variants.iter().min_by_key(|tried| tried.agreement.total()).expect("a multiplier");
    match best.agreement.first {
        None => RuleFinding::Explains { multiplier: best.variant },
        Some(first) => RuleFinding::Contradicted { wrong: best.agreement.total(), first },
    }
}

/// The rules that reproduce each channel, for runs of channels with the same rules.
fn rules_by_channel(tried: &TriedRules, channels: usize) -> Vec<ChannelRules> {
    let mut runs: Vec<ChannelRules> = Vec::new();
    for channel in 0..channels {
        let reproduces =
            |variants: &Vec<TriedVariant>| variants.iter().any(|tried| tried.agreement.wrong[channel] == 0);
        let rules: Vec<Rule> = tried
            .iter()
            .filter(|(_, tried)| tried.as_ref().is_ok_and(reproduces))
            .map(|(rule, _)| *rule)
            .collect();
        match runs.last_mut() {
            Some(run) if run.rules == rules => run.last = channel,
            _ => runs.push(ChannelRules { first: channel, last: channel, rules }),
        }
    }
    runs
}

#[cfg(test)]
#[path = "identify/tests.rs"]
mod tests;
