//! Parameter `acc_bits` of units that accumulate, and its lower bound.

use crate::unit::{ConfigError, Integer, Kind, Parameter, Value};

/// Default width of an accumulator.
pub(crate) const DEFAULT_ACC_BITS: u32 = 32;

/// Width of an accumulator.
pub(crate) const ACC_BITS: Parameter = Parameter {
    name: "acc_bits",
    kind: Kind::Integer { min: 4, max: 64 },
    default: Value::Integer(DEFAULT_ACC_BITS as i64),
    help: "width of the accumulator in bits",
};

/// Checks that an accumulator holds at least one addend; `name` names the addend in the error.
///
/// # Errors
/// [`ConfigError::Combination`] for an accumulator that is narrower than the addend.
pub(crate) fn check_acc_bits(acc_bits: u32, addend: Integer, name: &str) -> Result<(), ConfigError> {
    if acc_bits >= addend.bits {
        return Ok(());
    }
    Err(ConfigError::Combination {
        reason: format!("acc_bits={acc_bits} is narrower than one {name} of {} bits", addend.bits),
        fix: format!("set acc_bits to at least {}", addend.bits),
    })
}
