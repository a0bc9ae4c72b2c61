//! The C ABI of a compiled model, and the only unsafe code of the crate.
//!
//! `templates/abi.h.tera` declares the same types in C++. A model exports one function that returns a
//! constant table; linked and loaded models differ only in where that function comes from.

use std::error::Error;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;
use std::ptr::NonNull;
use std::sync::Arc;

use libloading::Library;

use super::error::{BatchError, DutError};
use crate::model::ABI_VERSION;
use crate::unit::Column;

#[repr(C)]
struct RawPort {
    name: *const c_char,
    bytes: u64,
    output: u8,
}

/// The constant table that a model exports.
#[repr(C)]
pub(crate) struct RawModel {
    abi: u32,
    lanes: u32,
    digest: *const c_char,
    ports: *const RawPort,
    port_count: u64,
    create: unsafe extern "C" fn(u32) -> *mut c_void,
    destroy: unsafe extern "C" fn(*mut c_void),
    batch: unsafe extern "C" fn(*mut c_void, u64, *const *mut c_void) -> c_int,
    trace: unsafe extern "C" fn(*mut c_void, *const c_char) -> c_int,
    coverage: unsafe extern "C" fn(*mut c_void, *const c_char) -> c_int,
    take_error: unsafe extern "C" fn(*mut c_char, usize) -> c_int,
    select: unsafe extern "C" fn(*mut c_void, u64) -> c_int,
}

/// The function that a model exports, `qrtl_model_<top>`.
pub(crate) type Entry = unsafe extern "C" fn() -> *const RawModel;

/// The table of a model, and the library that keeps it valid.
#[derive(Clone)]
pub(crate) struct AbiTable {
    raw: &'static RawModel,
    ports: Arc<[TablePort]>,
    /// Library of `raw`, dropped last; `None` for linked models.
    _library: Option<Arc<Library>>,
}

// SAFETY: the table is constant data, and its functions keep all state in the instance that they get;
// models on different threads do not interfere.
unsafe impl Send for AbiTable {}
// SAFETY: as above.
unsafe impl Sync for AbiTable {}

/// A port in the table.
pub(crate) struct TablePort {
    pub(crate) name: String,
    /// Bytes per row, all lanes together.
    pub(crate) bytes: usize,
    pub(crate) is_output: bool,
}

impl AbiTable {
    /// The table of a model linked into this program.
    #[cfg(feature = "linked-models")]
    pub(crate) fn linked(entry: Entry) -> Result<Self, DutError> {
        // SAFETY: `build.rs` compiled the function from the shim of this source tree.
        Self::checked(unsafe { entry() }, None)
    }

    /// Loads a shared object and takes the table of the model whose top module is `top`.
    pub(crate) fn load(path: &Path, top: &str) -> Result<Self, DutError> {
        let failed = |error: libloading::Error| {
            // The source of the error is the loader's message.
            let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            DutError::Load { path: path.to_path_buf(), reason }
        };
        // SAFETY: the object was compiled by `Builder` from our shim and Verilated code, whose
        // static initialisers do nothing but set up Verilator's own tables.
        let library = unsafe { Library::new(path) }.map_err(failed)?;
        // SAFETY: the shim defines the symbol with exactly this type.
        let table = unsafe { library.get::<Entry>(format!("qrtl_model_{top}")).map_err(failed)?() };
        Self::checked(table, Some(Arc::new(library)))
    }

    fn checked(raw: *const RawModel, library: Option<Arc<Library>>) -> Result<Self, DutError> {
        // SAFETY: the shim returns the address of a constant that lives as long as its library,
        // which `Table` keeps.
        let raw: &'static RawModel = unsafe { &*raw };
        match raw.abi {
            ABI_VERSION => Ok(Self { raw, ports: read_ports(raw), _library: library }),
            found => Err(DutError::Abi { found, expected: ABI_VERSION }),
        }
    }

    pub(crate) fn lanes(&self) -> u32 {
        self.raw.lanes
    }

    /// Digest of the sources of the model.
    pub(crate) fn digest(&self) -> String {
        // SAFETY: a string literal of the shim.
        unsafe { CStr::from_ptr(self.raw.digest) }.to_string_lossy().into_owned()
    }

    /// All ports but the clock, in the order in which `batch` takes their columns.
    pub(crate) fn ports(&self) -> &[TablePort] {
        &self.ports
    }
}

fn read_ports(raw: &RawModel) -> Arc<[TablePort]> {
    // SAFETY: the shim states the length of its own array.
    let ports = unsafe { std::slice::from_raw_parts(raw.ports, raw.port_count as usize) };
    ports
        .iter()
        .map(|port| TablePort {
            // SAFETY: a string literal of the shim.
            name: unsafe { CStr::from_ptr(port.name) }.to_string_lossy().into_owned(),
            bytes: port.bytes as usize,
            is_output: port.output != 0,
        })
        .collect()
}

