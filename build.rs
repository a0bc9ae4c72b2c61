//! Verilates every preset and links the models, when the feature `linked-models` asks for it.

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
    #[cfg(feature = "linked-models")]
    if let Err(error) = link_models() {
        println!("cargo::error={}", error.to_string().replace('\n', " "));
    }
}

/// One object a model, all of them and the runtime in one archive, and `models.rs` that names them.
#[cfg(feature = "linked-models")]
fn link_models() -> Result<(), Box<dyn std::error::Error>> {
    use std::fmt::Write;

    use model::{Lanes, model_source};
    use toolchain::builder::Builder;
    use toolchain::environment::Environment;
    use toolchain::parallel::in_parallel;
    use toolchain::verilate::Trace;

    let rooms = ["catalogue", "circuit", "generator", "model", "text", "toolchain", "unit"];
    for room in rooms {
        println!("cargo::rerun-if-changed=src/{room}");
    }
    for path in ["templates", "data/wheels"] {
        println!("cargo::rerun-if-changed={path}");
    }
    for variable in Environment::VARIABLES {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let environment = Environment::of_process();
    let builder = Builder::discover(&environment, &|notice| println!("cargo::warning={notice}"))?;
    let models: Vec<_> = catalogue::presets()
        .flat_map(|config| {
            let mut lanes = vec![Lanes::ONE, Lanes::for_long_runs(&config)];
            lanes.dedup();
            lanes.into_iter().map(move |lanes| (config.clone(), lanes))
        })
        .map(|(config, lanes)| {
            let source = model_source(&config, &generator::render(&config), lanes, Trace::Off);
            (config, lanes, source)
        })
        .collect();
    let runtime = builder.runtime_objects(Trace::Off)?;
    let objects = in_parallel(&models, |(_, _, source)| builder.static_object(source, Trace::Off))?;
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
