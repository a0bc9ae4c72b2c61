//! Tools: find, fetch, cache and run Verilator, the C++ compiler, Yosys, nextpnr and the solver.

pub mod builder;
pub mod cache;
pub mod compiled_text;
pub mod compiler;
pub mod design_tree;
pub mod environment;
pub mod error;
pub mod fetch;
pub mod host_code;
pub mod inventory;
pub mod parallel;
pub mod process;
mod runtime;
mod solver;
mod tool_error;
mod toolbox;
pub mod tools;
pub mod verilate;
pub mod verilator;
pub mod wheel;
mod yosys;

pub use fetch::VERILATOR;
pub use solver::BITWUZLA;
pub use tool_error::ToolError;
pub use toolbox::{NEXTPNR, YOSYS};
pub use yosys::Yosys;

pub(crate) use solver::Solver;
pub(crate) use toolbox::{NEXTPNR_ECP5, NEXTPNR_ICE40, Program, Toolbox};
