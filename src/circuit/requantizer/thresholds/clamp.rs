//! Clamp of the codes of a line to those of its staircase.

use super::super::output::literal;
use crate::circuit::{Body, Net, concatenation, repeated};
use crate::unit::Integer;

/// The codes of a line, clamped.
pub(super) struct Clamp {
    /// Fraction bits of the line.
    pub(super) fraction: u32,
    /// The type of every code before it is clamped.
    pub(super) code: Integer,
    /// The smallest and the largest code.
    pub(super) bounds: (i64, i64),
    pub(super) out: Integer,
    /// Whether the line leaves the output type on the side of the sign of the accumulator.
    pub(super) is_sign_decisive: bool,
}

/// Expressions on the accumulator.
pub(super) struct Accumulator {
    pub(super) sign: String,
    /// Whether it is outside the window; `None` if it never is.
    pub(super) outside: Option<String>,
}

impl Clamp {
    /// Declares the conditions, and returns the code as an expression.
    pub(super) fn emit(&self, body: &mut Body, line: &Net, accumulator: Accumulator) -> String {
        let (fraction, code, bits) = (self.fraction, self.code, self.out.bits);
        let top = fraction + code.bits - 1;
        let Accumulator { sign, outside } = accumulator;
        let [first, last] = [self.bounds.0, self.bounds.1].map(|code| self.pattern(code));
        let own = match top.checked_sub(fraction + bits - 1) {
            Some(_) => line.slice(fraction + bits - 1, fraction),
            None => concatenation(&[repeated(&line.bit(top), bits - code.bits), line.slice(top, fraction)]),
        };
        body.blank_line();
        let exceeds = self.exceeds(body, line);
        let selected = match (exceeds, outside) {
            (ExcessCondition::Never, None) => own,
            (ExcessCondition::Never, Some(outside)) => {
                format!("{outside} ? ({sign} ? {first} : {last}) : {own}")
            }
            (ExcessCondition::TowardsSign(fits), outside) => {
                let fits = outside.map_or(fits.clone(), |outside| format!("~{outside} & {fits}"));
                let fits = body.wire("fits", 1, &fits).text();
                format!("{fits} ? {own} : {}", self.nearest(&sign))
            }
            (ExcessCondition::Either { below, above }, outside) => {
                let [below, above] = match outside {
                    None => [below, above],
                    Some(outside) => {
                        [format!("{outside} ? {sign} : {below}"), format!("{outside} ? ~{sign} : {above}")]
                    }
                };
                let below = body.wire("is_below", 1, &below).text();
                let above = body.wire("is_above", 1, &above).text();
                format!("{below} ? {first} : {above} ? {last} : {own}")
            }
        };
        if self.out.signed { format!("$signed({selected})") } else { selected }
    }

    /// Whether the code depends on the sign of the accumulator, which may have bits outside the window.
    pub(super) fn reads_sign(&self, has_outside: bool) -> bool {
        has_outside || (self.may_exceed() && self.is_towards_sign())
    }

    /// Whether the line leaves the codes of the staircase.
    fn may_exceed(&self) -> bool {
        i128::from(self.bounds.0) > self.code.min() || i128::from(self.bounds.1) < self.code.max()
    }

    /// Whether the line leaves the codes on the side of the sign only, for a limit of the output type.
    fn is_towards_sign(&self) -> bool {
        let (first, last) = (i128::from(self.bounds.0), i128::from(self.bounds.1));
        self.is_sign_decisive && first == self.out.min() && last == self.out.max()
    }

    fn pattern(&self, code: i64) -> String {
        format!("{}'d{}", self.out.bits, self.out.encode(code.into()))
    }

    /// Limit of the output type in the direction of the sign.
    fn nearest(&self, sign: &str) -> String {
        match self.out.bits {
            bits if self.out.signed => format!("{{{sign}, {{{}{{~{sign}}}}}}}", bits - 1),
            bits => format!("{{{bits}{{~{sign}}}}}"),
        }
    }

    /// Condition under which the line leaves the codes of the staircase.
    fn exceeds(&self, body: &mut Body, line: &Net) -> ExcessCondition {
        let (fraction, code) = (self.fraction, self.code);
        let (first, last) = (i128::from(self.bounds.0), i128::from(self.bounds.1));
        if !self.may_exceed() {
            return ExcessCondition::Never;
        }
        let top = fraction + code.bits - 1;
        if self.is_towards_sign() {
            let above = line.slice(top, fraction + self.out.bits - u32::from(self.out.signed));
            return ExcessCondition::TowardsSign(if self.out.signed {
                format!("((&{above}) | ~(|{above}))")
            } else {
                format!("~(|{above})")
            });
        }
        let value = body.signed("level", code.bits, &format!("$signed({})", line.slice(top, fraction))).base;
        let bound = |limit: i128| literal(limit as i64, code.bits);
        let below =
            if first > code.min() { format!("({value} < {})", bound(first)) } else { "1'b0".to_string() };
        let above =
            if last < code.max() { format!("({value} > {})", bound(last)) } else { "1'b0".to_string() };
        ExcessCondition::Either { below, above }
    }
}

/// Condition under which a line leaves the codes.
enum ExcessCondition {
    Never,
    /// Below the smallest code only for negative accumulators, above the largest only for others; the expression
    /// is 1 if it does not.
    TowardsSign(String),
    /// Expressions that are 1 below or above the codes.
    Either {
        below: String,
        above: String,
    },
}
