//! Resources and clock frequency of a module.

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
