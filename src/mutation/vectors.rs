//! Somebody else's vectors in the place of the verification.

use std::collections::BTreeMap;

use super::error::MutationError;
use crate::files::tensor::Array;
use crate::simulation::{
    CompiledModel, column_from_array, sequence_from_arrays, simulate_reference, simulate_rtl,
};
use crate::stimulus::Sequence;
use crate::unit::{Column, Config, Direction};

/// Inputs, and what is expected of each output that the vectors say anything of.
#[derive(Debug)]
pub struct Vectors {
    inputs: Sequence,
    /// Place among the outputs, name, values.
    expected: Vec<(usize, &'static str, Column)>,
}

impl Vectors {
    /// Arrays named after ports, one row a transaction. Without any output the reference says what is
    /// expected; with some, only those are looked at.
    ///
    /// # Errors
    /// When an array is missing or does not fit its port.
    pub fn new(config: &Config, mut arrays: BTreeMap<String, Array>) -> Result<Vectors, MutationError> {
        let ports = config.ports();
        let outputs: Vec<_> = ports.iter().filter(|port| port.direction == Direction::Output).collect();
        let mut given = Vec::new();
        for (place, port) in outputs.iter().enumerate() {
            if let Some(array) = arrays.remove(port.name) {
                given.push((place, port.name, column_from_array(port, &array)?));
            }
        }
        let inputs = sequence_from_arrays(config, arrays)?;
        let rows = inputs.rows();
        if let Some((_, name, column)) = given.iter().find(|(_, _, column)| column.len() != rows) {
            let (found, other) = (column.len(), "the inputs");
            return Err(crate::simulation::ArrayError::Length { name, found, other, expected: rows }.into());
        }
        if given.is_empty() {
            let own = simulate_reference(config, &inputs);
            given = outputs
                .iter()
                .zip(own)
                .enumerate()
                .map(|(place, (port, own))| (place, port.name, own))
                .collect();
        }
        Ok(Vectors { inputs, expected: given })
    }

    /// Refuses vectors that the module itself does not meet.
    pub(crate) fn check(&self, rtl: &CompiledModel) -> Result<(), MutationError> {
        let got = simulate_rtl(rtl, &self.inputs)?;
        for (place, port, expected) in &self.expected {
            let differs = |&row: &usize| expected.words(row) != got[*place].words(row);
            if let Some(row) = (0..expected.len()).find(differs) {
                let config = rtl.config();
                let text = |column: &Column| {
                    let ports = config.ports();
                    let own = ports.iter().find(|own| own.name == *port).expect("an output of the config");
                    match own.width() <= 64 && own.elements == 1 {
                        true => own.integer.decode(column.get(row)).to_string(),
                        false => format!("{:x?}", column.words(row)),
                    }
                };
                return Err(MutationError::Expectation {
                    config: config.name().to_string(),
                    port,
                    row,
                    expected: text(expected),
                    got: text(&got[*place]),
                });
            }
        }
        Ok(())
    }

    /// Whether a mutant gives anything else than expected; one that ends the simulation does.
    pub(crate) fn notice(&self, rtl: &CompiledModel) -> bool {
        let Ok(got) = simulate_rtl(rtl, &self.inputs) else { return true };
        let differs = |(place, _, expected): &(usize, &str, Column)| {
            !got[*place].equals(0, expected, 0, expected.len())
        };
        self.expected.iter().any(differs)
    }
}
