//! The arithmetic of a layer.

use crate::arithmetic::network::{
    AveragePool, Convolution, Dense, Depthwise, FloatProduct, FloatSum, GlobalAverage, LitertSoftmax, Lookup,
    MaxPool, Mean, OrtSoftmax, Product, Softmax, Sum, broadcast, concatenate, pad, transpose,
};

/// The arithmetic of a layer, with every number it needs.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// Convolution.
    Convolution(Convolution),
    /// Depthwise convolution.
    Depthwise(Depthwise),
    /// Matrix times vector.
    Dense(Dense),
    /// Sum or difference in fixed point.
    Sum(Sum),
    /// Sum in binary32.
    FloatSum(FloatSum),
    /// Product of two tensors in fixed point.
    Product(Product),
    /// Product of two tensors in binary32.
    FloatProduct(FloatProduct),
    /// Average over a window.
    AveragePool(AveragePool),
    /// Average over all pixels.
    GlobalAverage(GlobalAverage),
    /// Largest code of a window.
    MaxPool(MaxPool),
    /// Mean over axes.
    Mean(Mean),
    /// Softmax in integers.
    Softmax(Box<Softmax>),
    /// Softmax in binary32, of LiteRT.
    LitertSoftmax(Box<LitertSoftmax>),
    /// Softmax in binary32, of ONNX Runtime.
    OrtSoftmax(Box<OrtSoftmax>),
    /// Function of one code.
    Lookup(Lookup),
    /// Codes before and after each axis, and the code of the padding.
    Pad(Vec<(usize, usize)>, i8),
    /// Concatenation along an axis.
    Concatenation(usize),
    /// Another shape of the same codes.
    Reshape,
    /// Permutation of axes.
    Transpose(Vec<usize>),
}

/// Codes and shape of an operand.
#[derive(Debug, Clone, Copy)]
pub struct Operand<'a> {
    /// Codes in row-major order.
    pub codes: &'a [i8],
    /// Length of each axis.
    pub shape: &'a [usize],
}

impl Operation {
    /// Codes of the output, whose shape is `shape`.
    pub fn apply(&self, inputs: &[Operand], shape: &[usize]) -> Vec<i8> {
        let x = inputs[0].codes;
        let pair = || [0, 1].map(|i| broadcast(inputs[i].codes, inputs[i].shape, shape));
        match self {
            Self::Convolution(layer) => layer.apply(x),
            Self::Depthwise(layer) => layer.apply(x),
            Self::Dense(layer) => layer.apply(x),
            Self::Sum(layer) => {
                let [left, right] = pair();
                layer.apply(&left, &right)
            }
            Self::FloatSum(layer) => {
                let [left, right] = pair();
                layer.apply(&left, &right)
            }
            Self::Product(layer) => {
                let [left, right] = pair();
                layer.apply(&left, &right)
            }
            Self::FloatProduct(layer) => {
                let [left, right] = pair();
                layer.apply(&left, &right)
            }
            Self::AveragePool(layer) => layer.apply(x),
            Self::GlobalAverage(layer) => layer.apply(x),
            Self::MaxPool(layer) => layer.apply(x),
            Self::Mean(layer) => layer.apply(x),
            Self::Softmax(layer) => layer.apply(x),
            Self::LitertSoftmax(layer) => layer.apply(x),
            Self::OrtSoftmax(layer) => layer.apply(x),
            Self::Lookup(layer) => layer.apply(x),
            Self::Pad(pads, filling) => pad(x, inputs[0].shape, pads, *filling),
            Self::Concatenation(axis) => {
                let (codes, shapes): (Vec<_>, Vec<_>) =
                    inputs.iter().map(|operand| (operand.codes, operand.shape)).unzip();
                concatenate(&codes, &shapes, *axis)
            }
            Self::Reshape => x.to_vec(),
            Self::Transpose(permutation) => transpose(x, inputs[0].shape, permutation),
        }
    }
}
