//! The `qrtl` executable.

use std::process::ExitCode;

fn main() -> ExitCode {
    qrtl::cli::main()
}
