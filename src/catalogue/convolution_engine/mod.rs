//! Unit `convolution_engine`: convolution, dense and depthwise layers, stream to stream.

mod parameters;

use serde_json::{Value as Json, json};

use super::code_stream::{CODE, beats, codes, engine_ports, settings_digest, short_digest};
use super::layer_requantizer::{layer_rescaler, requantizer, serial_requantizer};
use super::unit;
use crate::circuit::engine::{Fold, ProductEngine, ProductLayer, Walk};
use crate::unit::{
    Beat, Behaviour, Config, ConfigError, FrameFunction, Implementation, Integer, Parameter, Port, Preset,
    UnitDefinition, UnitParameters, Values,
};

pub(crate) use parameters::{CLAMP_MAX, CLAMP_MIN, HEIGHT, KERNEL, OUTPUTS, PADDING, STRIDE, WIDTH};

/// A layer of sums of products, and its fold.
#[derive(Clone, Debug)]
pub struct ConvolutionEngineParameters {
    engine: ProductEngine,
    requantizer: Config,
    /// The multiplier of each product; `None` for the operator `*`.
    multiplier: Option<Config>,
    /// Digest that distinguishes its name from those of other layers of the same size.
    digest: String,
}

impl UnitDefinition for ConvolutionEngineParameters {
    const SUMMARY: &'static str = "convolution, dense or depthwise layer of int8 codes, stream to stream";
    const PARAMETERS: &'static [Parameter] = parameters::ALL;
    const PRESETS: &'static [Preset] = parameters::PRESETS;

    fn parse(values: &Values) -> Result<Self, ConfigError> {
        let layer = parameters::layer(values)?;
        let most = parameters::most(values);
        let fits = |fold: &Fold| fold.inputs <= most.inputs && fold.outputs <= most.outputs;
        let folds = ProductEngine::folds(&layer);
        let fold = folds.iter().copied().rfind(fits).or(folds.first().copied());
        let fold = fold.expect("every layer has a fold");
        let own =
            Self::new(layer, fold, parameters::is_serial(values), Implementation::parse_target(values))?;
        Ok(Self { digest: settings_digest(values), ..own })
    }
}

impl ConvolutionEngineParameters {
    /// Parameters of the engine of a layer, its requantizer pipelined or serial.
    ///
    /// # Errors
    /// [`ConfigError::Combination`] for a layer whose channels follow two rules or one without such a requantizer,
    /// and for padding that is longer than the input.
    pub(crate) fn new(
        layer: ProductLayer,
        fold: Fold,
        is_serial: bool,
        implementation: Implementation,
    ) -> Result<Self, ConfigError> {
        if !Walk::is_supported(&layer.window()) {
            return Err(ConfigError::Combination {
                reason: "the last windows lie more than a row below the input".to_string(),
                fix: "pad by fewer rows".to_string(),
            });
        }
        let (rescaler, acc_bits) = (layer_rescaler(&layer.products().rescaler)?, layer.accumulator_bits());
        let requantizer = match is_serial {
            true => serial_requantizer(rescaler, acc_bits)?,
            false => requantizer(rescaler, acc_bits, implementation)?,
        };
        let code_cycles = if is_serial { requantizer.behaviour().latency() } else { 1 };
        let multiplier = multiplier(layer.products().weight_bits, implementation)?;
        let digest = short_digest(&format!("{layer:?}"));
        Ok(Self { engine: ProductEngine { layer, fold, code_cycles }, requantizer, multiplier, digest })
    }

    /// The engine.
    pub(crate) fn engine(&self) -> &ProductEngine {
        &self.engine
    }

    /// Whether output channels have scales of their own.
    pub(crate) fn has_scale_by_channel(&self) -> bool {
        self.requantizer.ports().iter().any(|port| port.name == "channel")
    }
}

impl UnitParameters for ConvolutionEngineParameters {
    fn module_name(&self) -> String {
        let (layer, Fold { inputs, outputs }) = (&self.engine.layer, self.engine.fold);
        let kind = match layer {
            ProductLayer::Convolution(_) => "conv",
            ProductLayer::Depthwise(_) => "depthwise",
        };
        let window = layer.window();
        format!(
            "{kind}{}x{}_{}x{}x{}_{}_{inputs}x{outputs}_{}",
            window.rows.kernel,
            window.columns.kernel,
            window.rows.input,
            window.columns.input,
            layer.input_channels(),
            layer.output_channels(),
            self.digest,
        )
    }

    fn ports(&self) -> Vec<Port> {
        engine_ports("input codes: rows, columns, channels", "output codes: rows, columns, channels")
    }

    fn behaviour(&self) -> Behaviour {
        let leaving = self.engine.fold.outputs * self.engine.code_cycles;
        let pipeline = self.requantizer.behaviour().latency() + leaving + 16;
        Behaviour::Stream { interval: self.engine.cycles(), latency: self.engine.cycles() + pipeline }
    }

    fn facts(&self) -> Vec<String> {
        let layer = &self.engine.layer;
        let window = layer.window();
        let walk = self.engine.walk();
        vec![
            format!(
                "{} x {} x {} codes in, {} x {} x {} codes out; window {} x {}.",
                window.rows.input,
                window.columns.input,
                layer.input_channels(),
                window.rows.output,
                window.columns.output,
                layer.output_channels(),
                window.rows.kernel,
                window.columns.kernel,
            ),
            format!(
                "Multipliers: {}. Clock cycles of a frame: {}. Accumulators: {} bits.",
                self.engine.multipliers(),
                self.engine.cycles(),
                layer.accumulator_bits()
            ),
            format!(
                "Memory: {} bytes of weights, {} bytes of rows.",
                self.engine.weight_bytes(),
                walk.ring_bytes()
            ),
        ]
    }

    fn context(&self) -> Json {
        let by_channel = self.has_scale_by_channel();
        let requantizer = json!({ "by_channel": by_channel, "is_serial": self.engine.code_cycles > 1 });
        self.engine.context(requantizer, self.multiplier.is_some())
    }

    fn parts(&self) -> Vec<(String, Config)> {
        let multiplier = self.multiplier.iter().map(|config| ("multiplier".to_string(), config.clone()));
        [("requantizer".to_string(), self.requantizer.clone())].into_iter().chain(multiplier).collect()
    }

    fn frame_function(&self) -> Option<Box<dyn FrameFunction>> {
        Some(Box::new(LayerFunction(self.engine.layer.clone())))
    }
}

/// The multiplier of a code and a weight, where target and use of DSP blocks ask for a structure of adders.
fn multiplier(weight_bits: u32, implementation: Implementation) -> Result<Option<Config>, ConfigError> {
    let arch = implementation.product(CODE, Integer::signed(weight_bits), 0);
    if arch.is_operator() {
        return Ok(None);
    }
    let widths = ["a_bits=8".to_string(), format!("b_bits={weight_bits}")];
    let sets: Vec<String> = widths.into_iter().chain(implementation.target_settings()).collect();
    Config::new(unit("multiplier")?, None, &sets).map(Some)
}

struct LayerFunction(ProductLayer);

impl FrameFunction for LayerFunction {
    fn input_lengths(&self) -> Vec<usize> {
        vec![self.0.input_codes()]
    }

    fn output_lengths(&self) -> Vec<usize> {
        vec![self.0.output_codes()]
    }

    fn frame(&self, inputs: &[Vec<Beat>]) -> Vec<Vec<Beat>> {
        vec![beats(&self.0.apply(&codes(&inputs[0])))]
    }
}
