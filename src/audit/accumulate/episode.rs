//! Episodes: rows of operands and control inputs, driven after a reset.

use super::packets;
use super::spacing::PairSpacing;
use crate::audit::error::AuditError;
use crate::audit::factors::Factors;
use crate::audit::harness::Harness;
use crate::audit::operands::{OperandSource, RandomOperands, operand};
use crate::audit::request::StimulusEffort;
use crate::audit::rows::{CLEAR, ENABLE, InputRows, LAST, OutputRows, VALID};
use crate::stimulus::mix;

/// Rows of an episode of random operands.
const ROWS: usize = 1024;

/// Maximum number of operand values of an episode that drives a sum into overflow.
const MAX_OVERFLOW_VALUES: u64 = 1 << 21;

/// Maximum number of operand values of all random episodes together.
const MAX_RANDOM_VALUES: u64 = 1 << 23;

/// Minimum number of random episodes.
const MIN_EPISODES: u64 = 8;

/// Rows after an overflow that bring the sum back into range.
const RETURN_ROWS: usize = 64;

/// Rows of an episode and the response to them.
pub(crate) struct Episode {
    pub rows: InputRows,
    pub outputs: OutputRows,
}

impl Episode {
    /// Drives the rows, then as many idle rows as the latency, into a new instance.
    ///
    /// With a spacing, a row takes several cycles.
    pub fn run(
        harness: &Harness,
        rows: &InputRows,
        latency: usize,
        spacing: Option<PairSpacing>,
    ) -> Result<Self, AuditError> {
        let mut padded = rows.clone();
        padded.append_idle(latency);
        let mut session = harness.start()?;
        let outputs = match spacing {
            None => session.run(&padded)?,
            Some(spacing) => spacing.reduce(&session.run(&spacing.expand(&padded))?),
        };
        Ok(Self { rows: rows.clone(), outputs })
    }
}

/// Random episodes, followed by those that drive sums into overflow.
pub(crate) fn episodes(harness: &Harness, factors: &Factors, effort: &StimulusEffort) -> Vec<InputRows> {
    let widths = factors.widths();
    let most = MAX_RANDOM_VALUES / ROWS as u64 / widths.len() as u64;
    let count = (effort.cases / ROWS as u64).clamp(MIN_EPISODES, most.max(MIN_EPISODES));
    let random = (0..count).map(|episode| random_episode(harness, &widths, effort.seed, episode));
    random.chain(overflow_episodes(harness, factors)).collect()
}

/// An episode of random operands.
///
/// Odd episodes hold operands, so that narrow sums overflow.
fn random_episode(harness: &Harness, widths: &[u32], seed: u64, episode: u64) -> InputRows {
    let source = RandomOperands { widths: widths.to_vec(), seed: seed ^ episode << 20, len: ROWS as u64 };
    let mut operands = source.fill(0, ROWS);
    if episode % 2 == 1 {
        for (index, (column, &bits)) in operands.iter_mut().zip(widths).enumerate() {
            let held = operand(mix(seed ^ episode << 8 ^ index as u64), bits);
            for (row, value) in column.iter_mut().enumerate() {
                if !mix(row as u64 ^ episode << 32).is_multiple_of(5) {
                    *value = held;
                }
            }
        }
    }
    let mut rows = InputRows::all_valid(operands);
    add_random_control(&mut rows, seed, episode);
    packets::align(harness, &mut rows);
    rows
}

/// Adds stalls, bubbles, clears and ends of sums.
///
/// The first episode has neither stalls nor bubbles, and every fourth has few clears.
fn add_random_control(rows: &mut InputRows, seed: u64, episode: u64) {
    let random_byte = |row: usize, salt: u64| mix(mix(seed ^ salt) ^ (episode << 32 | row as u64)) >> 56;
    let never_stalls = episode == 0;
    let clears = if episode % 4 == 3 { 1 } else { 20 };
    for row in 0..rows.len() {
        rows.controls[ENABLE][row] = u8::from(never_stalls || random_byte(row, 1) >= 48);
        rows.controls[VALID][row] = u8::from(never_stalls || random_byte(row, 2) >= 64);
        rows.controls[CLEAR][row] = u8::from(row == 0 || random_byte(row, 3) < clears);
        rows.controls[LAST][row] = u8::from(random_byte(row, 4) < 24);
    }
}

/// Episodes that drive a sum into overflow in both directions.
///
/// There are none if that takes too many rows. After the overflow the sum returns into range, which
/// distinguishes a saturating register from a saturating output.
fn overflow_episodes(harness: &Harness, factors: &Factors) -> Vec<InputRows> {
    let (a, b) = (factors.a.bits, factors.b.bits);
    let product_bits = (a + b).saturating_sub(2);
    let lane_bits = (factors.a.elements as u64).ilog2();
    let doublings = factors.out_bits.saturating_sub(product_bits + lane_bits);
    let len = 1u64.checked_shl(doublings).unwrap_or(u64::MAX).saturating_add(RETURN_ROWS as u64);
    if len.saturating_mul(factors.widths().len() as u64) > MAX_OVERFLOW_VALUES {
        return Vec::new();
    }
    let len = len as usize;
    let min = |bits: u32| 1u64 << (bits - 1);
    let ones = |bits: u32| u64::MAX >> (64 - bits);
    let up = (min(a), min(b));
    let down = (min(a), min(b) - 1);
    let greatest_unsigned = (ones(a), ones(b));
    let mixed = (min(a) - 1, min(b));
    [
        vec![(up, len), (down, RETURN_ROWS), (up, 2 * RETURN_ROWS)],
        vec![(down, len), (up, RETURN_ROWS), (down, 2 * RETURN_ROWS)],
        vec![(greatest_unsigned, len), (down, RETURN_ROWS), (greatest_unsigned, 2 * RETURN_ROWS)],
        vec![(mixed, len), (up, RETURN_ROWS)],
    ]
    .map(|parts| constant_episode(harness, factors, &parts))
    .into()
}

/// One sum of constant pairs, each repeated for a number of rows.
fn constant_episode(harness: &Harness, factors: &Factors, parts: &[((u64, u64), usize)]) -> InputRows {
    let column = |value: fn((u64, u64)) -> u64| -> Vec<u64> {
        parts.iter().flat_map(|&(pair, len)| std::iter::repeat_n(value(pair), len)).collect()
    };
    let mut operands = vec![column(|(a, _)| a); factors.a.elements];
    operands.extend(vec![column(|(_, b)| b); factors.b.elements]);
    operands.extend(factors.addend_bits.map(|_| column(|_| 0)));
    let mut rows = InputRows::all_valid(operands);
    let len = rows.len();
    rows.controls[CLEAR][0] = 1;
    rows.controls[LAST].fill(0);
    rows.controls[LAST][len - 1] = 1;
    packets::align(harness, &mut rows);
    rows
}
