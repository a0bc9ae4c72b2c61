//! Pairs of module and mutant that know less, so that a solver answers sooner.

use super::miter::TWIN;
use super::netlist::{Cell, ModulePort, Netlist};

/// The pair with some of what both share replaced by free inputs, the freest first: whatever holds of
/// such a pair holds of the pair itself. Registers and products, or products alone; none where nothing
/// of the kind is shared.
pub(crate) fn abstractions(pair: &Netlist) -> Vec<Netlist> {
    let products = without_products(pair);
    let registers = freed(pair, |cell| cell.is_register() || is_product(cell));
    match (registers, products) {
        // Without a register the two are the same.
        (Some(registers), Some(products)) if registers.cells.len() == products.cells.len() => vec![products],
        (registers, products) => registers.into_iter().chain(products).collect(),
    }
}

/// The same with products alone.
pub(crate) fn without_products(pair: &Netlist) -> Option<Netlist> {
    freed(pair, is_product)
}

fn is_product(cell: &Cell) -> bool {
    cell.kind == "$mul"
}

/// The pair with the outputs of some cells free.
fn freed(pair: &Netlist, is_freed: impl Fn(&Cell) -> bool) -> Option<Netlist> {
    let is_shared =
        |name: &str| !name.starts_with(TWIN) && !pair.cells.contains_key(&format!("{TWIN}{name}"));
    let names: Vec<&String> = pair
        .cells
        .iter()
        .filter(|(name, cell)| is_shared(name) && is_freed(cell))
        .map(|(name, _)| name)
        .collect();
    if names.is_empty() {
        return None;
    }
    let mut free = pair.clone();
    for (number, name) in names.into_iter().enumerate() {
        let cell = free.cells.remove(name)?;
        let bits = cell.output().to_vec();
        free.ports.push(ModulePort { name: format!("free_{number}"), is_input: true, bits });
    }
    free.prune();
    Some(free)
}
