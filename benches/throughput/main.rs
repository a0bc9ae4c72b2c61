//! Checked vectors per second, comparison included, beside a hand-written C++ loop around the same
//! Verilated model, compiled with the same flags in the same run; and how long things take from
//! nothing. `cargo bench`.

mod others;

use std::error::Error;
use std::process::Command;
use std::time::Instant;

use qrtl::catalogue;
use qrtl::generator::{named, render};
use qrtl::model::{Lanes, model_source};
use qrtl::simulation::bit_sliced::YosysSlicer;
use qrtl::simulation::{CompiledModel, ModelBuilder, Models};
use qrtl::stimulus::Stimulus;
use qrtl::toolchain::builder::{Builder, ModelSource};
use qrtl::toolchain::environment::Environment;
use qrtl::toolchain::verilate::Trace;
use qrtl::unit::{Column, Config, Port, Role};
use qrtl::verification::compare;

/// Transactions of one measurement.
const VECTORS: u64 = 1 << 25;
/// Parts of it that run on their own.
const CHUNKS: u64 = 8;
/// The threads that are measured beside one.
const THREADS: usize = 2;
/// Measurements, taken in turn; the median counts.
const ROUNDS: usize = 5;
/// Rows of the pattern that every driver repeats.
const PATTERN: usize = 4096;

/// A loop as a careful C++ user writes it: the model in the same translation unit, operands from
/// an array, every output checked.
const NATIVE_MULTIPLIER: &str = r#"
extern "C" __attribute__((visibility("default")))
uint64_t native(uint64_t vectors, uint64_t pattern, const uint8_t* const* in) {
    VerilatedContext context;
    Vint8_multiplier top{&context};
    uint64_t wrong = 0;
    for (uint64_t done = 0; done < vectors; done += pattern) {
        for (uint64_t i = 0; i < pattern; ++i) {
            top.a = in[0][i];
            top.b = in[1][i];
            top.eval();
            wrong += top.product != uint16_t(int8_t(in[0][i]) * int8_t(in[1][i]));
        }
    }
    return wrong;
}
"#;

const NATIVE_MAC: &str = r#"
extern "C" __attribute__((visibility("default")))
uint64_t native(uint64_t vectors, uint64_t pattern, const uint8_t* const* in) {
    VerilatedContext context;
    Vint8_mac top{&context};
    uint64_t wrong = 0;
    int32_t accum = 0, product = 0;
    bool start = false;
    for (uint64_t done = 0; done < vectors; done += pattern) {
        for (uint64_t i = 0; i < pattern; ++i) {
            top.rst = in[0][i];
            top.en = in[1][i];
            top.clear = in[2][i];
            top.a = in[3][i];
            top.b = in[4][i];
            top.clk = 0;
            top.eval();
            wrong += (done + i > 0) & (top.accum != uint32_t(accum));
            top.clk = 1;
            top.eval();
            if (in[0][i]) {
                accum = product = 0;
                start = false;
            } else if (in[1][i]) {
                accum = (start ? 0 : accum) + product;
                product = int8_t(in[3][i]) * int8_t(in[4][i]);
                start = in[2][i];
            }
        }
    }
    return wrong;
}
"#;

/// The same rows over and over; for a clocked unit they begin with reset.
struct Pattern {
    columns: Vec<Vec<u8>>,
    lanes: usize,
}

impl Pattern {
    fn new(config: &Config, lanes: usize) -> Pattern {
        let ports = config.ports();
        let mut state = 1u64;
        let mut column = |port: &Port| {
            let mut value = |i: usize| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                match port.role {
                    Role::Reset => (i == 0).into(),
                    Role::Enable => (state >> 60 > 1).into(),
                    Role::Clear => (state >> 60 == 0).into(),
                    _ => (state >> 33) as u8,
                }
            };
            (0..PATTERN).map(&mut value).collect()
        };
        Pattern { columns: ports.iter().filter(|port| port.is_driven()).map(&mut column).collect(), lanes }
    }
}

impl Stimulus for Pattern {
    fn transactions(&self) -> u64 {
        VECTORS
    }

    fn chunk(&self) -> u64 {
        VECTORS / CHUNKS
    }

    fn fill(&self, _: u64, inputs: &mut [Column]) {
        for (pattern, column) in self.columns.iter().zip(inputs) {
            let Column::U8(data) = column else { panic!("this benchmark drives 8-bit ports") };
            let len = data.len();
            data.copy_from_slice(&pattern[..len]);
        }
        assert!(PATTERN.is_multiple_of(self.lanes));
    }
}

