//! Every integration test, in one program: the harness and its models are compiled and linked once.

mod common;

mod accumulator_bound;
mod architectures;
mod catalogue;
mod certificate;
mod cli;
mod configs;
mod docs;
mod exhaustive;
mod float8_units;
mod float_units;
mod golden;
mod harness;
mod lint;
mod longest_sum;
mod mutation;
mod netlists;
mod network;
mod packing;
mod primitives;
mod proofs;
mod quantize_files;
mod recorded;
mod refusals;
mod requantize;
mod requantizer;
mod rules;
mod sequences;
mod simulate;
mod sweep;
mod synth;
mod toolchain;
mod vectors_quantizer;
mod weights;
