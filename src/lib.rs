//! Verilog for quantized arithmetic, and a co-simulation harness that compares it with a bit-exact
//! software reference.
//!
//! A *unit* is a kind of hardware, a *config* a unit with validated parameters, a *preset* a config that
//! ships in `rtl/`. Ports, latency, name, Verilog and reference follow from a config.
//!
//! Generate Verilog:
//!
//! ```
//! use qrtl::{Config, render, unit};
//!
//! let config = Config::new(unit("mac")?, None, &["a_bits=4", "b_bits=4", "acc_bits=20"])?;
//! assert!(render(&config).contains("module mac_s4_s4_acc20 ("));
//! # Ok::<(), qrtl::ConfigError>(())
//! ```
//!
//! Compare your own Verilog with the reference of a config (the model is built by Verilator, which is fetched
//! on first use where none is installed):
//!
//! ```no_run
//! use qrtl::{ModelBuilder, Verification, preset};
//!
//! let builder = ModelBuilder::discover(&|notice| eprintln!("{notice}"))?;
//! let verilog = std::fs::read_to_string("edited.v")?;
//! let config = preset("int8_mac")?;
//! let report = Verification::new(&config, &builder).verilog(&verilog).run()?;
//! println!("{report}");
//! assert!(report.passed());
//! # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
//! ```
//!
//! Drive a model by the names of its ports: [`Simulator`]. Compute what a unit must answer, without any
//! hardware: [`reference_model`], and the published rules in [`arithmetic`]. Find out what third-party RTL
//! computes: [`audit`]. Read a quantized network from a `.tflite` or `.onnx` file and compute it byte for byte as its
//! runtime does: [`network`].

// Some items are re-exported only for the tests.
#![cfg_attr(not(feature = "internals"), allow(unused_imports))]

pub mod arithmetic;
pub mod audit;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod network;

// The test suite uses internals of the library that are not part of its public API.
#[cfg(not(feature = "internals"))]
mod catalogue;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod catalogue;
#[cfg(not(feature = "internals"))]
mod circuit;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod circuit;
#[cfg(not(feature = "internals"))]
mod demo;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod demo;
#[cfg(not(feature = "internals"))]
mod files;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod files;
#[cfg(not(feature = "internals"))]
mod generator;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod generator;
#[cfg(not(feature = "internals"))]
mod model;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod model;
#[cfg(not(feature = "internals"))]
mod mutation;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod mutation;
#[cfg(not(feature = "internals"))]
mod netlist;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod netlist;
#[cfg(not(feature = "internals"))]
mod proof;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod proof;
#[cfg(not(feature = "internals"))]
mod quantization;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod quantization;
#[cfg(not(feature = "internals"))]
mod reference;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod reference;
#[cfg(not(feature = "internals"))]
mod report;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod report;
#[cfg(not(feature = "internals"))]
mod rules;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod rules;
#[cfg(not(feature = "internals"))]
mod simulation;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod simulation;
#[cfg(not(feature = "internals"))]
mod stimulus;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod stimulus;
#[cfg(not(feature = "internals"))]
mod synthesis;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod synthesis;
#[cfg(not(feature = "internals"))]
mod text;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod text;
#[cfg(not(feature = "internals"))]
mod toolchain;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod toolchain;
#[cfg(not(feature = "internals"))]
mod unit;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod unit;
#[cfg(not(feature = "internals"))]
mod verification;
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod verification;

pub use catalogue::{UNITS, preset, presets, unit, unit_or_preset};
pub use files::output::OutputError;
pub use files::tensor::{
    Array, ArraySource, Cause, Dtype, Element, Error as TensorError, NpyFile, Tensor, WrongShape, WrongType,
    read_npy, read_npz, write_npy, write_npz,
};
pub use generator::companion::{Companion, UnsupportedCompanion, files};
pub use generator::{named, primitives, render};
pub use model::Lanes;
pub use quantization::bound::{AccumulatorBound, BoundError, InputRange, Saturation, bound_accumulator};
pub use quantization::dequantize::{CodeDescription, DequantizeSummary, dequantize_file};
pub use quantization::quantize::{
    NumberSource, ParameterSources, QuantizeError, QuantizeSummary, QuantizedTensors, quantize,
    quantize_batches, quantize_file, quantize_files,
};
pub use quantization::requantize::{
    RequantizeError, RequantizeSummary, RescaleSources, ScaleSource, requantize, requantize_file,
};
pub use reference::{Model, model as reference_model};
pub use report::{html_of_audit, html_of_network};
pub use rules::{
    Amendment, ChannelRules, DifferingOutput, IdentificationVerdict, MultiplierVariant, RuleFinding,
    RuleIdentification, identify,
};
pub use simulation::{
    ArrayError, CompiledModel, ComputeEngine, Dut, DutError, Isolation, ModelBuilder, ModelError, Models,
    ModelsOnDemand, NetworkRun, PinError, SimulateError, SimulationEngine, Simulator, Stalls, simulate,
    simulate_network,
};
pub use stimulus::Shard;
pub use toolchain::builder::Builder;
pub use toolchain::environment::Environment;
pub use toolchain::error::BuildError;
pub use unit::{
    Arch, Behaviour, Choice, Column, Config, ConfigError, Direction, DspUse, Float, FloatNan, Grid,
    Implementation, Integer, Kind, Matrix, MatrixError, Objective, Parameter, Port, Preset, Role, Target,
    Unit, Value, Values,
};
pub use verification::sweep::{Sweep, SweepPoint, SweepRun};
pub use verification::{
    Effort, Failure, MismatchView, Progress, Report, ShrunkView, Verification, VerifyError,
};
