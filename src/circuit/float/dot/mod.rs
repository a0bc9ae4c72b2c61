//! Sum of products of small floats in fixed point, as a binary32, with registers between its steps.

mod alignment;
mod result;
mod sum;

pub(crate) use alignment::DotAlignment;

use self::result::Overrules;
use crate::circuit::body::Body;
use crate::circuit::delay_line::DelayLine;
use crate::circuit::lanes::LaneVector;
use crate::circuit::net::Net;
use crate::circuit::normalize::count_bits;
use crate::circuit::schedule::{PipelinePart, distribute};

/// Products side by side, and how they are added.
///
/// The body reads the vectors `negatives`, `exponents`, `significands` and `nans` with a field for each product; with
/// `has_infinity` also `plus_infinities` and `minus_infinities`, and with [`DotAlignment::Least`] `minus_zeros`. All are in
/// step with the operands. The template declares the genvar `i`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dot {
    /// Number of products, at least 2.
    pub(crate) products: u32,
    /// Width of a significand.
    pub(crate) significand_bits: u32,
    /// Width of an exponent.
    pub(crate) exponent_bits: u32,
    /// Exponent field of a product with the significand 1, an integer, and the exponent 0.
    pub(crate) unit_exponent: u32,
    /// Whether a product may be infinite.
    pub(crate) has_infinity: bool,
    /// What the significands are aligned to.
    pub(crate) alignment: DotAlignment,
    /// Registers from operands to sum; the first holds the products, the last the sum.
    pub(crate) stages: u32,
}

/// Registers of each part behind the products, which have one.
#[derive(Clone, Copy, Debug)]
struct DotStages {
    largest: u32,
    /// All shifts but the last, which has one register.
    align: u32,
    add: u32,
    magnitude: u32,
    finish: u32,
    /// Registers that no part can use.
    idle: u32,
}

impl Dot {
    /// Levels of a tree over all products.
    fn levels(&self) -> u32 {
        count_bits(self.products)
    }

    /// Terms of the adder tree: those of the products, and zeros.
    fn lanes(&self) -> u32 {
        self.products.next_power_of_two()
    }

    /// Width of a term, with its sign.
    fn term_bits(&self) -> u32 {
        self.alignment.magnitude_bits(self.significand_bits) + 1
    }

    /// Width of the sum of all terms without its sign.
    fn magnitude_bits(&self) -> u32 {
        self.term_bits() - 1 + self.levels()
    }

    /// Exponent field of a sum whose highest bit is set, without the largest exponent.
    fn top_exponent(&self) -> u32 {
        let top = self.unit_exponent + self.magnitude_bits() - 1;
        match self.alignment {
            DotAlignment::Least { least, .. } => top + least,
            DotAlignment::Largest { integer_bits, fraction_bits } => {
                top + self.significand_bits - integer_bits - fraction_bits
            }
        }
    }

    /// Steps from the magnitude of the sum to the result.
    fn finish_steps(&self) -> u32 {
        count_bits(self.magnitude_bits()) + self.alignment.result_steps()
    }

    fn stages(&self) -> DotStages {
        let has_largest = self.alignment.has_largest();
        let mut parts = vec![
            PipelinePart { steps: self.alignment.steps(self), delay: 3 },
            PipelinePart { steps: self.levels(), delay: 4 },
            PipelinePart { steps: 1, delay: 4 },
            PipelinePart { steps: self.finish_steps(), delay: 4 },
        ];
        if has_largest {
            parts.push(PipelinePart { steps: self.levels(), delay: 4 });
        }
        let spread = distribute(&parts, self.stages - 2);
        DotStages {
            align: spread[0],
            add: spread[1],
            magnitude: spread[2],
            finish: spread[3],
            largest: if has_largest { spread[4] } else { 0 },
            idle: self.stages - 2 - spread.iter().sum::<u32>(),
        }
    }
}

/// Products on their way to the terms.
struct Products {
    negatives: LaneVector,
    exponents: LaneVector,
    significands: LaneVector,
}

impl Products {
    /// What a register between two steps holds.
    fn all(&mut self) -> Vec<&mut Net> {
        vec![&mut self.negatives.net, &mut self.exponents.net, &mut self.significands.net]
    }

    /// The same with another net.
    fn live<'a>(&'a mut self, other: &'a mut Net) -> Vec<&'a mut Net> {
        let mut live = self.all();
        live.push(other);
        live
    }
}

/// The pattern of the sum; the caller adds the last register.
pub(crate) fn dot(body: &mut Body, dot: &Dot) -> String {
    let stages = dot.stages();
    let mut products = Products {
        negatives: LaneVector::new("negatives", 1, dot.products),
        exponents: LaneVector::new("exponents", dot.exponent_bits, dot.products),
        significands: LaneVector::new("significands", dot.significand_bits, dot.products),
    };
    let mut overrules = Overrules::new(dot);
    let mut live = products.all();
    live.extend(overrules.live());
    body.insert_registers(&mut live);
    let overrules = overrules.lines(body, dot.stages - stages.idle - 2);

    let largest =
        dot.alignment.has_largest().then(|| alignment::largest(body, dot, stages.largest, &mut products));
    // Those of the terms and all but the last, which holds the sum.
    let after_largest = stages.align + stages.add + stages.magnitude + stages.finish;
    let largest_line = largest.as_ref().map(|largest| {
        let line = DelayLine::new("exponent_line", dot.exponent_bits, after_largest);
        body.registers(vec![line.register(&largest.text())]);
        line
    });
    let (terms, carries) = alignment::align(body, dot, stages.align, products, largest);
    let (total, carry) = sum::add(body, dot, stages.add, terms, carries);
    let (mut magnitude, negative) = sum::magnitude(body, &total, &carry);
    let negative_line = DelayLine::new("negative_line", 1, stages.finish);
    body.registers(vec![negative_line.register(&negative)]);
    body.insert_registers(&mut [&mut magnitude]);
    let value = result::result(body, dot, stages, (magnitude, negative_line), &overrules, largest_line);
    let mut pattern = body.wire("pattern", 32, &value);
    for _ in 0..stages.idle {
        body.insert_registers(&mut [&mut pattern]);
    }
    pattern.text()
}
