//! Layers of quantized networks in plain integers: equations (T1) to (T17) and (N1) to (N7).
//!
//! A layer takes the codes of its input tensors, in row-major order with the channels last, and returns the
//! codes of its output. Codes are `i8`; an unsigned tensor holds its codes minus 128. Sums of products wrap in
//! 32 bits, as in the runtimes.

mod activation;
mod average;
mod convolution;
mod dense;
mod depthwise;
mod fixed_point;
mod float_softmax;
mod float_sum;
mod hard_swish;
mod logistic;
mod lookup;
mod max_pool;
mod mean;
mod products;
mod quantization;
mod rearrange;
mod rectifier;
mod softmax;
mod sum;
mod window;

pub use activation::Activation;
pub use average::{AveragePool, GlobalAverage};
pub use convolution::Convolution;
pub use dense::Dense;
pub use depthwise::Depthwise;
pub use float_softmax::{LitertSoftmax, OrtSoftmax};
pub use float_sum::{FloatProduct, FloatSum};
pub use hard_swish::hard_swish;
pub use logistic::{logistic, logistic_in_floats, tanh, tanh_in_floats};
pub use lookup::Lookup;
pub use max_pool::MaxPool;
pub use mean::Mean;
pub use products::{AccumulatorRange, ChannelRescaler, Products};
pub use quantization::Quantization;
pub use rearrange::{broadcast, concatenate, pad, transpose};
pub use rectifier::{leaky_relu, rectified, rescaled};
pub use softmax::Softmax;
pub use sum::{Product, Sum, Term};
pub use window::{Padding, Window, WindowAxis};

pub(crate) use fixed_point::{RECIPROCAL_SLOPE, RECIPROCAL_START};
