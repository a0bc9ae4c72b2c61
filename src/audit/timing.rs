//! When the result of a transaction comes out: found without knowing what the result should be.
//!
//! A design that computes a function gives the same result whether its operands are held for a long
//! time or come and go. So what it gives for held operands is looked for in a stream of them.

use super::bench::{Answers, Bench, ENABLE, Rows, Session, VALID};
use super::error::AuditError;
use super::finding::Finding;
use super::stimulus::Stimulus;
use super::wave::Waves;
use crate::stimulus::mix;

/// The deepest pipeline that is looked for.
pub(crate) const DEEPEST: usize = 128;

/// How long operands are held, and how many different ones.
const HELD: (usize, usize) = (DEEPEST + 32, 64);

/// How long a single result is waited for.
const PATIENCE: usize = 4096;

/// When results come out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timing {
    /// In the same row.
    Combinational,
    /// A transaction a cycle, each result that many cycles later.
    Pipelined(usize),
    /// One transaction at a time, its operands held for `interval` cycles.
    Spaced {
        interval: usize,
        /// Whether valid is held with the operands, or raised in their first cycle only.
        holds_valid: bool,
        /// Whether the result is the one marked as valid, or the last of the interval.
        by_valid: bool,
    },
}

/// The results for some held operands.
struct Function {
    operands: Vec<Vec<u64>>,
    results: Vec<Vec<u64>>,
}

/// Finds the timing of a design whose results depend on one transaction each, and puts it first among
/// the findings.
pub(crate) fn discover(
    bench: &Bench,
    given: Option<usize>,
    waves: &Waves,
    findings: &mut Vec<Finding>,
) -> Result<Timing, AuditError> {
    let (timing, found) = find(bench, given, waves)?;
    findings.splice(0..0, found);
    Ok(timing)
}

fn find(bench: &Bench, given: Option<usize>, waves: &Waves) -> Result<(Timing, Vec<Finding>), AuditError> {
    let stimulus = waves.stimulus;
    let note = |text: String| Finding::new("latency", &text);
    if !bench.has_clock {
        check_history(bench, waves)?;
        return Ok((Timing::Combinational, vec![note("none: combinational".into())]));
    }
    if let Some(latency) = given {
        return Ok((Timing::Pipelined(latency), vec![note(format!("{latency} cycles, as given"))]));
    }
    let held = held(bench, stimulus)?;
    if let Some(function) = &held
        && let Some(latency) = streamed(bench, function)?
    {
        let plural = if latency == 1 { "" } else { "s" };
        let mut findings = vec![note(format!("{latency} cycle{plural}, a transaction every cycle"))];
        findings.extend(stalls(bench, function, latency)?);
        return Ok((Timing::Pipelined(latency), findings));
    }
    let (timing, wait) = spaced(bench, waves)?;
    let marked = if bench.has_valid_out { "until valid_out" } else { "until the result stands" };
    let interval = timing.interval();
    let text = format!("up to {wait} cycles {marked}; a transaction every {interval} cycles was driven");
    Ok((timing, vec![note(text)]))
}

/// Requires that results change, and that some are marked as valid where there is such a port.
pub(crate) fn check_alive(bench: &Bench, waves: &Waves) -> Result<(), AuditError> {
    let stimulus = waves.stimulus;
    let cycles = if bench.has_clock { PATIENCE } else { PATIENCE.min(stimulus.len() as usize) };
    let mut rows = Rows::steady(stimulus.fill(0, cycles));
    let held = bench.start()?.run(&rows)?;
    // A design that takes its time may start anew with every cycle of valid.
    let line = rows.lines[VALID].iter_mut().enumerate();
    line.for_each(|(row, valid)| *valid = u8::from(row % (PATIENCE / 4) == 0));
    let pulsed = bench.start()?.run(&rows)?;
    let marked = |answers: &Answers| answers.valid.as_ref().is_none_or(|valid| valid.contains(&1));
    if !marked(&held) && !marked(&pulsed) {
        return Err(waves.silent("valid_out never rose", cycles));
    }
    let changes = |answers: &Answers| {
        answers.results.iter().any(|result| result.iter().any(|value| *value != result[0]))
    };
    match changes(&held) || changes(&pulsed) {
        true => Ok(()),
        false => Err(waves.silent("its outputs never changed", cycles)),
    }
}

