//! Bit fields of the columns of a design: elements, control bits and constants.

use crate::unit::Column;

fn mask(bits: u32) -> u64 {
    u64::MAX >> (64 - bits)
}

/// Writes elements into an array, or into adjacent fields of a vector.
///
/// The first element starts at bit `low`. The bits must be 0 before. A field at bit 0 may clear the rest of the
/// vector, so it is written first.
pub(crate) fn pack(elements: &[Vec<u64>], bits: u32, low: u32, len: usize, column: &mut Column) {
    let mask = mask(bits);
    let count = elements.len();
    if low == 0 && column.len() == len * count {
        column.write(0, (0..len * count).map(|at| elements[at % count][at / count] & mask));
        return;
    }
    merge(column, len, |row, words| {
        for (index, element) in elements.iter().enumerate() {
            set_bits(words, low as usize + index * bits as usize, element[row] & mask);
        }
    });
}

/// Appends the elements that [`pack`] would write, row by row.
pub(crate) fn unpack(column: &Column, bits: u32, low: u32, len: usize, elements: &mut [Vec<u64>]) {
    let (count, mask) = (elements.len(), mask(bits));
    if low == 0 && column.len() == len * count {
        for (index, element) in elements.iter_mut().enumerate() {
            *element = (0..len).map(|row| column.get(row * count + index) & mask).collect();
        }
        return;
    }
    for row in 0..len {
        let words = column.words(row);
        for (index, element) in elements.iter_mut().enumerate() {
            let bit = low as usize + index * bits as usize;
            let high = words.get(bit / 64 + 1).copied().unwrap_or(0);
            let value = (u128::from(high) << 64 | u128::from(words[bit / 64])) >> (bit % 64);
            element.push(value as u64 & mask);
        }
    }
}

/// Writes one bit of every row; the bit must be 0 before.
pub(crate) fn put_bit(column: &mut Column, bit: u32, len: usize, value: impl Fn(usize) -> bool) {
    merge(column, len, |row, words| set_bits(words, bit as usize, value(row).into()));
}

/// Writes the low bits of a constant into every row; the field must be 0 before.
pub(crate) fn put_constant(column: &mut Column, low: u32, bits: u32, len: usize, value: u128) {
    merge(column, len, |_, words| {
        for bit in (0..bits.min(128)).filter(|bit| value >> bit & 1 == 1) {
            set_bits(words, (low + bit) as usize, 1);
        }
    });
}

/// Calls `add` with the words of every row and writes them back.
fn merge(column: &mut Column, len: usize, add: impl Fn(usize, &mut [u64])) {
    if !matches!(column, Column::Wide { .. }) {
        for row in 0..len {
            let mut words = [column.get(row), 0];
            add(row, &mut words);
            column.set(row, words[0]);
        }
        return;
    }
    for row in 0..len {
        let mut words = column.words(row);
        // `set_bits` also touches the word after that of the lowest bit.
        words.push(0);
        add(row, &mut words);
        words.pop();
        column.set_words(row, &words);
    }
}

/// Sets the bits of `value` from bit `low` on.
fn set_bits(words: &mut [u64], low: usize, value: u64) {
    let value = u128::from(value) << (low % 64);
    words[low / 64] |= value as u64;
    words[low / 64 + 1] |= (value >> 64) as u64;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpack_returns_what_pack_wrote() {
        let element = |index: u64| (0..5).map(|row| (row * 977 + index * 8191) & 0x1fff).collect();
        let elements: Vec<Vec<u64>> = (0..7u64).map(element).collect();
        for (mut column, low) in
            [(Column::zeros(7 * 13, 5), 0), (Column::zeros(13, 7 * 5), 0), (Column::zeros(128, 5), 37)]
        {
            pack(&elements, 13, low, 5, &mut column);
            let mut found = vec![Vec::new(); 7];
            unpack(&column, 13, low, 5, &mut found);
            assert_eq!(found, elements);
        }
    }

    #[test]
    fn fields_of_one_vector_do_not_overwrite_each_other() {
        let mut column = Column::zeros(70, 2);
        pack(&[vec![0x5a, 0xff]], 8, 60, 2, &mut column);
        put_bit(&mut column, 69, 2, |row| row == 1);
        put_constant(&mut column, 4, 6, 2, (-3i128) as u128);
        put_bit(&mut column, 0, 2, |row| row == 0);
        assert_eq!(column.words(0), [0xa000_0000_0000_03d1, 0x5]);
        assert_eq!(column.words(1), [0xf000_0000_0000_03d0, 0x2f]);
    }
}
