//! Normalization of a magnitude with a limited number of leading zeros that count.

use super::{GUARDED_BITS, Steps};
use crate::circuit::body::Body;
use crate::circuit::net::{Net, concatenation, repeated};

/// A significand of 24 bits and what is below it.
#[derive(Debug)]
pub(crate) struct NormalizedSignificand {
    /// The significand and the next lower bit, the guard bit.
    pub(crate) value: Net,
    /// Whether a bit below the guard bit is set.
    pub(crate) sticky: Net,
    /// Whether each level shifted, the widest shift first.
    pub(crate) shifts: Vec<Net>,
}

impl NormalizedSignificand {
    /// The nets that a register between two steps holds.
    pub(crate) fn live(&mut self) -> Vec<&mut Net> {
        [&mut self.value, &mut self.sticky].into_iter().chain(&mut self.shifts).collect()
    }
}

/// Shift amounts of the levels that shift by 0 to `limit` bits: powers of two, the widest first.
pub(crate) fn shift_amounts(limit: u32) -> Vec<u32> {
    let mut amounts = Vec::new();
    let mut rest = limit;
    while rest > 0 {
        // No more than one above the sum of the later levels, so that every number can be composed.
        let amount = 1 << (31 - rest.div_ceil(2).leading_zeros());
        amounts.push(amount);
        rest -= amount;
    }
    amounts.sort_unstable_by(|a, b| b.cmp(a));
    amounts
}

/// The limit of a shift: the bits that are left of it.
#[derive(Debug)]
struct Limit {
    bits: Net,
    /// Whether all later shifts together are below the limit; `None` before the first level.
    is_above: Option<Net>,
}

impl Limit {
    /// Whether the next level may shift. The level is the highest bit of the limit; afterwards, the limit is the rest.
    fn permit(&mut self, body: &mut Body, suffix: &str, zeros: &str) -> String {
        let bit = self.bits.bit(self.bits.hi);
        let permitted = self.is_above.as_ref().map_or(bit.clone(), |net| format!("({} | {bit})", net.text()));
        if self.bits.hi > 0 {
            let now = format!("{bit} & ~{zeros}");
            let value = match self.is_above.take() {
                None => now,
                Some(before) => format!("{} | ({now})", before.text()),
            };
            self.is_above = Some(body.wire(&format!("unlimited_{suffix}"), 1, &value));
            self.bits = self.bits.sub(self.bits.hi - 1, 0);
        }
        permitted
    }
}

/// Shifts `value` left by its leading zeros, one step for each of the `amounts`.
///
/// The shift is at most the sum of the amounts, and at most `limit`, a number of as many bits as there are amounts;
/// with a limit, the amounts are all powers of two below its range. Bits below the guard bit are combined into the
/// sticky bit as soon as no shift can bring them back. The caller adds the last register.
pub(crate) fn normalize(
    body: &mut Body,
    steps: &mut Steps,
    prefix: &str,
    value: Net,
    amounts: &[u32],
    limit: Option<Net>,
) -> NormalizedSignificand {
    let limit = limit.map(|bits| Limit { bits, is_above: None });
    let kept = Kept { bits: GUARDED_BITS, has_sticky: true };
    let (value, sticky, shifts) = shift_out_zeros(body, steps, prefix, value, amounts, limit, kept);
    NormalizedSignificand { value, sticky: sticky.expect("a level that drops bits"), shifts }
}

/// Shifts `value` left by its leading zeros like [`normalize`], and cuts off what is below its `bits` highest bits.
///
/// Returns them and whether each level shifted. The caller adds the last register.
pub(crate) fn normalize_truncated(
    body: &mut Body,
    steps: &mut Steps,
    value: Net,
    amounts: &[u32],
    bits: u32,
) -> (Net, Vec<Net>) {
    let kept = Kept { bits, has_sticky: false };
    let (value, _, shifts) = shift_out_zeros(body, steps, "", value, amounts, None, kept);
    (value, shifts)
}

