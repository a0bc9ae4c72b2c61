//! Quantized networks: reference, hardware, and simulation of the hardware.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use qrtl::network::{
    Budget, Folding, Hardware as NetworkHardware, HardwareOptions, Network as Graph, NetworkError,
    NetworkListing, NetworkParameters, Profile, Resource,
};
use qrtl::{
    Choice, Config, Effort, Implementation, Lanes, Models, Stalls, Verification, html_of_network, render,
};

use crate::Report;
use crate::arrays::{array, dictionary, numpy};
use crate::error::raise;
use crate::numbers::report;
use crate::tools::{MODELS, notice};
use crate::unit::files;

/// The graph of a file under a profile.
#[pyclass(frozen, name = "Network", module = "qrtl._qrtl")]
pub struct Network {
    path: PathBuf,
    profile: Option<Profile>,
    graph: Arc<Graph>,
}

#[pymethods]
impl Network {
    #[new]
    fn new(py: Python<'_>, path: PathBuf, profile: Option<String>) -> PyResult<Self> {
        let profile = profile.map(|word| word.parse()).transpose().map_err(raise)?;
        let graph = py.detach(|| Graph::open(&path, profile)).map_err(raise)?;
        Ok(Self { path, profile, graph: Arc::new(graph) })
    }

    /// Layers with their cost.
    fn listing(&self) -> Report {
        report(&NetworkListing::new(&self.graph))
    }

    /// Outputs of the reference, and every tensor by its label if asked for.
    fn run<'py>(
        &self,
        py: Python<'py>,
        frames: &Bound<'py, PyAny>,
        keep_tensors: bool,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyDict>)> {
        self.require_supported()?;
        let frames = array("x", frames)?;
        let outputs = py.detach(|| self.graph.run(frames, keep_tensors));
        let outputs = outputs.map_err(|error| raise(format!("x: {error}")))?;
        Ok((numpy(py, outputs.output)?, dictionary(py, outputs.tensors)?))
    }

    /// The network as hardware.
    fn hardware(
        &self,
        py: Python<'_>,
        cycles: Option<usize>,
        multipliers: Option<usize>,
        target: &str,
        dsp: &str,
    ) -> PyResult<Hardware> {
        self.require_supported()?;
        let folding = match (cycles, multipliers) {
            (None, None) => Folding::default(),
            (Some(cycles), None) => Folding::Cycles(cycles),
            (None, Some(multipliers)) => {
                Folding::Budget(Budget::default().with(Resource::Multipliers, multipliers))
            }
            (Some(_), Some(_)) => return Err(raise("give either cycles or multipliers, not both")),
        };
        let usual = Implementation::default();
        let implementation =
            Implementation { target: choice("target", target)?, dsp: choice("dsp", dsp)?, ..usual };
        let options = HardwareOptions::new(&self.path, self.profile, folding, implementation);
        let hardware = py.detach(|| NetworkHardware::new(self.graph.clone(), options)).map_err(raise)?;
        let page = html_of_network(hardware.config.name(), &hardware.report);
        Ok(Hardware { report: report(&hardware.report), page, config: hardware.config })
    }
}

impl Network {
    fn require_supported(&self) -> PyResult<()> {
        self.graph.require_supported().map_err(|cause| raise(NetworkError::new(&self.path, cause)))
    }
}

fn choice<T: Choice>(name: &str, word: &str) -> PyResult<T> {
    T::from_word(word)
        .ok_or_else(|| raise(format!("{name} {word} is unknown; use one of {}", T::WORDS.join(", "))))
}

/// A network as hardware.
#[pyclass(frozen, name = "Hardware", module = "qrtl._qrtl")]
pub struct Hardware {
    config: Config,
    report: Report,
    page: String,
}

#[pymethods]
impl Hardware {
    #[getter]
    fn name(&self) -> &str {
        self.config.name()
    }

    /// Cost, layer by layer.
    #[getter]
    fn report(&self) -> Report {
        self.report.clone()
    }

    /// The cost as an HTML page.
    #[getter]
    fn page(&self) -> &str {
        &self.page
    }

    /// Names and texts of the module, of its report and of its companions.
    fn files(&self, companions: Vec<String>) -> PyResult<Vec<(String, String)>> {
        let mut files = files(&self.config, &companions)?;
        files.push((format!("{}_report.json", self.config.name()), self.report.0.clone() + "\n"));
        files.push((format!("{}_report.html", self.config.name()), self.page.clone()));
        Ok(files)
    }

    /// Outputs of the simulated Verilog, and its clock cycles.
    fn simulate<'py>(
        &self,
        py: Python<'py>,
        frames: &Bound<'py, PyAny>,
    ) -> PyResult<(Bound<'py, PyAny>, u64)> {
        let frames = array("x", frames)?;
        let (outputs, cycles) = py.detach(|| {
            let parameters: &NetworkParameters = self.config.parameters();
            let network = parameters.network();
            let frames = network.input_frames(frames, 0).map_err(|error| raise(format!("x: {error}")))?;
            self.announce_build();
            let verilog = render(&self.config);
            let model = MODELS.model(&self.config, &verilog, Lanes::ONE, false).map_err(raise)?;
            let run = qrtl::simulate_network(&model, &frames, Stalls::None, &|_| ()).map_err(raise)?;
            Ok::<_, PyErr>((network.output_array(run.outputs), run.cycles))
        })?;
        Ok((numpy(py, outputs)?, cycles))
    }

    /// Compares the Verilog with the reference on random frames.
    fn verify(
        &self,
        py: Python<'_>,
        cases: Option<u64>,
        seed: u64,
        threads: usize,
    ) -> PyResult<(bool, Report)> {
        let usual = Effort::default();
        let effort = Effort { cases: cases.unwrap_or(usual.cases), seed, threads, ..usual };
        let found = py.detach(|| {
            self.announce_build();
            Verification::new(&self.config, &MODELS).effort(effort).run().map_err(raise)
        })?;
        Ok((found.passed(), report(&found)))
    }
}

impl Hardware {
    /// Says that a model is built, which can take half a minute.
    fn announce_build(&self) {
        notice(&format!("building the model of {}, unless the cache has it", self.config.name()));
    }
}
