//! Inferences per second of a network: qrtl's simulation, beside the loop that a person would write in C++ around
//! Verilator's model of the same Verilog.
//!
//! `cargo bench --bench network [-- --network FILE --inputs X.npy --cycles N --inferences N]`; the digits network and its
//! images by default. Both compute the same bytes; the loop has one thread, qrtl one for each core.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Parser;

use qrtl::Lanes;
use qrtl::files::tensor::{read_array, read_npz};
use qrtl::generator::render;
use qrtl::model::model_source;
use qrtl::network::{Folding, Hardware, HardwareOptions, Network, NetworkParameters};
use qrtl::simulation::{ModelBuilder, Models, Stalls, simulate_network};
use qrtl::toolchain::builder::{Builder, ModelSource};
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::verilate::Trace;
use qrtl::unit::{Beat, Config, Implementation};

/// Measurements, taken in turn; the median counts.
const ROUNDS: usize = 3;

/// A loop as a careful C++ user writes it: frames back to back, the sink always ready.
const NATIVE: &str = r#"
extern "C" __attribute__((visibility("default")))
uint64_t native(uint64_t frames, uint64_t length, const uint8_t* in, uint64_t answers, uint8_t* out) {
    VerilatedContext context;
    TOP top{&context};
    auto edge = [&top] {
        top.clk = 1;
        top.eval();
        top.clk = 0;
    };
    top.clk = 0;
    top.rst = 1;
    top.eval();
    edge();
    top.rst = 0;
    top.m_axis_tready = 1;
    uint64_t sent = 0, place = 0, taken = 0, cycles = 0;
    while (taken < frames * answers) {
        top.s_axis_tvalid = sent < frames * length;
        if (top.s_axis_tvalid) top.s_axis_tdata = in[sent];
        top.s_axis_tlast = place == length - 1;
        top.eval();
        if (top.s_axis_tvalid && top.s_axis_tready) {
            ++sent;
            place = place == length - 1 ? 0 : place + 1;
        }
        if (top.m_axis_tvalid) out[taken++] = top.m_axis_tdata;
        edge();
        ++cycles;
    }
    return cycles;
}
"#;

type Native = unsafe extern "C" fn(u64, u64, *const u8, u64, *mut u8) -> u64;

/// Measure a network; without options, the digits network of the project on its images
#[derive(Parser)]
struct Options {
    /// Network file
    #[arg(long, default_value = "data/digits_network.tflite", requires = "inputs")]
    network: PathBuf,
    /// Frames, npy; they are repeated
    #[arg(long)]
    inputs: Option<PathBuf>,
    /// Clock cycles per frame
    #[arg(long, default_value_t = 4096)]
    cycles: usize,
    /// Frames to compute in each round
    #[arg(long, default_value_t = 1000)]
    inferences: usize,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

/// The hand-written loop, compiled as any model is.
fn native_loop(builder: &Builder, config: &Config) -> Result<libloading::Library, Box<dyn Error>> {
    let own = model_source(config, &render(config), Lanes::ONE, Trace::Off);
    let text = NATIVE.replace("TOP", &format!("V{}", config.name()));
    let source = ModelSource { shim: format!("#include <cstdint>\n{text}"), ..own };
    let path = builder.shared_object(&source, Trace::Off)?;
    // SAFETY: compiled above from the text in this file.
    Ok(unsafe { libloading::Library::new(path)? })
}

/// The median of the seconds of runs in turn, of each of several computations of the same bytes.
fn seconds<const N: usize>(mut runs: [Box<dyn FnMut() -> Vec<u8> + '_>; N]) -> [f64; N] {
    let mut times = [(); N].map(|()| Vec::new());
    for _ in 0..ROUNDS {
        let outputs: Vec<Vec<u8>> = runs
            .iter_mut()
            .zip(&mut times)
            .map(|(run, times)| {
                let clock = Instant::now();
                let output = run();
                times.push(clock.elapsed().as_secs_f64());
                output
            })
            .collect();
        assert!(!outputs[0].is_empty() && outputs.iter().all(|own| *own == outputs[0]), "bytes differ");
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let network = Network::open(&options.network, None)?;
    network.require_supported()?;
    let inputs = match &options.inputs {
        Some(path) => read_array(path)?,
        None => read_npz(&options.network.with_extension("npz"))?["x"].clone(),
    };
    let folding = Folding::Cycles(options.cycles);
    let described = HardwareOptions::new(&options.network, None, folding, Implementation::default());
    let frames = network.input_frames(inputs, 0)?;
    let frames: Vec<Vec<i8>> = frames.into_iter().cycle().take(options.inferences).collect();
    let config = Hardware::new(Arc::new(network), described)?.config;
    let parameters: &NetworkParameters = config.parameters();

    let builder = Builder::discover(&Environment::of_process(), &|text| eprintln!("{text}"))?;
    let library = native_loop(&builder, &config)?;
    // SAFETY: the text above defines the symbol with this type.
    let native = unsafe { library.get::<Native>(b"native")? };
    let model = ModelBuilder::new(builder).model(&config, &render(&config), Lanes::ONE, false);
    let model = model.map_err(|error| error.to_string())?;

    let sent: Vec<u8> =
        frames.iter().flat_map(|frame| parameters.input_beats(frame)).map(|beat| beat.data as u8).collect();
    let (length, answers) = (sent.len() / frames.len(), parameters.output_beats());
    let by_hand = || {
        let mut out = vec![0; frames.len() * answers];
        // SAFETY: `sent` has the bytes of all frames, and `out` is as long as their outputs.
        unsafe {
            native(frames.len() as u64, length as u64, sent.as_ptr(), answers as u64, out.as_mut_ptr());
        }
        let answer = |bytes: &[u8]| {
            let beats: Vec<_> = bytes.iter().map(|&byte| Beat { data: byte.into(), last: false }).collect();
            parameters.on_host(&parameters.output_codes(&beats))
        };
        out.chunks_exact(answers).flat_map(answer).map(|code| code as u8).collect()
    };
    let by_qrtl = || {
        let run = simulate_network(&model, &frames, Stalls::None, &|_| ()).expect("the network answers");
        run.outputs.concat().into_iter().map(|code| code as u8).collect()
    };
    let [hand, own] = seconds([Box::new(by_hand), Box::new(by_qrtl)]);
    let rate = |seconds: f64| frames.len() as f64 / seconds;
    println!("{}: {} inferences, bytes equal", config.name(), frames.len());
    println!("  C++ loop by hand, 1 thread  {:>10.1} inferences/s", rate(hand));
    println!("  qrtl simulate, every core   {:>10.1} inferences/s  {:.2} x by hand", rate(own), hand / own);
    Ok(())
}
