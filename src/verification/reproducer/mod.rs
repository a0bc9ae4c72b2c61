//! A folder that shows a failure to somebody who has no qrtl: Verilog, testbench, waveform, commands.

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

/// Why there is no folder.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReproducerError {
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Dut(#[from] DutError),
}

/// A failure, on a traced model of one lane.
pub(crate) struct Reproducer<'a> {
    pub(crate) rtl: &'a CompiledModel,
    /// The Verilog that the model was built from.
    pub(crate) verilog: &'a str,
    pub(crate) found: &'a Counterexample,
    /// The failure, `replay` without the file of the Verilog.
    pub(crate) failure: &'a Failure,
}

/// The stimulus with as many rows more as results need to come out.
struct Window {
    alignment: Alignment,
    rows: usize,
    inputs: Vec<Column>,
    outputs: Vec<Column>,
}

impl Window {
    fn new(rtl: &CompiledModel, found: &Counterexample) -> Window {
        let alignment = Alignment::new(rtl.config(), found.sequence.is_steady());
        let rows = found.sequence.rows() + alignment.latency;
        let (mut inputs, outputs) = rtl.columns(rows);
        found.sequence.fill(0, &mut inputs);
        Window { alignment, rows, inputs, outputs }
    }
}

impl Reproducer<'_> {
    /// Writes the folder of this failure, named after the module, into `parent`. The text that names
    /// all other files comes last.
    pub(crate) fn write(&self, parent: &Path) -> Result<PathBuf, ReproducerError> {
        let config = self.rtl.config();
        let folder = parent.join(config.name());
        let mut sources = vec![(format!("{}.v", config.name()), self.verilog.to_string())];
        sources.extend(generator::primitives(config));
        let names: Vec<&str> = sources.iter().map(|(name, _)| name.as_str()).collect();
        // Verilator has read it as SystemVerilog; what is generated needs no more than Verilog-2005.
        let standard = if self.verilog == generator::render(config) { "2005" } else { "2012" };

        let mut window = Window::new(self.rtl, self.found);
        let waves = waveform::waves(self.rtl, &mut window)?;
        let last = window.alignment.latency as u64 + self.found.mismatch.transaction;
        let testbench = testbench::context(config, &window, self.found.sequence.rows(), &names, standard);
        let readme = json!({
            "name": config.name(),
            "version": env!("CARGO_PKG_VERSION"),
            "failure": self.failure.explanation(),
            "files": names,
            "standard": standard,
            "weights": weights(config).map(|_| Config::MATRIX_FILE),
            "replay": format!("{} --rtl {}.v", self.failure.replay, config.name()),
        });
        if let Some(matrix) = weights(config) {
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
}

/// The matrix that the config's arguments take from a file.
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
