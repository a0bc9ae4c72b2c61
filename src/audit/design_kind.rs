//! The kinds of design that an audit distinguishes, and the roles of their ports.

use std::str::FromStr;

use super::error::AuditError;
use super::role::MapRole;
use crate::text::suggestion;

/// Expected kind of a design; `--unit` on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DesignKind {
    /// Rescales accumulators to output codes.
    Requantizer,
    /// Computes one product, or several side by side.
    Multiplier,
    /// Adds up products over time, or computes a product plus an addend.
    Mac,
    /// Sums products over lanes, and over time if the map says so.
    Dot,
}

impl DesignKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Requantizer, Self::Multiplier, Self::Mac, Self::Dot];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Requantizer => "requantizer",
            Self::Multiplier => "multiplier",
            Self::Mac => "mac",
            Self::Dot => "dot",
        }
    }

    /// The roles that ports can have, operands in the order of the stimulus.
    pub fn roles(self) -> &'static [MapRole] {
        use MapRole::*;
        match self {
            Self::Requantizer => &[
                Clock, Reset, Enable, ValidIn, Acc, Multiplier, Shift, RightShift, TotalShift, ZeroPoint,
                Bias, Out, ValidOut,
            ],
            Self::Multiplier => &[Clock, Reset, Enable, ValidIn, A, B, Out, ValidOut],
            Self::Mac | Self::Dot => {
                &[Clock, Reset, Enable, ValidIn, Clear, Last, A, B, Addend, Out, ValidOut]
            }
        }
    }

    /// The roles that a map must contain.
    pub fn required(self) -> &'static [MapRole] {
        match self {
            Self::Requantizer => &[MapRole::Acc, MapRole::Out],
            _ => &[MapRole::A, MapRole::B, MapRole::Out],
        }
    }
}

impl FromStr for DesignKind {
    type Err = AuditError;

    fn from_str(name: &str) -> Result<Self, AuditError> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| AuditError::UnknownKind {
            name: name.to_string(),
            hint: suggestion(name, Self::ALL.into_iter().map(Self::name)),
        })
    }
}
