//! Evaluation of a netlist in linear forms, cell by cell.

use std::collections::HashMap;

use super::form::LinearForm;
use super::{Certificate, Refutation};
use crate::netlist::{Bit, Cell, Netlist};
use crate::unit::{Config, Integer, Matrix, Port};

/// Widest vector: products of its numbers stay within the integers of forms.
const MOST_BITS: usize = 48;

/// Value of a vector: a form, equal to the bits modulo two to their number.
#[derive(Clone, Debug)]
struct Value {
    form: LinearForm,
    /// Registers between the inputs and the vector; `None` for a constant.
    delay: Option<usize>,
}

/// An element of x, or the output of a cell.
#[derive(Debug)]
struct Vector<'n> {
    bits: &'n [Bit],
    value: Value,
}

/// Values of all vectors evaluated so far.
#[derive(Debug)]
struct Evaluation<'n> {
    inputs: usize,
    x: Integer,
    clock: &'n [Bit],
    /// Vectors by their lowest bit.
    vectors: HashMap<Bit, Vector<'n>>,
    /// Line or output that is being evaluated, for refutations.
    location: String,
}

/// Certifies that the outputs of a netlist are the matrix of the config times the inputs.
pub(super) fn certify(
    config: &Config,
    weights: &Matrix,
    netlist: &Netlist,
) -> Result<Certificate, Refutation> {
    let port = |name: &str| config.ports().into_iter().find(|port| port.name == name).expect("x and y");
    let (x, y) = (port("x"), port("y"));
    let outputs = port_bits(netlist, &y)?;
    let order = netlist.evaluation_order(outputs.iter().copied(), |_| false);
    let order = order.ok_or(Refutation::Loop)?;
    let mut evaluation = Evaluation::new(netlist, &x)?;
    for cell in &order {
        evaluation.run(cell)?;
    }
    let latency = config.behaviour().latency();
    let rows = outputs.chunks(y.integer.bits as usize).zip(weights.rows());
    for (row, (bits, weights)) in rows.enumerate() {
        evaluation.compare(row, bits, weights, latency)?;
    }
    Ok(Certificate { outputs: y.elements as usize, cells: order.len(), latency })
}

/// Bits of a port; their number must be the width in the config.
fn port_bits<'n>(netlist: &'n Netlist, port: &Port) -> Result<&'n [Bit], Refutation> {
    let bits = netlist.port(port.name).map(|port| port.bits.as_slice()).unwrap_or_default();
    if bits.len() == port.width() as usize {
        return Ok(bits);
    }
    Err(Refutation::Port { name: port.name, found: bits.len(), expected: port.width() })
}

impl<'n> Evaluation<'n> {
    fn new(netlist: &'n Netlist, x: &Port) -> Result<Self, Refutation> {
        let inputs = x.elements as usize;
        let elements = port_bits(netlist, x)?.chunks(x.integer.bits as usize).enumerate();
        let vectors = elements.map(|(index, bits)| {
            let value = Value { form: LinearForm::input(index, inputs), delay: Some(0) };
            (bits[0], Vector { bits, value })
        });
        let clock = netlist.port("clk").map(|port| port.bits.as_slice()).unwrap_or_default();
        let (vectors, location) = (vectors.collect(), String::new());
        Ok(Self { inputs, x: x.integer, clock, vectors, location })
    }

    fn run(&mut self, cell: &'n Cell) -> Result<(), Refutation> {
        self.location = format!("line {}", cell.line());
        let value = self.evaluate(cell)?;
        let bits = cell.output();
        self.vectors.insert(bits[0], Vector { bits, value });
        Ok(())
    }

    /// Value of the output of a cell.
    fn evaluate(&self, cell: &Cell) -> Result<Value, Refutation> {
        let operand = |port: &str| self.read(&cell.extended(port, cell.is_signed()));
        let linear = |scale: i128, offset: i128| -> Result<Value, Refutation> {
            let Value { form, delay } = operand("A")?;
            let form = form.times(scale).plus(&LinearForm::constant(offset, self.inputs));
            Ok(Value { form, delay })
        };
        match cell.kind.as_str() {
            "$pos" => linear(1, 0),
            "$neg" => linear(-1, 0),
            "$not" => linear(-1, -1),
            "$add" => self.sum(operand("A")?, operand("B")?, 1),
            "$sub" => self.sum(operand("A")?, operand("B")?, -1),
            "$mul" => self.product(operand("A")?, operand("B")?),
            "$dff" => self.register(cell),
            kind => Err(self.not_linear(format!("a {kind} cell"))),
        }
    }

    fn sum(&self, one: Value, other: Value, sign: i128) -> Result<Value, Refutation> {
        let delay = self.common_delay(one.delay, other.delay)?;
        Ok(Value { form: one.form.plus(&other.form.times(sign)), delay })
    }

