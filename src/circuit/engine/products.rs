//! Product engine: convolution, dense and depthwise layers.

use serde_json::{Value as Json, json};

use super::fold::Fold;
use super::leaving::leaving;
use super::memory::{bits_of, literal, memory, word};
use super::walk::{TapChannels, Walk};
use crate::arithmetic::network::{AccumulatorRange, Convolution, Depthwise, Products, Window};

/// A layer of sums of products.
#[derive(Clone, Debug, PartialEq)]
pub enum ProductLayer {
    /// Every output channel reads all input channels: one group.
    Convolution(Convolution),
    /// Every output channel reads one input channel.
    Depthwise(Depthwise),
}

impl ProductLayer {
    /// Window over rows and columns.
    pub fn window(&self) -> Window {
        match self {
            Self::Convolution(layer) => layer.window,
            Self::Depthwise(layer) => layer.window,
        }
    }

    /// Weights, biases and rescaling.
    pub fn products(&self) -> &Products {
        match self {
            Self::Convolution(layer) => &layer.products,
            Self::Depthwise(layer) => &layer.products,
        }
    }

    /// Channels of the input.
    pub fn input_channels(&self) -> usize {
        match self {
            Self::Convolution(layer) => layer.input_channels,
            Self::Depthwise(layer) => layer.input_channels(),
        }
    }

    /// Channels of the output.
    pub fn output_channels(&self) -> usize {
        self.products().biases.len()
    }

    /// Products of a frame, padding included.
    pub fn products_of_frame(&self) -> usize {
        let depth = match self {
            Self::Convolution(layer) => layer.depth(),
            Self::Depthwise(layer) => layer.window.taps(),
        };
        self.window().output_pixels() * self.output_channels() * depth
    }

    /// Codes of the input of a frame.
    pub fn input_codes(&self) -> usize {
        self.window().input_pixels() * self.input_channels()
    }

    /// Codes of the output of a frame.
    pub fn output_codes(&self) -> usize {
        self.window().output_pixels() * self.output_channels()
    }

    /// Output codes of a frame.
    pub fn apply(&self, codes: &[i8]) -> Vec<i8> {
        match self {
            Self::Convolution(layer) => layer.apply(codes),
            Self::Depthwise(layer) => layer.apply(codes),
        }
    }

    fn range(&self, channel: usize) -> AccumulatorRange {
        match self {
            Self::Convolution(layer) => layer.range(channel),
            Self::Depthwise(layer) => layer.range(channel),
        }
    }

    /// Bits of the narrowest accumulator that holds every sum, 8 to 32; the runtimes wrap at 32.
    pub fn accumulator_bits(&self) -> u32 {
        let bits = (0..self.output_channels()).map(|channel| self.range(channel).bits());
        bits.max().unwrap_or(8).clamp(8, 32)
    }

    /// Weight of an output channel at a tap and an input channel of those that it reads.
    fn weight(&self, channel: usize, tap: usize, input: usize) -> i8 {
        let weights = &self.products().weights;
        match self {
            Self::Convolution(layer) => weights[channel * layer.depth() + tap * layer.input_channels + input],
            Self::Depthwise(layer) => weights[tap * layer.output_channels() + channel],
        }
    }

    /// The bias minus zero point times the sum of the weights, so that products are of raw codes.
    fn folded_bias(&self, channel: usize) -> i32 {
        let products = self.products();
        let inputs = match self {
            Self::Convolution(layer) => layer.input_channels,
            Self::Depthwise(_) => 1,
        };
        let taps = (0..self.window().taps()).flat_map(|tap| (0..inputs).map(move |input| (tap, input)));
        let sum: i32 = taps.map(|(tap, input)| i32::from(self.weight(channel, tap, input))).sum();
        products.biases[channel].wrapping_sub(products.input_zero_point.wrapping_mul(sum))
    }
}

/// An engine of sums of products.
#[derive(Clone, Debug)]
pub struct ProductEngine {
    /// Layer that it computes.
    pub layer: ProductLayer,
    /// Fold of the layer.
    pub fold: Fold,
    /// Clock cycles from one code to the next while sums leave: 1 if the requantizer is pipelined.
    pub code_cycles: usize,
}

impl ProductEngine {
    /// Walk of its window.
    pub fn walk(&self) -> Walk {
        let reading = match self.layer {
            ProductLayer::Convolution(_) => TapChannels::AllChannels,
            ProductLayer::Depthwise(_) => TapChannels::OwnChannels,
        };
        Walk {
            window: self.layer.window(),
            channels: self.layer.input_channels(),
            lanes: self.fold.inputs,
            groups: self.groups(),
            reading,
        }
    }

    fn groups(&self) -> usize {
        self.layer.output_channels() / self.fold.outputs
    }

