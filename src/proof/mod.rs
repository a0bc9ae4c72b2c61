//! Proofs by an SMT solver that a module meets the specification of its unit.
//!
//! Claims hold for all operands and from any state; specifications are written in SMT-LIB from the numbered
//! equations alone. Constant matrices are proved by a certificate of linear forms instead.

pub mod certificate;
mod claim;
mod constant_matrix;
mod dot_product;
mod error;
mod mac;
mod multi_precision_dot;
mod multiplier;
mod packed_multiplier;
mod prover;
mod requantizer;
mod result;
mod signals;
mod specification;
mod transition;
mod units;
mod unrolling;

pub use error::ProofError;
pub use prover::Prover;
pub use result::{ClaimResult, ClaimVerdict, Proof};
pub use units::check_specified;

pub(crate) use unrolling::{query, signal};
