//! Files: tensors of numpy, output written whole or not at all, drift against checked-in files.

pub mod drift;
pub mod output;
pub mod tensor;
