//! Translates a graph into statements of a module.

use std::collections::BTreeMap;

use super::graph::{AdderFunction, Graph, GraphAdder, Tap};
use super::polarity::{Polarity, Side};
use crate::circuit::body::Body;
use crate::circuit::net::{Net, concatenation, repeated};
use crate::circuit::schedule::Schedule;
use crate::unit::Integer;

/// A node as an operand of an adder.
#[derive(Clone, Debug)]
struct Operand {
    net: Net,
    /// The bit that extends it.
    fill: String,
    is_complement: bool,
}

impl Operand {
    /// The operand shifted left by `shift`, in `bits` bits; the bits below it are `below`.
    fn text(&self, bits: u32, shift: u32, below: &str) -> String {
        let (own, room) = (self.net.bits(), bits - shift);
        let above = repeated(&self.fill, room.saturating_sub(own));
        concatenation(&[above, self.net.slice(own.min(room) - 1, 0), repeated(below, shift)])
    }

    /// The bits that do not fit `bits` bits.
    fn truncated(&self, bits: u32, shift: u32) -> Option<String> {
        let (own, room) = (self.net.bits(), bits - shift);
        (own > room).then(|| match own - 1 {
            hi if hi == room => format!("{}[{hi}]", self.net.name),
            hi => format!("{}[{hi}:{room}]", self.net.name),
        })
    }

    /// The complement of its bits, with zeros below.
    fn inverted(&self, bits: u32, shift: u32) -> String {
        concatenation(&[format!("~{}", self.text(bits - shift, 0, ZERO)), repeated(ZERO, shift)])
    }
}

const ZERO: &str = "1'b0";
const ONE: &str = "1'b1";

/// A graph to be translated.
pub(crate) struct Emission<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) types: &'a [Integer],
    pub(crate) polarity: &'a Polarity,
    /// Whether subtractions read both operands uncomplemented; otherwise one of them is a complement.
    pub(crate) subtracts: bool,
}

