//! Version of the C ABI, shared by C++ and Rust.

/// Version number, incremented whenever the table of `abi.h.tera` and `abi.rs` changes.
pub(crate) const ABI_VERSION: u32 = 3;
