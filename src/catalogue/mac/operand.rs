//! The operands of a mac: what is subtracted from them, and what is then multiplied.

use super::super::operand::operand;
use super::super::structure::Factor;
use super::super::verilog::extended;
use super::super::{ConfigError, Integer, Values};
use serde_json::{Value as Json, json};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ZeroPoint {
    None,
    Constant(i64),
    Port,
}

/// One of the two operands: its port and what is subtracted from it.
#[derive(Clone, Copy)]
pub(super) struct Operand {
    pub(super) port: Integer,
    pub(super) zero_point: ZeroPoint,
}

impl Operand {
    pub(super) fn new(values: &Values, name: &str) -> Operand {
        let port = operand(values, name);
        let zero_point = match values.word(&format!("{name}_zero_point")) {
            "constant" => ZeroPoint::Constant(values.integer(&format!("{name}_zero_point_value"))),
            "port" => ZeroPoint::Port,
            _ => ZeroPoint::None,
        };
        Operand { port, zero_point }
    }

    pub(super) fn check(self, values: &Values, name: &str) -> Result<(), ConfigError> {
        let value = values.integer(&format!("{name}_zero_point_value"));
        let (reason, fix) = match self.zero_point {
            ZeroPoint::Constant(_) if !self.port.holds(value.into()) => (
                format!("{name}_zero_point_value={value} is not a value of {name} ({})", self.port.short()),
                format!("choose one of {}..={}", self.port.min(), self.port.max()),
            ),
            ZeroPoint::None | ZeroPoint::Port if value != 0 => (
                format!("{name}_zero_point_value={value} has no effect"),
                format!("set {name}_zero_point=constant, or leave the value out"),
            ),
            _ => return Ok(()),
        };
        Err(ConfigError::Combination { reason, fix })
    }

    /// Smallest and largest value of the operand less its zero point.
    pub(super) fn range(self) -> (i128, i128) {
        let (min, max) = (self.port.min(), self.port.max());
        match self.zero_point {
            ZeroPoint::None => (min, max),
            ZeroPoint::Constant(zero) => (min - i128::from(zero), max - i128::from(zero)),
            ZeroPoint::Port => (min - max, max - min),
        }
    }

    /// The type that is multiplied: a subtraction needs one bit more, and a sign.
    pub(super) fn factor(self) -> Integer {
        match self.zero_point {
            ZeroPoint::None => self.port,
            _ => Integer::signed(self.port.bits + 1),
        }
    }

    pub(super) fn short(self) -> String {
        let zero_point = match self.zero_point {
            ZeroPoint::None => String::new(),
            ZeroPoint::Constant(zero) if zero < 0 => format!("zm{}", -zero),
            ZeroPoint::Constant(zero) => format!("z{zero}"),
            ZeroPoint::Port => "zp".to_string(),
        };
        format!("{}{zero_point}", self.port.short())
    }

    pub(super) fn context(self, name: &str) -> Json {
        let bits = self.factor().bits;
        let (difference, subtrahend) = match self.zero_point {
            ZeroPoint::None => (String::new(), String::new()),
            ZeroPoint::Port => (format!("{name}_diff"), self.signed_extended(&format!("z{name}"))),
            ZeroPoint::Constant(zero) if zero < 0 => {
                (format!("{name}_diff"), format!("(-{bits}'sd{})", -zero))
            }
            ZeroPoint::Constant(zero) => (format!("{name}_diff"), format!("{bits}'sd{zero}")),
        };
        json!({
            "name": name,
            "difference": difference,
            "msb": bits - 1,
            "minuend": self.signed_extended(name),
            "subtrahend": subtrahend,
        })
    }

    /// A port one bit wider, as a signed number.
    fn signed_extended(self, port: &str) -> String {
        format!("$signed({})", extended(port, self.port, self.port.bits + 1))
    }

    /// The vector that is multiplied.
    pub(super) fn vector(self, name: &str) -> Factor {
        match self.zero_point {
            ZeroPoint::None => Factor::new(name, self.port),
            _ => Factor::new(&format!("{name}_diff"), self.factor()),
        }
    }
}
