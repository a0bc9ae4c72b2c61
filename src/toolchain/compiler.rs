//! The C++ compiler and the flags common to all objects.

use std::ffi::{OsStr, OsString};
use std::path::{MAIN_SEPARATOR_STR, Path, PathBuf};
use std::process::Command;

use super::environment::{Environment, temporary_folder};
use super::error::BuildError;
use super::process;
use super::process::first_lines;
use crate::text::hex_digest;

/// Compiler wrappers, which are skipped: the cache of models replaces them.
const WRAPPERS: [&str; 4] = ["ccache", "sccache", "distcc", "buildcache"];

/// Linker options of a shared object with internal calls. A missing symbol is a link error, because the
/// loader's message would not name the object.
pub const SHARED_FLAGS: &[&str] =
    if cfg!(target_os = "linux") { &["-shared", "-Wl,-Bsymbolic", "-Wl,-z,defs"] } else { &["-shared"] };

/// Libraries of a program that loads shared objects; a C library before glibc 2.34 has the loader in its own.
pub const LOADER_LIBRARIES: &[&str] = if cfg!(target_os = "linux") { &["-ldl"] } else { &[] };

/// Optimization level of the C++ compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimization {
    /// For long runs: everything, the vectorization of lanes above all.
    Full,
    /// For runs that are shorter than the compilation: a quarter of the compile time.
    Light,
    /// For a few cycles of thousands of gates: a twentieth of the compile time.
    None,
}

impl Optimization {
    /// The compiler's option.
    pub fn flag(self) -> &'static str {
        match self {
            Self::Full => "-O3",
            Self::Light => "-O1",
            Self::None => "-O0",
        }
    }
}

/// A C++ compiler that takes the options of GCC.
#[derive(Clone, Debug)]
pub struct Compiler {
    program: PathBuf,
    arguments: Vec<OsString>,
    /// Whether it is Clang, which lacks some of GCC's options.
    pub is_clang: bool,
    /// First line of its `--version`.
    pub version: String,
    /// Digest that changes with the compiler, its arguments and the processor it compiles for.
    pub digest: String,
    /// Names of the libraries that a model is linked with.
    pub libraries: &'static [&'static str],
}

impl Compiler {
    /// The compiler that `CXX` names, or the platform's own.
    ///
    /// # Errors
    /// [`BuildError::Compiler`] when there is none, it fails, or it does not take GCC's options;
    /// [`BuildError::Temporary`] when there is no folder for temporary files.
    pub fn find(environment: &Environment) -> Result<Self, BuildError> {
        let mut words = environment.cxx.as_deref().map(words).unwrap_or_default().into_iter().peekable();
        words.next_if(|word| WRAPPERS.iter().any(|wrapper| word == wrapper));
        let program = match words.next().map(PathBuf::from) {
            None => None,
            Some(name) => {
                let missing = || unusable(&name, "it is not on PATH".to_string());
                Some(environment.executable(&name).ok_or_else(missing)?)
            }
        };
        let tool = flags_of(program)?;
        if tool.is_like_msvc() {
            return Err(unusable(tool.path(), "it does not accept the options of GCC".to_string()));
        }
        let mut compiler = Self {
            program: tool.path().to_path_buf(),
            arguments: words.chain(tool.args().iter().cloned()).collect(),
            is_clang: tool.is_like_clang(),
            version: String::new(),
            digest: String::new(),
            libraries: &[],
        };
        if !compiler.is_clang {
            // Two models in one process must not share the statics of inline functions.
            compiler.arguments.push("-fno-gnu-unique".into());
        }
        compiler.identify().map_err(|problem| unusable(tool.path(), problem))?;
        Ok(compiler)
    }

