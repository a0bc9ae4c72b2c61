//! A temporary folder of npy files.

use std::path::PathBuf;

use tempfile::TempDir;

use super::command::{Run, command, run};
use qrtl::files::tensor::{Array, Element, Tensor, read_npy, read_npz, write_npy};

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
        write_npy(&self.path(name), &array(shape, data)).unwrap();
        self.name(name)
    }

    /// Runs `qrtl quantize` in it, with words separated by blanks.
    pub fn quantize(&self, words: &str) -> Run {
        run(command(&["quantize"]).args(words.split(' ')).current_dir(self.0.path()))
    }

    /// The array of an npy file.
    pub fn read(&self, name: &str) -> Array {
        read_npy(&self.path(name)).unwrap()
    }

    /// An array of an npz file.
    pub fn member(&self, file: &str, name: &str) -> Array {
        let member = read_npz(&self.path(file)).unwrap().remove(name);
        member.unwrap_or_else(|| panic!("{file} has no {name}"))
    }
}

/// An array of that shape.
pub fn array<T: Element>(shape: &[usize], data: &[T]) -> Array
where
    Array: From<Tensor<T>>,
{
    Tensor::new(shape.to_vec(), data.to_vec()).unwrap().into()
}
