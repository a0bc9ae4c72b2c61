//! Numbers at a rounding boundary of the encoder.

use crate::catalogue::Fp8EncoderParameters;
use crate::unit::Float;

/// A tie between two codes, or a number that misses it by one bit.
pub(crate) fn directed_inputs(parameters: &Fp8EncoderParameters, random: u64) -> Vec<(&'static str, u64)> {
    let format = parameters.format;
    let code = random % (format.largest() + 1);
    let tie = u64::from(middle(format, code).to_bits());
    let bit = 1 << ((random >> 8) % u64::from(Float::F32.fraction_bits));
    let magnitude = match random >> 16 & 3 {
        0 => tie,
        1 => tie - bit,
        _ => tie + bit,
    };
    vec![("x", (random >> 18 & 1) << 31 | magnitude)]
}

/// Halfway from a code to the one above it.
fn middle(format: Float, code: u64) -> f32 {
    let bits = format.fraction_bits + 1;
    let (exponent, fraction) = ((2 * code + 1) >> bits, (2 * code + 1) & ((1 << bits) - 1));
    let significand = if exponent == 0 { fraction } else { fraction | 1 << bits };
    let unit_exponent = exponent.max(1) as i32 - format.bias() as i32 - bits as i32;
    significand as f32 * f32::exp2(unit_exponent as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn middle_is_halfway_between_neighbouring_codes() {
        // E4M3: 1/512 is the least subnormal code, 448 the largest number, and the next would be 480.
        let middles =
            [(0, 1.0 / 1024.0), (7, 15.0 / 1024.0), (8, 17.0 / 1024.0), (0x38, 1.0625), (0x7e, 464.0)];
        for (code, expected) in middles {
            assert_eq!(middle(Float::E4M3, code), expected, "{code:#x}");
        }
        // E5M2: 57344 is the largest, and 61440 the first to be infinite.
        assert_eq!(middle(Float::E5M2, 0x7b), 61440.0);
    }
}
