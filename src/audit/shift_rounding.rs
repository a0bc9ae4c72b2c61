//! Rounding modes of a right shift.

/// Rounding mode of a right shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShiftRounding {
    Floor,
    Ceiling,
    /// Toward zero.
    Truncate,
    HalfUp,
    HalfDown,
    HalfAway,
    HalfToZero,
    HalfEven,
}

impl ShiftRounding {
    /// Every mode, directed rounding first.
    pub const ALL: [Self; 8] = [
        Self::Floor,
        Self::Ceiling,
        Self::Truncate,
        Self::HalfUp,
        Self::HalfDown,
        Self::HalfAway,
        Self::HalfToZero,
        Self::HalfEven,
    ];

    /// The name within that of a candidate.
    pub fn name(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Ceiling => "ceiling",
            Self::Truncate => "truncate",
            Self::HalfUp => "half_up",
            Self::HalfDown => "half_down",
            Self::HalfAway => "half_away",
            Self::HalfToZero => "half_to_zero",
            Self::HalfEven => "half_even",
        }
    }

    /// The description in reports.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Floor => "rounded down",
            Self::Ceiling => "rounded up",
            Self::Truncate => "rounded toward zero",
            Self::HalfUp => "rounded to nearest, ties up",
            Self::HalfDown => "rounded to nearest, ties down",
            Self::HalfAway => "rounded to nearest, ties away from zero",
            Self::HalfToZero => "rounded to nearest, ties toward zero",
            Self::HalfEven => "rounded to nearest, ties to even",
        }
    }

    /// Rounds `value * 2^-shift` to an integer.
    pub fn round(self, value: i128, shift: i32) -> i128 {
        if shift <= 0 {
            return shift_left(value, shift.unsigned_abs());
        }
        // A shift beyond 126 bits leaves only the sign.
        let shift = shift.min(126) as u32;
        let (floor, fraction, half) = (value >> shift, value & ((1 << shift) - 1), 1i128 << (shift - 1));
        let up = match self {
            Self::Floor => false,
            Self::Ceiling => fraction > 0,
            Self::Truncate => fraction > 0 && value < 0,
            Self::HalfUp => fraction >= half,
            Self::HalfDown => fraction > half,
            Self::HalfAway => fraction > half || (fraction == half && value >= 0),
            Self::HalfToZero => fraction > half || (fraction == half && value < 0),
            Self::HalfEven => fraction > half || (fraction == half && floor & 1 == 1),
        };
        floor + i128::from(up)
    }
}

/// Shifts left; a result beyond 126 bits keeps its sign and its low 64 bits.
///
/// It thus wraps and saturates like the exact one in any output.
fn shift_left(value: i128, left: u32) -> i128 {
    if value == 0 {
        return 0;
    }
    let headroom = if value < 0 { value.leading_ones() } else { value.leading_zeros() };
    if left < headroom - 1 {
        return value << left;
    }
    let low = if left < 64 { (value as u64) << left } else { 0 };
    i128::from(low) + if value < 0 { -1 << 126 } else { 1 << 126 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn left_shifts_beyond_the_width_keep_sign_and_low_bits() {
        assert_eq!(shift_left(-3, 4), -48);
        assert_eq!(shift_left(0, 500), 0);
        for value in [3, -3, i128::from(i64::MIN), (1 << 95) | 5] {
            for left in [29, 40, 63, 64, 500] {
                let shifted = shift_left(value, left);
                assert_eq!(shifted.signum(), value.signum());
                assert_eq!(shifted as u64, if left < 64 { (value as u64) << left } else { 0 });
            }
        }
    }

    #[test]
    fn modes_round_ties_as_their_names_say() {
        // -1.5, -0.5, 0.5, 1.5, 2.5 in halves, and 1.25, -1.25 in quarters.
        let halves = |mode: ShiftRounding| [-3, -1, 1, 3, 5].map(|value| mode.round(value, 1));
        assert_eq!(halves(ShiftRounding::Floor), [-2, -1, 0, 1, 2]);
        assert_eq!(halves(ShiftRounding::Ceiling), [-1, 0, 1, 2, 3]);
        assert_eq!(halves(ShiftRounding::Truncate), [-1, 0, 0, 1, 2]);
        assert_eq!(halves(ShiftRounding::HalfUp), [-1, 0, 1, 2, 3]);
        assert_eq!(halves(ShiftRounding::HalfDown), [-2, -1, 0, 1, 2]);
        assert_eq!(halves(ShiftRounding::HalfAway), [-2, -1, 1, 2, 3]);
        assert_eq!(halves(ShiftRounding::HalfToZero), [-1, 0, 0, 1, 2]);
        assert_eq!(halves(ShiftRounding::HalfEven), [-2, 0, 0, 2, 2]);
        for mode in [
            ShiftRounding::HalfUp,
            ShiftRounding::HalfDown,
            ShiftRounding::HalfAway,
            ShiftRounding::HalfToZero,
            ShiftRounding::HalfEven,
        ] {
            assert_eq!([5, -5, 7, -7].map(|value| mode.round(value, 2)), [1, -1, 2, -2]);
        }
        assert_eq!(ShiftRounding::Floor.round(3, -4), 48);
    }
}
