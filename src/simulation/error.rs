//! Why a model cannot be used, with the fix in the text.

use std::path::PathBuf;

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DutError {
    /// The shared object does not load.
    #[error(
        "cannot load the model {}: {reason}; delete the file and run again, or set QRTL_CACHE to a file system that is not mounted noexec",
        path.display()
    )]
    Load {
        /// The shared object.
        path: PathBuf,
        /// The loader's message.
        reason: String,
    },
    /// The model was compiled for another version of the interface.
    #[error("the model speaks version {found} of the interface, this program version {expected}; rebuild it")]
    Abi {
        /// Version of the model.
        found: u32,
        /// Version of this program.
        expected: u32,
    },
    /// The model's ports are not those of the config.
    #[error(
        "the model of {config} has other ports than its config: {reason}; `qrtl generate` shows the right ones"
    )]
    Ports {
        /// The config.
        config: String,
        /// The first difference.
        reason: String,
    },
    /// The simulated code ended the simulation, or one of its assertions failed.
    #[error(
        "the simulation of {config} stopped by itself: {reason}; the Verilog must settle, keep its own assertions, and go on without $finish and $stop"
    )]
    Stopped {
        /// The config.
        config: String,
        /// Place in the Verilog, what stopped it, and its message.
        reason: String,
    },
    /// The simulator does not tell what it covered.
    #[error("no coverage of {config}: {reason}; check that the folder for temporary files can be written")]
    Coverage {
        /// The config.
        config: String,
        /// Why not.
        reason: String,
    },
    /// The waveform cannot be written.
    #[error("cannot write the waveform {}: {reason}", path.display())]
    Trace {
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
}
