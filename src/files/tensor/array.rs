//! A tensor whose element type is known at run time only.

use std::io;
use std::io::{Read, Write};

use super::element::{Dtype, Element};
use super::error::Cause;
use super::half::Encoding;
use super::header::Header;
use super::{Tensor, npy};

/// Error for a tensor of another element type than requested.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("holds {found}, but {expected} is needed: convert it with array.astype(np.{expected})")]
pub struct WrongType {
    /// Element type of the tensor.
    pub found: Dtype,
    /// Requested element type.
    pub expected: Dtype,
}

/// Iterator over the elements of an array of integers, in row-major order.
pub type Integers<'a> = Box<dyn Iterator<Item = i128> + 'a>;

macro_rules! array {
    ($($dtype:ident $type:ident,)*) => {
        /// A tensor of any supported element type.
        #[derive(Debug, Clone, PartialEq)]
        #[allow(missing_docs)]
        pub enum Array {
            $($dtype(Tensor<$type>),)*
        }

        impl Array {
            /// The element type.
            pub fn dtype(&self) -> Dtype {
                match self {
                    $(Self::$dtype(_) => Dtype::$dtype,)*
                }
            }

            /// Length of each axis, the slowest first.
            pub fn shape(&self) -> &[usize] {
                match self {
                    $(Self::$dtype(tensor) => tensor.shape(),)*
                }
            }

            /// The tensor, whose elements must be of type `T`: nothing is converted.
            ///
            /// # Errors
            /// [`WrongType`] when the elements are of another type.
            pub fn into_tensor<T: Element>(self) -> Result<Tensor<T>, WrongType>
            where
                Tensor<T>: TryFrom<Self, Error = Self>,
            {
                self.try_into().map_err(|array: Self| WrongType { found: array.dtype(), expected: T::DTYPE })
            }

            /// Reads the elements that follow a header.
            pub(crate) fn read(header: Header, source: &mut impl Read) -> Result<Self, Cause> {
                if header.encoding != Encoding::Plain {
                    return npy::read_halves(header, source).map(Self::Float32);
                }
                match header.dtype {
                    $(Dtype::$dtype => npy::read_elements(header, source).map(Self::$dtype),)*
                }
            }

            /// Writes the elements that follow a header.
            pub(crate) fn write(&self, sink: &mut impl Write) -> io::Result<()> {
                match self {
                    $(Self::$dtype(tensor) => npy::write_elements(tensor, sink),)*
                }
            }
        }

        $(impl From<Tensor<$type>> for Array {
            fn from(tensor: Tensor<$type>) -> Self {
                Self::$dtype(tensor)
            }
        }

        impl TryFrom<Array> for Tensor<$type> {
            type Error = Array;

            fn try_from(array: Array) -> Result<Self, Array> {
                match array {
                    Array::$dtype(tensor) => Ok(tensor),
                    other => Err(other),
                }
            }
        })*
    };
}

array! {
    Bool bool,
    Int8 i8,
    Int16 i16,
    Int32 i32,
    Int64 i64,
    Uint8 u8,
    Uint16 u16,
    Uint32 u32,
    Uint64 u64,
    Float32 f32,
    Float64 f64,
}

impl Array {
    /// The elements of an array of integers or booleans; `None` for reals.
    pub fn integers(&self) -> Option<Integers<'_>> {
        fn wide<T: Copy + Into<i128>>(tensor: &Tensor<T>) -> Integers<'_> {
            Box::new(tensor.data().iter().map(|&value| value.into()))
        }
        Some(match self {
            Self::Bool(tensor) => wide(tensor),
            Self::Int8(tensor) => wide(tensor),
            Self::Int16(tensor) => wide(tensor),
            Self::Int32(tensor) => wide(tensor),
            Self::Int64(tensor) => wide(tensor),
            Self::Uint8(tensor) => wide(tensor),
            Self::Uint16(tensor) => wide(tensor),
            Self::Uint32(tensor) => wide(tensor),
            Self::Uint64(tensor) => wide(tensor),
            Self::Float32(_) | Self::Float64(_) => return None,
        })
    }
}
