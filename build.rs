//! Verilates every preset and links the models, when the feature `linked-models` asks for it.

#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs, unused_imports)]
#[path = "src/catalogue/mod.rs"]
mod catalogue;

#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs)]
#[path = "src/generator/mod.rs"]
mod generator;

#[cfg(feature = "linked-models")]
#[allow(dead_code, missing_docs)]
#[path = "src/cosim"]
mod cosim {
    pub mod abi_version;
    pub mod builder;
    pub mod cache;
    pub mod compiler;
    pub mod environment;
    pub mod error;
    pub mod fetch;
    pub mod parallel;
    pub mod runtime;
    pub mod source;
    pub mod toolchain;
    pub mod verilate;
    pub mod verilator;
    pub mod wheel;
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "linked-models")]
    if let Err(error) = link_models() {
        println!("cargo::error={}", error.to_string().replace('\n', " "));
    }
}

/// One object a model, all of them and the runtime in one archive, and `models.rs` that names them.
#[cfg(feature = "linked-models")]
fn link_models() -> Result<(), Box<dyn std::error::Error>> {
    use cosim::source::{Lanes, model_source};
    use cosim::verilate::Trace;
    use std::fmt::Write;

    for path in ["src/catalogue", "src/generator", "src/cosim", "templates", "data/wheels"] {
        println!("cargo::rerun-if-changed={path}");
    }
    for variable in cosim::environment::Environment::VARIABLES {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let environment = cosim::environment::Environment::of_process();
    let builder =
        cosim::builder::Builder::discover(&environment, &|notice| println!("cargo::warning={notice}"))?;
    let models: Vec<_> = catalogue::presets()
        .flat_map(|config| {
            let mut lanes = vec![Lanes::ONE, Lanes::worthwhile(&config)];
            lanes.dedup();
            lanes.into_iter().map(move |lanes| (config.clone(), lanes))
        })
        .map(|(config, lanes)| {
            let source = model_source(&config, &generator::render(&config), lanes, Trace::Off);
            (config, lanes, source)
        })
        .collect();
    let runtime = builder.runtime_objects(Trace::Off)?;
    let objects =
        cosim::parallel::in_parallel(&models, |(_, _, source)| builder.static_object(source, Trace::Off))?;
    cc::Build::new().cpp(true).objects(objects).objects(runtime).try_compile("qrtl_models")?;

    let mut text = String::from("unsafe extern \"C\" {\n");
    for (_, _, source) in &models {
        writeln!(text, "    fn qrtl_model_{}() -> *const RawModel;", source.top)?;
    }
    text += "}\n\npub(super) static MODELS: &[(&str, u32, Entry)] = &[\n";
    for (config, lanes, source) in &models {
        writeln!(text, "    (\"{}\", {}, qrtl_model_{}),", config.name(), lanes.0, source.top)?;
    }
    text += "];\n";
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR for build scripts")?;
    std::fs::write(std::path::Path::new(&folder).join("models.rs"), text)?;
    Ok(())
}