type Native = unsafe extern "C" fn(u64, u64, *const *const u8) -> u64;

/// The hand-written loop, compiled as any model is.
fn native_loop(
    builder: &Builder,
    config: &Config,
    text: &str,
) -> Result<libloading::Library, Box<dyn Error>> {
    let own = model_source(config, &render(config), Lanes::ONE, Trace::Off);
    let source = ModelSource { shim: format!("#include <cstdint>\n{text}"), ..own };
    let path = builder.shared_object(&source, Trace::Off)?;
    // SAFETY: compiled above from the text in this file.
    Ok(unsafe { libloading::Library::new(path)? })
}

/// Vectors per second of one run, which must compare something and find no difference.
fn rate(mut run: impl FnMut() -> (u64, u64)) -> f64 {
    let clock = Instant::now();
    let (compared, wrong) = run();
    assert!(compared > 0 && wrong == 0, "{wrong} of {compared} differ");
    compared as f64 / clock.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What is measured beside the loop: a name, a model, threads.
type Driver = (&'static str, CompiledModel, usize);

/// The unit as it is written with the operator: one instance, and wrappers of many.
fn wrapped(builder: &Builder, config: &Config) -> Result<Vec<Driver>, Box<dyn Error>> {
    let lanes = |lanes| verilated(builder, config, lanes);
    let (single, wide, wider) = (lanes(1)?, lanes(64)?, lanes(256)?);
    Ok(vec![
        ("qrtl, 1 instance", single, 1),
        ("qrtl, 64 lanes", wide.clone(), 1),
        ("qrtl, 256 lanes", wider.clone(), 1),
        ("qrtl, 64 lanes, 2 threads", wide, THREADS),
        ("qrtl, 256 lanes, 2 threads", wider, THREADS),
    ])
}

/// The unit written bit by bit: one instance, a wrapper, and the gates cut into bits.
fn sliced(builder: &Builder, config: &Config) -> Result<Vec<Driver>, Box<dyn Error>> {
    let slicer = YosysSlicer::new(Environment::of_process(), |text| eprintln!("{text}"))?;
    let models = ModelBuilder::new(builder.clone()).with_slicer(slicer);
    let sliced = models.sliced_model(config, &render(config)).map_err(|error| error.to_string())?;
    Ok(vec![
        ("qrtl, 1 instance", verilated(builder, config, 1)?, 1),
        ("qrtl, 16 lanes", verilated(builder, config, 16)?, 1),
        ("qrtl, bit-sliced", sliced.clone(), 1),
        ("qrtl, bit-sliced, 2 threads", sliced, THREADS),
    ])
}

fn verilated(builder: &Builder, config: &Config, lanes: u32) -> Result<CompiledModel, Box<dyn Error>> {
    let models = ModelBuilder::new(builder.clone());
    Ok(models.model(config, &render(config), Lanes(lanes), false).map_err(|error| error.to_string())?)
}

/// Prints the rates of the loop, of these drivers, the first of which has one instance, and of others.
fn throughput(
    builder: &Builder,
    config: &Config,
    native: &str,
    drivers: Vec<Driver>,
    others: impl FnOnce(&Config) -> Result<Vec<(String, f64)>, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let library = native_loop(builder, config, native)?;
    // SAFETY: the text above defines the symbol with this type.
    let native = unsafe { library.get::<Native>(b"native")? };
    let pattern = Pattern::new(config, 1);
    let pointers: Vec<*const u8> = pattern.columns.iter().map(|column| column.as_ptr()).collect();
    let harness = |rtl: &CompiledModel, threads| {
        let pattern = Pattern::new(config, rtl.lanes().0 as usize);
        let outcome = compare(rtl, &pattern, threads).expect("runs");
        (outcome.compared, outcome.mismatches)
    };
    let mut rates = vec![Vec::new(); 1 + drivers.len()];
    for _ in 0..ROUNDS {
        // SAFETY: as many pointers as the loop reads, each to PATTERN bytes.
        rates[0].push(rate(|| (VECTORS, unsafe { native(VECTORS, PATTERN as u64, pointers.as_ptr()) })));
        for (place, (_, rtl, threads)) in drivers.iter().enumerate() {
            rates[1 + place].push(rate(|| harness(rtl, *threads)));
        }
    }
    let rates: Vec<f64> = rates.into_iter().map(median).collect();
    let names = drivers.iter().map(|(name, _, _)| name.to_string());
    let names = ["native C++ loop".to_string()].into_iter().chain(names);
    println!("{}: checked vectors per second", config.name());
    for (name, rate) in names.zip(rates.iter().copied()).chain(others(config)?) {
        let (native, single) = (rate / rates[0], rate / rates[1]);
        println!("  {name:<28} {:>10.3} M/s  {native:>8.4} x native  {single:>8.4} x 1 instance", rate / 1e6);
    }
    Ok(())
}

/// How long a sweep takes from a cache without models, and again.
fn sweeps(builder: &Builder) -> Result<(), Box<dyn Error>> {
    let cases: [(&str, &[&str]); 3] = [
        (
            "multiplier",
            &["a_bits=2..=9", "b_bits=2..=8", "stages=0..=4", "a_signed=true,false", "b_signed=true,false"],
        ),
        ("mac", &["a_bits=2..=6", "b_bits=2..=6", "acc_bits=12,20,32,48", "overflow=wrap,saturate"]),
        (
            "requantizer",
            &["rule=gemmlowp,ruy,single,floor,pow2", "out_bits=4..=8", "stages=3,4", "out_signed=true,false"],
        ),
    ];
    let cold = tempfile::tempdir()?;
    let verilator = &builder.toolchain.verilator.executable;
    for (unit, sets) in cases {
        let sets = sets.iter().flat_map(|set| ["--set", set]);
        let arguments: Vec<&str> = ["sweep", unit].into_iter().chain(sets).collect();
        let run = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_qrtl"));
            command.args(&arguments).env("QRTL_CACHE", cold.path()).env("VERILATOR", verilator);
            finish(&mut command)
        };
        let (mut text, mut again) = (String::new(), String::new());
        let first = seconds(|| run().map(|found| text = found))?;
        let second = seconds(|| run().map(|found| again = found))?;
        let verdict = text.lines().last().unwrap_or_default();
        assert_eq!(again.lines().last(), Some(verdict));
        println!("qrtl sweep {verdict}: {first:.1} s from nothing, {second:.1} s again");
    }
    Ok(())
}

/// Runs a program to its end, which must be a good one, and returns what it printed.
fn finish(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command.output()?;
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout)?),
        false => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

