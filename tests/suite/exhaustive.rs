//! Every input of every preset whose input space is finite enough, on the linked models, one
//! instance and 64 lanes.

use qrtl::catalogue;
use qrtl::generator::render;
use qrtl::model::Lanes;
use qrtl::simulation::{LinkedModels, Models};
use qrtl::stimulus::{Exhaustive, domain_bits};
use qrtl::unit::Behaviour;
use qrtl::verification::{Effort, compare, verify};

fn effort() -> Effort {
    Effort { cases: 1 << 18, threads: 2, ..Effort::default() }
}

#[test]
fn every_preset_equals_its_reference() {
    let mut exhausted = Vec::new();
    for config in catalogue::presets() {
        let report = verify(&config, &render(&config), &LinkedModels, &effort(), &|_| (), &|_| ()).unwrap();
        assert!(report.passed(), "{}: {:?}", report.preset, report.failure);
        if report.exhaustive {
            assert_eq!(Some(report.compared), report.domain, "{}", report.preset);
            exhausted.push((report.preset, report.compared));
        } else {
            assert!(report.compared >= effort().cases / 2, "{} compared {}", report.preset, report.compared);
        }
    }
    let compared = |preset: &str| exhausted.iter().find(|(name, _)| name == preset).map(|&(_, count)| count);
    assert_eq!(compared("int8_multiplier"), Some(65_536));
    assert_eq!(compared("uint8_multiplier"), Some(65_536));
    assert_eq!(compared("int4_multiplier"), Some(256));
    assert_eq!(compared("int2_multiplier"), Some(16));
    assert_eq!(compared("w4a8_multiplier"), Some(4096));
    assert_eq!(compared("w2a8_multiplier"), Some(1024));
    assert_eq!(compared("int8_multiplier_p2"), Some(65_536));
    for target in ["xc7", "xcup"] {
        assert_eq!(compared(&format!("int8_multiplier_pair_{target}")), Some(1 << 24));
        assert_eq!(compared(&format!("int4_multiplier_quad_{target}")), Some(1 << 16));
    }
    assert_eq!(compared("int4_multiplier_quad_ecp5"), Some(16 * 16 * 15 * 15));
    assert_eq!(compared("w4a8_multiplier_pair_ecp5"), Some(1 << 16));
    for format in ["e4m3", "e5m2"] {
        assert_eq!(compared(&format!("fp8_decoder_{format}")), Some(256));
        assert_eq!(compared(&format!("fp8_multiplier_{format}")), Some(65_536));
    }
}

#[test]
fn lanes_are_the_same_unit() {
    let mut compared = 0;
    for config in catalogue::presets() {
        let lanes = Lanes::for_long_runs(&config);
        let rtl = LinkedModels.model(&config, &render(&config), lanes, false).unwrap();
        let ports = config.ports();
        let outcome = match config.behaviour() {
            Behaviour::FeedForward { .. } if domain_bits(&ports) <= 24 => {
                let all = Exhaustive::new(&ports).unwrap();
                compare(&rtl, &all, 2, &|_| ()).unwrap()
            }
            _ => {
                let random = qrtl::stimulus::Random::new(&config, 2, 1 << 18, lanes.0);
                compare(&rtl, &random, 2, &|_| ()).unwrap()
            }
        };
        assert_eq!(outcome.mismatches, 0, "{}: {:?}", config.name(), outcome.described);
        assert!(outcome.compared >= 16, "{} compared {}", config.name(), outcome.compared);
        compared += outcome.compared;
    }
    assert!(compared > 1 << 20, "only {compared} compared");
}
