//! The harness finds faults injected into RTL and explains them: port, expected value, shrunk sequence,
//! replay command, waveform.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use qrtl::catalogue;
use qrtl::generator::render;
use qrtl::simulation::ModelBuilder;
use qrtl::unit::Config;
use qrtl::verification::{Effort, Failure, Report, Verification, VerifyError};

static MODELS: LazyLock<ModelBuilder> =
    LazyLock::new(|| ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap());

/// From this many cases on, verification uses 64 lanes.
const WIDE: u64 = 1 << 25;

fn effort(cases: u64, failures: Option<PathBuf>) -> Effort {
    Effort { cases, seed: 3, threads: 2, failures, ..Effort::default() }
}

pub(super) fn run(config: &Config, verilog: &str, effort: &Effort) -> Result<Report, VerifyError> {
    Verification::new(config, &*MODELS).verilog(verilog).effort(effort.clone()).run()
}

/// The Verilog of a config with texts replaced, each of which must occur.
pub(super) fn broken(config: &Config, edits: &[(&str, &str)]) -> String {
    edits.iter().fold(render(config), |verilog, (from, to)| {
        assert!(verilog.contains(from), "{} has no '{from}':\n{verilog}", config.name());
        verilog.replace(from, to)
    })
}

fn preset(name: &str) -> Config {
    catalogue::preset(name).unwrap()
}

/// A fault in a config, and the failure that it must cause.
pub(super) struct Fault {
    pub(super) config: Config,
    pub(super) edits: &'static [(&'static str, &'static str)],
    /// The output that differs.
    port: &'static str,
    /// Maximum rows of the shrunk sequence.
    rows: usize,
}

fn fault(
    config: Config,
    edits: &'static [(&'static str, &'static str)],
    port: &'static str,
    rows: usize,
) -> Fault {
    Fault { config, edits, port, rows }
}

pub(super) fn faults() -> Vec<Fault> {
    let zero_points = preset("uint8_mac_zp");
    let saturating = preset("int8_mac_sat20");
    vec![
        // An operand treated as unsigned.
        fault(preset("int8_multiplier"), &[("a * b", "$signed({1'b0, a}) * b")], "product", 1),
        // A carry lost between the halves of the product.
        fault(
            preset("int8_multiplier"),
            &[(
                "assign product = a * b;",
                "wire [15:0] whole = a * b; assign product = {whole[15:9], 1'b0, whole[7:0]};",
            )],
            "product",
            1,
        ),
        // A missing stage: the product is one cycle early.
        fault(preset("int8_multiplier_p2"), &[("product = product_q", "product = a_1 * b_1")], "product", 3),
        // A product extended with zeros instead of its sign.
        fault(preset("int8_mac"), &[("{16{mult_result[15]}}", "{16{1'b0}}")], "accum", 4),
        // A sum that is never cleared.
        fault(preset("int8_mac"), &[("start ? 32'sd0 : accum", "accum")], "accum", 6),
        // Registers that ignore the enable.
        fault(preset("int8_mac"), &[("else if (en)", "else if (en | ~en)")], "accum", 5),
        // A reset that requires the enable.
        fault(preset("int8_mac"), &[("if (rst)", "if (rst & en)")], "accum", 6),
        // A saturation limit that is off by one.
        fault(saturating.clone(), &[("{19{~sum[20]}}", "{{18{~sum[20]}}, 1'b0}")], "accum", 40),
        // An overflow flag that is not sticky.
        fault(saturating, &[("outside | (overflow & ~start)", "outside")], "overflow", 40),
        // A zero point subtracted in 8 bits.
        fault(
            zero_points,
            &[("$signed({1'd0, a}) - $signed({1'd0, za})", "$signed({1'd0, a - za})")],
            "accum",
            4,
        ),
    ]
}

