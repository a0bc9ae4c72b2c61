//! The multiply-accumulate unit, cycle by cycle, as `docs/units/mac.md` defines it.

use super::Model;
use crate::catalogue::{Integer, Values};
use crate::column::Column;

/// Lanes of independent sums that share reset and enable.
pub(super) struct MacModel {
    a: Operand,
    b: Operand,
    sums: Box<dyn Sums>,
    /// Scratch: the products of a batch.
    products: Vec<i64>,
}

/// One operand: its type, and its zero point unless that is a port.
struct Operand {
    integer: Integer,
    zero_point: Option<i64>,
}

impl Operand {
    fn new(values: &Values, name: &str) -> Operand {
        let integer = Integer {
            bits: values.count(&format!("{name}_bits")),
            signed: values.flag(&format!("{name}_signed")),
        };
        let zero_point = match values.word(&format!("{name}_zero_point")) {
            "port" => None,
            "constant" => Some(values.integer(&format!("{name}_zero_point_value"))),
            _ => Some(0),
        };
        Operand { integer, zero_point }
    }

    /// The values of the operand less its zero point, which comes from `ports` if it is one.
    fn differences<'a>(
        &self,
        column: &Column,
        ports: &mut impl Iterator<Item = &'a Column>,
        mut each: impl FnMut(usize, i64),
    ) {
        match self.zero_point {
            Some(zero) => column.decode(self.integer, |index, value| each(index, value - zero)),
            None => {
                let zeros = ports.next().expect("a zero point port for each operand that has one");
                let zero = |index| self.integer.decode(zeros.get(index)) as i64;
                column.decode(self.integer, |index, value| each(index, value - zero(index)));
            }
        }
    }
}

impl MacModel {
    pub(super) fn new(values: &Values, lanes: usize) -> MacModel {
        let (a, b) = (Operand::new(values, "a"), Operand::new(values, "b"));
        let shifted = ["a_zero_point", "b_zero_point"].iter().any(|name| values.word(name) != "none");
        let accumulator = Integer {
            bits: values.count("acc_bits"),
            signed: a.integer.signed || b.integer.signed || shifted,
        };
        let saturate = values.word("overflow") == "saturate";
        // The sum of an accumulator and a product must fit the number type.
        let sums: Box<dyn Sums> = match accumulator.bits {
            ..=62 => Box::new(Lanes::<i64>::new(lanes, accumulator, saturate)),
            _ => Box::new(Lanes::<i128>::new(lanes, accumulator, saturate)),
        };
        MacModel { a, b, sums, products: Vec::new() }
    }
}

impl Model for MacModel {
    fn run(&mut self, inputs: &[Column], outputs: &mut [Column]) {
        let [Column::U8(rst), Column::U8(en), Column::U8(clear), a, b, zero_points @ ..] = inputs else {
            unreachable!("a mac has three control bits and two operands")
        };
        let mut zero_points = zero_points.iter();
        let products = &mut self.products;
        products.resize(a.len(), 0);
        self.a.differences(a, &mut zero_points, |index, a| products[index] = a);
        self.b.differences(b, &mut zero_points, |index, b| products[index] *= b);
        self.sums.run(&Control { rst, en, clear }, products, outputs);
    }
}

/// The control columns of a batch.
struct Control<'a> {
    rst: &'a [u8],
    en: &'a [u8],
    clear: &'a [u8],
}

