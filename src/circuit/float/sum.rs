//! Sum of two binary32 numbers, rounded to nearest, ties to even.

use super::{GUARDED_BITS, ROUNDING_STEPS, SIGNIFICAND_BITS, Steps, normalize, pattern, round};
use crate::circuit::body::Body;
use crate::circuit::delay_line::DelayLine;
use crate::circuit::net::{Net, concatenation, repeated};
use crate::circuit::schedule::PipelinePart;

/// Steps of the comparison: which number is larger, the exchange, the gap.
const COMPARE_STEPS: u32 = 3;

/// Shift amounts of the alignment and of the normalization.
const AMOUNTS: [u32; 5] = [16, 8, 4, 2, 1];

/// Bits of the sum: a carry, the significand, and three bits below it.
const TOTAL_BITS: u32 = SIGNIFICAND_BITS + 4;

/// Registers of each part of a sum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SumStages {
    compare: u32,
    align: u32,
    add: u32,
    normalize: u32,
    round: u32,
}

impl SumStages {
    /// The parts of a sum, in order.
    pub(crate) const PARTS: [PipelinePart; 5] = [
        PipelinePart { steps: COMPARE_STEPS, delay: 3 },
        PipelinePart { steps: AMOUNTS.len() as u32, delay: 2 },
        PipelinePart { steps: 1, delay: 3 },
        PipelinePart { steps: AMOUNTS.len() as u32, delay: 3 },
        PipelinePart { steps: ROUNDING_STEPS, delay: 4 },
    ];

    /// The registers of the parts, in order.
    pub(crate) fn new(stages: &[u32]) -> Self {
        let &[compare, align, add, normalize, round] = stages else { panic!("{} parts", stages.len()) };
        Self { compare, align, add, normalize, round }
    }
}

/// The first addend: its pattern, and what belongs to it.
#[derive(Debug)]
pub(crate) struct RoundedProduct {
    /// The pattern without sign; that of infinity or of a finite number if it is NaN.
    pub(crate) magnitude: Net,
    /// The sign.
    pub(crate) negative: Net,
    /// Whether it is NaN.
    pub(crate) is_nan: Net,
}

/// The shift registers beside the significands; the first register of each is the last of the comparison.
#[derive(Clone, Copy)]
struct Lines {
    larger: DelayLine,
    exponent: DelayLine,
    negative: DelayLine,
    subtract: DelayLine,
    is_nan: DelayLine,
    is_infinite: DelayLine,
}

impl Lines {
    fn new(stages: SumStages) -> Self {
        let aligned = 1 + stages.align;
        let total = aligned + stages.add;
        let normal = total + stages.normalize;
        let rounded = normal + stages.round - 1;
        Self {
            larger: DelayLine::new("larger_line", SIGNIFICAND_BITS, aligned),
            exponent: DelayLine::new("larger_exponent_line", 8, normal),
            negative: DelayLine::new("larger_negative_line", 1, total),
            subtract: DelayLine::new("subtract_line", 1, total),
            is_nan: DelayLine::new("sum_nan_line", 1, rounded),
            is_infinite: DelayLine::new("sum_infinite_line", 1, rounded),
        }
    }
}

/// The sum of a product and of `addend`, a pattern of 32 bits; the caller adds the last register.
///
/// The number of larger magnitude is the base, and the other one is aligned to it. A subnormal sum is a multiple of the
/// least subnormal number, as both addends are: it is exact.
pub(crate) fn sum(body: &mut Body, stages: SumStages, product: RoundedProduct, addend: Net) -> String {
    let lines = Lines::new(stages);
    body.comment(&[
        "The addend of larger magnitude stays; the other one is aligned to it, and what is shifted out",
        "of it leaves one sticky bit.",
    ]);
    let (smaller, gap) = compare(body, stages.compare, lines, product, addend);
    // The complement of a number to subtract, before the last register of the alignment.
    let addition = align(body, stages.align, &lines.subtract.tap(stages.align), smaller, gap);
    let subtract = lines.subtract.tap(1 + stages.align);
    let base = lines.larger.last();
    let carry = format!("{{{}'d0, {subtract}}}", TOTAL_BITS - 1);
    let value = format!("{{1'b0, {base}, 3'd0}} + {{{subtract}, {}}} + {carry}", addition.text());
    let mut total = body.wire("sum_total", TOTAL_BITS, &value);
    body.insert_registers(&mut [&mut total]);
    rounded_sum(body, stages, lines, total)
}

