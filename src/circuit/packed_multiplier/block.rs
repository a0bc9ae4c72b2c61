//! The DSP blocks that products are packed into.

use crate::unit::choice;

choice! {
    /// A DSP block, by the target family that has it.
    pub enum Block {
        /// SB_MAC16 of iCE40 UltraPlus: two multipliers of 8 by 8 bits, or one of 16 by 16.
        SbMac16 = "ice40",
        /// MULT18X18D of ECP5: a multiplier without adders that synthesis would use.
        Mult18x18d = "ecp5",
        /// DSP48E1 of Xilinx 7 series.
        Dsp48e1 = "xc7",
        /// DSP48E2 of UltraScale+.
        Dsp48e2 = "xcup",
    }
}

impl Block {
    /// The name of the cell.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SbMac16 => "SB_MAC16",
            Self::Mult18x18d => "MULT18X18D",
            Self::Dsp48e1 => "DSP48E1",
            Self::Dsp48e2 => "DSP48E2",
        }
    }

    /// The widths of the two's complement factors, the wider first.
    pub(crate) fn factors(self) -> [u32; 2] {
        match self {
            Self::SbMac16 => [16, 16],
            Self::Mult18x18d => [18, 18],
            Self::Dsp48e1 => [25, 18],
            Self::Dsp48e2 => [27, 18],
        }
    }

    /// Width of a sum of products in bits.
    pub(crate) fn sum_bits(self) -> u32 {
        match self {
            Self::SbMac16 => 32,
            Self::Mult18x18d => 54,
            Self::Dsp48e1 | Self::Dsp48e2 => 48,
        }
    }

    /// Whether it has an adder before the wider factor and one after the product.
    pub(crate) fn adds(self) -> bool {
        matches!(self, Self::Dsp48e1 | Self::Dsp48e2)
    }
}
