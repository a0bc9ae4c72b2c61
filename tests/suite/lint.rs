//! Generated Verilog passes the linters without a warning.

mod linters;
mod sample;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use qrtl::catalogue::presets;
use qrtl::generator::companion::Companion;
use qrtl::generator::{named, render};
use qrtl::toolchain::cache::Cache;
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::verilator::Verilator;
use qrtl::unit::{Behaviour, Config};
use sample::{sample, structures, write_all, write_instances, write_modules};

/// Checks configs in groups on all processors, because tools are slow for many top modules. Each group has a
/// separate folder, so that a cell model is not read while another group writes it.
fn in_groups(configs: &[Config], size: usize, check: impl Fn(&Path, &[Config]) + Sync) {
    let next = Mutex::new(configs.chunks(size));
    let work = || {
        while let Some(group) = { next.lock().unwrap().next() } {
            let folder = tempfile::tempdir().unwrap();
            check(folder.path(), group);
        }
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..workers).for_each(|_| drop(scope.spawn(work))));
}

/// Runs a tool in a folder: exit status and everything it printed.
fn run(folder: &Path, tool: &str, arguments: &[&str], fix: &str) -> (Option<i32>, String) {
    let output = Command::new(tool)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|error| panic!("cannot run {tool} ({error}); {fix}"));
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.code(), text.concat())
}

fn iverilog(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let arguments = [&["-g2005", "-Wall"], arguments].concat();
    run(folder, "iverilog", &arguments, "install Icarus Verilog: apt-get install iverilog")
}

/// Builds and runs the testbench of a config against `verilog`.
fn testbench(config: &Config, verilog: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let (file, text) = Companion::Testbench.file(config);
    let mut files = write_all(folder.path(), config);
    fs::write(folder.path().join(&files[0]), verilog).unwrap();
    fs::write(folder.path().join(&file), text).unwrap();
    files.push(file);
    let arguments: Vec<&str> = ["-o", "tb"].into_iter().chain(files.iter().map(String::as_str)).collect();
    let built = iverilog(folder.path(), &arguments);
    assert_eq!(built, (Some(0), String::new()), "{}", config.name());
    run(folder.path(), "vvp", &["-N", "tb"], "install Icarus Verilog: apt-get install iverilog")
}

fn verilator_lints(configs: &[Config]) {
    let environment = Environment::of_process();
    let cache = Cache::open(&environment).unwrap();
    let verilator = Verilator::find(&environment, &cache, &|notice| eprintln!("{notice}")).unwrap();
    in_groups(configs, 16, |folder, configs| {
        let files = write_modules(folder, configs);
        let mut command = verilator.command();
        // Several top modules are expected here, and a file holds the modules
        // that its own instantiates.
        command.args(["--lint-only", "-Wall", "-Wno-MULTITOP", "-Wno-DECLFILENAME"]).args(&files);
        let output = command.current_dir(folder).output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && !text.contains('%'), "{text}");
    });
}

#[test]
fn verilator_lints_presets_and_drawn_configs_without_a_warning() {
    verilator_lints(&sample(64));
}

#[test]
#[ignore = "lints hundreds of modules"]
fn verilator_lints_every_structure_without_a_warning() {
    verilator_lints(structures());
}

#[test]
#[ignore = "needs Icarus Verilog"]
fn icarus_compiles_every_module_without_a_warning() {
    in_groups(structures(), 32, |folder, configs| {
        let mut files = write_modules(folder, configs);
        files.extend(write_instances(folder, configs));
        let arguments: Vec<&str> =
            ["-t", "null"].into_iter().chain(files.iter().map(String::as_str)).collect();
        assert_eq!(iverilog(folder, &arguments), (Some(0), String::new()), "{files:?}");
    });
}

#[test]
#[ignore = "needs Icarus Verilog"]
fn file_list_and_instance_compile_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    for config in sample(16) {
        write_all(folder.path(), &config);
        let (list, text) = Companion::FileList.file(&config);
        fs::write(folder.path().join(&list), text).unwrap();
        let (_, snippet) = Companion::Instance.file(&config);
        fs::write(folder.path().join("top.v"), format!("module top;\n{snippet}endmodule\n")).unwrap();
        let result = iverilog(folder.path(), &["-s", "top", "-o", "out", "-f", &list, "top.v"]);
        assert_eq!(result, (Some(0), String::new()), "{snippet}");
    }
}