/// Checks the report of a fault.
fn explained<'a>(fault: &Fault, report: &'a Report) -> &'a Failure {
    let name = format!("{} with {:?}", fault.config.name(), fault.edits);
    assert!(!report.passed() && report.mismatches > 0 && report.compared > 0, "{name} is not found");
    let failure = report.failure.as_ref().unwrap();
    let first = &failure.mismatches[0];
    assert_eq!(first.port, fault.port, "{name}");
    assert_ne!(first.expected, first.got, "{name}");
    let shrunk = failure.shrunk.as_ref().unwrap_or_else(|| panic!("{name} is not shrunk:\n{failure}"));
    assert_eq!(shrunk.port, fault.port, "{name}");
    assert_ne!(shrunk.expected, shrunk.got, "{name}");
    assert!(shrunk.rows.len() <= fault.rows, "{name}:\n{failure}");
    assert!(failure.replay.starts_with(&format!("qrtl verify {}", fault.config.arguments())), "{failure}");
    failure
}

#[test]
fn explains_every_fault() {
    let folder = tempfile::tempdir().unwrap();
    for (number, fault) in faults().iter().enumerate() {
        let failures = folder.path().join(format!("failures/{number}"));
        let verilog = broken(&fault.config, fault.edits);
        let report = run(&fault.config, &verilog, &effort(1 << 18, Some(failures.clone()))).unwrap();
        let failure = explained(fault, &report);
        let own = failures.join(fault.config.name());
        assert_eq!(failure.folder.as_ref(), Some(&own));
        check_files(fault, &own, &verilog);
    }
}

/// Checks the files of a failure, except the testbench, which needs a simulator.
fn check_files(fault: &Fault, folder: &Path, verilog: &str) {
    let name = fault.config.name();
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    assert_eq!(read(&format!("{name}.v")), verilog);
    let waves = read("failure.vcd");
    assert!(waves.contains("$enddefinitions"), "{waves}");
    assert!(waves.lines().filter(|line| line.starts_with('#')).count() >= 2, "{waves}");
    let view = read("failure.gtkw");
    for port in fault.config.ports() {
        // Right-justified binary, signed and unsigned decimal.
        let radix = match port.width() {
            1 => "28",
            _ if port.integer.signed => "420",
            _ => "24",
        };
        let range = if port.width() == 1 { String::new() } else { format!("[{}:0]", port.width() - 1) };
        let shown = view.lines().zip(view.lines().skip(1)).any(|(flags, signal)| {
            flags == format!("@{radix}") && signal.ends_with(&format!(".{}{range}", port.name))
        });
        assert!(shown, "{} is not shown as {radix}:\n{view}", port.name);
    }
    let readme = read("README.txt");
    let again = format!("--rtl {name}.v\n");
    for text in ["shrunk to", &again, "vvp -N failure", "gtkwave failure.vcd failure.gtkw"] {
        assert!(readme.contains(text), "no {text} in {readme}");
    }
}

#[test]
fn finds_faults_in_64_lanes() {
    let lanes: Vec<Fault> = faults().into_iter().filter(|fault| fault.config.name() == "int8_mac").collect();
    assert!(lanes.len() >= 3);
    for fault in lanes {
        let report = run(&fault.config, &broken(&fault.config, fault.edits), &effort(WIDE, None)).unwrap();
        assert_eq!(report.lanes, 64);
        let failure = explained(&fault, &report);
        assert!(failure.replay.ends_with(&format!(" --cases {WIDE} --seed 3")), "{failure}");
    }
    let wide = fault(preset("int16_multiplier"), &[("a * b", "a * $signed({1'b0, b})")], "product", 1);
    let report = run(&wide.config, &broken(&wide.config, wide.edits), &effort(WIDE, None)).unwrap();
    assert_eq!(report.lanes, 64);
    explained(&wide, &report);
}

