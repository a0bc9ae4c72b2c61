//! What the ports of a design may stand for, by unit.

use std::str::FromStr;

use super::error::AuditError;
use crate::text::suggestion;

/// The kinds of hardware that can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Accumulators to codes.
    Requantizer,
    /// Products, one or several side by side.
    Multiplier,
    /// Sums of products over time, or of a product and an addend.
    Mac,
    /// Sums of products over lanes, and over time on request.
    Dot,
}

impl Unit {
    /// All of them.
    pub const ALL: [Unit; 4] = [Unit::Requantizer, Unit::Multiplier, Unit::Mac, Unit::Dot];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Requantizer => "requantizer",
            Unit::Multiplier => "multiplier",
            Unit::Mac => "mac",
            Unit::Dot => "dot",
        }
    }

    /// The roles that its ports may have, operands in the order of the stimulus.
    pub fn roles(self) -> &'static [Role] {
        use Role::*;
        match self {
            Unit::Requantizer => &[
                Clock, Reset, Enable, ValidIn, Acc, Multiplier, Shift, RightShift, TotalShift, ZeroPoint,
                Out, ValidOut,
            ],
            Unit::Multiplier => &[Clock, Reset, Enable, ValidIn, A, B, Out, ValidOut],
            Unit::Mac | Unit::Dot => {
                &[Clock, Reset, Enable, ValidIn, Clear, Last, A, B, Addend, Out, ValidOut]
            }
        }
    }

    /// The roles without which it cannot be audited.
    pub fn required(self) -> &'static [Role] {
        match self {
            Unit::Requantizer => &[Role::Acc, Role::Out],
            _ => &[Role::A, Role::B, Role::Out],
        }
    }
}

impl FromStr for Unit {
    type Err = AuditError;

    fn from_str(name: &str) -> Result<Unit, AuditError> {
        Unit::ALL.into_iter().find(|unit| unit.name() == name).ok_or_else(|| AuditError::Unit {
            name: name.to_string(),
            hint: suggestion(name, Unit::ALL.into_iter().map(Unit::name)),
        })
    }
}

/// What a port stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The clock.
    Clock,
    /// Reset, of either polarity.
    Reset,
    /// Clock enable, of either polarity.
    Enable,
    /// The operands of this cycle count.
    ValidIn,
    /// A new sum begins here.
    Clear,
    /// The sum ends here.
    Last,
    /// One factor.
    A,
    /// The other factor.
    B,
    /// What is added to the product.
    Addend,
    /// The accumulator to rescale.
    Acc,
    /// The fixed-point factor.
    Multiplier,
    /// Left shift of a Q0.31 multiplier, negative to the right.
    Shift,
    /// Right shift after a Q0.31 multiplication.
    RightShift,
    /// Right shift of the whole product.
    TotalShift,
    /// Code of real zero.
    ZeroPoint,
    /// The result.
    Out,
    /// The result of this cycle counts.
    ValidOut,
}

impl Role {
    /// Its name, and the names that it also goes by.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Role::Clock => &["clk", "clock"],
            Role::Reset => &["rst", "reset"],
            Role::Enable => &["en", "enable", "ce"],
            Role::ValidIn => &["valid_in", "valid", "start"],
            Role::Clear => &["clear", "first", "clr"],
            Role::Last => &["last"],
            Role::A => &["a"],
            Role::B => &["b"],
            Role::Addend => &["c", "addend"],
            Role::Acc => &["acc", "in"],
            Role::Multiplier => &["multiplier", "mult"],
            Role::Shift => &["shift"],
            Role::RightShift => &["right_shift"],
            Role::TotalShift => &["total_shift"],
            Role::ZeroPoint => &["zero_point"],
            Role::Out => &["out", "product", "accum", "sum", "result"],
            Role::ValidOut => &["valid_out", "done"],
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.names()[0]
    }

    /// Whether the design drives it.
    pub fn is_output(self) -> bool {
        matches!(self, Role::Out | Role::ValidOut)
    }

    /// Whether it is one bit that steers.
    pub fn is_control(self) -> bool {
        use Role::*;
        matches!(self, Clock | Reset | Enable | ValidIn | Clear | Last | ValidOut)
    }

    /// The setting that says how wide one element of a packed port is.
    pub fn width_setting(self) -> Option<&'static str> {
        use Role::*;
        match self {
            A => Some("a_bits"),
            B => Some("b_bits"),
            Acc => Some("acc_bits"),
            Multiplier => Some("multiplier_bits"),
            Shift | RightShift | TotalShift => Some("shift_bits"),
            ZeroPoint => Some("zero_point_bits"),
            Out => Some("out_bits"),
            _ => None,
        }
    }

    /// The widths of one element.
    pub fn widths(self) -> std::ops::RangeInclusive<u32> {
        match self {
            _ if self.is_control() => 1..=1,
            Role::A | Role::B => 1..=32,
            Role::Acc => 4..=64,
            Role::Multiplier => 2..=32,
            Role::Shift | Role::RightShift | Role::TotalShift => 1..=32,
            Role::ZeroPoint => 2..=32,
            _ => 2..=64,
        }
    }
}
