//! Search for the cheapest exact line of a staircase.

use super::constants::{Carrier, FittedConstants, FreeBits, fit, fit_addend};
use super::form::{AdditionTerm, LineForm};
use super::line::{FRACTION, Interval, Lines, Slope};
use super::memory::remembered;
use super::multiples::{self, Multiple};
use super::staircase::Staircase;
use super::truncation::{Bits, Deviation, deviations, lowest, sum_deviation};
use crate::circuit::constant_matrix::{AdderFunction, Graph, GraphAdder, Range, Tap};
use crate::unit::{Integer, Target};

/// The widest window of accumulators, which keeps every node in 64 bits.
const WIDEST_WINDOW: u32 = 32;
/// Number of multiples after which a search stops.
const ENOUGH: usize = 8;
/// The bounds on shifts of the searches for four additions, one after another.
const DEEP_SHIFTS: [u32; 3] = [4, 6, 7];
/// Maximum number of multiples evaluated per number of additions.
const MULTIPLES: usize = 40;
/// Numbers of accumulator bits that select an offset, in the order of the search.
const SEGMENT_BITS: [u32; 4] = [1, 2, 3, 4];
/// Numbers of guard bits that operands keep below the lowest bit of the sum.
const GUARDS: [u32; 4] = [0, 1, 2, 40];
/// Width of the widest unsigned multiplier that fits one DSP block of every family.
const DSP_FACTOR_BITS: u32 = 17;

impl LineForm {
    /// The form by additions with the fewest LUTs; `None` if no line fits.
    ///
    /// A form with fewer, wider additions would be slower between the same registers.
    pub(in super::super) fn additions(staircase: &Staircase, target: Target) -> Option<Self> {
        remembered(staircase, target, || Self::search_additions(staircase, target))
    }

    fn search_additions(staircase: &Staircase, target: Target) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        for bits in SEGMENT_BITS {
            let Some((search, slopes)) = Search::new(staircase, bits, target) else { continue };
            let mut consider = |multiples: Vec<Multiple>| {
                let stride = multiples.len().div_ceil(MULTIPLES).max(1);
                for form in multiples.iter().step_by(stride).filter_map(|multiple| search.best_form(multiple))
                {
                    let cost = form.luts(target);
                    if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                        best = Some((cost, form));
                    }
                }
                multiples.len()
            };
            for additions in 0..=3 {
                consider(multiples::search(slopes, additions, multiples::DEFAULT_SHIFTS));
            }
            // More offsets rarely fit longer multipliers.
            let deep = if bits == SEGMENT_BITS[0] { &DEEP_SHIFTS[..] } else { &[] };
            for &shifts in deep {
                if consider(multiples::search(slopes, 4, shifts)) >= ENOUGH {
                    break;
                }
            }
            consider(multiples::signed_digits(slopes));
        }
        best.map(|(_, form)| form)
    }

    /// The form with a short multiplier, which fits a DSP block or else is the shortest; `None` if no line fits.
    pub(in super::super) fn short_multiplier(staircase: &Staircase, target: Target) -> Option<Self> {
        let forms = SEGMENT_BITS.iter().filter_map(|&bits| {
            let (search, slopes) = Search::new(staircase, bits, target)?;
            (0..FRACTION).find_map(|fraction| {
                let unit = 1i128 << (FRACTION - fraction);
                let multiplier = (slopes.min + unit - 1) / unit;
                let slope = Slope { multiplier, fraction };
                if multiplier > slopes.max / unit { None } else { search.product(slope) }
            })
        });
        forms.min_by_key(|form| {
            let bits = Self::factor_bits(form);
            (bits.saturating_sub(DSP_FACTOR_BITS), form.upper.len())
        })
    }

    /// Width of the multiplier in bits, unsigned.
    fn factor_bits(&self) -> u32 {
        i128::BITS - self.slope.multiplier.leading_zeros()
    }
}

/// Position of the constants of a form.
#[derive(Clone, Copy, Debug)]
enum Constants {
    /// In free bits of the additions.
    Inside,
    /// In a separate addition.
    Added,
}

