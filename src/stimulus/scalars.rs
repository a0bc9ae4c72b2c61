//! Random values of control bits and scalar ports, in loops that the compiler vectorises.

use multiversion::multiversion;

use super::corner::{CORNERS, corner};
use super::entropy::Field;
use super::float;
use crate::unit::{Column, Float, Port};

/// Minimum number of transactions that one of the loops runs over.
const PERIOD: usize = 64;

/// One number per lane, repeated until there are [`PERIOD`].
pub(crate) fn by_lane(lanes: impl Iterator<Item = u64>) -> Vec<u32> {
    let once: Vec<u32> = lanes.map(|number| number as u32).collect();
    once.repeat(PERIOD.div_ceil(once.len()))
}

/// How a lane picks a corner case from eight random bits, the choice.
#[derive(Clone, Copy)]
pub(crate) struct Pick {
    /// Choices below this bound are corner cases.
    pub(crate) below: u64,
    /// Bits of the choice that select the corner case.
    pub(crate) free: u64,
    /// Further bits that are always set.
    pub(crate) fixed: u64,
}

/// Picks of all lanes, see [`by_lane`].
pub(crate) struct Picks {
    below: Vec<u32>,
    free: Vec<u32>,
    fixed: Vec<u32>,
}

impl Picks {
    pub(crate) fn new(lanes: impl Iterator<Item = Pick> + Clone) -> Self {
        Self {
            below: by_lane(lanes.clone().map(|pick| pick.below)),
            free: by_lane(lanes.clone().map(|pick| pick.free)),
            fixed: by_lane(lanes.map(|pick| pick.fixed)),
        }
    }
}

/// Fills a port of one bit: 1 where eight random bits are less than the threshold of the lane.
pub(crate) fn fill_below(column: &mut Column, field: &Field, thresholds: &[u32]) {
    let mut values = vec![0; column.len()];
    are_below(field.words, field.shift, thresholds, &mut values);
    column.write(0, values.iter().map(|&value| value.into()));
}

#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw", "x86_64+avx2"))]
fn are_below(words: &[u64], shift: u32, thresholds: &[u32], values: &mut [u8]) {
    for (words, values) in words.chunks(thresholds.len()).zip(values.chunks_mut(thresholds.len())) {
        for ((word, value), &threshold) in words.iter().zip(values).zip(thresholds) {
            *value = ((word >> shift) as u32 & 0xff < threshold).into();
        }
    }
}

/// Fills a float port of one element. The field has eight bits more than the port.
pub(crate) fn fill_floats(format: Float, column: &mut Column, field: &Field, picks: &Picks) {
    let corners: [u64; CORNERS as usize] = std::array::from_fn(|choice| float::corner(format, choice as u64));
    let (period, mask) = (picks.below.len(), format.pattern().mask());
    column.fill(|i| {
        let (bits, lane) = (field.words[i] >> field.shift, i % period);
        let choice = bits as u32 & 0xff;
        if choice < picks.below[lane] {
            corners[(choice & picks.free[lane] | picks.fixed[lane]) as usize % corners.len()]
        } else {
            float::plausible(format, choice.into(), bits >> 8 & mask)
        }
    });
}

/// Fills an integer port of one element and at most 32 bits; 96 in 256 values are small.
///
/// The field has eight bits more than the port.
pub(crate) fn fill_integers(port: &Port, column: &mut Column, field: &Field, picks: &Picks) {
    let mut values = vec![0; column.len()];
    IntegerPort::new(port).fill(field.words, field.shift, picks, &mut values);
    column.write(0, values.iter().map(|&value| value.into()));
}

/// Number format and corner cases of an integer port.
struct IntegerPort {
    corners: [u32; 8],
    bits: u32,
    signed: bool,
    mask: u32,
    /// The pattern that a narrow port excludes.
    least: Option<u32>,
}

impl IntegerPort {
    fn new(port: &Port) -> Self {
        let integer = port.integer;
        Self {
            corners: std::array::from_fn(|choice| corner(port, choice as u64) as u32),
            bits: integer.bits,
            signed: integer.signed,
            mask: integer.mask() as u32,
            least: port.narrow.then(|| integer.encode(integer.min()) as u32),
        }
    }

    fn fill(&self, words: &[u64], shift: u32, picks: &Picks, values: &mut [u32]) {
        match (self.signed, self.least) {
            (true, None) => integers::<true, false>(self, words, shift, picks, values),
            (true, Some(_)) => integers::<true, true>(self, words, shift, picks, values),
            (false, _) => integers::<false, false>(self, words, shift, picks, values),
        }
    }
}

/// Computes every kind of value and selects one: branches on random bits are mispredicted.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw", "x86_64+avx2"))]
fn integers<const SIGNED: bool, const NARROW: bool>(
    port: &IntegerPort,
    words: &[u64],
    shift: u32,
    picks: &Picks,
    values: &mut [u32],
) {
    let period = picks.below.len();
    let (room, least) = (32 - port.bits, port.least.unwrap_or(0));
    // The remainder of a choice, which is below 256, without a division.
    let reciprocal = (1 << 16) / port.bits + 1;
    for (words, values) in words.chunks(period).zip(values.chunks_mut(period)) {
        let count = words.len().min(values.len());
        let (words, values) = (&words[..count], &mut values[..count]);
        let (below, free, fixed) = (&picks.below[..count], &picks.free[..count], &picks.fixed[..count]);
        for i in 0..count {
            let bits = words[i] >> shift;
            let (choice, value) = (bits as u32 & 0xff, (bits >> 8) as u32 & port.mask);
            let index = (choice & free[i] | fixed[i]) % 8;
            let mut corner = port.corners[0];
            for (other, &pattern) in port.corners.iter().enumerate() {
                corner = if index == other as u32 { pattern } else { corner };
            }
            let by = choice - port.bits * ((choice * reciprocal) >> 16);
            let small =
                if SIGNED { ((value << room) as i32 >> room >> by) as u32 & port.mask } else { value >> by };
            let plain = if choice < below[i] + 96 { small } else { value };
            let plain = if NARROW && plain == least { plain + 1 } else { plain };
            values[i] = if choice < below[i] { corner } else { plain };
        }
    }
}
