//! Errors of configs, each with its fix.

use super::matrix::MatrixError;

/// Error for an illegal unit, preset or set of parameters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No unit has that name.
    #[error("unknown unit '{name}'{hint}; `qrtl list` shows all units")]
    UnknownUnit {
        /// The requested name.
        name: String,
        /// A suggestion to append, or an empty text.
        hint: String,
    },
    /// A preset instead of a unit.
    #[error(
        "'{preset}' is a preset of the unit {owner}; give `{owner}` instead, `qrtl list {owner}` shows its parameters"
    )]
    PresetNotUnit {
        /// The preset that was asked for.
        preset: String,
        /// The unit it belongs to.
        owner: &'static str,
    },
    /// No preset has that name.
    #[error("unknown preset '{name}'{hint}; `qrtl list` shows all presets")]
    UnknownPreset {
        /// The requested name.
        name: String,
        /// A suggestion to append, or an empty text.
        hint: String,
    },
    /// Neither a unit nor a preset has that name.
    #[error("unknown unit or preset '{name}'{hint}; `qrtl list` shows all")]
    UnknownName {
        /// The requested name.
        name: String,
        /// A suggestion to append, or an empty text.
        hint: String,
    },
    /// The preset exists, but belongs to another unit.
    #[error("preset '{preset}' is a {owner}, not a {unit}; use `{owner} --preset {preset}`")]
    ForeignPreset {
        /// The preset asked for.
        preset: String,
        /// The unit it belongs to.
        owner: &'static str,
        /// The unit it was asked of.
        unit: &'static str,
    },
    /// The unit has no parameter of that name.
    #[error("{unit} has no parameter '{name}'{hint}; it has: {known}")]
    UnknownParameter {
        /// The unit.
        unit: &'static str,
        /// The requested name.
        name: String,
        /// A suggestion to append, or an empty text.
        hint: String,
        /// All names.
        known: String,
    },
    /// A `--set` without an equals sign.
    #[error("'{text}' is not a setting; write it as parameter=value, for example a_bits=8")]
    Syntax {
        /// The text as typed.
        text: String,
    },
    /// A parameter set to two different values.
    #[error("{parameter} is set twice, to {first} and to {second}; keep one of them")]
    Repeated {
        /// The parameter.
        parameter: &'static str,
        /// The value that came first.
        first: String,
        /// The value that came later.
        second: String,
    },
    /// A value outside the range of its parameter.
    #[error("{parameter}={value} is {problem}{hint}; legal: {legal}")]
    Value {
        /// The parameter.
        parameter: &'static str,
        /// The text as typed.
        value: String,
        /// What is wrong with it, such as `out of range`.
        problem: &'static str,
        /// The legal values.
        legal: String,
        /// A suggestion to append, or an empty text.
        hint: String,
    },
    /// A value that is not a matrix of integers.
    #[error("{parameter}: {source}")]
    Matrix {
        /// The parameter.
        parameter: &'static str,
        /// The error, with the fix.
        source: MatrixError,
    },
    /// An empty range.
    #[error("{parameter}={range} is not a range; write it as {parameter}=lo..=hi, with lo at most hi")]
    Range {
        /// The parameter.
        parameter: &'static str,
        /// The text as typed.
        range: String,
    },
    /// A list with an empty value, or a range without an end.
    #[error(
        "{parameter}={values} is incomplete; write values with commas between them, and ranges as lo..=hi"
    )]
    Incomplete {
        /// The parameter.
        parameter: &'static str,
        /// The text as typed.
        values: String,
    },
    /// A matrix, whose text form contains the separators of a sweep.
    #[error(
        "{parameter} is a matrix, which cannot be swept because its entries contain commas; omit it, or verify one matrix \
         at a time with `qrtl verify {unit} --set {parameter}=1,-2;3,4`"
    )]
    NotSwept {
        /// The unit.
        unit: &'static str,
        /// The parameter.
        parameter: &'static str,
    },
    /// Too many combinations for one sweep.
    #[error(
        "{combinations} combinations are too many for one sweep, the limit is {most}; sweep fewer values at a time"
    )]
    TooMany {
        /// The number of combinations, or a lower bound of it.
        combinations: u128,
        /// The limit of one sweep.
        most: u128,
    },
    /// A sweep without legal combinations.
    #[error("none of the {combinations} combinations is legal: {first}")]
    NoneLegal {
        /// The number of combinations.
        combinations: usize,
        /// The error of the first combination.
        first: Box<ConfigError>,
    },
    /// A preset together with a parameter that contradicts it.
    #[error(
        "preset {preset} fixes {parameter}={fixed}, which contradicts {parameter}={asked}; \
         drop one of the two (without the preset, `--set` every parameter you need)"
    )]
    PresetConflict {
        /// The preset.
        preset: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// Its value in the preset.
        fixed: String,
        /// The requested value.
        asked: String,
    },
    /// Parameters that are legal one by one, but not together.
    #[error("{reason}; {fix}")]
    Combination {
        /// The reason.
        reason: String,
        /// The fix.
        fix: String,
    },
    /// A module name that is not a plain Verilog identifier, or that occurs inside the module.
    #[error(
        "'{name}' cannot be a module name; use at most 127 of a-z, 0-9 and _, starting with a letter, \
         without a double underscore; no keyword of Verilog, SystemVerilog or VHDL, and no port or signal of the unit"
    )]
    ModuleName {
        /// The name.
        name: String,
    },
}
