//! Content digests.

use sha2::{Digest, Sha256};

/// First 16 hexadecimal digits of the SHA-256 of `parts`.
///
/// Each part is preceded by its length, so that different lists never hash the same bytes.
pub fn hex_digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hex(&hasher.finalize()[..8])
}

/// SHA-256 of `content` in hexadecimal, as `sha256sum` prints it.
pub fn sha256(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
