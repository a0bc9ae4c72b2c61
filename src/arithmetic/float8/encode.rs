//! Encoding (P1).

use super::code::Float8;

/// Handling of magnitudes beyond the largest finite one, infinities included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Float8Overflow {
    /// Returns the largest finite number of that sign.
    Saturate,
    /// Returns infinity in E5M2, NaN in E4M3, which has no infinity; keeps the sign.
    Propagate,
}

const FRACTION_BITS: u32 = 23;
const BIAS: i32 = 127;

impl Float8 {
    /// Encodes to the nearest code, ties to even (P1).
    ///
    /// NaN becomes the NaN of the format with the sign of `value` in both overflow modes; zero keeps its
    /// sign. In E4M3 the tie 464 still rounds to 448; in E5M2 the tie 61440 rounds up, out of range.
    pub fn encode(self, value: f32, overflow: Float8Overflow) -> u8 {
        let sign = if value.is_sign_negative() { 0x80 } else { 0 };
        if value.is_nan() {
            return sign | self.nan();
        }
        let magnitude = self.round(value.abs().to_bits());
        if magnitude <= u32::from(self.largest()) {
            return sign | magnitude as u8;
        }
        let out_of_range = match overflow {
            Float8Overflow::Saturate => self.largest(),
            Float8Overflow::Propagate => self.largest() + 1,
        };
        sign | out_of_range
    }

    /// Rounds a magnitude as if the exponent field were unbounded.
    ///
    /// 448 becomes 126, the next number up 127.
    fn round(self, bits: u32) -> u32 {
        let field = bits >> FRACTION_BITS;
        let fraction = bits & ((1 << FRACTION_BITS) - 1);
        let significand = if field == 0 { fraction } else { 1 << FRACTION_BITS | fraction };
        let exponent = field.max(1) as i32 - BIAS;
        let steps = exponent.max(self.least_exponent()) - self.least_exponent();
        // Subnormals share one step size, so more bits are dropped below the least normal exponent.
        let below = (self.least_exponent() - exponent).max(0) as u32;
        let dropped = FRACTION_BITS - self.fraction_bits() + below;
        // The hidden bit of a normal number carries into the exponent field.
        ((steps as u32) << self.fraction_bits()) + shift_right_to_even(significand, dropped)
    }
}

/// Computes `value / 2^shift`, rounded half to even, for any shift of at least 1.
fn shift_right_to_even(value: u32, shift: u32) -> u32 {
    let (value, shift) = (u64::from(value), shift.min(33));
    let floor = value >> shift;
    let rest = value & ((1 << shift) - 1);
    let half = 1 << (shift - 1);
    (floor + u64::from(rest > half || (rest == half && floor % 2 == 1))) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds the nearest code by search.
    ///
    /// The candidates are all finite codes and the first number beyond them.
    fn nearest(format: Float8, value: f32, overflow: Float8Overflow) -> u8 {
        let sign = if value.is_sign_negative() { 0x80u8 } else { 0 };
        let magnitude = f64::from(value.abs());
        let beyond = match format {
            Float8::E4m3 => 480.0,
            Float8::E5m2 => 65536.0,
        };
        let mut candidates: Vec<(f64, u8)> =
            (0..=format.largest()).map(|code| (f64::from(format.decode(code)), code)).collect();
        candidates.push((beyond, format.largest() + 1));
        let distance = |x: f64| (x - magnitude.min(beyond)).abs();
        let (_, code) = candidates
            .into_iter()
            .min_by(|a, b| distance(a.0).total_cmp(&distance(b.0)).then((a.1 % 2).cmp(&(b.1 % 2))))
            .unwrap();
        let saturated = overflow == Float8Overflow::Saturate && code > format.largest();
        sign | if saturated { format.largest() } else { code }
    }

    fn f16_to_f32(bits: u16) -> f32 {
        let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
        let (field, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
        match field {
            0 => sign * fraction * 2f32.powi(-24),
            31 if fraction == 0.0 => sign * f32::INFINITY,
            31 => f32::NAN,
            _ => sign * (1024.0 + fraction) * 2f32.powi(field - 25),
        }
    }

    fn every_half(convert: impl Fn(u16) -> f32) {
        for format in Float8::ALL {
            for overflow in [Float8Overflow::Saturate, Float8Overflow::Propagate] {
                let mut compared = 0;
                for bits in 0..=u16::MAX {
                    let value = convert(bits);
                    if value.is_nan() {
                        let code = format.encode(value, overflow);
                        assert_eq!(code & 0x7f, format.nan());
                    } else {
                        let expected = nearest(format, value, overflow);
                        assert_eq!(format.encode(value, overflow), expected, "{format} {value} {overflow:?}");
                    }
                    compared += 1;
                }
                assert_eq!(compared, 65536);
            }
        }
    }

    #[test]
    fn encodes_every_f16_to_nearest_code() {
        every_half(f16_to_f32);
    }

    #[test]
    fn encodes_every_bf16_to_nearest_code() {
        every_half(|bits| f32::from_bits(u32::from(bits) << 16));
    }

    #[test]
    fn overflow_starts_beyond_the_tie() {
        let codes = |format: Float8, value: f32| {
            [Float8Overflow::Saturate, Float8Overflow::Propagate]
                .map(|overflow| format.encode(value, overflow))
        };
        assert_eq!(codes(Float8::E4m3, 464.0), [0x7e, 0x7e]);
        assert_eq!(codes(Float8::E4m3, 464.0f32.next_up()), [0x7e, 0x7f]);
        assert_eq!(codes(Float8::E4m3, f32::NEG_INFINITY), [0xfe, 0xff]);
        assert_eq!(codes(Float8::E5m2, 61440.0), [0x7b, 0x7c]);
        assert_eq!(codes(Float8::E5m2, 61440.0f32.next_down()), [0x7b, 0x7b]);
        assert_eq!(codes(Float8::E5m2, f32::MAX), [0x7b, 0x7c]);
    }

    #[test]
    fn every_code_round_trips() {
        for format in Float8::ALL {
            for code in 0..=u8::MAX {
                let value = format.decode(code);
                let back = format.encode(value, Float8Overflow::Propagate);
                if value.is_nan() {
                    assert_eq!(back, code & 0x80 | format.nan());
                } else {
                    assert_eq!(back, code);
                }
            }
        }
    }
}
