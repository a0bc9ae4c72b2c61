//! Finds the C++ compiler and the flags that every object is compiled with.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::Command;

use super::environment::Environment;
use super::error::{BuildError, excerpt};
use crate::text::hex_digest;

/// Programs that only pass a command on; the cache of models does their work.
const WRAPPERS: [&str; 4] = ["ccache", "sccache", "distcc", "buildcache"];

/// How much time the compiler takes for code that runs faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Optimization {
    /// For long runs: everything, vectors of lanes above all.
    Full,
    /// For runs that are shorter than the compilation: a quarter of the time.
    Light,
    /// For a few cycles of thousands of gates: a twentieth.
    None,
}

impl Optimization {
    /// The compiler's option.
    pub fn flag(self) -> &'static str {
        match self {
            Optimization::Full => "-O3",
            Optimization::Light => "-O1",
            Optimization::None => "-O0",
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
    /// The first line of its `--version`, for humans.
    pub version: String,
    /// Differs whenever the compiler, its arguments or the processor it compiles for does.
    pub digest: String,
}

impl Compiler {
    /// The compiler that `CXX` names, or the platform's own.
    ///
    /// # Errors
    /// [`BuildError::Compiler`] when there is none, it fails, or it takes other options.
    pub fn find(environment: &Environment) -> Result<Self, BuildError> {
        let scratch = tempfile::tempdir().map_err(BuildError::cache(std::env::temp_dir()))?;
        let target = target();
        let mut build = cc::Build::new();
        build.cpp(true).std("c++17").opt_level(3).debug(false).warnings(false).pic(true);
        build.target(&target).host(&target).out_dir(scratch.path());
        build.cargo_metadata(false).cargo_warnings(false).inherit_rustflags(false);
        // Everything here reaches the precompiled header too, which any other macro or option would
        // make unusable.
        build
            .flag("-pthread")
            .flag("-march=native")
            .flag("-fvisibility=hidden")
            .flag("-fvisibility-inlines-hidden");
        let mut words = environment.cxx.as_deref().map(words).unwrap_or_default().into_iter().peekable();
        words.next_if(|word| WRAPPERS.iter().any(|wrapper| word == wrapper));
        if let Some(program) = words.next() {
            build.compiler(program);
        }
        let unusable = |compiler: String| move |problem| BuildError::Compiler { compiler, problem };
        let tool = build.try_get_compiler().map_err(|error| unusable("c++".into())(error.to_string()))?;
        let name = tool.path().display().to_string();
        if tool.is_like_msvc() {
            return Err(unusable(name)("it does not take the options of GCC".into()));
        }
        let mut compiler = Self {
            program: tool.path().to_path_buf(),
            arguments: words.chain(tool.args().iter().cloned()).collect(),
            is_clang: tool.is_like_clang(),
            version: String::new(),
            digest: String::new(),
        };
        if !compiler.is_clang {
            // Two models in one process must not share the statics of inline functions.
            compiler.arguments.push("-fno-gnu-unique".into());
        }
        let version = compiler.ask(&["--version"]).map_err(unusable(name))?;
        // What `native` stands for; Clang answers the second question, GCC the first.
        let native = compiler
            .ask(&["-Q", "--help=target"])
            .or_else(|_| compiler.ask(&["-###", "-x", "c++", "-c", "/dev/null"]))
            .unwrap_or_default();
        compiler.version = version.lines().next().unwrap_or_default().to_string();
        let arguments = compiler.arguments.join(OsStr::new("\n"));
        compiler.digest = hex_digest(&[arguments.as_encoded_bytes(), version.as_bytes(), native.as_bytes()]);
        Ok(compiler)
    }

    /// A command with the arguments common to every object.
    pub fn command(&self, optimization: Optimization) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).arg(optimization.flag());
        command
    }

    /// Runs a command of this compiler.
    ///
    /// # Errors
    /// [`BuildError::Compile`] with the beginning of what it printed, [`BuildError::Run`].
    pub fn run(&self, mut command: Command, what: &str) -> Result<(), BuildError> {
        let output =
            command.output().map_err(|source| BuildError::Run { program: self.program.clone(), source })?;
        if output.status.success() {
            return Ok(());
        }
        Err(BuildError::Compile {
            compiler: self.program.display().to_string(),
            what: what.to_string(),
            message: excerpt(&output.stderr),
        })
    }

    fn ask(&self, question: &[&str]) -> Result<String, String> {
        let output =
            self.command(Optimization::Full).args(question).output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(format!("`{}` ended with {}", question.join(" "), output.status));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
    }
}

/// The words of `CXX`, or the whole of it when that is a file (a path with blanks).
fn words(value: &OsStr) -> Vec<OsString> {
    match value.to_str() {
        Some(text) if !PathBuf::from(text).is_file() => text.split_whitespace().map(OsString::from).collect(),
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