#[test]
#[ignore = "needs Icarus Verilog"]
fn testbenches_pass_on_generated_modules() {
    for config in sample(4) {
        let (status, text) = testbench(&config, &render(&config));
        let compared = text.strip_prefix("PASS: ").and_then(|rest| rest.strip_suffix(" compared\n"));
        let compared: u64 = compared.unwrap_or_else(|| panic!("{}: {text}", config.name())).parse().unwrap();
        let ports = config.ports();
        let bits: u32 = ports.iter().filter(|port| port.is_driven()).map(|port| port.width()).sum();
        let whole = bits <= 16 && !ports.iter().any(|port| port.narrow);
        let least = match config.behaviour() {
            Behaviour::FeedForward { .. } if whole => 1 << bits,
            // All beats of three frames or more.
            Behaviour::Stream { .. } => {
                assert!((3..200_000).contains(&compared), "{}: {compared} beats", config.name());
                compared
            }
            _ if ports.iter().any(|port| port.elements > 1) => 2_000,
            _ => 20_000,
        };
        assert_eq!((status, compared), (Some(0), least), "{}", config.name());
    }
}

/// The text with another expression in place of one, comments aside.
fn replaced(verilog: &str, from: &str, to: &str) -> String {
    let line = |line: &str| match line.split_once("//") {
        Some((code, comment)) => format!("{}//{comment}\n", code.replace(from, to)),
        None => line.replace(from, to) + "\n",
    };
    verilog.lines().map(line).collect()
}

#[test]
#[ignore = "needs Icarus Verilog"]
fn testbenches_fail_on_broken_modules() {
    // Operator, start of a sum, reset, enable, sign extension, limit, sticky flag, a missing stage.
    let faults = [
        (" * ", " + "),
        ("start       <= clear", "start       <= 1'b0"),
        ("if (rst)", "if (rst & en)"),
        ("else if (en)", "else"),
        ("{mult_result[15]}}", "{1'b0}}"),
        ("~sum[20]", "sum[20]"),
        ("outside | (overflow & ~start)", "outside"),
        ("outside | (overflow & ~start)", "outside | overflow"),
        ("a_1 * b_1", "a * b"),
        ("$signed({1'd0, za})", "$signed({za[7], za})"),
    ];
    let mut applied = vec![0; faults.len()];
    for config in presets() {
        let sound = render(&config);
        for (count, (from, to)) in applied.iter_mut().zip(faults) {
            let broken = replaced(&sound, from, to);
            let has_enable = config.ports().iter().any(|port| port.name == "en");
            if broken == sound || (to.contains("& en") && !has_enable) {
                continue;
            }
            *count += 1;
            let (status, text) = testbench(&config, &broken);
            let name = config.name();
            assert!(status == Some(1) && text.starts_with("FAIL cycle "), "{name}, {to}: {status:?} {text}");
            let parts = ["expected", "got"].iter().all(|part| text.contains(part));
            // Of a stream, the beat is named.
            let is_stream = config.behaviour().is_stream();
            assert!(
                parts
                    && (is_stream
                        || config
                            .ports()
                            .iter()
                            .filter(|port| port.is_driven())
                            .all(|port| { text.contains(&format!(" {}=", port.name)) })),
                "{text}"
            );
        }
    }
    for (count, fault) in applied.iter().zip(faults) {
        assert!(*count > 0, "{fault:?} was found in no preset");
    }
}

#[test]
#[ignore = "needs Icarus Verilog"]
fn testbenches_work_under_any_module_name() {
    let names = ["cycle", "model", "drive", "value", "rows", "dut", "then_a", "expected_accum", "m_", "tb"];
    for name in names {
        let config = named(qrtl::catalogue::preset("int2_multiplier").unwrap(), name).unwrap();
        let (status, text) = testbench(&config, &render(&config));
        assert_eq!((status, text.as_str()), (Some(0), "PASS: 16 compared\n"), "{name}");
    }
}

#[test]
#[ignore = "needs Yosys"]
fn yosys_reads_every_module_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let files = write_modules(folder.path(), structures()).join(" ");
    fs::write(folder.path().join("script.ys"), format!("read_verilog {files}\nproc\ncheck -assert\n"))
        .unwrap();
    let (status, text) =
        run(folder.path(), "yosys", &["-q", "script.ys"], "install Yosys: apt-get install yosys");
    assert!(status == Some(0) && text.is_empty(), "{text}");
}
