//! Reasons why an audit has no verdict, each with its fix.

use std::path::PathBuf;

use crate::files::output::OutputError;
use crate::simulation::DutError;
use crate::toolchain::error::BuildError;

/// Error that prevents an audit.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// `--unit` does not name a kind of design.
    #[error("'{name}' cannot be audited{hint}: give --unit requantizer, multiplier, mac or dot")]
    UnknownKind {
        /// Name as given.
        name: String,
        /// Suggested name, ready to append, or empty.
        hint: String,
    },
    /// A module name that is not a legal C++ class name.
    #[error(
        "the module name '{0}' has characters other than letters, digits and _: wrap the design in a module with a plain name"
    )]
    TopName(String),
    /// A source file that cannot be read.
    #[error("cannot read {}: {source}; give the Verilog files of the design", path.display())]
    File {
        /// Path of the file.
        path: PathBuf,
        /// Error of the operating system.
        source: std::io::Error,
    },
    /// A file for `--map @FILE` without a map.
    #[error("{} {problem}: write lines such as acc=PORT", path.display())]
    MapFile {
        /// Path of the file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A word of `--map`, `--tie` or `--set` without `=`.
    #[error("'{word}' in {option} is not an assignment: write {form}")]
    NotAnAssignment {
        /// Option that contains the word.
        option: &'static str,
        /// Word as given.
        word: String,
        /// Correct form.
        form: &'static str,
    },
    /// An unknown role in `--map` or an unknown key in `--set`.
    #[error("a {kind} has no {category} '{name}'{hint}: its {category}s are {known}")]
    UnknownName {
        /// Kind of design.
        kind: &'static str,
        /// `role` or `setting`.
        category: &'static str,
        /// Name as given.
        name: String,
        /// Suggested name, ready to append, or empty.
        hint: String,
        /// All valid names.
        known: String,
    },
    /// The module has the name of the wrapper.
    #[error(
        "the design is named {0} as the config is: verify it with --rtl alone, or give the config another preset"
    )]
    SameName(String),
    /// `--map` names no port of the config.
    #[error("the config has no port '{name}'{hint}: its ports are {known}")]
    UnknownUnitPort {
        /// Name as given.
        name: String,
        /// Suggested name, ready to append, or empty.
        hint: String,
        /// All names.
        known: String,
    },
    /// `--map` or `--tie` names no port of the design.
    #[error("{top} has no port '{name}'{hint}; `qrtl ports` lists them")]
    UnknownDesignPort {
        /// Name as given.
        name: String,
        /// Suggested name, ready to append, or empty.
        hint: String,
        /// Module.
        top: String,
    },
    /// A port of the config has no counterpart.
    #[error("no {direction} of {top} is mapped to {port}: add --map {port}=PORT; free {direction}s: {free}")]
    UnmappedPort {
        /// Port of the config.
        port: &'static str,
        /// Module.
        top: String,
        /// `input` or `output`.
        direction: &'static str,
        /// Ports of the design that are not used.
        free: String,
    },
    /// An input of the design is neither mapped nor tied.
    #[error(
        "the input {port} of {top} is not driven: map a port of the config to it, or add --tie {port}=VALUE"
    )]
    UndrivenPort {
        /// Port of the design.
        port: String,
        /// Module.
        top: String,
    },
    /// An input is mapped to an output, or the other way round.
    #[error("{design} is mapped to {port}, which is an {expected}: map an {expected} of the design")]
    Direction {
        /// Port of the config.
        port: &'static str,
        /// Port of the design.
        design: String,
        /// `input` or `output`.
        expected: &'static str,
    },
    /// Two mapped ports differ in width.
    #[error(
        "{design} has {found} bits, and {port} has {expected}: set the parameters of the config to those of the design"
    )]
    PortWidth {
        /// Port of the config.
        port: &'static str,
        /// Its bits.
        expected: u32,
        /// Port of the design.
        design: String,
        /// Its bits.
        found: u32,
    },
    /// A value of `--set` or `--tie` that is out of range.
    #[error("{key}={value} is not valid: give {expected}")]
    InvalidValue {
        /// Setting or port.
        key: String,
        /// Value as given.
        value: String,
        /// Description of the valid values.
        expected: String,
    },
    /// A port that the design does not have.
    #[error("{top} has no port '{port}'{hint}: its ports are {ports}")]
    UnknownPort {
        /// Top module.
        top: String,
        /// Port name as given.
        port: String,
        /// Suggested name, ready to append, or empty.
        hint: String,
        /// All ports with their widths.
        ports: String,
    },
    /// A role, port or setting that is given twice.
    #[error("{0} is given twice: give each role, port and setting once")]
    Duplicate(String),
    /// Roles that cannot be guessed.
    #[error(
        "the roles of these ports of {top} cannot be guessed: {ports}; give --map {map} and a role for each, of {roles}, or --tie PORT=VALUE"
    )]
    AmbiguousMap {
        /// Top module.
        top: String,
        /// Ports that remain.
        ports: String,
        /// Map of the ports whose roles are known.
        map: String,
        /// All roles of the kind of design.
        roles: String,
    },
    /// A required role without a port.
    #[error("no port is mapped to {role}: add --map {role}=PORT; the ports of {top} are {ports}")]
    MissingRole {
        /// Required role.
        role: &'static str,
        /// Top module.
        top: String,
        /// All ports with their widths.
        ports: String,
    },
    /// An input that is neither mapped nor tied.
    #[error(
        "input {port} of {bits} bits is neither mapped nor tied: add --map ROLE={port}, where ROLE is one of {roles}, or --tie {port}=VALUE{fields}"
    )]
    UndrivenInput {
        /// Port, or the bits of it that are not driven.
        port: String,
        /// Number of these bits.
        bits: u32,
        /// Input roles of the kind of design.
        roles: String,
        /// Fields of the port, ready to append, or empty.
        fields: String,
    },
    /// An output mapped to an input role, or the reverse.
    #[error("{port} is an {found}, but {role} needs an {needed}: map an {needed} to {role}")]
    WrongDirection {
        /// Port name.
        port: String,
        /// Direction of the port.
        found: &'static str,
        /// Role it is mapped to.
        role: &'static str,
        /// Direction of the role.
        needed: &'static str,
    },
    /// An output in `--tie`.
    #[error("{0} is an output and cannot be tied: tie inputs only")]
    TiedOutput(String),
    /// A selection of bits that a port does not have.
    #[error(
        "{word}: {port} has no such bits; write PORT[HIGH:LOW] or PORT[BIT] of a vector, where bit 0 is the lowest"
    )]
    InvalidSlice {
        /// Selection as given.
        word: String,
        /// Port with its direction and size.
        port: String,
    },
    /// A port width that does not fit the role.
    #[error("{port} is {found} bits wide, but {role} of a {kind} needs {needed}: {fix}")]
    WrongWidth {
        /// Port name.
        port: String,
        /// Width of the port.
        found: u32,
        /// Role it is mapped to.
        role: &'static str,
        /// Kind of design.
        kind: &'static str,
        /// Widths that fit.
        needed: String,
        /// Fix to suggest.
        fix: String,
    },
    /// Roles whose numbers of elements do not match.
    #[error(
        "{0}: map as many elements to each role, or give the number of elements in a packed port with --set lanes=N"
    )]
    ElementCounts(String),
    /// A requantizer whose scale is given by more than one setting or port.
    #[error(
        "the scale is given twice: give multiplier with one of shift, right_shift and total_shift, or scale alone"
    )]
    AmbiguousScale,
    /// A requantizer whose scale is not given.
    #[error(
        "the scale is unknown: add --set multiplier=Q,shift=S (or right_shift, total_shift, or scale=D), or map the ports that carry it"
    )]
    UnknownScale,
    /// No source file defines the top module.
    #[error(
        "no module '{top}' in the files given{hint}: {found}; correct --top, or add the file that defines it"
    )]
    UnknownTop {
        /// Top module as given.
        top: String,
        /// Suggested name, ready to append, or empty.
        hint: String,
        /// Modules in the files.
        found: String,
    },
    /// Interface ports for which no wrapper can be made.
    #[error(
        "{top} has interface ports that cannot be wrapped: declare them in the module header as INTERFACE.MODPORT NAME, or write a module with plain ports that instantiates {top}\n{errors}"
    )]
    InterfacePorts {
        /// Top module.
        top: String,
        /// Errors of Verilator.
        errors: String,
    },
    /// Errors that Verilator reports, without anything else.
    #[error("{0}")]
    VerilatorErrors(String),
    /// Verilator crashed.
    #[error(
        "Verilator crashed on {top} ({status}): set VERILATOR to another release, or remove parts of the design until the construct is found"
    )]
    VerilatorCrash {
        /// Top module.
        top: String,
        /// Exit status.
        status: String,
    },
    /// Verilator exceeded the time limit.
    #[error("Verilator did not finish {top} in {seconds} s: audit a smaller design, or raise --time-limit")]
    VerilatorTimeout {
        /// Top module.
        top: String,
        /// Time limit.
        seconds: u64,
    },
    /// A combinational loop that stops Verilator or the simulation.
    #[error(
        "{top} has a combinational loop{path} that does not settle: break the loop with a register, or remove the feedback"
    )]
    CombinationalLoop {
        /// Top module.
        top: String,
        /// Signal and source line, ready to append, or empty.
        path: String,
    },
    /// An input of `any` changes a result.
    #[error(
        "{port} matters: the same operands give another result with other values of it, first in cycle {cycle} after reset; give it a role, or hold it with low={port} or high={port}"
    )]
    InputMatters {
        /// Input that is driven at random.
        port: String,
        /// Cycle of the first difference.
        cycle: usize,
    },
    /// A design without a clock whose results depend on earlier operands.
    #[error(
        "{top} holds state without a clock, in a latch or a combinational loop{path}: the same operands give different results; assign every signal in every branch, or map clk if there is one"
    )]
    StateWithoutClock {
        /// Top module.
        top: String,
        /// Signal and source line, ready to append, or empty.
        path: String,
    },
    /// The model cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The design ended the simulation, or the model cannot be loaded.
    #[error(transparent)]
    Simulation(#[from] DutError),
    /// The design produced no result.
    #[error(
        "{top}: {symptom} in {cycles} cycles: check --map, the polarity (--map rst=!PORT) and --tie{waveform}"
    )]
    NoResponse {
        /// Top module.
        top: String,
        /// Missing event.
        symptom: String,
        /// Number of cycles simulated.
        cycles: usize,
        /// Path of the waveform, ready to append.
        waveform: String,
    },
    /// Results that do not depend on the operands of one transaction alone.
    #[error(
        "{top}: the same operands give different results at different times, so no latency of up to {cycles} cycles fits its outputs: map the ports that control it (valid_in, clear), tie its modes, or audit it as a mac if it accumulates"
    )]
    NoLatency {
        /// Top module.
        top: String,
        /// Longest latency tried.
        cycles: usize,
    },
    /// `--exhaustive` for operands that cannot be enumerated.
    #[error(
        "--exhaustive cannot enumerate operands of {bits} bits: the most is {most}; tie or narrow some inputs, or drive random operands without --exhaustive"
    )]
    TooManyOperandBits {
        /// Bits of all operands.
        bits: u32,
        /// Bits that can be enumerated.
        most: u32,
    },
    /// `--exhaustive` for a sum over time.
    #[error(
        "--exhaustive cannot enumerate the operands of a sum over time: drive random ones without --exhaustive"
    )]
    ExhaustiveSum,
    /// The waveform cannot be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// `--expect` does not name a candidate.
    #[error("'{name}' is not a candidate for a {kind}{hint}: the candidates are {known}")]
    UnknownCandidate {
        /// Kind of design.
        kind: &'static str,
        /// Name as given.
        name: String,
        /// Suggested name, ready to append, or empty.
        hint: String,
        /// All candidates.
        known: String,
    },
    /// The audit exceeded the time limit.
    #[error(
        "no verdict on {top} within {seconds} s: the design may loop without advancing time; raise --time-limit, or run the design in a simulator"
    )]
    TimeLimit {
        /// Top module.
        top: String,
        /// Time limit.
        seconds: u64,
    },
}
