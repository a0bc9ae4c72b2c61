//! Candidates held against what a design gave, and how far each is from it.

use serde::Serialize;

/// A row in which a candidate gives something else than the design.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Counterexample {
    /// The operands, `name=value`.
    pub inputs: Vec<String>,
    /// What the design gave.
    pub got: i128,
    /// What the candidate gives.
    pub expected: i128,
}

/// What was seen of one candidate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// Its name, for `--expect`.
    pub name: String,
    /// What it computes.
    pub describes: String,
    /// Results it was held against.
    pub compared: u64,
    /// Results that it does not give.
    pub wrong: u64,
    /// The first of them.
    pub first: Option<Counterexample>,
    /// Mean of the design's results less the candidate's, in units of the last place.
    pub bias: f64,
    /// The largest magnitude of that difference.
    pub largest: f64,
}

impl Score {
    /// Whether it gives every result that it was held against.
    pub fn explains(&self) -> bool {
        self.wrong == 0 && self.compared > 0
    }
}

/// Sums over rows, which parts of a run add up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub compared: u64,
    pub wrong: u64,
    /// The row and both results, before anybody asks for its operands.
    pub first: Option<(u64, i128, i128)>,
    sum: f64,
    largest: f64,
}

impl Tally {
    /// Notes the result of a row.
    #[inline]
    pub fn note(&mut self, row: u64, got: i128, expected: i128) {
        self.compared += 1;
        if got != expected {
            self.wrong += 1;
            self.first.get_or_insert((row, got, expected));
            let difference = (got - expected) as f64;
            self.sum += difference;
            self.largest = self.largest.max(difference.abs());
        }
    }

    /// Adds what a later part of the run noted.
    pub fn add(&mut self, later: &Tally) {
        self.compared += later.compared;
        self.wrong += later.wrong;
        self.first = self.first.or(later.first);
        self.sum += later.sum;
        self.largest = self.largest.max(later.largest);
    }

    /// The score, with the operands of its counterexample.
    pub fn score(&self, name: &str, describes: &str, inputs: impl FnOnce(u64) -> Vec<String>) -> Score {
        let counterexample = |(row, got, expected)| Counterexample { inputs: inputs(row), got, expected };
        Score {
            name: name.to_string(),
            describes: describes.to_string(),
            compared: self.compared,
            wrong: self.wrong,
            first: self.first.map(counterexample),
            bias: if self.compared == 0 { 0.0 } else { self.sum / self.compared as f64 },
            largest: self.largest,
        }
    }
}

/// How far results are from the exact real numbers that they stand for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Exactness {
    /// Results whose exact value lies within the bounds.
    pub compared: u64,
    /// Mean error in units of the last place.
    pub bias: f64,
    /// The least error.
    pub least: f64,
    /// The largest error.
    pub most: f64,
    /// How many errors lie in each [`Exactness::BIN`] from [`Exactness::FIRST`] on; what is beyond either
    /// end is in the last bin there.
    pub histogram: Vec<u64>,
}

impl Exactness {
    /// The width of a bin.
    pub const BIN: f64 = 1.0 / 16.0;
    /// Where the first bin begins.
    pub const FIRST: f64 = -1.5;
    /// The number of bins.
    pub const BINS: usize = 48;

    pub(crate) fn note(&mut self, error: f64) {
        if self.histogram.is_empty() {
            self.histogram = vec![0; Self::BINS];
        }
        if self.compared == 0 {
            (self.least, self.most) = (error, error);
        }
        self.least = self.least.min(error);
        self.most = self.most.max(error);
        let bin = ((error - Self::FIRST) / Self::BIN).clamp(0.0, Self::BINS as f64 - 1.0);
        self.histogram[bin as usize] += 1;
        self.compared += 1;
        // The running mean needs no second pass and no large sum.
        self.bias += (error - self.bias) / self.compared as f64;
    }

    pub(crate) fn add(&mut self, other: &Exactness) {
        match (self.compared, other.compared) {
            (_, 0) => {}
            (0, _) => *self = other.clone(),
            (mine, theirs) => {
                let total = (mine + theirs) as f64;
                self.bias = self.bias * (mine as f64 / total) + other.bias * (theirs as f64 / total);
                self.least = self.least.min(other.least);
                self.most = self.most.max(other.most);
                self.histogram.iter_mut().zip(&other.histogram).for_each(|(sum, count)| *sum += count);
                self.compared += theirs;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        let rows = [(3, 3), (5, 4), (-7, -7), (-9, -6), (0, 0)];
        let mut whole = Tally::default();
        let mut parts = [Tally::default(), Tally::default()];
        for (row, (got, expected)) in rows.into_iter().enumerate() {
            whole.note(row as u64, got, expected);
            parts[usize::from(row > 2)].note(row as u64, got, expected);
        }
        let later = parts[1].clone();
        parts[0].add(&later);
        let score = |tally: &Tally| tally.score("x", "y", |row| vec![format!("row={row}")]);
        assert_eq!(score(&whole), score(&parts[0]));
        let score = score(&whole);
        assert_eq!((score.compared, score.wrong, score.bias, score.largest), (5, 2, -0.4, 3.0));
        assert_eq!(score.first.unwrap().inputs, ["row=1"]);
    }

    #[test]
    fn errors_are_averaged_whatever_the_order() {
        let errors = [-0.5, -0.25, 0.0, 0.5, -0.75];
        let mut whole = Exactness::default();
        let mut parts = [Exactness::default(), Exactness::default()];
        for (at, error) in errors.into_iter().enumerate() {
            whole.note(error);
            parts[at % 2].note(error);
        }
        let other = parts[1].clone();
        parts[0].add(&other);
        assert!((whole.bias + 0.2).abs() < 1e-12 && (parts[0].bias - whole.bias).abs() < 1e-12);
        assert_eq!((whole.least, whole.most, whole.histogram.iter().sum::<u64>()), (-0.75, 0.5, 5));
        assert_eq!(whole.histogram, parts[0].histogram);
    }
}
