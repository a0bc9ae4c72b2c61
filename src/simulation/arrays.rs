//! Conversion between arrays named after ports and columns.

use std::collections::BTreeMap;

use crate::files::tensor::{Array, Cause, Integers, Tensor, require_memory};
use crate::stimulus::Sequence;
use crate::unit::{Column, Config, Direction, Float, Port, Role};

/// Error for arrays that cannot be driven into a unit.
#[derive(Debug, thiserror::Error)]
pub enum ArrayError {
    /// An array that is not named after an input.
    #[error("'{name}' is not an input of {config}; its inputs are {inputs}")]
    Extra {
        /// Name of the array.
        name: String,
        /// Name of the config.
        config: String,
        /// Its inputs.
        inputs: String,
    },
    /// A data port without an array.
    #[error("{config} needs an array named '{name}'; add it, with one row per transaction")]
    Missing {
        /// Name of the port.
        name: &'static str,
        /// Name of the config.
        config: String,
    },
    /// Arrays of different lengths.
    #[error(
        "'{name}' has {found} rows, but '{other}' has {expected}; give all arrays the same number of rows"
    )]
    Length {
        /// Name of the array.
        name: &'static str,
        /// Its rows.
        found: usize,
        /// Name of an array before it.
        other: &'static str,
        /// Rows of that array.
        expected: usize,
    },
    /// No transaction.
    #[error("the arrays have no rows; give at least one transaction")]
    Empty,
    /// A frame that is not complete.
    #[error(
        "{rows} rows are not a whole number of frames of {config}, which have {frame} beats; complete the last frame"
    )]
    PartialFrame {
        /// Name of the config.
        config: String,
        /// Rows of the arrays.
        rows: usize,
        /// Beats of a frame.
        frame: usize,
    },
    /// A shape that does not fit the port.
    #[error("'{name}' has shape {found:?}, but the port takes {expected}; reshape it")]
    Shape {
        /// Name of the array.
        name: &'static str,
        /// Its shape.
        found: Vec<usize>,
        /// The shape it should have.
        expected: String,
    },
    /// The simulation does not fit in memory.
    #[error("the simulation {0}")]
    Memory(Cause),
    /// The element type does not fit the port.
    #[error("'{name}' holds {found}, but the port takes {takes}; convert it with array.astype(np.{takes})")]
    Type {
        /// Name of the array.
        name: &'static str,
        /// Type of its elements.
        found: String,
        /// Type of the port.
        takes: &'static str,
    },
    /// A value outside the range of the port, or one that a precondition of the unit excludes.
    #[error("'{name}' is {value} in row {row}; give values in the range of the port, {min} to {max}")]
    Value {
        /// Name of the array.
        name: &'static str,
        /// Row of the array.
        row: usize,
        /// The value.
        value: i128,
        /// Smallest value of the port.
        min: i128,
        /// Largest value of the port.
        max: i128,
    },
}

