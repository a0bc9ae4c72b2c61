//! The sum as a binary32, and what overrules it.

use super::{Dot, DotAlignment, DotStages};
use crate::circuit::body::Body;
use crate::circuit::delay_line::DelayLine;
use crate::circuit::float::{Steps, normalize, normalize_truncated, pattern, round_finite};
use crate::circuit::net::{Net, concatenation, repeated};
use crate::circuit::normalize::count_bits;

/// Flags of the products that overrule their sum, a bit for each.
pub(super) struct Overrules {
    nans: Net,
    /// Products that are positive or negative infinity.
    infinities: Option<[Net; 2]>,
    minus_zeros: Option<Net>,
}

/// The flags together, in step with the result.
pub(super) struct OverruleLines {
    nan: DelayLine,
    infinities: Option<[DelayLine; 2]>,
    minus_zero: Option<DelayLine>,
}

impl Overrules {
    pub(super) fn new(dot: &Dot) -> Self {
        let net = |name| Net::new(name, dot.products);
        let is_exact = matches!(dot.alignment, DotAlignment::Least { .. });
        Self {
            nans: net("nans"),
            infinities: dot.has_infinity.then(|| ["plus_infinities", "minus_infinities"].map(net)),
            minus_zeros: is_exact.then(|| net("minus_zeros")),
        }
    }

    pub(super) fn live(&mut self) -> Vec<&mut Net> {
        let mut live = vec![&mut self.nans];
        live.extend(self.infinities.iter_mut().flatten());
        live.extend(&mut self.minus_zeros);
        live
    }

    /// Declares the lines of `stages` registers.
    pub(super) fn lines(self, body: &mut Body, stages: u32) -> OverruleLines {
        let line = |name| DelayLine::new(name, 1, stages);
        let any = |net: &Net| format!("|{}", net.text());
        let mut registers = Vec::new();
        let mut declare = |name, value: &str| {
            registers.push(line(name).register(value));
            line(name)
        };
        let nan = match &self.infinities {
            None => any(&self.nans),
            Some([plus, minus]) => format!("{} | ({} & {})", any(&self.nans), any(plus), any(minus)),
        };
        let lines = OverruleLines {
            nan: declare("nan_line", &nan),
            infinities: self.infinities.map(|[plus, minus]| {
                [declare("plus_line", &any(&plus)), declare("minus_line", &any(&minus))]
            }),
            minus_zero: self
                .minus_zeros
                .map(|zeros| declare("minus_zero_line", &format!("&{}", zeros.text()))),
        };
        body.registers(registers);
        lines
    }
}

/// Normalizes and rounds or cuts the magnitude; returns the pattern.
pub(super) fn result(
    body: &mut Body,
    dot: &Dot,
    stages: DotStages,
    (magnitude, negative): (Net, DelayLine),
    lines: &OverruleLines,
    largest: Option<DelayLine>,
) -> String {
    body.comment(&["The leading one moves to the top, by powers of two."]);
    let amounts: Vec<u32> = (0..count_bits(magnitude.bits())).rev().map(|level| 1 << level).collect();
    let mut steps = Steps::new(dot.finish_steps(), stages.finish);
    let (finite, sign) = match dot.alignment {
        DotAlignment::Least { .. } => {
            let mut normalized = normalize(body, &mut steps, "", magnitude, &amounts, None);
            steps.end(body, &mut normalized.live());
            let exponent = exponent(dot, None, &normalized.shifts);
            let finite = round_finite(body, &mut steps, "sum_", normalized, &exponent);
            // A sum of 0 has the sign of its products. The exponent of any other is 64 at least.
            assert!(dot.top_exponent() + 1 - dot.magnitude_bits() >= 64, "{dot:?}");
            let is_nonzero = format!("({} | {})", finite.bit(30), finite.bit(29));
            (finite, format!("{} & {is_nonzero}", negative.last()))
        }
        DotAlignment::Largest { fraction_bits, .. } => {
            let (mut value, mut shifts) =
                normalize_truncated(body, &mut steps, magnitude, &amounts, fraction_bits + 1);
            steps.end(body, &mut [&mut value].into_iter().chain(&mut shifts).collect::<Vec<_>>());
            body.comment(&["Bits below the last one of the fraction are cut off."]);
            let exponent = body.wire("sum_exponent", 8, &exponent(dot, largest, &shifts));
            let hidden = value.bit(fraction_bits);
            let below = repeated("1'b0", 23 - fraction_bits);
            let parts = [exponent.text(), value.slice(fraction_bits - 1, 0), below];
            let choice = format!("{hidden} ? {} : 31'd0", concatenation(&parts));
            (body.wire("finite", 31, &choice), format!("{} & {hidden}", negative.last()))
        }
    };
    lines.pattern(body, &sign, &finite)
}

/// The exponent field of a sum with a leading one.
fn exponent(dot: &Dot, largest: Option<DelayLine>, shifts: &[Net]) -> String {
    let shifts: Vec<String> = shifts.iter().map(Net::text).collect();
    let shift = concatenation(&[repeated("1'b0", 8 - shifts.len() as u32), shifts.join(", ")]);
    let top = dot.top_exponent();
    match largest {
        None => format!("8'd{top} - {shift}"),
        Some(line) => {
            let padding = repeated("1'b0", 8 - dot.exponent_bits);
            format!("{} + 8'd{top} - {shift}", concatenation(&[padding, line.last()]))
        }
    }
}

impl OverruleLines {
    fn pattern(&self, body: &mut Body, sign: &str, finite: &Net) -> String {
        let sign = match self.minus_zero {
            None => sign.to_string(),
            Some(line) => format!("({sign}) | {}", line.last()),
        };
        match self.infinities {
            None => pattern(body, &self.nan.last(), &format!("({sign})"), None, finite),
            Some(lines) => {
                let [plus, minus] = lines.map(DelayLine::last);
                let sign = format!("({minus} | (({sign}) & ~{plus}))");
                pattern(body, &self.nan.last(), &sign, Some(&format!("{plus} | {minus}")), finite)
            }
        }
    }
}
