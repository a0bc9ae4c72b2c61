//! The requantizer: a rule of [`rescale`](crate::arithmetic::rescale) on columns.

use std::array;
use std::ops::RangeInclusive;

use super::model::Model;
use crate::arithmetic::quantizer::CodeFormat;
use crate::arithmetic::rescale::{OutputStage, Rescaler, Rule, Scale};
use crate::catalogue::RequantizerParameters;
use crate::circuit::requantizer::{Requantization, Source};
use crate::unit::{Column, Integer};

/// The reference of a requantizer, in place.
pub(crate) fn model(parameters: &RequantizerParameters, _: usize) -> Box<dyn Model> {
    Box::new(RequantizerModel::new(&parameters.requantization, None))
}

/// The arithmetic of both forms of the requantizer, in place.
pub(super) struct RequantizerModel {
    pub(super) rule: Rule,
    acc_bits: u32,
    out: Integer,
    shifts: RangeInclusive<i64>,
    numbers: [Number; 5],
    /// Bit pattern of a binary32, for `f32_bias`.
    bias: Number,
    /// Scratch.
    codes: Vec<i32>,
}

/// One of the numbers beside the accumulator, in the order of the ports.
enum Number {
    Constant(i64),
    Port(Integer),
    /// By channel; a channel past the end has the last number.
    Table(Vec<i64>),
}

/// Multiplier, shift, zero point, least and largest code, bias.
type Point = [i64; 6];

impl RequantizerModel {
    /// Shifts outside `shifts` are replaced by the nearest one inside; `None` for the range of the rule.
    pub(super) fn new(requantization: &Requantization, shifts: Option<RangeInclusive<i64>>) -> Self {
        let rule = requantization.rule.arithmetic();
        let legal = rule.shifts().map_or(-63..=0, |shifts| (*shifts.start()).into()..=(*shifts.end()).into());
        let out = requantization.out;
        let absent = [0, 0, 0, out.min(), out.max()];
        let numbers = requantization.numbers();
        Self {
            rule,
            shifts: shifts.unwrap_or(legal),
            acc_bits: requantization.accumulator.bits,
            out,
            numbers: array::from_fn(|index| match numbers[index].source {
                None => Number::Constant(absent[index] as i64),
                Some(Source::Constant(number)) => Number::Constant(*number),
                Some(Source::Port) => Number::Port(numbers[index].integer),
                Some(Source::Table(numbers)) => Number::Table(numbers.clone()),
            }),
            bias: match &requantization.bias {
                Some(Source::Table(numbers)) => Number::Table(numbers.clone()),
                Some(source) => Number::Constant(source.constant().expect("a bias is no port")),
                None => Number::Constant(0),
            },
            codes: Vec::new(),
        }
    }

    /// The numbers of a transaction.
    fn point(&self, ports: &[Column], index: usize) -> Point {
        let mut all = self.numbers.iter().chain([&self.bias]);
        let has_channel = all.clone().any(|number| matches!(number, Number::Table(_)));
        let mut ports = ports.iter().map(|column| column.get(index));
        let channel = if has_channel { ports.next().expect("channel comes first") as usize } else { 0 };
        array::from_fn(|_| match all.next().expect("six numbers") {
            Number::Constant(number) => *number,
            Number::Port(integer) => integer.decode(ports.next().expect("a column for each port")) as i64,
            Number::Table(numbers) => numbers[channel.min(numbers.len() - 1)],
        })
    }

    /// The rescaler of a transaction.
    ///
    /// A port can carry numbers that a rule cannot apply: a shift is replaced by the nearest legal one, and the
    /// upper bound takes precedence over the lower one (`docs/units/requantizer.md`).
    fn rescaler(&self, [multiplier, shift, zero_point, min, max, bias]: Point) -> Rescaler {
        let scale = match self.rule {
            Rule::F64 => Scale::Real(f64::from_bits(multiplier as u64)),
            Rule::F32 | Rule::F32AfterZeroPoint | Rule::F32Bias | Rule::F32Away => {
                Scale::Real(f32::from_bits(multiplier as u32).min(f32::MAX).into())
            }
            Rule::Pow2 | Rule::Pow2Floor => Scale::Real(2f64.powi(self.legal(shift) as i32)),
            _ => Scale::Fixed { multiplier: multiplier as i32, shift: self.legal(shift) as i32 },
        };
        // Any code fits 16 bits, and the clamp restricts it to its width.
        let format = CodeFormat::new(16, self.out.signed).expect("16 bits are a format");
        let output = OutputStage::new(format, zero_point as i32)
            .and_then(|output| output.clamped(min.min(max) as i32, max as i32))
            .expect("codes of the output");
        let rescaler = match self.rule {
            Rule::F32Bias => {
                let bias = f32::from_bits(bias as u32);
                Rescaler::with_float_bias(self.acc_bits, &[scale], &[bias], &[output])
            }
            rule => Rescaler::new(rule, self.acc_bits, scale, output),
        };
        rescaler.expect("the catalogue refuses what the rule cannot apply")
    }

    /// The nearest shift that the rule accepts.
    fn legal(&self, shift: i64) -> i64 {
        shift.clamp(*self.shifts.start(), *self.shifts.end())
    }

    /// The shift of a transaction, in the range of the rule.
    pub(super) fn shift(&self, ports: &[Column], index: usize) -> i64 {
        self.legal(self.point(ports, index)[1])
    }
}

impl Model for RequantizerModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let (acc, ports) = inputs.split_first().expect("acc comes first");
        let mut codes = std::mem::take(&mut self.codes);
        codes.resize(acc.len(), 0);
        let mut start = 0;
        while start < acc.len() {
            // Runs of equal numbers: the whole of a sweep, and long runs in most stimulus.
            let point = self.point(ports, start);
            let end = if ports.is_empty() {
                acc.len()
            } else {
                (start + 1..acc.len()).find(|&index| self.point(ports, index) != point).unwrap_or(acc.len())
            };
            rescale(&self.rescaler(point), acc, start..end, &mut codes[start..end]);
            start = end;
        }
        let mask = self.out.mask();
        match &mut outputs[0] {
            Column::U8(data) => {
                data.iter_mut().zip(&codes).for_each(|(slot, &code)| *slot = code as u8 & mask as u8)
            }
            Column::U16(data) => {
                data.iter_mut().zip(&codes).for_each(|(slot, &code)| *slot = code as u16 & mask as u16);
            }
            _ => unreachable!("codes have at most 16 bits"),
        }
        self.codes = codes;
    }
}

/// Codes of a range of accumulators, given by their low bits.
fn rescale(rescaler: &Rescaler, acc: &Column, range: std::ops::Range<usize>, codes: &mut [i32]) {
    let fits = "as many codes as accumulators, in a type that holds them";
    match acc {
        Column::U8(data) => rescaler.rescale_slice(&data[range], codes).expect(fits),
        Column::U16(data) => rescaler.rescale_slice(&data[range], codes).expect(fits),
        Column::U32(data) => rescaler.rescale_slice(&data[range], codes).expect(fits),
        Column::U64(data) => {
            codes
                .iter_mut()
                .zip(&data[range])
                .for_each(|(code, &acc)| *code = rescaler.rescale(acc as i64, 0));
        }
        Column::Wide { .. } => unreachable!("accumulators have at most 64 bits"),
    }
}