    fn product(&self, one: Value, other: Value) -> Result<Value, Refutation> {
        let delay = self.common_delay(one.delay, other.delay)?;
        let form = match (one.form.as_constant(), other.form.as_constant()) {
            (_, Some(factor)) => one.form.times(factor),
            (Some(factor), None) => other.form.times(factor),
            (None, None) => return Err(self.not_linear("a product of two vectors".to_string())),
        };
        Ok(Value { form, delay })
    }

    fn register(&self, cell: &Cell) -> Result<Value, Refutation> {
        if cell.input("CLK") != self.clock || cell.number("CLK_POLARITY") != 1 {
            return Err(self.not_linear("a register that is not clocked by posedge clk".to_string()));
        }
        let Value { form, delay } = self.read(cell.input("D"))?;
        Ok(Value { form, delay: delay.map(|delay| delay + 1) })
    }

    /// Value of bits that are taken from vectors and constants.
    ///
    /// Each part starts at the lowest bit of a vector. The highest part may be cut anywhere, or be extended by
    /// its sign; all others must hold their values exactly.
    fn read(&self, bits: &[Bit]) -> Result<Value, Refutation> {
        if bits.len() > MOST_BITS {
            return Err(self.not_linear(format!("a vector of more than {MOST_BITS} bits")));
        }
        let mut value = Value { form: LinearForm::constant(0, self.inputs), delay: None };
        let mut low = 0;
        while let Some(bit) = bits.get(low) {
            match bit {
                Bit::Zero => low += 1,
                Bit::One => {
                    value.form.constant += 1 << low;
                    low += 1;
                }
                Bit::Undefined => return Err(self.not_linear("an undefined bit".to_string())),
                Bit::Net(_) => {
                    let (part, length) = self.part(&bits[low..])?;
                    value.form = value.form.plus(&part.form.times(1 << low));
                    value.delay = self.common_delay(value.delay, part.delay)?;
                    low += length;
                }
            }
        }
        value.form = value.form.modulo(bits.len() as u32);
        Ok(value)
    }

    /// Value of the vector that `bits` start with, and how many of the bits it accounts for.
    fn part(&self, bits: &[Bit]) -> Result<(Value, usize), Refutation> {
        let Some(Vector { bits: known, value }) = self.vectors.get(&bits[0]) else {
            return Err(
                self.not_linear("a bit that is neither the lowest of a vector nor its sign".to_string())
            );
        };
        let length = bits.iter().zip(*known).take_while(|(bit, known)| bit == known).count();
        let (rest, form) = (&bits[length..], value.form.modulo(length as u32));
        if rest.is_empty() {
            return Ok((Value { form, delay: value.delay }, length));
        }
        let is_extended = rest.iter().all(|bit| *bit == bits[length - 1]);
        let integer = Integer { bits: length as u32, signed: is_extended };
        let Some(exact) = form.within(integer, self.x) else {
            let (min, max) = form.range(self.x);
            return Err(Refutation::Range { location: self.location.clone(), min, max, integer });
        };
        let length = if is_extended { bits.len() } else { length };
        Ok((Value { form: exact, delay: value.delay }, length))
    }

    /// Compares an output with its row of the matrix.
    fn compare(
        &mut self,
        row: usize,
        bits: &[Bit],
        weights: &[i64],
        latency: usize,
    ) -> Result<(), Refutation> {
        self.location = format!("y[{row}]");
        let Value { form, delay } = self.read(bits)?;
        if let Some(found) = delay.filter(|found| *found != latency) {
            return Err(Refutation::Latency { row, found, expected: latency });
        }
        let expected =
            LinearForm { constant: 0, coefficients: weights.iter().copied().map(i128::from).collect() };
        let expected = expected.modulo(bits.len() as u32);
        let mut pairs = form.coefficients.iter().zip(&expected.coefficients);
        if let Some(column) = pairs.position(|(found, expected)| found != expected) {
            let (found, expected) = (form.coefficients[column], weights[column]);
            return Err(Refutation::Weight { row, column, found, expected });
        }
        match form.constant {
            0 => Ok(()),
            found => Err(Refutation::Constant { row, found }),
        }
    }

    /// Common delay of two parts of a value; a constant fits any delay.
    fn common_delay(&self, one: Option<usize>, other: Option<usize>) -> Result<Option<usize>, Refutation> {
        match (one, other) {
            (Some(one), Some(other)) if one != other => {
                Err(Refutation::Cycle { location: self.location.clone() })
            }
            (one, other) => Ok(one.or(other)),
        }
    }

    fn not_linear(&self, found: String) -> Refutation {
        Refutation::NotLinear { location: self.location.clone(), found }
    }
}
