//! Logic faults: wrong bounds, ranges one bit short, ties rounded the other way.

use crate::mutation::bench::Bench;
use crate::mutation::netlist::{Bit, Cell};

const TIE: &str = "tie rounded the other way";

pub(crate) fn propose(bench: &mut Bench, (name, cell): (&str, &Cell)) {
    match cell.kind.as_str() {
        "$lt" => comparison(bench, cell, "$le"),
        "$le" => comparison(bench, cell, "$lt"),
        "$gt" => comparison(bench, cell, "$ge"),
        "$ge" => comparison(bench, cell, "$gt"),
        "$reduce_and" | "$reduce_or" | "$reduce_bool" | "$logic_not" => range(bench, (name, cell)),
        "$and" | "$logic_and" | "$or" | "$logic_or" => condition(bench, (name, cell)),
        "$xor" => {
            let wrong = bench.copy(cell, "$or", &[]);
            bench.output("wrong operator", "or in place of xor", cell, wrong);
        }
        "$not" => {
            let value = cell.input("A").to_vec();
            if value.len() == cell.output().len() {
                bench.output(
                    "complement left out",
                    "the bits themselves in place of their complement",
                    cell,
                    value,
                );
            }
        }
        "$add" => rounding(bench, (name, cell)),
        _ => {}
    }
}

fn comparison(bench: &mut Bench, cell: &Cell, other: &str) {
    let wrong = bench.copy(cell, other, &[]);
    let fault = format!("{} at the bound falls on the other side", bench.name(cell.input("A")));
    bench.output("bound off by one", &fault, cell, wrong);
}

/// A range check or a reduction of sticky bits that misses one bit.
fn range(bench: &mut Bench, (name, cell): (&str, &Cell)) {
    let bits = cell.input("A");
    let neutral = if cell.kind == "$reduce_and" { Bit::One } else { Bit::Zero };
    if bits.len() < 2 {
        return;
    }
    for (index, word) in [(0, "lowest"), (bits.len() - 1, "highest")] {
        let mut wrong = bits.to_vec();
        wrong[index] = neutral;
        let fault = format!("the {word} of {} bits of {} is left out", bits.len(), bench.name(bits));
        bench.input("range one bit short", &fault, (name, cell), "A", wrong);
    }
}

fn condition(bench: &mut Bench, (name, cell): (&str, &Cell)) {
    let (is_and, logical) = (cell.kind.ends_with("and"), cell.kind.starts_with("$logic"));
    let other = match (is_and, logical) {
        (true, false) => "$or",
        (false, false) => "$and",
        (true, true) => "$logic_or",
        (false, true) => "$logic_and",
    };
    let wrong = bench.copy(cell, other, &[]);
    bench.output("wrong operator", &format!("{} in place of {}", &other[1..], &cell.kind[1..]), cell, wrong);
    let neutral = if is_and { Bit::One } else { Bit::Zero };
    for (port, rest) in [("A", "B"), ("B", "A")] {
        let bits = cell.input(port);
        let what = bench.name(bits);
        let alone = vec![neutral; bits.len()];
        bench.input("condition left out", &format!("{what} is ignored"), (name, cell), port, alone);
        // guard & (last | sticky): the bit that decides a tie is the other operand of the sticky bits.
        let sticky = cell.input(rest).first().and_then(|&bit| bench.driver(bit));
        if !is_and && bits.len() == 1 && sticky.is_some_and(|sticky| sticky.kind == "$reduce_or") {
            let inverted = bench.operator("$not", false, &[("A", bits)], 1);
            bench.input(TIE, &format!("{what} decides ties the other way"), (name, cell), port, inverted);
            bench.input(TIE, "ties are always rounded up", (name, cell), port, vec![Bit::One]);
        }
    }
}

/// A rounding adder, recognised by an operand that is copies of one or two bits.
fn rounding(bench: &mut Bench, (name, cell): (&str, &Cell)) {
    for port in ["A", "B"] {
        let bits = cell.input(port).to_vec();
        let mut nets: Vec<Bit> = bits.iter().copied().filter(|bit| !bit.is_constant()).collect();
        nets.sort_unstable();
        nets.dedup();
        let has_room = bits.last() == Some(&Bit::Zero);
        if nets.is_empty() || nets.len() > 2 || !has_room {
            continue;
        }
        let what = bench.name(&nets);
        let put = |bits: &[Bit], from: &[Bit], to: &[Bit]| {
            let replaced = |bit: &Bit| from.iter().position(|own| own == bit).map_or(*bit, |index| to[index]);
            bits.iter().map(replaced).collect::<Vec<_>>()
        };
        let inverted = bench.operator("$not", false, &[("A", &nets)], nets.len());
        let wrong = put(&bits, &nets, &inverted);
        bench.input(TIE, &format!("{what} rounds the other way"), (name, cell), port, wrong);
        let none = put(&bits, &nets, &vec![Bit::Zero; nets.len()]);
        bench.input("rounding left out", &format!("{what} does not round"), (name, cell), port, none);
        let always = put(&bits, &nets, &vec![Bit::One; nets.len()]);
        bench.input("rounding always up", &format!("{what} is ignored"), (name, cell), port, always);
    }
}
