//! Units: parameters, validated configs, ports, behaviour, columns of values.
//!
//! Everything here is pure: no file, no environment.

mod behaviour;
mod choice;
mod column;
mod config;
mod definition;
mod error;
mod float;
mod frame_guard;
mod grid;
pub(crate) mod implementation;
mod keywords;
mod matrix;
mod number;
mod parameter;
mod port;
mod stream;

pub use behaviour::Behaviour;
pub use choice::Choice;
pub use column::Column;
pub use config::{Config, Values};
pub use definition::{Preset, RegisteredUnit, Unit, UnitDefinition, UnitParameters};
pub use error::ConfigError;
pub use float::{Float, FloatNan};
pub use frame_guard::{FrameEvent, FrameGuard};
pub use grid::{Grid, RefusedCombinations};
pub use implementation::{Arch, DspUse, Implementation, Objective, Target};
pub use matrix::{Matrix, MatrixError};
pub use number::Integer;
pub use parameter::{Kind, Parameter, Value};
pub use port::{Direction, Port, Role};
pub use stream::{Beat, FrameFunction, StreamIndices, StreamNames, streams};

pub(crate) use choice::choice;
pub(crate) use implementation::{ARCH, DSP, OBJECTIVE, TARGET};
pub(crate) use keywords::is_reserved_in_vhdl;