/// The pattern of a sum of which the lines hold sign and exponent.
fn rounded_sum(body: &mut Body, stages: SumStages, lines: Lines, total: Net) -> String {
    let negative = DelayLine::new("sum_negative_line", 1, stages.normalize + stages.round - 1);
    body.comment(&["Numbers that cancel leave a positive zero."]);
    let is_zero = body.wire("is_zero", 1, &format!("~|{}", total.text()));
    let sign = format!("{} & ~({} & {})", lines.negative.last(), is_zero.text(), lines.subtract.last());
    body.registers(vec![negative.register(&sign)]);
    body.comment(&["No more zeros are shifted out than the exponent permits: a subnormal sum is exact."]);
    let exponent = lines.exponent.tap(1 + stages.align + stages.add);
    let exponent = body.wire("total_exponent", 8, &exponent);
    let above = repeated(&format!("|{}", exponent.slice(7, 5)), 5);
    let limit = body.wire("limit", 5, &format!("{} | {above}", exponent.slice(4, 0)));
    let mut steps = Steps::new(AMOUNTS.len() as u32, stages.normalize);
    let mut normalized = normalize(body, &mut steps, "sum_", total, &AMOUNTS, Some(limit));
    body.insert_registers(&mut normalized.live());
    let shifts: Vec<String> = normalized.shifts.iter().map(Net::text).collect();
    // The line of an infinity replaces an exponent that overflows.
    let exponent = format!("{} + 8'd1 - {{3'd0, {}}}", lines.exponent.last(), shifts.join(", "));
    let mut steps = Steps::new(ROUNDING_STEPS, stages.round);
    let (is_beyond, finite) = round(body, &mut steps, "sum_", normalized, (&exponent, 8));
    let is_infinite = format!("{} | {}", lines.is_infinite.last(), is_beyond.text());
    pattern(body, &lines.is_nan.last(), &negative.last(), Some(&is_infinite), &finite)
}

/// Addends in the order of their magnitudes.
struct OrderedAddends {
    /// The patterns without sign.
    larger: Net,
    smaller: Net,
    /// The sign of the larger one.
    negative: Net,
    /// Whether the signs differ.
    subtract: Net,
    /// Whether the product is NaN.
    is_nan: Net,
}

/// Finds the number of larger magnitude; returns the significand of the other one and the gap between their exponents.
fn compare(body: &mut Body, stages: u32, lines: Lines, product: RoundedProduct, addend: Net) -> (Net, Net) {
    let mut steps = Steps::new(COMPARE_STEPS, stages);
    let OrderedAddends { larger, smaller, negative, subtract, is_nan } =
        exchange(body, &mut steps, product, addend);
    let normal =
        |body: &mut Body, name: &str, net: &Net| body.wire(name, 1, &format!("|{}", net.slice(30, 23)));
    let larger_normal = normal(body, "larger_normal", &larger);
    let smaller_normal = normal(body, "smaller_normal", &smaller);
    let exponent =
        |net: &Net, normal: &Net| format!("{{{}, {} | ~{}}}", net.slice(30, 24), net.bit(23), normal.text());
    let larger_exponent = body.wire("larger_exponent", 8, &exponent(&larger, &larger_normal));
    let smaller_exponent = body.wire("smaller_exponent", 8, &exponent(&smaller, &smaller_normal));
    let difference = format!("{} - {}", larger_exponent.text(), smaller_exponent.text());
    let mut gap = body.wire("gap", 8, &difference);
    let significand = |net: &Net, normal: &Net| format!("{{{}, {}}}", normal.text(), net.slice(22, 0));
    let value = significand(&smaller, &smaller_normal);
    let mut smaller_significand = body.wire("smaller_significand", SIGNIFICAND_BITS, &value);
    let is_infinite = body.wire("is_infinite", 1, &format!("&{}", larger.slice(30, 23)));
    // NaN has the larger pattern. Infinities of opposite signs have no sum.
    let opposite = format!("&{} & {}", smaller.slice(30, 23), subtract.text());
    let no_number = format!("{} & (|{} | ({opposite}))", is_infinite.text(), larger.slice(22, 0));
    body.insert_registers(&mut [&mut smaller_significand, &mut gap]);
    body.registers(vec![
        lines.larger.register(&significand(&larger, &larger_normal)),
        lines.exponent.register(&larger_exponent.text()),
        lines.negative.register(&negative.text()),
        lines.subtract.register(&subtract.text()),
        lines.is_nan.register(&format!("{} | ({no_number})", is_nan.text())),
        lines.is_infinite.register(&is_infinite.text()),
    ]);
    (smaller_significand, gap)
}

