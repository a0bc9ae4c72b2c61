//! Granularity: elements of a tensor that share a scale and a zero point.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use super::error::QuantizerError;

/// Partition of a tensor into parts with their own parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Granularity {
    /// One part, the whole tensor.
    Tensor,
    /// One part per index along this axis, counted from 0, or from -1 backwards.
    Channel(isize),
    /// One part per block of `size` elements along `axis`.
    ///
    /// The last block may be shorter.
    ///
    /// The parameters form a tensor of the same rank, as in ONNX's blocked quantization.
    Block {
        /// The partitioned axis, counted from 0, or from -1 backwards.
        axis: isize,
        /// Elements per block, at least 1.
        size: usize,
    },
}

impl Granularity {
    /// Number of parts, and so of scales, of a tensor of this shape.
    ///
    /// # Errors
    /// [`QuantizerError::Empty`], [`QuantizerError::Shape`], [`QuantizerError::Axis`] or [`QuantizerError::BlockSize`].
    pub fn parts(self, shape: &[usize]) -> Result<usize, QuantizerError> {
        let elements = shape.iter().fold(1usize, |product, &length| product.saturating_mul(length));
        Ok(ScaleLayout::new(self, shape, elements)?.parts())
    }

    /// Shape of the scales of a tensor, with as many elements as it has parts.
    ///
    /// The axis must exist, as [`Granularity::parts`] checks.
    pub(crate) fn parameter_shape(self, shape: &[usize]) -> Vec<usize> {
        let index =
            |axis: isize| if axis < 0 { shape.len().wrapping_add_signed(axis) } else { axis as usize };
        match self {
            Self::Tensor => vec![],
            Self::Channel(axis) => vec![shape[index(axis)]],
            Self::Block { axis, size } => {
                let mut blocks = shape.to_vec();
                blocks[index(axis)] = blocks[index(axis)].div_ceil(size);
                blocks
            }
        }
    }
}

impl fmt::Display for Granularity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Tensor => f.write_str("tensor"),
            Self::Channel(axis) => write!(f, "channel:{axis}"),
            Self::Block { axis, size } => write!(f, "block:{axis}:{size}"),
        }
    }
}

impl Serialize for Granularity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Granularity {
    type Err = QuantizerError;

    fn from_str(word: &str) -> Result<Self, QuantizerError> {
        let unknown = || QuantizerError::UnknownGranularity(word.into());
        match word.split(':').collect::<Vec<_>>()[..] {
            ["tensor"] => Ok(Self::Tensor),
            ["channel", axis] => Ok(Self::Channel(axis.parse().map_err(|_| unknown())?)),
            ["block", axis, size] => {
                let size = size.parse().map_err(|_| unknown())?;
                Ok(Self::Block { axis: axis.parse().map_err(|_| unknown())?, size })
            }
            _ => Err(unknown()),
        }
    }
}

/// Granularity applied to one shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ScaleLayout {
    granularity: Granularity,
    elements: usize,
    /// Length of the partitioned axis.
    length: usize,
    /// Distance between neighbours along that axis.
    stride: usize,
}

impl ScaleLayout {
    pub fn new(granularity: Granularity, shape: &[usize], elements: usize) -> Result<Self, QuantizerError> {
        if shape.iter().try_fold(1usize, |product, &length| product.checked_mul(length)) != Some(elements) {
            return Err(QuantizerError::Shape { shape: shape.to_vec(), elements });
        }
        if elements == 0 {
            return Err(QuantizerError::Empty);
        }
        let (length, stride) = match granularity {
            Granularity::Tensor => (1, elements),
            Granularity::Block { size: 0, .. } => return Err(QuantizerError::BlockSize),
            Granularity::Channel(axis) | Granularity::Block { axis, .. } => {
                let rank = shape.len();
                let index = if axis < 0 { rank.checked_add_signed(axis) } else { usize::try_from(axis).ok() };
                let index = index.filter(|index| *index < rank);
                let index = index.ok_or(QuantizerError::Axis { axis, rank })?;
                (shape[index], shape[index + 1..].iter().product())
            }
        };
        Ok(Self { granularity, elements, length, stride })
    }

