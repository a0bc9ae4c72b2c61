//! One number that both halves of the ABI state.

/// Changes whenever the table of `shim.cpp.tera` and `abi.rs` does.
pub(super) const ABI_VERSION: u32 = 2;
