//! qrtl turns a choice of quantized arithmetic into Verilog that fits an FPGA flow, and shows by
//! co-simulation, exhaustive wherever the input space is finite enough, that every output bit
//! equals the named software rule.
//!
//! ```text
//!              parameters
//!                  |
//!             catalogue          which units there are: Unit, Config, Port, Preset
//!              /      \
//!       generator    reference   Verilog text   |   the same function in plain integers
//!           |            |
//!  flow   cosim ---------+       Stimulus -> Dut and Model -> Scoreboard -> Report
//!                        |
//!                     report     JUnit, HTML
//! ```
//!
//! A *unit* is a kind of hardware, a *config* a unit with validated parameters, a *preset* a config
//! that ships in `rtl/`. Everything else about a config is a function of it:
//!
//! ```
//! use qrtl::unit::Config;
//! use qrtl::catalogue::unit;
//!
//! let config = Config::new(unit("mac")?, None, &["a_bits=4", "b_bits=4", "acc_bits=20"])?;
//! let verilog = qrtl::generator::render(&config);
//! assert!(verilog.contains("module mac_s4_s4_acc20 ("));
//! # Ok::<(), qrtl::unit::ConfigError>(())
//! ```

pub mod arithmetic;
pub mod audit;
pub mod catalogue;
pub mod circuit;
#[cfg(feature = "cli")]
pub mod cli;
pub mod demo;
pub mod files;
pub mod generator;
pub mod model;
pub mod mutation;
mod netlist;
pub mod proof;
pub mod quantization;
pub mod reference;
pub mod report;
pub mod rules;
pub mod simulation;
pub mod stimulus;
pub mod synthesis;
pub mod text;
pub mod toolchain;
pub mod unit;
pub mod verification;
