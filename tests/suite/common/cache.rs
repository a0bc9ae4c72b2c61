//! Separate caches for tests.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use qrtl::toolchain::builder::Builder;
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::verilate::Trace;

/// The environment of this process with a cache of its own.
pub fn environment(cache: &Path) -> Environment {
    Environment { cache: Some(cache.to_path_buf()), ..Environment::of_process() }
}

/// A cache without models, that borrows the runtime (and Verilator, if fetched) of the real one.
pub fn cache_with_runtime() -> TempDir {
    let real = Builder::discover(&Environment::of_process(), &|_| ()).unwrap();
    let runtime = real.runtime_objects(Trace::On).unwrap();
    let folders = runtime.iter().map(|object| object.parent().unwrap().to_path_buf());
    let headers = fs::read_dir(real.cache.root()).unwrap().map(|entry| entry.unwrap().path());
    let is_shared = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("header-") || name.starts_with("verilator-")
    };
    let cache = TempDir::new().unwrap();
    for folder in folders.chain(headers.filter(is_shared)) {
        std::os::unix::fs::symlink(&folder, cache.path().join(folder.file_name().unwrap())).unwrap();
    }
    cache
}

/// Builds into that cache.
pub fn builder(cache: &TempDir) -> Builder {
    Builder::discover(&environment(cache.path()), &|_| ()).unwrap()
}
