//! A compiled model whose instances run in processes of their own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard};

use super::abi::TablePort;
use super::error::{BatchError, DutError};
use super::isolation::Isolation;
use super::server::{Request, Server, path_bytes};
use crate::model::ABI_VERSION;
use crate::unit::Column;

/// Name of the waveform in the folder of a process.
const WAVEFORM: &str = "wave.vcd";

/// A model that is not loaded into this program.
#[derive(Clone)]
pub(super) struct IsolatedModel(Arc<Inner>);

struct Inner {
    isolation: Isolation,
    path: PathBuf,
    top: String,
    lanes: u32,
    digest: String,
    ports: Vec<TablePort>,
    /// Processes without an instance.
    idle: Mutex<Vec<Server>>,
    printed: Arc<AtomicU64>,
}

impl IsolatedModel {
    /// Loads a shared object into a process.
    ///
    /// # Errors
    /// As [`AbiTable::load`](super::abi::AbiTable::load).
    pub(super) fn load(path: &Path, top: &str, isolation: &Isolation) -> Result<Self, DutError> {
        let printed = Arc::default();
        let (server, description) = Server::start(isolation, path, top, &printed)
            .map_err(|reason| DutError::Load { path: path.to_path_buf(), reason })?;
        if description.abi != ABI_VERSION {
            return Err(DutError::Abi { found: description.abi, expected: ABI_VERSION });
        }
        Ok(Self(Arc::new(Inner {
            isolation: isolation.clone(),
            path: path.to_path_buf(),
            top: top.to_string(),
            lanes: description.lanes,
            digest: description.digest,
            ports: description.ports,
            idle: Mutex::new(vec![server]),
            printed,
        })))
    }

    pub(super) fn lanes(&self) -> u32 {
        self.0.lanes
    }

    pub(super) fn digest(&self) -> String {
        self.0.digest.clone()
    }

    pub(super) fn ports(&self) -> &[TablePort] {
        &self.0.ports
    }

    /// A new instance; an error of its process is that of the first batch.
    pub(super) fn instance(&self, seed: u32) -> IsolatedInstance {
        let idle = self.idle().pop();
        let started = idle.map_or_else(|| self.start(), Ok);
        let created =
            started.and_then(|mut server| server.ask(Request::Create, seed.into(), &[]).map(|()| server));
        IsolatedInstance { model: self.clone(), server: created, waveform: None }
    }

    fn start(&self) -> Result<Server, BatchError> {
        let Inner { isolation, path, top, printed, .. } = &*self.0;
        let started = Server::start(isolation, path, top, printed);
        started.map(|(server, _)| server).map_err(BatchError::Crashed)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Server>> {
        self.0.idle.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

/// An instance in a process.
pub(super) struct IsolatedInstance {
    model: IsolatedModel,
    /// The process, or why it ended.
    server: Result<Server, BatchError>,
    /// File that the waveform is copied to.
    waveform: Option<File>,
}

impl IsolatedInstance {
    /// Runs rows, see [`ModelInstance::batch`](super::abi::ModelInstance::batch).
    pub(super) fn batch(
        &mut self,
        rows: usize,
        inputs: &[Column],
        outputs: &mut [Column],
    ) -> Result<(), BatchError> {
        let server = self.server.as_mut().map_err(|error| error.clone())?;
        let result = server.batch(&self.model.0.ports, rows, inputs, outputs);
        self.keep_if_alive(result)
    }

    /// Starts writing a VCD.
    pub(super) fn trace(&mut self, path: &Path) -> Result<(), String> {
        let file = File::create(path).map_err(|_| "the file cannot be created".to_string())?;
        self.ask_with_path(Request::Trace, WAVEFORM, "the model was built without tracing")?;
        self.waveform = Some(file);
        Ok(())
    }

    /// Selects a variant; returns whether the model has variants.
    pub(super) fn select(&mut self, number: u64) -> bool {
        self.ask(Request::Select, number, &[]).is_ok()
    }

    /// Writes the coverage counts so far.
    pub(super) fn write_coverage(&mut self, path: &Path) -> Result<(), String> {
        const FILE: &str = "coverage.dat";
        let own = self.ask_with_path(Request::Coverage, FILE, "the model was built without coverage")?;
        std::fs::copy(own, path).map(drop).map_err(|error| error.to_string())
    }

    /// Makes a request for a file in the folder of the process, and returns its path.
    fn ask_with_path(&mut self, request: Request, name: &str, refused: &str) -> Result<PathBuf, String> {
        let path = self.server.as_ref().map_err(ToString::to_string)?.file(name);
        let text = path_bytes(&path);
        match self.ask(request, text.len() as u64, text) {
            Ok(()) => Ok(path),
            Err(BatchError::Stopped(reason)) if reason.is_empty() => Err(refused.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    fn ask(&mut self, request: Request, number: u64, text: &[u8]) -> Result<(), BatchError> {
        let server = self.server.as_mut().map_err(|error| error.clone())?;
        let result = server.ask(request, number, text);
        self.keep_if_alive(result)
    }

    /// Drops a process that no longer answers.
    fn keep_if_alive(&mut self, result: Result<(), BatchError>) -> Result<(), BatchError> {
        if let Err(error @ BatchError::Crashed(_)) = &result {
            self.server = Err(error.clone());
        }
        result
    }
}

impl Drop for IsolatedInstance {
    fn drop(&mut self) {
        if self.ask(Request::Destroy, 0, &[]).is_err() {
            return;
        }
        let ended = BatchError::Stopped(String::new());
        let Ok(server) = std::mem::replace(&mut self.server, Err(ended)) else { return };
        // The simulator has completed the file; who reads it finds out if it was not copied.
        if let Some(mut target) = self.waveform.take()
            && let Ok(mut own) = File::open(server.file(WAVEFORM))
        {
            let _ = std::io::copy(&mut own, &mut target);
        }
        self.model.idle().push(server);
    }
}
