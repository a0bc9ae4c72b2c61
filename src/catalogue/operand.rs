//! Parameters of two integer operands, shared by all units that multiply them.

use crate::unit::{Integer, Kind, Parameter, Value, Values};

const WIDTH: Kind = Kind::Integer { min: 2, max: 16 };

pub(crate) const A_BITS: Parameter =
    Parameter { name: "a_bits", kind: WIDTH, default: Value::Integer(8), help: "width of a in bits" };
pub(crate) const B_BITS: Parameter =
    Parameter { name: "b_bits", kind: WIDTH, default: Value::Integer(8), help: "width of b in bits" };
pub(crate) const A_SIGNED: Parameter = Parameter {
    name: "a_signed",
    kind: Kind::Flag,
    default: Value::Flag(true),
    help: "a is two's complement",
};
pub(crate) const B_SIGNED: Parameter = Parameter {
    name: "b_signed",
    kind: Kind::Flag,
    default: Value::Flag(true),
    help: "b is two's complement",
};

/// The types of the operands `a` and `b`.
pub(crate) fn operands(values: &Values) -> [Integer; 2] {
    [values.integer_type(&A_BITS, &A_SIGNED), values.integer_type(&B_BITS, &B_SIGNED)]
}
