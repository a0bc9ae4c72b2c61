//! Effect of `clear`, `last` and `en` on a sum.

use crate::audit::finding::Finding;
use crate::audit::harness::Harness;
use crate::audit::rows::{CLEAR, ENABLE, LAST, VALID};
use crate::audit::timing::cycles;

/// Maximum number of rows by which an undelayed `clear` may come early.
const MAX_CLEAR_LEAD: usize = 4;

/// Effect of the control inputs on a sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ControlBehaviour {
    /// Whether the pair presented with `clear` is kept, not dropped.
    pub keeps_clear_pair: bool,
    /// Whether `clear` also acts in rows that are not accepted.
    pub clears_ungated: bool,
    /// Rows by which `clear` acts too early because it is not delayed with the pairs.
    pub clear_lead: usize,
    /// Whether `en` stalls every register; otherwise it marks the pairs that count.
    pub enable_stalls: bool,
    /// Effect of `last` on the pairs after it.
    pub after_last: AfterLast,
}

/// Effect of the end of a sum on the pairs after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum AfterLast {
    /// The next pair begins a new sum.
    Restarts,
    /// The next sum begins after the pair that follows at once, which is dropped.
    DropsPair,
    /// The sum continues.
    #[default]
    Continues,
}

impl AfterLast {
    const ALL: [Self; 3] = [Self::Restarts, Self::DropsPair, Self::Continues];

    fn describe(self) -> &'static str {
        match self {
            Self::Restarts => "the next pair begins a new sum",
            Self::DropsPair => {
                "the pair in the cycle right after it is dropped, and the one after that begins a new sum"
            }
            Self::Continues => "the sum continues after it",
        }
    }
}

impl ControlBehaviour {
    /// Every behaviour that the mapped ports allow, the most common first.
    pub fn all(harness: &Harness, latency: usize) -> Vec<Self> {
        let has_clear = harness.has(CLEAR);
        let max_lead = if has_clear { latency.min(MAX_CLEAR_LEAD) } else { 0 };
        let mut all = Vec::new();
        for clear_lead in 0..=max_lead {
            for &keeps_clear_pair in true_first(has_clear) {
                for &clears_ungated in false_first(has_clear && harness.is_gated()) {
                    for &enable_stalls in true_first(harness.has(ENABLE)) {
                        let ends =
                            if harness.marks_ends() { &AfterLast::ALL[..] } else { &AfterLast::ALL[2..] };
                        for &after_last in ends {
                            all.push(Self {
                                keeps_clear_pair,
                                clears_ungated,
                                clear_lead,
                                enable_stalls,
                                after_last,
                            });
                        }
                    }
                }
            }
        }
        all
    }

    /// Findings about the mapped control inputs.
    pub fn findings(self, harness: &Harness) -> Vec<Finding> {
        let mut findings = Vec::new();
        if harness.has(CLEAR) {
            findings.push(Finding::new("clear", &self.describe_clear(harness)));
        }
        if let Some(pairs) = harness.pairs_per_sum {
            findings.push(Finding::new("sums", &format!("of {pairs} pairs, counted by the design")));
        }
        if harness.has(LAST) {
            findings.push(Finding::new("last", self.after_last.describe()));
        }
        if harness.has(ENABLE) {
            let text =
                if self.enable_stalls { "stalls every register" } else { "marks the pairs that count" };
            findings.push(Finding::new("en", text));
        }
        findings
    }

    fn describe_clear(self, harness: &Harness) -> String {
        let mut text = if self.keeps_clear_pair {
            "the pair presented with it begins the new sum".to_string()
        } else {
            "the sum becomes 0, and the pair presented with it is dropped".to_string()
        };
        if self.clear_lead > 0 {
            text += &format!(
                "; it is not delayed with the pairs and takes effect {} too early",
                cycles(self.clear_lead)
            );
        }
        if self.clears_ungated {
            let gate = if harness.has(VALID) { "valid_in" } else { "en" };
            text += &format!("; it also takes effect without {gate}");
        }
        text
    }
}

/// The values to try where both are possible; `false` otherwise.
fn true_first(is_possible: bool) -> &'static [bool] {
    if is_possible { &[true, false] } else { &[false] }
}

/// The values to try where both are possible; `false` otherwise.
fn false_first(is_possible: bool) -> &'static [bool] {
    if is_possible { &[false, true] } else { &[false] }
}
