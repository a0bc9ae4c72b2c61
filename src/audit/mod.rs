//! Audit of third-party RTL: its rounding rule, signedness and overflow behaviour.
//!
//! ```text
//! Verilog --Verilator--> ports --map--> Harness     (sources, ports, port_map, harness)
//! Harness --probing----> polarity, latency          (polarity, latency)
//! Harness x operands --> results                    (operands, runner)
//! results x candidates -> scores -> AuditReport     (requantizer, products, accumulate, report)
//! ```
//!
//! The audit assumes only that the results of a design depend on its operands. It first measures the
//! polarity of the control inputs and the latency, and then compares the results with every candidate
//! for that kind of design. A candidate is a named function. The report lists the candidates that match
//! every result and, for each of the others, the first transaction on which it differs.
//!
//! The design is hostile: [`audit`] refuses Verilog that acts on the host, unless the builder allows host code, and
//! runs the model in a separate process, see [`Isolation`](crate::simulation::Isolation). Verilator and the C++
//! compiler run without such limits, and so does the whole audit: only each batch of cycles has a time limit.

mod accumulate;
mod adapter;
mod analysis;
mod auto_map;
mod design_kind;
mod diagnostics;
mod error;
mod error_statistics;
mod factors;
mod fields;
mod finding;
mod findings;
mod handshake;
mod harness;
mod ignored;
mod interface_wrapper;
mod latency;
mod layouts;
mod map_file;
mod nearest;
mod operands;
mod polarity;
mod port_layout;
mod port_list;
mod port_map;
mod ports;
mod products;
mod regions;
mod report;
mod requantizer;
mod request;
mod response;
mod role;
mod role_ports;
mod rows;
mod run;
mod runner;
mod settings;
mod settled;
mod shift_rounding;
mod skew;
mod sources;
mod spacing;
mod stimulus_size;
mod tally;
mod text;
mod timing;
mod verilator_log;

pub use adapter::{adapted, waived};
pub use design_kind::DesignKind;
pub use error::AuditError;
pub use error_statistics::ErrorStatistics;
pub use finding::Finding;
pub use map_file::{expanded_maps, map_file};
pub use nearest::NearestCandidate;
pub use port_list::{ListedField, ListedParameter, ListedPort, NamedValue, PortList, list_ports};
pub use regions::Extent;
pub use report::{AuditReport, MappedPort, SourceFile};
pub use request::{AuditRequest, StimulusEffort};
pub use role::MapRole;
pub use run::audit;
pub use settings::Settings;
pub use sources::DesignSources;
pub use tally::{CandidateScore, FirstMismatch};
