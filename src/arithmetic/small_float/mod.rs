//! Floats of 4 to 8 bits: conversions, products, dot products and blocks.
//!
//! Equations (P1) to (P9) of `docs/arithmetic.md`.
//!
//! ```
//! use qrtl::arithmetic::small_float::{Accumulation, SmallFloat, SmallFloatOverflow, dot};
//!
//! let code = SmallFloat::E4M3.encode(0.3, SmallFloatOverflow::Saturate);
//! assert_eq!(SmallFloat::E4M3.decode(code), 0.3125);
//! assert_eq!(dot(SmallFloat::E4M3, &[code; 32], &[0x38; 32], Accumulation::H100), Ok(10.0));
//! ```

mod block;
mod block_dot;
mod code;
mod decode;
mod dot;
mod encode;
mod encoding;
mod exact_sum;
mod h100;
mod product;

pub use block::{BlockElement, BlockFormat, ScaledBlock};
pub use block_dot::BlockDotError;
pub use code::{SmallFloat, Specials};
pub use dot::{Accumulation, DotProductError, dot};
pub use encoding::{NanCode, SmallFloatEncoding, SmallFloatOverflow, SmallFloatRounding, UnknownNanCode};
pub use product::NAN;
