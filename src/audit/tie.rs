//! The ways to round once.

/// How one number with a binary point becomes an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tie {
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

impl Tie {
    /// All of them, what cuts off first.
    pub const ALL: [Tie; 8] = [
        Tie::Floor,
        Tie::Ceiling,
        Tie::Truncate,
        Tie::HalfUp,
        Tie::HalfDown,
        Tie::HalfAway,
        Tie::HalfToZero,
        Tie::HalfEven,
    ];

    /// Its name within that of a candidate.
    pub fn name(self) -> &'static str {
        match self {
            Tie::Floor => "floor",
            Tie::Ceiling => "ceiling",
            Tie::Truncate => "truncate",
            Tie::HalfUp => "half_up",
            Tie::HalfDown => "half_down",
            Tie::HalfAway => "half_away",
            Tie::HalfToZero => "half_to_zero",
            Tie::HalfEven => "half_even",
        }
    }

    /// What it does.
    pub fn words(self) -> &'static str {
        match self {
            Tie::Floor => "rounded down",
            Tie::Ceiling => "rounded up",
            Tie::Truncate => "cut off toward zero",
            Tie::HalfUp => "to nearest, ties up",
            Tie::HalfDown => "to nearest, ties down",
            Tie::HalfAway => "to nearest, ties away from zero",
            Tie::HalfToZero => "to nearest, ties toward zero",
            Tie::HalfEven => "to nearest, ties to even",
        }
    }

    /// `value * 2^-shift` as an integer.
    pub fn round(self, value: i128, shift: i32) -> i128 {
        if shift <= 0 {
            return value.wrapping_shl(shift.unsigned_abs().min(126));
        }
        // Beyond 126 bits nothing is left but the sign.
        let shift = shift.min(126) as u32;
        let (floor, rest, half) = (value >> shift, value & ((1 << shift) - 1), 1i128 << (shift - 1));
        let up = match self {
            Tie::Floor => false,
            Tie::Ceiling => rest > 0,
            Tie::Truncate => rest > 0 && value < 0,
            Tie::HalfUp => rest >= half,
            Tie::HalfDown => rest > half,
            Tie::HalfAway => rest > half || (rest == half && value >= 0),
            Tie::HalfToZero => rest > half || (rest == half && value < 0),
            Tie::HalfEven => rest > half || (rest == half && floor & 1 == 1),
        };
        floor + i128::from(up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_where_their_names_say() {
        // -1.5, -0.5, 0.5, 1.5, 2.5 in halves, and 1.25, -1.25 in quarters.
        let halves = |tie: Tie| [-3, -1, 1, 3, 5].map(|value| tie.round(value, 1));
        assert_eq!(halves(Tie::Floor), [-2, -1, 0, 1, 2]);
        assert_eq!(halves(Tie::Ceiling), [-1, 0, 1, 2, 3]);
        assert_eq!(halves(Tie::Truncate), [-1, 0, 0, 1, 2]);
        assert_eq!(halves(Tie::HalfUp), [-1, 0, 1, 2, 3]);
        assert_eq!(halves(Tie::HalfDown), [-2, -1, 0, 1, 2]);
        assert_eq!(halves(Tie::HalfAway), [-2, -1, 1, 2, 3]);
        assert_eq!(halves(Tie::HalfToZero), [-1, 0, 0, 1, 2]);
        assert_eq!(halves(Tie::HalfEven), [-2, 0, 0, 2, 2]);
        for tie in [Tie::HalfUp, Tie::HalfDown, Tie::HalfAway, Tie::HalfToZero, Tie::HalfEven] {
            assert_eq!([5, -5, 7, -7].map(|value| tie.round(value, 2)), [1, -1, 2, -2]);
        }
        assert_eq!(Tie::Floor.round(3, -4), 48);
    }
}
