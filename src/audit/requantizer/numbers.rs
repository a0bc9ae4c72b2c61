//! Where multiplier, shift and zero point come from: ports, or baked into the design and told by `--set`.

use super::rounding::Point;
use crate::arithmetic::rescale::quantize_multiplier;
use crate::audit::binding::Binding;
use crate::audit::error::AuditError;
use crate::audit::role::Role;
use crate::audit::settings::Settings;
use crate::audit::stimulus::{Stimulus, decode, operand};
use crate::stimulus::mix;

/// A number that is the same in every transaction, or operands.
#[derive(Clone, Copy, Debug)]
enum Source {
    Fixed(i64),
    Port {
        /// The place of the first operand.
        place: usize,
        /// One for every lane, or one for all.
        elements: usize,
        bits: u32,
    },
}

/// What the port or setting of the shift counts.
const SHIFTS: [Role; 3] = [Role::Shift, Role::RightShift, Role::TotalShift];

/// The numbers beside the accumulator.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    multiplier: Source,
    shift: Source,
    /// Which of [`SHIFTS`].
    form: Role,
    /// The shift of the whole product where the number above is 0.
    base: i32,
    zero_point: Source,
    has_multiplier: bool,
    /// The scale as it was given.
    real: Option<f64>,
}

impl Numbers {
    pub fn new(binding: &Binding, settings: &Settings) -> Result<Numbers, AuditError> {
        let port = |role: Role| {
            let elements = binding.elements(role);
            let before = binding.operands().take_while(|operand| operand.role != role);
            let place = before.map(|operand| operand.elements).sum();
            (elements > 0).then_some(Source::Port { place, elements, bits: binding.bits(role) })
        };
        let source = |role: Role, range| match (settings.integer(role.name(), range)?, port(role)) {
            (Some(_), Some(_)) => Err(AuditError::Twice(format!("{}, by --map and by --set,", role.name()))),
            (fixed, port) => Ok(fixed.map(Source::Fixed).or(port)),
        };
        let zero_point = source(Role::ZeroPoint, -(1 << 31)..=(1 << 32))?.unwrap_or(Source::Fixed(0));
        let multiplier = source(Role::Multiplier, 1..=(1 << 40))?;
        let mut shifts = Vec::new();
        for form in SHIFTS {
            shifts.extend(source(form, -80..=100)?.map(|source| (form, source)));
        }
        let real = settings.real("scale")?;
        let has_multiplier = real.is_some() || multiplier.is_some();
        let (multiplier, form, shift) = match (real, multiplier, &shifts[..]) {
            (Some(scale), None, []) => {
                let (multiplier, shift) = quantize_multiplier(scale);
                (Source::Fixed(multiplier.into()), Role::Shift, Source::Fixed(shift.into()))
            }
            (None, Some(multiplier), &[(form, shift)]) => (multiplier, form, shift),
            // A shift alone: a multiplier of one half, and one place less to shift.
            (None, None, &[(form, shift)]) => (Source::Fixed(1 << 30), form, shift),
            (_, _, [_, _, ..]) | (Some(_), _, _) => {
                let text = "the scale is given twice: give multiplier with one of shift, right_shift and total_shift, or scale";
                return Err(AuditError::Incomplete(text.to_string()));
            }
            _ => {
                let text = "the scale is unknown: add --set multiplier=Q,shift=S (or right_shift, total_shift, or scale=D), or map the ports that carry it";
                return Err(AuditError::Incomplete(text.to_string()));
            }
        };
        let base = match (has_multiplier, form) {
            (false, _) => 30,
            (true, Role::TotalShift) => 0,
            (true, _) => 31,
        };
        Ok(Numbers { multiplier, shift, form, base, zero_point, has_multiplier, real })
    }

    /// Whether there is more than a shift.
    pub fn has_multiplier(&self) -> bool {
        self.has_multiplier
    }

    /// The one point of a design whose numbers are all fixed.
    pub fn fixed(&self) -> Option<Point> {
        let is_port = |source: &Source| matches!(source, Source::Port { .. });
        let ports = [&self.multiplier, &self.shift, &self.zero_point];
        (!ports.into_iter().any(is_port)).then(|| self.point(&[], 0, 0, true))
    }

    /// The numbers of a lane of a transaction; codes of the zero point are read as `signed` says.
    pub fn point(&self, operands: &[Vec<u64>], row: usize, lane: usize, signed: bool) -> Point {
        let number = |source: Source, signed: bool| match source {
            Source::Fixed(number) => number,
            Source::Port { place, elements, bits } => {
                decode(operands[place + lane % elements][row], bits, signed)
            }
        };
        let multiplier = number(self.multiplier, false);
        let shift = match self.form {
            Role::Shift => -number(self.shift, true),
            _ => number(self.shift, false),
        };
        let shift = self.base + shift as i32;
        let scale = self.real.unwrap_or(multiplier as f64 * 2f64.powi(-shift));
        Point { multiplier, shift, scale, zero_point: number(self.zero_point, signed) }
    }

