//! Bit heaps, reduced by Dadda's method.
//!
//! Each level reduces the columns to the next height of 2, 3, 4, 6, 9 ..., with the fewest adders.

use super::body::Body;
use super::net::concatenation;

/// Expressions of one bit each, by weight.
#[derive(Debug)]
pub(crate) struct BitHeap {
    columns: Vec<Vec<String>>,
}

impl BitHeap {
    /// An empty heap for a number of `bits` bits; bits of a higher weight are dropped.
    pub(crate) fn new(bits: u32) -> Self {
        Self { columns: vec![Vec::new(); bits as usize] }
    }

    pub(crate) fn push(&mut self, weight: u32, bit: String) {
        if let Some(column) = self.columns.get_mut(weight as usize) {
            column.push(bit);
        }
    }

    /// The maximum height of the columns after each level of adders.
    pub(crate) fn levels(&self) -> Vec<usize> {
        let height = self.columns.iter().map(Vec::len).max().unwrap_or(0);
        let mut levels: Vec<usize> = std::iter::successors(Some(2), |level| Some(level * 3 / 2))
            .take_while(|&level| level < height)
            .collect();
        levels.reverse();
        levels
    }

    /// One level of full and half adders, after which no column is higher than `height`.
    pub(crate) fn reduce(&mut self, body: &mut Body, level: u32, height: usize) {
        let mut adders = 0;
        for weight in 0..self.columns.len() {
            while self.columns[weight].len() > height {
                adders += 1;
                let name = |kind: &str| format!("{kind}_{level}_{adders}");
                let excess = self.columns[weight].len() - height;
                let (sum, carry) = match (self.columns[weight].remove(0), self.columns[weight].remove(0)) {
                    (x, y) if excess == 1 => (format!("{x} ^ {y}"), format!("{x} & {y}")),
                    (x, y) => {
                        let z = self.columns[weight].remove(0);
                        (format!("{x} ^ {y} ^ {z}"), format!("({x} & {y}) | ({z} & ({x} ^ {y}))"))
                    }
                };
                let sum = body.wire(&name("sum"), 1, &sum).name;
                self.push(weight as u32, sum);
                if weight + 1 < self.columns.len() {
                    let carry = body.wire(&name("carry"), 1, &carry).name;
                    self.push(weight as u32 + 1, carry);
                }
            }
        }
    }

    /// Inserts a pipeline stage for every bit.
    pub(crate) fn insert_registers(&mut self, body: &mut Body, level: u32) {
        let bits: Vec<String> =
            self.columns.iter().flatten().filter(|bit| *bit != ONE).rev().cloned().collect();
        let mut net = body.wire(&format!("heap_{level}"), bits.len() as u32, &concatenation(&bits));
        body.insert_registers(&mut [&mut net]);
        let slots = self.columns.iter_mut().flatten().filter(|bit| *bit != ONE);
        slots.zip(0..).for_each(|(slot, index)| *slot = net.bit(index));
    }

    /// The number, when no column is higher than 2: one adder from the first column of height 2 on.
    pub(crate) fn total(mut self, body: &mut Body) -> String {
        let single = self.columns.iter().take_while(|column| column.len() < 2).count();
        let mut added = self.columns.split_off(single);
        let parts = |columns: &mut [Vec<String>]| -> Vec<String> {
            let bits = columns.iter_mut().map(|column| column.pop().unwrap_or_else(|| "1'b0".to_string()));
            bits.rev().collect()
        };
        let low = parts(&mut self.columns);
        if added.is_empty() {
            return concatenation(&low);
        }
        let bits = added.len() as u32;
        let upper = body.wire("upper", bits, &concatenation(&parts(&mut added)));
        let lower = body.wire("lower", bits, &concatenation(&parts(&mut added)));
        let total = body.wire("total", bits, &format!("{} + {}", upper.name, lower.name));
        concatenation(&[vec![total.name], low].concat())
    }
}

/// The constant bit 1, which needs no register.
pub(crate) const ONE: &str = "1'b1";
