//! Hardware of networks: the RTL gives the bytes recorded from the runtimes.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use super::recorded::{bytes, models};
use crate::common::command::qrtl;
use crate::common::folder::Folder;
use qrtl::files::tensor::{Tensor, read_npz, write_npy};
use qrtl::generator::companion::Companion;
use qrtl::generator::render;
use qrtl::network::{Folding, Hardware, HardwareOptions, Network, NetworkParameters, Profile};
use qrtl::simulation::{ModelBuilder, Models, Stalls, simulate_streams};
use qrtl::{DspUse, Implementation, Lanes, Target};

static MODELS: LazyLock<ModelBuilder> =
    LazyLock::new(|| ModelBuilder::discover(&|notice| eprintln!("{notice}")).unwrap());

pub(super) fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/networks").join(name)
}

fn hardware(path: &Path, profile: Profile, cycles: usize) -> Result<Hardware, String> {
    hardware_for(path, profile, cycles, Implementation::default())
}

fn hardware_for(
    path: &Path,
    profile: Profile,
    cycles: usize,
    implementation: Implementation,
) -> Result<Hardware, String> {
    folded(path, profile, Folding::Cycles(cycles), implementation)
}

pub(super) fn folded(
    path: &Path,
    profile: Profile,
    folding: Folding,
    implementation: Implementation,
) -> Result<Hardware, String> {
    let network = Network::open(path, Some(profile)).unwrap();
    network.require_supported().map_err(|error| error.to_string())?;
    let (name, arguments) = ("network".to_string(), "n.tflite".to_string());
    let options = HardwareOptions { folding, name, arguments, implementation };
    Hardware::new(Arc::new(network), options).map_err(|error| error.to_string())
}

/// Simulates all recorded frames; returns the number of bytes compared, of different ones, and of clock cycles.
fn compare(path: &Path, hardware: &Hardware, outputs: &str, stalls: Stalls) -> (usize, usize, u64) {
    let config = &hardware.config;
    let parameters: &NetworkParameters = config.parameters();
    let network = parameters.network();
    let arrays = read_npz(&path.with_extension("npz")).unwrap();
    let frames = network.input_frames(arrays["x"].clone(), 0).unwrap();
    let beats = frames.iter().flat_map(|frame| parameters.input_beats(frame)).collect();
    let length = network.tensors[parameters.output_tensor()].elements();
    let model = MODELS.model(config, &render(config), Lanes::ONE, false).unwrap();
    let run = simulate_streams(&model, &[beats], &[length * frames.len()], stalls, &|_| ()).unwrap();
    let ends = run.outputs[0].chunks_exact(length);
    assert!(
        ends.clone().all(|frame| frame.iter().map(|beat| beat.last).eq((1..=length).map(|n| n == length)))
    );
    let codes = ends.map(|beats| parameters.on_host(&parameters.output_codes(beats))).collect();
    let (found, expected) = (bytes(&network.output_array(codes)), bytes(&arrays[outputs]));
    assert_eq!(found.len(), expected.len());
    let different = found.iter().zip(&expected).filter(|(found, expected)| found != expected).count();
    (found.len(), different, run.cycles)
}

/// Compares a small network, folded for few cycles, with its recording, under stalls.
fn equals(name: &str, profile: Profile, outputs: &str, cycles: usize) {
    let path = data(name);
    let hardware = hardware(&path, profile, cycles).unwrap();
    let (compared, different, _) = compare(&path, &hardware, outputs, Stalls::Random(3));
    assert!(compared >= 9 && different == 0, "{name}: {different} of {compared} bytes differ");
}

