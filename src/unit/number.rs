//! Fixed-width integer types of ports.

/// A two's complement or unsigned integer type of 1 to 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Integer {
    /// Width in bits.
    pub bits: u32,
    /// Two's complement if set, otherwise unsigned.
    pub signed: bool,
}

impl Integer {
    /// A two's complement type.
    pub const fn signed(bits: u32) -> Self {
        Self { bits, signed: true }
    }

    /// An unsigned type.
    pub const fn unsigned(bits: u32) -> Self {
        Self { bits, signed: false }
    }

    /// Smallest value.
    pub const fn min(self) -> i128 {
        if self.signed { -(1i128 << (self.bits - 1)) } else { 0 }
    }

    /// Largest value.
    pub const fn max(self) -> i128 {
        (1i128 << (self.bits - self.signed as u32)) - 1
    }

    /// Whether the value fits the type.
    pub fn holds(self, value: i128) -> bool {
        (self.min()..=self.max()).contains(&value)
    }

    /// The value of a bit pattern; bits above the width are ignored.
    pub fn decode(self, pattern: u64) -> i128 {
        let shift = 64 - self.bits;
        if self.signed {
            i128::from(((pattern << shift) as i64) >> shift)
        } else {
            i128::from((pattern << shift) >> shift)
        }
    }

    /// The value of one of several elements side by side, element 0 in the lowest bits of the first word.
    pub fn element(self, words: &[u64], index: u32) -> i128 {
        let (word, offset) = self.position(index);
        let low = words[word] >> offset;
        let is_split = offset + self.bits > 64;
        let high = if is_split { words[word + 1] << (64 - offset) } else { 0 };
        self.decode(low | high)
    }

    /// Sets one of several elements side by side, whose bits are still 0.
    pub fn set_element(self, words: &mut [u64], index: u32, value: i128) {
        let ((word, offset), pattern) = (self.position(index), self.encode(value));
        words[word] |= pattern << offset;
        if offset + self.bits > 64 {
            words[word + 1] |= pattern >> (64 - offset);
        }
    }

    /// Word and bit in it at which an element starts.
    fn position(self, index: u32) -> (usize, u32) {
        let start = index * self.bits;
        ((start / 64) as usize, start % 64)
    }

    /// The bit pattern of a value, wrapped to the width.
    pub fn encode(self, value: i128) -> u64 {
        value as u64 & self.mask()
    }

    /// Ones in every bit of the type.
    pub const fn mask(self) -> u64 {
        u64::MAX >> (64 - self.bits)
    }

    /// The type in names and headers: `s8`, `u4`.
    pub fn short(self) -> String {
        format!("{}{}", if self.signed { 's' } else { 'u' }, self.bits)
    }
}
