//! Recorded outputs, and what one rescaler makes of their accumulators.

use super::identification::DifferingOutput;
use crate::arithmetic::rescale::{RescaleError, Rescaler, Rule};

/// Accumulators and the codes recorded for them, row-major with the channels as the last axis.
pub(super) struct Recording<'a> {
    /// Accumulators.
    pub(super) acc: &'a [i64],
    /// The same with an integer bias, for every rule but `f32_bias`.
    pub(super) biased: Vec<i64>,
    /// Recorded codes.
    pub(super) codes: &'a [i32],
    /// Number of channels.
    pub(super) channels: usize,
    /// Width of a code.
    pub(super) bits: u32,
}

/// Agreement of a rescaler with a recording.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Agreement {
    /// Number of codes of each channel that differ.
    pub(super) wrong: Vec<usize>,
    /// The first code that differs.
    pub(super) first: Option<DifferingOutput>,
}

impl Recording<'_> {
    /// The accumulators that a rule is applied to.
    pub(super) fn accumulators(&self, rule: Rule) -> &[i64] {
        if rule == Rule::F32Bias { self.acc } else { &self.biased }
    }

    /// What was added to the accumulators of a channel for a rule.
    pub(super) fn integer_bias(&self, rule: Rule, channel: usize) -> i64 {
        match (self.accumulators(rule).get(channel), self.acc.get(channel)) {
            (Some(biased), Some(acc)) => biased - acc,
            _ => 0,
        }
    }

    /// Compares the codes of a rescaler with the recorded ones, in chunks of whole rows.
    pub(super) fn compare(&self, rescaler: &Rescaler) -> Result<Agreement, RescaleError> {
        const TARGET: usize = 1024;
        let chunk = self.channels * (TARGET / self.channels).max(1);
        let mut computed = vec![0i32; chunk];
        let mut agreement = Agreement { wrong: vec![0; self.channels], first: None };
        let acc = self.accumulators(rescaler.rule());
        for (start, acc) in (0..).step_by(chunk).zip(acc.chunks(chunk)) {
            let computed = &mut computed[..acc.len()];
            rescaler.rescale_slice(acc, computed)?;
            let recorded = &self.codes[start..start + acc.len()];
            if computed == recorded {
                continue;
            }
            for (offset, (&computed, &recorded)) in computed.iter().zip(recorded).enumerate() {
                if computed != recorded {
                    let index = start + offset;
                    agreement.wrong[index % self.channels] += 1;
                    let acc = self.acc[index];
                    agreement.first.get_or_insert(DifferingOutput { index, acc, recorded, computed });
                }
            }
        }
        Ok(agreement)
    }
}

impl Agreement {
    /// Number of codes that differ.
    pub(super) fn total(&self) -> usize {
        self.wrong.iter().sum()
    }
}