/// Without a clock, results depend on the operands of their own row alone, unless there is a loop.
fn check_history(bench: &Bench, waves: &Waves) -> Result<(), AuditError> {
    const ROWS: usize = 2048;
    let stimulus = waves.stimulus;
    let forward = stimulus.fill(0, ROWS.min(stimulus.len() as usize));
    let reversed = |columns: &[Vec<u64>]| -> Vec<Vec<u64>> {
        columns.iter().map(|column| column.iter().rev().copied().collect()).collect()
    };
    let backward = bench.start()?.run(&Rows::steady(reversed(&forward)))?.results;
    let answers = bench.start()?.run(&Rows::steady(forward))?.results;
    match answers == reversed(&backward) {
        true => Ok(()),
        false => Err(waves.holds_state()),
    }
}

/// The results after operands were held for long; none when they do not settle.
fn held(bench: &Bench, stimulus: &dyn Stimulus) -> Result<Option<Function>, AuditError> {
    let (rows, count) = HELD;
    let operands = stimulus.fill(0, count);
    let hold = |column: &Vec<u64>| column.iter().flat_map(|&value| vec![value; rows]).collect();
    let answers = bench.start()?.run(&Rows::steady(operands.iter().map(hold).collect()))?;
    let settled = |result: &Vec<u64>| {
        result.chunks(rows).all(|part| part[rows - 16..].iter().all(|value| *value == part[rows - 1]))
    };
    if !answers.results.iter().all(settled) {
        return Ok(None);
    }
    let last = |result: &Vec<u64>| result.chunks(rows).map(|part| part[rows - 1]).collect();
    let results = answers.results.iter().map(last).collect();
    Ok(Some(Function { operands, results }))
}

/// The numbers of held operands in an order that repeats nothing.
fn order(len: usize, count: usize) -> Vec<usize> {
    (0..len as u64).map(|at| (mix(at) % count as u64) as usize).collect()
}

fn picked(columns: &[Vec<u64>], order: &[usize]) -> Vec<Vec<u64>> {
    columns.iter().map(|column| order.iter().map(|&pick| column[pick]).collect()).collect()
}

/// The latency at which a stream of the operands gives their results.
fn streamed(bench: &Bench, function: &Function) -> Result<Option<usize>, AuditError> {
    const ROWS: usize = 2048;
    let order = order(ROWS, function.operands[0].len());
    let rows = Rows::steady(picked(&function.operands, &order));
    let answers = bench.start()?.run(&rows)?;
    let expected = picked(&function.results, &order);
    let fits = |latency: &usize| {
        let pairs = answers.results.iter().zip(&expected);
        pairs.into_iter().all(|(found, expected)| found[*latency..] == expected[..ROWS - latency])
    };
    let differ = function.results.iter().any(|result| result.iter().any(|value| *value != result[0]));
    Ok((0..=DEEPEST).filter(|_| differ).find(fits))
}

/// What enable and valid do to a pipeline of that latency.
fn stalls(bench: &Bench, function: &Function, latency: usize) -> Result<Vec<Finding>, AuditError> {
    const ROWS: usize = 2048;
    let order = order(ROWS, function.operands[0].len());
    let expected = picked(&function.results, &order);
    let mut rows = Rows::steady(picked(&function.operands, &order));
    let mut findings = Vec::new();
    if bench.has(ENABLE) {
        (0..ROWS).for_each(|row| rows.lines[ENABLE][row] = u8::from(!mix(row as u64 + 7).is_multiple_of(4)));
        let enabled: Vec<usize> = (0..ROWS).filter(|&row| rows.lines[ENABLE][row] == 1).collect();
        let answers = bench.start()?.run(&rows)?;
        let same = |at: usize, later: usize| {
            answers.results.iter().zip(&expected).all(|(found, expected)| found[later] == expected[at])
        };
        // Every register stands still: a result comes after as many enabled edges as the latency.
        let freezes =
            enabled.windows(latency + 1).all(|edges| latency == 0 || same(edges[0], edges[latency - 1] + 1));
        let gates = enabled.iter().all(|&row| row + latency >= ROWS || same(row, row + latency));
        findings.push(Finding::new(
            "en",
            match (freezes, gates) {
                (true, _) => "stalls every register",
                (_, true) => "holds the result, without stalling the pipeline",
                _ => "neither stalls the pipeline nor leaves it alone: results of enabled cycles get lost",
            },
        ));
        rows.lines[ENABLE].fill(1);
    }
    if bench.has(VALID) && bench.has_valid_out {
        (0..ROWS).for_each(|row| rows.lines[VALID][row] = u8::from(!mix(row as u64 + 3).is_multiple_of(3)));
        let answers = bench.start()?.run(&rows)?;
        let valid = answers.valid.unwrap_or_default();
        let follows = valid[latency..] == rows.lines[VALID][..ROWS - latency];
        findings.push(Finding::new(
            "valid_out",
            match follows {
                true => "follows valid_in with the latency of the data",
                false => "does not follow valid_in with the latency of the data",
            },
        ));
    }
    Ok(findings)
}

