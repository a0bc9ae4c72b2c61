//! Model builds: errors name their cause, and the cache contains complete models only.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::common::cache::{builder, cache_with_runtime, environment};
use crate::common::script::executable;
use qrtl::catalogue;
use qrtl::simulation::CompiledModel;
use qrtl::toolchain::builder::{Builder, ExpectedPort, ModelSource};
use qrtl::toolchain::cache::{Cache, holds};
use qrtl::toolchain::compiler::Optimization;
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::error::BuildError;
use qrtl::toolchain::verilate::Trace;

/// A design of one input `a` and one output `y`; the shim evaluates it once, and returns `y`, or
/// minus the length of the error.
fn source(top: &str, body: &str) -> ModelSource {
    let verilog = format!("module {top}(input [7:0] a, output [7:0] y);\n{body}\nendmodule\n");
    let shim = format!(
        r#"
        extern "C" int qrtl_take_error(char* text, size_t capacity);
        extern "C" __attribute__((visibility("default"))) int run(int a, char* error) {{
            VerilatedContext context;
            V{top} model(&context);
            model.a = a;
            try {{ model.eval(); }} catch (const std::exception&) {{}}
            int length = qrtl_take_error(error, 256);
            return length ? -length : model.y;
        }}"#
    );
    let (files, ports) = (vec![(format!("{top}.v"), verilog)], ["a", "y"]);
    let ports = ports.map(|name| ExpectedPort { name: name.to_string(), bits: Some(8) }).to_vec();
    ModelSource { top: top.to_string(), files, ports, shim, optimization: Optimization::Full }
}

fn incrementer() -> ModelSource {
    source("incrementer", "  assign y = a + 8'd1;")
}

/// Evaluates a model once.
fn run(object: &Path, a: i32) -> Result<i32, String> {
    type Run = unsafe extern "C" fn(i32, *mut u8) -> i32;
    let mut error = vec![0u8; 256];
    // SAFETY: the shim above defines `run` so, and writes at most 256 bytes.
    let result = unsafe {
        let library = libloading::Library::new(object).unwrap();
        library.get::<Run>("run").unwrap()(a, error.as_mut_ptr())
    };
    if result >= 0 {
        return Ok(result);
    }
    error.truncate(-result as usize);
    Err(String::from_utf8(error).unwrap())
}

/// The entries of a cache that belong to models, and the leftovers in its temporary folder.
fn entries(cache: &TempDir) -> (Vec<String>, Vec<String>) {
    let list = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    let models = list(cache.path()).into_iter().filter(|name| name.starts_with("incrementer-")).collect();
    // The file `limit` says when the size of the cache was looked at.
    let leftovers = list(&cache.path().join("tmp")).into_iter().filter(|name| name != "limit").collect();
    (models, leftovers)
}

/// A compiler that runs a shell command instead when it compiles the incrementer.
fn compiler_that(folder: &TempDir, action: &str) -> PathBuf {
    let path = folder.path().join("g++");
    let real = Environment::of_process().on_path("c++").unwrap();
    let real = real.display();
    executable(&path, &format!("case \"$*\" in *incrementer.cpp*) {action};; esac\nexec {real} \"$@\""));
    path
}

#[test]
fn model_gives_same_outputs_with_waveforms() {
    let cache = cache_with_runtime();
    let builder = builder(&cache);
    let objects = [Trace::Off, Trace::On].map(|trace| builder.shared_object(&incrementer(), trace).unwrap());
    assert_ne!(objects[0], objects[1]);
    for object in &objects {
        assert_eq!((run(object, 41), run(object, 255)), (Ok(42), Ok(0)));
    }
    let written = objects[0].metadata().unwrap().modified().unwrap();
    assert_eq!(builder.shared_object(&incrementer(), Trace::Off).unwrap(), objects[0]);
    assert_eq!(objects[0].metadata().unwrap().modified().unwrap(), written, "built twice");
    assert_eq!(entries(&cache), (entries(&cache).0, vec![]));
}

/// A macro or option that differs from those of the precompiled header would invalidate it, and models would
/// take three times longer to build.
#[test]
fn uses_precompiled_header() {
    let cache = cache_with_runtime();
    let builder = builder(&cache);
    if builder.toolchain.compiler.is_clang {
        return;
    }
    let mut replaced = 0;
    for entry in fs::read_dir(cache.path()).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.file_name().unwrap().to_string_lossy().starts_with("header-") {
            let precompiled = entry.canonicalize().unwrap().join("header.h.gch");
            fs::remove_file(&entry).unwrap();
            fs::create_dir(&entry).unwrap();
            std::os::unix::fs::symlink(precompiled, entry.join("header.h.gch")).unwrap();
            fs::write(entry.join("header.h"), "#error not precompiled\n").unwrap();
            replaced += 1;
        }
    }
    assert_ne!(replaced, 0);
    builder.static_object(&incrementer(), Trace::On).unwrap();
    builder.shared_object(&incrementer(), Trace::Off).unwrap();
}

