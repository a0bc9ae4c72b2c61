//! Arithmetic faults: truncated products, lost carries, wrong operators.

use crate::mutation::bench::Bench;
use crate::mutation::netlist::{Bit, Cell};

pub(crate) fn propose(bench: &mut Bench, (name, cell): (&str, &Cell)) {
    match cell.kind.as_str() {
        "$mul" => products(bench, (name, cell)),
        "$add" | "$sub" => sums(bench, cell),
        "$neg" => {
            let value = cell.extended("A", cell.is_signed());
            bench.output("negation left out", "the value itself in place of its negative", cell, value);
        }
        _ => {}
    }
}

fn products(bench: &mut Bench, (name, cell): (&str, &Cell)) {
    let own = cell.output();
    if own.len() < 2 {
        return;
    }
    let what = bench.name(own);
    for kept in [own.len() - 1, own.len().div_ceil(2)] {
        let fill = if cell.is_signed() { own[kept - 1] } else { Bit::Zero };
        let bits = own[..kept].iter().copied().chain(vec![fill; own.len() - kept]).collect();
        bench.output("product truncated", &format!("{what} keeps its low {kept} bits"), cell, bits);
    }
    let mut bits = own.to_vec();
    bits[0] = Bit::Zero;
    bench.output("product truncated", &format!("{what} loses its lowest bit"), cell, bits);
    for port in ["A", "B"] {
        let mut bits = cell.input(port).to_vec();
        let Some(below) = bits.len().checked_sub(2) else { continue };
        bits[below + 1] = if cell.is_signed() { bits[below] } else { Bit::Zero };
        let fault = format!("{} enters the product without its top bit", bench.name(cell.input(port)));
        bench.input("operand truncated", &fault, (name, cell), port, bits);
    }
    let (kept, width) = (cell.extended("A", cell.is_signed()), own.len());
    let (other, signed) = (cell.extended("B", cell.is_signed()), cell.is_signed());
    let sum = bench.operator("$add", signed, &[("A", &kept), ("B", &other)], width);
    bench.output("wrong operator", "a sum in place of the product", cell, sum);
}

fn sums(bench: &mut Bench, cell: &Cell) {
    let own = cell.output();
    let (width, what) = (own.len(), bench.name(own));
    if width >= 2 {
        let replaced = |bit: Bit| own[..width - 1].iter().copied().chain([bit]).collect::<Vec<_>>();
        let fault = format!("{what} is kept to {} bits", width - 1);
        bench.output("sum or difference kept too narrow", &fault, cell, replaced(own[width - 2]));
        bench.output("carry lost", &format!("{what} loses its top bit"), cell, replaced(Bit::Zero));
    }
    let [a, b] = ["A", "B"].map(|port| cell.extended(port, cell.is_signed()));
    for cut in cuts(bench, cell) {
        let low = bench.operator(&cell.kind, false, &[("A", &a[..cut]), ("B", &b[..cut])], cut);
        let high = bench.operator(&cell.kind, false, &[("A", &a[cut..]), ("B", &b[cut..])], width - cut);
        let fault = format!("nothing carries into bit {cut} of {what}");
        bench.output("carry lost", &fault, cell, [low, high].concat());
    }
    let other = if cell.kind == "$add" { "$sub" } else { "$add" };
    let wrong = bench.operator(other, false, &[("A", &a), ("B", &b)], width);
    bench.output(
        "wrong operator",
        &format!("{what} by {} in place of {}", &other[1..], &cell.kind[1..]),
        cell,
        wrong,
    );
    if cell.kind == "$sub" {
        let wrong = bench.operator("$sub", false, &[("A", &b), ("B", &a)], width);
        bench.output("operands swapped", &format!("{what} has the other sign"), cell, wrong);
    }
}

/// Bit positions at which a fault cuts the carry: the middle, and each boundary between two wires of an
/// operand, as between packed lanes.
fn cuts(bench: &Bench, cell: &Cell) -> Vec<usize> {
    let width = cell.output().len();
    let seam = |pair: &[Bit]| {
        let wires = [pair[0], pair[1]].map(|bit| bench.wire_bit(bit).map(|(wire, _)| wire));
        wires[0] != wires[1]
    };
    let seams = ["A", "B"].into_iter().flat_map(|port| {
        let bits = cell.input(port);
        bits.windows(2)
            .enumerate()
            .filter(|(_, pair)| seam(pair))
            .map(|(index, _)| index + 1)
            .collect::<Vec<_>>()
    });
    let mut cuts: Vec<usize> =
        seams.take(3).chain([width / 2]).filter(|cut| (1..width).contains(cut)).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}
