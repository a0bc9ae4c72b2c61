//! Directed tests of dot products of MX blocks, in addition to the random stimulus of `exhaustive.rs`.

use crate::common::rtl::{equals_reference, results};
use qrtl::unit::Column;

/// A preset, its number of elements, and the bits of a code.
const UNITS: [(&str, usize, u32); 4] = [
    ("mx_dot8_mxfp8_e4m3", 8, 8),
    ("mx_dot4_mxfp8_e5m2", 4, 8),
    ("mx_dot32_mxfp4", 32, 4),
    ("mx_dot8_mxint8", 8, 8),
];

/// Codes of both blocks, and their scales.
type Row = ([Vec<u8>; 2], [u8; 2]);

/// The operands of a unit.
fn columns(rows: &[Row], elements: usize, bits: u32) -> Vec<Column> {
    let block = |operand: usize| {
        let mut column = Column::zeros(bits * elements as u32, rows.len());
        for (index, (codes, _)) in rows.iter().enumerate() {
            let mut words = vec![0u64; (bits as usize * elements).div_ceil(64)];
            for (place, code) in codes[operand].iter().enumerate() {
                let start = place * bits as usize;
                words[start / 64] |= u64::from(*code) << (start % 64);
            }
            column.set_words(index, &words);
        }
        column
    };
    let scale = |operand: usize| Column::U8(rows.iter().map(|(_, scales)| scales[operand]).collect());
    vec![block(0), block(1), scale(0), scale(1)]
}

/// Pseudo-random codes, the same in every run.
fn scrambled(seed: u64, bits: u32) -> impl Iterator<Item = u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8 & ((1u16 << bits) - 1) as u8
    })
}

#[test]
fn products_of_all_codes_equal_reference() {
    for (unit, elements, bits) in UNITS {
        let codes = 0..1u32 << (2 * bits);
        let rows: Vec<Row> = codes
            .map(|pair| {
                let [mut a, mut b] = [vec![0; elements], vec![0; elements]];
                let place = pair as usize % elements;
                (a[place], b[place]) = ((pair >> bits) as u8, (pair & ((1 << bits) - 1)) as u8);
                ([a, b], [127, 127])
            })
            .collect();
        assert_eq!(equals_reference(unit, columns(&rows, elements, bits)), 1 << (2 * bits));
    }
}

#[test]
fn sums_at_the_ends_of_binary32_equal_reference() {
    for (unit, elements, bits) in UNITS {
        let mut rows: Vec<Row> = Vec::new();
        for sum in 0..=508u16 {
            for seed in 0..16 {
                let mut codes = scrambled(u64::from(sum) * 16 + seed, bits);
                // Magnitudes without the largest exponents are finite.
                let mut block =
                    || (0..elements).map(|_| codes.next().unwrap() & !(1 << (bits - 2))).collect();
                rows.push(([block(), block()], [(sum / 2) as u8, (sum - sum / 2) as u8]));
            }
        }
        rows.push(([vec![1; elements], vec![1; elements]], [255, 0]));
        rows.push(([vec![1; elements], vec![1; elements]], [0, 255]));
        let operands = columns(&rows, elements, bits);
        assert_eq!(equals_reference(unit, operands.clone()), 509 * 16 + 2);
        let sums = results(unit, operands);
        let count = |condition: fn(u64) -> bool| sums.iter().filter(|&&sum| condition(sum)).count();
        assert!(count(|sum| (1..0x80_0000).contains(&(sum & 0x7fff_ffff))) > 100, "{unit}: subnormal");
        assert!(count(|sum| sum & 0x7fff_ffff == 0x7f80_0000) > 100, "{unit}: infinite");
        assert_eq!(count(|sum| sum == 0x7fc0_0000), 2, "{unit}: NaN");
    }
}

#[test]
fn sums_of_cancelling_products_of_blocks_equal_reference() {
    for (unit, elements, bits) in UNITS {
        let rows: Vec<Row> = (0..4096)
            .map(|seed| {
                let mut codes = scrambled(seed, bits);
                let half: Vec<[u8; 2]> =
                    (0..elements / 2).map(|_| [codes.next().unwrap(), codes.next().unwrap()]).collect();
                let negative = |code: u8| {
                    if unit.ends_with("int8") { code.wrapping_neg() } else { code ^ 1 << (bits - 1) }
                };
                let a = half.iter().map(|pair| pair[0]).chain(half.iter().map(|pair| negative(pair[0])));
                let mut b: Vec<u8> = half.iter().chain(&half).map(|pair| pair[1]).collect();
                // One product remains, but for every eighth block.
                b[0] ^= u8::from(seed % 8 != 0);
                ([a.collect(), b], [codes.next().unwrap().max(64), 127])
            })
            .collect();
        let operands = columns(&rows, elements, bits);
        assert_eq!(equals_reference(unit, operands.clone()), 4096);
        assert!(results(unit, operands).iter().filter(|&&sum| sum == 0).count() > 300, "{unit}");
    }
}
