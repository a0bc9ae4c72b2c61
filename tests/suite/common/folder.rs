//! A temporary folder of npy files.

use std::path::PathBuf;

use tempfile::TempDir;

use qrtl::files::tensor::{Array, Element, Tensor, write_npy};

/// The folder.
pub struct Folder(TempDir);

impl Folder {
    /// An empty one.
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// Path of a file of that name.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The same as an argument.
    pub fn name(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_string()
    }

    /// Writes an array; returns its name as an argument.
    pub fn save<T: Element>(&self, name: &str, shape: &[usize], data: &[T]) -> String
    where
        Array: From<Tensor<T>>,
    {
        let tensor = Tensor::new(shape.to_vec(), data.to_vec()).unwrap();
        write_npy(&self.path(name), &tensor.into()).unwrap();
        self.name(name)
    }
}
