//! Tests of dot products against an independent oracle.

use proptest::prelude::*;

use super::*;
use crate::arithmetic::small_float::SmallFloatOverflow;

fn exact_dot(format: SmallFloat, a: &[u8], b: &[u8]) -> f32 {
    dot(format, a, b, Accumulation::Exact).unwrap()
}

/// Correctly rounded sum by an independent method.
///
/// Binary64 holds any E4M3 sum exactly (42 bits), and an E5M2 sum split at 2^0, rounded to odd when joined.
fn oracle(format: SmallFloat, a: &[u8], b: &[u8]) -> f32 {
    let products = a.iter().zip(b).map(|(&a, &b)| f64::from(format.decode(a)) * f64::from(format.decode(b)));
    let (mut high, mut low) = (0.0f64, 0.0f64);
    for product in products {
        let whole = product.trunc();
        high += whole;
        low += product - whole;
    }
    let sum = high + low;
    let lost = low - (sum - high);
    let to_odd = if lost == 0.0 || sum.to_bits() % 2 == 1 {
        sum
    } else if (lost > 0.0) == (sum > 0.0) {
        f64::from_bits(sum.to_bits() + 1)
    } else {
        f64::from_bits(sum.to_bits() - 1)
    };
    to_odd as f32
}

fn finite(format: SmallFloat) -> impl Strategy<Value = u8> {
    let largest = format.largest();
    (0..=largest, any::<bool>()).prop_map(|(code, negative)| if negative { code | 0x80 } else { code })
}

fn vectors(format: SmallFloat) -> impl Strategy<Value = (Vec<u8>, Vec<u8>)> {
    (4usize..=64).prop_flat_map(move |terms| {
        (prop::collection::vec(finite(format), terms), prop::collection::vec(finite(format), terms))
    })
}

proptest! {
    #[test]
    fn rounds_e4m3_sum_once((a, b) in vectors(SmallFloat::E4M3)) {
        prop_assert_eq!(exact_dot(SmallFloat::E4M3, &a, &b), oracle(SmallFloat::E4M3, &a, &b));
    }

    #[test]
    fn rounds_e5m2_sum_once((a, b) in vectors(SmallFloat::E5M2)) {
        prop_assert_eq!(exact_dot(SmallFloat::E5M2, &a, &b), oracle(SmallFloat::E5M2, &a, &b));
    }

    #[test]
    fn order_of_terms_does_not_matter((mut a, mut b) in vectors(SmallFloat::E5M2)) {
        let sum = exact_dot(SmallFloat::E5M2, &a, &b);
        a.reverse();
        b.reverse();
        prop_assert_eq!(exact_dot(SmallFloat::E5M2, &a, &b).to_bits(), sum.to_bits());
        prop_assert_eq!(exact_dot(SmallFloat::E5M2, &b, &a).to_bits(), sum.to_bits());
    }
}

#[test]
fn cancellation_keeps_smallest_products() {
    let largest = SmallFloat::E5M2.largest();
    let a = [largest, largest | 0x80, 0x01, 0x00];
    let b = [largest, largest, 0x01, 0x3c];
    assert_eq!(exact_dot(SmallFloat::E5M2, &a, &b), 2f32.powi(-32));
}

#[test]
fn largest_sums_are_finite() {
    for format in SmallFloat::ALL.into_iter().filter(|format| format.is_signed()) {
        let largest = [format.largest(); 64];
        let square = f64::from(format.decode(format.largest())).powi(2);
        assert_eq!(f64::from(exact_dot(format, &largest, &largest)), 64.0 * square);
    }
}

#[test]
fn sign_of_zero_sum_follows_ieee() {
    let one = SmallFloat::E4M3.encode(1.0, SmallFloatOverflow::Saturate);
    let bits = |a: [u8; 4]| exact_dot(SmallFloat::E4M3, &a, &[one; 4]).to_bits();
    assert_eq!(bits([0x80; 4]), 1 << 31);
    assert_eq!(bits([0x80, 0x80, 0x80, 0x00]), 0);
    assert_eq!(bits([one, one | 0x80, 0x80, 0x80]), 0);
}

#[test]
fn nan_and_infinities_follow_ieee() {
    let (infinity, one, zero) = (0x7c, 0x3c, 0x00);
    let sum = |a: [u8; 4], b: [u8; 4]| exact_dot(SmallFloat::E5M2, &a, &b).to_bits();
    let minus = |code: u8| code | 0x80;
    assert_eq!(sum([infinity, one, one, one], [one; 4]), f32::INFINITY.to_bits());
    assert_eq!(sum([minus(infinity), one, one, one], [one; 4]), f32::NEG_INFINITY.to_bits());
    assert_eq!(sum([infinity, minus(infinity), one, one], [one; 4]), NAN.to_bits());
    assert_eq!(sum([infinity, one, one, one], [zero, one, one, one]), NAN.to_bits());
    assert_eq!(sum([0xfd, one, one, one], [one; 4]), NAN.to_bits());
    let h100 = dot(SmallFloat::E4M3, &[0x7f; 32], &[0; 32], Accumulation::H100);
    assert_eq!(h100.unwrap().to_bits(), NAN.to_bits());
}

#[test]
fn rejects_unsupported_lengths() {
    let refused = |a: usize, b: usize| dot(SmallFloat::E4M3, &vec![0; a], &vec![0; b], Accumulation::Exact);
    assert_eq!(refused(4, 5), Err(DotProductError::UnequalLengths { a: 4, b: 5 }));
    assert_eq!(refused(3, 3), Err(DotProductError::Terms(3)));
    assert_eq!(refused(65, 65), Err(DotProductError::Terms(65)));
    assert_eq!(refused(64, 64), Ok(0.0));
}

#[test]
fn rejects_formats_without_such_a_sum() {
    let refused = |format, accumulate| dot(format, &[0; 32], &[0; 32], accumulate);
    let e8m0 = Err(DotProductError::Unsigned(SmallFloat::E8M0));
    assert_eq!(refused(SmallFloat::E8M0, Accumulation::Exact), e8m0);
    assert_eq!(refused(SmallFloat::E8M0, Accumulation::H100), e8m0);
    let e2m1 = Err(DotProductError::H100Format(SmallFloat::E2M1));
    assert_eq!(refused(SmallFloat::E2M1, Accumulation::H100), e2m1);
    assert_eq!(refused(SmallFloat::E2M1, Accumulation::Exact), Ok(0.0));
}
