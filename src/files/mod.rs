//! Files: tensors of numpy, atomic output, drift against checked-in files.

pub mod drift;
pub mod output;
pub mod tensor;
