//! Vectors as linear forms, statement by statement.

use std::collections::BTreeMap;

use super::form::{Form, centred};
use super::syntax::{Action, Expression, MOST_BITS, Statement};
use super::{Certificate, Refutation};
use crate::unit::{Behaviour, Config, Integer, Matrix, Port};

/// What bits stand for: a form, modulo two to their number.
#[derive(Clone, Debug)]
struct Value {
    bits: u32,
    form: Form,
    /// Registers since the inputs; none for a constant.
    delay: Option<usize>,
}

/// A declared vector.
#[derive(Clone, Debug)]
struct Vector {
    bits: u32,
    is_register: bool,
    value: Option<Value>,
}

/// A module up to some statement.
pub(crate) struct Evaluation {
    inputs: usize,
    x: Integer,
    y: Port,
    vectors: BTreeMap<String, Vector>,
    outputs: BTreeMap<u32, Value>,
    line: usize,
}

impl Evaluation {
    pub(crate) fn new(config: &Config) -> Evaluation {
        let port = |name: &str| config.ports().into_iter().find(|port| port.name == name).expect("x and y");
        let x = port("x");
        Evaluation {
            inputs: x.elements as usize,
            x: x.integer,
            y: port("y"),
            vectors: BTreeMap::new(),
            outputs: BTreeMap::new(),
            line: 0,
        }
    }

    pub(crate) fn run(&mut self, statement: &Statement) -> Result<(), Refutation> {
        self.line = statement.line;
        match &statement.action {
            Action::Declare { name, bits, is_register } => {
                let vector = Vector { bits: *bits, is_register: *is_register, value: None };
                let before = self.vectors.insert(name.clone(), vector);
                let is_port = ["x", "y", "clk"].contains(&name.as_str());
                if before.is_some() || is_port { self.misnamed(name, "is declared twice") } else { Ok(()) }
            }
            Action::Assign { name, slice: Some((hi, lo)), value } if name == "y" => {
                let bits = self.y.integer.bits;
                let value = self.evaluate(value, hi - lo + 1)?;
                if hi - lo + 1 != bits || lo % bits != 0 || lo / bits >= self.y.elements {
                    return self.misnamed(name, "is not assigned element by element");
                }
                match self.outputs.insert(lo / bits, value) {
                    None => Ok(()),
                    Some(_) => self.misnamed(name, "has an element that is assigned twice"),
                }
            }
            Action::Assign { name, slice: None, value } => self.set(name, value, false),
            Action::Assign { name, .. } => self.misnamed(name, "is assigned in parts"),
            Action::Clock { name, value } => self.set(name, value, true),
        }
    }

    /// Compares the outputs with the matrix.
    pub(crate) fn conclude(self, config: &Config, weights: &Matrix) -> Result<Certificate, Refutation> {
        let Behaviour::FeedForward { latency } = config.behaviour() else { unreachable!("no state") };
        let bits = self.y.integer.bits;
        for (row, weights) in weights.rows().enumerate() {
            let Some(value) = self.outputs.get(&(row as u32)) else {
                return self.misnamed("y", "has an element without a value");
            };
            if value.delay.is_some_and(|found| found != latency) {
                return Err(Refutation::Latency { row, found: value.delay.unwrap_or(0), expected: latency });
            }
            let pairs = value.form.coefficients.iter().zip(weights).enumerate();
            for (column, (&found, &expected)) in pairs {
                if centred(found - i128::from(expected), bits) != 0 {
                    return Err(Refutation::Weight { row, column, found, expected });
                }
            }
            if centred(value.form.constant, bits) != 0 {
                return Err(Refutation::Constant { row, found: value.form.constant });
            }
        }
        Ok(Certificate { outputs: self.outputs.len(), vectors: self.vectors.len(), latency })
    }

    fn misnamed<T>(&self, name: &str, fault: &'static str) -> Result<T, Refutation> {
        Err(Refutation::Name { line: self.line, name: name.to_string(), fault })
    }

