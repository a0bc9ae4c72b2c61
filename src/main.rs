//! The `qrtl` executable: parse, run, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    qrtl::cli::main()
}