struct Search {
    window: Integer,
    lines: Lines,
    target: Target,
}

impl Search {
    /// The lines with one offset per value of the highest `bits` bits, and their slopes; `None` if none fits.
    fn new(staircase: &Staircase, bits: u32, target: Target) -> Option<(Self, Interval)> {
        let window = staircase.window();
        if window.bits > WIDEST_WINDOW {
            return None;
        }
        let lines = Lines::new(staircase, bits.min(window.bits));
        let slopes = lines.slopes()?;
        Some((Self { window, lines, target }, slopes))
    }

    /// The form with a multiplier.
    fn product(&self, slope: Slope) -> Option<LineForm> {
        let offsets = self.lines.offsets(slope)?;
        let graph =
            Graph { inputs: 1, operations: Vec::new(), outputs: vec![Some(Tap { node: 0, shift: 0 })] };
        let exact = Deviation::default();
        (0..=slope.fraction).rev().find_map(|low| {
            // Bits below the sum are not used.
            let dropped = Deviation { min: 0, max: (1 << low) - 1 };
            let fitted = fit_addend(&offsets, &FreeBits::new(&[], &[], dropped, low))?;
            Some(LineForm {
                factor: Some(slope.multiplier),
                ..self.line_form(slope, fitted, &graph, low, exact)
            })
        })
    }

    fn line_form(
        &self,
        slope: Slope,
        fitted: FittedConstants,
        graph: &Graph,
        low: u32,
        sum: Deviation,
    ) -> LineForm {
        LineForm {
            window: self.window,
            code: self.code(slope, &fitted.offsets, sum),
            levels_at_sign: levels_at_sign(slope, &fitted.offsets, sum),
            graph: graph.clone(),
            types: graph.types(Range::of(self.window)),
            lowest: vec![0],
            factor: None,
            terms: Vec::new(),
            low,
            upper: fitted.upper,
            lower: fitted.lower,
            carrier: fitted.carrier,
            addend: fitted.addend,
            slope,
        }
    }

    /// The cheapest choice of bits for a multiple.
    fn best_form(&self, multiple: &Multiple) -> Option<LineForm> {
        let offsets = self.lines.offsets(multiple.slope)?;
        let lows = || (0..=multiple.slope.fraction).rev();
        let choices = GUARDS.into_iter().flat_map(|guard| {
            // Fewer bits are cheaper.
            let own =
                lows().find_map(|low| self.form(multiple, &offsets, Bits { low, guard }, Constants::Inside));
            own.into_iter().chain(
                lows().find_map(|low| self.form(multiple, &offsets, Bits { low, guard }, Constants::Added)),
            )
        });
        choices.min_by_key(|form| form.luts(self.target))
    }

    fn form(
        &self,
        multiple: &Multiple,
        offsets: &[Interval],
        bits: Bits,
        constants: Constants,
    ) -> Option<LineForm> {
        let Multiple { operations, slope } = multiple;
        let (last, inner) = match operations.split_last() {
            Some((last, inner)) => (Some(last), inner),
            None => (None, &operations[..]),
        };
        let outputs = vec![Some(Tap { node: inner.len(), shift: 0 })];
        let graph = Graph { inputs: 1, operations: inner.to_vec(), outputs };
        let types = graph.types(Range::of(self.window));
        let terms = terms(&graph, &types, last, *slope);
        let lowest = lowest(&graph, &terms, bits);
        let deviations = deviations(&graph, &lowest);
        let sum = sum_deviation(&terms, &lowest, &deviations, bits.low);
        let room = FreeBits::new(&terms, &types, sum, bits.low);
        let fitted = match constants {
            Constants::Inside => fit(offsets, &room, &graph, &lowest, &terms)?,
            Constants::Added => fit_addend(offsets, &room)?,
        };
        if !self.fit_types(&graph, &types, &deviations, fitted.carrier.as_ref()) {
            return None;
        }
        Some(LineForm { lowest, terms, ..self.line_form(*slope, fitted, &graph, bits.low, sum) })
    }

