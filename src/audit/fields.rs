//! Elements side by side in the columns of a design, and other bits beside them.

use crate::unit::Column;

/// The low bits of a word.
fn mask(bits: u32) -> u64 {
    u64::MAX >> (64 - bits)
}

/// Puts elements side by side: as the values of an array, or as the bits of a vector from bit `low` on,
/// which are 0 before. What begins at bit 0 clears the others.
pub(crate) fn pack(elements: &[Vec<u64>], bits: u32, low: u32, len: usize, column: &mut Column) {
    let mask = mask(bits);
    if low == 0 && column.len() == len * elements.len() {
        let (count, elements) = (elements.len(), &elements);
        column.write(0, (0..len * count).map(|at| elements[at % count][at / count] & mask));
        return;
    }
    merge(column, len, |row, words| {
        for (place, element) in elements.iter().enumerate() {
            put(words, low as usize + place * bits as usize, element[row] & mask);
        }
    });
}

/// The reverse.
pub(crate) fn unpack(column: &Column, bits: u32, low: u32, len: usize, elements: &mut [Vec<u64>]) {
    let (count, mask) = (elements.len(), mask(bits));
    if low == 0 && column.len() == len * count {
        for (place, element) in elements.iter_mut().enumerate() {
            *element = (0..len).map(|row| column.get(row * count + place) & mask).collect();
        }
        return;
    }
    for row in 0..len {
        let words = column.words(row);
        for (place, element) in elements.iter_mut().enumerate() {
            let at = low as usize + place * bits as usize;
            let high = words.get(at / 64 + 1).copied().unwrap_or(0);
            let value = (u128::from(high) << 64 | u128::from(words[at / 64])) >> (at % 64);
            element.push(value as u64 & mask);
        }
    }
}

/// Sets one bit of every row to a value that was 0 before.
pub(crate) fn put_bit(column: &mut Column, low: u32, len: usize, value: impl Fn(usize) -> bool) {
    merge(column, len, |row, words| put(words, low as usize, value(row).into()));
}

/// Sets as many bits of every row to the same number; they were 0 before.
pub(crate) fn put_number(column: &mut Column, low: u32, bits: u32, len: usize, number: u128) {
    merge(column, len, |_, words| {
        for bit in (0..bits.min(128)).filter(|bit| number >> bit & 1 == 1) {
            put(words, (low + bit) as usize, 1);
        }
    });
}

/// Passes the words of every row by a function that adds to them.
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
        // An element may seem to reach beyond the last word.
        words.push(0);
        add(row, &mut words);
        words.pop();
        column.set_words(row, &words);
    }
}

fn put(words: &mut [u64], at: usize, value: u64) {
    let value = u128::from(value) << (at % 64);
    words[at / 64] |= value as u64;
    words[at / 64 + 1] |= (value >> 64) as u64;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_survive_packing_into_vectors_and_arrays() {
        let elements: Vec<Vec<u64>> =
            (0..7u64).map(|place| (0..5).map(|row| (row * 977 + place * 8191) & 0x1fff).collect()).collect();
        for (column, low) in
            [(Column::zeros(7 * 13, 5), 0), (Column::zeros(13, 7 * 5), 0), (Column::zeros(128, 5), 37)]
        {
            let mut column = column;
            pack(&elements, 13, low, 5, &mut column);
            let mut found = vec![Vec::new(); 7];
            unpack(&column, 13, low, 5, &mut found);
            assert_eq!(found, elements);
        }
    }

    #[test]
    fn fields_of_one_vector_leave_each_other_alone() {
        let mut column = Column::zeros(70, 2);
        pack(&[vec![0x5a, 0xff]], 8, 60, 2, &mut column);
        put_bit(&mut column, 69, 2, |row| row == 1);
        put_number(&mut column, 4, 6, 2, (-3i128) as u128);
        put_bit(&mut column, 0, 2, |row| row == 0);
        assert_eq!(column.words(0), [0xa000_0000_0000_03d1, 0x5]);
        assert_eq!(column.words(1), [0xf000_0000_0000_03d0, 0x2f]);
    }
}