#[test]
fn design_calling_finish_does_not_end_process() {
    let cache = cache_with_runtime();
    let builder = builder(&cache);
    let message = |top: &str, body: &str| {
        let object = builder.shared_object(&source(top, body), Trace::Off).unwrap();
        run(&object, 1).unwrap_err()
    };
    for (top, task) in [("stops", "$stop"), ("finishes", "$finish"), ("dies", "$fatal")] {
        let text = message(top, &format!("  assign y = a;\n  always @* if (a == 1) {task};"));
        // Verilator 5.006 reports $fatal as an error.
        let is_named = text.contains(task) || task == "$fatal" && text.contains("$error or assertion");
        assert!(text.starts_with(&format!("{top}.v:3: ")) && is_named, "{text}");
    }
    let unsettled = "  /* verilator lint_off UNOPTFLAT */ wire x = (a == 1) & ~x; assign y = {8{x}};";
    let text = message("unsettled", unsettled);
    assert!(text.contains("did not converge"), "{text}");
}

#[test]
fn rejected_design_quotes_verilator_and_is_not_cached() {
    let cache = cache_with_runtime();
    let builder = builder(&cache);
    let cases = [("  assign y = a + ;", "incrementer.v:2:"), ("  assign y = a + 16'd1;", "WIDTH")];
    for (body, quoted) in cases {
        let error = builder.shared_object(&source("incrementer", body), Trace::Off).unwrap_err();
        assert!(matches!(error, BuildError::Verilate { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains(quoted) && text.contains("incrementer.v:2:"), "{text}");
    }
    assert_eq!(entries(&cache), (vec![], vec![]));
}

#[test]
fn rejects_model_names_with_path_separators() {
    let cache = cache_with_runtime();
    for name in ["../evil", "", ".hidden", "a b", "-f"] {
        let mut source = incrementer();
        source.files[0].0 = name.to_string();
        let error = builder(&cache).shared_object(&source, Trace::Off).unwrap_err();
        assert!(matches!(error, BuildError::Name { .. }), "{error}");
    }
}

#[test]
fn failed_compilation_is_not_cached() {
    let cache = cache_with_runtime();
    let folder = TempDir::new().unwrap();
    let fails = folder.path().join("fails");
    let compiler =
        compiler_that(&folder, &format!("test -e {} && echo broken >&2 && exit 1", fails.display()));
    fs::write(&fails, "").unwrap();
    let environment = Environment { cxx: Some(compiler.into_os_string()), ..environment(cache.path()) };
    let builder = Builder::discover(&environment, &|_| ()).unwrap();

    let error = builder.shared_object(&incrementer(), Trace::Off).unwrap_err();
    assert!(matches!(error, BuildError::Compile { .. }) && error.to_string().contains("broken"), "{error}");
    assert_eq!(entries(&cache), (vec![], vec![]));
    fs::remove_file(fails).unwrap();
    assert_eq!(run(&builder.shared_object(&incrementer(), Trace::Off).unwrap(), 1), Ok(2));
}

#[test]
fn threads_that_build_the_same_model_share_it() {
    let cache = cache_with_runtime();
    let objects: Vec<_> = std::thread::scope(|scope| {
        let build = || builder(&cache).shared_object(&incrementer(), Trace::Off).unwrap();
        let threads: Vec<_> = (0..3).map(|_| scope.spawn(build)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(objects.len(), 3);
    assert!(objects.iter().all(|object| *object == objects[0]));
    assert_eq!(run(&objects[0], 1), Ok(2));
    assert_eq!((entries(&cache).0.len(), entries(&cache).1.len()), (1, 0));
}

/// Set in a process that `builds_in_other_processes` starts: the cache to build in.
const CHILD: &str = "QRTL_TEST_BUILD_IN";

#[test]
fn builds_in_other_processes() {
    if let Some(cache) = std::env::var_os(CHILD) {
        let builder = Builder::discover(&environment(Path::new(&cache)), &|_| ()).unwrap();
        builder.shared_object(&incrementer(), Trace::Off).unwrap();
        return;
    }
    let cache = cache_with_runtime();
    let child = || {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "toolchain::builds_in_other_processes"]).env(CHILD, cache.path());
        child
    };

    let folder = TempDir::new().unwrap();
    let hangs = folder.path().join("hangs");
    let compiler = compiler_that(&folder, &format!("touch {}; exec sleep 20", hangs.display()));
    let mut killed = child().env("CXX", compiler).spawn().unwrap();
    while !hangs.exists() {
        assert!(killed.try_wait().unwrap().is_none(), "the build ended before it could be killed");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let (models, leftovers) = entries(&cache);
    assert!(models.is_empty() && !leftovers.is_empty(), "{models:?} {leftovers:?}");

    for mut child in [child().spawn().unwrap(), child().spawn().unwrap()] {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(entries(&cache).0.len(), 1);
    assert_eq!(run(&builder(&cache).shared_object(&incrementer(), Trace::Off).unwrap(), 1), Ok(2));
}

#[test]
fn cache_deletes_old_leftovers_only() {
    let cache = TempDir::new().unwrap();
    Cache::open(&environment(cache.path())).unwrap();
    let now = std::time::SystemTime::now();
    for (name, hours) in [("old", 25), ("new", 1)] {
        let folder = cache.path().join("tmp").join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("partial.o"), "").unwrap();
        let modified = now - std::time::Duration::from_secs(hours * 3600);
        fs::File::open(&folder).unwrap().set_modified(modified).unwrap();
    }
    Cache::open(&environment(cache.path())).unwrap();
    assert_eq!(entries(&cache).1, ["new"]);
}

#[test]
fn rejects_unwritable_cache() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Cache::open(&environment(&file)).unwrap_err();
    assert!(error.to_string().contains("set QRTL_CACHE"), "{error}");
    assert!(matches!(Cache::open(&Environment::default()), Err(BuildError::NoCache)));
}

#[test]
fn rebuilds_cache_entry_without_model() {
    let cache = cache_with_runtime();
    let builder = builder(&cache);
    let object = builder.shared_object(&incrementer(), Trace::Off).unwrap();
    fs::remove_file(&object).unwrap();
    assert_eq!(builder.shared_object(&incrementer(), Trace::Off).unwrap(), object);
    assert_eq!(run(&object, 1), Ok(2));
    assert_eq!((entries(&cache).0.len(), entries(&cache).1.len()), (1, 0));
}

/// The deleted path is a file of an entry, or the folder in which entries are built.
#[test]
fn cache_heals_itself_while_a_process_uses_it() {
    let folder = TempDir::new().unwrap();
    let cache = Cache::open(&environment(folder.path())).unwrap();
    let build = |text: &str| {
        let write = |folder: &Path| {
            fs::write(folder.join("a"), text).unwrap();
            fs::write(folder.join("b"), text).unwrap();
            Ok::<(), BuildError>(())
        };
        let entry = cache.entry("key", holds(&["a", "b"]), write).unwrap();
        fs::read_to_string(entry.join("a")).unwrap()
    };
    assert_eq!(build("one"), "one");
    assert_eq!(build("two"), "one");
    fs::remove_file(folder.path().join("key/b")).unwrap();
    assert!(cache.get("key", holds(&["a", "b"])).is_none());
    fs::remove_dir_all(folder.path().join("tmp")).unwrap();
    assert_eq!(build("three"), "three");
    assert!(cache.get("key", holds(&["a", "b"])).is_some());
}

#[test]
fn reports_killed_compiler() {
    let cache = cache_with_runtime();
    // The second is how a driver reports the end of the compiler that it started.
    let message = "g++: fatal error: Killed signal terminated program cc1plus";
    for (action, signal) in [("kill -9 $$", "SIGKILL"), (&format!("echo '{message}' >&2; exit 1"), message)] {
        let folder = TempDir::new().unwrap();
        let compiler = compiler_that(&folder, action).into_os_string();
        let environment = Environment { cxx: Some(compiler), ..environment(cache.path()) };
        let builder = Builder::discover(&environment, &|_| ()).unwrap();
        let error = builder.shared_object(&incrementer(), Trace::Off).unwrap_err();
        assert!(matches!(error, BuildError::Killed { .. }), "{error}");
        let text = error.to_string();
        assert!(
            text.contains("g++ was killed while compiling incrementer") && text.contains(signal),
            "{text}"
        );
        assert!(text.contains("memory"), "{text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn missing_symbol_is_an_error_of_the_link() {
    let cache = cache_with_runtime();
    let text = "extern \"C\" int absent(); extern \"C\" int call() { return absent(); }\n";
    let error = builder(&cache).shared_text("unresolved", text).unwrap_err();
    assert!(matches!(error, BuildError::Compile { .. }), "{error}");
    assert!(error.to_string().contains("absent"), "{error}");
}

/// Clang before 19 calls libatomic in Verilator's runtime.
#[cfg(target_os = "linux")]
#[test]
fn oldest_clang_on_path_builds_models() {
    let names = ["14", "15", "16", "17", "18", "19"].map(|version| format!("clang++-{version}"));
    let process = Environment::of_process();
    let Some(clang) = names.iter().find(|name| process.on_path(name).is_some()) else {
        eprintln!("skipped: no clang++ from 14 to 19 on PATH");
        return;
    };
    let cache = cache_with_runtime();
    let environment = Environment { cxx: Some(clang.into()), ..environment(cache.path()) };
    let builder = Builder::discover(&environment, &|_| ()).unwrap();
    assert!(builder.toolchain.compiler.is_clang);
    assert_eq!(run(&builder.shared_object(&incrementer(), Trace::Off).unwrap(), 1), Ok(2));
}

#[test]
fn model_that_does_not_load_is_reported_with_the_loaders_reason() {
    let folder = TempDir::new().unwrap();
    let object = folder.path().join("model.so");
    fs::write(&object, "no shared object, but as long as a header of one has to be to be looked at").unwrap();
    let config = catalogue::presets().next().unwrap();
    let Err(error) = CompiledModel::load(&object, "model", &config) else { panic!("a text was loaded") };
    let text = error.to_string();
    assert!(text.contains("model.so: invalid ELF header") && text.contains("noexec"), "{text}");
}
