//! Why there is no verdict, with the fix in the text.

use std::path::PathBuf;

use crate::arithmetic::rescale::RescaleError;
use crate::files::output::OutputError;
use crate::simulation::DutError;
use crate::toolchain::error::BuildError;

/// Why a design was not audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// A unit that cannot be audited.
    #[error("'{name}' cannot be audited{hint}: choose one of requantizer, multiplier, mac, dot")]
    Unit {
        /// What was asked for.
        name: String,
        /// The nearest name, ready to append, or nothing.
        hint: String,
    },
    /// A module name that cannot name a C++ class.
    #[error("'{0}' is no plain module name: wrap the design in a module named with letters, digits and _")]
    TopName(String),
    /// A file that is not there.
    #[error("cannot read {}: {source}; give the Verilog files of the design", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A word of `--map`, `--tie` or `--set` that is no assignment.
    #[error("'{word}' in {option} is no assignment: write {form}")]
    Form {
        /// The option.
        option: &'static str,
        /// The word.
        word: String,
        /// What it should look like.
        form: &'static str,
    },
    /// A name on the left of `--map` or `--set` that the unit does not know.
    #[error("a {unit} has no {kind} '{name}'{hint}: the {kind}s are {known}")]
    Unknown {
        /// The unit.
        unit: &'static str,
        /// Role or setting.
        kind: &'static str,
        /// What was given.
        name: String,
        /// The nearest name, ready to append, or nothing.
        hint: String,
        /// All of them.
        known: String,
    },
    /// A value of `--set` that its key does not take.
    #[error("{key}={value} is not possible: give {expected}")]
    Value {
        /// The setting.
        key: String,
        /// What was given.
        value: String,
        /// What it takes.
        expected: String,
    },
    /// A port that the design does not have.
    #[error("{top} has no port '{port}'{hint}: its ports are {found}")]
    NoPort {
        /// The module.
        top: String,
        /// The port asked for.
        port: String,
        /// The nearest name, ready to append, or nothing.
        hint: String,
        /// All ports with their widths.
        found: String,
    },
    /// The same role or port twice.
    #[error("{0} is given twice: give each role and each port once")]
    Twice(String),
    /// A role without which nothing can be said.
    #[error("no port is mapped to {role}: add --map {role}=PORT; {top} has {found}")]
    MissingRole {
        /// The role.
        role: &'static str,
        /// The module.
        top: String,
        /// All ports with their widths.
        found: String,
    },
    /// An input that nobody drives.
    #[error(
        "input {port} of {bits} bits is neither mapped nor tied: add --map ROLE={port} with one of {roles}, or --tie {port}=VALUE"
    )]
    Undriven {
        /// The port.
        port: String,
        /// Its width.
        bits: u32,
        /// The roles of the unit's inputs.
        roles: String,
    },
    /// An output where an input is needed, or the reverse.
    #[error("{port} is an {found} and {role} needs an {needed}: map the port that {role} is")]
    Direction {
        /// The port.
        port: String,
        /// Its direction.
        found: &'static str,
        /// What it was mapped to.
        role: &'static str,
        /// The direction needed.
        needed: &'static str,
    },
    /// Bits that a port does not have.
    #[error(
        "{word}: {port} has no such bits; write PORT[HIGH:LOW] or PORT[BIT] of one vector, 0 the lowest bit"
    )]
    Slice {
        /// As it was given.
        word: String,
        /// The port, with direction and size.
        port: String,
    },
    /// A width that the unit cannot have.
    #[error("{port} is {found} bits wide and {role} of a {unit} has {needed}: {fix}")]
    Width {
        /// The port.
        port: String,
        /// Its width.
        found: u32,
        /// What it was mapped to.
        role: &'static str,
        /// The unit.
        unit: &'static str,
        /// The widths that fit.
        needed: String,
        /// What to do.
        fix: String,
    },
    /// Vectors of different length.
    #[error("{0}: map as many elements to each, or say with --set lanes=N how many a packed port holds")]
    Elements(String),
    /// Something that the unit needs to be told.
    #[error("{0}")]
    Incomplete(String),
    /// Numbers that no rule can apply.
    #[error(transparent)]
    Scale(#[from] RescaleError),
    /// The top module is not in the files.
    #[error("no module '{top}' in the files given{hint}: {found}; give --top, or the file that defines it")]
    NoTop {
        /// The module asked for.
        top: String,
        /// The nearest name, ready to append, or nothing.
        hint: String,
        /// The modules there are.
        found: String,
    },
    /// Verilator's own message, and nothing else.
    #[error("{0}")]
    Verilog(String),
    /// Verilator died.
    #[error(
        "Verilator crashed on {top} ({status}): try another release (VERILATOR), or find the construct by leaving parts out"
    )]
    Crash {
        /// The module.
        top: String,
        /// How it ended.
        status: String,
    },
    /// Verilator took too long.
    #[error("Verilator did not finish {top} in {seconds} s: give a smaller design, or raise --time-limit")]
    Verilating {
        /// The module.
        top: String,
        /// The limit.
        seconds: u64,
    },
    /// A combinational loop that Verilator or the simulation trips over.
    #[error(
        "{top} has a combinational loop{path} that does not settle: break it with a register, or remove what feeds a signal back into itself"
    )]
    Loop {
        /// The module.
        top: String,
        /// Where, ready to append.
        path: String,
    },
    /// State without a clock.
    #[error(
        "{top} holds state without a clock, in a latch or a combinational loop{path}: the same operands give different results; give every signal a value in every branch, or map clk if there is one"
    )]
    State {
        /// The module.
        top: String,
        /// Where, ready to append.
        path: String,
    },
    /// The model cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The design ended the simulation, or the model cannot be loaded.
    #[error(transparent)]
    Dut(#[from] DutError),
    /// No result ever came.
    #[error(
        "{top}: {what} in {cycles} cycles: check the map, the polarity (--map rst=!PORT) and the ties{wave}"
    )]
    Silent {
        /// The module.
        top: String,
        /// What did not happen.
        what: String,
        /// How long it was waited for.
        cycles: usize,
        /// Where the waveform is, ready to append.
        wave: String,
    },
    /// Results that are no function of one transaction's operands.
    #[error(
        "{top}: {what}: no latency of up to {cycles} cycles explains its outputs; map the ports that control it (valid_in, clear), tie its modes, or audit it as a mac if it accumulates"
    )]
    NoLatency {
        /// The module.
        top: String,
        /// What was seen.
        what: String,
        /// The longest latency tried.
        cycles: usize,
    },
    /// The waveform cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A name for `--expect` that is no candidate.
    #[error("'{name}' is no candidate of a {unit}{hint}: the candidates are {known}")]
    Expect {
        /// The unit.
        unit: &'static str,
        /// What was given.
        name: String,
        /// The nearest name, ready to append, or nothing.
        hint: String,
        /// All of them.
        known: String,
    },
    /// The whole took too long.
    #[error(
        "no verdict on {top} within {seconds} s: the design may loop without advancing time; raise --time-limit, or look at it with a simulator"
    )]
    TimeLimit {
        /// The module.
        top: String,
        /// The limit.
        seconds: u64,
    },
}
