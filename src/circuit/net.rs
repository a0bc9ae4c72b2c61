//! Vectors of a module body: which bits of them are meant, and how Verilog writes that.

use crate::unit::Integer;

/// The bits `hi` to `lo` of a declared vector. Numbers of bits survive registers, so that `b[5]` is
/// `b_1[5]` one stage later, however few bits of `b` are still needed there.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    /// What it was called before the first register.
    pub(crate) base: String,
    pub(crate) name: String,
    declared: (u32, u32),
    pub(crate) hi: u32,
    pub(crate) lo: u32,
}

impl Net {
    /// A vector declared with this many bits, from 0 on.
    pub(crate) fn new(name: &str, bits: u32) -> Net {
        Net { base: name.into(), name: name.into(), declared: (bits - 1, 0), hi: bits - 1, lo: 0 }
    }

    /// The bits `hi` to `lo` of a wider vector.
    pub(crate) fn part(name: &str, hi: u32, lo: u32) -> Net {
        Net { declared: (u32::MAX, 0), hi, lo, ..Net::new(name, hi + 1) }
    }

    /// The same bits, as a register of their own.
    pub(crate) fn registered(&self, name: String) -> Net {
        Net { name, declared: (self.hi, self.lo), ..self.clone() }
    }

    /// The bits from `lo` on.
    pub(crate) fn above(&self, lo: u32) -> Net {
        Net { lo, ..self.clone() }
    }

    /// The bits `hi` to `lo` of them, as a number of their own.
    pub(crate) fn sub(&self, hi: u32, lo: u32) -> Net {
        Net { hi, lo, ..self.clone() }
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

    /// All of its bits.
    pub(crate) fn text(&self) -> String {
        self.slice(self.hi, self.lo)
    }

    /// What stands between `reg` or `wire` and the name.
    pub(crate) fn range(&self) -> String {
        if self.hi == self.lo { String::new() } else { format!("[{}:{}] ", self.hi, self.lo) }
    }
}

/// A vector that stands for a number.
#[derive(Clone, Debug)]
pub(crate) struct Factor {
    pub(crate) net: Net,
    pub(crate) signed: bool,
}

impl Factor {
    /// The vector of that name and type. A signed one is always written as a slice, which has no sign:
    /// structures say themselves what stands above the highest bit.
    pub(crate) fn new(name: &str, integer: Integer) -> Factor {
        let net = match integer.signed {
            true => Net::part(name, integer.bits - 1, 0),
            false => Net::new(name, integer.bits),
        };
        Factor { net, signed: integer.signed }
    }

    pub(crate) fn bits(&self) -> u32 {
        self.net.bits()
    }

    /// The bit of that weight, repeated from the sign or zero above the highest.
    pub(crate) fn bit(&self, index: u32) -> String {
        match index {
            _ if index <= self.net.hi => self.net.bit(index),
            _ if self.signed => self.net.bit(self.net.hi),
            _ => "1'b0".to_string(),
        }
    }

    /// The number with `bits` bits, which it needs at least.
    pub(crate) fn extended(&self, bits: u32) -> String {
        concatenation(&self.parts(bits))
    }

    /// What a concatenation takes of the number with `bits` bits: what is above it, and itself.
    pub(crate) fn parts(&self, bits: u32) -> [String; 2] {
        [self.fill(bits - self.bits()), self.net.text()]
    }

    /// Twice the number with `bits` bits, one more than the number needs at least.
    pub(crate) fn doubled(&self, bits: u32) -> String {
        concatenation(&[self.fill(bits - self.bits() - 1), self.net.text(), "1'b0".to_string()])
    }

    fn fill(&self, bits: u32) -> String {
        repeated(&self.bit(u32::MAX), bits)
    }
}

/// `{a, b}`, without what is empty and without braces around one part.
pub(crate) fn concatenation(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [part] => part.to_string(),
        _ => format!("{{{}}}", parts.join(", ")),
    }
}

/// A bit, `times` over; nothing for no times.
pub(crate) fn repeated(bit: &str, times: u32) -> String {
    match times {
        0 => String::new(),
        1 => bit.to_string(),
        _ if bit == "1'b0" => format!("{times}'d0"),
        _ => format!("{{{times}{{{bit}}}}}"),
    }
}
