//! Open synthesis of modules: cells, clock frequency and netlists.
//!
//! Yosys and nextpnr are pinned and fetched into the cache on first use.

mod cells;
mod comparison;
mod designs;
mod error;
mod family;
mod harness;
mod hierarchy;
mod netlist;
mod part;
mod quality;
mod resources;
mod synthesizer;
mod text;

pub use comparison::{SynthesisComparison, uses_dsp};
pub use error::SynthesisError;
pub use family::Family;
pub use hierarchy::{Hierarchy, HierarchyFigures, InstanceFigures};
pub use netlist::NetlistVerifier;
pub use part::{PARTS, Part};
pub use quality::QorTable;
pub use resources::{Figures, Resources};
pub use synthesizer::{SynthesisInput, SynthesisOptions, Synthesizer};
pub use text::comparison_table;
