//! Failures beyond mismatches: testbenches, designs that stop or hang, registers without a reset value,
//! coverage, four-state simulation.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::command::qrtl;
use crate::harness::{broken, faults, run};
use qrtl::catalogue::preset;
use qrtl::generator::render;
use qrtl::simulation::{CoverageModels, CoverageSummary, ModelBuilder};
use qrtl::toolchain::environment::Environment;
use qrtl::unit::Config;
use qrtl::verification::{Effort, FourState, FourStateError, Icarus, Report, Verification};

fn effort(cases: u64) -> Effort {
    Effort { cases, threads: 2, ..Effort::default() }
}

/// The module of a config with a statement or declaration added at its end.
fn extended(config: &Config, text: &str) -> String {
    broken(config, &[("\nendmodule", &format!("\n{text}\nendmodule"))])
}

fn icarus() -> Icarus {
    Icarus::find(&Environment::of_process()).expect("apt-get install iverilog")
}

/// Compiles and runs the testbench in the folder of a failure with the commands in its header.
fn testbench(folder: &Path) -> (Option<i32>, String) {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let text = fs::read_to_string(folder.join(format!("{name}_failure_tb.v"))).unwrap();
    let commands: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("//     ")).collect();
    let output = Command::new("sh").args(["-ec", &commands.join("\n")]).current_dir(folder).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    (output.status.code(), text)
}

#[test]
#[ignore = "needs Icarus Verilog"]
fn failure_testbench_fails_until_the_module_is_fixed() {
    let folder = tempfile::tempdir().unwrap();
    let mut cases: Vec<(Config, String)> = faults()
        .into_iter()
        .map(|fault| (fault.config.clone(), broken(&fault.config, fault.edits)))
        .collect();
    // Elements side by side, floats, a unit of many cycles, valid bits.
    for name in
        ["int8_dot8", "fp8_multiplier_e4m3", "requantizer_serial", "quantizer_int8", "fp8_dot_e4m3_exact"]
    {
        let config = preset(name).unwrap();
        let ports = config.ports();
        let output = ports.iter().rfind(|port| port.direction == qrtl::unit::Direction::Output).unwrap();
        cases.push((config.clone(), inverted(&config, output.name)));
    }
    let config = preset("int8_mac").unwrap();
    cases.push((config.clone(), with_junk(&config, "$signed(junk)")));
    for (number, (config, verilog)) in cases.iter().enumerate() {
        let failures = folder.path().join(number.to_string());
        let effort = Effort { failures: Some(failures), ..effort(1 << 14) };
        let report = run(config, verilog, &effort).unwrap();
        let failure = report.failure.unwrap_or_else(|| panic!("{} is not found", config.name()));
        let (folder, shrunk) = (failure.folder.as_ref().unwrap(), failure.shrunk.as_ref().unwrap());
        let (status, text) = testbench(folder);
        assert_eq!(status, Some(1), "{}: {text}", config.name());
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("FAIL cycle "), "{}: {text}", config.name());
        assert!(text.contains(&format!(": {} expected ", shrunk.port)), "{}: {text}", config.name());
        if shrunk.start == 0 && !shrunk.expected.starts_with("0x") {
            let expected = format!("{} expected {}, got {}\n", shrunk.port, shrunk.expected, shrunk.got);
            assert!(text.contains(&expected), "{}: no {expected} in {text}", config.name());
        }
        fs::write(folder.join(format!("{}.v", config.name())), render(config)).unwrap();
        assert_eq!(testbench(folder), (Some(0), "PASS\n".to_string()), "{}", config.name());
    }
}

