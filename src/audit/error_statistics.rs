//! Errors of results against exact real values.

use serde::Serialize;

/// Statistics of the errors of a requantizer, in units of the last place.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ErrorStatistics {
    /// Number of results whose exact value lies within the output bounds.
    pub compared: u64,
    /// Mean error.
    pub bias: f64,
    /// Least error.
    pub least: f64,
    /// Greatest error.
    pub most: f64,
    /// Number of errors in each bin of width [`ErrorStatistics::BIN`].
    ///
    /// The bins start at [`ErrorStatistics::FIRST`]. The first and the last include the errors beyond them.
    pub histogram: Vec<u64>,
}

impl ErrorStatistics {
    /// Width of a bin.
    pub const BIN: f64 = 1.0 / 16.0;
    /// Lower bound of the first bin.
    pub const FIRST: f64 = -1.5;
    /// Number of bins.
    pub const BINS: usize = 48;

    /// Adds one error.
    pub(crate) fn record(&mut self, error: f64) {
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
        // A running mean avoids a second pass and a large sum.
        self.bias += (error - self.bias) / self.compared as f64;
    }

    /// Adds the statistics of another part of the run.
    pub(crate) fn merge(&mut self, other: &Self) {
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
    fn merged_statistics_equal_those_of_the_whole_run() {
        let errors = [-0.5, -0.25, 0.0, 0.5, -0.75];
        let mut whole = ErrorStatistics::default();
        let mut parts = [ErrorStatistics::default(), ErrorStatistics::default()];
        for (at, error) in errors.into_iter().enumerate() {
            whole.record(error);
            parts[at % 2].record(error);
        }
        let other = parts[1].clone();
        parts[0].merge(&other);
        assert!((whole.bias + 0.2).abs() < 1e-12 && (parts[0].bias - whole.bias).abs() < 1e-12);
        assert_eq!((whole.least, whole.most, whole.histogram.iter().sum::<u64>()), (-0.75, 0.5, 5));
        assert_eq!(whole.histogram, parts[0].histogram);
    }
}
