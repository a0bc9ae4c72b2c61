//! Mutant schema: all mutants of a module in one netlist, activated by a select.

use std::collections::{BTreeMap, HashSet};

use super::bench::Bench;
use super::mutant::{Mutant, Site};
use super::netlist::{Bit, ModulePort, Netlist, operator};
use super::operators::{GenericFaults, named};
use crate::stimulus::mix;
use crate::text::hex_digest;
use crate::unit::Config;

/// Input that selects the mutant: 0 is the module itself, `n` its `n`-th mutant.
pub(crate) const SELECT: &str = "mutant";

/// Draws per requested mutant before the search for further mutants ends.
const DRAWS: usize = 64;

/// A module and its mutants.
#[derive(Debug)]
pub(crate) struct Schema {
    /// The module with all mutants behind [`SELECT`].
    pub(crate) netlist: Netlist,
    /// Mutants in the order of the select, starting at 1.
    pub(crate) mutants: Vec<Mutant>,
}

impl Schema {
    /// Chooses `count` mutants: up to half of them named faults, evenly over the classes, the rest generic.
    /// The same netlist, count and seed give the same mutants.
    pub(crate) fn new(original: &Netlist, config: &Config, count: usize, seed: u64) -> Self {
        let mut bench = Bench::new(original);
        let known = shuffled_by_class(named(&mut bench, config), seed);
        let mut drawn = Vec::new();
        let mut generic = GenericFaults::new(original, seed);
        for rare in [false, true] {
            let wanted = count * DRAWS;
            drawn.extend((0..wanted).filter_map(|_| generic.next(&mut bench, rare)));
        }
        let mut schema = Self { netlist: original.clone(), mutants: Vec::new() };
        schema.netlist.next = bench.next();
        schema.netlist.detach_outputs();
        let select_bits = usize::BITS - count.leading_zeros();
        let select = schema.netlist.fresh(select_bits as usize);
        schema.netlist.ports.push(ModulePort {
            name: SELECT.to_string(),
            is_input: true,
            bits: select.clone(),
        });
        let mut seen: HashSet<(Vec<Site>, &str, String)> = HashSet::new();
        let (first, rest) = known.split_at(known.len().min(count / 2));
        for mutant in first.iter().chain(&drawn).chain(rest) {
            if schema.mutants.len() == count {
                break;
            }
            let sites = mutant.changes.iter().map(|change| change.site.clone()).collect();
            if seen.insert((sites, mutant.class, mutant.fault.clone())) {
                schema.add(mutant, &select);
            }
        }
        schema
    }

    /// Digest of the module with its mutants.
    pub(crate) fn digest(&self) -> String {
        hex_digest(&[self.netlist.json(false).as_bytes()])
    }

    /// Adds a mutant, unless it would close a combinational loop.
    fn add(&mut self, mutant: &Mutant, select: &[Bit]) {
        let mut netlist = self.netlist.clone();
        let number = self.mutants.len() + 1;
        let bit = |index: usize| if number >> index & 1 == 1 { Bit::One } else { Bit::Zero };
        let constant: Vec<Bit> = (0..select.len()).map(bit).collect();
        let chosen = netlist.fresh(1);
        let equal = operator("$eq", false, &[("A", select), ("B", &constant)], &chosen);
        netlist.cells.insert(format!("$chosen${number}"), equal);
        mutant.guard(&mut netlist, chosen[0]);
        if netlist.is_acyclic() {
            self.netlist = netlist;
            self.mutants.push(mutant.clone());
        }
    }
}

/// Mutants of each class in turn; within a class in an order drawn from the seed.
fn shuffled_by_class(mutants: Vec<Mutant>, seed: u64) -> Vec<Mutant> {
    let mut classes: BTreeMap<&str, Vec<(u64, Mutant)>> = BTreeMap::new();
    for (index, mutant) in mutants.into_iter().enumerate() {
        let key = mix(mix(!seed).wrapping_add(index as u64));
        classes.entry(mutant.class).or_default().push((key, mutant));
    }
    let mut turns: Vec<(usize, Mutant)> = Vec::new();
    for mut class in classes.into_values() {
        class.sort_by_key(|(key, _)| *key);
        turns.extend(class.into_iter().enumerate().map(|(turn, (_, mutant))| (turn, mutant)));
    }
    turns.sort_by_key(|(turn, _)| *turn);
    turns.into_iter().map(|(_, mutant)| mutant).collect()
}