/// The module with the lowest bit of an output inverted.
fn inverted(config: &Config, output: &str) -> String {
    let own = render(config);
    let inner = format!("{}_inner", config.name());
    let module = own.replacen(&format!("module {}", config.name()), &format!("module {inner}"), 1);
    assert_ne!(own, module);
    let ports = config.ports();
    let declared: Vec<String> = ports
        .iter()
        .map(|port| {
            let direction = match port.direction {
                qrtl::unit::Direction::Input => "input",
                qrtl::unit::Direction::Output => "output",
            };
            format!("{direction} wire {} {}", port.net_type(), port.name)
        })
        .collect();
    let width = ports.iter().find(|port| port.name == output).unwrap().width();
    let connected: Vec<String> = ports
        .iter()
        .map(|port| {
            let net = if port.name == output { "right" } else { port.name };
            format!(".{}({net})", port.name)
        })
        .collect();
    format!(
        "{module}\nmodule {} ({});\n    wire [{}:0] right;\n    assign {output} = right ^ {width}'d1;\n    \
         {inner} unit ({});\nendmodule\n",
        config.name(),
        declared.join(", "),
        width - 1,
        connected.join(", "),
    )
}

#[test]
fn reports_where_and_why_a_design_stops() {
    let config = preset("int8_mac").unwrap();
    let cases = [
        ("if (a == 8'sd77) $fatal(1, \"b is %0d\", b);", "$fatal: b is "),
        ("if (a == 8'sd77) $stop;", "$stop"),
        ("if (a == 8'sd77) $finish;", "$finish"),
        ("if (a == 8'sd77) $error(\"seventy-seven\");", "$error or assertion: seventy-seven"),
        ("a_range: assert (a != 8'sd77) else $error(\"b is %0d\", b);", "$error or assertion: b is "),
        ("assert (a != 8'sd77);", "$error or assertion: "),
    ];
    for (statement, message) in cases {
        let verilog = extended(&config, &format!("    always @(posedge clk)\n        {statement}"));
        let line = verilog.lines().position(|line| line.contains(statement)).unwrap() + 1;
        let error = run(&config, &verilog, &effort(1 << 14)).unwrap_err().to_string();
        let reason = format!("int8_mac.v:{line}: {message}");
        assert!(error.contains(&reason), "no {reason} in {error}");
        assert!(error.contains("stopped: ") && error.contains("not call $finish"), "{error}");
    }
    // An assertion that holds changes nothing.
    let verilog = extended(&config, "    always @(posedge clk) assert (!(rst && !rst));");
    assert!(run(&config, &verilog, &effort(1 << 12)).unwrap().passed());
}

#[test]
fn verify_reports_failed_assertions() {
    let folder = tempfile::tempdir().unwrap();
    let rtl = folder.path().join("asserts.sv");
    let config = preset("int8_multiplier").unwrap();
    fs::write(&rtl, extended(&config, "    always @* assert (a != 8'sd3) else $error(\"three\");")).unwrap();
    let run = qrtl(&["verify", "int8_multiplier", "--rtl", rtl.to_str().unwrap()]);
    run.refused_with(&["error: the simulation of int8_multiplier stopped: ", "assertion: three"]);
}

#[test]
fn verify_aborts_designs_that_hang() {
    let folder = tempfile::tempdir().unwrap();
    let rtl = folder.path().join("loops.v");
    // Without $display, the C++ compiler concludes that the loop ends.
    fs::write(
        &rtl,
        "module int8_multiplier (\n    input signed [7:0] a, input signed [7:0] b, output reg signed [15:0] product\n);\n    \
         always @* begin\n        product = a * b;\n        while (product != 16'sd1) begin\n            \
         product = product | 16'sd2;\n            if (product == 16'sd1) $display(\"end\");\n        \
         end\n    end\nendmodule\n",
    )
    .unwrap();
    let run = qrtl(&["verify", "int8_multiplier", "--rtl", rtl.to_str().unwrap(), "--time-limit", "5"]);
    run.refused_with(&["loops.v made no progress for 5 s", "may loop", "--time-limit"]);
    let run = qrtl(&["verify", "int8_multiplier", "--time-limit", "5"]);
    run.refused_with(&["--rtl <FILE>"]);
}

