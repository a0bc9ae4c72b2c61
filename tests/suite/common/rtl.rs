//! Models of the presets, and the results of a preset for chosen operands.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use qrtl::catalogue::{UNITS, preset};
use qrtl::generator::render;
use qrtl::model::Lanes;
use qrtl::simulation::{CompiledModel, ModelBuilder, ModelGroup, Models, simulate_reference, simulate_rtl};
use qrtl::stimulus::Sequence;
use qrtl::unit::{Column, Config, Direction, Port, Preset, Role};

/// Builds one model at a time, at full optimization.
pub static BUILDER: LazyLock<ModelBuilder> =
    LazyLock::new(|| ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap());

/// The presets of each unit with their Verilog.
static PRESETS: LazyLock<BTreeMap<&str, Vec<(Config, String)>>> = LazyLock::new(|| {
    let with_verilog = |name: &str| {
        let config = preset(name).unwrap();
        let verilog = render(&config);
        (config, verilog)
    };
    let presets = |names: &[Preset]| names.iter().map(|preset| with_verilog(preset.name)).collect();
    UNITS.iter().map(|unit| (unit.name(), presets(unit.presets()))).collect()
});

static GROUPS: LazyLock<BTreeMap<&str, OnceLock<ModelGroup<'static>>>> =
    LazyLock::new(|| UNITS.iter().map(|unit| (unit.name(), OnceLock::new())).collect());

/// Models of the presets of a unit, which share one build.
pub fn presets_of(unit: &str) -> &'static ModelGroup<'static> {
    GROUPS[unit].get_or_init(|| ModelGroup::build(&BUILDER, &PRESETS[unit]).unwrap())
}

/// The model of one lane of a preset.
pub fn model(config: &Config) -> CompiledModel {
    presets_of(config.unit().name()).model(config, &render(config), Lanes::ONE, false).unwrap()
}

/// Transactions with idle control inputs, from a column for each operand.
fn transactions(config: &Config, operands: Vec<Column>) -> Sequence {
    let rows = operands[0].len();
    let ports: Vec<Port> = config.ports().into_iter().filter(Port::is_driven).collect();
    let mut idle = Sequence::idle(config, rows);
    let mut operands = operands.into_iter();
    for (port, column) in ports.iter().zip(idle.inputs_mut()) {
        match port.role {
            Role::Data => *column = operands.next().expect("a column for each operand"),
            Role::Reset => column.fill(|_| 0),
            _ => {}
        }
    }
    assert_eq!(operands.count(), 0, "a port for each column");
    idle
}

/// Last output of the RTL of a preset for given operands, one entry per transaction.
pub fn results(name: &str, operands: Vec<Column>) -> Vec<u64> {
    let config = preset(name).unwrap();
    let outputs = simulate_rtl(&model(&config), &transactions(&config, operands)).unwrap();
    let last = outputs.last().expect("every unit has a result");
    (0..last.len()).map(|index| last.get(index)).collect()
}

/// Compares the RTL of a preset with its reference on given operands; returns the number of transactions.
pub fn equals_reference(name: &str, operands: Vec<Column>) -> usize {
    let config = preset(name).unwrap();
    let sequence = transactions(&config, operands);
    let ports = config.ports();
    let outputs = ports.iter().filter(|port| port.direction == Direction::Output);
    let expected = simulate_reference(&config, &sequence);
    let got = simulate_rtl(&model(&config), &sequence).unwrap();
    for ((port, got), expected) in outputs.zip(&got).zip(&expected) {
        for index in 0..got.len() {
            let operands: Vec<_> = sequence.inputs().iter().map(|column| column.words(index)).collect();
            let words = (got.words(index), expected.words(index));
            assert_eq!(words.0, words.1, "{} of {name} for {operands:x?}", port.name);
        }
    }
    sequence.rows()
}

/// A column of the patterns of binary32 numbers.
pub fn floats(values: impl IntoIterator<Item = f32>) -> Column {
    Column::U32(values.into_iter().map(f32::to_bits).collect())
}
