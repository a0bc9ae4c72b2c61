//! Slice faults: off by one bit, or from the neighbouring element.

use crate::mutation::bench::Bench;
use crate::mutation::netlist::{Bit, Cell};

pub(crate) fn propose(bench: &mut Bench, (name, cell): (&str, &Cell)) {
    for (port, bits) in &cell.inputs {
        for (start, len, wire, first) in slices(bench, bits) {
            let vector = bench.wire(wire);
            let last = first + len - 1;
            let is_element = first.is_multiple_of(len) && vector.len().is_multiple_of(len) && len > 1;
            let mut moves = vec![("slice off by one bit", 1), ("slice off by one bit", -1)];
            if is_element {
                moves.extend([
                    ("element beside the right one", len as isize),
                    ("element beside the right one", -(len as isize)),
                ]);
            }
            for (class, by) in moves {
                let moved = |index: usize| index.checked_add_signed(by).filter(|&index| index < vector.len());
                let (Some(low), Some(high)) = (moved(first), moved(last)) else { continue };
                let mut wrong = bits.clone();
                wrong[start..start + len].copy_from_slice(&vector[low..=high]);
                let fault = format!("{wire}[{high}:{low}] in place of {wire}[{last}:{first}]");
                bench.input(class, &fault, (name, cell), port, wrong);
            }
        }
    }
}

/// Runs of at least two adjacent bits of one wire: index and length within `bits`, the wire, and the index
/// within the wire.
fn slices<'a>(bench: &Bench<'a>, bits: &[Bit]) -> Vec<(usize, usize, &'a str, usize)> {
    let mut slices: Vec<(usize, usize, &str, usize)> = Vec::new();
    for (position, &bit) in bits.iter().enumerate() {
        let Some((wire, index)) = bench.wire_bit(bit) else { continue };
        match slices.last_mut() {
            Some((start, len, own, first))
                if *start + *len == position && *own == wire && *first + *len == index =>
            {
                *len += 1;
            }
            _ => slices.push((position, 1, wire, index)),
        }
    }
    slices.retain(|slice| slice.1 > 1);
    slices
}