#[test]
fn shrinks_to_a_simple_sequence() {
    let config = preset("int8_mac");
    let verilog = broken(&config, &[("{16{mult_result[15]}}", "{16{1'b0}}")]);
    let report = run(&config, &verilog, &effort(1 << 16, None)).unwrap();
    let shrunk = report.failure.unwrap().shrunk.unwrap();
    assert_eq!(shrunk.ports, ["rst", "en", "clear", "a", "b"]);
    // Only the reset of the first row is not idle, and the smallest negative product is -1.
    assert_eq!(shrunk.rows[0], ["1", "1", "0", "0", "0"]);
    assert_eq!(shrunk.rows.len(), 4, "{shrunk}");
    let [a, b] = [3, 4].map(|column| shrunk.rows[1][column].parse::<i64>().unwrap());
    assert_eq!(a * b, -1, "{shrunk}");
    assert_eq!((shrunk.expected.as_str(), shrunk.got.as_str()), ("-1", "65535"));
    for row in &shrunk.rows[2..] {
        assert_eq!(row, &["0", "1", "0", "0", "0"], "{shrunk}");
    }
}

#[test]
fn detects_missing_stage_even_if_product_is_zero() {
    let config = preset("int8_multiplier_p2");
    let verilog = broken(&config, &[("product = product_q", "product = a_1 * b_1")]);
    let report = run(&config, &verilog, &effort(1, None)).unwrap();
    let failure = report.failure.unwrap();
    // The sweep increments a first, so that (0, 1) is the first pair whose successor has a product.
    assert_eq!(failure.mismatches[0].inputs, ["a=0", "b=1"]);
    assert!(failure.shrunk.is_some(), "{failure}");
}

#[test]
fn first_mismatch_depends_on_the_seed_but_not_on_threads() {
    let config = preset("int8_mac_sat20");
    let verilog = broken(&config, &[("{19{~sum[20]}}", "{{18{~sum[20]}}, 1'b0}")]);
    let first = |threads: usize, seed: u64| {
        let effort = Effort { threads, seed, ..effort(1 << 18, None) };
        let failure = run(&config, &verilog, &effort).unwrap().failure.unwrap();
        (failure.mismatches[0].transaction, failure.mismatches[0].inputs.clone())
    };
    assert_eq!(first(1, 3), first(2, 3));
    assert_ne!(first(1, 3), first(1, 4));
}

#[test]
fn run_without_comparison_fails() {
    let config = preset("int8_mac");
    let report = run(&config, &render(&config), &effort(0, None)).unwrap();
    assert_eq!((report.compared, report.mismatches), (0, 0));
    assert!(!report.passed() && report.failure.is_none());
    assert!(
        qrtl::report::junit(&qrtl::verification::Results::new(None, vec![report]))
            .contains("nothing was compared")
    );
}

#[test]
fn run_without_a_verdict_is_an_error() {
    let config = preset("int8_mac");
    let endless = Effort { exhaustive: true, ..effort(1, None) };
    let error = run(&config, &render(&config), &endless).unwrap_err();
    assert!(matches!(error, VerifyError::NotExhaustible { .. }), "{error}");
    assert!(error.to_string().contains("--cases"), "{error}");

    let stops = broken(&config, &[("mult_result <= a * b;", "begin mult_result <= a * b; $finish; end")]);
    let error = run(&config, &stops, &effort(1 << 12, None)).unwrap_err().to_string();
    assert!(error.contains("stopped: ") && error.contains("not call $finish"), "{error}");

    let narrow = broken(
        &config,
        &[
            ("signed [31:0] accum", "signed [15:0] accum"),
            ("{16{mult_result[15]}}, mult_result}", "mult_result}"),
            ("32'd0", "16'd0"),
            ("32'sd0", "16'sd0"),
        ],
    );
    let error = run(&config, &narrow, &effort(1 << 12, None)).unwrap_err().to_string();
    assert!(error.contains("port 'accum' of int8_mac has 16 bits, but its config has 32"), "{error}");
}
