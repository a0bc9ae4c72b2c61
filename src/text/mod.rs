//! Text helpers: suggestions for mistyped names, numbers, content digests, shell quoting.

mod digest;
mod number;
mod shell;
mod suggestion;

pub use digest::{hex_digest, sha256};
pub use number::whole_number;
pub use shell::shell_word;
pub use suggestion::suggestion;