/// The timing of a design that takes several cycles for a transaction, and the longest of these waits.
fn spaced(bench: &Bench, waves: &Waves) -> Result<(Timing, usize), AuditError> {
    let stimulus = waves.stimulus;
    let count = HELD.1.min(stimulus.len() as usize);
    let operands = stimulus.fill(0, count);
    for holds_valid in [false, true] {
        if holds_valid && !bench.has(VALID) {
            continue;
        }
        let trial = Timing::Spaced { interval: PATIENCE, holds_valid, by_valid: bench.has_valid_out };
        let mut session = bench.start()?;
        let mut wait = 0;
        for place in 0..count {
            let own: Vec<Vec<u64>> = operands.iter().map(|column| vec![column[place]]).collect();
            let answers = session.run(&trial.rows(&own))?;
            let stands = match &answers.valid {
                Some(valid) => rise(valid),
                None => Some(answers.results.iter().map(|result| settled_from(result)).max().unwrap_or(0)),
            };
            let Some(stands) = stands else { return Err(waves.silent("valid_out never rose", PATIENCE)) };
            wait = wait.max(stands);
        }
        let timing = Timing::Spaced { interval: wait + 8, holds_valid, by_valid: bench.has_valid_out };
        let forward = timing.observe(&mut bench.start()?, &operands)?;
        let order: Vec<usize> = (0..count).rev().collect();
        let backward = timing.observe(&mut bench.start()?, &picked(&operands, &order))?;
        if picked(&backward, &order) == forward {
            return Ok((timing, wait));
        }
    }
    Err(AuditError::NoLatency {
        top: waves.top().to_string(),
        what: "the same operands give different results at different times".to_string(),
        cycles: PATIENCE,
    })
}

/// The first row in which valid rises: one that stays high until the next transaction begins still marks
/// the result of the one before.
fn rise(valid: &[u8]) -> Option<usize> {
    (1..valid.len()).find(|&row| valid[row] == 1 && valid[row - 1] == 0)
}

/// The row from which on a result no longer changes.
fn settled_from(result: &[u64]) -> usize {
    result.iter().rposition(|value| *value != result[result.len() - 1]).map_or(0, |row| row + 1)
}

impl Timing {
    /// The rows that present some transactions.
    fn rows(self, operands: &[Vec<u64>]) -> Rows {
        let Timing::Spaced { interval, holds_valid, .. } = self else {
            return Rows::steady(operands.to_vec());
        };
        let hold = |column: &Vec<u64>| column.iter().flat_map(|&value| vec![value; interval]).collect();
        let mut rows = Rows::steady(operands.iter().map(hold).collect());
        if !holds_valid {
            let line = rows.lines[VALID].iter_mut().enumerate();
            line.for_each(|(row, valid)| *valid = u8::from(row % interval == 0));
        }
        rows
    }

    /// How many rows a transaction takes.
    pub fn interval(self) -> usize {
        if let Timing::Spaced { interval, .. } = self { interval } else { 1 }
    }

    /// The results of some transactions, by element, each beside its operands.
    pub fn observe(self, session: &mut Session, operands: &[Vec<u64>]) -> Result<Vec<Vec<u64>>, AuditError> {
        match self {
            Timing::Combinational => Ok(session.run(&self.rows(operands))?.results),
            Timing::Pipelined(latency) => {
                let mut padded = operands.to_vec();
                padded.iter_mut().for_each(|column| column.extend(std::iter::repeat_n(0, latency)));
                let mut results = session.run(&self.rows(&padded))?.results;
                results.iter_mut().for_each(|result| drop(result.drain(..latency)));
                Ok(results)
            }
            Timing::Spaced { interval, by_valid, .. } => {
                let answers = session.run(&self.rows(operands))?;
                let row = |place: usize| {
                    let (first, end) = (place * interval, (place + 1) * interval);
                    let valid = answers.valid.as_ref().filter(|_| by_valid);
                    let marked = valid.and_then(|valid| rise(&valid[first..end]));
                    marked.map_or(end - 1, |row| first + row)
                };
                let count = operands.first().map_or(0, Vec::len);
                let result = |result: &Vec<u64>| (0..count).map(|place| result[row(place)]).collect();
                Ok(answers.results.iter().map(result).collect())
            }
        }
    }
}
