//! Statements of a constant requantizer that consists of additions.

use serde_json::Value as Json;

use super::super::datapath::statements_context;
use super::super::requantization::Requantization;
use super::clamp::{Accumulator, Clamp};
use super::form::{AdditionTerm, LineForm};
use super::selection::{ONE, ZERO, constant_bits, first_address_bit};
use super::staircase::Staircase;
use crate::circuit::constant_matrix::{AdderFunction, GraphAdder, Polarity, Range};
use crate::circuit::{Body, Factor, Net, Schedule, concatenation, repeated};
use crate::unit::{Integer, Target};

/// Signals of one stage.
struct LiveSignals {
    /// Each node that a later stage reads.
    nodes: Vec<Option<Net>>,
    /// The highest bits of the accumulator in the window: its sign, and those that select a constant.
    segment: Net,
    /// Whether the accumulator is outside the window.
    outside: Option<Net>,
}

impl LiveSignals {
    fn insert_registers(&mut self, body: &mut Body, has_segment: bool) {
        let nodes = self.nodes.iter_mut().flatten();
        let segment = has_segment.then_some(&mut self.segment);
        body.insert_registers(&mut nodes.chain(segment).chain(&mut self.outside).collect::<Vec<_>>());
    }
}

/// Context of the form by additions, with `stages` registers from input to output.
pub(in super::super) fn context(
    requantization: &Requantization,
    staircase: &Staircase,
    form: &LineForm,
    target: Target,
    stages: u32,
) -> Json {
    let mut emission = Emission::new(form, target);
    let mut body = Body::enabled();
    let mut live = emission.inputs(&mut body, requantization.accumulator);
    let graph = form.whole_graph();
    let levels = graph.levels();
    // A constant with a separate addition is added last, after the sum or the product.
    let sum = levels.last().copied().unwrap_or(0).max(1);
    let last = sum + u32::from(form.addend.is_some());
    let schedule = Schedule::new(last + 1, stages);
    emission.note_unread(live.nodes[0].as_ref().expect("the accumulator is live"), 0, &levels, 0);
    let clamp = Clamp {
        fraction: form.slope.fraction,
        code: form.code,
        bounds: (staircase.first, staircase.last()),
        out: requantization.out,
        is_sign_decisive: form.levels_at_sign.iter().all(|&level| requantization.out.holds(level)),
    };
    let clamp_reads_sign = clamp.reads_sign(live.outside.is_some());
    // With a factor, the sign of a shifted operand is part of the constant.
    let is_read = clamp_reads_sign || form.slope.multiplier != 1 || form.segment_selects();
    let first = emission.first_selecting_bit(&levels, 0);
    if !is_read {
        emission.unused.push(live.segment.text());
    } else if first > 0 {
        emission.unused.push(live.segment.slice(first - 1, 0));
    }
    emission.keep_read(&mut live, &levels, 0);
    (0..schedule.before()).for_each(|_| live.insert_registers(&mut body, is_read));
    let mut line = None;
    for level in 1..=last {
        body.blank_line();
        for (operation, node) in form.graph.operations.iter().zip(1..) {
            if levels[node] == level {
                let net = emission.addition(&mut body, &live, operation, node);
                emission.note_unread(&net, node, &levels, level);
                live.nodes[node] = Some(net);
            }
        }
        if level == sum && form.factor.is_none() {
            line = Some(emission.last_addition(&mut body, &live));
            live.nodes.fill(None);
        }
        if level == sum
            && let Some(factor) = form.factor
        {
            line = Some(emission.product(&mut body, &live, factor));
            live.nodes.fill(None);
        }
        if level == last && form.addend.is_some() {
            line = line.map(|line| emission.with_addend(&mut body, &live, &line));
        }
        emission.keep_read(&mut live, &levels, level);
        if schedule.registers_after(level) {
            live.nodes.push(line.take());
            let has_segment = is_read && (level < last || clamp_reads_sign);
            live.insert_registers(&mut body, has_segment);
            line = live.nodes.pop().expect("just pushed");
        }
    }
    let line = line.expect("the last level adds it");
    let accumulator = Accumulator {
        sign: live.segment.bit(live.segment.hi),
        outside: live.outside.as_ref().map(Net::text),
    };
    let clamped = clamp.emit(&mut body, &line, accumulator);
    let unused = (form.slope.fraction > form.low).then(|| line.slice(form.slope.fraction - 1, form.low));
    let unused = unused.into_iter().chain(emission.unused).collect();
    statements_context(body, Vec::new(), clamped, unused, stages)
}

