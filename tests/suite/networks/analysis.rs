//! The narrowest accumulator holds every sum, and the returned input needs its last bit.

use std::path::Path;

use super::recorded::networks;
use qrtl::network::{Layer, Network, Operation};

/// Sums of a layer before rescaling, by channel.
fn sums(layer: &Layer, x: &[i8]) -> (usize, Vec<i32>) {
    match layer.operation.as_ref().unwrap() {
        Operation::Convolution(layer) => (layer.output_channels(), layer.sums(x)),
        Operation::Depthwise(layer) => (layer.output_channels(), layer.sums(x)),
        Operation::Dense(layer) => (layer.outputs(), layer.sums(x)),
        _ => unreachable!("a layer with weights"),
    }
}

/// Range of a two's complement number.
fn limits(bits: u32) -> std::ops::RangeInclusive<i64> {
    -(1 << (bits - 1))..=(1 << (bits - 1)) - 1
}

/// Codes spread over the whole range.
fn codes(length: usize, seed: usize) -> Vec<i8> {
    (0..length).map(|index| ((index * 7919 + seed * 104_729) % 256) as u8 as i8).collect()
}

#[test]
fn widest_input_needs_the_last_bit() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/networks");
    let (mut reached, mut unreached, mut dead) = (0, 0, 0);
    for path in networks(&folder) {
        let network = Network::open(&path, None).unwrap();
        let layers = network.layers.iter().filter(|layer| layer.operation.is_ok());
        for layer in layers {
            let Some(accumulator) = layer.accumulator() else { continue };
            let length = network.tensors[layer.inputs[0]].elements();
            for seed in 0..20 {
                let (_, sums) = sums(layer, &codes(length, seed));
                let range = limits(accumulator.bits);
                assert!(
                    sums.iter().all(|&sum| range.contains(&sum.into())),
                    "{} {}",
                    path.display(),
                    layer.name
                );
            }
            if accumulator.bits == 32 {
                dead += 1;
                continue;
            }
            let Some(x) = layer.widest_input(length) else {
                unreached += 1;
                continue;
            };
            let (channels, sums) = sums(layer, &x);
            let own = sums.iter().skip(accumulator.channel).step_by(channels);
            assert!(
                own.clone().any(|&sum| i64::from(sum) == accumulator.sum),
                "{} {}",
                path.display(),
                layer.name
            );
            assert!(!limits(accumulator.bits - 1).contains(&accumulator.sum));
            reached += 1;
        }
    }
    assert!(reached > 40 && unreached < 8, "{reached} reached, {unreached} not, {dead} of 32 bits");
}
