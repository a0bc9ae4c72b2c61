//! The reference against outputs that other people's software and hardware recorded.
//!
//! `tests/vectors/README.md` says where each file comes from. What is not reproduced is named, with its
//! reason, in a table that the test asserts.

mod array;
mod external;
mod formats;
mod litert;
mod onnx_cast;
mod onnx_integer;