    /// Adds the operands of a transaction whose numbers are those of point `index`.
    fn choose(&self, index: u64, acc_bits: u32, operands: &mut [Vec<u64>]) {
        let mut set = |source: Source, value: &dyn Fn(u32, u64) -> u64| {
            if let Source::Port { place, elements, bits } = source {
                for (lane, operand) in operands[place..place + elements].iter_mut().enumerate() {
                    operand.push(
                        value(bits, mix(index ^ 0x5ca1e ^ (lane as u64) << 48)) & (u64::MAX >> (64 - bits)),
                    );
                }
            }
        };
        // Scales from 1 down: the product is shifted by this much more than the multiplier has bits.
        let exponent = |random: u64| (random >> 32) as i64 % i64::from(acc_bits.min(20));
        set(self.multiplier, &|bits, random| {
            // Below the sign bit of a port that may be signed; a port of 31 bits is not.
            let most = if bits == 31 { 31 } else { (bits - 1).min(31) };
            let magnitude = match self.shift {
                Source::Fixed(_) => {
                    (i64::from(self.point_shift()) - exponent(random)).clamp(1, most.into()) as u32
                }
                Source::Port { .. } => most,
            };
            let top = 1u64 << (magnitude - 1);
            match index % 4 {
                // With ties: few significant bits.
                0 => top,
                1 => top | top >> 1,
                2 => top | top >> 2 & random,
                _ => top | (random & (top - 1)),
            }
        });
        let magnitude = match self.multiplier {
            Source::Fixed(number) => i64::from(64 - number.leading_zeros()),
            Source::Port { bits: 31, .. } => 31,
            Source::Port { bits, .. } => i64::from((bits - 1).min(31)),
        };
        set(self.shift, &|bits, random| {
            let wanted = magnitude + exponent(random) - i64::from(self.base);
            match self.form {
                Role::Shift => (-wanted).clamp(-(1 << (bits - 1)).min(31), (1i64 << (bits - 1)) - 1) as u64,
                _ => wanted.clamp(0, ((1i64 << bits) - 1).min(62)) as u64,
            }
        });
        set(self.zero_point, &|bits, random| operand(random, bits));
    }

    /// The shift of the whole product where it is fixed.
    fn point_shift(&self) -> i32 {
        match (self.shift, self.form) {
            (Source::Fixed(shift), Role::Shift) => self.base - shift as i32,
            (Source::Fixed(shift), _) => self.base + shift as i32,
            (Source::Port { .. }, _) => self.base,
        }
    }
}

/// Accumulators around ties, of every magnitude and at the ends, at many points where numbers are ports.
pub(crate) struct Accumulators {
    pub numbers: Numbers,
    pub acc_bits: u32,
    pub out_bits: u32,
    /// Accumulators side by side.
    pub lanes: usize,
    /// Elements of all operands.
    pub operands: usize,
    pub seed: u64,
    pub len: u64,
}

/// Neighbouring transactions that share their numbers.
const SHARED: u64 = 16;

/// How an accumulator is chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Around a tie between two codes.
    Tie,
    /// Anywhere between the first and the last code.
    Even,
    /// A power of two of either sign, or a little more.
    PowerOfTwo,
    /// Of any magnitude, or at an end.
    Any,
}

impl Kind {
    fn of(random: u64) -> Kind {
        match random >> 60 {
            0..=7 => Kind::Tie,
            8..=11 => Kind::Even,
            12 => Kind::PowerOfTwo,
            _ => Kind::Any,
        }
    }
}

impl Stimulus for Accumulators {
    fn len(&self) -> u64 {
        self.len
    }

    fn is_exhaustive(&self) -> bool {
        false
    }

    fn is_fair(&self, index: u64) -> bool {
        (0..self.lanes).all(|lane| Kind::of(self.random(index, lane)) == Kind::Even)
    }

    fn fill(&self, first: u64, len: usize) -> Vec<Vec<u64>> {
        let mut operands = vec![Vec::with_capacity(len); self.operands];
        let mask = u64::MAX >> (64 - self.acc_bits);
        for at in first..first + len as u64 {
            self.numbers.choose(at / SHARED, self.acc_bits, &mut operands);
            for lane in 0..self.lanes {
                let point = self.numbers.point(&operands, (at - first) as usize, lane, true);
                let random = self.random(at, lane);
                operands[lane].push(self.accumulator(&point, random) & mask);
            }
        }
        operands
    }
}

impl Accumulators {
    /// The random bits of a transaction, of which the highest four say what kind of accumulator it has.
    fn random(&self, index: u64, lane: usize) -> u64 {
        let salt = mix(self.seed ^ (lane as u64) << 40);
        // Neighbouring lanes are of the same kind, so that the fair ones come together.
        let kind = mix(self.seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(index));
        kind >> 60 << 60 | mix(salt.wrapping_add(index)) >> 4
    }

    /// An accumulator of the kind that the highest four bits say.
    fn accumulator(&self, point: &Point, random: u64) -> u64 {
        let code = self.code(random);
        let acc = match Kind::of(random) {
            Kind::Tie => {
                let tie = ((code + 0.5) / point.scale).round() as i64;
                tie.saturating_add((random % 5) as i64 - 2)
            }
            Kind::Even => ((code + f64::from(random as u32) / 2f64.powi(32)) / point.scale).floor() as i64,
            Kind::PowerOfTwo => {
                let power = 1i64 << (random % u64::from(self.acc_bits));
                let near = power.wrapping_add((random >> 20 & 3) as i64);
                if random >> 30 & 1 == 0 { near } else { near.wrapping_neg() }
            }
            Kind::Any => operand(mix(random), self.acc_bits) as i64,
        };
        acc as u64
    }

    /// A code of the output or one beyond its ends; of wide outputs, of any magnitude.
    fn code(&self, random: u64) -> f64 {
        let random = mix(random);
        let magnitude = match self.out_bits {
            bits @ ..=12 => bits,
            bits => 4 + (random >> 56) as u32 % bits.min(40),
        };
        let code = (random & ((2 << magnitude) - 1)) as i64 - (1 << magnitude);
        code as f64
    }
}