    fn set(&mut self, name: &str, expression: &Expression, by_clock: bool) -> Result<(), Refutation> {
        let Some(vector) = self.vectors.get(name) else { return self.misnamed(name, "is not declared") };
        if vector.value.is_some() {
            return self.misnamed(name, "is assigned twice");
        }
        if vector.is_register != by_clock {
            return self.misnamed(name, "is a register outside of a clocked block, or a wire in one");
        }
        let mut value = self.evaluate(expression, vector.bits)?;
        value.form = self.representative(&value)?;
        value.delay = value.delay.map(|delay| delay + usize::from(by_clock));
        self.vectors.get_mut(name).expect("found above").value = Some(value);
        Ok(())
    }

    /// The form whose values are those of the bits, read as two's complement or as they are.
    fn representative(&self, value: &Value) -> Result<Form, Refutation> {
        let (min, max) = value.form.range(self.x);
        let modulus = 1i128 << value.bits;
        for lowest in [-modulus / 2, 0] {
            let turns = (min - lowest).div_euclid(modulus);
            if max - turns * modulus < lowest + modulus {
                let form = value.form.plus(&Form::constant(-turns * modulus, self.inputs));
                return Ok(form);
            }
        }
        Err(self.out_of_range(&value.form, value.bits))
    }

    fn out_of_range(&self, form: &Form, bits: u32) -> Refutation {
        let (min, max) = form.range(self.x);
        Refutation::Range { line: self.line, min, max, bits }
    }

    fn holds(&self, form: &Form, integer: Integer) -> Result<(), Refutation> {
        let (min, max) = form.range(self.x);
        match integer.holds(min) && integer.holds(max) {
            true => Ok(()),
            false => Err(self.out_of_range(form, integer.bits)),
        }
    }

    /// The value of an expression that stands where `bits` bits are needed.
    fn evaluate(&self, expression: &Expression, bits: u32) -> Result<Value, Refutation> {
        let value = match expression {
            Expression::Add(one, other) => self.sum(one, other, 1, bits)?,
            Expression::Subtract(one, other) => self.sum(one, other, -1, bits)?,
            Expression::Multiply(factor, weight) => self.product(factor, weight, bits)?,
            Expression::Not(inner) => {
                let value = self.evaluate(inner, bits)?;
                let form = value.form.times(-1).plus(&Form::constant(-1, self.inputs));
                Value { form, ..value }
            }
            other => self.vector(other)?,
        };
        match value.bits == bits {
            true => Ok(value),
            false => Err(Refutation::Width { line: self.line, found: value.bits, expected: bits }),
        }
    }

    fn sum(&self, one: &Expression, other: &Expression, sign: i128, bits: u32) -> Result<Value, Refutation> {
        let (one, other) = (self.evaluate(one, bits)?, self.evaluate(other, bits)?);
        let form = one.form.plus(&other.form.times(sign));
        Ok(Value { bits, form, delay: self.together(one.delay, other.delay)? })
    }

    /// A vector times a constant, both of whatever width: the operator extends them.
    fn product(&self, factor: &Expression, weight: &Expression, bits: u32) -> Result<Value, Refutation> {
        let Expression::Literal { value: weight, bits: weight_bits, signed: is_weight_signed } = weight
        else {
            return Err(Refutation::NotLinear { line: self.line, what: "a product of two vectors" });
        };
        // One unsigned operand makes both unsigned.
        let (factor, signed) = match factor {
            Expression::Signed(inner) => (self.vector(inner)?, *is_weight_signed),
            other => (self.vector(other)?, false),
        };
        let weight = if signed { centred(*weight, *weight_bits) } else { *weight };
        self.holds(&factor.form, Integer { bits: factor.bits, signed })?;
        Ok(Value { bits, form: factor.form.times(weight), delay: factor.delay })
    }

