//! Operands with zero points: parameters, ports, and the factors after subtraction.

use serde_json::{Value as Json, json};

use super::operand::{A_BITS, A_SIGNED, B_BITS, B_SIGNED};
use crate::circuit::Factor;
use crate::circuit::verilog::extended;
use crate::unit::{Choice, ConfigError, Integer, Kind, Parameter, Port, Value, Values, choice};

choice! {
    /// Source of a zero point, as a parameter value.
    enum ZeroPointKind {
        None = "none",
        Constant = "constant",
        Port = "port",
    }
}

const HOW: Kind = Kind::Choice(ZeroPointKind::WORDS);
const CONSTANT: Kind = Kind::Integer { min: -(1 << 15), max: (1 << 16) - 1 };

pub(crate) const A_ZERO_POINT: Parameter = Parameter {
    name: "a_zero_point",
    kind: HOW,
    default: Value::Word(ZeroPointKind::None.word()),
    help: "zero point of a: none, the constant a_zero_point_value, or the port za",
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
    default: Value::Word(ZeroPointKind::None.word()),
    help: "zero point of b: none, the constant b_zero_point_value, or the port zb",
};
pub(crate) const B_ZERO_POINT_VALUE: Parameter = Parameter {
    name: "b_zero_point_value",
    kind: CONSTANT,
    default: Value::Integer(0),
    help: "the constant zero point of b; must be a value of b",
};

/// Zero point subtracted from an operand before the multiplication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZeroPoint {
    /// Nothing.
    None,
    /// A constant, which is a value of the operand.
    Constant(i64),
    /// The value of a port of the operand's type.
    Port,
}

/// Parameter and port names of an operand.
#[derive(Debug)]
struct Names {
    operand: &'static str,
    bits: &'static Parameter,
    signed: &'static Parameter,
    zero_point: &'static Parameter,
    zero_point_value: &'static Parameter,
    zero_point_port: &'static str,
    zero_point_help: &'static str,
}

static A: Names = Names {
    operand: "a",
    bits: &A_BITS,
    signed: &A_SIGNED,
    zero_point: &A_ZERO_POINT,
    zero_point_value: &A_ZERO_POINT_VALUE,
    zero_point_port: "za",
    zero_point_help: "zero point of a",
};

static B: Names = Names {
    operand: "b",
    bits: &B_BITS,
    signed: &B_SIGNED,
    zero_point: &B_ZERO_POINT,
    zero_point_value: &B_ZERO_POINT_VALUE,
    zero_point_port: "zb",
    zero_point_help: "zero point of b",
};

/// An operand: the type of its port, and its zero point.
#[derive(Clone, Copy, Debug)]
pub struct ZeroPointOperand {
    names: &'static Names,
    /// The type of the port.
    pub port: Integer,
    /// Zero point.
    pub zero_point: ZeroPoint,
}

impl ZeroPointOperand {
    /// The operands `a` and `b`.
    ///
    /// # Errors
    /// [`ConfigError::Combination`] for a constant zero point that is no value of the operand, and one that
    /// has no effect.
    pub(crate) fn parse_both(values: &Values) -> Result<[Self; 2], ConfigError> {
        Ok([Self::parse(values, &A)?, Self::parse(values, &B)?])
    }

    fn parse(values: &Values, names: &'static Names) -> Result<Self, ConfigError> {
        let port = values.integer_type(names.bits, names.signed);
        let constant = values.integer(names.zero_point_value);
        let zero_point = match values.choice(names.zero_point) {
            ZeroPointKind::None => ZeroPoint::None,
            ZeroPointKind::Constant => ZeroPoint::Constant(constant),
            ZeroPointKind::Port => ZeroPoint::Port,
        };
        let (name, parameter) = (names.operand, names.zero_point_value.name);
        let (reason, fix) = match zero_point {
            ZeroPoint::Constant(_) if !port.holds(constant.into()) => (
                format!("{parameter}={constant} is not a value of {name} ({})", port.short()),
                format!("choose one of {}..={}", port.min(), port.max()),
            ),
            ZeroPoint::None | ZeroPoint::Port if constant != 0 => (
                format!("{parameter}={constant} has no effect"),
                format!("set {}=constant, or leave the value out", names.zero_point.name),
            ),
            _ => return Ok(Self { names, port, zero_point }),
        };
        Err(ConfigError::Combination { reason, fix })
    }

    /// The operand without its zero point: nothing is subtracted.
    pub(crate) fn raw(self) -> Self {
        Self { zero_point: ZeroPoint::None, ..self }
    }

    /// Smallest and largest value of the operand minus its zero point.
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
        let Names { zero_point_port, zero_point_help, .. } = self.names;
        (self.zero_point == ZeroPoint::Port).then(|| Port::input(zero_point_port, self.port, zero_point_help))
    }

    /// Short name of type and zero point source, such as `u8zp`.
    pub(crate) fn short(self) -> String {
        let zero_point = match self.zero_point {
            ZeroPoint::None => String::new(),
            ZeroPoint::Constant(zero) if zero < 0 => format!("zm{}", -zero),
            ZeroPoint::Constant(zero) => format!("z{zero}"),
            ZeroPoint::Port => "zp".to_string(),
        };
        format!("{}{zero_point}", self.port.short())
    }

    /// Context of `templates/difference.v.tera` for the net `name`, an operand of this type.
    pub(crate) fn context(self, name: &str) -> Json {
        let bits = self.factor().bits;
        let (difference, subtrahend) = match self.zero_point {
            ZeroPoint::None => (String::new(), String::new()),
            ZeroPoint::Port => (format!("{name}_diff"), self.signed_extended(self.names.zero_point_port)),
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

    /// The factor of the net `name`, as a vector.
    pub(crate) fn vector(self, name: &str) -> Factor {
        match self.zero_point {
            ZeroPoint::None => Factor::new(name, self.port),
            _ => Factor::new(&format!("{name}_diff"), self.factor()),
        }
    }
}

/// Smallest and largest product of two operands minus their zero points.
pub(crate) fn product_range(a: ZeroPointOperand, b: ZeroPointOperand) -> (i128, i128) {
    let (a, b) = (a.range(), b.range());
    let corners = [a.0 * b.0, a.0 * b.1, a.1 * b.0, a.1 * b.1];
    corners.iter().fold((i128::MAX, i128::MIN), |(min, max), &corner| (min.min(corner), max.max(corner)))
}
