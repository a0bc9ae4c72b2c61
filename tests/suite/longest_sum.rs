//! The longest sum in the header of a mac, compared with repeated addition.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::common::configs;
use qrtl::catalogue::{UNITS, preset, unit};
use qrtl::unit::Config;

/// Every value that an operand less its zero point can take.
fn differences(config: &Config, name: &str) -> BTreeSet<i128> {
    let ports = config.ports();
    let all = |name: &str| {
        let port = ports.iter().find(|port| port.name == name)?;
        Some((0..1u64 << port.integer.bits).map(|pattern| port.integer.decode(pattern)).collect::<Vec<_>>())
    };
    let zeros = match config.values().word(format!("{name}_zero_point")) {
        "none" => vec![0],
        "constant" => vec![config.values().integer(format!("{name}_zero_point_value")).into()],
        _ => all(&format!("z{name}")).unwrap(),
    };
    all(name).unwrap().iter().flat_map(|value| zeros.iter().map(move |zero| value - zero)).collect()
}

/// Adds the largest and the smallest product, each until the next one leaves the accumulator.
fn longest_sum(config: &Config) -> u64 {
    let (a, b) = (differences(config, "a"), differences(config, "b"));
    let products = || a.iter().flat_map(|a| b.iter().map(move |b| a * b));
    let accumulator = config.ports().iter().find(|port| port.name == "accum").unwrap().integer;
    let (lowest, highest) = (accumulator.min() as i64, accumulator.max() as i64);
    assert!(accumulator.bits < 60, "a sum just outside must fit an i64");
    let count = |product: i128| {
        let (product, mut sum, mut count) = (product as i64, 0i64, 0u64);
        while product != 0 && sum + product >= lowest && sum + product <= highest {
            sum += product;
            count += 1;
        }
        if product == 0 { u64::MAX } else { count }
    };
    count(products().max().unwrap()).min(count(products().min().unwrap()))
}

fn stated(config: &Config) -> String {
    config.facts().into_iter().find(|fact| fact.starts_with("Longest sum")).unwrap()
}

fn text(products: u64) -> String {
    let plural = if products == 1 { "" } else { "s" };
    format!("Longest sum that cannot overflow: {products} product{plural}.")
}

/// (Z2) of `docs/arithmetic.md`: 131,071 products of s8, 33,025 of u8 with zero points.
#[test]
fn header_states_known_bounds_of_sums() {
    assert_eq!(stated(&preset("int8_mac").unwrap()), text(131_071));
    assert_eq!(stated(&preset("uint8_mac_zp").unwrap()), text(33_025));
    // 2^31 - 1 over 255 * 128, the largest magnitude of (u8 - zero point) * s8.
    let mixed = Config::new(unit("mac").unwrap(), None, &["a_signed=false", "a_zero_point=port"]).unwrap();
    assert_eq!(stated(&mixed), text(65_793));
}

#[test]
fn header_states_bounds_of_dot_product_sums() {
    let stated = |sets: &[&str]| stated(&Config::new(unit("dot_product").unwrap(), None, sets).unwrap());
    let text = |count: &str| format!("Longest sum that cannot overflow: {count}.");
    // 2^31 - 1 over 8 * 2^14, then over 8 * 255 * 128, and 2^18 - 1 over the same 8 * 2^14.
    assert_eq!(stated(&["accumulate=true"]), text("16383 dot products"));
    let shifted = ["accumulate=true", "a_signed=false", "a_zero_point=port"];
    assert_eq!(stated(&shifted), text("8224 dot products"));
    assert_eq!(stated(&["accumulate=true", "acc_bits=19"]), text("1 dot product"));
}

#[test]
fn longest_sum_of_every_preset_equals_repeated_addition() {
    let mac = UNITS.iter().find(|unit| unit.name() == "mac").unwrap();
    assert!(!mac.presets().is_empty());
    for name in mac.presets().iter().map(|preset| preset.name) {
        let config = preset(name).unwrap();
        assert_eq!(stated(&config), text(longest_sum(&config)), "{name}");
    }
}

proptest! {
    #[test]
    fn longest_sum_of_small_configs_equals_repeated_addition(
        config in configs::config(vec![unit("mac").unwrap()]).prop_filter("a small mac", |config| {
            let count = |name| config.values().count(name);
            count("a_bits") <= 8 && count("b_bits") <= 8 && count("acc_bits") <= 24
        })
    ) {
        prop_assert_eq!(stated(&config), text(longest_sum(&config)));
    }
}