    fn together(&self, one: Option<usize>, other: Option<usize>) -> Result<Option<usize>, Refutation> {
        match (one, other) {
            (Some(one), Some(other)) if one != other => Err(Refutation::Cycle { line: self.line }),
            (one, other) => Ok(one.or(other)),
        }
    }

    /// An expression that has a width of its own.
    fn vector(&self, expression: &Expression) -> Result<Value, Refutation> {
        let constant = |bits, value| Value { bits, form: Form::constant(value, self.inputs), delay: None };
        match expression {
            Expression::Literal { bits, value, .. } => Ok(constant(*bits, *value)),
            Expression::Name(name) => {
                let vector = self.vectors.get(name);
                match vector.and_then(|vector| vector.value.clone()) {
                    Some(value) => Ok(value),
                    None => self.misnamed(name, "has no value yet"),
                }
            }
            Expression::Slice(name, hi, lo) if name == "x" => {
                let (bits, input) = (hi - lo + 1, (lo / self.x.bits) as usize);
                match bits == self.x.bits && lo % bits == 0 && input < self.inputs {
                    true => Ok(Value { bits, form: Form::input(input, self.inputs), delay: Some(0) }),
                    false => self.misnamed(name, "is not read element by element"),
                }
            }
            Expression::Slice(name, hi, 0) => {
                let value = self.vector(&Expression::Name(name.clone()))?;
                match *hi < value.bits {
                    true => Ok(Value { bits: hi + 1, ..value }),
                    false => self.misnamed(name, "has no such bit"),
                }
            }
            Expression::Repeat(times, inner) => match **inner {
                Expression::Literal { bits: 1, value, .. } if *times < 64 => {
                    Ok(constant(*times, value * ((1 << times) - 1)))
                }
                _ => Err(Refutation::NotLinear { line: self.line, what: "bits that are repeated" }),
            },
            Expression::Join(parts) => self.joined(parts),
            Expression::Not(inner) => {
                let bits = self.vector(inner)?.bits;
                self.evaluate(&Expression::Not(inner.clone()), bits)
            }
            _ => Err(Refutation::NotLinear { line: self.line, what: "an expression among bits" }),
        }
    }

    /// Bits side by side. All but the highest part must be exact as they are; the highest may be
    /// extended by its sign.
    fn joined(&self, parts: &[Expression]) -> Result<Value, Refutation> {
        let (extension, parts) = match sign_of(parts) {
            Some((times, name, bit)) => {
                let value = self.vector(&parts[1])?;
                let is_same = matches!(&parts[1],
                    Expression::Name(known) | Expression::Slice(known, _, 0) if known == name);
                if !is_same || bit + 1 != value.bits {
                    return Err(Refutation::NotLinear { line: self.line, what: "a bit that is no sign" });
                }
                self.holds(&value.form, Integer::signed(value.bits))?;
                (times, &parts[1..])
            }
            None => (0, parts),
        };
        let mut joined = Value { bits: 0, form: Form::constant(0, self.inputs), delay: None };
        for (place, part) in parts.iter().enumerate().rev() {
            let value = self.vector(part)?;
            if place > 0 {
                self.holds(&value.form, Integer::unsigned(value.bits))?;
            }
            if joined.bits + value.bits > MOST_BITS {
                return Err(Refutation::NotLinear { line: self.line, what: "a vector that is too wide" });
            }
            joined.form = joined.form.plus(&value.form.times(1 << joined.bits));
            joined.delay = self.together(joined.delay, value.delay)?;
            joined.bits += value.bits;
        }
        joined.bits += extension;
        Ok(joined)
    }
}

/// A bit of a vector, once or repeated, in front of other parts.
fn sign_of(parts: &[Expression]) -> Option<(u32, &String, u32)> {
    match parts {
        [Expression::Slice(name, hi, lo), _, ..] if hi == lo => Some((1, name, *hi)),
        [Expression::Repeat(times, inner), _, ..] => match &**inner {
            Expression::Slice(name, hi, lo) if hi == lo => Some((*times, name, *hi)),
            _ => None,
        },
        _ => None,
    }
}
