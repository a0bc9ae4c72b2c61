//! Pool engine: average or maximum of a window, channel by channel.

use serde_json::{Value as Json, json};

use super::division::ConstantDivision;
use super::leaving::leaving;
use super::memory::{bits_of, literal};
use super::products::{counter, element};
use super::walk::{TapChannels, Walk};
use crate::arithmetic::network::{AveragePool, MaxPool, Window};

/// A pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolLayer {
    /// The average, half away from zero.
    Average(AveragePool),
    /// The largest code.
    Max(MaxPool),
}

impl PoolLayer {
    /// Window over rows and columns.
    pub fn window(&self) -> Window {
        match self {
            Self::Average(layer) => layer.window,
            Self::Max(layer) => layer.window,
        }
    }

    /// Channels of input and output.
    pub fn channels(&self) -> usize {
        match self {
            Self::Average(layer) => layer.channels,
            Self::Max(layer) => layer.channels,
        }
    }

    /// Smallest and largest output code.
    pub fn clamp(&self) -> (i32, i32) {
        match self {
            Self::Average(layer) => layer.clamp,
            Self::Max(layer) => layer.clamp,
        }
    }

    /// Codes of the input of a frame.
    pub fn input_codes(&self) -> usize {
        self.window().input_pixels() * self.channels()
    }

    /// Codes of the output of a frame.
    pub fn output_codes(&self) -> usize {
        self.window().output_pixels() * self.channels()
    }

    /// Output codes of a frame.
    pub fn apply(&self, codes: &[i8]) -> Vec<i8> {
        match self {
            Self::Average(layer) => layer.apply(codes),
            Self::Max(layer) => layer.apply(codes),
        }
    }

    fn is_max(&self) -> bool {
        matches!(self, Self::Max(_))
    }
}

/// An engine of a pool.
#[derive(Clone, Debug)]
pub struct PoolEngine {
    /// Pool that it computes.
    pub layer: PoolLayer,
    /// Channels computed at the same time; divides the number of channels.
    pub outputs: usize,
}

impl PoolEngine {
    /// Walk of its window.
    pub fn walk(&self) -> Walk {
        Walk {
            window: self.layer.window(),
            channels: self.layer.channels(),
            lanes: self.outputs,
            groups: self.groups(),
            reading: TapChannels::OwnChannels,
        }
    }

    fn groups(&self) -> usize {
        self.layer.channels() / self.outputs
    }

    /// Clock cycles of a frame while nothing stalls.
    pub fn cycles(&self) -> usize {
        let window = self.layer.window();
        let steps = window.output_pixels() * self.groups() * window.taps().max(self.outputs);
        steps.max(self.layer.input_codes())
    }

    /// Bits of an accumulator: those of a code, or of the sum of the window.
    pub fn accumulator_bits(&self) -> u32 {
        let taps = self.layer.window().taps();
        if self.layer.is_max() || taps == 1 { 8 } else { 8 + bits_of(taps - 1) }
    }

    /// The division of an average.
    fn division(&self) -> Option<ConstantDivision> {
        (!self.layer.is_max()).then(|| ConstantDivision::new(self.layer.window().taps()))
    }

    /// Equation of an average, for the header of the file; `None` for the largest code.
    pub fn equation(&self) -> Option<String> {
        let ConstantDivision { multiplier, offset, negative_offset, shift } = self.division()?;
        let product = if multiplier == 1 { "sum".to_string() } else { format!("sum * {multiplier}") };
        let offset = if offset == negative_offset {
            offset.to_string()
        } else {
            format!("(sum < 0 ? {negative_offset} : {offset})")
        };
        Some(format!("average = ({product} + {offset}) >> {shift}: half away from zero."))
    }

    /// The accumulators before the first code: the least codes of a maximum, zeros of an average.
    fn no_codes(&self) -> String {
        match self.layer.is_max() {
            true => literal(8 * self.outputs as u32, &"80".repeat(self.outputs)),
            false => format!("{}'d0", self.accumulator_bits() as usize * self.outputs),
        }
    }