/// A mac with a register that only its initial state sets, and a term of it added to the sum.
fn with_junk(config: &Config, term: &str) -> String {
    let sum = format!(": accum + {term})");
    broken(config, &[("    reg start;", "    reg [31:0] junk;\n    reg start;"), (": accum)", &sum)])
}

#[test]
fn detects_registers_without_a_reset_value() {
    let config = preset("int8_mac").unwrap();
    let report = run(&config, &with_junk(&config, "$signed(junk)"), &effort(1 << 12)).unwrap();
    let failure = report.failure.unwrap();
    assert!(report.random_start_cycles.is_some(), "registers at 0 hide the fault");
    let shrunk = failure.shrunk.as_ref().unwrap_or_else(|| panic!("not shrunk:\n{failure}"));
    assert_ne!(shrunk.start, 0, "{failure}");
    assert_eq!((shrunk.port.as_str(), shrunk.expected.as_str()), ("accum", "0"), "{failure}");
    assert!(shrunk.rows.len() <= 3, "{failure}");
    assert!(failure.to_string().contains("only from random initial registers"), "{failure}");

    let report = run(&config, &render(&config), &effort(1 << 9)).unwrap();
    assert!(report.passed());
    // Two episodes, without the cycles before their resets.
    assert_eq!(report.random_start_cycles, Some(2 * 1023));
    let config = preset("int8_multiplier_p2").unwrap();
    assert_eq!(run(&config, &render(&config), &effort(1)).unwrap().random_start_cycles, None);
}

fn covered(config: &Config, verilog: &str, effort: &Effort) -> (Report, CoverageSummary) {
    let built = ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap();
    let mut report = Verification::new(config, &CoverageModels::new(&built))
        .verilog(verilog)
        .effort(effort.clone())
        .run()
        .unwrap();
    let summary = report.coverage.take().unwrap();
    (report, summary)
}

#[test]
fn coverage_lists_points_missed_by_all_threads_and_lanes() {
    let config = preset("int8_mac").unwrap();
    let never = "    reg [31:0] seen;\n    reg late;\n    always @(posedge clk) begin\n        \
                 if (rst) seen <= 32'd0;\n        else if (seen == 32'hffffffff) late <= 1'b1;\n        \
                 else seen <= {31'd0, en};\n    end";
    let verilog = extended(&config, never);
    let (report, whole) = covered(&config, &verilog, &effort(1 << 16));
    assert!(report.passed() && report.compared > 0);
    let missed: Vec<&str> = whole.missed.iter().map(|point| point.what.as_str()).collect();
    assert!(missed.iter().any(|what| what.starts_with("seen[31]")), "{whole}");
    assert!(missed.iter().any(|what| what.starts_with("late")), "{whole}");
    assert!(whole.missed.iter().any(|point| point.kind != "toggle"), "the branch is not listed:\n{whole}");
    assert!(!missed.iter().any(|what| what.starts_with("mult_result") || what.starts_with("a[")), "{whole}");
    assert!(whole.lines.hit > 0 && whole.toggles.hit > 100, "{whole}");
    assert_eq!(
        whole.missed.len(),
        whole.lines.points - whole.lines.hit + whole.toggles.points - whole.toggles.hit
    );
    assert!(whole.to_string().contains("toggle seen[31:1] 0->1"), "{whole}");
    // One thread covers what two cover together; a run of a few rows covers less.
    let (_, alone) = covered(&config, &verilog, &Effort { threads: 1, ..effort(1 << 16) });
    assert_eq!(whole, alone);
    let multiplier = preset("int8_multiplier").unwrap();
    let (_, sweep) = covered(&multiplier, &render(&multiplier), &effort(1));
    // The highest bit of the slowest counter rises once and never falls.
    let missed: Vec<&str> = sweep.missed.iter().map(|point| point.what.as_str()).collect();
    assert_eq!(missed, ["b[7]:1->0"], "{sweep}");
    let (_, few) = covered(&multiplier, &render(&multiplier), &Effort { exhaustive_limit: 1, ..effort(4) });
    assert!(!few.missed.is_empty() && few.toggles.points == sweep.toggles.points, "{few}");
}

