//! Every preset equals its reference, over its whole domain if that is small enough, with one test per preset.
//!
//! Models with many lanes and the linked models of `build.rs` are tested too.

use crate::common::rtl::{BUILDER, presets_of};
use qrtl::catalogue::{UNITS, preset};
use qrtl::generator::render;
use qrtl::model::Lanes;
use qrtl::simulation::{LinkedModels, Models};
use qrtl::stimulus::{ExhaustiveStimulus, RandomStimulus, Stimulus, domain, domain_bits};
use qrtl::unit::{Behaviour, Config};
use qrtl::verification::{Effort, Report, Verification, compare};

const CASES: u64 = 1 << 18;

/// Larger domains are swept on a separate model, which runs faster than one that shares its build.
const SHARED_BITS: u32 = 20;

fn report(config: &Config) -> Report {
    let is_long = domain_bits(&config.ports()) > SHARED_BITS && is_swept(config);
    let models: &dyn Models = if is_long { &*BUILDER } else { presets_of(config.unit().name()) };
    let effort = Effort { cases: CASES, ..Effort::default() };
    Verification::new(config, models).effort(effort).run().unwrap()
}

/// Whether the domain of a config is one that is swept whole by default.
fn is_swept(config: &Config) -> bool {
    !config.behaviour().has_history() && domain_bits(&config.ports()) <= 24
}

/// Domains that are swept whole, and how many values they have.
const DOMAINS: [(&str, u64); 21] = [
    ("int8_multiplier", 1 << 16),
    ("uint8_multiplier", 1 << 16),
    ("int4_multiplier", 1 << 8),
    ("int2_multiplier", 1 << 4),
    ("w4a8_multiplier", 1 << 12),
    ("w2a8_multiplier", 1 << 10),
    ("int8_multiplier_p2", 1 << 16),
    ("multi_precision_dot1", 1 << 18),
    ("multi_precision_dot1_u8", 1 << 18),
    ("int8_multiplier_pair_xc7", 1 << 24),
    ("int8_multiplier_pair_xcup", 1 << 24),
    ("int4_multiplier_quad_xc7", 1 << 16),
    ("int4_multiplier_quad_xcup", 1 << 16),
    ("int4_multiplier_quad_ecp5", 16 * 16 * 15 * 15),
    ("w4a8_multiplier_pair_ecp5", 1 << 16),
    ("fp8_decoder_e4m3", 1 << 8),
    ("fp8_decoder_e5m2", 1 << 8),
    ("fp8_decoder_e4m3fnuz", 1 << 8),
    ("fp8_decoder_e2m1", 1 << 4),
    ("fp8_multiplier_e4m3", 1 << 16),
    ("fp8_multiplier_e5m2", 1 << 16),
];

fn equals_reference(preset_name: &str) {
    let report = report(&preset(preset_name).unwrap());
    assert!(report.passed(), "{preset_name}: {:?}", report.failure);
    match DOMAINS.iter().find(|(name, _)| *name == preset_name) {
        Some(&(_, size)) => assert_eq!((report.exhaustive, report.compared), (true, size), "{preset_name}"),
        None if report.exhaustive => assert_eq!(Some(report.compared), report.domain, "{preset_name}"),
        None => {
            // Of a stream, the beats that leave are compared, and most cycles of an engine compute one.
            let is_stream = preset(preset_name).unwrap().behaviour().is_stream();
            let least = if is_stream { CASES >> 8 } else { CASES / 2 };
            assert!(report.compared >= least, "{preset_name} compared {}", report.compared);
        }
    }
}

#[test]
fn domains_are_those_of_presets() {
    for (name, size) in DOMAINS {
        assert_eq!(domain(&preset(name).unwrap().ports()), Some(size), "{name}");
    }
}

/// Compares the model of as many lanes as long runs use with the reference.
fn lanes_equal_reference(models: &dyn Models, config: &Config, lanes: Lanes) {
    let rtl = models.model(config, &render(config), lanes, false).unwrap();
    let ports = config.ports();
    let stimulus: Box<dyn Stimulus> = match config.behaviour() {
        Behaviour::FeedForward { .. } if domain_bits(&ports) <= SHARED_BITS => {
            Box::new(ExhaustiveStimulus::new(&ports).unwrap())
        }
        _ => Box::new(RandomStimulus::new(config, 2, CASES, lanes.0)),
    };
    let outcome = compare(&rtl, stimulus.as_ref(), 1).unwrap();
    assert_eq!(outcome.mismatches, 0, "{}: {:?}", config.name(), outcome.first_mismatches);
    assert!(outcome.compared >= 16, "{} compared {}", config.name(), outcome.compared);
}

macro_rules! tests {
    ($($preset:ident)*) => {
        mod one_lane {
            $(#[test]
            fn $preset() {
                super::equals_reference(stringify!($preset));
            })*
        }

        mod many_lanes {
            $(#[test]
            #[ignore = "compiles a large model for each preset"]
            fn $preset() {
                let config = super::preset(stringify!($preset)).unwrap();
                super::lanes_equal_reference(&*super::BUILDER, &config, super::Lanes::for_long_runs(&config));
            })*
        }
    };
}

presets! { tests }

#[test]
fn linked_models_equal_their_reference() {
    for unit in UNITS {
        let config = preset(unit.presets()[0].name).unwrap();
        for lanes in [Lanes::ONE, Lanes::for_long_runs(&config)] {
            lanes_equal_reference(&LinkedModels, &config, lanes);
        }
    }
}
