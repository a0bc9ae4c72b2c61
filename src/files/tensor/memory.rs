//! Refuses work for which there is not enough memory, before an allocation aborts the process.

use std::hint::black_box;

use super::error::Cause;

/// Bytes for everything that does not grow with a tensor.
const MARGIN: usize = 1 << 20;

/// Checks that a number of elements can be allocated, in one or more vectors of `size` bytes an element in
/// all: sizes come from files, and limits of memory from the system.
///
/// # Errors
/// [`Cause::Memory`] when the process may not have that much.
pub fn require_memory(elements: usize, size: usize) -> Result<(), Cause> {
    let bytes = elements.saturating_mul(size);
    let mut probe: Vec<u8> = Vec::new();
    let reserved = probe.try_reserve_exact(bytes.saturating_add(MARGIN));
    // Nothing is stored in the probe, and a compiler may leave out an allocation that nothing uses.
    black_box(&probe);
    reserved.map_err(|_| Cause::Memory { bytes })
}
