//! Proptest sequences of control inputs and operands for clocked units, compared in every cycle.
//!
//! A failure is shrunk and stored in `tests/suite/sequences.proptest-regressions`.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;

use crate::common::rtl::model;
use qrtl::catalogue;
use qrtl::stimulus::Sequence;
use qrtl::unit::{Column, Config, Port, Role};
use qrtl::verification::compare;

/// The words of a value of a port, least significant first.
fn value(port: &Port) -> impl Strategy<Value = Vec<u64>> + Clone + use<> {
    let (bits, width) = (port.integer.bits as usize, port.width());
    prop::collection::vec(element(port), port.elements as usize).prop_map(move |elements| {
        let mut words = vec![0; width.div_ceil(64) as usize];
        for (place, element) in elements.iter().enumerate() {
            for bit in (0..bits).filter(|bit| element >> bit & 1 == 1) {
                words[(place * bits + bit) / 64] |= 1 << ((place * bits + bit) % 64);
            }
        }
        words
    })
}

/// One element of a port: random control inputs, operands with corner cases.
fn element(port: &Port) -> BoxedStrategy<u64> {
    let integer = port.integer;
    let (corner, legal) = (|value: i128| Just(integer.encode(value)), port.clone());
    match port.role {
        Role::Reset => prop_oneof![30 => Just(0), 1 => Just(1)].boxed(),
        Role::Enable | Role::Valid | Role::Ready => prop_oneof![1 => Just(0), 4 => Just(1)].boxed(),
        Role::Clear => prop_oneof![12 => Just(0), 1 => Just(1)].boxed(),
        _ => prop_oneof![
            2 => corner(port.min()),
            1 => corner(integer.max()),
            1 => corner(integer.max().min(1) - 1),
            4 => (0..=integer.mask()).prop_map(move |pattern| legal.legal(pattern)),
        ]
        .boxed(),
    }
}

/// One value per driven port.
type Row = Vec<Vec<u64>>;

/// Rows as generated.
fn rows(config: &Config) -> impl Strategy<Value = Vec<Row>> + use<> {
    let ports: Vec<Port> = config.ports().into_iter().filter(Port::is_driven).collect();
    let row: Vec<_> = ports.iter().map(value).collect();
    let free = prop::collection::vec(row.clone(), 1..200);
    // The same pair over and over, enabled and never cleared: sums that overflow.
    let control = [(Role::Reset, 0), (Role::Enable, 1), (Role::Valid, 1), (Role::Clear, 0)];
    let control: Vec<(usize, u64)> = control
        .into_iter()
        .filter_map(|(role, value)| Some((ports.iter().position(|port| port.role == role)?, value)))
        .collect();
    let held = (row, 1..200usize).prop_map(move |(mut row, count)| {
        control.iter().for_each(|&(place, value)| row[place] = vec![value]);
        vec![row; count]
    });
    prop::collection::vec(prop_oneof![free, held], 1..4).prop_map(|parts| parts.concat())
}

/// A reset, then the rows.
fn sequence(config: &Config, rows: &[Row]) -> Sequence {
    let mut sequence = Sequence::idle(config, rows.len() + 1);
    for (place, column) in sequence.inputs_mut().iter_mut().enumerate() {
        let column: &mut Column = column;
        rows.iter().enumerate().for_each(|(row, values)| column.set_words(row + 1, &values[place]));
    }
    sequence
}

fn equals_reference(preset: &str, rows: &[Row]) -> Result<(), TestCaseError> {
    let config = catalogue::preset(preset).unwrap();
    let rtl = model(&config);
    let outcome = compare(&rtl, &sequence(&config, rows), 1).unwrap();
    // Of a stream, the beats that moved are compared, and there may be none.
    let expected = if config.behaviour().is_stream() { outcome.compared } else { rows.len() as u64 };
    prop_assert_eq!(outcome.compared, expected);
    prop_assert_eq!(outcome.mismatches, 0, "{}: {:?}", preset, outcome.first_mismatches);
    Ok(())
}

fn config() -> ProptestConfig {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/sequences.proptest-regressions");
    let default = ProptestConfig::default();
    // A few unless the environment asks for more, as CI does.
    let cases = std::env::var_os("PROPTEST_CASES").map_or(64, |_| default.cases);
    ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(file))),
        cases,
        ..default
    }
}

macro_rules! sequences {
    ($($preset:ident)*) => {
        proptest! {
            #![proptest_config(config())]
            $(#[test]
            fn $preset(rows in rows(&catalogue::preset(stringify!($preset)).unwrap())) {
                equals_reference(stringify!($preset), &rows)?;
            })*
        }
    };
}

sequential_presets! { sequences }
