//! Columns: the values of one port over many transactions.
//!
//! They use the smallest integer type, so that lanes, reference and comparison all vectorise.

use super::number::Integer;

/// The bit patterns of one port, one entry per transaction. Bits above the port's width are 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// Ports of 1 to 8 bits.
    U8(Vec<u8>),
    /// Ports of 9 to 16 bits.
    U16(Vec<u16>),
    /// Ports of 17 to 32 bits.
    U32(Vec<u32>),
    /// Ports of 33 to 64 bits.
    U64(Vec<u64>),
    /// Wider ports: `words` 32-bit words per transaction, least significant first.
    Wide {
        /// Words per transaction.
        words: usize,
        /// All words, transaction by transaction.
        data: Vec<u32>,
    },
}

/// Evaluates an expression for a column of any type, with its vector as `$data` and the number of entries per
/// transaction as `$step`.
macro_rules! each {
    ($column:expr, $data:ident, $step:ident => $body:expr) => {
        match $column {
            Column::U8($data) => {
                let $step = 1;
                $body
            }
            Column::U16($data) => {
                let $step = 1;
                $body
            }
            Column::U32($data) => {
                let $step = 1;
                $body
            }
            Column::U64($data) => {
                let $step = 1;
                $body
            }
            Column::Wide { words, data: $data } => {
                let $step = *words;
                $body
            }
        }
    };
}

impl Column {
    /// `len` transactions of 0 for a port of `bits` bits.
    pub fn zeros(bits: u32, len: usize) -> Self {
        match bits {
            0..=8 => Self::U8(vec![0; len]),
            9..=16 => Self::U16(vec![0; len]),
            17..=32 => Self::U32(vec![0; len]),
            33..=64 => Self::U64(vec![0; len]),
            _ => {
                let words = bits.div_ceil(32) as usize;
                Self::Wide { words, data: vec![0; words * len] }
            }
        }
    }

    /// Number of transactions.
    pub fn len(&self) -> usize {
        each!(self, data, step => data.len() / step)
    }

    /// Whether there is no transaction.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes per transaction, as the simulator stores them.
    pub fn stride(&self) -> usize {
        each!(self, data, step => step * element_size(data))
    }

    /// Truncates to `len` transactions, or extends with zeros.
    pub fn resize(&mut self, len: usize) {
        each!(self, data, step => data.resize(len * step, 0));
    }

    /// The 64-bit words of a transaction, least significant first; one word up to 64 bits.
    pub fn words(&self, index: usize) -> Vec<u64> {
        match self {
            Self::Wide { words, data } => data[index * words..(index + 1) * words]
                .chunks(2)
                .map(|pair| u64::from(pair[0]) | u64::from(*pair.get(1).unwrap_or(&0)) << 32)
                .collect(),
            _ => vec![self.get(index)],
        }
    }

    /// The low 64 bits of a transaction.
    pub fn get(&self, index: usize) -> u64 {
        match self {
            Self::U8(data) => data[index].into(),
            Self::U16(data) => data[index].into(),
            Self::U32(data) => data[index].into(),
            Self::U64(data) => data[index],
            Self::Wide { words, data } => {
                u64::from(data[index * words]) | u64::from(data[index * words + 1]) << 32
            }
        }
    }

    /// Sets a transaction of up to 64 bits; the upper words of a wide port become 0.
    pub fn set(&mut self, index: usize, value: u64) {
        self.set_words(index, &[value]);
    }

    /// Sets a transaction from 64-bit words, least significant first; missing words are 0.
    pub fn set_words(&mut self, index: usize, value: &[u64]) {
        match self {
            Self::U8(data) => data[index] = value[0] as u8,
            Self::U16(data) => data[index] = value[0] as u16,
            Self::U32(data) => data[index] = value[0] as u32,
            Self::U64(data) => data[index] = value[0],
            Self::Wide { words, data } => {
                for (word, slot) in data[index * *words..(index + 1) * *words].iter_mut().enumerate() {
                    *slot = (value.get(word / 2).unwrap_or(&0) >> (32 * (word % 2))) as u32;
                }
            }
        }
    }

    /// Sets every transaction of a port of up to 64 bits to a function of its index.
    pub fn fill(&mut self, value: impl FnMut(usize) -> u64) {
        self.write(0, (0..self.len()).map(value));
    }

    /// Sets transactions of a port of up to 64 bits from `start` on, as many as there are values.
    ///
    /// # Panics
    /// When the column is too short.
    #[inline(always)]
    pub fn write(&mut self, start: usize, values: impl ExactSizeIterator<Item = u64>) {
        let range = start..start + values.len();
        match self {
            Self::U8(data) => data[range].iter_mut().zip(values).for_each(|(slot, x)| *slot = x as u8),
            Self::U16(data) => data[range].iter_mut().zip(values).for_each(|(slot, x)| *slot = x as u16),
            Self::U32(data) => data[range].iter_mut().zip(values).for_each(|(slot, x)| *slot = x as u32),
            Self::U64(data) => data[range].iter_mut().zip(values).for_each(|(slot, x)| *slot = x),
            Self::Wide { .. } => range.zip(values).for_each(|(index, x)| self.set(index, x)),
        }
    }

