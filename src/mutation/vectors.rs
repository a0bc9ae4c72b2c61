//! External test vectors that are scored in place of the verification.

use std::collections::BTreeMap;

use super::error::MutationError;
use crate::files::tensor::Array;
use crate::simulation::{
    CompiledModel, column_from_array, sequence_from_arrays, simulate_reference, simulate_rtl,
};
use crate::stimulus::Sequence;
use crate::unit::{Column, Config, Direction};

/// Inputs, and the expected values of the outputs that the vectors contain.
#[derive(Debug)]
pub struct Vectors {
    inputs: Sequence,
    /// Index among the outputs, name, values.
    expected: Vec<(usize, &'static str, Column)>,
}

impl Vectors {
    /// Vectors from arrays named after ports, one row per transaction. Outputs without an array are not
    /// compared; if there are no outputs at all, the reference computes all of them.
    ///
    /// # Errors
    /// When an array is missing or does not fit its port.
    pub fn new(config: &Config, mut arrays: BTreeMap<String, Array>) -> Result<Self, MutationError> {
        let ports = config.ports();
        let outputs: Vec<_> = ports.iter().filter(|port| port.direction == Direction::Output).collect();
        let mut expected = Vec::new();
        for (index, port) in outputs.iter().enumerate() {
            if let Some(array) = arrays.remove(port.name) {
                expected.push((index, port.name, column_from_array(port, &array)?));
            }
        }
        let inputs = sequence_from_arrays(config, arrays)?;
        let rows = inputs.rows();
        if let Some((_, name, column)) = expected.iter().find(|(_, _, column)| column.len() != rows) {
            let (found, other) = (column.len(), "the inputs");
            return Err(crate::simulation::ArrayError::Length { name, found, other, expected: rows }.into());
        }
        if expected.is_empty() {
            let own = simulate_reference(config, &inputs);
            expected = outputs
                .iter()
                .zip(own)
                .enumerate()
                .map(|(index, (port, own))| (index, port.name, own))
                .collect();
        }
        Ok(Self { inputs, expected })
    }

    /// Rejects vectors that the module itself contradicts.
    pub(crate) fn check(&self, rtl: &CompiledModel) -> Result<(), MutationError> {
        let got = simulate_rtl(rtl, &self.inputs)?;
        for (index, port, expected) in &self.expected {
            let differs = |&row: &usize| expected.words(row) != got[*index].words(row);
            if let Some(row) = (0..expected.len()).find(differs) {
                let config = rtl.config();
                let text = |column: &Column| {
                    let ports = config.ports();
                    let own = ports.iter().find(|own| own.name == *port).expect("an output of the config");
                    if own.width() <= 64 && own.elements == 1 {
                        own.integer.decode(column.get(row)).to_string()
                    } else {
                        format!("{:x?}", column.words(row))
                    }
                };
                return Err(MutationError::Expectation {
                    config: config.name().to_string(),
                    port,
                    row,
                    expected: text(expected),
                    got: text(&got[*index]),
                });
            }
        }
        Ok(())
    }

    /// Whether a mutant's outputs differ from the expected ones; a simulation that aborts counts too.
    pub(crate) fn detect(&self, rtl: &CompiledModel) -> bool {
        let Ok(got) = simulate_rtl(rtl, &self.inputs) else { return true };
        let differs = |(index, _, expected): &(usize, &str, Column)| {
            !got[*index].equals(0, expected, 0, expected.len())
        };
        self.expected.iter().any(differs)
    }
}
