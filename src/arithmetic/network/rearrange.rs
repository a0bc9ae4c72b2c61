//! Layers that move codes: (T15).

use std::borrow::Cow;

use super::mean::advance;

/// Pads each axis with a number of codes before and after.
///
/// `shape` and `pads` have one entry per axis.
pub fn pad(x: &[i8], shape: &[usize], pads: &[(usize, usize)], filling: i8) -> Vec<i8> {
    let padded: Vec<usize> =
        shape.iter().zip(pads).map(|(length, (before, after))| before + length + after).collect();
    let mut y = vec![filling; padded.iter().product()];
    let mut index = vec![0; shape.len()];
    for &code in x {
        let target = index.iter().zip(pads).zip(&padded);
        let target = target.fold(0, |sum, ((index, (before, _)), length)| sum * length + before + index);
        y[target] = code;
        advance(&mut index, shape);
    }
    y
}

/// Concatenates tensors along an axis; `shapes` differ in that axis only.
pub fn concatenate(inputs: &[&[i8]], shapes: &[&[usize]], axis: usize) -> Vec<i8> {
    let rows: usize = shapes[0][..axis].iter().product();
    let widths: Vec<usize> = shapes.iter().map(|shape| shape[axis..].iter().product()).collect();
    let mut y = Vec::with_capacity(inputs.iter().map(|input| input.len()).sum());
    for row in 0..rows {
        for (input, width) in inputs.iter().zip(&widths) {
            y.extend_from_slice(&input[row * width..][..*width]);
        }
    }
    y
}

/// Permutes axes: axis `i` of the result is axis `permutation[i]` of the input.
pub fn transpose<T: Copy>(x: &[T], shape: &[usize], permutation: &[usize]) -> Vec<T> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    let lengths: Vec<usize> = permutation.iter().map(|&axis| shape[axis]).collect();
    let mut index = vec![0; shape.len()];
    let element = |_| {
        let source: usize = index.iter().zip(permutation).map(|(index, &axis)| index * strides[axis]).sum();
        advance(&mut index, &lengths);
        x[source]
    };
    (0..x.len()).map(element).collect()
}

/// Repeats codes along axes of length 1, as numpy broadcasts.
///
/// `from` has at most as many axes as `to` and is aligned at the last.
pub fn broadcast<'a>(x: &'a [i8], from: &[usize], to: &[usize]) -> Cow<'a, [i8]> {
    if x.len() == to.iter().product::<usize>() {
        return x.into();
    }
    let missing = to.len() - from.len();
    let mut strides = vec![0; to.len()];
    let mut stride = 1;
    for (axis, &length) in from.iter().enumerate().rev() {
        strides[missing + axis] = if length == 1 { 0 } else { stride };
        stride *= length;
    }
    let mut index = vec![0; to.len()];
    let element = |_| {
        let source: usize = index.iter().zip(&strides).map(|(index, stride)| index * stride).sum();
        advance(&mut index, to);
        x[source]
    };
    (0..to.iter().product::<usize>()).map(element).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transposes_pads_and_broadcasts() {
        let x: Vec<i8> = (0..6).collect();
        assert_eq!(transpose(&x, &[2, 3], &[1, 0]), [0, 3, 1, 4, 2, 5]);
        assert_eq!(transpose(&x, &[1, 2, 3], &[2, 0, 1]), [0, 3, 1, 4, 2, 5]);
        assert_eq!(pad(&x, &[2, 3], &[(1, 0), (0, 1)], 9), [9, 9, 9, 9, 0, 1, 2, 9, 3, 4, 5, 9]);
        assert_eq!(*broadcast(&[1, 2], &[2, 1], &[2, 3]), [1, 1, 1, 2, 2, 2]);
        assert_eq!(*broadcast(&[1, 2, 3], &[3], &[2, 3]), [1, 2, 3, 1, 2, 3]);
        assert_eq!(concatenate(&[&x[..4], &x[4..]], &[&[2, 2], &[2, 1]], 1), [0, 1, 4, 2, 3, 5]);
    }
}
