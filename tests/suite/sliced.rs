//! Bit-sliced models: they agree with the Verilated models, fail where those fail, and a wrong one is rejected
//! before it is used.

use std::sync::LazyLock;

use qrtl::catalogue::unit;
use qrtl::generator::render;
use qrtl::simulation::bit_sliced::YosysSlicer;
use qrtl::simulation::{ModelBuilder, ModelError, SimulationEngine, Slicer};
use qrtl::toolchain::builder::Builder;
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::parallel::in_parallel;
use qrtl::unit::Config;
use qrtl::verification::{Effort, Report, Verification, VerifyError};

use crate::common::cache::{builder, cache_with_runtime, environment};
use crate::common::command::{command, run};

fn notice(text: &str) {
    eprintln!("{text}");
}

fn yosys() -> YosysSlicer {
    YosysSlicer::new(Environment::of_process(), notice).unwrap()
}

static MODELS: LazyLock<ModelBuilder> =
    LazyLock::new(|| ModelBuilder::discover(&notice).unwrap().with_slicer(yosys()));

fn config(unit_name: &str, sets: &[&str]) -> Config {
    Config::new(unit(unit_name).unwrap(), None, sets).unwrap()
}

fn run_with(
    models: &ModelBuilder,
    config: &Config,
    verilog: &str,
    engine: SimulationEngine,
    cases: u64,
) -> Result<Report, VerifyError> {
    let effort = Effort { cases, engine, ..Effort::default() };
    Verification::new(config, models).verilog(verilog).effort(effort).run()
}

/// The Verilog of a config with every occurrence of `from` replaced.
fn broken(config: &Config, from: &str, to: &str) -> String {
    let verilog = render(config);
    assert!(verilog.contains(from), "{} has no '{from}':\n{verilog}", config.name());
    verilog.replace(from, to)
}

/// Injects a fault into the C++ of a model.
type Fault = fn(&str) -> String;

/// Slicer that injects a fault into every model.
struct FaultySlicer {
    slicer: YosysSlicer,
    fault: Fault,
}

impl Slicer for FaultySlicer {
    fn threshold(&self) -> Option<u64> {
        Some(1)
    }

    fn text(&self, config: &Config, verilog: &str, top: &str) -> Result<String, ModelError> {
        let text = self.slicer.text(config, verilog, top)?;
        let faulty = (self.fault)(&text);
        assert_ne!(text, faulty, "the fault changes nothing");
        Ok(faulty)
    }
}

/// Applies `edit` to every line that is a gate.
fn edit_gates(text: &str, edit: impl Fn(&str) -> String) -> String {
    let is_gate = |line: &str| line.starts_with("    const Word n");
    let edited = text.lines().map(|line| if is_gate(line) { edit(line) } else { line.to_string() });
    edited.map(|line| line + "\n").collect()
}

/// Slicer that always fails; holds the number of transactions from which on it is asked.
struct FailingSlicer(Option<u64>);

impl Slicer for FailingSlicer {
    fn threshold(&self) -> Option<u64> {
        self.0
    }

    fn text(&self, _: &Config, _: &str, _: &str) -> Result<String, ModelError> {
        Err("no gates".into())
    }
}

fn models_with(slicer: impl Slicer + 'static) -> ModelBuilder {
    ModelBuilder::new(Builder::discover(&Environment::of_process(), &notice).unwrap()).with_slicer(slicer)
}

#[test]
fn falls_back_to_the_verilated_model_when_slicing_fails() {
    let config = config("multiplier", &["a_bits=3", "b_bits=3", "arch=booth_dadda"]);
    let verilog = render(&config);
    let report = |worth, engine| run_with(&models_with(FailingSlicer(worth)), &config, &verilog, engine, 64);
    let tried = report(Some(64), SimulationEngine::Auto).unwrap();
    assert!(tried.passed() && tried.compared == 64 && tried.lanes == 1);
    assert_eq!(tried.engine, SimulationEngine::Verilated);
    assert_eq!(tried.unsliced.as_deref(), Some("no gates"));
    for worth in [Some(65), None] {
        let report = report(worth, SimulationEngine::Auto).unwrap();
        assert!(report.passed() && report.unsliced.is_none(), "{worth:?}");
    }
    assert!(report(Some(1), SimulationEngine::Verilated).unwrap().unsliced.is_none());
    let refused = report(None, SimulationEngine::Sliced).unwrap_err();
    assert_eq!(refused.to_string(), "no gates");
}

#[test]
fn vectorisable_architectures_are_not_bit_sliced() {
    let config = config("multiplier", &["a_bits=3", "b_bits=3"]);
    let report =
        run_with(&models_with(FailingSlicer(Some(1))), &config, &render(&config), SimulationEngine::Auto, 64);
    assert!(report.unwrap().unsliced.is_none());
}

