//! Text: the nearest known name, digests of content.

mod digest;
mod suggestion;

pub use digest::{hex_digest, sha256};
pub use suggestion::suggestion;
