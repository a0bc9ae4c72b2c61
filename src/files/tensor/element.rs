//! Element types of tensors and npy files.

use std::fmt;

/// A supported element type of numpy, little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Dtype {
    Bool,
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Float32,
    Float64,
}

/// A Rust type with the same bytes as a [`Dtype`].
pub trait Element: Copy + 'static {
    /// Element type of numpy.
    const DTYPE: Dtype;
    /// Appends elements from their little-endian bytes, [`Dtype::size`] bytes each.
    fn append(elements: &mut Vec<Self>, bytes: &[u8]);
    /// Appends the little-endian bytes of elements.
    fn append_bytes(bytes: &mut Vec<u8>, elements: &[Self]);
}

macro_rules! element {
    ($($type:ident $dtype:ident $name:literal $code:literal;)*) => {
        impl Dtype {
            /// Every type.
            pub const ALL: [Self; 11] = [Self::Bool, $(Self::$dtype),*];

            /// Name of the type in numpy, such as `int8`.
            pub fn name(self) -> &'static str {
                match self {
                    Self::Bool => "bool",
                    $(Self::$dtype => $name,)*
                }
            }

            /// Code of the type in a file, such as `|i1`.
            pub(crate) fn code(self) -> &'static str {
                match self {
                    Self::Bool => "|b1",
                    $(Self::$dtype => $code,)*
                }
            }

            /// Bytes per element.
            pub fn size(self) -> usize {
                match self {
                    Self::Bool => 1,
                    $(Self::$dtype => size_of::<$type>(),)*
                }
            }
        }

        $(impl Element for $type {
            const DTYPE: Dtype = Dtype::$dtype;

            fn append(elements: &mut Vec<Self>, bytes: &[u8]) {
                let (whole, _) = bytes.as_chunks();
                elements.extend(whole.iter().map(|&bytes| Self::from_le_bytes(bytes)));
            }

            fn append_bytes(bytes: &mut Vec<u8>, elements: &[Self]) {
                bytes.extend(elements.iter().flat_map(|element| element.to_le_bytes()));
            }
        })*
    };
}

element! {
    i8 Int8 "int8" "|i1";
    i16 Int16 "int16" "<i2";
    i32 Int32 "int32" "<i4";
    i64 Int64 "int64" "<i8";
    u8 Uint8 "uint8" "|u1";
    u16 Uint16 "uint16" "<u2";
    u32 Uint32 "uint32" "<u4";
    u64 Uint64 "uint64" "<u8";
    f32 Float32 "float32" "<f4";
    f64 Float64 "float64" "<f8";
}

impl Element for bool {
    const DTYPE: Dtype = Dtype::Bool;

    fn append(elements: &mut Vec<Self>, bytes: &[u8]) {
        elements.extend(bytes.iter().map(|&byte| byte != 0));
    }

    fn append_bytes(bytes: &mut Vec<u8>, elements: &[Self]) {
        bytes.extend(elements.iter().map(|&element| u8::from(element)));
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}
