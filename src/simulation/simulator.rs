//! Simulator: one instance of a model, driven by port names.

use super::dut::{CompiledModel, Dut};
use super::error::DutError;
use crate::text::suggestion;
use crate::unit::{Column, Direction, Port, Role};

/// Simulator of a model with `set`, `step` and `get`, for short manual stimulus.
///
/// Inputs keep their values from step to step; enable and valid begin at 1, all others at 0. Long runs are
/// faster through columns ([`Dut::run`]).
///
/// ```no_run
/// use qrtl::{CompiledModel, Lanes, ModelBuilder, Models, Simulator, preset, render};
///
/// let config = preset("int8_mac")?;
/// let builder = ModelBuilder::discover(&|notice| eprintln!("{notice}"))?;
/// let model: CompiledModel = builder.model(&config, &render(&config), Lanes::ONE, false)?;
/// let mut mac = Simulator::new(&model);
/// mac.set("rst", 1)?;
/// mac.step()?;
/// mac.set("rst", 0)?;
/// mac.set("a", -3)?;
/// mac.set("b", 5)?;
/// for _ in 0..3 {
///     mac.step()?;
/// }
/// assert_eq!(mac.get("accum")?, -15);
/// # Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
/// ```
pub struct Simulator {
    dut: Dut,
    inputs: Side,
    outputs: Side,
}

/// The ports of one direction and one row of their values.
struct Side {
    ports: Vec<Port>,
    columns: Vec<Column>,
}

/// Error for an access to a port.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// No port of that direction has the name.
    #[error("no {direction} port '{name}'{hint}; the ports are {known}")]
    Unknown {
        /// `input` or `output`.
        direction: &'static str,
        /// The name given.
        name: String,
        /// The nearest name, ready to append, or nothing.
        hint: String,
        /// All names.
        known: String,
    },
    /// The value does not fit an element of the port.
    #[error("{value} does not fit '{port}'; give a value from {min} to {max}")]
    Range {
        /// The port.
        port: &'static str,
        /// The value given.
        value: i128,
        /// Smallest value of an element.
        min: i128,
        /// Largest value of an element.
        max: i128,
    },
    /// The number of values is not the number of elements.
    #[error(
        "'{port}' has {expected} elements, but {found} values were given; give one value for each element"
    )]
    Elements {
        /// The port.
        port: &'static str,
        /// Elements of the port.
        expected: u32,
        /// Values given, or 1 where one element was asked for.
        found: usize,
    },
}

impl Side {
    fn find(&self, direction: &'static str, name: &str) -> Result<usize, PinError> {
        self.ports.iter().position(|port| port.name == name).ok_or_else(|| {
            let names = || self.ports.iter().map(|port| port.name);
            PinError::Unknown {
                direction,
                name: name.to_string(),
                hint: suggestion(name, names()),
                known: names().collect::<Vec<_>>().join(", "),
            }
        })
    }

    fn set(&mut self, index: usize, values: &[i128]) -> Result<(), PinError> {
        let port = &self.ports[index];
        if values.len() != port.elements as usize {
            return Err(PinError::Elements { port: port.name, expected: port.elements, found: values.len() });
        }
        let (min, max) = (port.min(), port.integer.max());
        let mut words = vec![0; port.width().div_ceil(64) as usize];
        for (&value, element) in values.iter().zip(0..) {
            if !(min..=max).contains(&value) {
                return Err(PinError::Range { port: port.name, value, min, max });
            }
            port.integer.set_element(&mut words, element, value);
        }
        self.columns[index].set_words(0, &words);
        Ok(())
    }

    fn get(&self, index: usize) -> Vec<i128> {
        let port = &self.ports[index];
        let words = self.columns[index].words(0);
        (0..port.elements).map(|element| port.integer.element(&words, element)).collect()
    }
}

impl Simulator {
    /// An instance of a model of one lane, registers at 0.
    ///
    /// # Panics
    /// When the model has more than one lane.
    pub fn new(model: &CompiledModel) -> Self {
        assert_eq!(model.lanes().0, 1, "a simulator drives a model of one lane");
        let ports = model.config().ports().into_iter().filter(|port| port.role != Role::Clock);
        let (inputs, outputs): (Vec<Port>, Vec<Port>) =
            ports.partition(|port| port.direction == Direction::Input);
        let (mut driven, sampled) = model.columns(1);
        for (column, port) in driven.iter_mut().zip(&inputs) {
            column.set(0, port.idle());
        }
        let inputs = Side { ports: inputs, columns: driven };
        let outputs = Side { ports: outputs, columns: sampled };
        Self { dut: model.instance(), inputs, outputs }
    }

    /// Sets a scalar input; it is driven from the next step on.
    ///
    /// # Errors
    /// [`PinError`] when there is no such input, the value does not fit, or the port has several elements.
    pub fn set(&mut self, port: &str, value: i128) -> Result<(), PinError> {
        self.set_elements(port, &[value])
    }

    /// Sets all elements of an input, element 0 first.
    ///
    /// # Errors
    /// [`PinError`] when there is no such input, a value does not fit, or there is not one value an element.
    pub fn set_elements(&mut self, port: &str, values: &[i128]) -> Result<(), PinError> {
        let index = self.inputs.find("input", port)?;
        self.inputs.set(index, values)
    }

    /// Runs one row: applies the inputs, samples the outputs, then gives the rising clock edge.
    ///
    /// Outputs are sampled as a flip-flop fed by them would sample at that edge, so the result of a register
    /// is read one step after the edge that wrote it. Outputs of a combinational unit are valid in the same step.
    ///
    /// # Errors
    /// [`DutError::Stopped`] when the simulated code calls `$finish`, `$stop` or `$fatal`.
    pub fn step(&mut self) -> Result<(), DutError> {
        self.dut.run(1, &self.inputs.columns, &mut self.outputs.columns)
    }

    /// Value of a scalar output as sampled in the last step; the bit pattern of a float.
    ///
    /// # Errors
    /// [`PinError`] when there is no such output, or it has several elements.
    pub fn get(&self, port: &str) -> Result<i128, PinError> {
        match self.elements(port)?[..] {
            [value] => Ok(value),
            ref values => {
                let port = self.outputs.ports[self.outputs.find("output", port)?].name;
                Err(PinError::Elements { port, expected: values.len() as u32, found: 1 })
            }
        }
    }

    /// Values of all elements of an output as sampled in the last step, element 0 first.
    ///
    /// # Errors
    /// [`PinError`] when there is no such output.
    pub fn elements(&self, port: &str) -> Result<Vec<i128>, PinError> {
        Ok(self.outputs.get(self.outputs.find("output", port)?))
    }
}
