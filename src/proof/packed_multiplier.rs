//! Claims of a packed multiplier: the products, or their sums step by step.
//!
//! A word holds its fields as `bias + f0 + f1*2^S + f2*2^(2*S) + ...` modulo two to its width. The claims
//! quantify over all field values in the range of products or of their sums.

use super::claim::Claim;
use super::signals::{Signals, and, constant, extended, field, not};
use super::specification::Specification;
use crate::catalogue::{PackedMultiplierParameters, Pairing};
use crate::circuit::packed_multiplier::Block;
use crate::unit::{Config, Integer};

pub(crate) fn specification(_: &PackedMultiplierParameters) -> Result<Specification, &'static str> {
    Ok(Specification::Claims { inner, alternatives: |signals| vec![claims(signals)] })
}

/// The words of a module that sums its products.
fn inner(config: &Config) -> Vec<String> {
    let parameters: &PackedMultiplierParameters = config.parameters();
    if parameters.packing.terms < 2 {
        return Vec::new();
    }
    let (sum, product) = words(parameters);
    vec![sum.to_string(), product, "count".to_string(), "enters".to_string()]
}

/// The register of all sums, and the word that is added to it.
fn words(parameters: &PackedMultiplierParameters) -> (&'static str, String) {
    match (parameters.packing.block, parameters.stages - 1) {
        (Block::Dsp48e2, _) => ("fields", "block.product".to_string()),
        (_, 0) => ("accum", "products".to_string()),
        (_, before) => ("accum", format!("products_{before}")),
    }
}

fn claims(signals: Signals) -> Vec<Claim> {
    let &PackedMultiplierParameters { packing, stages, .. } = signals.config.parameters();
    if packing.terms > 1 {
        return Sums::new(signals).claims();
    }
    let bits = signals.port("product").integer.bits;
    let products = pairs(signals).into_iter().enumerate().map(|(index, (a, b))| {
        let product =
            format!("(bvmul {} {})", signals.element("a", a, 0, bits), signals.element("b", b, 0, bits));
        format!("(= {} {product})", field(&signals.raw("product", stages), bits * index as u32, bits))
    });
    let goal = and(&products.collect::<Vec<_>>());
    let mut claim = Claim::running("every product of the operands", signals, stages, goal);
    claim.assumptions.extend(preconditions(signals));
    vec![claim]
}

/// Indices into `a` and `b` of the factors of each product.
fn pairs(signals: Signals) -> Vec<(u32, u32)> {
    let &PackedMultiplierParameters { packing, pairing, .. } = signals.config.parameters();
    let (a, b) = (packing.a.lanes, packing.b.lanes);
    match pairing {
        Pairing::Elementwise => (0..a).map(|index| (index, index)).collect(),
        Pairing::Outer => (0..b).flat_map(|second| (0..a).map(move |first| (first, second))).collect(),
    }
}

/// Formulas that exclude the most negative value from narrow operands.
fn preconditions(signals: Signals) -> Vec<String> {
    let ports = ["a", "b"].map(|name| signals.port(name));
    let narrow = ports.into_iter().filter(|port| port.narrow);
    let elements = narrow.flat_map(|port| (0..port.elements).map(move |index| (port.clone(), index)));
    let formula = |(port, index): (crate::unit::Port, u32)| {
        let bits = port.integer.bits;
        let element = signals.element(port.name, index, 0, bits);
        not(&format!("(= {element} {})", constant(port.integer.min(), bits)))
    };
    elements.map(formula).collect()
}

/// A module that sums `terms` products before it unpacks them.
struct Sums<'a> {
    signals: Signals<'a>,
    terms: i128,
    /// Clock edges before the sum.
    before: u32,
    /// Name of the register of all sums.
    sum: &'static str,
    /// Name of the word that is added to it.
    product: String,
    fields: u32,
    /// Width of a field in bits.
    step: u32,
    /// Initial value of a sum.
    bias: i128,
    /// Range of one product.
    range: (i128, i128),
    is_signed: bool,
}

