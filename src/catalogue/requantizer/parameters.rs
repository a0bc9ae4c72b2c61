//! What a requantizer can be told, and which of it goes together.

use super::super::Kind;
use super::{ConfigError, Integer, Parameter, Value, Values};

const RULES: &[&str] = &["gemmlowp", "ruy", "single", "floor", "pow2", "pow2_floor"];
const CODE: Kind = Kind::Source { min: -(1 << 15), max: (1 << 16) - 1, words: &["port"] };
const BOUND: Kind = Kind::Source { min: -(1 << 15), max: (1 << 16) - 1, words: &["type", "port"] };

pub(super) const ALL: &[Parameter] = &[
    Parameter {
        name: "rule",
        kind: Kind::Choice(RULES),
        default: Value::Word("single"),
        help: "rounding rule, by its name in docs/arithmetic.md",
    },
    Parameter {
        name: "acc_bits",
        kind: Kind::Integer { min: 8, max: 64 },
        default: Value::Integer(32),
        help: "width of the signed accumulator in bits",
    },
    Parameter {
        name: "out_bits",
        kind: Kind::Integer { min: 2, max: 16 },
        default: Value::Integer(8),
        help: "width of the output code in bits",
    },
    Parameter {
        name: "out_signed",
        kind: Kind::Flag,
        default: Value::Flag(true),
        help: "the output code is two's complement",
    },
    Parameter {
        name: "multiplier",
        kind: Kind::Source { min: 0, max: i32::MAX as i64, words: &["port"] },
        default: Value::Integer(1_185_020_333),
        help: "Q0.31 multiplier",
    },
    Parameter {
        name: "shift",
        kind: Kind::Source { min: -63, max: 30, words: &["port"] },
        default: Value::Integer(-7),
        help: "left shift, negative to the right; -31..=30, for pow2 and pow2_floor -63..=0",
    },
    Parameter {
        name: "zero_point",
        kind: CODE,
        default: Value::Integer(0),
        help: "code of real zero, added after rounding",
    },
    Parameter {
        name: "clamp_min",
        kind: BOUND,
        default: Value::Word("type"),
        help: "least code; type: that of the output type",
    },
    Parameter {
        name: "clamp_max",
        kind: BOUND,
        default: Value::Word("type"),
        help: "largest code; type: that of the output type",
    },
    Parameter {
        name: "stages",
        kind: Kind::Integer { min: 1, max: 6 },
        default: Value::Integer(3),
        help: "registers between accumulator and output",
    },
];

/// Where a number comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    Constant(i64),
    Port,
    /// The bound of the output type.
    Type,
}

impl Source {
    pub(super) fn of(values: &Values, name: &str) -> Source {
        match values.value(name) {
            Value::Integer(number) => Source::Constant(number),
            Value::Word("port") => Source::Port,
            _ => Source::Type,
        }
    }

    /// `_m3`, `_em7`, `_zp`: how names write it; nothing for what is as if it were left out.
    pub(super) fn short(self, letter: &str) -> String {
        match self {
            Source::Type => String::new(),
            Source::Constant(0) if letter == "z" => String::new(),
            Source::Constant(number) if number < 0 => format!("_{letter}m{}", -number),
            Source::Constant(number) => format!("_{letter}{number}"),
            Source::Port => format!("_{letter}p"),
        }
    }
}

pub(super) fn accumulator(values: &Values) -> Integer {
    Integer::signed(values.count("acc_bits"))
}

pub(super) fn out(values: &Values) -> Integer {
    Integer { bits: values.count("out_bits"), signed: values.flag("out_signed") }
}

/// Whether the rule shifts and does not multiply.
pub(super) fn is_pow2(values: &Values) -> bool {
    matches!(values.word("rule"), "pow2" | "pow2_floor")
}

/// The type of the port `shift`.
pub(super) fn shift(values: &Values) -> Integer {
    Integer::signed(if is_pow2(values) { 7 } else { 6 })
}

/// Whether the rule reads the parameter.
pub(super) fn exists(values: &Values, name: &str) -> bool {
    !(name == "multiplier" && is_pow2(values))
}

/// What the unit computes before the zero point and the clamp, as the header states it.
pub(super) fn equation(values: &Values) -> &'static str {
    match values.word("rule") {
        "gemmlowp" => {
            "(R1) RDBPOT(SRDHM(acc * 2^max(shift,0), multiplier), max(-shift,0)) + zero_point, clamped."
        }
        "ruy" => {
            "(R2) v = SRDHM(acc * 2^max(shift,0), multiplier), (v + 2^(r-1)) >> r with r = max(-shift,0), + zero_point, clamped."
        }
        "single" => "(R3) ((acc * multiplier + 2^(30-shift)) >> (31-shift)) + zero_point, clamped.",
        "floor" => "(R6) ((acc * multiplier) >> (31-shift)) + zero_point, clamped.",
        "pow2" => "(R7) ((acc + 2^(r-1)) >> r) + zero_point with r = -shift, clamped.",
        _ => "(R7) (acc >> r) + zero_point with r = -shift, clamped.",
    }
}

/// The rules that tie parameters together.
pub(super) fn check(values: &Values) -> Result<(), ConfigError> {
    let refuse = |reason: String, fix: String| Err(ConfigError::Combination { reason, fix });
    let (rule, out) = (values.word("rule"), out(values));
    if let Source::Constant(shift) = Source::of(values, "shift") {
        let legal = if is_pow2(values) { -63..=0 } else { -31..=30 };
        if !legal.contains(&shift) {
            return refuse(
                format!("shift={shift} is outside the range of {rule}"),
                format!("choose one of {}..={}", legal.start(), legal.end()),
            );
        }
    }
    if !exists(values, "multiplier") && values.value("multiplier") != Value::Integer(1_185_020_333) {
        return refuse(
            format!("multiplier={} has no effect: {rule} does not multiply", values.value("multiplier")),
            "leave it out, or choose another rule".to_string(),
        );
    }
    for name in ["zero_point", "clamp_min", "clamp_max"] {
        if let Source::Constant(code) = Source::of(values, name)
            && !out.holds(code.into())
        {
            return refuse(
                format!("{name}={code} is not a value of the output ({})", out.short()),
                format!("choose one of {}..={}", out.min(), out.max()),
            );
        }
    }
    if let (Source::Constant(min), Source::Constant(max)) =
        (Source::of(values, "clamp_min"), Source::of(values, "clamp_max"))
        && min > max
    {
        return refuse(
            format!("clamp_min={min} is above clamp_max={max}, which leaves no code"),
            "exchange the two".to_string(),
        );
    }
    Ok(())
}
