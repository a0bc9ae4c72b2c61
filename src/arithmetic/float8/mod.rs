//! 8-bit floats E4M3 (FN) and E5M2: conversions, products and dot products.
//!
//! Equations (P1) to (P5) of `docs/arithmetic.md`.
//!
//! ```
//! use qrtl::arithmetic::float8::{Accumulation, Float8, Float8Overflow, dot};
//!
//! let code = Float8::E4m3.encode(0.3, Float8Overflow::Saturate);
//! assert_eq!(Float8::E4m3.decode(code), 0.3125);
//! assert_eq!(dot(Float8::E4m3, &[code; 32], &[0x38; 32], Accumulation::H100), Ok(10.0));
//! ```

mod code;
mod decode;
mod dot;
mod encode;
mod h100;
mod product;

pub use code::Float8;
pub use dot::{Accumulation, DotProductError, dot};
pub use encode::Float8Overflow;
pub use product::NAN;
