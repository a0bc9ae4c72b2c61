//! SmallFloatEncoding (P1).

use super::code::SmallFloat;
use super::encoding::{NanCode, SmallFloatEncoding, SmallFloatOverflow, SmallFloatRounding};

const FRACTION_BITS: u32 = 23;
const BIAS: i32 = 127;

impl SmallFloat {
    /// Encodes to the nearest code, or by another rounding of the magnitude (P1).
    ///
    /// NaN becomes the NaN of the format in both overflow modes; zero keeps its sign if the format has two
    /// zeros. In E4M3 the tie 464 rounds to 448; in E5M2 the tie 61440 rounds up, out of range.
    pub fn encode(self, value: f32, encoding: impl Into<SmallFloatEncoding>) -> u8 {
        let SmallFloatEncoding { rounding, overflow, nan } = encoding.into();
        if value.is_nan() {
            return self.nan_code(nan, value.is_sign_negative());
        }
        if !self.is_signed() {
            return self.encode_scale(value, rounding, overflow);
        }
        let sign = if value.is_sign_negative() { self.sign_bit() } else { 0 };
        let magnitude = self.round(value.abs().to_bits(), rounding);
        if magnitude == 0 && !self.has_negative_zero() {
            return 0;
        }
        if magnitude <= u32::from(self.largest()) {
            return sign | magnitude as u8;
        }
        match (overflow, self.infinity().or(self.nan())) {
            (SmallFloatOverflow::Propagate, Some(special)) => sign | special,
            (SmallFloatOverflow::Propagate, None) | (SmallFloatOverflow::Saturate, _) => {
                sign | self.largest()
            }
        }
    }

    /// Encodes in a format without sign and zero.
    fn encode_scale(self, value: f32, rounding: SmallFloatRounding, overflow: SmallFloatOverflow) -> u8 {
        let is_saturated = overflow == SmallFloatOverflow::Saturate;
        let nan = self.magnitude_mask();
        if value.is_infinite() || (value <= 0.0 && !is_saturated) {
            return nan;
        }
        let code = self.round(value.abs().to_bits(), rounding);
        if code <= u32::from(self.largest()) {
            code as u8
        } else if is_saturated {
            self.largest()
        } else {
            nan
        }
    }

    fn nan_code(self, choice: NanCode, is_negative: bool) -> u8 {
        let sign = self.sign_bit();
        match (choice, self.nan()) {
            (NanCode::Signed, Some(nan)) if is_negative => nan | sign,
            (_, Some(nan)) => nan,
            (NanCode::Signed, None) if is_negative => 0,
            (NanCode::Signed, None) => sign,
            (NanCode::Positive, None) => self.largest(),
        }
    }

    /// Rounds a magnitude as if the exponent field were unbounded.
    ///
    /// In E4M3 448 becomes 126, the next number up 127.
    fn round(self, bits: u32, rounding: SmallFloatRounding) -> u32 {
        let field = bits >> FRACTION_BITS;
        let fraction = bits & ((1 << FRACTION_BITS) - 1);
        let significand = if field == 0 { fraction } else { 1 << FRACTION_BITS | fraction };
        let exponent = field.max(1) as i32 - BIAS;
        let steps = exponent.max(self.least_exponent()) - self.least_exponent();
        // Subnormals share one step size, so more bits are dropped below the least normal exponent.
        let below = (self.least_exponent() - exponent).max(0) as u32;
        let dropped = FRACTION_BITS - self.fraction_bits() + below;
        // The hidden bit of a normal number carries into the exponent field.
        ((steps as u32) << self.fraction_bits()) + shift_right(significand, dropped, rounding)
    }
}

/// Computes `value / 2^shift`, rounded, for any shift of at least 1.
fn shift_right(value: u32, shift: u32, rounding: SmallFloatRounding) -> u32 {
    let (value, shift) = (u64::from(value), shift.min(33));
    let floor = value >> shift;
    let rest = value & ((1 << shift) - 1);
    let half = 1 << (shift - 1);
    let is_up = match rounding {
        SmallFloatRounding::Even => rest > half || (rest == half && floor % 2 == 1),
        SmallFloatRounding::Away => rest >= half,
        SmallFloatRounding::Zero => false,
        SmallFloatRounding::Up => rest > 0,
    };
    (floor + u64::from(is_up)) as u32
}

#[cfg(test)]
mod tests {
    use super::super::code::Specials;
    use super::*;

    /// Formats with a sign, in which ties go to the even code.
    fn signed_formats() -> impl Iterator<Item = SmallFloat> {
        SmallFloat::ALL.into_iter().filter(|format| format.is_signed())
    }

    /// Magnitudes of all finite codes, and the first number beyond them.
    fn magnitudes(format: SmallFloat) -> Vec<f64> {
        let mut magnitudes: Vec<f64> =
            (0..=format.largest()).map(|code| f64::from(format.decode(code))).collect();
        let [.., previous, largest] = magnitudes[..] else { unreachable!() };
        magnitudes.push(2.0 * largest - previous);
        magnitudes
    }