macro_rules! equal {
    ($($(#[$attribute:meta])* $test:ident: $file:literal, $profile:ident, $outputs:literal, $cycles:literal;)*) => {$(
        $(#[$attribute])*
        #[test]
        fn $test() {
            equals($file, Profile::$profile, $outputs, $cycles);
        }
    )*};
}

equal! {
    convolutions_equal_their_recording: "convolutions.tflite", Tflm, "y_tflm", 600;
    sums_of_branches_equal_their_recording: "sums.tflite", Tflm, "y_tflm", 200;
    unsigned_ends_equal_their_recording: "unsigned_ends.tflite", Tflm, "y_tflm", 600;
    #[ignore = "builds a model"] depthwise: "depthwise.tflite", Tflm, "y_tflm", 800;
    #[ignore = "builds a model"] depthwise_multipliers: "depth_multiplier.tflite", Tflm, "y_tflm", 500;
    #[ignore = "builds a model"] dense_under_ruy: "dense.tflite", LitertOptimized, "y_litert_optimized", 200;
    #[ignore = "builds a model"] dense_under_f64: "dense.tflite", LitertReference, "y_litert_reference", 200;
    #[ignore = "builds a model"] dense_of_rows: "dense_rows.tflite", Tflm, "y_tflm", 200;
    #[ignore = "builds a model"] scales_by_channel: "dense_scales.tflite", Tflm, "y_tflm", 200;
    #[ignore = "builds a model"] dead_channels: "dead_channels.tflite", Tflm, "y_tflm", 500;
    #[ignore = "builds a model"] small_maps: "small_maps.tflite", Tflm, "y_tflm", 300;
    #[ignore = "builds a model"] no_bias: "no_bias.tflite", Tflm, "y_tflm", 300;
    #[ignore = "builds a model"] weights_of_four_bits: "int4.tflite", Tflm, "y_tflm", 500;
    #[ignore = "builds a model"] float_ends: "float_ends.tflite", Tflm, "y_tflm", 300;
    #[ignore = "builds a model"] means: "means.tflite", Tflm, "y_tflm", 600;
    #[ignore = "builds a model"] softmax: "softmax.tflite", Tflm, "y_tflm", 700;
    #[ignore = "builds a model"] sigmoids_in_fixed_point: "sigmoids.tflite", Tflm, "y_tflm", 600;
    #[ignore = "builds a model"] rectifiers: "rectifiers.tflite", Tflm, "y_tflm", 600;
    products_by_channel: "gates.tflite", Tflm, "y_tflm", 400;
    paddings_and_concatenations: "branches.tflite", Tflm, "y_tflm", 400;
    #[ignore = "builds a model"] residual_in_binary32: "onnx_residual.onnx", Ort, "y_ort", 400;
    #[ignore = "builds a model"] unsigned_in_binary32: "onnx_unsigned.onnx", Ort, "y_ort", 400;
    #[ignore = "builds a model"] fused_from_floats: "onnx_qdq.onnx", Ort, "y_ort", 400;
    #[ignore = "builds a model"] products_in_binary32: "onnx_gates.onnx", Ort, "y_ort", 400;
}

/// A frame that ends early and one that ends late, between right ones.
#[test]
fn frames_after_broken_ones_equal_their_recording() {
    let path = data("unsigned_ends.tflite");
    let hardware = hardware(&path, Profile::Tflm, 600).unwrap();
    let config = &hardware.config;
    let parameters: &NetworkParameters = config.parameters();
    let arrays = read_npz(&path.with_extension("npz")).unwrap();
    let frames = parameters.network().input_frames(arrays["x"].clone(), 0).unwrap();
    let whole = parameters.input_beats(&frames[0]);
    let early = parameters.input_beats(&frames[0][10..20]);
    let mut late = [&whole[..], &whole[..7]].concat();
    late[whole.len() - 1].last = false;
    late.last_mut().unwrap().last = true;
    let beats = [&whole, &early, &whole, &late, &whole, &early, &late, &whole].map(|beats| &beats[..]);
    let length = parameters.output_beats();
    let model = MODELS.model(config, &render(config), Lanes::ONE, false).unwrap();
    let (sent, lengths) = (vec![beats.concat()], [length * beats.len()]);
    let run = simulate_streams(&model, &sent, &lengths, Stalls::Random(5), &|_| ()).unwrap();
    let outputs: Vec<Vec<i8>> =
        run.outputs[0].chunks_exact(length).map(|beats| parameters.output_codes(beats)).collect();
    let recorded = bytes(&arrays["y_tflm"]);
    for right in [0, 2, 4, 7] {
        let found = bytes(&parameters.network().output_array(vec![parameters.on_host(&outputs[right])]));
        assert_eq!(found, recorded[..found.len()], "frame {right}");
    }
}

/// Error for a network without hardware.
fn refusal(name: &str, profile: Profile, cycles: usize) -> String {
    hardware(&data(name), profile, cycles).unwrap_err()
}

#[test]
fn refuses_layers_without_an_engine_and_states_the_fix() {
    let cases = [
        ("groups.tflite", Profile::Tflm, "several groups; use one group"),
        ("moves.tflite", Profile::Tflm, "there is none for transpose under profile tflm"),
        ("broadcasts.tflite", Profile::Tflm, "constant tensor"),
    ];
    for (name, profile, reason) in cases {
        let error = refusal(name, profile, 1 << 16);
        assert!(error.contains(reason) && error.contains("; "), "{name}: {error}");
    }
}

#[test]
fn rejects_unreachable_cycles_with_least_possible() {
    let error = refusal("convolutions.tflite", Profile::Tflm, 10);
    let (_, least) = error.split_once("set --cycles to ").unwrap();
    let least: usize = least.split(' ').next().unwrap().parse().unwrap();
    let reached = hardware(&data("convolutions.tflite"), Profile::Tflm, 1000).unwrap().report;
    assert!(
        least > 10 && reached.cycles <= 1000 && reached.request == "at most 1000 cycles requested",
        "{error}"
    );
    // Fewer cycles take more multipliers.
    let fast = hardware(&data("convolutions.tflite"), Profile::Tflm, 300).unwrap().report;
    assert!(fast.multipliers > reached.multipliers);
}

#[test]
fn generates_a_file_a_report_and_companions() {
    let folder = Folder::new();
    let network = data("convolutions.tflite");
    let network = network.to_str().unwrap();
    let companions = "testbench,vivado,quartus,vhdl,sva";
    let run =
        qrtl(&["generate", network, "--cycles", "600", "--with", companions, "-o", &folder.name("out")]);
    assert_eq!(run.product(), "");
    let text = fs::read_to_string(folder.path("out/network_convolutions.v")).unwrap();
    let command = "// Made by qrtl 0.1.0 with: qrtl generate convolutions.tflite --cycles 600\n";
    assert!(text.contains(command), "no path, and a command that makes it again");
    let report = fs::read_to_string(folder.path("out/network_convolutions_report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let modules = report["modules"].as_array().unwrap();
    assert_eq!(modules.len(), 6, "five layers and the guard of the input");
    let sum: u64 = modules.iter().map(|module| module["multipliers"].as_u64().unwrap()).sum();
    assert_eq!(report["multipliers"].as_u64(), Some(sum));
    let page = fs::read_to_string(folder.path("out/network_convolutions_report.html")).unwrap();
    let slowest = format!(
        "<tr class=\"slowest\"><th scope=\"row\"><code>{}</code>",
        report["bottleneck"].as_str().unwrap()
    );
    assert!(page.contains(&slowest), "{page}");
    assert_eq!(page.matches("<td class=\"share\">").count(), modules.len());
    for end in ["_tb.v", "_vivado.tcl", ".qip", ".sdc", "_pkg.vhd", "_sva.sv"] {
        assert!(folder.path(&format!("out/network_convolutions{end}")).exists(), "{end}");
    }
}

#[test]
fn vivado_script_has_a_part_of_the_target() {
    let path = data("convolutions.tflite");
    for (target, part) in [(Target::Xcup, "xczu3eg-sbva484-1-e"), (Target::Generic, "xc7a35tcpg236-1")] {
        let implementation = Implementation { target, ..Implementation::default() };
        let hardware = hardware_for(&path, Profile::Tflm, 600, implementation).unwrap();
        let (_, script) = Companion::Vivado.file(&hardware.config);
        assert!(script.contains(&format!("\nset part   {part}\n")), "{script}");
    }
}

#[test]
#[ignore = "builds large models"]
fn verify_names_the_first_wrong_module() {
    let folder = Folder::new();
    let network = data("convolutions.tflite");
    let network = network.to_str().unwrap();
    qrtl(&["generate", network, "--cycles", "600", "-o", &folder.name("out")]).product();
    let path = folder.path("out/network_convolutions.v");
    let text = fs::read_to_string(&path).unwrap();
    // The third module lets a row be overwritten before it is read.
    let start = text.find("module network_convolutions_l2_convolution (").unwrap();
    let (before, after) = text.split_at(start);
    let (head, rest) = after.split_once("vacant        <= ").unwrap();
    let (rows, rest) = rest.split_once("'sd").unwrap();
    let (start, rest) = rest.split_once(';').unwrap();
    let start: u32 = start.parse().unwrap();
    let faulty = format!("{head}vacant        <= {rows}'sd{};{rest}", start + 1);
    fs::write(&path, before.to_string() + &faulty).unwrap();
    let run =
        qrtl(&["verify", network, "--cycles", "600", "--cases", "50000", "--rtl", path.to_str().unwrap()]);
    let told = &run.stderr;
    assert_eq!(run.code, 1, "{told}");
    assert!(told.contains("the first wrong module is network_convolutions_l2_convolution"), "{told}");
}

#[test]
fn recording_mismatch_alone_names_no_module() {
    let folder = Folder::new();
    let network = data("convolutions.tflite");
    let recorded = read_npz(&network.with_extension("npz")).unwrap();
    write_npy(&folder.path("x.npy"), &recorded["x"]).unwrap();
    let y: Tensor<i8> = recorded["y_tflm"].clone().into_tensor().unwrap();
    let (shape, mut codes) = (y.shape().to_vec(), y.into_data());
    codes[0] ^= 1;
    write_npy(&folder.path("y.npy"), &Tensor::new(shape, codes).unwrap().into()).unwrap();
    let (x, y) = (folder.name("x.npy"), folder.name("y.npy"));
    let frames = ["--inputs", x.as_str(), "--expect", y.as_str()];
    let run = qrtl(
        &[&["verify", network.to_str().unwrap(), "--cycles", "600", "--cases", "20000"], &frames[..]]
            .concat(),
    );
    assert_eq!(run.code, 1, "{}", run.stderr);
    assert!(run.stdout.contains("5 frames of the file, 40 values compared, 1 differ"), "{}", run.stdout);
    assert!(!run.stderr.contains("module is"), "{}", run.stderr);
}

#[test]
#[ignore = "builds large models"]
fn multipliers_of_each_family_give_the_recorded_bytes() {
    let path = data("convolutions.tflite");
    let operator = render(&hardware(&path, Profile::Tflm, 600).unwrap().config);
    for target in [Target::Ice40, Target::Ecp5, Target::Xc7] {
        let implementation = Implementation { target, dsp: DspUse::Avoid, ..Implementation::default() };
        let hardware = hardware_for(&path, Profile::Tflm, 600, implementation).unwrap();
        assert!(render(&hardware.config).contains("_multiplier multiplier ("));
        let (compared, different, _) = compare(&path, &hardware, "y_tflm", Stalls::None);
        assert!(compared >= 9 && different == 0, "{target:?}: {different} of {compared} bytes differ");
    }
    assert!(!operator.contains("_multiplier multiplier ("));
}

#[test]
fn digits_network_equals_tflm_on_every_image_of_the_test_part() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/digits_network.tflite");
    assert_eq!(recorded(&path, "y", 4096, 23), 3600);
}

/// The estimate leaves out that a module may delay the one before it.
#[test]
fn latency_is_that_of_a_single_simulated_frame() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/digits_network.tflite");
    let hardware = hardware(&path, Profile::Tflm, 4096).unwrap();
    let parameters: &NetworkParameters = hardware.config.parameters();
    let frames =
        parameters.network().input_frames(read_npz(&path.with_extension("npz")).unwrap()["x"].clone(), 0);
    let beats = vec![parameters.input_beats(&frames.unwrap()[0])];
    let model = MODELS.model(&hardware.config, &render(&hardware.config), Lanes::ONE, false).unwrap();
    let simulated = |beats_out: usize| {
        let run = simulate_streams(&model, &beats, &[beats_out], Stalls::None, &|_| ()).unwrap();
        run.cycles as usize - 1
    };
    let latency = hardware.report.latency;
    for (estimate, found) in
        [(latency.first, simulated(1)), (latency.last, simulated(parameters.output_beats()))]
    {
        let difference = estimate.abs_diff(found);
        assert!(difference * 100 <= found * 2, "{estimate} cycles estimated, {found} simulated");
    }
}

/// Compares all recorded frames of a network; returns the number of bytes compared.
fn recorded(path: &Path, outputs: &str, cycles: usize, multipliers: usize) -> usize {
    let name = path.display();
    let hardware = hardware(path, Profile::Tflm, cycles).unwrap();
    let report = &hardware.report;
    assert!(report.cycles <= cycles && report.multipliers <= multipliers, "{name}\n{report}");
    let (compared, different, total) = compare(path, &hardware, outputs, Stalls::None);
    println!("{name}: {compared} bytes, {different} differ, {total} cycles\n{report}");
    assert!(compared >= 64 && different == 0);
    // Frames follow each other at the stated interval; the first also passes through all layers.
    let frames = (compared / hardware.config.frame_function().unwrap().output_lengths()[0]) as u64;
    let latency = hardware.config.behaviour().latency() as u64;
    assert!(total <= frames * report.cycles as u64 + latency, "{name}: {total} cycles for {frames} frames");
    compared
}

macro_rules! recorded {
    ($($test:ident: $file:literal, $cycles:literal, $multipliers:literal;)*) => {$(
        #[test]
        #[ignore = "needs the networks in the folder named by QRTL_MODELS"]
        fn $test() {
            recorded(&models().join($file), "y_tflm", $cycles, $multipliers);
        }
    )*};
}

recorded! {
    ad01_rtl_equals_tflm: "ad01_int8.tflite", 8192, 34;
    hello_world_rtl_equals_tflm: "hello_world_int8.tflite", 256, 3;
    kws_rtl_equals_tflm: "kws_int8.tflite", 16384, 194;
    resnet8_rtl_equals_tflm: "resnet8_int8.tflite", 73_728, 172;
    vww_rtl_equals_tflm: "vww_96_int8.tflite", 65_536, 199;
}

#[test]
#[ignore = "needs the networks in the folder named by QRTL_MODELS"]
fn refuses_weights_that_no_device_of_the_family_holds() {
    let path = models().join("ad01_int8.tflite");
    let on = |target| {
        hardware_for(&path, Profile::Tflm, 65_536, Implementation { target, ..Implementation::default() })
    };
    assert!(on(Target::Ecp5).is_ok());
    let error = on(Target::Ice40).unwrap_err();
    let reason = "the largest device of ice40 has 16384 bytes of block RAM; choose another --target";
    assert!(error.starts_with("its weights and rows take 26") && error.contains(reason), "{error}");
}

/// ONNX Runtime's outputs for a residual network of several scales.
#[test]
#[ignore = "needs the networks in the folder named by QRTL_MODELS"]
fn resnet8_rtl_equals_onnx_runtime() {
    let path = models().join("resnet8_qop_s8.onnx");
    let hardware = hardware(&path, Profile::Ort, 73_728).unwrap();
    assert!(hardware.report.multipliers <= 172, "{}", hardware.report);
    let (compared, different, _) = compare(&path, &hardware, "y", Stalls::None);
    assert!(compared >= 160 && different == 0, "{different} of {compared} bytes differ");
}

/// Frames beyond those of one run are simulated in several, at the same time.
#[test]
fn many_frames_do_not_depend_on_the_number_of_threads() {
    let folder = Folder::new();
    let network = data("convolutions.tflite");
    let frames = read_npz(&network.with_extension("npz")).unwrap()["x"].clone();
    let (codes, shape) = (bytes(&frames), frames.shape());
    let count = 200;
    let many = codes.iter().cycle().take(count * codes.len() / shape[0]).enumerate();
    // No two runs have the same frames.
    let many: Vec<i8> = many.map(|(index, &code)| (code as i8).wrapping_add((index / 1000) as i8)).collect();
    let inputs = folder.save("x.npy", &[&[count], &shape[1..]].concat(), &many);
    let run = |more: &[&str], output: &str| {
        let (network, output) = (network.to_str().unwrap(), folder.name(output));
        let files = ["simulate", network, "--inputs", &inputs, "--output", &output];
        let run = qrtl(&[&files[..], more].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let cycles = run.stderr.split("200 frames, ").nth(1).map(str::to_string);
        (fs::read(output).unwrap(), cycles)
    };
    let (reference, _) = run(&["--engine", "reference"], "reference.npy");
    let one = run(&["--jobs", "1"], "one.npy");
    let two = run(&["--jobs", "2"], "two.npy");
    assert!(one.1.as_ref().is_some_and(|words| words.contains("clock cycles")), "{:?}", one.1);
    assert_eq!(one, two);
    assert!(one.0 == reference, "the RTL differs from the reference");
}
