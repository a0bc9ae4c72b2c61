//! Vectors of a module body and their slices.

use crate::unit::Integer;

/// The bits `hi` to `lo` of a declared vector. Bit indices survive registers: `b[5]` is `b_1[5]` one stage
/// later, even if only some bits of `b` are registered.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    /// The name before the first register.
    pub(crate) base: String,
    pub(crate) name: String,
    declared: (u32, u32),
    pub(crate) hi: u32,
    pub(crate) lo: u32,
}

impl Net {
    /// All bits of a vector declared as `[bits-1:0]`.
    pub(crate) fn new(name: &str, bits: u32) -> Self {
        Self { base: name.into(), name: name.into(), declared: (bits - 1, 0), hi: bits - 1, lo: 0 }
    }

    /// All bits of a vector declared as `[hi:lo]`.
    pub(crate) fn vector(name: &str, hi: u32, lo: u32) -> Self {
        Self { declared: (hi, lo), hi, lo, ..Self::new(name, hi + 1) }
    }

    /// The bits `hi` to `lo` of a wider vector.
    pub(crate) fn part(name: &str, hi: u32, lo: u32) -> Self {
        Self { declared: (u32::MAX, 0), hi, lo, ..Net::new(name, hi + 1) }
    }

    /// The same bits, declared as a register of their own.
    pub(crate) fn registered(&self, name: String) -> Self {
        Self { name, declared: (self.hi, self.lo), ..self.clone() }
    }

    /// The bits from `lo` upwards.
    pub(crate) fn above(&self, lo: u32) -> Self {
        Self { lo, ..self.clone() }
    }

    /// The bits `hi` to `lo` of the net, as a separate number.
    pub(crate) fn sub(&self, hi: u32, lo: u32) -> Self {
        Self { hi, lo, ..self.clone() }
    }

    pub(crate) fn bits(&self) -> u32 {
        self.hi - self.lo + 1
    }

    pub(crate) fn bit(&self, index: u32) -> String {
        assert!((self.lo..=self.hi).contains(&index), "{} has no bit {index}", self.name);
        match self.declared {
            (hi, lo) if hi == lo => self.name.clone(),
            _ => format!("{}[{index}]", self.name),
        }
    }

    pub(crate) fn slice(&self, hi: u32, lo: u32) -> String {
        match (hi, lo) {
            declared if declared == self.declared => self.name.clone(),
            _ if hi == lo => self.bit(hi),
            _ => format!("{}[{hi}:{lo}]", self.name),
        }
    }

    /// The Verilog expression of its bits.
    pub(crate) fn text(&self) -> String {
        self.slice(self.hi, self.lo)
    }

    /// The range in its declaration, with a space behind it; empty for a single bit.
    pub(crate) fn range(&self) -> String {
        if self.hi == self.lo { String::new() } else { format!("[{}:{}] ", self.hi, self.lo) }
    }
}

/// A vector as a number.
#[derive(Clone, Debug)]
pub(crate) struct Factor {
    pub(crate) net: Net,
    pub(crate) signed: bool,
}

impl Factor {
    /// The vector of that name and type. A signed vector is always written as a slice, which Verilog treats
    /// as unsigned: structures extend signs themselves.
    pub(crate) fn new(name: &str, integer: Integer) -> Self {
        let net =
            if integer.signed { Net::part(name, integer.bits - 1, 0) } else { Net::new(name, integer.bits) };
        Self { net, signed: integer.signed }
    }

    pub(crate) fn bits(&self) -> u32 {
        self.net.bits()
    }

    /// The bit of that weight; above the highest bit, the sign or zero.
    pub(crate) fn bit(&self, index: u32) -> String {
        match index {
            _ if index <= self.net.hi => self.net.bit(index),
            _ if self.signed => self.net.bit(self.net.hi),
            _ => "1'b0".to_string(),
        }
    }

    /// The number extended to `bits` bits, at least its width.
    pub(crate) fn extended(&self, bits: u32) -> String {
        concatenation(&self.parts(bits))
    }

    /// The parts of the number extended to `bits` bits: the extension, and the number.
    pub(crate) fn parts(&self, bits: u32) -> [String; 2] {
        [self.fill(bits - self.bits()), self.net.text()]
    }

    /// Twice the number in `bits` bits, at least one more than its width.
    pub(crate) fn doubled(&self, bits: u32) -> String {
        concatenation(&[self.fill(bits - self.bits() - 1), self.net.text(), "1'b0".to_string()])
    }

    fn fill(&self, bits: u32) -> String {
        repeated(&self.bit(u32::MAX), bits)
    }
}

/// `{a, b}`, without empty parts and without braces around a single part.
pub(crate) fn concatenation(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [part] => part.to_string(),
        _ => format!("{{{}}}", parts.join(", ")),
    }
}

/// A bit repeated `times` times; empty for 0.
pub(crate) fn repeated(bit: &str, times: u32) -> String {
    match times {
        0 => String::new(),
        1 => bit.to_string(),
        _ if bit == "1'b0" => format!("{times}'d0"),
        _ => format!("{{{times}{{{bit}}}}}"),
    }
}