#[test]
fn reports_missing_yosys_with_fix() {
    let cache = cache_with_runtime();
    builder(&cache);
    let mut verify =
        command(&["verify", "int4_multiplier", "--set", "arch=booth_dadda", "--engine", "sliced"]);
    let ended = run(verify.env("QRTL_CACHE", cache.path()).env("QRTL_OFFLINE", "1"));
    assert_eq!((ended.code, ended.stdout.as_str()), (2, ""), "{}", ended.stderr);
    for text in ["no Yosys found", "QRTL_OFFLINE", "QRTL_CACHE"] {
        assert!(ended.stderr.contains(text), "no '{text}' in {}", ended.stderr);
    }
}

#[test]
#[ignore = "needs Yosys: fetches it"]
fn models_of_every_architecture_agree_with_the_verilated_model_and_the_reference() {
    let units: [(&str, &[&str]); 13] = [
        ("multiplier", &["a_bits=5", "b_bits=4", "b_signed=false"]),
        ("multiplier", &["a_bits=4", "b_bits=6", "stages=3"]),
        ("multiplier", &["a_bits=16", "b_bits=16", "stages=1"]),
        ("mac", &[]),
        ("mac", &["a_bits=4", "b_bits=3", "acc_bits=40", "stages=4", "a_zero_point=port"]),
        ("mac", &["a_bits=4", "b_bits=4", "acc_bits=10", "overflow=saturate", "overflow_flag=true"]),
        ("mac", &["a_signed=false", "b_signed=false", "b_zero_point=constant", "acc_bits=17"]),
        ("dot_product", &["lanes=3", "a_bits=4", "b_bits=4", "stages=2"]),
        ("dot_product", &["lanes=2", "a_bits=3", "b_bits=3", "stages=1", "a_signed=false"]),
        ("dot_product", &["lanes=16", "a_bits=5", "b_bits=2"]),
        ("dot_product", &["lanes=4", "a_bits=3", "b_bits=3", "accumulate=true", "acc_bits=19", "stages=1"]),
        ("dot_product", &["lanes=4", "a_bits=3", "b_bits=3", "accumulate=true", "overflow=saturate"]),
        ("dot_product", &["lanes=3", "a_bits=3", "b_bits=3", "a_zero_point=port", "stages=5"]),
    ];
    let mut configs = Vec::new();
    // Two architectures of each, in turn.
    for (index, (name, sets)) in units.into_iter().enumerate() {
        let archs = ["arch=booth_dadda", "arch=mux_rows", "arch=booth_rows", "arch=ccu2c_rows"];
        for arch in archs.into_iter().skip(index % 2).step_by(2) {
            let made_for = ["target=ecp5", arch];
            configs.extend(Config::new(unit(name).unwrap(), None, &[sets, &made_for].concat()).ok());
        }
    }
    let sliced = in_parallel(&configs, |config| {
        let report = run_with(&MODELS, config, &render(config), SimulationEngine::Sliced, 1 << 14)
            .unwrap_or_else(|error| panic!("{}: {error}", config.arguments()));
        assert!(report.passed(), "{}: {}", config.arguments(), report.failure.unwrap());
        assert_eq!((report.engine, report.lanes), (SimulationEngine::Sliced, 512));
        assert!(report.compared >= 1 << 9, "{} compared {}", config.arguments(), report.compared);
        Ok::<_, ()>(report.compared)
    });
    let sliced = sliced.unwrap().len();
    assert!(sliced >= 2 * 11, "{sliced}");
}

#[test]
#[ignore = "needs Yosys: fetches it"]
fn both_engines_report_same_failure() {
    let faults = [
        (
            config("multiplier", &["a_bits=7", "b_bits=7", "arch=booth_dadda"]),
            "$signed(total)",
            "$signed(total ^ 14'd4)",
        ),
        (
            config("multiplier", &["arch=booth_dadda", "stages=2"]),
            "product_q <= total",
            "product_q <= total | 16'd1",
        ),
        (
            config("multiplier", &["a_bits=14", "b_bits=13", "arch=mux_rows", "target=ecp5"]),
            "sign_3 = a[13] &",
            "sign_3 = a[13] |",
        ),
    ];
    for (config, from, to) in faults {
        let verilog = broken(&config, from, to);
        let views = [(SimulationEngine::Sliced, "sliced"), (SimulationEngine::Verilated, "verilated")].map(
            |(engine, word)| {
                let report = run_with(&MODELS, &config, &verilog, engine, 1 << 16).unwrap();
                assert_eq!(report.engine, engine);
                let failure =
                    report.failure.unwrap_or_else(|| panic!("{}: fault not detected", config.name()));
                assert!(failure.shrunk.is_some());
                assert!(failure.replay.ends_with(&format!(" --engine {word}")), "{}", failure.replay);
                serde_json::to_value((&failure.mismatches, &failure.shrunk)).unwrap()
            },
        );
        assert_eq!(views[0], views[1], "{}", config.name());
    }
}

