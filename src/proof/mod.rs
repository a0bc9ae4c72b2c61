//! Proofs by a solver that a module does what its unit is specified to do: for all operands, from any
//! state, against statements in SMT-LIB that are written from the equations alone.

pub mod certificate;
mod claim;
mod constant_matrix;
mod dot_product;
mod error;
mod mac;
mod multiplier;
mod packed_multiplier;
mod prover;
mod requantizer;
mod signals;
mod specification;
mod transition;
mod units;
mod unrolling;

pub use error::ProofError;
pub use prover::{ClaimResult, ClaimVerdict, Proof, Prover};
pub use units::check_specified;

pub(crate) use unrolling::{query, signal};