/// Emits the additions of a form.
struct Emission<'a> {
    form: &'a LineForm,
    /// Nodes of an iCE40 that are held as their complement.
    polarity: Polarity,
    unused: Vec<String>,
}

impl<'a> Emission<'a> {
    fn new(form: &'a LineForm, target: Target) -> Self {
        let graph = form.whole_graph();
        let polarity = if target == Target::Ice40 {
            Polarity::choose(&graph, &graph.types(Range::of(form.window)))
        } else {
            Polarity::plain(&graph)
        };
        Self { form, polarity, unused: Vec::new() }
    }

    /// The bits of the accumulator in the window, its sign, and whether the other bits differ from the sign.
    fn inputs(&mut self, body: &mut Body, accumulator: Integer) -> LiveSignals {
        let (window, top) = (self.form.window.bits, accumulator.bits - 1);
        let x = body.wire("window", window, &Net::part("acc", window - 1, 0).text());
        let bits = self.form.upper.len().trailing_zeros();
        let sign = format!("acc[{top}]");
        let rest = (bits > 1).then(|| Net::part("acc", window - 2, window - bits).text());
        let segment =
            body.wire("segment", bits, &concatenation(&[sign].into_iter().chain(rest).collect::<Vec<_>>()));
        let outside = (window <= top).then(|| {
            let above = Net::part("acc", top, window - 1).text();
            body.wire("outside", 1, &format!("(|{above}) & ~(&{above})"))
        });
        let mut nodes = vec![Some(x)];
        nodes.resize(1 + self.form.graph.operations.len(), None);
        LiveSignals { nodes, segment, outside }
    }

    /// Narrows the nodes to the bits that operations above that level read, and removes unread nodes.
    fn keep_read(&self, live: &mut LiveSignals, levels: &[u32], level: u32) {
        for (node, slot) in live.nodes.iter_mut().enumerate() {
            *slot = match (slot.take(), self.read_bits(node, levels, level)) {
                (Some(net), Some((hi, lo))) => Some(net.sub(net.hi.min(hi), net.lo.max(lo))),
                _ => None,
            };
        }
        let first = self.first_selecting_bit(levels, level).max(live.segment.lo);
        live.segment = live.segment.sub(live.segment.hi, first);
    }

    /// The lowest bit of the segment that selects a constant above that level; its sign always counts.
    fn first_selecting_bit(&self, levels: &[u32], level: u32) -> u32 {
        let form = self.form;
        let sum = levels.last().map_or(1, |&last| last.max(1));
        let is_pending = sum > level;
        let carried = form.carrier.as_ref().filter(|carrier| levels[carrier.node] > level);
        let lists = [
            is_pending.then_some(&form.upper),
            is_pending.then_some(&form.lower),
            carried.map(|carrier| &carrier.constants),
            form.addend.as_ref().filter(|_| sum >= level),
        ];
        let sign = form.upper.len().trailing_zeros() - 1;
        lists
            .into_iter()
            .flatten()
            .map(|constants| first_address_bit(constants).min(sign))
            .min()
            .unwrap_or(sign)
    }

    /// Records the bits of a new node that nothing above its level reads.
    fn note_unread(&mut self, net: &Net, node: usize, levels: &[u32], level: u32) {
        if let Some((hi, lo)) = self.read_bits(node, levels, level) {
            if lo > net.lo {
                self.unused.push(net.slice(lo - 1, net.lo));
            }
            if hi < net.hi {
                self.unused.push(net.slice(net.hi, hi + 1));
            }
        }
    }

    /// The highest and the lowest bit of a node that operations above a level read; `None` if none does.
    fn read_bits(&self, node: usize, levels: &[u32], level: u32) -> Option<(u32, u32)> {
        let form = self.form;
        let top = form.types[node].bits - 1;
        let inner = form.graph.operations.iter().zip(1..).filter(|&(_, reader)| levels[reader] > level);
        let inner = inner.flat_map(|(operation, reader)| {
            let low = form.lowest[reader];
            let own = [(operation.low, 0), (operation.high, operation.shift)];
            own.into_iter()
                .filter(|(operand, _)| *operand == node)
                .map(move |(_, shift)| (top, low.saturating_sub(shift)))
        });
        let is_pending = levels.last().map_or(1, |&last| last.max(1)) > level;
        let product = (is_pending && form.factor.is_some() && node == 0).then_some((top, 0));
        let terms = form.terms.iter().enumerate().filter(|&(index, term)| {
            // The second term may be below the line: only its sign counts there.
            let is_in_line = index == 0 || top + term.shift > form.low;
            is_pending && term.node == node && is_in_line
        });
        let terms = terms.map(|(index, term)| {
            // The sign of the second term is that of the accumulator.
            let own = if index == 1 { top - 1 } else { top };
            // The line wraps above its highest bit.
            let line = form.slope.fraction + form.code.bits - 1;
            let hi = own.min(line.saturating_sub(term.shift));
            (hi, form.low.saturating_sub(term.shift).min(hi))
        });
        inner
            .chain(product)
            .chain(terms)
            .reduce(|(hi, lo), (other_hi, other_lo)| (hi.max(other_hi), lo.min(other_lo)))
    }

