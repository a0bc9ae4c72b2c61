//! Rows that the walk of a window waits for, as two counters whose signs decide.
//!
//! `surplus` counts the complete rows beyond those that the window needs: a step can be made unless it is negative.
//! `vacant` counts the rows of the ring that can still be written, less one: a code is accepted unless it is negative.

use serde_json::{Value as Json, json};

use super::memory::bits_of;
use super::walk::{Walk, signed};

impl Walk {
    /// The key `row_counts` of the walk's context; `last_row` is 1 in the last output row of a frame.
    pub(super) fn row_counts(&self, last_row: &str) -> Json {
        let bits = self.row_bits();
        json!({
            "type": format!("signed [{}:0]", bits - 1),
            "zero": signed(bits, 0),
            "one": signed(bits, 1),
            "vacant": {
                "start": signed(bits, (self.ring_rows() - self.window.rows.before) as i64 - 1),
                "row_end": self.rows_freed_at(last_row, bits),
            },
            "surplus": self.surplus(bits),
        })
    }

    /// Rows that the window of an output row needs, from its first on; fewer if its last are in the padding.
    fn rows_needed(&self, output_row: usize) -> i64 {
        let rows = self.window.rows;
        let left = (rows.input + rows.before) as i64 - (output_row * rows.stride) as i64;
        left.min(self.extent() as i64)
    }

    /// Rows by which `vacant` grows at the end of an output row.
    fn rows_freed(&self, output_row: usize) -> i64 {
        let rows = self.window.rows;
        if output_row + 1 == rows.output { self.frame_step() } else { rows.stride as i64 }
    }

    /// Rows by which `surplus` shrinks at the end of an output row.
    fn rows_used(&self, output_row: usize) -> i64 {
        let next = (output_row + 1) % self.window.rows.output;
        self.rows_freed(output_row) + self.rows_needed(next) - self.rows_needed(output_row)
    }

    /// The rows freed at the end of an output row; only the last row can differ.
    fn rows_freed_at(&self, last_row: &str, bits: u32) -> String {
        let last = self.window.rows.output - 1;
        match (self.rows_freed(0), self.rows_freed(last)) {
            (row, frame) if row == frame => signed(bits, row),
            (row, frame) => format!("({last_row} ? {} : {})", signed(bits, frame), signed(bits, row)),
        }
    }

    /// Start of `surplus`, and what the end of an output row adds to it: a register that is one row ahead,
    /// unless all rows are alike.
    fn surplus(&self, bits: u32) -> Json {
        let output = self.window.rows.output;
        let added: Vec<i64> = (0..output).map(|row| -self.rows_used(row)).collect();
        let most = added[output / 2];
        let next = |row: usize| added[(row + 1) % output];
        let row_counter = bits_of(output - 1);
        let mut next_text = String::new();
        for row in (0..output).filter(|&row| next(row) != most) {
            next_text += &format!("row == {row_counter}'d{row} ? {} : ", signed(bits, next(row)));
        }
        let is_register = !next_text.is_empty();
        json!({
            "start": signed(bits, self.window.rows.before as i64 - self.rows_needed(0)),
            "row_end": if is_register { "row_end_rows".to_string() } else { signed(bits, most) },
            "row_end_written": if is_register {
                format!("row_end_rows + {}", signed(bits, 1))
            } else {
                signed(bits, most + 1)
            },
            "register": is_register.then(|| json!({
                "start": signed(bits, added[0]),
                "next": next_text + &signed(bits, most),
            })),
        })
    }
}