#[test]
#[ignore = "needs Icarus Verilog"]
fn four_state_detects_x_hidden_in_two_state_simulation() {
    let config = preset("int8_mac").unwrap();
    let icarus = icarus();
    let sound = icarus.verify(&config, &render(&config)).unwrap();
    assert_eq!(sound, FourState { compared: 20_000, failure: None });
    // 0 for any value of `junk`, but X in four-state simulation.
    let hidden = with_junk(&config, "$signed(junk & ~junk)");
    assert!(run(&config, &hidden, &effort(1 << 12)).unwrap().passed());
    let seen = icarus.verify(&config, &hidden).unwrap();
    assert!(!seen.passed() && seen.failure.as_ref().unwrap().contains("got accum=x"), "{seen:?}");
    let forgotten = icarus.verify(&config, &with_junk(&config, "$signed(junk)")).unwrap();
    assert!(!forgotten.passed(), "{forgotten:?}");

    let folder = tempfile::tempdir().unwrap();
    let rtl = folder.path().join("hidden.v");
    fs::write(&rtl, &hidden).unwrap();
    let junit = folder.path().join("junit.xml");
    let files = ["--rtl", rtl.to_str().unwrap(), "--junit", junit.to_str().unwrap()];
    let run = qrtl(&[&["verify", "int8_mac", "--four-state", "--cases", "4096"], &files[..]].concat());
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(
        run.stdout.contains("FOUR-STATE MISMATCH") && run.stderr.contains("got accum=x"),
        "{}",
        run.stderr
    );
    assert!(fs::read_to_string(junit).unwrap().contains("the four-state simulation differs"));
    let product = qrtl(&["verify", "int8_mac", "--four-state", "--cases", "4096"]).product();
    assert!(product.contains("all equal, 20000 four-state"), "{product}");
}

#[test]
#[ignore = "needs Icarus Verilog"]
fn four_state_refuses_code_that_only_icarus_sees() {
    let folder = tempfile::tempdir().unwrap();
    let (rtl, made) = (folder.path().join("own.v"), folder.path().join("made"));
    let open = format!("initial $display(\"%d\", $fopen(\"{}\", \"w\"));", made.display());
    let shipped = render(&preset("int2_multiplier").unwrap());
    let verify = |text: &str, options: &[&str]| {
        fs::write(&rtl, text).unwrap();
        let own = ["verify", "int2_multiplier", "--four-state", "--rtl", rtl.to_str().unwrap()];
        qrtl(&[&own, options].concat())
    };
    // A module that nothing instantiates is a second top module for Icarus.
    let unused = format!("{shipped}\nmodule second;\n    {open}\nendmodule\n");
    verify(&unused, &[]).refused_with(&["int2_multiplier has $fopen", "--allow-host-code"]);
    assert!(!made.exists());
    let hidden = shipped.replace("endmodule", &format!("`ifndef VERILATOR\n{open}\n`endif\nendmodule"));
    assert_eq!(verify(&hidden, &[]).code, 0);
    assert!(!made.exists());
    assert_eq!(verify(&hidden, &["--allow-host-code"]).code, 0);
    assert!(made.exists());
}

#[test]
#[ignore = "needs Icarus Verilog"]
fn four_state_without_a_verdict_is_an_error() {
    let config = preset("int8_mac").unwrap();
    let error = icarus().verify(&config, "module int8_mac; wire ; endmodule\n").unwrap_err();
    assert!(
        matches!(&error, FourStateError::Refused { message, .. } if message.contains("int8_mac.v:1")),
        "{error}"
    );
    let stops = extended(&config, "    initial #10 $finish;");
    let error = icarus().verify(&config, &stops).unwrap_err();
    assert!(matches!(error, FourStateError::NoVerdict { .. }), "{error}");
}
