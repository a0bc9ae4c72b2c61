//! All integration tests in one program, so that the harness and its models are compiled and linked once.

// The macros `presets!` and `sequential_presets!`, which `build.rs` writes: each calls a macro with the names, so that
// a test is generated for every preset.
include!(concat!(env!("OUT_DIR"), "/presets.rs"));

mod common;

mod accumulator_bound;
mod architectures;
mod audit;
mod bound;
mod calibration;
mod catalogue;
mod certificate;
mod cli;
mod companions;
mod configs;
mod demo;
mod dequantize;
mod docs;
mod drawn_configs;
mod encodings;
mod exhaustive;
mod failures;
mod float8_units;
mod float_units;
mod golden;
mod harness;
#[cfg(unix)]
mod isolation;
mod lint;
mod longest_sum;
mod mutation;
mod mx_units;
mod netlists;
mod networks;
mod packing;
mod primitives;
mod proofs;
mod quality;
mod quantize_files;
mod quantize_floats;
mod recorded;
mod refusals;
mod requantize;
mod requantizer;
mod rooms;
mod rules;
mod sequences;
mod shards;
mod simulate;
mod simulator;
mod sliced;
mod sweep;
mod synth;
mod third_party;
mod toolchain;
mod tools;
mod vectors_quantizer;
mod weights;