/// What is left of a number after its normalization.
#[derive(Clone, Copy)]
struct Kept {
    /// Its highest bits.
    bits: u32,
    /// Whether those below are combined into a sticky bit.
    has_sticky: bool,
}

fn shift_out_zeros(
    body: &mut Body,
    steps: &mut Steps,
    prefix: &str,
    mut value: Net,
    amounts: &[u32],
    mut limit: Option<Limit>,
    kept: Kept,
) -> (Net, Option<Net>, Vec<Net>) {
    let mut sticky = None;
    let mut shifts: Vec<Net> = Vec::new();
    for (index, &amount) in amounts.iter().enumerate() {
        let later: u32 = amounts[index + 1..].iter().sum();
        let name = |stem: &str| format!("{prefix}{stem}_{}", index + 1);
        let bits = value.bits();
        let head = value.sub(bits - 1, bits - amount);
        let zeros = if amount == 1 { format!("~{}", head.text()) } else { format!("~|{}", head.text()) };
        let condition = match &mut limit {
            None => zeros,
            Some(limit) => {
                let zeros = body.wire(&name("zeros"), 1, &zeros).name;
                format!("{zeros} & {}", limit.permit(body, &format!("{}", index + 1), &zeros))
            }
        };
        shifts.push(body.wire(&name("shift"), 1, &condition));
        let select = shifts[index].text();
        let width = bits.min(kept.bits + later);
        let lowest = bits - width;
        let moved = shifted(&value, amount, width);
        let dropped = (lowest > 0 && kept.has_sticky).then(|| value.sub(lowest - 1, 0));
        let choice = format!("{select} ? {moved} : {}", value.slice(bits - 1, lowest));
        value = body.wire(&name("normal"), width, &choice);
        sticky = sticky_bit(body, &name("sticky"), &select, dropped, sticky);
        if later > 0 {
            let mut live: Vec<&mut Net> = vec![&mut value];
            live.extend(sticky.iter_mut().chain(&mut shifts));
            if let Some(limit) = &mut limit {
                live.push(&mut limit.bits);
                live.extend(&mut limit.is_above);
            }
            steps.end(body, &mut live);
        }
    }
    (value, sticky, shifts)
}

/// The highest `width` bits of a number shifted left.
fn shifted(value: &Net, amount: u32, width: u32) -> String {
    let high = value.bits() - amount - 1;
    match (width - 1).checked_sub(high) {
        None | Some(0) => value.slice(high, high + 1 - width),
        Some(missing) => concatenation(&[value.slice(high, 0), repeated("1'b0", missing)]),
    }
}

/// The sticky bit after a level that drops these bits unless it shifts.
fn sticky_bit(
    body: &mut Body,
    name: &str,
    select: &str,
    dropped: Option<Net>,
    before: Option<Net>,
) -> Option<Net> {
    let Some(dropped) = dropped else { return before };
    let any = if dropped.bits() == 1 { dropped.text() } else { format!("|{}", dropped.text()) };
    let value = match before {
        None => format!("~{select} & {any}"),
        Some(before) => format!("{} | (~{select} & {any})", before.text()),
    };
    Some(body.wire(name, 1, &value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_compose_every_shift_up_to_the_limit() {
        assert_eq!(shift_amounts(8), [4, 2, 1, 1]);
        assert_eq!(shift_amounts(31), [16, 8, 4, 2, 1]);
        for limit in 1..=32 {
            let amounts = shift_amounts(limit);
            assert_eq!(amounts.iter().sum::<u32>(), limit);
            for zeros in 0..=64u32 {
                let mut rest = zeros;
                for amount in &amounts {
                    rest -= if rest >= *amount { *amount } else { 0 };
                }
                assert_eq!(zeros - rest, zeros.min(limit), "{amounts:?}");
            }
        }
    }
}