    /// The context of `templates/pool_engine.v.tera`, but for the module header.
    pub(crate) fn context(&self) -> Json {
        let (walk, outputs) = (self.walk(), self.outputs);
        let acc_bits = self.accumulator_bits();
        let beats = self.layer.output_codes() - 1;
        json!({
            "walk": walk.context(),
            "is_max": self.layer.is_max(),
            "outputs": outputs,
            "accumulates": walk.taps() > 1,
            "acc_bits": acc_bits,
            "no_codes": self.no_codes(),
            "least_codes": literal(8 * outputs as u32, &"80".repeat(outputs)),
            "code_value": element("operands", 8, "output_index", acc_bits),
            "leaving": leaving(outputs, acc_bits),
            "division": self.division().map(|division| division_context(&division, acc_bits)),
            "clamped": clamped(self.layer.clamp()),
            "beat": counter(bits_of(beats), beats),
        })
    }
}

/// The context of a division; its numbers wrap in as many bits as the shifted code has.
fn division_context(division: &ConstantDivision, acc_bits: u32) -> Json {
    let ConstantDivision { multiplier, offset, negative_offset, shift } = *division;
    let bits = 8 + shift;
    let sign = format!("next_sum[{}]", acc_bits - 1);
    let sum = format!("next_sum[{}:0]", acc_bits - 1);
    let extended = match bits - acc_bits {
        0 => sum,
        extra => format!("{{{{{extra}{{{sign}}}}}, {sum}}}"),
    };
    let multiplies = multiplier > 1;
    let (scaled, is_negative) = if multiplies { ("scaled", "is_negative") } else { (&*extended, &*sign) };
    let is_split = offset != negative_offset;
    let rounded = if is_split {
        format!("{scaled} + ({is_negative} ? {bits}'d{negative_offset} : {bits}'d{offset})")
    } else if offset == 0 {
        scaled.to_string()
    } else {
        format!("{scaled} + {bits}'d{offset}")
    };
    json!({
        "rounded": rounded,
        "product": multiplies.then(|| format!("{extended} * {bits}'d{multiplier}")),
        "is_negative": (multiplies && is_split).then_some(sign),
        "msb": bits - 1,
        "shift": shift,
        "dropped_msb": (shift > 0).then(|| shift - 1),
    })
}

/// Expression of the code, clamped to its bounds.
fn clamped((least, largest): (i32, i32)) -> String {
    let pattern = |code: i32| format!("{:02x}", code as u8);
    let mut text = String::new();
    if largest < 127 {
        text += &format!("$signed(unclamped) > 8'sh{0} ? 8'h{0} : ", pattern(largest));
    }
    if least > -128 {
        text += &format!("$signed(unclamped) < 8'sh{0} ? 8'h{0} : ", pattern(least));
    }
    text + "unclamped"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::network::{Padding, WindowAxis};

    #[test]
    fn type_bounds_need_no_clamp_logic() {
        assert_eq!(clamped((-128, 127)), "unclamped");
        assert_eq!(clamped((-128, 5)), "$signed(unclamped) > 8'sh05 ? 8'h05 : unclamped");
        assert_eq!(clamped((-2, 127)), "$signed(unclamped) < 8'shfe ? 8'hfe : unclamped");
    }

    #[test]
    fn accumulator_holds_smallest_sum() {
        let bits = |kernel: usize| {
            let axis = WindowAxis::new(8, kernel, 1, 1, Padding::Valid).unwrap();
            let window = Window { rows: axis, columns: axis };
            let layer = PoolLayer::Average(AveragePool { window, channels: 4, clamp: (-128, 127) });
            PoolEngine { layer, outputs: 2 }.accumulator_bits()
        };
        // 16 * -128 = -2^11, and 9 * -128 is below -2^10.
        assert_eq!([1, 2, 3, 4].map(bits), [8, 10, 12, 12]);
    }
}