    /// Number of parts.
    pub fn parts(&self) -> usize {
        match self.granularity {
            Granularity::Tensor => 1,
            Granularity::Channel(_) => self.length,
            Granularity::Block { size, .. } => self.elements / self.length * self.length.div_ceil(size),
        }
    }

    /// Part of a row-major index.
    fn part(&self, index: usize) -> usize {
        let row = index / self.stride;
        match self.granularity {
            Granularity::Tensor => 0,
            Granularity::Channel(_) => row % self.length,
            Granularity::Block { size, .. } => {
                let block = row / self.length * self.length.div_ceil(size) + row % self.length / size;
                block * self.stride + index % self.stride
            }
        }
    }

    /// Contiguous runs of one part, covering every element once in row-major order.
    pub fn runs(self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let run = match self.granularity {
            Granularity::Block { .. } => 1,
            Granularity::Tensor | Granularity::Channel(_) => self.stride,
        };
        (0..self.elements).step_by(run).map(move |start| (self.part(start), start..start + run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(granularity: Granularity, shape: &[usize]) -> (usize, Vec<usize>) {
        let layout = ScaleLayout::new(granularity, shape, shape.iter().product()).unwrap();
        let runs = layout.runs().flat_map(|(part, range)| range.map(move |_| part));
        (layout.parts(), runs.collect())
    }

    #[test]
    fn any_axis_can_be_the_channel() {
        assert_eq!(parts(Granularity::Tensor, &[2, 2]), (1, vec![0, 0, 0, 0]));
        assert_eq!(parts(Granularity::Channel(0), &[2, 3]), (2, vec![0, 0, 0, 1, 1, 1]));
        assert_eq!(parts(Granularity::Channel(1), &[2, 3]), (3, vec![0, 1, 2, 0, 1, 2]));
        assert_eq!(parts(Granularity::Channel(-1), &[2, 3]), (3, vec![0, 1, 2, 0, 1, 2]));
        assert_eq!(parts(Granularity::Channel(-2), &[2, 3]), (2, vec![0, 0, 0, 1, 1, 1]));
        let last = Granularity::Block { axis: -1, size: 2 };
        assert_eq!(parts(last, &[1, 3]), parts(Granularity::Block { axis: 1, size: 2 }, &[1, 3]));
        assert_eq!(parts(Granularity::Channel(1), &[2, 2, 2]), (2, vec![0, 0, 1, 1, 0, 0, 1, 1]));
    }

    #[test]
    fn last_block_may_be_shorter() {
        let along = |axis, size| Granularity::Block { axis, size };
        assert_eq!(parts(along(1, 2), &[2, 3]), (4, vec![0, 0, 1, 2, 2, 3]));
        assert_eq!(parts(along(0, 2), &[3, 2]), (4, vec![0, 1, 0, 1, 2, 3]));
    }

    #[test]
    fn parses_granularities() {
        for granularity in
            [Granularity::Tensor, Granularity::Channel(3), Granularity::Block { axis: 1, size: 32 }]
        {
            assert_eq!(granularity.to_string().parse(), Ok(granularity));
        }
        for word in ["", "channel", "channel:", "channel:x", "channel:1:2", "block:0", "row"] {
            assert_eq!(word.parse::<Granularity>(), Err(QuantizerError::UnknownGranularity(word.into())));
        }
    }

    #[test]
    fn rejects_shapes_that_do_not_match() {
        let layout = |granularity, shape: &[usize], elements| {
            ScaleLayout::new(granularity, shape, elements).unwrap_err()
        };
        let tensor = Granularity::Tensor;
        assert_eq!(layout(tensor, &[2], 3), QuantizerError::Shape { shape: vec![2], elements: 3 });
        let huge = [usize::MAX, 2];
        assert_eq!(layout(tensor, &huge, 3), QuantizerError::Shape { shape: huge.to_vec(), elements: 3 });
        assert!(matches!(tensor.parts(&huge), Err(QuantizerError::Shape { .. })));
        assert_eq!(layout(tensor, &[0, 4], 0), QuantizerError::Empty);
        assert_eq!(layout(Granularity::Channel(2), &[1, 1], 1), QuantizerError::Axis { axis: 2, rank: 2 });
        assert_eq!(layout(Granularity::Block { axis: 0, size: 0 }, &[1], 1), QuantizerError::BlockSize);
    }
}
