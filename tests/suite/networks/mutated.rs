//! Corrupted network files give errors, never a panic.

use std::fs;
use std::path::Path;

use super::recorded::networks;
use qrtl::network::{FileFormat, Network, NetworkListing, Profile};

/// Frames of mutated networks of at most this many steps are computed.
const MOST_STEPS: u64 = 200_000;

/// Pseudo-random numbers.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, limit: usize) -> usize {
        self.next() as usize % limit
    }
}

/// Typical boundary values.
const VALUES: [u32; 10] = [0, 1, 4, 0x7f, 0x80, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffc, 0xffff_ffff];

/// Damages some bytes of a file.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        let at = random.below(bytes.len());
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.next() as u8,
            2 => {
                let value = VALUES[random.below(VALUES.len())].to_le_bytes();
                let end = bytes.len().min(at + 4);
                bytes[at..end].copy_from_slice(&value[..end - at]);
            }
            3 => {
                let other = random.below(bytes.len());
                let length = random.below(16).min(bytes.len() - at.max(other));
                bytes.copy_within(other..other + length, at);
            }
            4 => bytes[at] = bytes[at].wrapping_add(1),
            _ if random.below(8) == 0 => bytes.truncate(at.max(8)),
            _ => bytes[at] = bytes[at].wrapping_sub(1),
        }
    }
}

/// Outcomes of reading mutated files.
#[derive(Debug, Default)]
struct Outcomes {
    errors: usize,
    refused: usize,
    computed: usize,
}

/// Reads a file, lists it and computes a frame.
fn exercise(bytes: &[u8], format: FileFormat, profile: Profile, outcomes: &mut Outcomes) {
    let Ok(network) = Network::read(bytes, Some(format), Some(profile)) else {
        outcomes.errors += 1;
        return;
    };
    let _ = NetworkListing::new(&network).to_string();
    if network.require_supported().is_err() {
        outcomes.refused += 1;
    } else if network.steps() <= MOST_STEPS {
        let input = network.tensors[network.input.tensor].elements();
        let output = network.tensors[network.output.tensor].elements();
        assert_eq!(network.infer(&vec![5; input], |_, _| ()).len(), output);
        outcomes.computed += 1;
    }
}

fn run(mutants: usize) -> Outcomes {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/networks");
    let files: Vec<(Vec<u8>, FileFormat)> = networks(&folder)
        .iter()
        .map(|path| (fs::read(path).unwrap(), FileFormat::of_path(path).unwrap()))
        .collect();
    let (mut random, mut outcomes) = (Random(1), Outcomes::default());
    for mutant in 0..mutants {
        let (bytes, format) = &files[mutant % files.len()];
        let mut bytes = bytes.clone();
        mutate(&mut bytes, &mut random);
        let profiles: Vec<Profile> =
            Profile::ALL.into_iter().filter(|profile| profile.file_format() == *format).collect();
        exercise(&bytes, *format, profiles[random.below(profiles.len())], &mut outcomes);
    }
    outcomes
}

#[test]
fn parser_survives_thousands_of_corrupted_files() {
    let outcomes = run(3000);
    assert!(outcomes.errors > 300 && outcomes.refused > 30 && outcomes.computed > 300, "{outcomes:?}");
}

#[test]
#[ignore = "takes minutes"]
fn parser_survives_hundred_thousand_corrupted_files() {
    let outcomes = run(100_000);
    assert!(outcomes.errors > 10_000 && outcomes.computed > 10_000, "{outcomes:?}");
}
