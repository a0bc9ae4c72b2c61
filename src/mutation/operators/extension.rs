//! Sign extension faults: dropped, or applied to an unsigned value.

use crate::mutation::bench::Bench;
use crate::mutation::netlist::{Bit, Cell};

const DROPPED: &str = "sign extension dropped";
const INVENTED: &str = "unsigned taken as signed";

pub(crate) fn propose(bench: &mut Bench, (name, cell): (&str, &Cell)) {
    match cell.kind.as_str() {
        "$add" | "$sub" | "$mul" => operands(bench, cell),
        "$lt" | "$le" | "$gt" | "$ge" => comparison(bench, cell),
        "$sshr" if cell.number("A_SIGNED") == 1 => {
            let wrong = bench.copy(cell, "$shr", &[]);
            bench.output(DROPPED, "a logical shift in place of the arithmetic one", cell, wrong);
        }
        _ => {}
    }
    for (port, bits) in &cell.inputs {
        let Some(&top) = bits.last() else { continue };
        let run = bits.iter().rev().take_while(|&&bit| bit == top).count();
        if run < 2 || run == bits.len() {
            continue;
        }
        let first = bits.len() - run;
        if top.is_constant() {
            let mut wrong = bits.clone();
            wrong[first..].fill(bits[first - 1]);
            let fault = format!("{} is extended by its top bit", bench.name(&bits[..first]));
            bench.input(INVENTED, &fault, (name, cell), port, wrong);
        } else {
            let mut wrong = bits.clone();
            wrong[first + 1..].fill(Bit::Zero);
            let fault = format!("{} is extended by 0", bench.name(&bits[..=first]));
            bench.input(DROPPED, &fault, (name, cell), port, wrong);
        }
    }
}

/// Operands narrower than the result, which the operator extends.
fn operands(bench: &mut Bench, cell: &Cell) {
    let (width, signed) = (cell.output().len(), cell.is_signed());
    for (port, other) in [("A", "B"), ("B", "A")] {
        if cell.input(port).len() >= width {
            continue;
        }
        let wrong = cell.extended(port, !signed);
        let right = cell.extended(other, signed);
        let name = bench.name(cell.input(port));
        let result = bench.copy(cell, &cell.kind, &[(port, &wrong), (other, &right)]);
        if signed {
            bench.output(DROPPED, &format!("{name} is extended by 0"), cell, result);
        } else {
            bench.output(INVENTED, &format!("{name} is extended by its top bit"), cell, result);
        }
    }
}

fn comparison(bench: &mut Bench, cell: &Cell) {
    let [a, b] = ["A", "B"].map(|port| cell.input(port).to_vec());
    if a.len() != b.len() {
        return;
    }
    let signed = cell.is_signed();
    let wrong = bench.operator(&cell.kind, !signed, &[("A", &a), ("B", &b)], cell.output().len());
    let (class, word) = if signed { (DROPPED, "unsigned") } else { (INVENTED, "signed") };
    bench.output(class, &format!("{} is compared as {word}", bench.name(&a)), cell, wrong);
}
