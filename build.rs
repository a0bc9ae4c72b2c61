//! Writes the names of all presets for generated tests; with the feature `linked-models`, also links models.
//!
//! The models are those of the first preset of every unit.

#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs, unused_imports)]
#[path = "src/arithmetic/mod.rs"]
mod arithmetic;
#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs, unused_imports)]
#[path = "src/catalogue/mod.rs"]
mod catalogue;
#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs, unused_imports)]
#[path = "src/circuit/mod.rs"]
mod circuit;
#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs, unused_imports)]
#[path = "src/generator/mod.rs"]
mod generator;
#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs, unused_imports)]
#[path = "src/model/mod.rs"]
mod model;
#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs, unused_imports)]
#[path = "src/text/mod.rs"]
mod text;
#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs, unused_imports)]
#[path = "src/toolchain/mod.rs"]
mod toolchain;
#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs, unused_imports)]
#[path = "src/unit/mod.rs"]
mod unit;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if let Some(commit) = commit() {
        println!("cargo::rustc-env=QRTL_COMMIT={commit}");
    }
    #[cfg(feature = "linked-models")]
    if let Err(error) = list_presets().and_then(|()| link_models()) {
        println!("cargo::error={}", error.to_string().replace('\n', " "));
    }
}

/// The commit of an optimized build: that of the package, or of the repository.
///
/// Other builds have none, so that a commit does not make them compile again.
fn commit() -> Option<String> {
    if std::env::var("PROFILE").as_deref() != Ok("release") {
        return None;
    }
    // Cargo puts this file into a package.
    if let Ok(package) = std::fs::read_to_string(".cargo_vcs_info.json") {
        return Some(package.split("\"sha1\": \"").nth(1)?.split('"').next()?.to_string());
    }
    let git = |arguments: &[&str]| {
        let output = std::process::Command::new("git").args(arguments).output().ok()?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_string()).filter(|_| output.status.success())
    };
    // The package may lie in a repository of somebody else.
    let is_own = std::path::Path::new(&git(&["rev-parse", "--show-toplevel"])?).canonicalize().ok()?
        == std::env::current_dir().ok()?.canonicalize().ok()?;
    let log =
        git(&["rev-parse", "--git-path", "logs/HEAD"]).filter(|log| std::path::Path::new(log).exists())?;
    println!("cargo::rerun-if-changed={log}");
    git(&["rev-parse", "HEAD"]).filter(|_| is_own)
}

#[cfg(feature = "linked-models")]
type Failure = Box<dyn std::error::Error>;

/// Prints a line as a Cargo warning, because Cargo hides the other output of a build script.
#[cfg(feature = "linked-models")]
fn say(text: &str) {
    println!("cargo::warning={text}");
}

/// Writes a file that the crate or its tests include.
#[cfg(feature = "linked-models")]
fn write(file: &str, text: &str) -> Result<(), Failure> {
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR for build scripts")?;
    Ok(std::fs::write(std::path::Path::new(&folder).join(file), text)?)
}

/// `presets.rs`: macros that call another one with the names of presets.
#[cfg(feature = "linked-models")]
fn list_presets() -> Result<(), Failure> {
    use catalogue::presets;
    use unit::Config;

    let is_sequential = |config: &Config| config.behaviour().has_history();
    let names = |of: &dyn Fn(&Config) -> bool| {
        presets().filter(of).map(|config| config.name().to_string()).collect::<Vec<_>>().join(" ")
    };
    let definition = |name: &str, list: String| {
        format!("macro_rules! {name} {{ ($each:ident) => {{ $each! {{ {list} }} }} }}\n")
    };
    let all = definition("presets", names(&|_| true));
    write("presets.rs", &(all + &definition("sequential_presets", names(&is_sequential))))
}

/// Builds one object per model, an archive of all objects and the runtime, and `models.rs` with the list.
#[cfg(feature = "linked-models")]
fn link_models() -> Result<(), Failure> {
    use std::fmt::Write;

    use model::{Lanes, model_source};
    use toolchain::builder::Builder;
    use toolchain::environment::Environment;
    use toolchain::parallel::in_parallel;
    use toolchain::verilate::Trace;

    let rooms = ["arithmetic", "catalogue", "circuit", "generator", "model", "text", "toolchain", "unit"];
    for room in rooms {
        println!("cargo::rerun-if-changed=src/{room}");
    }
    for path in ["templates", "data/wheels"] {
        println!("cargo::rerun-if-changed={path}");
    }
    for variable in Environment::VARIABLES {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let builder = Builder::discover(&Environment::of_process(), &say)?;
    let first = catalogue::UNITS.iter().filter_map(|unit| unit.presets().first());
    let mut models = Vec::new();
    for preset in first {
        let config = catalogue::preset(preset.name)?;
        let mut lanes = vec![Lanes::ONE, Lanes::for_long_runs(&config)];
        lanes.dedup();
        for lanes in lanes {
            let source = model_source(&config, &generator::render(&config), lanes, Trace::Off);
            models.push((config.clone(), lanes, source));
        }
    }
    say(&format!(
        "Verilating and compiling {} models of the first preset of each unit, unless {} has them",
        models.len(),
        builder.cache.root().display()
    ));
    let runtime = builder.runtime_objects(Trace::Off)?;
    let objects = in_parallel(&models, |(_, _, source)| builder.static_object(source, Trace::Off))?;
    say("linking the models into the library");
    cc::Build::new().cpp(true).objects(objects).objects(runtime).try_compile("qrtl_models")?;
    for library in builder.toolchain.compiler.libraries {
        println!("cargo::rustc-link-lib={library}");
    }

    let mut text = String::from("unsafe extern \"C\" {\n");
    for (_, _, source) in &models {
        writeln!(text, "    fn qrtl_model_{}() -> *const RawModel;", source.top)?;
    }
    text += "}\n\npub(super) static MODELS: &[(&str, u32, Entry)] = &[\n";
    for (config, lanes, source) in &models {
        writeln!(text, "    (\"{}\", {}, qrtl_model_{}),", config.name(), lanes.0, source.top)?;
    }
    write("models.rs", &(text + "];\n"))
}
