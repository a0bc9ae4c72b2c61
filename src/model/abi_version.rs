//! One number that both halves of the ABI state.

/// Changes whenever the table of `abi.h.tera` and `abi.rs` does.
pub(crate) const ABI_VERSION: u32 = 3;
