//! Sums and products of two tensors in binary32: (N3), (N7).

/// A sum of two tensors in binary32: (N3).
///
/// Codes of unsigned tensors count from 0 here, so `offsets` restores them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FloatSum {
    /// Ratio of each operand's scale to the output's.
    pub ratios: [f32; 2],
    /// Constant term.
    pub constant: f32,
    /// 128 for unsigned operands, 0 for signed ones.
    pub input_offsets: [i32; 2],
    /// 128 for an unsigned output, 0 for a signed one.
    pub output_offset: i32,
}

impl FloatSum {
    /// Derives ratios and constant from scales and zero points: (N3).
    ///
    /// Zero points are those of the file, 0 to 255 for unsigned tensors.
    pub fn new(
        inputs: [(f32, i32); 2],
        output: (f32, i32),
        input_offsets: [i32; 2],
        output_offset: i32,
    ) -> Self {
        let ratios = inputs.map(|(scale, _)| scale / output.0);
        let [left, right] = [0, 1].map(|i| ratios[i] * inputs[i].1 as f32);
        let constant = output.1 as f32 - (left + right);
        Self { ratios, constant, input_offsets, output_offset }
    }

    /// What a code of an operand adds, with the constant in the first.
    pub fn addend(&self, operand: usize, code: i8) -> f32 {
        let code = (i32::from(code) + self.input_offsets[operand]) as f32;
        let scaled = code * self.ratios[operand];
        if operand == 0 { self.constant + scaled } else { scaled }
    }

    /// Output codes for operands of equal shape.
    pub fn apply(&self, left: &[i8], right: &[i8]) -> Vec<i8> {
        let (low, high) = ((self.output_offset - 128) as f32, (self.output_offset + 127) as f32);
        let sum = |(&left, &right): (&i8, &i8)| {
            let sum = self.addend(0, left) + self.addend(1, right);
            (sum.clamp(low, high).round_ties_even() as i32 - self.output_offset) as i8
        };
        left.iter().zip(right).map(sum).collect()
    }
}

/// A product of two tensors in binary32: (N7).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FloatProduct {
    /// Zero points of the operands, of codes of -128 to 127.
    pub zero_points: [i32; 2],
    /// Scale of the product.
    pub scale: f32,
    /// Zero point of the output, as in the file.
    pub zero_point: i32,
    /// 128 for an unsigned output, 0 for a signed one.
    pub offset: i32,
}

impl FloatProduct {
    /// Output codes for operands of equal shape.
    pub fn apply(&self, left: &[i8], right: &[i8]) -> Vec<i8> {
        let (low, high) = ((self.offset - 128) as f32, (self.offset + 127) as f32);
        let product = |(&left, &right): (&i8, &i8)| {
            let factors = [i32::from(left) - self.zero_points[0], i32::from(right) - self.zero_points[1]];
            let code = (factors[0] * factors[1]) as f32 * self.scale + self.zero_point as f32;
            (code.clamp(low, high).round_ties_even() as i32 - self.offset) as i8
        };
        left.iter().zip(right).map(product).collect()
    }
}