/// The first two steps of the comparison.
fn exchange(body: &mut Body, steps: &mut Steps, product: RoundedProduct, mut addend: Net) -> OrderedAddends {
    let RoundedProduct { mut magnitude, negative: mut product_negative, mut is_nan } = product;
    let comparison = format!("{} > {}", addend.slice(30, 0), magnitude.text());
    let mut is_swapped = body.wire("is_swapped", 1, &comparison);
    steps.end(body, &mut [&mut magnitude, &mut product_negative, &mut is_nan, &mut addend, &mut is_swapped]);
    let mut choose = |name: &str, bits: u32, swapped: &str, other: &str| {
        body.wire(name, bits, &format!("{} ? {swapped} : {other}", is_swapped.text()))
    };
    let (pattern, sign) = (addend.slice(30, 0), addend.bit(31));
    let mut larger = choose("larger", 31, &pattern, &magnitude.text());
    let mut smaller = choose("smaller", 31, &magnitude.text(), &pattern);
    let mut negative = choose("larger_negative", 1, &sign, &product_negative.text());
    let mut subtract = body.wire("subtract", 1, &format!("{} ^ {sign}", product_negative.text()));
    steps.end(body, &mut [&mut larger, &mut smaller, &mut negative, &mut subtract, &mut is_nan]);
    OrderedAddends { larger, smaller, negative, subtract, is_nan }
}

/// Shifts a significand right by the gap; what is shifted out leaves one sticky bit. Complements it to subtract it.
fn align(body: &mut Body, stages: u32, subtract: &str, significand: Net, gap: Net) -> Net {
    let mut steps = Steps::new(AMOUNTS.len() as u32, stages);
    let bits = GUARDED_BITS + 1;
    let is_far = body.wire("is_far", 1, &format!("|{}", gap.slice(7, 5)));
    let mut value = body.wire("aligned_0", bits, &format!("{{{}, 2'd0}}", significand.text()));
    let mut sticky: Option<Net> = None;
    let mut gap = gap.sub(4, 0);
    for (index, amount) in (1..).zip(AMOUNTS) {
        let shift = gap.bit(gap.hi);
        let moved = concatenation(&[format!("{amount}'d0"), value.slice(bits - 1, amount)]);
        let choice = format!("{shift} ? {moved} : {}", value.text());
        let lost = if amount == 1 { value.bit(0) } else { format!("|{}", value.slice(amount - 1, 0)) };
        let (choice, lost) = match &sticky {
            // A number so far below changes no sum, and neither does its sticky bit.
            None => (format!("{} ? {bits}'d0 : {choice}", is_far.text()), format!("{shift} & {lost}")),
            Some(sticky) => (choice, format!("{} | ({shift} & {lost})", sticky.text())),
        };
        value = body.wire(&format!("aligned_{index}"), bits, &choice);
        let mut rest = body.wire(&format!("aligned_sticky_{index}"), 1, &lost);
        if amount > 1 {
            gap = gap.sub(gap.hi - 1, 0);
            steps.end(body, &mut [&mut value, &mut rest, &mut gap]);
        }
        sticky = Some(rest);
    }
    let sticky = sticky.expect("a level");
    let complement = repeated(subtract, bits + 1);
    let addition = format!("{{{}, {}}} ^ {complement}", value.text(), sticky.text());
    let mut addition = body.wire("addition", bits + 1, &addition);
    body.insert_registers(&mut [&mut addition]);
    addition
}