    /// Asks the compiler for its version, its processor and its libraries.
    fn identify(&mut self) -> Result<(), String> {
        let version = self.ask(&["--version"])?;
        // The processor that `native` selects; GCC answers the first query, Clang the second.
        let native = self
            .ask(&["-Q", "--help=target"])
            .or_else(|_| self.ask(&["-###", "-x", "c++", "-c", "/dev/null"]))
            .unwrap_or_default();
        self.version = version.lines().next().unwrap_or_default().to_string();
        let arguments = self.arguments.join(OsStr::new("\n"));
        self.digest = hex_digest(&[arguments.as_encoded_bytes(), version.as_bytes(), native.as_bytes()]);
        // With the headers of GCC, Clang before 19 calls functions of GCC's library of atomics. A library
        // that is not there is answered with its bare name.
        if self.is_clang && cfg!(target_os = "linux") {
            let path = self.ask(&["-print-file-name=libatomic.so"]).unwrap_or_default();
            if Path::new(path.trim()).is_absolute() {
                self.libraries = &["atomic"];
            }
        }
        Ok(())
    }

    /// A command with the arguments common to every object.
    pub fn command(&self, optimization: Optimization) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).arg(optimization.flag());
        command
    }

    /// Runs a command of this compiler; `what` names the source in errors.
    ///
    /// # Errors
    /// [`BuildError::Compile`] with the beginning of its output, [`BuildError::Killed`],
    /// [`BuildError::Run`].
    pub fn run(&self, mut command: Command, what: &str) -> Result<(), BuildError> {
        let output = process::output(&mut command, &format!("compiling {what}"))?;
        if output.status.success() {
            return Ok(());
        }
        let message = first_lines(&output.stderr);
        // The compiler driver reports the signal that ended the compiler proper.
        let killed = ["signal terminated program", "unable to execute command: Killed"];
        let signal = message.lines().find(|line| killed.iter().any(|text| line.contains(text)));
        if let Some(signal) = signal.map(str::to_string) {
            return Err(BuildError::Killed {
                program: self.program.clone(),
                task: format!("compiling {what}"),
                signal,
            });
        }
        Err(BuildError::Compile {
            compiler: self.program.display().to_string(),
            what: what.to_string(),
            message,
        })
    }

    /// Output of the compiler for some options, run in a fixed folder because Clang prints the current one.
    fn ask(&self, options: &[&str]) -> Result<String, String> {
        let mut command = self.command(Optimization::Full);
        command.args(options).current_dir(MAIN_SEPARATOR_STR);
        let question = options.join(" ");
        let output = process::output(&mut command, &question).map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(format!("`{question}` ended with {}", output.status));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    }
}

fn unusable(compiler: &Path, problem: String) -> BuildError {
    BuildError::Compiler { compiler: compiler.display().to_string(), problem }
}

/// The compiler as `cc` finds it, with the flags of every object; `None` for the platform's own.
fn flags_of(program: Option<PathBuf>) -> Result<cc::Tool, BuildError> {
    let scratch = temporary_folder()?;
    let target = target();
    let mut build = cc::Build::new();
    build.cpp(true).std("c++17").opt_level(3).debug(false).warnings(false).pic(true);
    build.target(&target).host(&target).out_dir(scratch.path());
    build.cargo_metadata(false).cargo_warnings(false).inherit_rustflags(false);
    // All flags also apply to the precompiled header, which other macros or options would invalidate.
    build
        .flag("-pthread")
        .flag("-march=native")
        .flag("-fvisibility=hidden")
        .flag("-fvisibility-inlines-hidden");
    let name = program.clone().unwrap_or_else(|| "c++".into());
    if let Some(program) = program {
        build.compiler(program);
    }
    build.try_get_compiler().map_err(|error| unusable(&name, error.to_string()))
}

/// The words of `CXX`, or its whole value if that is a file (a path with blanks).
fn words(value: &OsStr) -> Vec<OsString> {
    match value.to_str() {
        Some(text) if !Path::new(text).is_file() => text.split_whitespace().map(OsString::from).collect(),
        _ => vec![value.to_os_string()],
    }
}

/// The triple of this machine, which `cc` learns from Cargo only in a build script.
fn target() -> String {
    let arch = std::env::consts::ARCH;
    match std::env::consts::OS {
        "macos" => format!("{arch}-apple-darwin"),
        "windows" => format!("{arch}-pc-windows-gnu"),
        system => format!("{arch}-unknown-{system}-gnu"),
    }
}
