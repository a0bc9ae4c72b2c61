//! Episodes: from a reset on, operands and control in, sums out.

use crate::audit::bench::{Answers, Bench, CLEAR, ENABLE, LAST, Rows, VALID};
use crate::audit::error::AuditError;
use crate::audit::factors::Factors;
use crate::audit::stimulus::{Random, Stimulus, operand};
use crate::stimulus::mix;

/// Rows of an episode of random operands.
const ROWS: usize = 1024;

/// The most rows that leading a sum to its end may take.
const LONGEST: u64 = 1 << 21;

/// Operands of all episodes together, at most.
const MEMORY: u64 = 1 << 23;

/// What was driven from a reset on, and what came out.
pub(crate) struct Episode {
    pub rows: Rows,
    pub answers: Answers,
}

/// Episodes of random operands, then those that lead sums beyond their ends.
pub(crate) fn all(bench: &Bench, factors: &Factors, cases: u64, seed: u64) -> Result<Vec<Rows>, AuditError> {
    let widths = factors.widths();
    let most = MEMORY / ROWS as u64 / widths.len() as u64;
    let count = (cases / ROWS as u64).clamp(8, most.max(8));
    let mut episodes: Vec<Rows> = (0..count).map(|episode| random(bench, &widths, seed, episode)).collect();
    // Extremes of either sign, as signed and as unsigned numbers.
    let product = (factors.a.bits + factors.b.bits).saturating_sub(2);
    let lanes = (factors.a.elements as u64).ilog2();
    let doublings = factors.out_bits.saturating_sub(product + lanes);
    let len = 1u64.checked_shl(doublings).unwrap_or(u64::MAX).saturating_add(64);
    if len.saturating_mul(widths.len() as u64) <= LONGEST {
        let len = len as usize;
        let top = |bits: u32| 1u64 << (bits - 1);
        let ones = |bits: u32| u64::MAX >> (64 - bits);
        let (a, b) = (factors.a.bits, factors.b.bits);
        let up = (top(a), top(b));
        let down = (top(a), top(b) - 1);
        let most = (ones(a), ones(b));
        let other = (top(a) - 1, top(b));
        // Back from the end at last: a sum that stopped there and one that only shows it differ.
        episodes.push(extremes(bench, factors, &[(up, len), (down, 64), (up, 128)]));
        episodes.push(extremes(bench, factors, &[(down, len), (up, 64), (down, 128)]));
        episodes.push(extremes(bench, factors, &[(most, len), (down, 64), (most, 128)]));
        episodes.push(extremes(bench, factors, &[(other, len), (up, 64)]));
    }
    Ok(episodes)
}

fn random(bench: &Bench, widths: &[u32], seed: u64, episode: u64) -> Rows {
    let stimulus = Random { widths: widths.to_vec(), seed: seed ^ episode << 20, len: ROWS as u64 };
    let mut operands = stimulus.fill(0, ROWS);
    // In every other episode operands are held for long, so that narrow sums overflow.
    if episode % 2 == 1 {
        for (place, (column, &bits)) in operands.iter_mut().zip(widths).enumerate() {
            let held = operand(mix(seed ^ episode << 8 ^ place as u64), bits);
            let keep = |row: usize| !mix(row as u64 ^ episode << 32).is_multiple_of(5);
            column.iter_mut().enumerate().filter(|(row, _)| keep(*row)).for_each(|(_, value)| *value = held);
        }
    }
    let mut rows = Rows::steady(operands);
    let chance = |row: usize, salt: u64| mix(mix(seed ^ salt) ^ (episode << 32 | row as u64)) >> 56;
    for row in 0..ROWS {
        // The first episode neither stalls nor pauses; some are hardly ever cleared.
        let busy = episode == 0;
        rows.lines[ENABLE][row] = u8::from(busy || chance(row, 1) >= 48);
        rows.lines[VALID][row] = u8::from(busy || chance(row, 2) >= 64);
        let clears = if episode % 4 == 3 { 1 } else { 20 };
        rows.lines[CLEAR][row] = u8::from(row == 0 || chance(row, 3) < clears);
        rows.lines[LAST][row] = u8::from(chance(row, 4) < 24);
    }
    packets(bench, &mut rows);
    count(bench, &mut rows);
    rows
}

/// Whether the pair of a row counts.
fn accepts(bench: &Bench, rows: &Rows, row: usize) -> bool {
    [VALID, ENABLE].into_iter().all(|line| rows.lines[line][row] == 1 || !bench.has(line))
}

/// Where the design counts the pairs of a sum, so do the rows.
fn count(bench: &Bench, rows: &mut Rows) {
    let Some(pairs) = bench.counted else { return };
    let mut seen = 0;
    for row in 0..rows.len() {
        seen += usize::from(accepts(bench, rows, row));
        rows.lines[LAST][row] = u8::from(seen % pairs == 0);
    }
}