    /// The smallest and the largest accumulator of each segment.
    fn segments(&self, count: usize) -> impl Iterator<Item = (i128, i128)> {
        let (min, length) = (self.window.min(), (1i128 << self.window.bits) / count as i128);
        (0..count as i128).map(move |index| (min + index * length, min + (index + 1) * length - 1))
    }

    /// Whether every node fits its type, including carried constants and dropped bits.
    fn fit_types(
        &self,
        graph: &Graph,
        types: &[Integer],
        deviations: &[Deviation],
        carrier: Option<&Carrier>,
    ) -> bool {
        let forms = graph.forms();
        let fits = |segment: usize, (min, max): (i128, i128)| {
            let mut constants: Vec<i128> = vec![0];
            for (operation, node) in graph.operations.iter().zip(1..) {
                let carried = carrier
                    .filter(|carrier| carrier.node == node)
                    .map_or(0, |carrier| carrier.constants[segment]);
                let low = constants[operation.low];
                let high = (constants[operation.high] << operation.shift) + carried;
                constants.push(match operation.function {
                    AdderFunction::Add => low + high,
                    AdderFunction::Subtract => low - high,
                    AdderFunction::Reverse => high - low,
                    AdderFunction::Negate => -low,
                });
            }
            (0..types.len()).all(|node| {
                let (multiple, constant) = (i128::from(forms[node][0]), constants[node]);
                let least = multiple * min + constant - deviations[node].max;
                let most = multiple * max + constant - deviations[node].min;
                types[node].holds(least) && types[node].holds(most)
            })
        };
        let count = carrier.map_or(1, |carrier| carrier.constants.len());
        self.segments(count).enumerate().all(|(segment, bounds)| fits(segment, bounds))
    }

    /// The type of every code of the window before it is clamped.
    fn code(&self, slope: Slope, offsets: &[i128], sum: Deviation) -> Integer {
        let segments = self.segments(offsets.len()).zip(offsets);
        let range = segments.map(|((min, max), offset)| {
            let least = slope.multiplier * min + offset - sum.max;
            let most = slope.multiplier * max + offset - sum.min;
            Range { min: (least >> slope.fraction) as i64, max: (most >> slope.fraction) as i64 }
        });
        range.fold(Range { min: -1, max: 0 }, Range::union).integer()
    }
}

/// The smallest and the largest code before the clamp of the accumulators -1 and 0.
fn levels_at_sign(slope: Slope, offsets: &[i128], sum: Deviation) -> [i128; 4] {
    let below_zero = offsets[offsets.len() / 2 - 1] - slope.multiplier;
    let zero = offsets[offsets.len() / 2];
    [below_zero - sum.max, below_zero - sum.min, zero - sum.max, zero - sum.min]
        .map(|level| level >> slope.fraction)
}

/// The operands of the last addition, the one with the lower sign bit second; without an addition, a shifted node.
fn terms(graph: &Graph, types: &[Integer], last: Option<&GraphAdder>, slope: Slope) -> Vec<AdditionTerm> {
    let Some(last) = last else {
        return vec![AdditionTerm { node: 0, shift: slope.multiplier.trailing_zeros(), is_negative: false }];
    };
    let forms = graph.forms();
    let (low, high) = (i128::from(forms[last.low][0]), i128::from(forms[last.high][0]) << last.shift);
    let value = match last.function {
        AdderFunction::Add => low + high,
        AdderFunction::Subtract => low - high,
        AdderFunction::Reverse => high - low,
        AdderFunction::Negate => -low,
    };
    let lift = (slope.multiplier / value).trailing_zeros();
    let mut terms = vec![
        AdditionTerm {
            node: last.high,
            shift: last.shift + lift,
            is_negative: last.function == AdderFunction::Subtract,
        },
        AdditionTerm { node: last.low, shift: lift, is_negative: last.function == AdderFunction::Reverse },
    ];
    terms.sort_by_key(|term| std::cmp::Reverse(types[term.node].bits + term.shift));
    terms
}