impl<'a> Sums<'a> {
    fn new(signals: Signals<'a>) -> Self {
        let &PackedMultiplierParameters { packing, stages, .. } = signals.config.parameters();
        let [a, b] = ["a", "b"].map(|name| {
            let port = signals.port(name);
            (port.integer.min() + i128::from(port.narrow), port.integer.max())
        });
        let corners = [a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1];
        let range = corners.into_iter().fold((0, 0), |(min, max), corner| (min.min(corner), max.max(corner)));
        let before = stages - 1;
        let (sum, product) = words(signals.config.parameters());
        let fields = pairs(signals).len() as u32;
        let step = signals.circuit.width(sum).expect("the sums of the module") / fields;
        let is_signed = range.0 < 0;
        let adds = packing.block.adds();
        let halves = (0..fields - 1).map(|index| 1_i128 << (step * (index + 1) - 1));
        let bias = if adds && is_signed { halves.sum() } else { 0 };
        let terms = packing.terms.into();
        Self { signals, terms, before, sum, product, fields, step, bias, range, is_signed }
    }

    fn claims(&self) -> Vec<Claim> {
        vec![self.product(), self.sum_step(), self.unpacking(), self.stall(), self.reset()]
    }

    /// Width of all fields in bits.
    fn word_bits(&self) -> u32 {
        self.step * self.fields
    }

    /// Width in which a sum and one more product do not overflow.
    fn sum_bits(&self) -> u32 {
        self.step + 2
    }

    /// Packs fields, numbers of [`Sums::sum_bits`], into a word.
    fn word(&self, bias: i128, fields: impl Iterator<Item = String>) -> String {
        let (all, own) = (self.word_bits() + 2, Integer { bits: self.sum_bits(), signed: self.is_signed });
        let shifted = fields.zip(0..).map(|(value, index)| {
            format!("(bvshl {} {})", extended(&value, own, all), constant((self.step * index).into(), all))
        });
        let sum = shifted.fold(constant(bias, all), |sum, term| format!("(bvadd {sum} {term})"));
        field(&sum, 0, self.word_bits())
    }

    /// The word that is added in a cycle, extended to the width of the sums.
    fn addend(&self, cycle: u32) -> String {
        let whole = self.signals.raw(&self.product, cycle);
        let bits = self.signals.circuit.width(&self.product).expect("the products of the module");
        extended(&whole, Integer { bits, signed: self.is_signed }, self.word_bits())
    }

    /// Declares one constant per field, bounded by `times` the range of a product.
    ///
    /// Returns the names, the declarations and the bounds.
    fn bounded_fields(&self, name: &str, times: &str) -> (Vec<String>, String, Vec<String>) {
        let names: Vec<String> = (0..self.fields).map(|index| format!("{name}{index}")).collect();
        let bits = self.sum_bits();
        let less = if self.is_signed { "bvsle" } else { "bvule" };
        let declared = names.iter().map(|name| format!("(declare-const {name} (_ BitVec {bits}))\n"));
        let [min, max] =
            [self.range.0, self.range.1].map(|end| format!("(bvmul {times} {})", constant(end, bits)));
        let bounds = names
            .iter()
            .flat_map(|name| [format!("({less} {min} {name})"), format!("({less} {name} {max})")]);
        (names.clone(), declared.collect(), bounds.collect())
    }

    fn product(&self) -> Claim {
        let signals = self.signals;
        let bits = self.sum_bits();
        let products = pairs(signals).into_iter().map(|(a, b)| {
            format!("(bvmul {} {})", signals.element("a", a, 0, bits), signals.element("b", b, 0, bits))
        });
        let goal = and(&[
            format!("(= {} {})", self.addend(self.before), self.word(0, products)),
            format!("(= {} {})", signals.raw("enters", self.before), signals.raw("valid_in", 0)),
        ]);
        let name = "the packed word of all products and its valid bit";
        let mut claim = Claim::running(name, signals, self.before, goal);
        claim.assumptions.extend(preconditions(signals));
        claim
    }