fn seconds(run: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let clock = Instant::now();
    run()?;
    Ok(clock.elapsed().as_secs_f64())
}

/// The program itself, from its start to its end.
fn qrtl(arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    finish(Command::new(env!("CARGO_BIN_EXE_qrtl")).args(arguments)).map(drop)
}

fn main() -> Result<(), Box<dyn Error>> {
    let notice = |text: &str| eprintln!("{text}");
    let builder = Builder::discover(&Environment::of_process(), &notice)?;
    for (preset, native) in [("int8_multiplier", NATIVE_MULTIPLIER), ("int8_mac", NATIVE_MAC)] {
        let config = catalogue::preset(preset)?;
        throughput(&builder, &config, native, wrapped(&builder, &config)?, others::rates)?;
        let config = Config::new(config.unit(), config.preset(), &["arch=booth_dadda"])?;
        match sliced(&builder, &config) {
            Ok(drivers) => {
                let native = native.replace(&format!("V{preset}"), &format!("V{}", config.name()));
                throughput(&builder, &config, &native, drivers, |_| Ok(Vec::new()))?;
            }
            Err(error) => eprintln!("not measured, for want of it: bit-sliced models: {error}"),
        }
    }
    let generate = (0..21).map(|_| seconds(|| qrtl(&["generate", "int8_mac"]))).collect::<Result<_, _>>()?;
    println!("qrtl generate int8_mac, a process: {:.1} ms", 1e3 * median(generate));
    // A name that is new makes a model that is not in the cache; the runtime is by now.
    let fresh = format!("fresh{}", std::process::id());
    let config = named(catalogue::preset("int8_mac")?, &fresh)?;
    let fresh = seconds(|| {
        let models = ModelBuilder::new(builder.clone());
        let rtl =
            models.model(&config, &render(&config), Lanes::ONE, false).map_err(|error| error.to_string())?;
        harness_once(&rtl)
    })?;
    println!("a new config, built and verified: {fresh:.2} s");
    sweeps(&builder)
}

fn harness_once(rtl: &CompiledModel) -> Result<(), Box<dyn Error>> {
    let outcome = compare(rtl, &Pattern::new(rtl.config(), 1), 1)?;
    assert!(outcome.compared > 0 && outcome.mismatches == 0);
    Ok(())
}
