//! Row-major order of elements that a file holds in column-major (Fortran) order.

use super::error::Cause;

/// Reorders elements, of which the first axis is the fastest, so that the last axis is.
///
/// # Errors
/// [`Cause::Memory`] when the copy does not fit.
pub(crate) fn to_row_major<T: Copy>(shape: &[usize], data: Vec<T>) -> Result<Vec<T>, Cause> {
    // Axes of length 1 do not move elements, and one axis is the same in both orders.
    let axes: Vec<usize> = shape.iter().copied().filter(|&length| length != 1).collect();
    if axes.len() < 2 || data.is_empty() {
        return Ok(data);
    }
    let strides: Vec<usize> = axes
        .iter()
        .scan(1, |stride, &length| {
            let own = *stride;
            *stride *= length;
            Some(own)
        })
        .collect();
    let mut ordered = Vec::new();
    ordered
        .try_reserve_exact(data.len())
        .map_err(|_| Cause::Memory { bytes: data.len().saturating_mul(size_of::<T>()) })?;
    let mut index = vec![0; axes.len()];
    let mut offset = 0;
    for _ in 0..data.len() {
        ordered.push(data[offset]);
        // Advances the index as an odometer, the last axis first.
        for axis in (0..axes.len()).rev() {
            index[axis] += 1;
            offset += strides[axis];
            if index[axis] < axes[axis] {
                break;
            }
            offset -= strides[axis] * axes[axis];
            index[axis] = 0;
        }
    }
    Ok(ordered)
}
