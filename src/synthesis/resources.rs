//! What a module takes of a device.

use serde::{Deserialize, Serialize};

/// Numbers of cells, as Yosys counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    /// LUTs; on ECP5 two for each CCU2C.
    pub lut: u64,
    /// Cells of the carry chain: SB_CARRY of one bit, CCU2C of two, CARRY4, CARRY8.
    pub carry: u64,
    /// Flip-flops.
    pub ff: u64,
    /// DSP blocks.
    pub dsp: u64,
}

/// What a module takes, and how fast it is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The cells.
    #[serde(flatten)]
    pub resources: Resources,
    /// The highest clock frequency between registered inputs and outputs in MHz, the median of the
    /// seeds, rounded to 0.1; none without place and route, or where the device has no room.
    pub fmax_mhz: Option<f64>,
}
