//! Text helpers: suggestions for mistyped names and content digests.

mod digest;
mod suggestion;

pub use digest::{hex_digest, sha256};
pub use suggestion::suggestion;