/// Converts arrays named after ports to transactions; control ports without an array are idle.
///
/// A scalar port takes shape `[N]`, a port of several elements `[N, elements]`, any other port over
/// 64 bits `[N, words]` of unsigned 64-bit words, least significant first. Ports that carry binary32
/// take float32, or the patterns as uint32; 8-bit floats are their codes.
///
/// # Errors
/// An [`ArrayError`] for the first array that does not fit.
pub fn sequence_from_arrays(
    config: &Config,
    arrays: BTreeMap<String, Array>,
) -> Result<Sequence, ArrayError> {
    let ports = config.ports();
    let driven: Vec<&Port> = ports.iter().filter(|port| port.is_driven()).collect();
    if let Some(name) = arrays.keys().find(|name| driven.iter().all(|port| port.name != name.as_str())) {
        return Err(ArrayError::Extra {
            name: name.clone(),
            config: config.name().to_string(),
            inputs: driven.iter().map(|port| port.name).collect::<Vec<_>>().join(", "),
        });
    }
    let most_rows = arrays.values().filter_map(|array| array.shape().first()).max();
    require_memory(most_rows.map_or(0, |&rows| rows), simulation_bytes(&ports))
        .map_err(ArrayError::Memory)?;
    let is_stream = config.behaviour().is_stream();
    let mut first_array: Option<(&'static str, usize)> = None;
    let mut columns = BTreeMap::new();
    for port in &driven {
        let Some(array) = arrays.get(port.name) else {
            let is_last = is_stream && port.name.ends_with("_tlast");
            if port.role == Role::Data && !is_last {
                return Err(ArrayError::Missing { name: port.name, config: config.name().to_string() });
            }
            continue;
        };
        let column = column_from_array(port, array)?;
        match first_array {
            Some((other, expected)) if expected != column.len() => {
                return Err(ArrayError::Length { name: port.name, found: column.len(), other, expected });
            }
            _ => first_array = Some((port.name, column.len())),
        }
        columns.insert(port.name, column);
    }
    let rows = first_array.map(|(_, rows)| rows).filter(|&rows| rows > 0).ok_or(ArrayError::Empty)?;
    let lengths = config.frame_function().map_or_else(Vec::new, |function| function.input_lengths());
    if let Some(&frame) = lengths.iter().find(|&&length| rows % length != 0) {
        return Err(ArrayError::PartialFrame { config: config.name().to_string(), rows, frame });
    }
    let idle = |port: &Port| {
        let mut column = Column::zeros(port.width(), rows);
        column.fill(|_| port.idle());
        column
    };
    let inputs = driven.iter().map(|port| columns.remove(port.name).unwrap_or_else(|| idle(port)));
    Ok(Sequence::new(inputs.collect()))
}

/// Converts output columns to arrays named after ports, of the smallest type that holds the port.
pub fn arrays_from_outputs(config: &Config, outputs: &[Column]) -> BTreeMap<String, Array> {
    let ports = config.ports();
    let ports = ports.iter().filter(|port| port.direction == Direction::Output);
    let is_stream = config.behaviour().is_stream();
    ports
        .zip(outputs)
        .filter(|(port, _)| !is_stream || port.role == Role::Data)
        .map(|(port, column)| (port.name.to_string(), array_from_column(port, column)))
        .collect()
}

/// Bytes of a simulation per row: inputs, outputs before and after alignment, and output arrays.
pub(crate) fn simulation_bytes(ports: &[Port]) -> usize {
    let bytes = |port: &Port| match port.direction {
        Direction::Input => Column::zeros(port.width(), 0).stride(),
        Direction::Output => {
            2 * Column::zeros(port.width(), 0).stride() + size_of::<u64>() * values_per_row(port)
        }
    };
    ports.iter().map(bytes).sum()
}

/// Values per row of a port's array.
fn values_per_row(port: &Port) -> usize {
    match (port.elements, port.width()) {
        (1, ..=64) => 1,
        (1, width) => width.div_ceil(64) as usize,
        (elements, _) => elements as usize,
    }
}

/// A column from the array of a port, one row per transaction.
///
/// # Errors
/// An [`ArrayError`] when the array does not fit.
pub fn column_from_array(port: &Port, array: &Array) -> Result<Column, ArrayError> {
    let per_row = values_per_row(port);
    let rows = match (array.shape(), per_row) {
        (&[rows], 1) => rows,
        (&[rows, width], _) if width == per_row => rows,
        (found, _) => {
            return Err(ArrayError::Shape {
                name: port.name,
                found: found.to_vec(),
                expected: if per_row == 1 { "[N]".to_string() } else { format!("[N, {per_row}]") },
            });
        }
    };
    let is_real = port.float == Some(Float::F32);
    let values = if is_real { patterns(array) } else { array.integers() };
    let mut values = values.ok_or_else(|| ArrayError::Type {
        name: port.name,
        found: array.dtype().to_string(),
        takes: if is_real { "float32" } else { "int64" },
    })?;
    let is_words = port.elements == 1 && per_row > 1;
    let (min, max) = if is_words { (0, i128::from(u64::MAX)) } else { (port.min(), port.integer.max()) };
    let bits = if is_words { 64 } else { port.integer.bits };
    let mut column = Column::zeros(port.width(), rows);
    let mut words = vec![0u64; port.width().div_ceil(64) as usize];
    for row in 0..rows {
        words.fill(0);
        for (element, value) in values.by_ref().take(per_row).enumerate() {
            let too_high =
                is_words && element + 1 == per_row && value >> (port.width() - 64 * element as u32) != 0;
            if !(min..=max).contains(&value) || too_high {
                return Err(ArrayError::Value { name: port.name, row, value, min, max });
            }
            deposit(&mut words, element as u32 * bits, bits, value as u64);
        }
        column.set_words(row, &words);
    }
    Ok(column)
}

fn array_from_column(port: &Port, column: &Column) -> Array {
    let per_row = values_per_row(port);
    let is_words = port.elements == 1 && per_row > 1;
    let bits = if is_words { 64 } else { port.integer.bits };
    let shape = if per_row == 1 { vec![column.len()] } else { vec![column.len(), per_row] };
    let values = (0..column.len()).flat_map(|row| {
        let words = column.words(row);
        (0..per_row as u32).map(move |element| extract(&words, element * bits, bits)).collect::<Vec<_>>()
    });
    let signed = |pattern: u64| port.integer.decode(pattern) as i64;
    macro_rules! array {
        ($type:ty, $convert:expr) => {{
            let data: Vec<$type> = values.map(|pattern| $convert(pattern) as $type).collect();
            Tensor::new(shape, data).expect("as many values as rows times values a row").into()
        }};
    }
    if port.float == Some(Float::F32) {
        return array!(f32, |pattern| f32::from_bits(pattern as u32));
    }
    match (bits, port.integer.signed && !is_words) {
        (..=8, true) => array!(i8, signed),
        (..=16, true) => array!(i16, signed),
        (..=32, true) => array!(i32, signed),
        (_, true) => array!(i64, signed),
        (..=8, false) => array!(u8, std::convert::identity::<u64>),
        (..=16, false) => array!(u16, std::convert::identity::<u64>),
        (..=32, false) => array!(u32, std::convert::identity::<u64>),
        (_, false) => array!(u64, std::convert::identity::<u64>),
    }
}

/// The bit patterns of a binary32 array, or of an array of such patterns.
fn patterns(array: &Array) -> Option<Integers<'_>> {
    match array {
        Array::Float32(tensor) => Some(Box::new(tensor.data().iter().map(|value| value.to_bits().into()))),
        Array::Uint32(_) => array.integers(),
        _ => None,
    }
}

fn deposit(words: &mut [u64], offset: u32, bits: u32, value: u64) {
    let value = value & (u64::MAX >> (64 - bits));
    let (word, shift) = ((offset / 64) as usize, offset % 64);
    words[word] |= value << shift;
    if shift + bits > 64 {
        words[word + 1] |= value >> (64 - shift);
    }
}

fn extract(words: &[u64], offset: u32, bits: u32) -> u64 {
    let (word, shift) = ((offset / 64) as usize, offset % 64);
    let mut value = words[word] >> shift;
    if shift + bits > 64
        && let Some(next) = words.get(word + 1)
    {
        value |= next << (64 - shift);
    }
    value & (u64::MAX >> (64 - bits))
}