impl Emission<'_> {
    /// Adds the nodes to the body, with `stages` registers up to the outputs. Returns the value of each
    /// output in that type, as an expression, and the bits that do not fit any output.
    pub(crate) fn emit(&self, body: &mut Body, stages: u32, output: Integer) -> (Vec<String>, Vec<String>) {
        let levels = self.graph.levels();
        let depth = levels.iter().copied().max().unwrap_or(0).max(1);
        let schedule = Schedule::new(depth, stages);
        let is_read = self.needed_above(&levels, 0);
        let mut nets: BTreeMap<usize, Net> = (0..self.graph.inputs)
            .filter(|&input| is_read[input])
            .map(|input| {
                let (name, bits) = (format!("x_{input}"), self.types[input].bits);
                let lo = input as u32 * bits;
                (input, body.wire(&name, bits, &Net::part("x", lo + bits - 1, lo).text()))
            })
            .collect();
        (0..schedule.before()).for_each(|_| self.register(body, &mut nets, &levels, 0));
        let mut copies = BTreeMap::new();
        for level in 1..=depth {
            body.blank_line();
            for (operation, node) in self.graph.operations.iter().zip(self.graph.inputs..) {
                if levels[node] == level {
                    let net = self.adder(body, &nets, &mut copies, operation, node);
                    nets.insert(node, net);
                }
            }
            if schedule.registers_after(level) || (level == depth && stages > 0) {
                self.register(body, &mut nets, &levels, level);
                copies.clear();
            }
        }
        body.blank_line();
        let value = |tap: &Tap| self.operand(&nets, tap.node).text(output.bits, tap.shift, ZERO);
        let truncated = |tap: &Tap| self.operand(&nets, tap.node).truncated(output.bits, tap.shift);
        let outputs = self.graph.outputs.iter();
        let values = outputs.clone().map(|tap| tap.as_ref().map_or(format!("{}'d0", output.bits), value));
        (values.collect(), outputs.flatten().filter_map(truncated).collect())
    }

    /// Whether operations above that level, or outputs, read each node.
    fn needed_above(&self, levels: &[u32], level: u32) -> Vec<bool> {
        let mut is_needed = vec![false; levels.len()];
        for (operation, node) in self.graph.operations.iter().zip(self.graph.inputs..) {
            if levels[node] > level {
                operation.operands().for_each(|operand| is_needed[operand] = true);
            }
        }
        self.graph.outputs.iter().flatten().for_each(|tap| is_needed[tap.node] = true);
        is_needed
    }

    /// Inserts a register for every node that later statements read.
    fn register(&self, body: &mut Body, nets: &mut BTreeMap<usize, Net>, levels: &[u32], level: u32) {
        let is_needed = self.needed_above(levels, level);
        nets.retain(|&node, _| is_needed[node]);
        body.insert_registers(&mut nets.values_mut().collect::<Vec<_>>());
    }

    fn operand(&self, nets: &BTreeMap<usize, Net>, node: usize) -> Operand {
        let (net, is_complement) = (nets[&node].clone(), self.polarity.is_complement(node));
        let fill = match (self.types[node].signed, is_complement) {
            (true, _) => net.bit(net.hi),
            (false, true) => ONE.to_string(),
            (false, false) => ZERO.to_string(),
        };
        Operand { net, fill, is_complement }
    }

    /// Inverted copy of an operand that an adder needs in the other polarity; all adders share it.
    fn inverted(
        &self,
        body: &mut Body,
        operand: Operand,
        copies: &mut BTreeMap<usize, Net>,
        node: usize,
    ) -> Operand {
        let copy = copies.entry(node).or_insert_with(|| {
            let name = format!("not_{}", operand.net.name);
            body.wire(&name, operand.net.bits(), &format!("~{}", operand.net.text()))
        });
        let fill = match operand.fill.as_str() {
            ZERO => ONE.to_string(),
            ONE => ZERO.to_string(),
            _ => copy.bit(copy.hi),
        };
        Operand { net: copy.clone(), fill, is_complement: !operand.is_complement }
    }

    fn adder(
        &self,
        body: &mut Body,
        nets: &BTreeMap<usize, Net>,
        copies: &mut BTreeMap<usize, Net>,
        operation: &GraphAdder,
        node: usize,
    ) -> Net {
        let GraphAdder { function, shift, .. } = *operation;
        let mut low = self.operand(nets, operation.low);
        let mut high = self.operand(nets, operation.high);
        if !self.subtracts {
            match self.polarity.misfit(operation, self.types) {
                Some(Side::Low) => low = self.inverted(body, low, copies, operation.low),
                Some(Side::High) => high = self.inverted(body, high, copies, operation.high),
                None => {}
            }
        }
        let bits = self.types[node].bits;
        let (addend, raised) = (low.text(bits, 0, ZERO), high.text(bits, shift, ZERO));
        // The value, and whether it is the complement of the node; see `polarity`.
        let (value, is_complement) = match function {
            AdderFunction::Negate if self.subtracts => (format!("{bits}'d0 - {addend}"), false),
            AdderFunction::Negate if low.is_complement => (format!("{addend} + {bits}'d1"), false),
            AdderFunction::Negate => (format!("{addend} + {{{bits}{{{ONE}}}}}"), true),
            AdderFunction::Subtract if self.subtracts => (format!("{addend} - {raised}"), false),
            AdderFunction::Reverse if self.subtracts => (format!("{raised} - {addend}"), false),
            AdderFunction::Reverse if low.is_complement => {
                (format!("{raised} - {}", low.inverted(bits, 0)), false)
            }
            AdderFunction::Reverse => (format!("{addend} + {}", high.text(bits, shift, ONE)), true),
            _ if high.is_complement => {
                (format!("{addend} - {}", high.inverted(bits, shift)), function == AdderFunction::Add)
            }
            _ => (format!("{addend} + {raised}"), function == AdderFunction::Subtract),
        };
        let name = format!("sum_{}", node - self.graph.inputs);
        // Synthesis would merge sums of sums into compressors, which are larger. An inversion also prevents
        // that, and is absorbed into the adder's LUTs only if the wire is not kept.
        if is_complement == self.polarity.is_complement(node) {
            body.kept_wire(&name, bits, &value)
        } else {
            body.wire(&name, bits, &format!("~({value})"))
        }
    }
}
