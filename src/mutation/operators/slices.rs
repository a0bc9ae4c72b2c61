//! Slices of a vector taken one place too high or too low, or from the element beside the right one.

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
                let moved = |place: usize| place.checked_add_signed(by).filter(|&place| place < vector.len());
                let (Some(low), Some(high)) = (moved(first), moved(last)) else { continue };
                let mut wrong = bits.clone();
                wrong[start..start + len].copy_from_slice(&vector[low..=high]);
                let fault = format!("{wire}[{high}:{low}] in place of {wire}[{last}:{first}]");
                bench.input(class, &fault, (name, cell), port, wrong);
            }
        }
    }
}

/// Where two bits or more of a wire stand side by side in its order: place and length among the bits, the
/// wire and the place in it.
fn slices<'a>(bench: &Bench<'a>, bits: &[Bit]) -> Vec<(usize, usize, &'a str, usize)> {
    let mut slices: Vec<(usize, usize, &str, usize)> = Vec::new();
    for (place, &bit) in bits.iter().enumerate() {
        let Some((wire, index)) = bench.place(bit) else { continue };
        match slices.last_mut() {
            Some((start, len, own, first))
                if *start + *len == place && *own == wire && *first + *len == index =>
            {
                *len += 1;
            }
            _ => slices.push((place, 1, wire, index)),
        }
    }
    slices.retain(|slice| slice.1 > 1);
    slices
}
