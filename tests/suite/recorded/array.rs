//! Arrays and ONNX cases of the recorded files.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Integers as `ints`, floats as IEEE 754 patterns in `bits`.
#[derive(Deserialize, Clone)]
pub struct Array {
    pub dtype: String,
    pub shape: Vec<usize>,
    #[serde(default)]
    pub ints: Vec<i64>,
    #[serde(default)]
    pub bits: Vec<u32>,
}

impl Array {
    /// Values of a float32 or float16 array; both fit binary32.
    pub fn floats(&self) -> Vec<f32> {
        match self.dtype.as_str() {
            "float32" => self.bits.iter().map(|&bits| f32::from_bits(bits)).collect(),
            "float16" => self.bits.iter().map(|&bits| f16_to_f32(bits as u16)).collect(),
            other => panic!("{other} holds no binary floats"),
        }
    }

    /// Value of a scalar or of an array with one element.
    pub fn float(&self) -> f32 {
        let [value] = self.floats()[..] else { panic!("one float, not shape {:?}", self.shape) };
        value
    }

    /// Value of a scalar or of an array with one element.
    pub fn int(&self) -> i64 {
        let [value] = self.ints[..] else { panic!("one integer, not shape {:?}", self.shape) };
        value
    }

    pub fn codes(&self) -> Vec<u8> {
        self.bits.iter().map(|&bits| u8::try_from(bits).unwrap()).collect()
    }
}

#[derive(Deserialize)]
pub struct OnnxCase {
    pub name: String,
    pub nodes: Vec<Node>,
    pub data: Vec<Data>,
}

#[derive(Deserialize)]
pub struct Node {
    pub op: String,
    pub attrs: Attributes,
}

#[derive(Deserialize)]
pub struct Attributes {
    #[serde(default)]
    pub pads: Vec<usize>,
    pub saturate: Option<u32>,
    pub round_mode: Option<String>,
}

#[derive(Deserialize)]
pub struct Data {
    pub inputs: Vec<Array>,
    pub outputs: Vec<Array>,
}

impl OnnxCase {
    pub fn data(&self) -> &Data {
        let [data] = &self.data[..] else { panic!("{}: one data set", self.name) };
        data
    }
}

#[derive(Deserialize)]
struct OnnxCases {
    cases: Vec<OnnxCase>,
}

pub fn onnx(file: &str) -> Vec<OnnxCase> {
    read::<OnnxCases>(&vectors().join("onnx").join(file)).cases
}

pub fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

pub fn read<T: DeserializeOwned>(path: &Path) -> T {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn f16_to_f32(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (field, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    match field {
        0 => sign * fraction * 2f32.powi(-24),
        31 if fraction == 0.0 => sign * f32::INFINITY,
        31 => f32::NAN.copysign(sign),
        _ => sign * (1024.0 + fraction) * 2f32.powi(field - 25),
    }
}
