//! Directed tests of quantizer and dequantizer.

use crate::common::rtl::{equals_reference, floats, results};
use qrtl::unit::Column;

/// The numbers on both sides of a number, and itself.
fn near(value: f32) -> [f32; 5] {
    let (down, up) = (value.next_down(), value.next_up());
    [down.next_down(), down, value, up, up.next_up()]
}

const SPECIAL: [f32; 12] = [
    0.0,
    -0.0,
    f32::MIN_POSITIVE,
    -f32::MIN_POSITIVE,
    f32::from_bits(1),
    f32::from_bits(0x8000_0001),
    f32::from_bits(0x007f_ffff),
    f32::MAX,
    f32::MIN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
];

#[test]
fn reciprocal_tie_rounds_as_in_torch() {
    // 0.273939937 / 0.00214854861 is below 127.5, times the reciprocal it is 127.5.
    let (x, scale) = (0.273_939_94_f32, 0.002_148_548_6_f32);
    let operands = |zero_point| vec![floats([x]), floats([1.0 / scale]), Column::U8(vec![zero_point])];
    assert_eq!(results("quantizer_uint8", operands(0)), [128]);
    assert_eq!(results("quantizer_int8", operands(0)), [127]);
    assert_eq!(results("quantizer_int8", operands(0xff)), [127]);
}

#[test]
fn nan_becomes_the_smallest_code() {
    let operands = |bits: u32| {
        let x = vec![f32::NAN, -f32::NAN, 0.0, f32::INFINITY];
        let inverse = vec![1.0, 1.0, f32::INFINITY, 0.0];
        vec![floats(x), floats(inverse), Column::U8(vec![(1u8 << (bits - 1)) - 1; 4])]
    };
    assert_eq!(results("quantizer_int8", operands(8)), [0x80; 4]);
    assert_eq!(results("quantizer_uint8", operands(8)), [0; 4]);
    assert_eq!(results("quantizer_int4", operands(4)), [0x8; 4]);
}

#[test]
fn codes_near_ties_equal_reference() {
    for (unit, bits) in [("quantizer_int8", 8), ("quantizer_uint8", 8), ("quantizer_int4", 4)] {
        let mut rows = Vec::new();
        for inverse in [1.0, 0.5, 3.0, 465.430_56, 7.1e-20, 1.3e38, f32::MIN_POSITIVE / 4.0] {
            for half in -1100..1100 {
                let zero_point = (half as u32).wrapping_mul(0x9e37_79b9) >> (32 - bits);
                rows.extend(near(half as f32 / 2.0 / inverse).map(|x| (x, inverse, zero_point as u8)));
            }
        }
        for x in SPECIAL {
            rows.extend(SPECIAL.map(|inverse| (x, inverse, 1)));
        }
        let operands = vec![
            floats(rows.iter().map(|row| row.0)),
            floats(rows.iter().map(|row| row.1)),
            Column::U8(rows.iter().map(|row| row.2).collect()),
        ];
        assert_eq!(equals_reference(unit, operands), 7 * 2200 * 5 + 144);
    }
}

#[test]
fn dequantizer_equals_reference_for_all_codes_and_zero_points() {
    for unit in ["dequantizer_int8", "dequantizer_uint8"] {
        for scale in [0.1, 3.4e38, 1.5e-45, 5.9e-39, f32::INFINITY, f32::NAN, -0.0, 1.0 / 3.0] {
            let pairs = 0..=u16::MAX;
            let operands = vec![
                Column::U8(pairs.clone().map(|pair| pair as u8).collect()),
                Column::U8(pairs.clone().map(|pair| (pair >> 8) as u8).collect()),
                floats(pairs.map(|_| scale)),
            ];
            assert_eq!(equals_reference(unit, operands), 65_536);
        }
    }
}

#[test]
fn cancelling_bias_is_added_without_fusion() {
    let mut rows = Vec::new();
    let mut state = 1u32;
    for index in 0..20_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let acc = state as i32 >> (index % 30);
        let scale = [0.000_123_4, 1.0 / 3.0, 1.1e-38, 2.9e-44, 7.7e30][index % 5];
        let product = acc as f32 * scale;
        // Around the product's opposite, a little of it, and at the ends of what is still added.
        let apart = 2f32.powi(index as i32 % 60 - 30);
        rows.extend(near(-product).map(|bias| (acc, scale, bias)));
        rows.push((acc, scale, product * apart));
        rows.push((acc, scale, -product * apart * 1.75));
    }
    for acc in [0, 1, -1, i32::MIN, i32::MAX] {
        for scale in SPECIAL {
            rows.extend(SPECIAL.map(|bias| (acc, scale, bias)));
        }
    }
    let operands = vec![
        Column::U32(rows.iter().map(|row| row.0 as u32).collect()),
        floats(rows.iter().map(|row| row.1)),
        floats(rows.iter().map(|row| row.2)),
    ];
    assert_eq!(equals_reference("dequantizer_int32", operands), 140_000 + 720);
}

#[test]
fn two_roundings_differ_from_fused_multiply_add() {
    // 16777217 * 3 = 50331651 rounds to 50331652: less 50331648 that is 4, where a fused sum is 3.
    let operands = |acc: i32, scale: f32, bias: f32| {
        vec![Column::U32(vec![acc as u32]), floats([scale]), floats([bias])]
    };
    let y = results("dequantizer_int32", operands(16_777_217, 3.0, -50_331_648.0));
    assert_eq!(y, [u64::from(4f32.to_bits())]);
    assert_eq!(16_777_217f64 * 3.0 - 50_331_648.0, 3.0);
}
