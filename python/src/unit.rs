//! Units of the catalogue: Verilog, reference, simulation, verification, and models driven step by step.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use qrtl::{
    CompiledModel, ComputeEngine, Config, Effort, Lanes, Models, Simulator, UNITS, Verification, render,
    unit_or_preset,
};

use crate::Report;
use crate::arrays::{arrays, dictionary};
use crate::error::raise;
use crate::numbers::report;
use crate::tools::MODELS;

/// Name, summary and presets of every unit.
#[pyfunction]
pub fn units() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    let presets = |unit: &'static dyn qrtl::Unit| unit.presets().iter().map(|preset| preset.name).collect();
    UNITS.iter().map(|unit| (unit.name(), unit.summary(), presets(*unit))).collect()
}

/// A unit with its parameters.
#[pyclass(frozen, name = "Unit", module = "qrtl._qrtl")]
pub struct Unit {
    config: Config,
}

#[pymethods]
impl Unit {
    #[new]
    fn new(name: &str, settings: Vec<String>) -> PyResult<Self> {
        let (unit, preset) = unit_or_preset(name).map_err(raise)?;
        Ok(Self { config: Config::new(unit, preset, &settings).map_err(raise)? })
    }

    #[getter]
    fn name(&self) -> &str {
        self.config.name()
    }

    #[getter]
    fn unit(&self) -> &'static str {
        self.config.unit().name()
    }

    #[getter]
    fn arguments(&self) -> String {
        self.config.arguments()
    }

    #[getter]
    fn latency(&self) -> usize {
        self.config.behaviour().latency()
    }

    /// Ports as a JSON list.
    fn ports(&self) -> String {
        serde_json::to_string(&self.config.ports()).expect("ports are plain data")
    }

    /// The module as Verilog text.
    fn verilog(&self) -> String {
        render(&self.config)
    }

    /// Names and texts of the module and of its companions.
    fn files(&self, companions: Vec<String>) -> PyResult<Vec<(String, String)>> {
        files(&self.config, &companions)
    }

    /// Outputs for arrays named after the inputs.
    fn simulate<'py>(
        &self,
        py: Python<'py>,
        inputs: &Bound<'py, PyDict>,
        on_rtl: bool,
    ) -> PyResult<Bound<'py, PyDict>> {
        let inputs = arrays(inputs)?;
        let outputs = py.detach(|| {
            let engine = if on_rtl { ComputeEngine::Rtl(&MODELS) } else { ComputeEngine::Reference };
            qrtl::simulate(&self.config, inputs, engine).map_err(raise)
        })?;
        dictionary(py, outputs)
    }

    /// Compares Verilog, by default the generated, with the reference.
    fn verify(
        &self,
        py: Python<'_>,
        verilog: Option<String>,
        cases: Option<u64>,
        seed: u64,
        exhaustive: bool,
        threads: usize,
    ) -> PyResult<(bool, Report)> {
        let usual = Effort::default();
        let effort = Effort { cases: cases.unwrap_or(usual.cases), seed, exhaustive, threads, ..usual };
        let found = py.detach(|| {
            let verification = Verification::new(&self.config, &MODELS).effort(effort);
            let verification = match verilog {
                Some(verilog) => verification.verilog(verilog),
                None => verification,
            };
            verification.run().map_err(raise)
        })?;
        Ok((found.passed(), report(&found)))
    }

    /// A model of the Verilog, by default the generated.
    fn model(&self, py: Python<'_>, verilog: Option<String>) -> PyResult<Model> {
        let model: CompiledModel = py.detach(|| {
            let verilog = verilog.unwrap_or_else(|| render(&self.config));
            MODELS.model(&self.config, &verilog, Lanes::ONE, false).map_err(raise)
        })?;
        Ok(Model { simulator: Simulator::new(&model) })
    }
}

/// The Verilog of a config and its companions.
pub fn files(config: &Config, companions: &[String]) -> PyResult<Vec<(String, String)>> {
    let companions =
        companions.iter().map(|word| word.parse()).collect::<Result<Vec<_>, _>>().map_err(raise)?;
    qrtl::files(config, &companions).map_err(raise)
}

/// A simulated instance that is driven by the names of its ports.
#[pyclass(unsendable, name = "Model", module = "qrtl._qrtl")]
pub struct Model {
    simulator: Simulator,
}

#[pymethods]
impl Model {
    fn set(&mut self, port: &str, values: Vec<i128>) -> PyResult<()> {
        self.simulator.set_elements(port, &values).map_err(raise)
    }

    fn step(&mut self, rows: u64) -> PyResult<()> {
        (0..rows).try_for_each(|_| self.simulator.step()).map_err(raise)
    }

    fn get(&self, port: &str) -> PyResult<Vec<i128>> {
        self.simulator.elements(port).map_err(raise)
    }
}
