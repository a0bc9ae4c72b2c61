//! Sliding windows of convolutions and pools: (T1).

/// Padding of one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// As many outputs as `ceil(input / stride)`; an odd element goes after the input.
    Same,
    /// Windows lie inside the input.
    Valid,
    /// Given numbers of elements.
    Explicit {
        /// Elements before the input.
        before: usize,
        /// Elements after the input.
        after: usize,
    },
}

/// One axis of a sliding window; every length is at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowAxis {
    /// Length of the input.
    pub input: usize,
    /// Length of the output.
    pub output: usize,
    /// Taps of the kernel.
    pub kernel: usize,
    /// Distance between windows.
    pub stride: usize,
    /// Distance between taps.
    pub dilation: usize,
    /// Padding before the first input element.
    pub before: usize,
}

impl WindowAxis {
    /// Largest length, stride or dilation, so that no product of two overflows.
    const LARGEST: usize = 1 << 30;

    /// Derives output length and padding: (T1).
    ///
    /// `None` if a length is 0 or over 2^30, or the input is shorter than the window.
    pub fn new(
        input: usize,
        kernel: usize,
        stride: usize,
        dilation: usize,
        padding: Padding,
    ) -> Option<Self> {
        let is_legal = |length: &usize| (1..=Self::LARGEST).contains(length);
        if ![input, kernel, stride, dilation].iter().all(is_legal) {
            return None;
        }
        let extent = (kernel - 1) * dilation + 1;
        let (before, output) = match padding {
            Padding::Same => {
                let output = input.div_ceil(stride);
                let total = ((output - 1) * stride + extent).saturating_sub(input);
                (total / 2, output)
            }
            Padding::Valid => (0, input.checked_sub(extent)? / stride + 1),
            Padding::Explicit { before, after } => {
                let padded = input.checked_add(before)?.checked_add(after)?;
                (before, padded.checked_sub(extent)? / stride + 1)
            }
        };
        Some(Self { input, output, kernel, stride, dilation, before })
    }

    /// Input element under a tap of an output; `None` in the padding.
    pub fn source(&self, output: usize, tap: usize) -> Option<usize> {
        let index = (output * self.stride + tap * self.dilation).checked_sub(self.before)?;
        (index < self.input).then_some(index)
    }

    /// Whether the window of any output reaches into the padding.
    pub fn is_padded(&self) -> bool {
        let end = (self.output - 1) * self.stride + (self.kernel - 1) * self.dilation;
        self.before > 0 || end >= self.input + self.before
    }

    /// Whether any output has this tap inside the input.
    pub fn uses(&self, tap: usize) -> bool {
        self.output_using(tap, tap).is_some()
    }

    /// The first output that has the taps from `first` to `last` inside the input.
    pub fn output_using(&self, first: usize, last: usize) -> Option<usize> {
        let output = self.before.saturating_sub(first * self.dilation).div_ceil(self.stride);
        let holds = output < self.output && self.source(output, last).is_some();
        holds.then_some(output)
    }
}

/// A window over rows and columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Vertical axis.
    pub rows: WindowAxis,
    /// Horizontal axis.
    pub columns: WindowAxis,
}

impl Window {
    /// Pixels of the input.
    pub fn input_pixels(&self) -> usize {
        self.rows.input * self.columns.input
    }

    /// Pixels of the output.
    pub fn output_pixels(&self) -> usize {
        self.rows.output * self.columns.output
    }

    /// Taps of the kernel.
    pub fn taps(&self) -> usize {
        self.rows.kernel * self.columns.kernel
    }

    /// Whether any window reaches into the padding.
    pub fn is_padded(&self) -> bool {
        self.rows.is_padded() || self.columns.is_padded()
    }

    /// Output positions, row by row.
    pub(super) fn positions(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (rows, columns) = (self.rows.output, self.columns.output);
        (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
    }

    /// Taps of an output position that lie inside the input: index of the tap and of the input pixel.
    pub(super) fn sources(&self, (row, column): (usize, usize)) -> impl Iterator<Item = (usize, usize)> {
        let taps = move |axis: WindowAxis, output| {
            (0..axis.kernel).filter_map(move |tap| Some((tap, axis.source(output, tap)?)))
        };
        let (rows, columns) = (self.rows, self.columns);
        taps(rows, row).flat_map(move |(y, source_row)| {
            let start = source_row * columns.input;
            taps(columns, column).map(move |(x, source)| (y * columns.kernel + x, start + source))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_padding_puts_the_odd_element_after() {
        let axis = WindowAxis::new(32, 3, 2, 1, Padding::Same).unwrap();
        assert_eq!((axis.output, axis.before), (16, 0));
        assert_eq!(axis.source(15, 2), None);
        let axis = WindowAxis::new(49, 10, 2, 1, Padding::Same).unwrap();
        assert_eq!((axis.output, axis.before), (25, 4));
        assert_eq!(axis.source(0, 4), Some(0));
        let axis = WindowAxis::new(5, 3, 1, 2, Padding::Same).unwrap();
        assert_eq!((axis.output, axis.before), (5, 2));
    }

    #[test]
    fn valid_and_explicit_windows_count_their_outputs() {
        let axis = WindowAxis::new(9, 3, 3, 2, Padding::Valid).unwrap();
        assert_eq!((axis.output, axis.before), (2, 0));
        assert_eq!(WindowAxis::new(4, 3, 1, 2, Padding::Valid), None);
        let axis = WindowAxis::new(4, 3, 2, 1, Padding::Explicit { before: 0, after: 1 }).unwrap();
        assert_eq!((axis.output, axis.before), (2, 0));
        assert_eq!(WindowAxis::new(0, 1, 1, 1, Padding::Same), None);
        assert_eq!(WindowAxis::new(4, 1, 0, 1, Padding::Same), None);
    }

    #[test]
    fn finds_output_positions_that_use_taps() {
        let single = WindowAxis::new(1, 3, 1, 1, Padding::Same).unwrap();
        assert_eq!([0, 1, 2].map(|tap| single.uses(tap)), [false, true, false]);
        assert_eq!(single.output_using(1, 1), Some(0));
        let axis = WindowAxis::new(5, 3, 1, 1, Padding::Same).unwrap();
        assert_eq!(axis.output_using(0, 2), Some(1));
        let pair = WindowAxis::new(2, 3, 1, 1, Padding::Same).unwrap();
        assert_eq!((pair.output_using(0, 2), pair.output_using(0, 1), pair.uses(2)), (None, Some(1), true));
    }
}
