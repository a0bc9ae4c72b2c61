//! Estimate of LUTs, DSP blocks and block RAMs from the numbers of a plan, without synthesis.
//!
//! LUTs of layers of products are a linear function of the engine's numbers, fitted to modules that Yosys synthesized;
//! those of other modules are the measured ones of a typical instance. `docs/networks.md` states the error.

use std::fmt;
use std::iter::Sum;

use serde::Serialize;

use super::engine::Engine;
use super::error::HardwareError;
use super::plan::{HardwarePlan, ModuleInstance};
use crate::circuit::engine::Fold;
use crate::unit::{Implementation, Target};

/// Bits of the smallest ROM that Yosys puts into block RAM; a smaller one is made of LUTs.
const SMALLEST_ROM_BITS: usize = 2048;
/// Bits of a code.
const CODE_BITS: usize = 8;

/// Estimated resources on an FPGA family.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// LUTs.
    pub luts: usize,
    /// DSP blocks.
    pub dsps: usize,
    /// Block RAMs.
    pub rams: usize,
}

impl Sum for Estimate {
    fn sum<I: Iterator<Item = Self>>(estimates: I) -> Self {
        estimates.fold(Self::default(), |sum, one| Self {
            luts: sum.luts + one.luts,
            dsps: sum.dsps + one.dsps,
            rams: sum.rams + one.rams,
        })
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} LUTs, {} DSP blocks, {} block RAMs", self.luts, self.dsps, self.rams)
    }
}

/// What parts of a module take on a family.
struct FamilyCosts {
    /// LUTs of a layer of products: its control, and that of a window of several taps.
    control: f64,
    window: f64,
    /// LUTs of a multiplier in a DSP block or in LUTs, its share of the sums included.
    multiplier: [f64; 2],
    /// LUTs of a bit of an accumulator, and of a bit of a memory made of LUTs.
    accumulator_bit: f64,
    memory_bit: f64,
    /// LUTs of a serial requantizer, of a pipelined one with DSP blocks or in LUTs, and of each scale of either form.
    serial: f64,
    pipelined: [f64; 2],
    scale: [f64; 2],
    /// LUTs of a lane of a pool, of an add, of a multiply in a DSP block or in LUTs, and of a softmax.
    pool: usize,
    add: usize,
    multiply: [usize; 2],
    softmax: usize,
    /// LUTs of padding, concatenations, buffers and the guard.
    stream: usize,
    /// Bits of the smallest memory of rows that Yosys puts into block RAM.
    smallest_ram_bits: usize,
    /// Widths of a word and words of a block RAM, and the most blocks of a device.
    ram: &'static [(usize, usize)],
    largest: usize,
}

const ICE40: FamilyCosts = FamilyCosts {
    control: 294.0,
    window: 52.0,
    multiplier: [19.0, 95.0],
    accumulator_bit: 2.1,
    memory_bit: 0.0,
    serial: 57.0,
    pipelined: [0.0, 222.0],
    scale: [0.8, 6.4],
    pool: 141,
    add: 34,
    multiply: [80, 192],
    softmax: 599,
    stream: 40,
    smallest_ram_bits: 0,
    ram: &[(16, 256), (8, 512), (4, 1024), (2, 2048)],
    largest: 32,
};

const ECP5: FamilyCosts = FamilyCosts {
    control: 207.0,
    window: 129.0,
    multiplier: [19.0, 93.0],
    accumulator_bit: 1.6,
    memory_bit: 0.11,
    serial: 69.0,
    pipelined: [0.0, 310.0],
    scale: [2.6, 6.4],
    pool: 182,
    add: 46,
    multiply: [58, 191],
    softmax: 489,
    stream: 50,
    smallest_ram_bits: 2048,
    ram: &[(36, 512), (18, 1024), (9, 2048), (4, 4096), (2, 8192), (1, 16384)],
    largest: 208,
};

const XILINX: FamilyCosts = FamilyCosts {
    control: 124.0,
    window: 77.0,
    multiplier: [11.0, 56.0],
    accumulator_bit: 1.0,
    memory_bit: 0.04,
    serial: 41.0,
    pipelined: [0.0, 186.0],
    scale: [1.6, 3.8],
    pool: 174,
    add: 131,
    multiply: [23, 116],
    softmax: 343,
    stream: 25,
    smallest_ram_bits: 2048,
    ram: &[(36, 512), (18, 1024), (9, 2048), (4, 4096), (2, 8192), (1, 16384)],
    // The largest devices, XC7V2000T and VU13P, have more than 2,500 blocks of 18 Kbit.
    largest: 2_584,
};

