//! A folder that reproduces a failure without qrtl: Verilog, testbench, waveform, commands.

mod testbench;
mod waveform;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde_json::{Value as Json, json};
use tera::{Context, Tera};

use super::alignment::Alignment;
use super::report::Failure;
use super::shrink::Counterexample;
use crate::files::output;
use crate::files::output::OutputError;
use crate::files::tensor::{Array, Tensor, write_npy};
use crate::generator;
use crate::simulation::{CompiledModel, DutError};
use crate::stimulus::Stimulus;
use crate::unit::{Column, Config, Value};

static ENGINE: LazyLock<Tera> = LazyLock::new(|| {
    generator::engine(&[
        ("testbench", include_str!("../../../templates/reproducer/testbench.v.tera")),
        ("readme", include_str!("../../../templates/reproducer/readme.txt.tera")),
    ])
});

/// Error that prevents writing the folder.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReproducerError {
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Dut(#[from] DutError),
}

/// A failure, and the traced model of one lane that shows it.
pub(crate) struct Reproducer<'a> {
    pub(crate) model: &'a CompiledModel,
    /// The Verilog that the model was built from.
    pub(crate) verilog: &'a str,
    pub(crate) found: &'a Counterexample,
    pub(crate) failure: &'a Failure,
    /// Options of the replay command.
    pub(crate) options: &'a str,
}

/// The stimulus, extended by the rows in which its last results appear.
struct Window {
    alignment: Alignment,
    rows: usize,
    inputs: Vec<Column>,
    outputs: Vec<Column>,
}

impl Window {
    fn new(model: &CompiledModel, found: &Counterexample) -> Self {
        let alignment = Alignment::new(model.config(), found.sequence.is_steady());
        let rows = found.sequence.rows() + alignment.latency;
        let (mut inputs, outputs) = model.columns(rows);
        found.sequence.fill(0, &mut inputs);
        Self { alignment, rows, inputs, outputs }
    }
}

impl Reproducer<'_> {
    /// Writes the folder, named after the module, into `parent`, and returns its path.
    ///
    /// `README.txt`, which names all other files, is written last.
    pub(crate) fn write(&self, parent: &Path) -> Result<PathBuf, ReproducerError> {
        let config = self.model.config();
        let folder = parent.join(config.name());
        let mut sources = vec![(format!("{}.v", config.name()), self.verilog.to_string())];
        sources.extend(generator::primitives(config));
        let names: Vec<&str> = sources.iter().map(|(name, _)| name.as_str()).collect();

        let mut window = Window::new(self.model, self.found);
        let waves = waveform::waves(self.model, &mut window)?;
        let last = window.alignment.latency as u64 + self.found.mismatch.transaction;
        let rows = self.found.sequence.rows();
        let testbench =
            testbench::context(config, &window, rows, &self.found.mismatch, &names, self.standard());
        let matrix = weights(config);
        let readme = self.readme(&names, matrix.is_some());

        if let Some(matrix) = matrix {
            write_npy(&folder.join(Config::MATRIX_FILE), &matrix)?;
        }
        for (name, text) in &sources {
            output::write(&folder.join(name), text)?;
        }
        let name = format!("{}_failure_tb.v", config.name());
        output::write(&folder.join(name), render("testbench", testbench))?;
        output::write(&folder.join("failure.gtkw"), waveform::view(config, &waves, last))?;
        output::write(&folder.join("failure.vcd"), waves)?;
        output::write(&folder.join("README.txt"), render("readme", readme))?;
        Ok(folder)
    }

    /// The year of the Verilog standard: generated text is Verilog-2005, other text may be SystemVerilog.
    fn standard(&self) -> &'static str {
        if self.verilog == generator::render(self.model.config()) { "2005" } else { "2012" }
    }

    fn readme(&self, files: &[&str], has_weights: bool) -> Json {
        let config = self.model.config();
        let (name, arguments, options) = (config.name(), config.arguments(), self.options);
        json!({
            "name": name,
            "version": env!("CARGO_PKG_VERSION"),
            "failure": self.failure.symptoms(),
            "files": files,
            "standard": self.standard(),
            "weights": has_weights.then_some(Config::MATRIX_FILE),
            "replay": format!("qrtl verify {arguments}{options} --rtl {name}.v"),
        })
    }
}

/// The weights that the config's arguments read from a file.
fn weights(config: &Config) -> Option<Array> {
    if !config.arguments().contains(Config::MATRIX_FILE) {
        return None;
    }
    config.values().iter().find_map(|(_, value)| match value {
        Value::Matrix(matrix) => {
            let shape = vec![matrix.rows().len(), matrix.columns()];
            let tensor = Tensor::new(shape, matrix.rows().flatten().copied().collect());
            tensor.ok().map(Array::Int64)
        }
        _ => None,
    })
}

fn render(template: &str, context: Json) -> String {
    let context = Context::from_serialize(&context).expect("contexts are JSON objects");
    let text = ENGINE.render(template, &context);
    text.unwrap_or_else(|error| panic!("template {template}: {error}"))
}
