//! Resources and clock frequency of a module.

use std::iter::Sum;

use serde::{Deserialize, Serialize};

/// Cell counts reported by Yosys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    /// LUTs; on ECP5 each CCU2C counts as two.
    pub lut: u64,
    /// Carry cells: SB_CARRY (one bit), CCU2C (two bits), CARRY4 or CARRY8.
    pub carry: u64,
    /// Flip-flops.
    pub ff: u64,
    /// DSP blocks.
    pub dsp: u64,
    /// Block RAMs: SB_RAM40_4K, DP16KD, RAMB18 (a RAMB36 counts as two).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ram: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // what serde calls
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Sum for Resources {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, own| Self {
            lut: sum.lut + own.lut,
            carry: sum.carry + own.carry,
            ff: sum.ff + own.ff,
            dsp: sum.dsp + own.dsp,
            ram: sum.ram + own.ram,
        })
    }
}

/// Resources and clock frequency of a module.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Cell counts.
    #[serde(flatten)]
    pub resources: Resources,
    /// Maximum clock frequency between registered inputs and outputs in MHz.
    ///
    /// The median of the seeds, rounded to 0.1; `None` without place and route, or if the module does not fit
    /// the device.
    pub fmax_mhz: Option<f64>,
}

impl From<Resources> for Figures {
    fn from(resources: Resources) -> Self {
        Self { resources, fmax_mhz: None }
    }
}