/// With both `first` and `last`, a sum begins after the end of the one before it.
fn packets(bench: &Bench, rows: &mut Rows) {
    if !(bench.has(CLEAR) && bench.has(LAST)) {
        return;
    }
    let mut begins = true;
    for row in 0..rows.len() {
        let accepted = accepts(bench, rows, row);
        rows.lines[CLEAR][row] = u8::from(begins);
        if accepted {
            begins = rows.lines[LAST][row] == 1;
        }
    }
}

/// The same pairs for long, one kind after the other.
fn extremes(bench: &Bench, factors: &Factors, parts: &[((u64, u64), usize)]) -> Rows {
    let column = |value: &dyn Fn((u64, u64)) -> u64| -> Vec<u64> {
        parts.iter().flat_map(|&(pair, len)| vec![value(pair); len]).collect()
    };
    let mut operands = vec![column(&|(a, _)| a); factors.a.elements];
    operands.extend(vec![column(&|(_, b)| b); factors.b.elements]);
    operands.extend(factors.addend.map(|_| column(&|_| 0)));
    let mut rows = Rows::steady(operands);
    let len = rows.len();
    rows.lines[CLEAR][0] = 1;
    // One sum from the first row on; where results come with the last of a sum only, one of them.
    rows.lines[LAST].fill(0);
    rows.lines[LAST][len - 1] = 1;
    packets(bench, &mut rows);
    count(bench, &mut rows);
    rows
}

impl Episode {
    /// Runs the rows on a fresh instance, and as many idle rows as the latency after them.
    pub fn run(bench: &Bench, rows: &Rows, latency: usize) -> Result<Episode, AuditError> {
        let mut padded = rows.clone();
        padded.operands.iter_mut().for_each(|column| column.extend(std::iter::repeat_n(0, latency)));
        for (line, rest) in [0, 1, 0, 0, 0].into_iter().enumerate() {
            padded.lines[line].extend(std::iter::repeat_n(rest, latency));
        }
        let answers = bench.start()?.run(&padded)?;
        Ok(Episode { rows: rows.clone(), answers })
    }
}

/// How many pairs the sums have whose end is marked by `valid_out` alone, and the clock cycles from the last
/// of them to the sum: where one pair is never answered and pairs in every cycle are, at equal distances.
pub(crate) fn counted(bench: &Bench, widths: &[u32]) -> Result<Option<(usize, usize)>, AuditError> {
    const ROWS: usize = 8192;
    if !(bench.has_clock && bench.has(VALID) && bench.has_valid_out) || bench.has(CLEAR) || bench.has(LAST) {
        return Ok(None);
    }
    let steady = Rows::steady(Random { widths: widths.to_vec(), seed: 1, len: ROWS as u64 }.fill(0, ROWS));
    let mut lone = steady.clone();
    lone.lines[VALID][1..].fill(0);
    let marked = |rows: &Rows| -> Result<Vec<usize>, AuditError> {
        let valid = bench.start()?.run(rows)?.valid.unwrap_or_default();
        Ok((0..valid.len()).filter(|&row| valid[row] == 1).collect())
    };
    let (lone, steady) = (marked(&lone)?, marked(&steady)?);
    let (true, [first, second, ..]) = (lone.is_empty(), &steady[..]) else { return Ok(None) };
    let pairs = second - first;
    let is_even = pairs > 1 && steady.windows(2).all(|marks| marks[1] - marks[0] == pairs);
    Ok((first + 1).checked_sub(pairs).filter(|_| is_even).map(|latency| (pairs, latency)))
}

/// Clock cycles from a pair to the first output that it changes; none within that many.
pub(crate) fn latency(bench: &Bench, factors: &Factors, most: usize) -> Result<Option<usize>, AuditError> {
    const AT: usize = 8;
    let len = AT + most + 1;
    let widths = factors.widths();
    let mut quiet = Rows::steady(vec![vec![0; len]; widths.len()]);
    for line in [VALID, LAST] {
        quiet.lines[line].fill(0);
        quiet.lines[line][AT] = 1;
    }
    quiet.lines[CLEAR][AT] = 1;
    for line in [quiet.clone(), {
        // A clear that drops its own pair shows nothing.
        let mut kept = quiet.clone();
        kept.lines[CLEAR].fill(0);
        kept
    }] {
        let mut loud = line.clone();
        for (column, bits) in loud.operands.iter_mut().zip(&widths) {
            column[AT] = if *bits > 2 { 3 } else { 1 };
        }
        let (without, with) = (bench.start()?.run(&line)?, bench.start()?.run(&loud)?);
        let differs = |row: &usize| without.results[0][*row] != with.results[0][*row];
        if let Some(row) = (AT..len).find(differs) {
            return Ok(Some(row - AT));
        }
    }
    Ok(None)
}