    /// Multipliers.
    pub fn multipliers(&self) -> usize {
        match self.layer {
            ProductLayer::Convolution(_) => self.fold.inputs * self.fold.outputs,
            ProductLayer::Depthwise(_) => self.fold.outputs,
        }
    }

    /// Clock cycles of a frame while nothing stalls.
    pub fn cycles(&self) -> usize {
        let leaving = self.fold.outputs * self.code_cycles;
        let steps = self.layer.window().output_pixels() * self.groups() * self.walk().taps().max(leaving);
        steps.max(self.layer.input_codes())
    }

    /// Folds that an engine can have, from the fewest multipliers to the most.
    pub fn folds(layer: &ProductLayer) -> Vec<Fold> {
        let outputs = divisors(layer.output_channels());
        let mut folds: Vec<Fold> = match layer {
            ProductLayer::Convolution(layer) => {
                let inputs = divisors(layer.input_channels);
                outputs
                    .iter()
                    .flat_map(|&outputs| inputs.iter().map(move |&inputs| Fold { inputs, outputs }))
                    .collect()
            }
            ProductLayer::Depthwise(layer) => {
                let own = outputs.iter().filter(|&&outputs| outputs % layer.multiplier == 0);
                own.map(|&outputs| Fold { inputs: outputs / layer.multiplier, outputs }).collect()
            }
        };
        let multipliers =
            |fold: &Fold| Self { layer: layer.clone(), fold: *fold, code_cycles: 1 }.multipliers();
        folds.sort_by_key(|fold| (multipliers(fold), fold.outputs));
        folds
    }

    /// Bytes of weights.
    pub fn weight_bytes(&self) -> usize {
        (self.layer.products().weights.len() * self.layer.products().weight_bits as usize).div_ceil(8)
    }

    /// Weights of each step of an output pixel, those of a step in one word.
    fn weight_words(&self) -> Vec<String> {
        let bits = self.layer.products().weight_bits;
        let Fold { inputs, outputs } = self.fold;
        let taps = self.layer.window().taps();
        let words = self.walk().taps() / taps;
        let lanes = if matches!(self.layer, ProductLayer::Convolution(_)) { inputs } else { 1 };
        let steps = (0..self.groups()).flat_map(|group| (0..taps * words).map(move |step| (group, step)));
        let of_step = |(group, step): (usize, usize)| {
            let (tap, start) = (step / words, step % words * lanes);
            let numbers = (0..outputs).flat_map(|output| {
                let channel = group * outputs + output;
                (0..lanes).map(move |lane| (channel, start + lane))
            });
            word(bits, numbers.map(|(channel, input)| self.layer.weight(channel, tap, input).into()))
        };
        steps.map(of_step).collect()
    }

    /// First bit of the code of an output and a term, by the names of their indices.
    fn code_index(&self, output: &str, term: &str) -> String {
        match &self.layer {
            ProductLayer::Convolution(_) => format!("8*{term}"),
            ProductLayer::Depthwise(layer) if layer.multiplier == 1 => format!("8*{output}"),
            ProductLayer::Depthwise(layer) => format!("8*({output} / {})", layer.multiplier),
        }
    }

