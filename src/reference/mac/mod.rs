//! The multiply-accumulate unit, cycle by cycle, as defined in `docs/units/mac.md`.

mod bounded;
mod modular;
mod number;

use std::ops::Range;

use multiversion::multiversion;

use super::delayed::delayed;
use super::model::Model;
use crate::catalogue::{self, MacParameters, Overflow, ZeroPoint};
use crate::unit::{Column, Integer, UnitParameters};
use bounded::BoundedSums;
use modular::ModularSums;
use number::Number;

/// Pairs that are decoded at a time: few enough for the scratch and the columns to stay in the L1 cache.
const BLOCK: usize = 512;

/// Clock edges from a pair to the sum that includes it, in a mac of two stages.
const LATENCY: usize = 2;

/// The reference of a mac, for lanes of independent sums that share reset and enable.
pub(crate) fn model(parameters: &MacParameters, lanes: usize) -> Box<dyn Model> {
    let delay = parameters.behaviour().latency() - LATENCY;
    delayed(two_stages(parameters, lanes), lanes, delay)
}

fn two_stages(parameters: &MacParameters, lanes: usize) -> Box<dyn Model> {
    let (a, b) = (Operand::new(parameters.a), Operand::new(parameters.b));
    let signed = [parameters.a, parameters.b]
        .iter()
        .any(|operand| operand.port.signed || operand.zero_point != ZeroPoint::None);
    let accumulator = Integer { bits: parameters.acc_bits, signed };
    let saturate = parameters.overflow == Overflow::Saturate;
    // Overflow is detected before the sum is truncated to the accumulator.
    match (saturate || parameters.overflow_flag, accumulator.bits) {
        (false, ..=32) => Box::new(MacModel::new(a, b, ModularSums::<u32>::new(lanes, accumulator))),
        (false, _) => Box::new(MacModel::new(a, b, ModularSums::<u64>::new(lanes, accumulator))),
        (true, ..=62) => Box::new(MacModel::new(a, b, BoundedSums::<i64>::new(lanes, accumulator, saturate))),
        (true, _) => Box::new(MacModel::new(a, b, BoundedSums::<i128>::new(lanes, accumulator, saturate))),
    }
}

/// Operands, and the registers of all lanes.
struct MacModel<S: Sums> {
    a: Operand,
    b: Operand,
    sums: S,
    /// Scratch: both operands of a block, less their zero points.
    pairs: (Vec<S::Number>, Vec<S::Number>),
}

/// The registers of all lanes, generic over the number type of the sums. The argument `lanes` equals the
/// result of [`Sums::lanes`].
trait Sums: Send {
    type Number: Number;

    fn lanes(&self) -> usize;

    /// Resets every lane.
    fn reset(&mut self);

    /// Applies a rising edge with enable and without reset to every lane.
    fn step(&mut self, lanes: usize, clear: &[u8], pairs: (&[Self::Number], &[Self::Number]));

    /// Records the outputs of a row.
    fn record(&mut self, lanes: usize);

    /// Writes the outputs recorded since the last call, the first of them at `start`.
    fn write(&mut self, start: usize, outputs: &mut [Column]);
}

/// The control columns of a batch.
struct Control<'a> {
    rst: &'a [u8],
    en: &'a [u8],
    clear: &'a [u8],
}

impl<S: Sums> MacModel<S> {
    fn new(a: Operand, b: Operand, sums: S) -> Self {
        Self { a, b, sums, pairs: Default::default() }
    }
}

impl<S: Sums> Model for MacModel<S> {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        run(self, inputs, outputs);
    }
}

/// All callees are inlined here, so that each version is vectorised as a whole.
#[multiversion(targets("x86_64+avx2"))]
fn run<S: Sums>(model: &mut MacModel<S>, inputs: &[Column], outputs: &mut [Column]) {
    let MacModel { a: operand_a, b: operand_b, sums, pairs } = model;
    let [Column::U8(rst), Column::U8(en), Column::U8(clear), a, b, zero_points @ ..] = inputs else {
        unreachable!("a mac has three control bits and two operands")
    };
    let mut zero_points = zero_points.iter();
    let za = if operand_a.zero_point.is_none() { zero_points.next() } else { None };
    let zb = if operand_b.zero_point.is_none() { zero_points.next() } else { None };
    let lanes = sums.lanes();
    let step = (BLOCK / lanes).max(1);
    pairs.0.resize(step * lanes, S::Number::from_value(0));
    pairs.1.resize(step * lanes, S::Number::from_value(0));
    for first in (0..rst.len()).step_by(step) {
        let rows = first..rst.len().min(first + step);
        let pair = (&mut pairs.0[..rows.len() * lanes], &mut pairs.1[..rows.len() * lanes]);
        operand_a.differences(a, za, first * lanes, pair.0);
        operand_b.differences(b, zb, first * lanes, pair.1);
        let control = Control { rst, en, clear };
        // With a constant of one lane, the loops over lanes disappear.
        match lanes {
            1 => run_rows(sums, 1, &control, rows, (pair.0, pair.1)),
            _ => run_rows(sums, lanes, &control, rows, (pair.0, pair.1)),
        }
        sums.write(first * lanes, outputs);
    }
}

/// Runs some rows of a batch with the given operands.
#[inline(always)]
fn run_rows<S: Sums>(
    sums: &mut S,
    lanes: usize,
    control: &Control<'_>,
    rows: Range<usize>,
    (a, b): (&[S::Number], &[S::Number]),
) {
    let first = rows.start * lanes;
    for row in rows {
        sums.record(lanes);
        let here = row * lanes..(row + 1) * lanes;
        let block = here.start - first..here.end - first;
        if control.rst[row] == 1 {
            sums.reset();
        } else if control.en[row] == 1 {
            sums.step(lanes, &control.clear[here], (&a[block.clone()], &b[block]));
        }
    }
}

/// One operand: its type, and its zero point; `None` for a port.
struct Operand {
    integer: Integer,
    zero_point: Option<i64>,
}

impl Operand {
    fn new(operand: catalogue::ZeroPointOperand) -> Self {
        let zero_point = match operand.zero_point {
            ZeroPoint::None => Some(0),
            ZeroPoint::Constant(zero) => Some(zero),
            ZeroPoint::Port => None,
        };
        Self { integer: operand.port, zero_point }
    }

    /// The operands of a column from `start` on, less the zero point.
    #[inline(always)]
    fn differences<N: Number>(&self, column: &Column, port: Option<&Column>, start: usize, slots: &mut [N]) {
        let zero = self.zero_point.unwrap_or(0);
        column.decode(self.integer, start, slots, |slot, value| *slot = N::from_value(value - zero));
        if let Some(port) = port {
            port.decode(self.integer, start, slots, |slot, zero| *slot = slot.less(N::from_value(zero)));
        }
    }
}
