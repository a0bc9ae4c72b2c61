//! Operands with zero points: what is subtracted from them, and what is then multiplied.

use serde_json::{Value as Json, json};

use super::operand::operand;
use crate::circuit::Factor;
use crate::circuit::verilog::extended;
use crate::unit::{ConfigError, Integer, Kind, Parameter, Port, Value, Values};

const HOW: Kind = Kind::Choice(&["none", "constant", "port"]);
const CONSTANT: Kind = Kind::Integer { min: -(1 << 15), max: (1 << 16) - 1 };

pub(crate) const A_ZERO_POINT: Parameter = Parameter {
    name: "a_zero_point",
    kind: HOW,
    default: Value::Word("none"),
    help: "what is subtracted from a: nothing, a_zero_point_value, or the port za",
};
pub(crate) const A_ZERO_POINT_VALUE: Parameter = Parameter {
    name: "a_zero_point_value",
    kind: CONSTANT,
    default: Value::Integer(0),
    help: "the constant zero point of a; must be a value of a",
};
pub(crate) const B_ZERO_POINT: Parameter = Parameter {
    name: "b_zero_point",
    kind: HOW,
    default: Value::Word("none"),
    help: "what is subtracted from b: nothing, b_zero_point_value, or the port zb",
};
pub(crate) const B_ZERO_POINT_VALUE: Parameter = Parameter {
    name: "b_zero_point_value",
    kind: CONSTANT,
    default: Value::Integer(0),
    help: "the constant zero point of b; must be a value of b",
};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ZeroPoint {
    None,
    Constant(i64),
    Port,
}

/// One of the two operands: its port and what is subtracted from it.
#[derive(Clone, Copy)]
pub(crate) struct Operand {
    name: &'static str,
    pub(crate) port: Integer,
    pub(crate) zero_point: ZeroPoint,
}

impl Operand {
    /// The operand `a` or `b`.
    pub(crate) fn new(values: &Values, name: &'static str) -> Operand {
        let port = operand(values, name);
        let zero_point = match values.word(&format!("{name}_zero_point")) {
            "constant" => ZeroPoint::Constant(values.integer(&format!("{name}_zero_point_value"))),
            "port" => ZeroPoint::Port,
            _ => ZeroPoint::None,
        };
        Operand { name, port, zero_point }
    }

    /// Refuses a constant that is no value of the operand, and one that nothing uses.
    pub(crate) fn check(self, values: &Values) -> Result<(), ConfigError> {
        let name = self.name;
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

    /// The operand as it is, nothing subtracted.
    pub(crate) fn raw(self) -> Operand {
        Operand { zero_point: ZeroPoint::None, ..self }
    }

    /// Smallest and largest value of the operand less its zero point.
    pub(crate) fn range(self) -> (i128, i128) {
        let (min, max) = (self.port.min(), self.port.max());
        match self.zero_point {
            ZeroPoint::None => (min, max),
            ZeroPoint::Constant(zero) => (min - i128::from(zero), max - i128::from(zero)),
            ZeroPoint::Port => (min - max, max - min),
        }
    }

    /// The type that is multiplied: a subtraction needs one bit more, and a sign.
    pub(crate) fn factor(self) -> Integer {
        match self.zero_point {
            ZeroPoint::None => self.port,
            _ => Integer::signed(self.port.bits + 1),
        }
    }

    /// The port of the zero point, if it has one.
    pub(crate) fn zero_point_port(self) -> Option<Port> {
        let (name, help) = match self.name {
            "a" => ("za", "zero point of a"),
            _ => ("zb", "zero point of b"),
        };
        (self.zero_point == ZeroPoint::Port).then(|| Port::input(name, self.port, help))
    }

    /// `u8zp`: its type, and how its zero point is given.
    pub(crate) fn short(self) -> String {
        let zero_point = match self.zero_point {
            ZeroPoint::None => String::new(),
            ZeroPoint::Constant(zero) if zero < 0 => format!("zm{}", -zero),
            ZeroPoint::Constant(zero) => format!("z{zero}"),
            ZeroPoint::Port => "zp".to_string(),
        };
        format!("{}{zero_point}", self.port.short())
    }

    /// What `templates/difference.v.tera` reads of the net `name`, an operand of this type.
    pub(crate) fn context(self, name: &str) -> Json {
        let bits = self.factor().bits;
        let (difference, subtrahend) = match self.zero_point {
            ZeroPoint::None => (String::new(), String::new()),
            ZeroPoint::Port => (format!("{name}_diff"), self.signed_extended(&format!("z{}", self.name))),
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

    /// The vector that is multiplied, made of the net `name`.
    pub(crate) fn vector(self, name: &str) -> Factor {
        match self.zero_point {
            ZeroPoint::None => Factor::new(name, self.port),
            _ => Factor::new(&format!("{name}_diff"), self.factor()),
        }
    }
}

/// Smallest and largest product of the two, each less its zero point.
pub(crate) fn product_range(a: Operand, b: Operand) -> (i128, i128) {
    let (a, b) = (a.range(), b.range());
    let corners = [a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1];
    corners.iter().fold((i128::MAX, i128::MIN), |(min, max), &corner| (min.min(corner), max.max(corner)))
}
