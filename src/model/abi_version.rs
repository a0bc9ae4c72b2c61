//! Version of the C ABI, shared by C++ and Rust.

/// Increased whenever the table of `abi.h.tera` and `abi.rs` changes.
pub(crate) const ABI_VERSION: u32 = 3;