    /// Finds the nearest magnitude by search; returns its index, the even one of two.
    fn nearest(magnitudes: &[f64], value: f32) -> u8 {
        let magnitude = f64::from(value.abs()).min(magnitudes[magnitudes.len() - 1]);
        let nearness = |index: usize| ((magnitudes[index] - magnitude).abs(), index % 2);
        (0..magnitudes.len()).min_by(|&a, &b| nearness(a).partial_cmp(&nearness(b)).unwrap()).unwrap() as u8
    }

    fn expected(format: SmallFloat, nearest: u8, is_negative: bool, overflow: SmallFloatOverflow) -> u8 {
        let sign = if is_negative { format.sign_bit() } else { 0 };
        if nearest == 0 && format.specials() == Specials::NegativeZero {
            return 0;
        }
        if nearest <= format.largest() {
            return sign | nearest;
        }
        match (overflow, format.specials()) {
            (SmallFloatOverflow::Saturate, _) | (_, Specials::None) => sign | format.largest(),
            (_, Specials::NegativeZero) => 0x80,
            (_, Specials::Ieee | Specials::AllOnes) => sign | nearest,
        }
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
        for format in signed_formats() {
            let magnitudes = magnitudes(format);
            let mut compared = 0;
            for bits in 0..=u16::MAX {
                let value = convert(bits);
                let nearest = if value.is_nan() { 0 } else { nearest(&magnitudes, value) };
                for overflow in [SmallFloatOverflow::Saturate, SmallFloatOverflow::Propagate] {
                    let code = format.encode(value, overflow);
                    if value.is_nan() {
                        assert!(format.decode(code).is_nan() || format.specials() == Specials::None);
                    } else {
                        let expected = expected(format, nearest, value.is_sign_negative(), overflow);
                        assert_eq!(code, expected, "{format} {value} {overflow:?}");
                    }
                    compared += 1;
                }
            }
            assert_eq!(compared, 2 * 65536);
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
        let codes = |format: SmallFloat, value: f32| {
            [SmallFloatOverflow::Saturate, SmallFloatOverflow::Propagate]
                .map(|overflow| format.encode(value, overflow))
        };
        assert_eq!(codes(SmallFloat::E4M3, 464.0), [0x7e, 0x7e]);
        assert_eq!(codes(SmallFloat::E4M3, 464.0f32.next_up()), [0x7e, 0x7f]);
        assert_eq!(codes(SmallFloat::E4M3, f32::NEG_INFINITY), [0xfe, 0xff]);
        assert_eq!(codes(SmallFloat::E5M2, 61440.0), [0x7b, 0x7c]);
        assert_eq!(codes(SmallFloat::E5M2, 61440.0f32.next_down()), [0x7b, 0x7b]);
        assert_eq!(codes(SmallFloat::E5M2, f32::MAX), [0x7b, 0x7c]);
    }

    #[test]
    fn every_code_round_trips() {
        for format in signed_formats() {
            for code in format.codes() {
                let value = format.decode(code);
                let back = format.encode(value, SmallFloatOverflow::Propagate);
                if value.is_nan() {
                    assert_eq!(Some(back & 0x7f), format.nan().map(|nan| nan & 0x7f), "{format}");
                    assert_eq!(format.is_negative(back), format.is_negative(code), "{format}");
                } else {
                    assert_eq!(back, code, "{format}");
                }
            }
        }
    }

    #[test]
    fn positive_code_of_nan_is_the_largest_number_without_a_nan() {
        let encoding = SmallFloatEncoding { nan: NanCode::Positive, ..SmallFloatOverflow::Saturate.into() };
        let codes = |nan: f32| SmallFloat::ALL.map(|format| format.encode(nan, encoding));
        let expected = [0x7f, 0x7e, 0x80, 0x80, 0x80, 0x78, 0xff, 0x1f, 0x1f, 0x07];
        assert_eq!(codes(f32::NAN), expected);
        assert_eq!(codes(-f32::NAN), expected);
    }

    #[test]
    fn roundings_differ_between_codes_and_at_ties() {
        let codes = |value: f32| {
            use SmallFloatRounding::{Away, Even, Up, Zero};
            [Even, Away, Zero, Up].map(|rounding| {
                let encoding = SmallFloatEncoding { rounding, ..SmallFloatOverflow::Saturate.into() };
                SmallFloat::E2M1.encode(value, encoding)
            })
        };
        // Codes 4, 5 and 6 are 2, 3 and 4.
        assert_eq!(codes(2.25), [4, 4, 4, 5]);
        assert_eq!(codes(2.5), [4, 5, 4, 5]);
        assert_eq!(codes(-2.75), [13, 13, 12, 13]);
        assert_eq!(codes(4.0), [6; 4]);
        assert_eq!(codes(f32::MIN_POSITIVE), [0, 0, 0, 1]);
    }
}
