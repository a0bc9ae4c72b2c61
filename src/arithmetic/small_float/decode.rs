//! Decoding (P2).

use super::code::{SmallFloat, SmallFloatValue};
use super::product::NAN;

impl SmallFloat {
    /// Decodes a code exactly (P2).
    ///
    /// NaN becomes the quiet NaN `7fc00000` with the sign of the code.
    pub fn decode(self, code: u8) -> f32 {
        let magnitude = match self.value(code) {
            SmallFloatValue::Nan => NAN,
            SmallFloatValue::Infinite => f32::INFINITY,
            SmallFloatValue::Finite { significand, exponent } => {
                significand as f32 * 2f32.powi(exponent - self.fraction_bits() as i32)
            }
        };
        let sign = if self.is_negative(code) { 1 << 31 } else { 0 };
        f32::from_bits(magnitude.to_bits() | sign)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_extremes_of_both_formats() {
        assert_eq!(
            [0x7e, 0x08, 0x07, 0x01].map(|c| SmallFloat::E4M3.decode(c)),
            [448.0, 2f32.powi(-6), 7.0 * 2f32.powi(-9), 2f32.powi(-9)]
        );
        assert_eq!(
            [0x7b, 0x04, 0x03, 0x01].map(|c| SmallFloat::E5M2.decode(c)),
            [57344.0, 2f32.powi(-14), 3.0 * 2f32.powi(-16), 2f32.powi(-16)]
        );
        assert_eq!(SmallFloat::E5M2.decode(0xfc), f32::NEG_INFINITY);
        assert_eq!(SmallFloat::E4M3.decode(0x80).to_bits(), 1 << 31);
        assert_eq!(SmallFloat::E4M3.decode(0xff).to_bits(), 0xffc0_0000);
    }
}
