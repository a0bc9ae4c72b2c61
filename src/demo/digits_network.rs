//! The convolutional digit classifier: one RTL top, compared with the recorded bytes of TFLite Micro.

use std::sync::Arc;

use super::backend::BackendError;
use super::digits::largest;
use super::take;
use crate::files::tensor::read_npz_bytes;
use crate::generator::render;
use crate::model::Lanes;
use crate::network::{
    FileFormat, Folding, Hardware, HardwareOptions, HardwareReport, Network, NetworkParameters,
};
use crate::simulation::{Models, Stalls, simulate_network};
use crate::synthesis::{Family, Hierarchy, HierarchyFigures, QorTable};
use crate::unit::{Config, Implementation, Target};

/// File of the network in `data/`.
const FILE: &str = "digits_network.tflite";
/// Clock cycles from one image to the next that the layers are folded for.
const CYCLES: usize = 20_000;

/// Results of the network on the test images.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkResult {
    /// Name of the top module.
    pub module: String,
    /// Layers, cycles and memory.
    pub report: HardwareReport,
    /// Test images.
    pub images: usize,
    /// Images that the float network classifies correctly.
    pub float_correct: usize,
    /// Images that the RTL classifies correctly.
    pub correct: usize,
    /// Output bytes compared with the recording.
    pub compared: usize,
    /// Output bytes that differ from the recording.
    pub mismatches: usize,
    /// Clock cycles from the reset to the last byte.
    pub cycles: u64,
    /// Cells and clock frequency on each family, as measured by `qrtl synth --table`.
    pub figures: Vec<HierarchyFigures>,
}

fn implementation(target: Target) -> Implementation {
    Implementation { target, ..Implementation::default() }
}

/// The hardware of the network for a family.
///
/// # Panics
/// If the embedded network is refused, which the tests rule out.
pub fn digits_hardware(target: Target) -> Hardware {
    let bytes = include_bytes!("../../data/digits_network.tflite");
    let network =
        Network::read(bytes, Some(FileFormat::Tflite), None).expect("the network is part of the program");
    let options = HardwareOptions {
        folding: Folding::Cycles(CYCLES),
        name: "network_digits_network".to_string(),
        arguments: format!("{FILE} --cycles {CYCLES} --target {}", target.word()),
        implementation: implementation(target),
    };
    Hardware::new(Arc::new(network), options).expect("the network has hardware")
}

/// The networks that `qrtl synth --table` measures.
pub fn measured_networks() -> Vec<Hierarchy> {
    let designs = [(Target::Ice40, Family::Ice40), (Target::Ecp5, Family::Ecp5)];
    let design = |(target, family)| {
        let Hardware { config, .. } = digits_hardware(target);
        let parameters: &NetworkParameters = config.parameters();
        let (instances, dsp) = (parameters.instances(), implementation(target).has_dsp());
        Hierarchy { instances, family, dsp, part: None, config }
    };
    designs.into_iter().map(design).collect()
}

/// The model that [`run_network`] simulates.
pub fn network_config() -> Config {
    digits_hardware(Target::Ice40).config
}

/// Simulates the RTL on every test image; `advance` is called with the number of output bytes that left.
///
/// # Errors
/// If the model cannot be built or stops.
///
/// # Panics
/// If the embedded recording is damaged, which the tests rule out.
pub fn run_network(
    models: &dyn Models,
    advance: &(dyn Fn(u64) + Sync),
) -> Result<NetworkResult, BackendError> {
    let Hardware { config, report } = digits_hardware(Target::Ice40);
    let bytes = include_bytes!("../../data/digits_network.npz");
    let mut arrays =
        read_npz_bytes("data/digits_network.npz", bytes).expect("the file is part of the program");
    let (inputs, expected) = (take::<i8>(&mut arrays, "x"), take::<i8>(&mut arrays, "y"));
    let (labels, float) = (take::<u8>(&mut arrays, "labels"), take::<u32>(&mut arrays, "float_correct"));
    let images = labels.data().len();
    let frames: Vec<Vec<i8>> =
        inputs.data().chunks_exact(inputs.data().len() / images).map(<[i8]>::to_vec).collect();
    let model = models.model(&config, &render(&config), Lanes::ONE, false)?;
    let run = simulate_network(&model, &frames, Stalls::None, advance)?;
    let rows = run.outputs.iter().zip(labels.data());
    let correct = rows.filter(|(row, label)| largest(row) == usize::from(**label));
    let outputs = run.outputs.concat();
    let differ = outputs.iter().zip(expected.data()).filter(|(found, expected)| found != expected);
    Ok(NetworkResult {
        module: config.name().to_string(),
        report,
        images,
        float_correct: float.data()[0] as usize,
        correct: correct.count(),
        compared: outputs.len(),
        mismatches: differ.count(),
        cycles: run.cycles,
        figures: checked_in_figures().networks,
    })
}

/// The figures of `docs/qor.json`.
///
/// # Panics
/// If the embedded table is damaged, which the tests rule out.
pub fn checked_in_figures() -> QorTable {
    let table = serde_json::from_str(include_str!("../../docs/qor.json"));
    table.expect("the table is part of the program")
}

impl NetworkResult {
    /// Whether every byte was compared and none differs.
    pub fn passed(&self) -> bool {
        self.compared > 0 && self.mismatches == 0
    }

    /// Percentage of the images.
    pub fn percent(&self, correct: usize) -> f64 {
        100.0 * correct as f64 / self.images as f64
    }
}
