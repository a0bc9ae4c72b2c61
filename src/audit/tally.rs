//! Comparison of candidates with the results of a design.

use serde::Serialize;

/// The first transaction on which a candidate differs from the design.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FirstMismatch {
    /// Operands as `name=value`.
    pub inputs: Vec<String>,
    /// Result of the design.
    pub got: i128,
    /// Result of the candidate.
    pub expected: i128,
}

/// Agreement of one candidate with the results of a design.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CandidateScore {
    /// Name, as in `--expect`.
    pub name: String,
    /// Description of the function.
    pub describes: String,
    /// Parameters for which the candidate is defined and was compared, `None` for all.
    pub domain: Option<String>,
    /// Number of results compared.
    pub compared: u64,
    /// Number of mismatches.
    pub wrong: u64,
    /// First mismatch.
    pub first: Option<FirstMismatch>,
    /// Mean difference of design and candidate, in units of the last place.
    pub bias: f64,
    /// Largest magnitude of the difference.
    pub largest: f64,
}

impl CandidateScore {
    /// Whether the candidate matches every result.
    pub fn matches_all(&self) -> bool {
        self.wrong == 0 && self.compared > 0
    }

    /// Fraction of results that differ.
    pub fn mismatch_rate(&self) -> f64 {
        mismatch_rate(self.wrong, self.compared)
    }
}

fn mismatch_rate(wrong: u64, compared: u64) -> f64 {
    wrong as f64 / compared.max(1) as f64
}

/// Running comparison of one candidate; tallies of parts of a run can be merged.
#[derive(Clone, Debug, Default)]
pub(crate) struct MismatchTally {
    pub compared: u64,
    pub wrong: u64,
    /// Number of results for which the candidate is not defined.
    pub undefined: u64,
    /// Index of the first mismatch, with the results of design and candidate.
    first: Option<(u64, i128, i128)>,
    /// Sum of the differences.
    sum: f64,
    largest: f64,
}

impl MismatchTally {
    /// Compares one result.
    #[inline]
    pub fn compare(&mut self, index: u64, got: i128, expected: i128) {
        self.compared += 1;
        if got != expected {
            self.wrong += 1;
            self.first.get_or_insert((index, got, expected));
            let difference = (got - expected) as f64;
            self.sum += difference;
            self.largest = self.largest.max(difference.abs());
        }
    }

    /// Whether the candidate matches every result for which it is defined, and is defined for some.
    pub fn matches(&self) -> bool {
        self.wrong == 0 && self.compared > 0
    }

    /// Adds the tally of a later part of the run.
    pub fn merge(&mut self, later: &Self) {
        self.compared += later.compared;
        self.wrong += later.wrong;
        self.undefined += later.undefined;
        self.first = self.first.or(later.first);
        self.sum += later.sum;
        self.largest = self.largest.max(later.largest);
    }

    /// Fraction of results that differ.
    pub fn mismatch_rate(&self) -> f64 {
        mismatch_rate(self.wrong, self.compared)
    }

    /// The score; `inputs` returns the operands of a result by its index.
    pub fn score(
        &self,
        name: &str,
        describes: &str,
        inputs: impl FnOnce(u64) -> Vec<String>,
    ) -> CandidateScore {
        let mismatch = |(index, got, expected)| FirstMismatch { inputs: inputs(index), got, expected };
        CandidateScore {
            name: name.to_string(),
            describes: describes.to_string(),
            domain: None,
            compared: self.compared,
            wrong: self.wrong,
            first: self.first.map(mismatch),
            bias: if self.compared == 0 { 0.0 } else { self.sum / self.compared as f64 },
            largest: self.largest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merged_tallies_equal_the_tally_of_the_whole_run() {
        let rows = [(3, 3), (5, 4), (-7, -7), (-9, -6), (0, 0)];
        let mut whole = MismatchTally::default();
        let mut parts = [MismatchTally::default(), MismatchTally::default()];
        for (row, (got, expected)) in rows.into_iter().enumerate() {
            whole.compare(row as u64, got, expected);
            parts[usize::from(row > 2)].compare(row as u64, got, expected);
        }
        let later = parts[1].clone();
        parts[0].merge(&later);
        let score = |tally: &MismatchTally| tally.score("x", "y", |row| vec![format!("row={row}")]);
        assert_eq!(score(&whole), score(&parts[0]));
        let score = score(&whole);
        assert_eq!((score.compared, score.wrong, score.bias, score.largest), (5, 2, -0.4, 3.0));
        assert_eq!(score.first.unwrap().inputs, ["row=1"]);
    }
}
