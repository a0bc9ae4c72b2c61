//! Findings about the ports and parameters of a requantizer.

use super::analysis::RequantizerAnalysis;
use super::reading::{CodeOverflow, OverflowText, ReachedEnds, Reading};
use super::selection::{ReadCandidate, Sample};
use crate::audit::finding::Finding;

impl RequantizerAnalysis {
    /// Findings about signedness, overflow and parameters, under the readings that match.
    ///
    /// Without a match, nothing is claimed about signedness and overflow.
    pub(crate) fn properties(&self, matching: &[ReadCandidate], sample: &Sample) -> Vec<Finding> {
        let mut properties = Vec::new();
        if let Some(&first) = matching.first() {
            let port = |name: &str, bits: u32, signed: &dyn Fn(&Reading) -> bool| {
                Finding::new(name, &format!("{}, {bits} bits", sign(matching, signed)))
            };
            properties.push(port("accumulator", self.acc_bits, &|reading| reading.acc_signed));
            if let Some(bits) = self.parameters.multiplier.port_bits() {
                properties.push(port("multiplier", bits, &|reading| reading.parameters.multiplier));
            }
            if let Some(bits) = self.parameters.zero_point.port_bits() {
                properties.push(port("zero_point", bits, &|reading| reading.parameters.zero_point));
            }
            if let Some(bits) = self.parameters.bias.port_bits() {
                properties.push(port("bias", bits, &|reading| reading.parameters.bias));
            }
            properties.push(port("output", self.out_bits, &|reading| reading.out_signed));
            properties.push(Finding::new("overflow", &self.overflow(matching, first, sample)));
            if let Some(bits) = first.reading.product_bits {
                properties.push(Finding::new("product", &format!("wraps at {bits} bits before the shift")));
            }
        }
        properties.extend(self.parameter_findings());
        properties
    }

    /// The overflow behaviour that all matching readings have in common.
    fn overflow(&self, matching: &[ReadCandidate], first: ReadCandidate, sample: &Sample) -> String {
        let wraps = |candidate: &ReadCandidate| candidate.reading.overflow == CodeOverflow::Wraps;
        let ends = self.reached_ends(first, sample);
        let is_ambiguous = matching.iter().any(wraps) && !matching.iter().all(wraps);
        if is_ambiguous || ends == ReachedEnds::default() {
            return "not reached by these accumulators: wrapping and saturation give the same results"
                .to_string();
        }
        OverflowText { overflow: first.reading.overflow, bits: self.out_bits, ends }.to_string()
    }

    /// The signedness of all ports, in words.
    pub(crate) fn describe_reading(&self, reading: &Reading) -> String {
        let mut ports = vec![("accumulator", reading.acc_signed), ("output", reading.out_signed)];
        if self.parameters.multiplier.is_port() {
            ports.push(("multiplier", reading.parameters.multiplier));
        }
        if self.parameters.zero_point.is_port() {
            ports.push(("zero_point", reading.parameters.zero_point));
        }
        if self.parameters.bias.is_port() {
            ports.push(("bias", reading.parameters.bias));
        }
        let names = |signed: bool| -> Vec<&str> {
            ports.iter().filter(|(_, own)| *own == signed).map(|(name, _)| *name).collect()
        };
        match (names(true), names(false)) {
            (signed, unsigned) if unsigned.is_empty() => format!("{} signed", signed.join(", ")),
            (signed, unsigned) if signed.is_empty() => format!("{} unsigned", unsigned.join(", ")),
            (signed, unsigned) => format!("{} signed, {} unsigned", signed.join(", "), unsigned.join(", ")),
        }
    }

    fn parameter_findings(&self) -> Vec<Finding> {
        if let Some(constant) = self.parameters.constant() {
            let scale = format!("{} * 2^-{} = {:e}", constant.multiplier, constant.shift, constant.scale);
            return vec![
                Finding::new("scale", &scale),
                Finding::new("zero point", &constant.zero_point.to_string()),
            ];
        }
        let ports = self.parameters.named().into_iter();
        let ports =
            ports.filter_map(|(name, source)| Some(format!("{name} of {} bits", source.port_bits()?)));
        let text = format!("driven over the whole range: {}", ports.collect::<Vec<_>>().join(", "));
        vec![Finding::new("parameters", &text)]
    }
}

/// The signedness under the matching readings.
fn sign(matching: &[ReadCandidate], signed: &dyn Fn(&Reading) -> bool) -> &'static str {
    let is_signed = |candidate: &ReadCandidate| signed(&candidate.reading);
    match (matching.iter().any(is_signed), matching.iter().all(is_signed)) {
        (_, true) => "signed",
        (false, _) => "unsigned",
        _ => "signed or unsigned alike",
    }
}
