//! Constant faults: limits, bounds, rounding constants and multipliers off by one.

use crate::mutation::bench::Bench;
use crate::mutation::netlist::{Bit, Cell};

pub(crate) fn propose(bench: &mut Bench, (name, cell): (&str, &Cell)) {
    let class = match cell.kind.as_str() {
        "$lt" | "$le" | "$gt" | "$ge" | "$eq" | "$ne" => "bound off by one",
        "$mux" => "limit or reset value off by one",
        "$add" | "$sub" => "rounding constant off by one",
        "$mul" => "multiplier off by one",
        "$shl" | "$shr" | "$sshr" | "$shiftx" => "shift off by one",
        _ => return,
    };
    for (port, bits) in &cell.inputs {
        for (first, end) in runs(bits) {
            let value = &bits[first..end];
            // Zero extension does not count as a constant.
            if end == bits.len() && first > 0 && value.iter().all(|bit| *bit == Bit::Zero) {
                continue;
            }
            for (step, word) in [(Bit::One, "more"), (Bit::Zero, "less")] {
                let mut wrong = bits.clone();
                stepped(&mut wrong[first..end], step);
                let fault = format!("a constant of {} bits is 1 {word}", end - first);
                bench.input(class, &fault, (name, cell), port, wrong);
            }
        }
    }
}

/// Ranges of constants of at least two bits; a single bit counts if it is the whole input.
fn runs(bits: &[Bit]) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut index = 0;
    for chunk in bits.chunk_by(|a, b| a.is_constant() == b.is_constant()) {
        let end = index + chunk.len();
        if chunk[0].is_constant() && (chunk.len() > 1 || chunk.len() == bits.len()) {
            runs.push((index, end));
        }
        index = end;
    }
    runs
}

/// Adds one if `up` is 1, else subtracts one; wraps around.
fn stepped(bits: &mut [Bit], up: Bit) {
    for bit in bits {
        let carries = *bit == up;
        *bit = if *bit == Bit::One { Bit::Zero } else { Bit::One };
        if !carries {
            return;
        }
    }
}
