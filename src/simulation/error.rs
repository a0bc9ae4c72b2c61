//! Errors of compiled models.

use std::path::PathBuf;

/// Error of a compiled model.
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
    /// The model was compiled for another version of the C interface.
    #[error(
        "the model has version {found} of the C interface, but qrtl needs version {expected}; rebuild it"
    )]
    Abi {
        /// Version of the model's interface.
        found: u32,
        /// Version that qrtl needs.
        expected: u32,
    },
    /// The model's ports are not those of the config.
    #[error(
        "the ports of the model of {config} differ from those of the config: {reason}; `qrtl generate` shows them"
    )]
    Ports {
        /// Name of the config.
        config: String,
        /// The first difference.
        reason: String,
    },
    /// The design ended its simulation, or one of its assertions failed.
    #[error(
        "the simulation of {config} stopped: {reason}; the Verilog must settle, keep its own assertions, and not call $finish or $stop"
    )]
    Stopped {
        /// Name of the config.
        config: String,
        /// File and line of the Verilog, the task or assertion, and its message.
        reason: String,
    },
    /// The process that simulated a third-party design ended.
    #[error(
        "the simulation of {config} crashed: {reason}; debug the Verilog in a simulator, or audit a smaller part of it"
    )]
    Crashed {
        /// Name of the config or of the module.
        config: String,
        /// The signal, or the limit that was exceeded.
        reason: String,
    },
    /// The streams are in deadlock.
    #[error(
        "{config} is in deadlock: no beat moved for a long time before cycle {cycles}; {handshakes}; look for the first stream whose valid and ready are never 1 together"
    )]
    Deadlock {
        /// Name of the config.
        config: String,
        /// Clock cycles since the reset.
        cycles: u64,
        /// The state of every handshake.
        handshakes: String,
    },
    /// The simulator cannot write its coverage.
    #[error(
        "cannot read the coverage of {config}: {reason}; check that the folder for temporary files is writable"
    )]
    Coverage {
        /// Name of the config.
        config: String,
        /// The cause.
        reason: String,
    },
    /// The waveform cannot be written.
    #[error("cannot write the waveform {}: {reason}", path.display())]
    Trace {
        /// The file.
        path: PathBuf,
        /// The cause.
        reason: String,
    },
}

/// Error of an instance that ran rows.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum BatchError {
    /// The simulator's message, if it left one.
    #[error("{0}")]
    Stopped(String),
    /// Why the process ended.
    #[error("{0}")]
    Crashed(String),
}

impl BatchError {
    /// The error of a model of that name.
    pub(crate) fn of(self, config: &str) -> DutError {
        let config = config.to_string();
        match self {
            Self::Stopped(reason) if reason.is_empty() => {
                DutError::Stopped { config, reason: "the model called $finish".to_string() }
            }
            Self::Stopped(reason) => DutError::Stopped { config, reason },
            Self::Crashed(reason) => DutError::Crashed { config, reason },
        }
    }
}
