//! Transactions in parts, on every core, each part on an instance of its own.

use super::bench::Bench;
use super::error::AuditError;
use super::stimulus::Stimulus;
use super::tally::{Exactness, Tally};
use super::timing::Timing;
use crate::toolchain::parallel::in_parallel;

/// Transactions that every candidate is held against; those that it leaves are held against all.
const FIRST: u64 = 1 << 20;

/// Clock cycles that a design of many cycles a transaction is given in all.
const CYCLES: u64 = 1 << 26;

/// Something that can judge results row by row.
pub(crate) trait Judge: Sync {
    /// How many candidates there are.
    fn candidates(&self) -> usize;

    /// How many results a transaction has.
    fn results(&self) -> u64 {
        1
    }

    /// Holds some candidates against results, whose first row has that index.
    fn judge(
        &self,
        which: &[usize],
        first: u64,
        operands: &[Vec<u64>],
        results: &[Vec<u64>],
        seen: &mut Seen,
    );
}

/// What was seen of the candidates in part of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub tallies: Vec<Tally>,
    pub exactness: Exactness,
}

/// How much was driven.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Driven {
    pub transactions: u64,
    pub exhaustive: bool,
}

/// Runs the stimulus through the design and every candidate. Returns what was seen of each of them.
pub(crate) fn run(
    bench: &Bench,
    timing: Timing,
    stimulus: &dyn Stimulus,
    judge: &dyn Judge,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<(Seen, Driven), AuditError> {
    let interval = timing.interval() as u64;
    let len = stimulus.len().min(CYCLES / interval);
    let all: Vec<usize> = (0..judge.candidates()).collect();
    let mut seen =
        part(bench, timing, stimulus, judge, &all, 0..len.min(FIRST), &|done| progress(done, len))?;
    let left = |seen: &Seen| -> Vec<usize> {
        let held = |tally: &Tally| tally.wrong == 0 && tally.compared == len.min(FIRST) * judge.results();
        all.iter().copied().filter(|&which| held(&seen.tallies[which])).collect()
    };
    let survivors = left(&seen);
    let mut transactions = len.min(FIRST);
    if len > FIRST && !survivors.is_empty() {
        let more = part(bench, timing, stimulus, judge, &survivors, FIRST..len, &|done| progress(done, len))?;
        for which in survivors {
            seen.tallies[which].add(&more.tallies[which]);
        }
        seen.exactness.add(&more.exactness);
        transactions = len;
    }
    let exhaustive = stimulus.is_exhaustive() && transactions == stimulus.len();
    Ok((seen, Driven { transactions, exhaustive }))
}

fn part(
    bench: &Bench,
    timing: Timing,
    stimulus: &dyn Stimulus,
    judge: &dyn Judge,
    which: &[usize],
    range: std::ops::Range<u64>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Seen, AuditError> {
    let rows = (1u64 << 18) / (timing.interval() * bench.operands().max(4)) as u64;
    let chunk = rows.max(64);
    let firsts: Vec<u64> = range.clone().step_by(chunk as usize).collect();
    let none =
        || Seen { tallies: vec![Tally::default(); judge.candidates()], exactness: Exactness::default() };
    let mut sum = none();
    // What the parts saw is added up group by group: a long run has many.
    for firsts in firsts.chunks(256) {
        let parts = in_parallel(firsts, |&first| -> Result<Seen, AuditError> {
            let len = (range.end - first).min(chunk) as usize;
            let operands = stimulus.fill(first, len);
            let results = timing.observe(&mut bench.start()?, &operands)?;
            let mut seen = none();
            judge.judge(which, first, &operands, &results, &mut seen);
            progress(len as u64);
            Ok(seen)
        })?;
        for part in &parts {
            for &which in which {
                sum.tallies[which].add(&part.tallies[which]);
            }
            sum.exactness.add(&part.exactness);
        }
    }
    Ok(sum)
}
