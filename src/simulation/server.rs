//! A process that runs one instance of a model at a time, and the requests to it (`templates/server.cpp`).

use std::fmt::Display;
use std::io::{BufReader, BufWriter, ErrorKind, PipeReader, Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

use super::abi::{TablePort, bytes, bytes_mut};
use super::error::BatchError;
use super::isolation::Isolation;
use crate::unit::Column;

/// Requests, as the server numbers them.
#[derive(Clone, Copy)]
pub(super) enum Request {
    Create = 0,
    Destroy = 1,
    Batch = 2,
    Trace = 3,
    Coverage = 4,
    Select = 5,
}

/// What a server says about its model.
pub(super) struct Description {
    pub(super) abi: u32,
    pub(super) lanes: u32,
    pub(super) digest: String,
    pub(super) ports: Vec<TablePort>,
}

/// A running process; dropping it ends the process.
pub(super) struct Server {
    requests: BufWriter<UnixStream>,
    replies: BufReader<UnixStream>,
    child: Child,
    /// Disconnected when everything that the model printed is shown.
    output: Receiver<()>,
    folder: TempDir,
    time_limit: Option<u64>,
}

impl Server {
    /// Starts a process for the model of a shared object.
    ///
    /// `printed` counts the bytes that the model prints.
    ///
    /// # Errors
    /// A message when the process does not start, or the model does not load.
    pub(super) fn start(
        isolation: &Isolation,
        model: &Path,
        top: &str,
        printed: &Arc<AtomicU64>,
    ) -> Result<(Self, Description), String> {
        let failed = |error: std::io::Error| format!("its process does not start ({error})");
        let folder = tempfile::tempdir().map_err(failed)?;
        let (own, theirs) = UnixStream::pair().map_err(failed)?;
        own.set_read_timeout(isolation.time_limit).map_err(failed)?;
        let (printed_text, messages) = std::io::pipe().map_err(failed)?;
        let mut command = Command::new(&isolation.server);
        command.arg(model).arg(format!("qrtl_model_{top}")).arg(folder.path());
        command.args([Isolation::MEMORY, Isolation::FILE_SIZE].map(|bytes| bytes.to_string()));
        command.arg(if isolation.is_confined { "confined" } else { "trusted" }).args(&isolation.readable);
        command.stdin(OwnedFd::from(theirs)).stdout(messages.try_clone().map_err(failed)?).stderr(messages);
        let child = command.spawn().map_err(failed)?;
        // The command holds its side of socket and pipe, whose ends are seen when the process alone has them.
        drop(command);
        let (top, printed) = (top.to_string(), printed.clone());
        let (shown, output) = channel();
        std::thread::spawn(move || {
            show(printed_text, &top, &printed);
            drop(shown);
        });
        let mut server = Self {
            requests: BufWriter::with_capacity(BUFFER, own.try_clone().map_err(failed)?),
            replies: BufReader::with_capacity(BUFFER, own),
            child,
            output,
            folder,
            time_limit: isolation.time_limit.map(|limit| limit.as_secs()),
        };
        let description = server.describe().map_err(|error| server.explain(&error))??;
        Ok((server, description))
    }

    /// Reads what the server says about its model, or the loader's message.
    fn describe(&mut self) -> std::io::Result<Result<Description, String>> {
        if self.number()? != 0 {
            return Ok(Err(self.text()?));
        }
        let _protection = self.number()?;
        let abi = self.number()? as u32;
        if abi != crate::model::ABI_VERSION {
            return Ok(Ok(Description { abi, lanes: 0, digest: String::new(), ports: Vec::new() }));
        }
        let (lanes, digest, count) = (self.number()? as u32, self.text()?, self.number()?);
        let mut ports = Vec::new();
        for _ in 0..count {
            let (name, bytes, output) = (self.text()?, self.number()? as usize, self.number()?);
            ports.push(TablePort { name, bytes, is_output: output != 0 });
        }
        Ok(Ok(Description { abi, lanes, digest, ports }))
    }

    /// Makes a request without rows; `text` is its path, if it has one.
    pub(super) fn ask(&mut self, request: Request, number: u64, text: &[u8]) -> Result<(), BatchError> {
        self.try_ask(request, number, text).map_err(|error| BatchError::Crashed(self.explain(&error)))?
    }

    fn try_ask(
        &mut self,
        request: Request,
        number: u64,
        text: &[u8],
    ) -> std::io::Result<Result<(), BatchError>> {
        self.begin(request, number)?;
        self.requests.write_all(text)?;
        self.requests.flush()?;
        self.status()
    }

    /// Runs rows, see [`ModelInstance::batch`](super::abi::ModelInstance::batch).
    pub(super) fn batch(
        &mut self,
        ports: &[TablePort],
        rows: usize,
        inputs: &[Column],
        outputs: &mut [Column],
    ) -> Result<(), BatchError> {
        self.try_batch(ports, rows, inputs, outputs)
            .map_err(|error| BatchError::Crashed(self.explain(&error)))?
    }

    fn try_batch(
        &mut self,
        ports: &[TablePort],
        rows: usize,
        inputs: &[Column],
        outputs: &mut [Column],
    ) -> std::io::Result<Result<(), BatchError>> {
        self.begin(Request::Batch, rows as u64)?;
        for (port, column) in ports.iter().filter(|port| !port.is_output).zip(inputs) {
            self.requests.write_all(bytes(column, rows * port.bytes))?;
        }
        self.requests.flush()?;
        let status = self.status()?;
        if status.is_ok() {
            for (port, column) in ports.iter().filter(|port| port.is_output).zip(outputs) {
                self.replies.read_exact(bytes_mut(column, rows * port.bytes))?;
            }
        }
        Ok(status)
    }

    /// Path of a file that the process can write.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn begin(&mut self, request: Request, number: u64) -> std::io::Result<()> {
        self.requests.write_all(&(request as u64).to_ne_bytes())?;
        self.requests.write_all(&number.to_ne_bytes())
    }

    fn status(&mut self) -> std::io::Result<Result<(), BatchError>> {
        match self.number()? {
            0 => Ok(Ok(())),
            _ => Ok(Err(BatchError::Stopped(self.text()?))),
        }
    }

    fn number(&mut self) -> std::io::Result<u64> {
        let mut number = [0; 8];
        self.replies.read_exact(&mut number)?;
        Ok(u64::from_ne_bytes(number))
    }

    fn text(&mut self) -> std::io::Result<String> {
        // The simulator's messages are short; the length is not to be trusted.
        let size = self.number()?.min(1 << 16);
        let mut text = vec![0; size as usize];
        self.replies.read_exact(&mut text)?;
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Why the process no longer answers.
    fn explain(&mut self, error: &std::io::Error) -> String {
        if let (ErrorKind::WouldBlock | ErrorKind::TimedOut, Some(seconds)) = (error.kind(), self.time_limit)
        {
            return format!(
                "it did not finish a batch of cycles in {seconds} s; it may loop without advancing time"
            );
        }
        match self.child.wait() {
            Ok(status) => reason(status),
            Err(error) => error.to_string(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        // A command that the model left behind may keep the pipe open.
        let _ = self.output.recv_timeout(Duration::from_secs(1));
    }
}

/// Bytes of a request or a reply that are sent together.
const BUFFER: usize = 1 << 16;

/// Path as the bytes of a request.
pub(super) fn path_bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_bytes()
}

/// Why a process ended, and what to do.
fn reason(status: ExitStatus) -> String {
    const UNCONFINED: i32 = 70;
    const OUT_OF_MEMORY: i32 = 71;
    const SIGKILL: i32 = 9;
    const SIGSEGV: i32 = 11;
    let exceeds = |bytes: u64, what: &str| format!("it {what} more than {} GiB, the limit", bytes >> 30);
    match (status.code(), status.signal()) {
        (Some(OUT_OF_MEMORY), _) => exceeds(Isolation::MEMORY, "needs memory of"),
        (Some(UNCONFINED), _) => {
            "the kernel refuses to confine it with Landlock; --allow-host-code runs it without".to_string()
        }
        (_, Some(SIGSEGV)) => {
            format!("{status}; a function that calls itself without end is the usual cause")
        }
        (_, Some(SIGKILL)) => format!("{status}; the memory of the machine may have run out"),
        _ if status.to_string().contains("XFSZ") => exceeds(Isolation::FILE_SIZE, "writes a file of"),
        _ => status.to_string(),
    }
}

/// Passes on what a model prints, up to the limit.
fn show(mut output: PipeReader, top: &str, printed: &AtomicU64) {
    let mut buffer = [0; 1 << 13];
    while let Ok(count @ 1..) = output.read(&mut buffer) {
        let before = printed.fetch_add(count as u64, Ordering::Relaxed);
        let shown = Isolation::OUTPUT.saturating_sub(before).min(count as u64) as usize;
        print(&String::from_utf8_lossy(&buffer[..shown]));
        if shown < count && before <= Isolation::OUTPUT {
            print(&format!(
                "\nqrtl: {top} printed more than {} KiB; the rest is not shown\n",
                Isolation::OUTPUT >> 10
            ));
        }
    }
}

/// A closed stderr does not matter.
fn print(text: &impl Display) {
    let _ = write!(std::io::stderr().lock(), "{text}");
}
