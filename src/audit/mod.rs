//! Audits of somebody else's Verilog: which rule, signedness and overflow behaviour it implements.
//!
//! ```text
//! Verilog --Verilator--> ports --map--> Bench      (verilog, ports, binding, bench)
//! Bench   --probing----> polarity, latency         (control, timing)
//! Bench x Stimulus ----> results                   (stimulus, runner)
//! results x candidates -> scores -> Audit          (requantizer, products, accumulate, report)
//! ```
//!
//! Nothing is assumed of the design but that its results depend on its operands: polarity and latency
//! are found before any rule is looked at. A candidate is a name and a function; the verdict names those
//! that give every result, and the first result that each other one does not give.

mod accumulate;
mod bench;
mod binding;
mod control;
mod error;
mod factors;
mod fields;
mod finding;
mod ports;
mod products;
mod report;
mod requantizer;
mod request;
mod role;
mod run;
mod runner;
mod settings;
mod stimulus;
mod subject;
mod tally;
mod tie;
mod timing;
mod verilog;
mod wave;

pub use error::AuditError;
pub use finding::Finding;
pub use report::{Audit, MappedPort, SourceFile};
pub use request::{Effort, Request};
pub use role::{Role, Unit};
pub use run::audit;
pub use settings::Settings;
pub use tally::{Counterexample, Exactness, Score};
pub use verilog::Verilog;
