//! Text: the nearest known name, digests of content.

mod digest;
mod nearest;

pub use digest::{hex_digest, sha256};
pub use nearest::nearest;
