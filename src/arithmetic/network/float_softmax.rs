//! Softmax with tables of exponentials in binary32: (T16), (N5).

/// Softmax of each row as ONNX Runtime computes it, with a table and a sum in binary32: (N5).
#[derive(Debug, Clone, PartialEq)]
pub struct OrtSoftmax {
    /// Codes of a row.
    pub depth: usize,
    /// Scaled exponential of a code `d` below the largest of the row, at index `255 - d`.
    pub exponentials: [f32; 256],
    /// Steps of the output in 1.
    pub steps: f32,
    /// Zero point of the output, as in the file.
    pub zero_point: i32,
    /// 128 for unsigned codes, 0 for signed ones.
    pub offset: i32,
}

impl OrtSoftmax {
    /// Derives the table of exponentials.
    pub fn new(depth: usize, input_scale: f32, output: (f32, i32), offset: i32) -> Self {
        let headroom = f64::from(f32::MAX / depth as f32).ln();
        let shift = (headroom - 5.0).max(0.0) / f64::from(input_scale);
        let exponential =
            |index: usize| ((index as f64 - 255.0 + shift) * f64::from(input_scale)).exp() as f32;
        Self {
            depth,
            exponentials: std::array::from_fn(exponential),
            steps: (1.0 / output.0).floor(),
            zero_point: output.1,
            offset,
        }
    }

    /// Output codes.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        x.chunks_exact(self.depth).flat_map(|row| self.row(row)).collect()
    }

    fn row(&self, row: &[i8]) -> Vec<i8> {
        let largest = row.iter().copied().max().unwrap_or_default();
        let part = |code: i8| self.exponentials[255 - usize::from(largest.abs_diff(code))];
        let sum = row.iter().fold(0.0, |sum: f32, &code| sum + part(code));
        let code = |code: i8| {
            let quotient = (part(code) * self.steps / sum).round_ties_even() as i32;
            (quotient + self.zero_point - self.offset).clamp(-128, 127) as i8
        };
        row.iter().map(|&own| code(own)).collect()
    }
}

/// Softmax of each row as LiteRT's optimized kernel computes it, with output scale 1/256 and zero point -128: (T16).
#[derive(Debug, Clone, PartialEq)]
pub struct LitertSoftmax {
    /// Codes of a row.
    pub depth: usize,
    /// Exponential of a code `d` below the largest of the row, at index `d`.
    pub exponentials: [f32; 256],
}

impl LitertSoftmax {
    /// Derives the table of exponentials; `beta` multiplies the input.
    pub fn new(depth: usize, beta: f32, scale: f32) -> Self {
        let step = -scale * beta;
        let exponential = |distance: usize| f64::from(step * distance as f32).exp() as f32;
        Self { depth, exponentials: std::array::from_fn(exponential) }
    }

    /// Output codes.
    pub fn apply(&self, x: &[i8]) -> Vec<i8> {
        x.chunks_exact(self.depth).flat_map(|row| self.row(row)).collect()
    }

    fn row(&self, row: &[i8]) -> Vec<i8> {
        let largest = row.iter().copied().max().unwrap_or_default();
        let part = |code: i8| self.exponentials[usize::from(largest.abs_diff(code))];
        let sum = row.iter().fold(0.0, |sum: f32, &code| sum + part(code));
        let reciprocal = 1.0 / (sum * (1.0 / 256.0));
        let code = |code: i8| ((part(code) * reciprocal).round() as i32 - 128).clamp(-128, 127) as i8;
        row.iter().map(|&own| code(own)).collect()
    }
}
