//! Search for a small graph: repeated attempts at sharing, each starting from most of the best graph so far.

use super::digits::digits;
use super::graph::Graph;
use super::range::Range;
use super::sharing::{SumTerm, Sums, mix};
use crate::unit::Matrix;

/// Attempts for a small matrix.
const ATTEMPTS: u64 = 300;
/// Approximate number of digit pairs of all attempts together: larger matrices get fewer attempts.
const PAIRS: u64 = 1_000_000;
/// Number of adders that an attempt removes from the best graph.
const DROPPED: u64 = 4;

/// The terms of each row, from the digits of its entries.
fn rows(matrix: &Matrix) -> Vec<Vec<SumTerm>> {
    let terms = |row: &[i64]| {
        let entries = row.iter().enumerate().flat_map(|(node, &entry)| {
            digits(entry).map(move |(shift, negative)| SumTerm { node, shift, negative })
        });
        entries.collect()
    };
    matrix.rows().map(terms).collect()
}

/// A graph in which rows share no adders.
pub(crate) fn separate(matrix: &Matrix, input: Range) -> Graph {
    Sums::new(&rows(matrix), matrix.columns(), input, 0).into_graph()
}

/// The cheapest graph found in which rows share adders. The search is deterministic: it depends neither on
/// time nor on the machine.
pub(crate) fn shared(matrix: &Matrix, input: Range, cost: impl Fn(&Graph) -> u64) -> Graph {
    let rows = rows(matrix);
    let pairs: u64 = rows.iter().map(|row| (row.len() * row.len()) as u64 / 2).sum();
    let attempt = |best: Option<&(u64, usize, Graph)>, seed: u64| {
        let mut sums = Sums::new(&rows, matrix.columns(), input, mix(seed));
        if let Some((_, shared, graph)) = best {
            let mut kept = vec![true; *shared];
            for drop in 0..DROPPED.min(*shared as u64) {
                kept[(mix(seed * DROPPED + drop) % *shared as u64) as usize] = false;
            }
            sums.follow(&graph.operations[..*shared], &kept);
        }
        let shared = sums.share_all();
        let graph = sums.into_graph();
        (cost(&graph), shared, graph)
    };
    let mut best = attempt(None, 0);
    for seed in 1..ATTEMPTS.min(PAIRS / pairs.max(1)) {
        let next = attempt(Some(&best), seed);
        // An equally expensive graph may lead to a cheaper one.
        if next.0 <= best.0 {
            best = next;
        }
    }
    best.2
}
