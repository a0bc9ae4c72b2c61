//! Final adders of an output, which are not shared.

use super::adders::Adders;
use super::graph::{AdderFunction, GraphAdder, Tap};
use super::sharing::SumTerm;

/// Adds up the terms of an output in pairs, the narrowest adder first; `None` without terms.
pub(crate) fn add_up(mut row: Vec<SumTerm>, adders: &mut Adders) -> Option<Tap> {
    if row.iter().all(|term| term.negative) {
        let narrowest = row.iter_mut().min_by_key(|term| adders.ranges[term.node].integer().bits)?;
        let node = narrowest.node;
        let negation = GraphAdder { function: AdderFunction::Negate, low: node, high: node, shift: 0 };
        *narrowest = SumTerm { node: adders.push(negation), negative: false, ..*narrowest };
    }
    while row.len() > 1 {
        row.sort_by_key(|term| (term.shift, term.node));
        let positive = row.iter().filter(|term| !term.negative).count();
        let pairs = (1..row.len())
            .flat_map(|high| (high.saturating_sub(NEIGHBOURS)..high).map(move |low| (low, high)));
        let cost = |&(low, high): &(usize, usize)| {
            let (operation, _) = join(row[low], row[high], positive);
            (adders.bits(operation), adders.level(operation), adders.range(operation).integer().bits)
        };
        let (low, high) = pairs.min_by_key(cost).expect("two terms make a pair");
        let (operation, term) = join(row[low], row[high], positive);
        row.remove(high);
        row[low] = SumTerm { node: adders.push(operation), ..term };
    }
    row.first().map(|term| Tap { node: term.node, shift: term.shift })
}

/// Maximum distance of two added terms in the order of shifts; bounds the search time for long sums.
const NEIGHBOURS: usize = 16;

/// The sum of two terms, of which `low` has the smaller shift: the adder, and the resulting term with a node
/// to be replaced. One term of a row stays positive.
fn join(low: SumTerm, high: SumTerm, positive: usize) -> (GraphAdder, SumTerm) {
    let last = positive == 1 && low.negative && !high.negative;
    let function = match (low.negative == high.negative, last) {
        (true, _) => AdderFunction::Add,
        (false, true) => AdderFunction::Reverse,
        (false, false) => AdderFunction::Subtract,
    };
    let operation = GraphAdder { function, low: low.node, high: high.node, shift: high.shift - low.shift };
    (operation, SumTerm { negative: low.negative && !last, ..low })
}
