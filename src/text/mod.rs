//! Text helpers: suggestions for mistyped names, content digests, shell quoting.

mod digest;
mod shell;
mod suggestion;

pub use digest::{hex_digest, sha256};
pub use shell::shell_word;
pub use suggestion::suggestion;
