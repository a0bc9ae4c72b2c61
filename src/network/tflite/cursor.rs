//! Bounds-checked access to a flatbuffer.
//!
//! Every offset comes from the file and may be wrong. Reads are charged to a budget, because vectors of a hostile
//! file may overlap and expand to far more than its size.

use std::cell::Cell;

use crate::network::error::NetworkCause;

/// Bytes that may be read per byte of the file.
const BUDGET_FACTOR: usize = 16;

/// Bytes that may be read of a small file.
const BUDGET_BASE: usize = 1 << 16;

/// Bytes charged for a table.
const TABLE: usize = 128;

/// A flatbuffer.
pub struct Buffer<'a> {
    bytes: &'a [u8],
    budget: Cell<usize>,
}

/// A table of a flatbuffer.
#[derive(Clone, Copy)]
pub struct FlatTable<'a> {
    buffer: &'a Buffer<'a>,
    start: usize,
    fields: usize,
    fields_end: usize,
}

/// Result of reading from a flatbuffer.
pub type Read<T> = Result<T, NetworkCause>;

const OUTSIDE: NetworkCause = NetworkCause::Damaged("an offset points outside the file");

/// Elements of vectors.
pub trait Scalar: Sized {
    /// Bytes of an element.
    const SIZE: usize;
    /// Reads an element from its bytes.
    fn from_bytes(bytes: &[u8]) -> Self;
}

macro_rules! scalar {
    ($($type:ty)*) => {$(
        impl Scalar for $type {
            const SIZE: usize = size_of::<$type>();
            fn from_bytes(bytes: &[u8]) -> Self {
                Self::from_le_bytes(bytes.try_into().expect("SIZE bytes"))
            }
        }
    )*};
}

scalar!(i8 u8 u16 i32 u32 i64 u64 f32);

impl<'a> Buffer<'a> {
    /// A flatbuffer in memory.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            budget: Cell::new(bytes.len().saturating_mul(BUDGET_FACTOR).saturating_add(BUDGET_BASE)),
        }
    }

    /// Charges bytes that are read from the file or created for it.
    pub fn charge(&self, bytes: usize) -> Read<()> {
        let left = self.budget.get().checked_sub(bytes).ok_or(NetworkCause::Unpacked)?;
        self.budget.set(left);
        Ok(())
    }

    /// Bytes from an absolute position, for buffers outside the flatbuffer.
    pub fn slice(&self, start: usize, length: usize) -> Read<&'a [u8]> {
        let end = start.checked_add(length).ok_or(OUTSIDE)?;
        self.bytes.get(start..end).ok_or(OUTSIDE)
    }

    fn scalar<T: Scalar>(&self, position: usize) -> Read<T> {
        Ok(T::from_bytes(self.slice(position, T::SIZE)?))
    }

    /// Position that the offset at a position points to.
    fn follow(&self, position: usize) -> Read<usize> {
        let offset: u32 = self.scalar(position)?;
        position.checked_add(offset as usize).ok_or(OUTSIDE)
    }

    /// The root table.
    pub fn root(&'a self) -> Read<FlatTable<'a>> {
        self.table(self.follow(0)?)
    }

    fn table(&'a self, start: usize) -> Read<FlatTable<'a>> {
        self.charge(TABLE)?;
        let back: i32 = self.scalar(start)?;
        let fields = (start as i64 - i64::from(back)).try_into().map_err(|_| OUTSIDE)?;
        let size: u16 = self.scalar(fields)?;
        Ok(FlatTable { buffer: self, start, fields, fields_end: fields + usize::from(size) })
    }

    /// First byte and number of elements of a vector that the offset at a position points to.
    fn vector(&self, position: usize, element: usize) -> Read<(usize, usize)> {
        let start = self.follow(position)?;
        let length: u32 = self.scalar(start)?;
        let bytes = (length as usize).checked_mul(element).ok_or(OUTSIDE)?;
        self.slice(start + 4, bytes)?;
        self.charge(bytes)?;
        Ok((start + 4, length as usize))
    }
}

impl<'a> FlatTable<'a> {
    /// Position of a field, if the table has it.
    fn field(&self, number: usize) -> Read<Option<usize>> {
        let entry = self.fields + 4 + 2 * number;
        if entry + 2 > self.fields_end {
            return Ok(None);
        }
        let offset: u16 = self.buffer.scalar(entry)?;
        Ok((offset != 0).then(|| self.start + usize::from(offset)))
    }

    /// A number, or the default of the schema.
    pub fn scalar<T: Scalar>(&self, number: usize, default: T) -> Read<T> {
        match self.field(number)? {
            Some(position) => self.buffer.scalar(position),
            None => Ok(default),
        }
    }

    /// A table, if there is one.
    pub fn table(&self, number: usize) -> Read<Option<Self>> {
        let Some(position) = self.field(number)? else { return Ok(None) };
        self.buffer.table(self.buffer.follow(position)?).map(Some)
    }

    /// A vector of tables, empty if there is none.
    pub fn tables(&self, number: usize) -> Read<Vec<Self>> {
        let Some(position) = self.field(number)? else { return Ok(Vec::new()) };
        let (start, length) = self.buffer.vector(position, 4)?;
        (0..length).map(|index| self.buffer.table(self.buffer.follow(start + 4 * index)?)).collect()
    }

    /// The bytes of a vector of bytes or a string, empty if there is none.
    pub fn bytes(&self, number: usize) -> Read<&'a [u8]> {
        let Some(position) = self.field(number)? else { return Ok(&[]) };
        let (start, length) = self.buffer.vector(position, 1)?;
        self.buffer.slice(start, length)
    }

    /// A vector of numbers, empty if there is none.
    pub fn numbers<T: Scalar>(&self, number: usize) -> Read<Vec<T>> {
        let Some(position) = self.field(number)? else { return Ok(Vec::new()) };
        let (start, length) = self.buffer.vector(position, T::SIZE)?;
        let bytes = self.buffer.slice(start, length * T::SIZE)?;
        Ok(bytes.chunks_exact(T::SIZE).map(T::from_bytes).collect())
    }

    /// A string, empty if there is none.
    pub fn text(&self, number: usize) -> Read<String> {
        Ok(String::from_utf8_lossy(self.bytes(number)?).into_owned())
    }
}