/// One simulated instance.
///
/// It is neither `Send` nor `Sync`: Verilator requires one thread to create and evaluate it.
pub(crate) struct ModelInstance {
    handle: NonNull<c_void>,
    table: AbiTable,
}

impl ModelInstance {
    /// Creates an instance; registers begin at 0 for seed 0, else at random values.
    pub(crate) fn new(table: &AbiTable, seed: u32) -> Self {
        // SAFETY: creates an object that only this value owns.
        let handle = unsafe { (table.raw.create)(seed) };
        Self {
            handle: NonNull::new(handle).expect("the shim's `new` throws or succeeds"),
            table: table.clone(),
        }
    }

    /// Runs `rows` rows.
    ///
    /// # Errors
    /// The simulator's message when the model called `$finish`, `$stop` or `$fatal`, or an assertion failed.
    ///
    /// # Panics
    /// When there is not one column per port, or one is shorter than `rows`.
    pub(crate) fn batch(
        &mut self,
        rows: usize,
        inputs: &[Column],
        outputs: &mut [Column],
    ) -> Result<(), BatchError> {
        let (mut inputs, mut outputs) = (inputs.iter(), outputs.iter_mut());
        let mut pointers = Vec::with_capacity(self.table.ports.len());
        for port in self.table.ports.iter() {
            let size = rows * port.bytes;
            let pointer = if port.is_output {
                bytes_mut(outputs.next().expect("a column for every output"), size).as_mut_ptr()
            } else {
                bytes(inputs.next().expect("a column for every input"), size).as_ptr().cast_mut()
            };
            pointers.push(pointer.cast::<c_void>());
        }
        // SAFETY: the shim reads (inputs) or writes (outputs) `rows * bytes` bytes of each column,
        // which the loop has checked to exist; outputs are distinct, being borrowed mutably.
        match unsafe { (self.table.raw.batch)(self.handle.as_ptr(), rows as u64, pointers.as_ptr()) } {
            0 => Ok(()),
            _ => Err(BatchError::Stopped(self.take_error())),
        }
    }

    /// Starts writing a VCD.
    pub(crate) fn trace(&mut self, path: &Path) -> Result<(), String> {
        let text = c_path(path)?;
        // SAFETY: the shim copies the path.
        match unsafe { (self.table.raw.trace)(self.handle.as_ptr(), text.as_ptr()) } {
            0 => Ok(()),
            1 => Err("the file cannot be created".to_string()),
            _ => Err("the model was built without tracing".to_string()),
        }
    }

    /// Selects a variant; returns whether the model has variants.
    pub(crate) fn select(&mut self, number: u64) -> bool {
        // SAFETY: sets an input of the model.
        unsafe { (self.table.raw.select)(self.handle.as_ptr(), number) == 0 }
    }

    /// Writes the coverage counts so far.
    pub(crate) fn write_coverage(&mut self, path: &Path) -> Result<(), String> {
        let text = c_path(path)?;
        // SAFETY: the shim reads the path and keeps nothing.
        match unsafe { (self.table.raw.coverage)(self.handle.as_ptr(), text.as_ptr()) } {
            0 => Ok(()),
            1 => Err(self.take_error()),
            _ => Err("the model was built without coverage".to_string()),
        }
    }

    fn take_error(&mut self) -> String {
        let mut text = vec![0u8; 1024];
        // SAFETY: the callee writes at most the capacity it is given, a terminating zero included.
        unsafe { (self.table.raw.take_error)(text.as_mut_ptr().cast(), text.len()) };
        let text = CStr::from_bytes_until_nul(&text).map(CStr::to_string_lossy).unwrap_or_default();
        text.into_owned()
    }
}

/// The first bytes of a column, in the order of the machine.
///
/// # Panics
/// When the column is shorter.
pub(super) fn bytes(column: &Column, size: usize) -> &[u8] {
    assert!(size <= column.len() * column.stride(), "the column is shorter than the batch");
    // SAFETY: a column holds that many bytes of integers without padding.
    unsafe { std::slice::from_raw_parts(column.as_ptr(), size) }
}

/// The first bytes of a column, to be overwritten.
///
/// # Panics
/// When the column is shorter.
pub(super) fn bytes_mut(column: &mut Column, size: usize) -> &mut [u8] {
    assert!(size <= column.len() * column.stride(), "the column is shorter than the batch");
    // SAFETY: a column holds that many bytes of integers, for which every pattern of bits is a value.
    unsafe { std::slice::from_raw_parts_mut(column.as_mut_ptr(), size) }
}

fn c_path(path: &Path) -> Result<CString, String> {
    CString::new(path.as_os_str().as_encoded_bytes()).map_err(|_| "the path holds a zero byte".to_string())
}

impl Drop for ModelInstance {
    fn drop(&mut self) {
        // SAFETY: made by `create` of the same table, dropped once.
        unsafe { (self.table.raw.destroy)(self.handle.as_ptr()) }
    }
}