    /// The bits `hi` to `lo` of a shifted node in its own polarity; a complement is filled with ones below.
    fn bits(&self, live: &LiveSignals, node: usize, shift: u32, hi: u32, lo: u32) -> String {
        let net = live.nodes[node].as_ref().expect("a node that is read is live");
        let below = if self.polarity.is_complement(node) { ONE } else { ZERO };
        let (first, end) = (net.lo + shift, net.hi + shift);
        let fill = repeated(&net.bit(net.hi), (hi + 1).saturating_sub((end + 1).max(lo)));
        let kept = if end >= lo && first <= hi {
            net.slice(end.min(hi) - shift, first.max(lo) - shift)
        } else {
            String::new()
        };
        let zeros = repeated(below, first.min(hi + 1).saturating_sub(lo));
        concatenation(&[fill, kept, zeros])
    }

    /// The value of a node as an expression, in either polarity.
    fn value(&self, live: &LiveSignals, node: usize, shift: u32, hi: u32, lo: u32) -> String {
        let bits = self.bits(live, node, shift, hi, lo);
        if self.polarity.is_complement(node) { format!("~{bits}") } else { bits }
    }

    /// The complement of the value of a node as an expression.
    fn complement(&self, live: &LiveSignals, node: usize, shift: u32, hi: u32, lo: u32) -> String {
        let bits = self.bits(live, node, shift, hi, lo);
        if self.polarity.is_complement(node) { bits } else { format!("~{bits}") }
    }

    fn addition(&mut self, body: &mut Body, live: &LiveSignals, operation: &GraphAdder, node: usize) -> Net {
        let GraphAdder { function, low, high, shift } = *operation;
        let (hi, lo) = (self.form.types[node].bits - 1, self.form.lowest[node]);
        let addend = self.value(live, low, 0, hi, lo);
        let carried = self
            .form
            .carrier
            .as_ref()
            .filter(|carrier| carrier.node == node)
            .map(|carrier| &carrier.constants);
        let raised = |is_complement: bool| match carried {
            None if is_complement => self.complement(live, high, shift, hi, lo),
            None => self.value(live, high, shift, hi, lo),
            Some(constants) => {
                let first = shift.max(lo);
                let constants: Vec<i128> = constants
                    .iter()
                    .map(|bits| if is_complement { !(bits >> lo) } else { bits >> lo })
                    .collect();
                let below = constant_bits(&constants, first - lo, &live.segment);
                let own = if is_complement {
                    self.complement(live, high, shift, hi, first)
                } else {
                    self.value(live, high, shift, hi, first)
                };
                concatenation(&[own, below])
            }
        };
        // With `~n = -n - 1`, an adder subtracts where exactly one operand is held as its complement.
        let held = [low, high].map(|operand| self.polarity.is_complement(operand));
        let (value, holds_complement) = match (function, held) {
            (AdderFunction::Add, [true, true]) => {
                (format!("{} - {}", self.complement(live, low, 0, hi, lo), raised(false)), true)
            }
            (AdderFunction::Subtract, [true, false]) => {
                (format!("{} + {}", self.complement(live, low, 0, hi, lo), raised(false)), true)
            }
            (AdderFunction::Reverse, [false, true]) => (format!("{} + {addend}", raised(true)), true),
            (AdderFunction::Add, _) => (format!("{addend} + {}", raised(false)), false),
            (AdderFunction::Subtract, _) => (format!("{addend} - {}", raised(false)), false),
            (AdderFunction::Reverse, _) => (format!("{} - {addend}", raised(false)), false),
            (AdderFunction::Negate, _) => unreachable!("multiples are not negative"),
        };
        let is_complement = self.polarity.is_complement(node);
        let name = format!("sum_{node}");
        if is_complement == holds_complement {
            body.kept_part(&name, hi, lo, &value)
        } else {
            body.part(&name, hi, lo, &format!("~({value})"))
        }
    }

