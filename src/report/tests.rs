use super::*;
use crate::network::{Classifier, Digits, Software, Variant, evaluate};


#[test]
fn look() {
    let evaluation =
        evaluate(&Classifier::embedded(), &Digits::embedded(), &Variant::grid(), |_| Ok(Software), |_| ())
            .unwrap();
    let row = |p: &str, u: &str, d: &str, c, e, s| CosimulationRow {
        preset: p.into(),
        unit: u.into(),
        domain: d.into(),
        compared: c,
        exhaustive: e,
        mismatches: 0,
        seconds: s,
    };
    let cosimulation = vec![
        row("int8_multiplier", "multiplier", "2^16", 65536, true, 0.0002),
        row("int16_multiplier", "multiplier", "2^32", 1_000_000, false, 0.003),
        row("int8_mac", "mac", "sequences", 4_000_000, false, 0.03),
    ];
    std::fs::write(std::env::var("OUT").unwrap(), render(&Report { cosimulation, evaluation })).unwrap();
}