impl FamilyCosts {
    fn of(target: Target) -> Option<&'static Self> {
        match target {
            Target::Generic => None,
            Target::Ice40 => Some(&ICE40),
            Target::Ecp5 => Some(&ECP5),
            Target::Xc7 | Target::Xcup => Some(&XILINX),
        }
    }

    /// Block RAMs of a memory of rows, and bits that are made of LUTs instead.
    fn rows(&self, width: usize, bits: usize) -> (usize, usize) {
        if bits < self.smallest_ram_bits { (0, bits) } else { (self.blocks(width, bits), 0) }
    }

    /// Block RAMs of a memory.
    fn blocks(&self, width: usize, bits: usize) -> usize {
        let words = bits.div_ceil(width);
        let blocks = self.ram.iter().map(|(bits, depth)| width.div_ceil(*bits) * words.div_ceil(*depth));
        blocks.min().unwrap_or(0)
    }

    fn products(&self, engine: &Engine, fold: Fold, has_dsp: bool) -> Estimate {
        let multipliers = engine.multipliers;
        let weight_bits = engine.weight_bytes * CODE_BITS;
        let (weights, small_weights) = match weight_bits {
            ..SMALLEST_ROM_BITS => (0, weight_bits),
            _ => (self.blocks(multipliers * CODE_BITS, weight_bits), 0),
        };
        let (rows, small_rows) = self.rows(fold.inputs * CODE_BITS, engine.buffer_bytes * CODE_BITS);
        let is_serial = engine.requantizer == Some("serial");
        let sums = fold.outputs * engine.accumulator_bits.unwrap_or(0) as usize;
        let in_luts = usize::from(!has_dsp);
        let requantizer = match (is_serial, engine.scales) {
            (true, scales) => self.serial + self.scale[0] * scales as f64,
            (false, 1) => 0.0,
            (false, scales) => self.pipelined[in_luts] + self.scale[1] * scales as f64,
        };
        let luts = self.control
            + if engine.has_window { self.window } else { 0.0 }
            + self.multiplier[in_luts] * multipliers as f64
            + self.accumulator_bit * sums as f64
            + requantizer
            + self.memory_bit * (small_weights + small_rows) as f64;
        // A pipelined requantizer multiplies in two blocks.
        let dsps = if has_dsp { multipliers + if is_serial { 0 } else { 2 } } else { 0 };
        Estimate { luts: luts.round() as usize, dsps, rams: weights + rows }
    }

    fn module(&self, instance: &ModuleInstance, has_dsp: bool) -> Estimate {
        let Some(engine) = &instance.engine else {
            let (rams, small) = self.rows(CODE_BITS + 1, instance.fifo_depth() * (CODE_BITS + 1));
            let luts = self.stream + (self.memory_bit * small as f64).round() as usize;
            return Estimate { luts, dsps: 0, rams };
        };
        let in_luts = usize::from(!has_dsp);
        let multipliers = if has_dsp { engine.multipliers } else { 0 };
        match (engine.fold, instance.config.unit().name()) {
            (Some(fold), "pool_engine") => {
                let (rams, _) = self.rows(fold.inputs * CODE_BITS, engine.buffer_bytes * CODE_BITS);
                Estimate { luts: self.pool * fold.outputs, dsps: 0, rams }
            }
            (Some(fold), _) => self.products(engine, fold, has_dsp),
            (None, "softmax_engine") => Estimate { luts: self.softmax, dsps: multipliers, rams: 1 },
            (None, "multiply_engine") => {
                Estimate { luts: self.multiply[in_luts], dsps: 2 * multipliers, rams: 0 }
            }
            (None, "add_engine") => Estimate { luts: self.add, dsps: 0, rams: 2 },
            (None, _) => Estimate { luts: self.stream, dsps: 0, rams: 0 },
        }
    }
}

impl HardwarePlan {
    /// The estimate of all modules; `None` without a family.
    pub(super) fn estimate(&self, implementation: Implementation) -> Option<Estimate> {
        let costs = FamilyCosts::of(implementation.target)?;
        let modules = self.instances.iter();
        Some(modules.map(|instance| costs.module(instance, implementation.has_dsp())).sum())
    }

    /// Checks that the weights and rows fit into the block RAM of the largest device of the family.
    ///
    /// # Errors
    /// [`HardwareError::Memory`].
    pub(super) fn require_memory(&self, implementation: Implementation) -> Result<(), HardwareError> {
        let Some(costs) = FamilyCosts::of(implementation.target) else { return Ok(()) };
        let engines = self.instances.iter().filter_map(|instance| instance.engine.as_ref());
        let bytes = engines.map(|engine| engine.weight_bytes + engine.buffer_bytes).sum();
        let block = costs.ram.iter().map(|(bits, words)| bits * words).max().unwrap_or(0);
        let most = costs.largest * block / CODE_BITS;
        if bytes <= most {
            return Ok(());
        }
        Err(HardwareError::Memory { bytes, most, target: implementation.target.word() })
    }
}
