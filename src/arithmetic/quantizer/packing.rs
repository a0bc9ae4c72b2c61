//! Codes of 4 and 2 bits in bytes, as ONNX and LiteRT store them.

use super::error::QuantizerError;
use super::format::CodeFormat;

/// Bits of a byte.
const BYTE: u32 = u8::BITS;

impl CodeFormat {
    /// Codes per byte: 2 of 4 bits, or 4 of 2 bits.
    ///
    /// # Errors
    /// [`QuantizerError::Packing`] for other widths.
    fn codes_per_byte(self) -> Result<usize, QuantizerError> {
        match self.bits() {
            2 | 4 => Ok((BYTE / self.bits()) as usize),
            bits => Err(QuantizerError::Packing(bits)),
        }
    }

    /// Number of bytes that `codes` codes take in packed form.
    ///
    /// # Errors
    /// [`QuantizerError::Packing`] for widths other than 2 and 4 bits.
    pub fn packed_length(self, codes: usize) -> Result<usize, QuantizerError> {
        Ok(codes.div_ceil(self.codes_per_byte()?))
    }

    /// Packs codes of 2 or 4 bits, the first one into the lowest bits of the first byte; unused bits are 0.
    ///
    /// The layout of `INT4`, `UINT4`, `INT2` and `UINT2` in ONNX (`TensorProto.raw_data`) and LiteRT
    /// (`PackInt8IntoDenseInt`).
    ///
    /// # Errors
    /// [`QuantizerError::Packing`] for other widths.
    pub fn pack(self, codes: &[i32]) -> Result<Vec<u8>, QuantizerError> {
        let mask = (1 << self.bits()) - 1;
        let byte = |codes: &[i32]| {
            let positions = (0..BYTE).step_by(self.bits() as usize);
            codes
                .iter()
                .zip(positions)
                .fold(0, |byte, (code, position)| byte | ((code & mask) as u8) << position)
        };
        Ok(codes.chunks(self.codes_per_byte()?).map(byte).collect())
    }

    /// Unpacks `count` codes; inverse of [`CodeFormat::pack`].
    ///
    /// # Errors
    /// [`QuantizerError::Packing`] for widths other than 2 and 4 bits, [`QuantizerError::PackedLength`] when the bytes are not
    /// those of `count` codes.
    pub fn unpack(self, bytes: &[u8], count: usize) -> Result<Vec<i32>, QuantizerError> {
        let (found, expected) = (bytes.len(), self.packed_length(count)?);
        if found != expected {
            return Err(QuantizerError::PackedLength { found, expected, codes: count });
        }
        let bits = self.bits();
        let unpacked = |&byte: &u8| {
            (0..BYTE).step_by(bits as usize).map(move |position| {
                let code = i32::from(byte >> position) & ((1 << bits) - 1);
                if code > self.max() { code - (1 << bits) } else { code }
            })
        };
        Ok(bytes.iter().flat_map(unpacked).take(count).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packing_round_trip_keeps_every_code_and_length() {
        for (bits, signed) in [(4, true), (4, false), (2, true), (2, false)] {
            let format = CodeFormat::new(bits, signed).unwrap();
            let codes: Vec<i32> = (format.min()..=format.max()).chain([format.min()]).collect();
            for length in 0..=codes.len() {
                let bytes = format.pack(&codes[..length]).unwrap();
                assert_eq!(bytes.len(), (length * bits as usize).div_ceil(8));
                assert_eq!(format.unpack(&bytes, length).unwrap(), codes[..length]);
            }
        }
    }

    #[test]
    fn rejects_other_widths_and_lengths() {
        let eight = CodeFormat::new(8, true).unwrap();
        assert_eq!(eight.pack(&[0]), Err(QuantizerError::Packing(8)));
        let four = CodeFormat::new(4, true).unwrap();
        let short = QuantizerError::PackedLength { found: 1, expected: 2, codes: 3 };
        assert_eq!(four.unpack(&[0], 3), Err(short));
        let long = QuantizerError::PackedLength { found: 3, expected: 2, codes: 3 };
        assert_eq!(four.unpack(&[0; 3], 3), Err(long));
    }
}
