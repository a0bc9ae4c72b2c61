//! Tensors and operators of a .tflite file.

use super::cursor::{Buffer, FlatTable, Read};
use super::schema::{TfliteType, VERSION};
use crate::network::error::NetworkCause;

/// The only subgraph of a file.
pub struct TfliteModel<'a> {
    pub buffer: &'a Buffer<'a>,
    pub tensors: Vec<TfliteTensor<'a>>,
    pub operators: Vec<TfliteNode<'a>>,
    pub inputs: Vec<i32>,
    pub outputs: Vec<i32>,
}

/// A tensor.
pub struct TfliteTensor<'a> {
    pub name: String,
    pub shape: Vec<i32>,
    /// The shape with -1 where it is not fixed; empty if it is fixed.
    pub signature: Vec<i32>,
    pub element: TfliteType,
    /// Bytes of a constant; empty for an activation.
    pub data: &'a [u8],
    pub scales: Vec<f32>,
    pub zero_points: Vec<i64>,
    /// Axis of the scales.
    pub axis: i32,
}

/// A node of the graph.
pub struct TfliteNode<'a> {
    pub code: i32,
    /// Input tensors; -1 for an omitted one.
    pub inputs: Vec<i32>,
    pub outputs: Vec<i32>,
    pub options: Option<FlatTable<'a>>,
}

impl<'a> TfliteModel<'a> {
    /// Reads the tables of the file.
    pub fn read(buffer: &'a Buffer<'a>) -> Read<Self> {
        let root = buffer.root()?;
        let version: u32 = root.scalar(0, 0)?;
        if version != VERSION {
            return Err(NetworkCause::Version { format: "schema", version: version.into(), known: "3" });
        }
        let graphs = root.tables(2)?;
        let [graph] = graphs[..] else { return Err(NetworkCause::Subgraphs(graphs.len())) };
        let codes: Vec<i32> = root.tables(1)?.iter().map(operator_code).collect::<Read<_>>()?;
        let data: Vec<&[u8]> =
            root.tables(4)?.iter().map(|table| contents(buffer, table)).collect::<Read<_>>()?;
        let tensors = graph.tables(0)?;
        let operators = graph.tables(3)?;
        Ok(Self {
            buffer,
            tensors: tensors.iter().map(|table| tensor(table, &data)).collect::<Read<_>>()?,
            operators: operators.iter().map(|table| node(table, &codes)).collect::<Read<_>>()?,
            inputs: graph.numbers(1)?,
            outputs: graph.numbers(2)?,
        })
    }
}

/// Operator code: old files have it in one byte, new ones in four; the larger one is valid.
fn operator_code(table: &FlatTable) -> Read<i32> {
    let deprecated: i8 = table.scalar(0, 0)?;
    let code: i32 = table.scalar(3, 0)?;
    Ok(code.max(deprecated.into()))
}

/// Bytes of a buffer, which may follow the flatbuffer.
fn contents<'a>(buffer: &'a Buffer<'a>, table: &FlatTable<'a>) -> Read<&'a [u8]> {
    let (offset, size) = (table.scalar(1, 0u64)?, table.scalar(2, 0u64)?);
    if offset > 1 && size > 0 {
        let [offset, size] = [offset, size].map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        return buffer.slice(offset, size);
    }
    table.bytes(0)
}

fn tensor<'a>(table: &FlatTable<'a>, data: &[&'a [u8]]) -> Read<TfliteTensor<'a>> {
    let index: u32 = table.scalar(2, 0)?;
    let quantization = table.table(4)?;
    let (scales, zero_points, axis) = match quantization {
        Some(quantization) => {
            (quantization.numbers(2)?, quantization.numbers(3)?, quantization.scalar(6, 0)?)
        }
        None => (Vec::new(), Vec::new(), 0),
    };
    let outside = NetworkCause::Damaged("a tensor names a buffer that does not exist");
    Ok(TfliteTensor {
        name: table.text(3)?,
        shape: table.numbers(0)?,
        signature: table.numbers(7)?,
        element: TfliteType::from_code(table.scalar(1, 0)?),
        data: data.get(index as usize).copied().ok_or(outside)?,
        scales,
        zero_points,
        axis,
    })
}

fn node<'a>(table: &FlatTable<'a>, codes: &[i32]) -> Read<TfliteNode<'a>> {
    let index: u32 = table.scalar(0, 0)?;
    let outside = NetworkCause::Damaged("a node names an operator code that does not exist");
    Ok(TfliteNode {
        code: codes.get(index as usize).copied().ok_or(outside)?,
        inputs: table.numbers(1)?,
        outputs: table.numbers(2)?,
        options: table.table(4)?,
    })
}
