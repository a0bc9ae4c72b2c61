//! Signals of a module as SMT-LIB terms, and bit-vector arithmetic.

use super::transition::TransitionRelation;
use super::unrolling::signal;
use crate::catalogue::{ZeroPoint, ZeroPointOperand};
use crate::unit::{Config, Integer, Port};

/// Signals of a module, by name and cycle.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signals<'a> {
    pub(crate) config: &'a Config,
    pub(crate) circuit: &'a TransitionRelation,
}

impl Signals<'_> {
    /// A signal as Yosys declares it: a bit vector, or a Boolean if it has one bit.
    pub(crate) fn raw(self, name: &str, cycle: u32) -> String {
        signal(self.config.name(), name, cycle)
    }

    /// One bit of a signal, as a Boolean.
    pub(crate) fn bit(self, name: &str, index: u32, cycle: u32) -> String {
        let whole = self.raw(name, cycle);
        match self.circuit.width(name) {
            Some(1) => whole,
            _ => format!("(= {} #b1)", field(&whole, index, 1)),
        }
    }

    /// Formula that a signal has the same value in two cycles.
    pub(crate) fn holds(self, name: &str, from: u32, to: u32) -> String {
        format!("(= {} {})", self.raw(name, to), self.raw(name, from))
    }

    /// Formula that every bit of a signal is 0.
    pub(crate) fn is_zero(self, name: &str, cycle: u32) -> String {
        let whole = self.raw(name, cycle);
        match self.circuit.width(name) {
            Some(1) => not(&whole),
            width => format!("(= {whole} {})", constant(0, width.expect("a signal of the module"))),
        }
    }

    /// Port of that name.
    pub(crate) fn port(self, name: &str) -> Port {
        let ports = self.config.ports();
        ports.into_iter().find(|port| port.name == name).expect("the unit has this port")
    }

    /// One element of a port, extended or truncated to `bits` bits.
    pub(crate) fn element(self, name: &str, index: u32, cycle: u32, bits: u32) -> String {
        let (port, whole) = (self.port(name), self.raw(name, cycle));
        let own = port.integer.bits;
        let value = match (port.width(), port.elements) {
            (1, _) => format!("(ite {whole} #b1 #b0)"),
            (_, 1) => whole,
            _ => field(&whole, own * index, own),
        };
        extended(&value, port.integer, bits)
    }

    /// Zero point of an operand in `bits` bits; `None` if it has none.
    pub(crate) fn zero_point(self, operand: ZeroPointOperand, bits: u32) -> Option<String> {
        match operand.zero_point {
            ZeroPoint::None => None,
            ZeroPoint::Constant(value) => Some(constant(value.into(), bits)),
            ZeroPoint::Port => operand.zero_point_port().map(|port| self.element(port.name, 0, 0, bits)),
        }
    }

    /// `(a - za) * (b - zb)` at `index` in the first cycle, in `bits` bits.
    pub(crate) fn product(self, index: u32, bits: u32, zero_points: [Option<String>; 2]) -> String {
        let [a, b] = ["a", "b"].map(|name| self.element(name, index, 0, bits));
        let [za, zb] = zero_points;
        let less = |value: String, zero: Option<String>| match zero {
            Some(zero) => format!("(bvsub {value} {zero})"),
            None => value,
        };
        format!("(bvmul {} {})", less(a, za), less(b, zb))
    }
}

/// Extracts `bits` bits of a vector from `low` on.
pub(crate) fn field(vector: &str, low: u32, bits: u32) -> String {
    format!("((_ extract {} {low}) {vector})", low + bits - 1)
}

/// Extends or truncates a number to `bits` bits.
pub(crate) fn extended(value: &str, own: Integer, bits: u32) -> String {
    match bits.checked_sub(own.bits) {
        Some(0) => value.to_string(),
        Some(more) if own.signed => format!("((_ sign_extend {more}) {value})"),
        Some(more) => format!("((_ zero_extend {more}) {value})"),
        None => field(value, 0, bits),
    }
}

/// A constant of `bits` bits.
pub(crate) fn constant(value: i128, bits: u32) -> String {
    let magnitude = format!("(_ bv{} {bits})", value.unsigned_abs());
    if value < 0 { format!("(bvneg {magnitude})") } else { magnitude }
}

pub(crate) fn not(formula: &str) -> String {
    format!("(not {formula})")
}

pub(crate) fn and(formulas: &[String]) -> String {
    format!("(and true {})", formulas.join(" "))
}