    /// The bits that are read of the product of the accumulator in its window and a constant.
    fn product(&mut self, body: &mut Body, live: &LiveSignals, factor: i128) -> Net {
        let (x, bits) =
            (live.nodes[0].as_ref().expect("an input").text(), i128::BITS - factor.leading_zeros());
        let window = self.form.window.bits;
        let x = body.signed("factor", window, &format!("$signed({x})")).base;
        let product = body.signed("product", window + bits, &format!("{x} * {}'sd{factor}", bits + 1));
        let top = self.form.slope.fraction + self.form.code.bits;
        if product.hi >= top {
            self.unused.push(product.slice(product.hi, top));
        }
        if self.form.low > 0 {
            self.unused.push(product.slice(self.form.low - 1, 0));
        }
        product.sub(product.hi.min(top - 1), self.form.low)
    }

    /// The last addition with its constants.
    fn last_addition(&mut self, body: &mut Body, live: &LiveSignals) -> Net {
        let form = self.form;
        let (hi, lo) = (form.slope.fraction + form.code.bits - 1, form.low);
        let is_inverted = form.terms.iter().all(|term| self.is_inverted(term));
        let first = self.first_term(live, &form.terms[0], hi, lo, is_inverted);
        let second = match form.terms.get(1) {
            Some(term) => self.second_term(live, term, hi, lo),
            None => constant_bits(&form.upper, hi + 1 - lo, &live.segment),
        };
        // If both operands are inverted, so is their sum.
        let value =
            if is_inverted { format!("~({first} - {second})") } else { format!("{first} + {second}") };
        match form.addend {
            None => body.part("line", hi, lo, &value),
            Some(_) => body.kept_part("product", hi, lo, &value),
        }
    }

    /// The sum of a line without its constant and the constant.
    fn with_addend(&self, body: &mut Body, live: &LiveSignals, line: &Net) -> Net {
        let form = self.form;
        let (hi, lo) = (form.slope.fraction + form.code.bits - 1, form.low);
        let top = if line.hi > hi {
            line.slice(hi, lo)
        } else {
            Factor { net: line.above(lo), signed: true }.extended(hi + 1 - lo)
        };
        let addend: Vec<i128> = form.addend.iter().flatten().map(|constant| constant >> lo).collect();
        let constant = constant_bits(&addend, hi + 1 - lo, &live.segment);
        body.part("line", hi, lo, &format!("{top} + {constant}"))
    }

    /// Whether a term is represented by the complement of the added value.
    fn is_inverted(&self, term: &AdditionTerm) -> bool {
        self.polarity.is_complement(term.node) != term.is_negative
    }

    /// Bits of a term, or their complement.
    fn term(&self, live: &LiveSignals, term: &AdditionTerm, hi: u32, lo: u32, is_inverted: bool) -> String {
        if term.is_negative != is_inverted {
            self.complement(live, term.node, term.shift, hi, lo)
        } else {
            self.value(live, term.node, term.shift, hi, lo)
        }
    }

    /// The first term, or its complement, with a constant in the bits below it.
    fn first_term(
        &self,
        live: &LiveSignals,
        term: &AdditionTerm,
        hi: u32,
        lo: u32,
        is_inverted: bool,
    ) -> String {
        let first = term.shift.max(lo);
        let lower = self.form.lower.iter();
        let constants: Vec<i128> =
            lower.map(|bits| if is_inverted { !(bits >> lo) } else { bits >> lo }).collect();
        let below = constant_bits(&constants, first - lo, &live.segment);
        concatenation(&[self.term(live, term, hi, first, is_inverted), below])
    }

    /// The second term with a constant in the bits above its sign.
    fn second_term(&self, live: &LiveSignals, term: &AdditionTerm, hi: u32, lo: u32) -> String {
        let sign = (self.form.types[term.node].bits - 1 + term.shift).max(lo);
        let first = term.shift.max(lo);
        // Below zero, the sign counts -1; its complement counts as much less than 0 in the other case.
        let half = self.form.upper.len() / 2;
        let upper = self.form.upper.iter().enumerate();
        let upper: Vec<i128> = upper
            .map(|(segment, number)| number - i128::from((segment < half) != term.is_negative))
            .collect();
        let above = constant_bits(&upper, hi + 1 - sign, &live.segment);
        let own = if sign > first { self.term(live, term, sign - 1, first, false) } else { String::new() };
        concatenation(&[above, own, repeated(ZERO, first - lo)])
    }
}