    /// Calls `each` with every slot and the value of its transaction, the first being `start`, of a port of
    /// up to 64 bits; an unsigned value of 64 bits is reinterpreted as signed.
    ///
    /// # Panics
    /// For wider ports, and when the column ends before the slots.
    #[inline(always)]
    pub fn decode<T>(
        &self,
        integer: Integer,
        start: usize,
        slots: &mut [T],
        mut each: impl FnMut(&mut T, i64),
    ) {
        let range = start..start + slots.len();
        // Narrow types are sign-extended in 32 bits, which every vector unit can shift.
        let narrow = |pattern: u32| -> i64 {
            let shift = 32_u32.saturating_sub(integer.bits);
            if integer.signed { ((pattern << shift) as i32 >> shift).into() } else { pattern.into() }
        };
        let wide = |pattern: u64| {
            let shift = 64 - integer.bits;
            if integer.signed { (pattern << shift) as i64 >> shift } else { pattern as i64 }
        };
        match self {
            Self::U8(data) => {
                slots.iter_mut().zip(&data[range]).for_each(|(slot, &x)| each(slot, narrow(x.into())));
            }
            Self::U16(data) => {
                slots.iter_mut().zip(&data[range]).for_each(|(slot, &x)| each(slot, narrow(x.into())));
            }
            Self::U32(data) => {
                slots.iter_mut().zip(&data[range]).for_each(|(slot, &x)| each(slot, narrow(x)));
            }
            Self::U64(data) => slots.iter_mut().zip(&data[range]).for_each(|(slot, &x)| each(slot, wide(x))),
            Self::Wide { .. } => panic!("a value of more than 64 bits"),
        }
    }

    /// Whether `len` transactions from `from` on equal those of `other` from `start` on.
    ///
    /// # Panics
    /// When the columns are of different types or too short.
    pub fn equals(&self, from: usize, other: &Self, start: usize, len: usize) -> bool {
        match (self, other) {
            (Self::U8(mine), Self::U8(theirs)) => mine[from..from + len] == theirs[start..start + len],
            (Self::U16(mine), Self::U16(theirs)) => mine[from..from + len] == theirs[start..start + len],
            (Self::U32(mine), Self::U32(theirs)) => mine[from..from + len] == theirs[start..start + len],
            (Self::U64(mine), Self::U64(theirs)) => mine[from..from + len] == theirs[start..start + len],
            (Self::Wide { words, data: mine }, Self::Wide { data: theirs, .. }) => {
                mine[from * words..(from + len) * words] == theirs[start * words..(start + len) * words]
            }
            _ => panic!("columns of different ports cannot be compared"),
        }
    }

    /// A copy of `len` transactions from `start` on.
    ///
    /// # Panics
    /// When the column is too short.
    pub fn slice(&self, start: usize, len: usize) -> Self {
        match self {
            Self::U8(data) => Self::U8(data[start..start + len].to_vec()),
            Self::U16(data) => Self::U16(data[start..start + len].to_vec()),
            Self::U32(data) => Self::U32(data[start..start + len].to_vec()),
            Self::U64(data) => Self::U64(data[start..start + len].to_vec()),
            Self::Wide { words, data } => {
                Self::Wide { words: *words, data: data[start * words..(start + len) * words].to_vec() }
            }
        }
    }

    /// Copies transactions of another column of the same port.
    ///
    /// # Panics
    /// When the columns are of different types or too short.
    pub fn copy_from(&mut self, to: usize, other: &Self, start: usize, len: usize) {
        match (self, other) {
            (Self::U8(mine), Self::U8(theirs)) => {
                mine[to..to + len].copy_from_slice(&theirs[start..start + len]);
            }
            (Self::U16(mine), Self::U16(theirs)) => {
                mine[to..to + len].copy_from_slice(&theirs[start..start + len]);
            }
            (Self::U32(mine), Self::U32(theirs)) => {
                mine[to..to + len].copy_from_slice(&theirs[start..start + len]);
            }
            (Self::U64(mine), Self::U64(theirs)) => {
                mine[to..to + len].copy_from_slice(&theirs[start..start + len]);
            }
            (Self::Wide { words, data: mine }, Self::Wide { data: theirs, .. }) => {
                let words = *words;
                mine[to * words..(to + len) * words]
                    .copy_from_slice(&theirs[start * words..(start + len) * words]);
            }
            _ => panic!("columns of different ports cannot be copied"),
        }
    }

    /// Pointer to the data, for the simulator to read or write.
    pub(crate) fn as_mut_ptr(&mut self) -> *mut u8 {
        each!(self, data, _step => data.as_mut_ptr().cast())
    }

    /// Pointer to the data, for the simulator to read.
    pub(crate) fn as_ptr(&self) -> *const u8 {
        each!(self, data, _step => data.as_ptr().cast())
    }
}

fn element_size<T>(_: &[T]) -> usize {
    size_of::<T>()
}