    /// The context of `templates/convolution_engine.v.tera`, but for the module header.
    ///
    /// `has_multiplier`: products are instances of a multiplier rather than the operator.
    pub(crate) fn context(&self, requantizer: Json, has_multiplier: bool) -> Json {
        let (walk, Fold { inputs, outputs }) = (self.walk(), self.fold);
        let products = self.layer.products();
        let (weight_bits, acc_bits) = (products.weight_bits, self.layer.accumulator_bits());
        let is_depthwise = matches!(self.layer, ProductLayer::Depthwise(_));
        let terms = if is_depthwise { 1 } else { inputs };
        let product_bits = (8 + weight_bits).min(acc_bits);
        let tree = AdderTree::new(product_bits, terms, outputs, acc_bits);
        let weights = self.weight_words();
        let biases: Vec<i64> =
            (0..self.layer.output_channels()).map(|channel| self.layer.folded_bias(channel).into()).collect();
        let bias_words: Vec<String> = biases.iter().map(|&bias| word(acc_bits, [bias])).collect();
        let (weight_address, channel) = (bits_of(weights.len() - 1), bits_of(biases.len() - 1));
        let beat_bits = bits_of(self.layer.output_codes() - 1);
        // Registers of codes and weights, operands, products, and each level of their sums.
        let steps = 3 + tree.levels.len();
        let has_weights = weights.len() > 1;
        json!({
            "walk": walk.context(),
            "weights": has_weights.then(|| memory(
                "weights",
                "Weights of each step of an output pixel.",
                weight_bits * (terms * outputs) as u32,
                &weights,
            )),
            "weight_constant": (!has_weights).then(|| literal(weight_bits * (terms * outputs) as u32, &weights[0])),
            "weight_address": counter(weight_address, weights.len() - 1),
            "pixel_end": walk.pixel_end(),
            "biases": (biases.len() > 1).then(|| memory("biases", "Bias of each output channel.", acc_bits, &bias_words)),
            "bias_constant": (biases.len() == 1).then(|| format!("{acc_bits}'h{}", bias_words[0])),
            "channel": counter(channel, biases.len() - 1),
            "requantizer": requantizer,
            "has_multiplier": has_multiplier,
            "full_msb": 7 + weight_bits,
            "weight_msb": weight_bits - 1,
            "zero_points": format!("{{{inputs}{{8'h{}}}}}", word(8, [products.input_zero_point.into()])),
            "terms": terms,
            "outputs": outputs,
            "code_index": self.code_index("index", "term"),
            "generate_code_index": self.code_index("product_output", "product_term"),
            "code_msb": 8 * inputs - 1,
            "factor_msb": weight_bits * (terms * outputs) as u32 - 1,
            "weight_bits": weight_bits,
            "product_bits": product_bits,
            "product_msb": product_bits - 1,
            "products_msb": product_bits * (terms * outputs) as u32 - 1,
            "levels": tree.levels,
            "acc_bits": acc_bits,
            "acc_msb": acc_bits - 1,
            "total_value": element(&tree.name, tree.bits, "output_index", acc_bits),
            "accumulates": walk.taps() > 1,
            "no_sums": format!("{}'d0", acc_bits as usize * outputs),
            "step_msb": steps - 1,
            "no_step": format!("{steps}'d0"),
            "is_done": format!("valid[{0}] && last[{0}]", steps - 1),
            "leaving": leaving(outputs, acc_bits),
            "beat": counter(beat_bits, self.layer.output_codes() - 1),
        })
    }
}

/// Sums of the products of each output, in pairs, with registers between.
struct AdderTree {
    /// Contexts of the levels.
    levels: Vec<Json>,
    /// Vector of the last sums, or of the products, if each output has one.
    name: String,
    /// Bits of one of them.
    bits: u32,
}

impl AdderTree {
    fn new(product_bits: u32, terms: usize, outputs: usize, acc_bits: u32) -> Self {
        let mut tree = Self { levels: Vec::new(), name: "products".to_string(), bits: product_bits };
        let mut count = terms;
        while count > 1 {
            let (pairs, bits) = (count / 2, (tree.bits + 1).min(acc_bits));
            let name = format!("sums_{}", tree.levels.len() + 1);
            let operand = |offset: usize| {
                let index = match (pairs, offset) {
                    (1, 0) => format!("({count}*index)"),
                    (1, offset) => format!("({count}*index + {offset})"),
                    (_, 0) => format!("({count}*index + 2*pair)"),
                    (_, offset) => format!("({count}*index + 2*pair + {offset})"),
                };
                element(&tree.name, tree.bits, &index, bits)
            };
            let single = || element(&tree.name, tree.bits, &format!("({count}*index + {})", count - 1), bits);
            let left = count.div_ceil(2);
            tree.levels.push(json!({
                "name": name,
                "pairs": pairs,
                "count": left,
                "bits": bits,
                "msb": bits as usize * left * outputs - 1,
                "left": operand(0),
                "right": operand(1),
                "single": (count % 2 == 1).then(single),
            }));
            (tree.name, tree.bits, count) = (name, bits, left);
        }
        tree
    }
}

/// A register that counts to `last`.
pub(crate) fn counter(bits: u32, last: usize) -> Json {
    json!({
        "range": if bits == 1 { String::new() } else { format!("[{}:0] ", bits - 1) },
        "zero": format!("{bits}'d0"),
        "one": format!("{bits}'d1"),
        "last": format!("{bits}'d{last}"),
        "counts": last > 0,
    })
}

/// Element `index` of a vector of numbers of `bits` bits, extended to `wider` bits by its sign.
pub(crate) fn element(vector: &str, bits: u32, index: &str, wider: u32) -> String {
    let number = format!("{vector}[{bits}*{index} +: {bits}]");
    match wider - bits {
        0 => number,
        1 => format!("{{{vector}[{bits}*{index} + {}], {number}}}", bits - 1),
        extra => format!("{{{{{extra}{{{vector}[{bits}*{index} + {}]}}}}, {number}}}", bits - 1),
    }
}

fn divisors(number: usize) -> Vec<usize> {
    (1..=number).filter(|divisor| number.is_multiple_of(*divisor)).collect()
}
