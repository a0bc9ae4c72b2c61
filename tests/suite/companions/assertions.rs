//! SystemVerilog assertions: accepted by Verilator, silent on the generated module, failed by a broken one.

use std::sync::LazyLock;

use super::{has_clock, output, write};
use crate::harness;
use qrtl::catalogue::{preset, presets};
use qrtl::generator::companion::Companion;
use qrtl::generator::render;
use qrtl::model::Lanes;
use qrtl::simulation::{ModelBuilder, Models, Simulator, Stalls, simulate_streams};
use qrtl::toolchain::cache::Cache;
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::verilator::Verilator;
use qrtl::unit::{Beat, Behaviour, Config};
use qrtl::verification::Effort;

static MODELS: LazyLock<ModelBuilder> =
    LazyLock::new(|| ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap());

/// Frames that are driven through a unit with streams.
const FRAMES: usize = 20;

/// The message of the first assertion that fails when this Verilog of a config is simulated; `None` if all hold.
fn failed_assertion(config: &Config, verilog: &str) -> Option<String> {
    let text = verilog.to_string() + &Companion::Assertions.file(config).1;
    match config.frame_function() {
        Some(function) => {
            let model = MODELS.model(config, &text, Lanes::ONE, false).unwrap();
            let beats = |&length: &usize| (0..length * FRAMES).map(|index| beat(index, length)).collect();
            let inputs: Vec<Vec<Beat>> = function.input_lengths().iter().map(beats).collect();
            let lengths: Vec<usize> =
                function.output_lengths().iter().map(|length| length * FRAMES).collect();
            // Several seeds, because each stream has its own share of stalls.
            let run = |seed| simulate_streams(&model, &inputs, &lengths, Stalls::Random(seed), &|_| ());
            (1..9).find_map(|seed| run(seed).err()).map(|error| error.to_string())
        }
        None if matches!(config.behaviour(), Behaviour::FeedForward { .. }) => repeat_operands(config, &text),
        None => {
            let effort = Effort { cases: 20_000, seed: 3, threads: 1, ..Effort::default() };
            harness::run(config, &text, &effort).err().map(|error| error.to_string())
        }
    }
}

/// Drives operands, each for three cycles: a sweep over all of them never repeats one.
fn repeat_operands(config: &Config, verilog: &str) -> Option<String> {
    let model = MODELS.model(config, verilog, Lanes::ONE, false).unwrap();
    let mut unit = Simulator::new(&model);
    for row in 0..1000_u64 {
        for port in config.ports().iter().filter(|port| port.is_driven()) {
            let element =
                |index: u32| port.integer.decode(beat((row / 3 * 31 + u64::from(index)) as usize, 2).data);
            let elements: Vec<i128> = (0..port.elements).map(element).collect();
            unit.set_elements(port.name, &elements).unwrap();
        }
        if let Err(error) = unit.step() {
            return Some(error.to_string());
        }
    }
    None
}

/// A beat of any data; the last one of a frame says so.
fn beat(index: usize, length: usize) -> Beat {
    Beat { data: (index as u64 * 0x9e37) >> 3 & 0x7f, last: index % length == length - 1 }
}

#[test]
fn verilator_accepts_assertions_of_every_preset() {
    let environment = Environment::of_process();
    let cache = Cache::open(&environment).unwrap();
    let verilator = Verilator::find(&environment, &cache, &|notice| eprintln!("{notice}")).unwrap();
    let mut checked = 0;
    for config in presets().filter(has_clock) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &config, &[Companion::Assertions, Companion::FileList]);
        let name = config.name();
        let mut command = verilator.command();
        command.current_dir(folder.path()).args(["--lint-only", "--assert", "-Wall", "-Wno-DECLFILENAME"]);
        command.args(["--top-module", name, "-f", &format!("{name}.f"), &format!("{name}_sva.sv")]);
        let (succeeded, text) = output(&mut command, "");
        assert!(succeeded && !text.contains('%'), "{name}: {text}");
        checked += 1;
    }
    assert!(checked > 40, "{checked} presets have a clock");
}

#[test]
fn assertions_hold_in_generated_modules() {
    for name in
        ["int8_multiplier_p2", "int4_mac", "multi_precision_dot1", "requantizer_serial", "stream_fork_8"]
    {
        let config = preset(name).unwrap();
        assert_eq!(failed_assertion(&config, &render(&config)), None, "{name}");
    }
}

#[test]
#[ignore = "builds a model of every preset"]
fn assertions_hold_in_every_preset() {
    for config in presets().filter(has_clock) {
        assert_eq!(failed_assertion(&config, &render(&config)), None, "{}", config.name());
    }
}

/// Preset, an edit of its Verilog, and the message of the assertion that must fail.
const FAULTS: [(&str, [&str; 2], &str); 7] = [
    // A missing stage.
    ("int8_multiplier_p2", ["product = product_q", "product = a_1 * b_1"], "the latency must be 2"),
    // An accumulator that ignores the enable, and one that ignores the reset.
    ("int4_mac", ["else if (en)\n            accum", "else\n            accum"], "changes while en is 0"),
    ("int4_mac", ["accum <= 32'd0", "accum <= 32'd1"], "an output is not 0 after a reset"),
    // A valid bit that is not a stage late.
    (
        "multi_precision_dot1",
        ["valid_out = valid", "valid_out = valid_in & ~rst"],
        "valid_out is not valid_in",
    ),
    // A result without its handshake.
    ("requantizer_serial", ["done <= 1'b1;", ""], "ends without done"),
    // A beat that is replaced before it is taken, and one that is withdrawn.
    (
        "stream_fork_8",
        ["if (s_axis_tready)\n            beat", "if (s_axis_tvalid)\n            beat"],
        "axis changes before",
    ),
    ("stream_fork_8", ["m1_valid <= !m1_free", "m1_valid <= 1'b0"], "m1_axis changes before it is taken"),
];

#[test]
fn assertions_fail_in_broken_modules() {
    for (name, [from, to], message) in FAULTS {
        let config = preset(name).unwrap();
        let failed = failed_assertion(&config, &harness::broken(&config, &[(from, to)]));
        let failed = failed.unwrap_or_else(|| panic!("{name} with '{to}' fails no assertion"));
        assert!(failed.contains(message), "{name} with '{to}': {failed}");
    }
}

/// Verification changes the data of a beat that waits, which a module must tolerate and AXI4-Stream forbids.
#[test]
fn assertions_report_inputs_that_break_the_handshake() {
    let config = preset("stream_fork_8").unwrap();
    let text = render(&config) + &Companion::Assertions.file(&config).1;
    let effort = Effort { cases: 20_000, seed: 3, threads: 1, ..Effort::default() };
    let error = harness::run(&config, &text, &effort).unwrap_err().to_string();
    assert!(error.contains("a beat of s_axis changes before it is taken"), "{error}");
}