/// The registers of all lanes, in whichever number type holds their sums.
trait Sums: Send {
    fn run(&mut self, control: &Control<'_>, products: &[i64], outputs: &mut [Column]);
}

/// The registers of all lanes.
struct Lanes<T> {
    accumulator: Integer,
    saturate: bool,
    min: T,
    max: T,
    /// The product taken in one enabled cycle ago.
    waiting: Vec<T>,
    /// Whether that product starts a new sum.
    start: Vec<bool>,
    accum: Vec<T>,
    overflow: Vec<bool>,
    /// Scratch: the outputs of a batch.
    accum_rows: Vec<T>,
    overflow_rows: Vec<bool>,
}

impl<T: Number> Lanes<T> {
    fn new(lanes: usize, accumulator: Integer, saturate: bool) -> Lanes<T> {
        Lanes {
            accumulator,
            saturate,
            min: T::from_wide(accumulator.min()),
            max: T::from_wide(accumulator.max()),
            waiting: vec![T::from(0); lanes],
            start: vec![false; lanes],
            accum: vec![T::from(0); lanes],
            overflow: vec![false; lanes],
            accum_rows: Vec::new(),
            overflow_rows: Vec::new(),
        }
    }

    /// What an enabled rising edge without reset does to every lane.
    fn step(&mut self, clear: &[u8], products: &[i64]) {
        // One length for all, so that the loop has no bounds to check and the compiler may
        // vectorise it; values are chosen rather than branched on for the same reason.
        let lanes = self.accum.len();
        let (clear, products) = (&clear[..lanes], &products[..lanes]);
        let (waiting, start) = (&mut self.waiting[..lanes], &mut self.start[..lanes]);
        let (accum, overflow) = (&mut self.accum[..lanes], &mut self.overflow[..lanes]);
        for lane in 0..lanes {
            let sum = if start[lane] { waiting[lane] } else { accum[lane] + waiting[lane] };
            let outside = sum < self.min || sum > self.max;
            let kept =
                if self.saturate { sum.clamp(self.min, self.max) } else { sum.wrapped(self.accumulator) };
            accum[lane] = kept;
            overflow[lane] = outside | (overflow[lane] & !start[lane]);
            waiting[lane] = T::from(products[lane]);
            start[lane] = clear[lane] == 1;
        }
    }

    fn reset(&mut self) {
        self.waiting.fill(T::from(0));
        self.start.fill(false);
        self.accum.fill(T::from(0));
        self.overflow.fill(false);
    }
}

impl<T: Number> Sums for Lanes<T> {
    fn run(&mut self, control: &Control<'_>, products: &[i64], outputs: &mut [Column]) {
        let lanes = self.accum.len();
        self.accum_rows.clear();
        self.overflow_rows.clear();
        for (row, (&rst, &en)) in control.rst.iter().zip(control.en).enumerate() {
            let row = row * lanes..(row + 1) * lanes;
            self.accum_rows.extend_from_slice(&self.accum);
            self.overflow_rows.extend_from_slice(&self.overflow);
            match (rst, en) {
                (1, _) => self.reset(),
                (_, 1) => self.step(&control.clear[row.clone()], &products[row]),
                _ => {}
            }
        }
        let (accum, overflow) = outputs.split_first_mut().expect("a mac has accum");
        let mask = self.accumulator.mask();
        accum.fill(|index| self.accum_rows[index].pattern() & mask);
        if let Some(overflow) = overflow.first_mut() {
            overflow.fill(|index| self.overflow_rows[index].into());
        }
    }
}

/// A number type wide enough for a sum.
trait Number: Copy + Send + Ord + From<i64> + std::ops::Add<Output = Self> {
    /// From a bound of the accumulator, which fits.
    fn from_wide(value: i128) -> Self;
    /// The low 64 bits.
    fn pattern(self) -> u64;
    /// The value of that type with the same low bits.
    fn wrapped(self, integer: Integer) -> Self;
}

impl Number for i64 {
    fn from_wide(value: i128) -> i64 {
        value as i64
    }

    fn pattern(self) -> u64 {
        self as u64
    }

    fn wrapped(self, integer: Integer) -> i64 {
        let shift = 64 - integer.bits;
        if integer.signed { self << shift >> shift } else { ((self as u64) << shift >> shift) as i64 }
    }
}

impl Number for i128 {
    fn from_wide(value: i128) -> i128 {
        value
    }

    fn pattern(self) -> u64 {
        self as u64
    }

    fn wrapped(self, integer: Integer) -> i128 {
        integer.decode(self as u64)
    }
}
