//! The roles that `--map` gives to the ports of a design.

use std::ops::RangeInclusive;

/// The function of a port in the design.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MapRole {
    /// Clock.
    Clock,
    /// Reset, of either polarity.
    Reset,
    /// Clock enable, of either polarity.
    Enable,
    /// Marks the operands of this cycle as valid.
    ValidIn,
    /// Starts a new sum.
    Clear,
    /// Marks the last pair of a sum.
    Last,
    /// First factor.
    A,
    /// Second factor.
    B,
    /// Number added to the product.
    Addend,
    /// Accumulator to rescale.
    Acc,
    /// Fixed-point multiplier.
    Multiplier,
    /// Left shift of a Q0.31 multiplier; negative values shift right.
    Shift,
    /// Right shift after a Q0.31 multiplication.
    RightShift,
    /// Right shift of the whole product.
    TotalShift,
    /// Code that represents real zero.
    ZeroPoint,
    /// Number added to the accumulator before it is scaled.
    Bias,
    /// Result.
    Out,
    /// Marks the result of this cycle as valid.
    ValidOut,
}

impl MapRole {
    /// The name on the command line, followed by its aliases.
    pub fn names(self) -> &'static [&'static str] {
        match self {
            Self::Clock => &["clk", "clock"],
            Self::Reset => &["rst", "reset"],
            Self::Enable => &["en", "enable", "ce"],
            Self::ValidIn => &["valid_in", "valid", "start"],
            Self::Clear => &["clear", "first", "clr"],
            Self::Last => &["last"],
            Self::A => &["a"],
            Self::B => &["b"],
            Self::Addend => &["c", "addend"],
            Self::Acc => &["acc", "in"],
            Self::Multiplier => &["multiplier", "mult"],
            Self::Shift => &["shift"],
            Self::RightShift => &["right_shift"],
            Self::TotalShift => &["total_shift"],
            Self::ZeroPoint => &["zero_point"],
            Self::Bias => &["bias"],
            Self::Out => &["out", "product", "accum", "sum", "result"],
            Self::ValidOut => &["valid_out", "done"],
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        self.names()[0]
    }

    /// Whether the port is an output of the design.
    pub fn is_output(self) -> bool {
        matches!(self, Self::Out | Self::ValidOut)
    }

    /// Whether the port is a control bit rather than data.
    pub fn is_control(self) -> bool {
        use MapRole::*;
        matches!(self, Clock | Reset | Enable | ValidIn | Clear | Last | ValidOut)
    }

    /// The setting that gives the width of one element of a packed port.
    pub fn width_setting(self) -> Option<&'static str> {
        use MapRole::*;
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

    /// The widths that one element can have.
    pub fn widths(self) -> RangeInclusive<u32> {
        match self {
            _ if self.is_control() => 1..=1,
            Self::A | Self::B => 1..=32,
            Self::Acc => 4..=64,
            Self::Multiplier => 2..=32,
            Self::Shift | Self::RightShift | Self::TotalShift => 1..=32,
            Self::ZeroPoint => 2..=32,
            _ => 2..=64,
        }
    }
}
