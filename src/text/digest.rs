//! Content digests.

use sha2::{Digest, Sha256};

/// The first 16 hexadecimal digits of the SHA-256 of the parts, each preceded by its length so
/// that no two lists of parts run together.
pub fn hex_digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hex(&hasher.finalize()[..8])
}

/// The SHA-256 of a file's content in hexadecimal, as `sha256sum` prints it.
pub fn sha256(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
