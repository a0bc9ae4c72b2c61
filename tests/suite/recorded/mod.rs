//! The reference compared with recorded outputs of third-party software and hardware.
//!
//! `tests/vectors/README.md` states the origin of each file. Cases that are not reproduced are listed with the
//! reason in a table that the test asserts.

mod array;
mod external;
mod formats;
mod litert;
mod onnx_cast;
mod onnx_integer;
