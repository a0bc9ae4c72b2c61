//! Runs of the `qrtl` executable.

use std::process::{Command, Output};

/// Result of a run of `qrtl`.
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// Content of stdout.
    pub stdout: String,
    /// Content of stderr.
    pub stderr: String,
}

/// Command of `qrtl` with these arguments.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qrtl"));
    command.args(arguments);
    command
}

/// Runs `qrtl` with these arguments to its end.
pub fn qrtl(arguments: &[&str]) -> Run {
    run(&mut command(arguments))
}

/// Runs a command to its end; dying by a signal or a panic is a failure of the test.
pub fn run(command: &mut Command) -> Run {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(stdout), text(stderr));
    let code = status.code().unwrap_or_else(|| panic!("{command:?}: {status}\n{stderr}"));
    assert!(!stderr.contains("panicked"), "{command:?}: {stderr}");
    Run { code, stdout, stderr }
}

impl Run {
    /// Requires exit code 0; returns stdout.
    #[track_caller]
    pub fn product(self) -> String {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.stdout
    }

    /// Requires exit code 2, nothing on stdout, and an error with each of these texts.
    #[track_caller]
    pub fn refused_with(&self, texts: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{}", self.stderr);
        for text in texts {
            assert!(self.stderr.contains(text), "no '{text}' in: {}", self.stderr);
        }
    }
}
