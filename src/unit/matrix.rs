//! Matrices of integers as parameter values.

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeSeq, Serializer};

use crate::text::sha256;

/// A matrix of 1 to 64 rows and 1 to 64 columns. The text form separates numbers by commas and rows by
/// semicolons: `1,-2;3,4`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Matrix {
    columns: usize,
    entries: Cow<'static, [i64]>,
}

/// Error for an illegal [`Matrix`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MatrixError {
    /// No row or no column.
    #[error("a matrix of {rows} x {columns} has no entries; give at least one row and one column")]
    Empty {
        /// The number of rows.
        rows: usize,
        /// The number of columns.
        columns: usize,
    },
    /// Too many rows or columns.
    #[error(
        "a matrix of {rows} x {columns} is too large; at most {max} rows and {max} columns: split it into blocks",
        max = Matrix::SIDE
    )]
    TooLarge {
        /// The number of rows.
        rows: usize,
        /// The number of columns.
        columns: usize,
    },
    /// Rows of different lengths.
    #[error(
        "row {row} has {found} entries, but row 0 has {expected}; give every row the same number of entries"
    )]
    Ragged {
        /// The row, from 0 on.
        row: usize,
        /// The number of its entries.
        found: usize,
        /// The number of entries in the first row.
        expected: usize,
    },
    /// An entry that is not an integer.
    #[error(
        "row {row}, column {column} is '{entry}', not a 64-bit integer; write the matrix as 1,-2;3,4 \
         (`qrtl quantize` converts real weights to integers)"
    )]
    NotWhole {
        /// The row, from 0 on.
        row: usize,
        /// The column, from 0 on.
        column: usize,
        /// The entry.
        entry: String,
    },
}

impl Matrix {
    /// The largest number of rows, and of columns.
    pub const SIDE: usize = 64;

    /// Constant matrix.
    pub(crate) const fn fixed(columns: usize, entries: &'static [i64]) -> Self {
        Self { columns, entries: Cow::Borrowed(entries) }
    }

    /// Matrix from entries, row by row.
    ///
    /// # Errors
    /// [`MatrixError::Empty`] and [`MatrixError::TooLarge`].
    ///
    /// # Panics
    /// When there are not `rows * columns` entries.
    pub fn new(rows: usize, columns: usize, entries: Vec<i64>) -> Result<Self, MatrixError> {
        Self::check(rows, columns)?;
        assert_eq!(entries.len(), rows * columns, "one number an entry");
        Ok(Self { columns, entries: entries.into() })
    }

    /// Checks the shape of a matrix.
    ///
    /// # Errors
    /// [`MatrixError::Empty`] and [`MatrixError::TooLarge`].
    pub fn check(rows: usize, columns: usize) -> Result<(), MatrixError> {
        match rows.min(columns) {
            0 => Err(MatrixError::Empty { rows, columns }),
            _ if rows.max(columns) > Self::SIDE => Err(MatrixError::TooLarge { rows, columns }),
            _ => Ok(()),
        }
    }

    /// Parses the text form.
    ///
    /// # Errors
    /// Every [`MatrixError`].
    pub fn parse(text: &str) -> Result<Self, MatrixError> {
        let rows: Vec<Vec<&str>> = text.split(';').map(|row| row.split(',').collect()).collect();
        let columns = rows[0].len();
        if let Some((row, other)) = rows.iter().enumerate().find(|(_, row)| row.len() != columns) {
            return Err(MatrixError::Ragged { row, found: other.len(), expected: columns });
        }
        let entry = |row: usize, column: usize| {
            let text = rows[row][column];
            text.parse().map_err(|_| MatrixError::NotWhole { row, column, entry: text.to_string() })
        };
        let cells = (0..rows.len()).flat_map(|row| (0..columns).map(move |column| (row, column)));
        Self::check(rows.len(), columns)?;
        let entries: Result<_, _> = cells.map(|(row, column)| entry(row, column)).collect();
        Self::new(rows.len(), columns, entries?)
    }

    /// The rows.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[i64]> + Clone {
        self.entries.chunks(self.columns)
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The SHA-256 of the text form, in hexadecimal.
    pub fn digest(&self) -> String {
        sha256(self.to_string().as_bytes())
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, entry) in self.entries.iter().enumerate() {
            let separator = match index {
                0 => "",
                _ if index % self.columns == 0 => ";",
                _ => ",",
            };
            write!(f, "{separator}{entry}")?;
        }
        Ok(())
    }
}

/// A sequence of rows.
impl Serialize for Matrix {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.rows().len()))?;
        self.rows().try_for_each(|row| rows.serialize_element(row))?;
        rows.end()
    }
}
