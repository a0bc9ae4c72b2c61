//! Random values of control bits and of ports of one element, in loops that the compiler vectorises.

use multiversion::multiversion;

use super::entropy::Field;
use super::float;
use super::random::{CORNERS, corner};
use crate::unit::{Column, Float, Port};

/// The least number of transactions that a loop of these runs over.
const PERIOD: usize = 64;

/// A number of each lane, repeated until there are enough for a loop.
pub(crate) fn by_lane(lanes: impl Iterator<Item = u64>) -> Vec<u32> {
    let once: Vec<u32> = lanes.map(|number| number as u32).collect();
    once.repeat(PERIOD.div_ceil(once.len()))
}

/// How a lane picks its values by a choice of eight bits.
#[derive(Clone, Copy)]
pub(crate) struct Pick {
    /// A choice below this is a corner.
    pub(crate) below: u64,
    /// The bits of the choice that say which corner.
    pub(crate) free: u64,
    /// The bits that are added to them.
    pub(crate) fixed: u64,
}

/// The picks of the lanes, each of their numbers [`by_lane`].
pub(crate) struct Picks {
    below: Vec<u32>,
    free: Vec<u32>,
    fixed: Vec<u32>,
}

impl Picks {
    pub(crate) fn new(lanes: impl Iterator<Item = Pick> + Clone) -> Picks {
        Picks {
            below: by_lane(lanes.clone().map(|pick| pick.below)),
            free: by_lane(lanes.clone().map(|pick| pick.free)),
            fixed: by_lane(lanes.map(|pick| pick.fixed)),
        }
    }
}

/// One bit of each transaction, 1 where eight random bits are less than the threshold of the lane.
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

/// Values of a float port of one element, corners as often as the lane picks them. The field has eight bits
/// more than the port.
pub(crate) fn fill_floats(format: Float, column: &mut Column, field: &Field, picks: &Picks) {
    let corners: [u64; CORNERS as usize] = std::array::from_fn(|choice| float::corner(format, choice as u64));
    let (period, mask) = (picks.below.len(), format.pattern().mask());
    column.fill(|i| {
        let (bits, lane) = (field.words[i] >> field.shift, i % period);
        let choice = bits as u32 & 0xff;
        match choice < picks.below[lane] {
            true => corners[(choice & picks.free[lane] | picks.fixed[lane]) as usize % corners.len()],
            false => float::plausible(format, choice.into(), bits >> 8 & mask),
        }
    });
}

/// Values of an integer port of one element and at most 32 bits, corners as often as the lane picks them,
/// small ones in 96 of 256 cases more. The field has eight bits more than the port.
pub(crate) fn fill_integers(port: &Port, column: &mut Column, field: &Field, picks: &Picks) {
    let mut values = vec![0; column.len()];
    Integers::new(port).fill(field.words, field.shift, picks, &mut values);
    column.write(0, values.iter().map(|&value| value.into()));
}

/// What the values of a port are made of.
struct Integers {
    corners: [u32; 8],
    bits: u32,
    signed: bool,
    mask: u32,
    /// The pattern that a narrow port may not have.
    least: Option<u32>,
}

impl Integers {
    fn new(port: &Port) -> Integers {
        let integer = port.integer;
        Integers {
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

/// Every kind of value is made and one of them taken: a branch on random bits is predicted wrong.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw", "x86_64+avx2"))]
fn integers<const SIGNED: bool, const NARROW: bool>(
    of: &Integers,
    words: &[u64],
    shift: u32,
    picks: &Picks,
    values: &mut [u32],
) {
    let period = picks.below.len();
    let (room, least) = (32 - of.bits, of.least.unwrap_or(0));
    // The remainder of a choice, which is below 256, without a division.
    let reciprocal = (1 << 16) / of.bits + 1;
    for (words, values) in words.chunks(period).zip(values.chunks_mut(period)) {
        let count = words.len().min(values.len());
        let (words, values) = (&words[..count], &mut values[..count]);
        let (below, free, fixed) = (&picks.below[..count], &picks.free[..count], &picks.fixed[..count]);
        for i in 0..count {
            let bits = words[i] >> shift;
            let (choice, value) = (bits as u32 & 0xff, (bits >> 8) as u32 & of.mask);
            let place = (choice & free[i] | fixed[i]) % 8;
            let mut corner = of.corners[0];
            for (other, &pattern) in of.corners.iter().enumerate() {
                corner = if place == other as u32 { pattern } else { corner };
            }
            let by = choice - of.bits * ((choice * reciprocal) >> 16);
            let small = match SIGNED {
                true => ((value << room) as i32 >> room >> by) as u32 & of.mask,
                false => value >> by,
            };
            let plain = if choice < below[i] + 96 { small } else { value };
            let plain = if NARROW && plain == least { plain + 1 } else { plain };
            values[i] = if choice < below[i] { corner } else { plain };
        }
    }
}
