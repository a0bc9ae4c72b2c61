//! Checks that memory suffices, before an allocation aborts the process.

use std::hint::black_box;

use super::error::Cause;

/// Bytes for everything whose size does not depend on the tensor.
const MARGIN: usize = 1 << 20;

/// Checks that a number of elements can be allocated, with `size` bytes per element over all vectors.
///
/// # Errors
/// [`Cause::Memory`] when the allocation is not possible.
pub fn require_memory(elements: usize, size: usize) -> Result<(), Cause> {
    let bytes = elements.saturating_mul(size);
    let mut probe: Vec<u8> = Vec::new();
    let reserved = probe.try_reserve_exact(bytes.saturating_add(MARGIN));
    // The probe stores nothing; a compiler may remove an allocation that is not used.
    black_box(&probe);
    reserved.map_err(|_| Cause::Memory { bytes })
}