#[test]
#[ignore = "needs Yosys: fetches it"]
fn detects_broken_reset_and_enable() {
    let mac = config("mac", &["arch=booth_dadda"]);
    for (from, to) in [("if (rst)", "if (rst & en)"), ("else if (en)", "else if (en | ~en)")] {
        let verilog = broken(&mac, from, to);
        let report = run_with(&MODELS, &mac, &verilog, SimulationEngine::Sliced, 1 << 16).unwrap();
        let failure = report.failure.unwrap_or_else(|| panic!("{to}: fault not detected"));
        let shrunk = failure.shrunk.expect("the Verilated model fails on the rows of the lane");
        assert_eq!(shrunk.port, "accum");
        assert!(shrunk.rows.len() <= 6, "{}", shrunk.rows.len());
    }
}

#[test]
#[ignore = "needs Yosys: fetches it"]
fn rejects_models_that_disagree_with_the_verilated_model() {
    let faults: [(&str, Fault); 6] = [
        ("AND for XOR", |text| edit_gates(text, |line| line.replace(" ^ ", " & "))),
        ("XOR for AND", |text| edit_gates(text, |line| line.replace(" & ", " ^ "))),
        ("OR for AND", |text| edit_gates(text, |line| line.replace(" & ", " | "))),
        ("identity for NOT", |text| edit_gates(text, |line| line.replace('~', ""))),
        ("register without update", |text| text.replacen("state[3] = next3;", "", 1)),
        ("wrong bit of an output", |text| text.replacen("    out[9] =", "    out[9] = out[8]; (void)", 1)),
    ];
    let mac = config("mac", &["arch=booth_dadda"]);
    for (name, fault) in faults {
        let models = models_with(FaultySlicer { slicer: yosys(), fault });
        for engine in [SimulationEngine::Sliced, SimulationEngine::Auto] {
            let error = run_with(&models, &mac, &render(&mac), engine, 1 << 16).err();
            let Some(VerifyError::Disagreement { config, mismatch }) = &error else {
                panic!("{name}: {error:?}");
            };
            assert_eq!(
                (config.as_str(), mismatch.port.as_str()),
                (mac.arguments().as_str(), "accum"),
                "{name}"
            );
            assert_ne!(mismatch.expected, mismatch.got, "{name}");
            assert!(error.unwrap().to_string().contains("--engine verilated"));
        }
    }
}

#[test]
#[ignore = "needs Yosys: fetches it"]
fn errors_name_modules_that_cannot_be_sliced() {
    let pipelined = config("multiplier", &["arch=booth_dadda", "stages=1"]);
    let wrong_edge = broken(&pipelined, "posedge clk", "negedge clk");
    let name = pipelined.name();
    let latch = format!(
        "module {name} (input clk, input signed [7:0] a, input signed [7:0] b, output signed [15:0] product);\n\
         reg signed [15:0] q;\nalways @* if (clk) q = a * b;\nassign product = q;\nendmodule\n"
    );
    let cases = [
        (wrong_edge, "not clocked by the clock of the unit; use --engine verilated"),
        (latch, "latches are not supported"),
    ];
    for (verilog, reason) in cases {
        let error = run_with(&MODELS, &pipelined, &verilog, SimulationEngine::Sliced, 1 << 10)
            .unwrap_err()
            .to_string();
        assert!(error.contains(reason), "{error}");
    }
}

/// Words of 256 and 128 bits, as on processors without AVX-512 or AVX.
#[test]
#[ignore = "needs Yosys: fetches it"]
fn words_of_every_width_agree_with_the_verilated_model() {
    let dot = config("dot_product", &["lanes=16", "a_bits=5", "b_bits=3", "arch=booth_dadda"]);
    for compiler in ["c++ -mno-avx512f", "c++ -mno-avx"] {
        let cache = cache_with_runtime();
        let environment = Environment { cxx: Some(compiler.into()), ..environment(cache.path()) };
        let models =
            ModelBuilder::new(Builder::discover(&environment, &notice).unwrap()).with_slicer(yosys());
        let report = run_with(&models, &dot, &render(&dot), SimulationEngine::Sliced, 1 << 14).unwrap();
        assert!(report.passed() && report.compared > 1 << 14, "{compiler}");
        assert_eq!(report.lanes, 512);
    }
}

#[test]
#[ignore = "needs Yosys: fetches it"]
fn verify_reports_engine_and_lanes() {
    let verify = ["verify", "int4_multiplier", "--set", "arch=booth_dadda", "--format", "json", "--engine"];
    for (engine, lanes) in [("sliced", 512), ("verilated", 1), ("auto", 1)] {
        let text = run(&mut command(&[&verify[..], &[engine]].concat())).product();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let result = &json["results"][0];
        assert_eq!(result["lanes"], lanes, "{engine}");
        assert_eq!(result["engine"], if lanes == 1 { "verilated" } else { "sliced" }, "{engine}");
        assert_eq!((&result["compared"], &result["mismatches"]), (&256.into(), &0.into()));
    }
}
