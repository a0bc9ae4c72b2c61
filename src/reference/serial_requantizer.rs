//! The serial requantizer, cycle by cycle: `docs/units/serial_requantizer.md`.

use super::model::Model;
use super::requantizer::RequantizerModel;
use crate::arithmetic::rescale::Rule;
use crate::catalogue::SerialRequantizerParameters;
use crate::circuit::requantizer::{Requantization, Source};
use crate::unit::Column;

/// The reference of a serial requantizer, for lanes that share a reset.
pub(crate) fn model(parameters: &SerialRequantizerParameters, lanes: usize) -> Box<dyn Model> {
    Box::new(SerialModel {
        arithmetic: RequantizerModel::new(&parameters.requantization, Some(-31..=0)),
        code_bits: by_code_bit(&parameters.requantization),
        lanes: vec![Lane::default(); lanes],
        codes: Vec::new(),
    })
}

/// The state of all lanes.
struct SerialModel {
    arithmetic: RequantizerModel,
    /// Bits of a code, if each takes one edge; `None` if each bit of the multiplier takes one.
    code_bits: Option<u64>,
    lanes: Vec<Lane>,
    /// Scratch: the code of each row, accepted or not.
    codes: Vec<Column>,
}

#[derive(Clone, Copy, Default)]
struct Lane {
    /// Edges until the result; 0 when idle.
    remaining: u64,
    /// The result.
    result: u64,
    done: bool,
    out: u64,
}

/// Bits of a code of at most 8 bits, if every number is a constant.
fn by_code_bit(requantization: &Requantization) -> Option<u64> {
    let numbers = requantization.numbers().map(|number| number.source);
    let has_port = numbers.contains(&Some(&Source::Port));
    (!has_port && requantization.out.bits <= 8).then(|| requantization.out.bits.into())
}

impl SerialModel {
    /// Number of edges after the one that captures the inputs.
    fn cycles(&self, shift: i64) -> u64 {
        if let Some(bits) = self.code_bits {
            return bits;
        }
        let second_rounding = matches!(self.arithmetic.rule, Rule::Gemmlowp | Rule::Ruy);
        32 + u64::from(second_rounding) + (-shift) as u64
    }
}

impl Model for SerialModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let [rst, start, operands @ ..] = inputs else { unreachable!("reset and start come first") };
        let [busy, done, out] = outputs else { unreachable!("two bits and a code") };
        self.codes.clear();
        self.codes.push(out.clone());
        self.arithmetic.run(operands, &mut self.codes);
        let lanes = self.lanes.len();
        for index in 0..start.len() {
            let lane = self.lanes[index % lanes];
            busy.set(index, (lane.remaining > 0).into());
            done.set(index, lane.done.into());
            out.set(index, lane.out);
            self.lanes[index % lanes] = match lane.remaining {
                _ if rst.get(index / lanes) == 1 => Lane::default(),
                0 if start.get(index) == 1 => Lane {
                    remaining: self.cycles(self.arithmetic.shift(&operands[1..], index)),
                    result: self.codes[0].get(index),
                    done: false,
                    ..lane
                },
                0 => Lane { done: false, ..lane },
                1 => Lane { remaining: 0, done: true, out: lane.result, ..lane },
                _ => Lane { remaining: lane.remaining - 1, ..lane },
            };
        }
    }
}
