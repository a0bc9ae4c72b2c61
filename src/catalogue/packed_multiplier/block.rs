//! The DSP blocks that products are packed into.

/// A DSP block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// Of iCE40 UltraPlus: two multipliers of 8 by 8 bits, or one of 16 by 16.
    SbMac16,
    /// Of ECP5: a multiplier without adders that synthesis would use.
    Mult18x18d,
    /// Of Xilinx 7 series.
    Dsp48e1,
    /// Of UltraScale+.
    Dsp48e2,
}

impl Block {
    /// The block that a target has.
    pub(crate) fn of(target: &str) -> Block {
        match target {
            "ice40" => Block::SbMac16,
            "ecp5" => Block::Mult18x18d,
            "xc7" => Block::Dsp48e1,
            _ => Block::Dsp48e2,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Block::SbMac16 => "SB_MAC16",
            Block::Mult18x18d => "MULT18X18D",
            Block::Dsp48e1 => "DSP48E1",
            Block::Dsp48e2 => "DSP48E2",
        }
    }

    /// The widths of the two's complement factors, the wider first.
    pub(crate) fn factors(self) -> [u32; 2] {
        match self {
            Block::SbMac16 => [16, 16],
            Block::Mult18x18d => [18, 18],
            Block::Dsp48e1 => [25, 18],
            Block::Dsp48e2 => [27, 18],
        }
    }

    /// Bits of a sum of products.
    pub(crate) fn sum_bits(self) -> u32 {
        match self {
            Block::SbMac16 => 32,
            Block::Mult18x18d => 54,
            Block::Dsp48e1 | Block::Dsp48e2 => 48,
        }
    }

    /// Whether it adds before the wider factor and after the product.
    pub(crate) fn adds(self) -> bool {
        matches!(self, Block::Dsp48e1 | Block::Dsp48e2)
    }
}
