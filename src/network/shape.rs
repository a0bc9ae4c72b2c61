//! Shapes from files.

use super::error::NetworkCause;
use super::graph::LARGEST_TENSOR;

/// Product of lengths; `None` if it overflows.
pub fn elements(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |product, &length| product.checked_mul(length))
}

/// Checks the lengths of a tensor that the network computes.
///
/// # Errors
/// [`NetworkCause::UnknownDimension`], [`NetworkCause::Dimension`], [`NetworkCause::Large`].
pub fn lengths(tensor: &str, shape: &[i64]) -> Result<Vec<usize>, NetworkCause> {
    if let Some(axis) = shape.iter().position(|&length| length == -1) {
        return Err(NetworkCause::UnknownDimension { tensor: tensor.to_owned(), axis });
    }
    let lengths = shape.iter().map(|&length| usize::try_from(length).ok().filter(|&length| length > 0));
    let Some(lengths) = lengths.collect::<Option<Vec<usize>>>() else {
        return Err(NetworkCause::Dimension { tensor: tensor.to_owned(), shape: shape.to_vec() });
    };
    let elements = lengths.iter().fold(1u128, |product, &length| product.saturating_mul(length as u128));
    if elements > LARGEST_TENSOR as u128 {
        let limit = LARGEST_TENSOR;
        return Err(NetworkCause::Large { tensor: tensor.to_owned(), elements, limit });
    }
    Ok(lengths)
}

/// Whether a shape broadcasts to another as in numpy.
pub fn broadcasts(from: &[usize], to: &[usize]) -> bool {
    let Some(missing) = to.len().checked_sub(from.len()) else { return false };
    from.iter().zip(&to[missing..]).all(|(&from, &to)| from == to || from == 1)
}
