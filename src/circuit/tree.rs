//! Adder trees: numbers are added in pairs, level by level.

use super::body::Body;
use super::net::{Factor, Net};
use super::schedule::Schedule;
use crate::unit::Integer;

/// Numbers of one type to be added.
#[derive(Debug)]
pub(crate) struct Tree {
    terms: Vec<Factor>,
}

impl Tree {
    /// `count` numbers side by side in the vector `name`.
    pub(crate) fn new(name: &str, term: Integer, count: u32) -> Self {
        let part = |index: u32| {
            let lo = index * term.bits;
            Factor { net: Net::part(name, lo + term.bits - 1, lo), signed: term.signed }
        };
        Self { terms: (0..count).map(part).collect() }
    }

    /// Levels of additions.
    pub(crate) fn levels(&self) -> u32 {
        self.terms.len().next_power_of_two().trailing_zeros()
    }

    /// Their sum, one bit wider with each level. Each level is a step of the schedule, from `first` on; the
    /// nets in `moving` pass through the same registers.
    pub(crate) fn sum(
        mut self,
        body: &mut Body,
        name: &str,
        schedule: Schedule,
        first: u32,
        moving: &mut [&mut Net],
    ) -> Factor {
        for level in 1.. {
            let bits = self.terms[0].bits() + 1;
            let pairs = self.terms.chunks(2).zip(0..).map(|(pair, index)| {
                let addends: Vec<String> = pair.iter().map(|term| term.extended(bits)).collect();
                // Synthesis would merge adders into compressors, which are larger.
                let net = body.kept_wire(&format!("{name}_{level}_{index}"), bits, &addends.join(" + "));
                Factor { net, signed: pair[0].signed }
            });
            self.terms = pairs.collect();
            if schedule.registers_after(first + level - 1) {
                let terms = self.terms.iter_mut().map(|term| &mut term.net);
                body.insert_registers(
                    &mut terms.chain(moving.iter_mut().map(|net| &mut **net)).collect::<Vec<_>>(),
                );
            }
            if let [total] = &self.terms[..] {
                return total.clone();
            }
        }
        unreachable!("every level halves the terms")
    }
}
