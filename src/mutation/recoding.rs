//! Products written out as sums, so that a solver sees more than a multiplier where an operand is known.

use super::miter::TWIN;
use super::netlist::{Bit, Netlist, operator};

/// The pair with the products that the fault reaches written out by the digits of the operand that it
/// reaches: of one that is a constant in some case, a solver finds the few digits that are not 0.
pub(crate) fn recoded(pair: &Netlist) -> Netlist {
    let mut netlist = pair.clone();
    for (name, cell) in pair.cells.iter().filter(|(_, cell)| cell.kind == "$mul") {
        let twin = format!("{TWIN}{name}");
        let Some(other) = pair.cells.get(&twin) else { continue };
        let operand = if cell.input("A") == other.input("A") { "B" } else { "A" };
        write_out(&mut netlist, name, operand);
        write_out(&mut netlist, &twin, operand);
    }
    netlist
}

/// Puts sums in the place of a product: a run of ones in the operand is a power of two less another
/// (A. D. Booth, "A signed binary multiplication technique", 1951).
pub(crate) fn write_out(netlist: &mut Netlist, name: &str, operand: &str) {
    let cell = netlist.cells.remove(name).expect("a product of that name");
    let other = if operand == "A" { "B" } else { "A" };
    let [digits, term] = [operand, other].map(|port| cell.extended(port, cell.is_signed()));
    let width = cell.output().len();
    let mut add = |kind: &str, inputs: &[(&str, &[Bit])], width: usize| {
        let output = netlist.fresh(width);
        let name = format!("$digit${}", netlist.next);
        netlist.cells.insert(name, operator(kind, false, inputs, &output));
        output
    };
    let mut sum = vec![Bit::Zero; width];
    let mut below = Bit::Zero;
    for (place, digit) in digits.into_iter().enumerate() {
        if digit == below {
            continue;
        }
        let shifted: Vec<Bit> =
            std::iter::repeat_n(Bit::Zero, place).chain(term.iter().copied()).take(width).collect();
        let more = add("$add", &[("A", &sum), ("B", &shifted)], width);
        let less = add("$sub", &[("A", &sum), ("B", &shifted)], width);
        let changed = add("$mux", &[("A", &more), ("B", &less), ("S", &[digit])], width);
        let changes = add("$xor", &[("A", &[digit]), ("B", &[below])], 1);
        sum = add("$mux", &[("A", &sum), ("B", &changed), ("S", &changes)], width);
        below = digit;
    }
    netlist.cells.insert(name.to_string(), operator("$pos", false, &[("A", &sum)], cell.output()));
}