    /// Adds any products to any partial sums.
    fn sum_step(&self) -> Claim {
        let signals = self.signals;
        let bits = signals.circuit.width("count").expect("the counter of the module");
        let (count, enters) = (self.number("count", bits), signals.raw("enters", 0));
        let wide = Integer { bits: bits + self.sum_bits(), signed: false };
        let times =
            extended(&format!("(concat {} {count})", constant(0, self.sum_bits())), wide, self.sum_bits());
        let (sums, declared, bounds) = self.bounded_fields("g", &times);
        let (products, others, other_bounds) = self.bounded_fields("p", &constant(1, self.sum_bits()));
        let is_first = format!("(= {count} {})", constant(0, bits));
        let is_last = format!("(= {count} {})", constant(self.terms - 1, bits));
        let next = sums.iter().zip(&products).map(|(sum, product)| {
            format!("(bvadd (ite {is_first} {} {sum}) {product})", constant(0, self.sum_bits()))
        });
        let next = self.word(self.bias, next);
        let more = format!("(ite {is_last} {} (bvadd {count} {}))", constant(0, bits), constant(1, bits));
        let goal = and(&[
            format!("(= {} (ite {enters} {next} {}))", signals.raw(self.sum, 1), signals.raw(self.sum, 0)),
            format!("(= {} (ite {enters} {more} {count}))", self.number_in("count", bits, 1)),
            format!("(= {} (and {enters} {is_last}))", signals.raw("complete", 1)),
        ]);
        let mut claim = Claim::running("one more product in the sum of each field", signals, 1, goal);
        claim.definitions = declared + &others;
        claim.assumptions.extend(bounds.into_iter().chain(other_bounds));
        claim.assumptions.extend([
            format!("(bvule {count} {})", constant(self.terms - 1, bits)),
            format!(
                "(or {is_first} (= {} {}))",
                signals.raw(self.sum, 0),
                self.word(self.bias, sums.into_iter())
            ),
            format!("(=> {enters} (= {} {}))", self.addend(0), self.word(0, products.into_iter())),
        ]);
        claim
    }

    /// Unpacks any complete sums.
    fn unpacking(&self) -> Claim {
        let signals = self.signals;
        let (sums, declared, bounds) = self.bounded_fields("g", &constant(self.terms, self.sum_bits()));
        let result = signals.port("sum").integer;
        let own = Integer { bits: self.sum_bits(), signed: self.is_signed };
        let element = |(index, sum): (u32, &String)| {
            let output = field(&signals.raw("sum", 1), result.bits * index, result.bits);
            format!("(= {output} {})", extended(sum, own, result.bits))
        };
        let elements = and(&(0..).zip(&sums).map(element).collect::<Vec<_>>());
        let complete = signals.raw("complete", 0);
        let goal = and(&[
            format!("(= {} {complete})", signals.raw("valid_out", 1)),
            format!("(ite {complete} {elements} {})", signals.holds("sum", 0, 1)),
        ]);
        let mut claim = Claim::running("the sum of each field, once complete", signals, 1, goal);
        claim.definitions = declared;
        claim.assumptions.extend(bounds);
        let word = self.word(self.bias, sums.iter().cloned());
        claim.assumptions.push(format!("(= {} {word})", signals.raw(self.sum, 0)));
        claim
    }

    fn stall(&self) -> Claim {
        let signals = self.signals;
        let held: Vec<String> =
            signals.circuit.registers().iter().map(|name| signals.holds(name, 0, 1)).collect();
        Claim {
            assumptions: vec![not(&signals.raw("en", 0)), not(&signals.raw("rst", 0))],
            ..Claim::running("every register holds during a stall", signals, 1, and(&held))
        }
    }

    /// Reset clears the sum and drops products in the pipeline.
    fn reset(&self) -> Claim {
        let signals = self.signals;
        let zero = ["count", "complete", "valid_out", "sum"].map(|name| signals.is_zero(name, 1));
        let dropped = (1..=self.before).map(|cycle| not(&signals.raw("enters", cycle)));
        let goal = and(&zero.into_iter().chain(dropped).collect::<Vec<_>>());
        let mut claim = Claim::running(
            "reset starts a new sum and clears the pipeline",
            signals,
            self.before.max(1),
            goal,
        );
        claim.assumptions = vec![signals.raw("rst", 0)];
        for cycle in 1..self.before {
            claim.assumptions.extend([signals.raw("en", cycle), not(&signals.raw("rst", cycle))]);
        }
        claim
    }

    /// A register as a bit vector in the first cycle, also if it has one bit.
    fn number(&self, name: &str, bits: u32) -> String {
        self.number_in(name, bits, 0)
    }

    fn number_in(&self, name: &str, bits: u32, cycle: u32) -> String {
        let whole = self.signals.raw(name, cycle);
        if bits == 1 { format!("(ite {whole} #b1 #b0)") } else { whole }
    }
}
