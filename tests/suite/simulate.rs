//! `qrtl simulate`: outputs of RTL and reference are aligned to their inputs, and illegal input is rejected.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::common::command::{Run, command, qrtl, run};
use crate::common::rtl::model;
use qrtl::catalogue::{UNITS, presets};
use qrtl::files::tensor::{Array, Element, Tensor, read_npz, read_npz_bytes, write_npy, write_npz};
use qrtl::simulation::{arrays_from_outputs, sequence_from_arrays, simulate_reference, simulate_rtl};
use qrtl::unit::{Direction, Float, Port, Role};

struct Folder(TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn save(&self, arrays: &[(&str, Array)]) {
        let arrays = arrays.iter().map(|(name, array)| (name.to_string(), array.clone()));
        write_npz(&self.path("x.npz"), &arrays.collect()).unwrap();
    }

    /// `qrtl simulate` of the saved arrays into `y.npz`.
    fn simulate(&self, arguments: &[&str]) -> Run {
        let (inputs, output) = (self.path("x.npz"), self.path("y.npz"));
        let files = ["--inputs", inputs.to_str().unwrap(), "--output", output.to_str().unwrap()];
        qrtl(&[&["simulate"], arguments, &files].concat())
    }

    /// The outputs, which the RTL and the reference must agree on.
    fn outputs(&self, arguments: &[&str]) -> BTreeMap<String, Array> {
        let engines = ["rtl", "reference"].map(|engine| {
            let run = self.simulate(&[arguments, &["--engine", engine]].concat());
            assert_eq!(run.product(), "");
            let outputs = read_npz(&self.path("y.npz")).unwrap();
            fs::remove_file(self.path("y.npz")).unwrap();
            outputs
        });
        assert_eq!(engines[0], engines[1], "{arguments:?}");
        engines.into_iter().next().unwrap()
    }
}

fn array<T: Element>(data: &[T]) -> Array
where
    Array: From<Tensor<T>>,
{
    Tensor::new(vec![data.len()], data.to_vec()).unwrap().into()
}

fn one<T>(outputs: &BTreeMap<String, Array>, name: &str) -> Vec<T>
where
    T: Element,
    Tensor<T>: TryFrom<Array, Error = Array>,
{
    outputs[name].clone().into_tensor().unwrap().into_data()
}

/// More rows than one batch, so that batch boundaries are tested.
const ROWS: i64 = 5000;

fn operands() -> (Vec<i8>, Vec<i8>) {
    let value = |row: i64, factor: i64| (row * factor % 256 - 128) as i8;
    ((0..ROWS).map(|row| value(row, 37)).collect(), (0..ROWS).map(|row| value(row, 101)).collect())
}

#[test]
fn products_are_aligned_to_operands_at_any_latency() {
    let folder = Folder::new();
    let (a, b) = operands();
    folder.save(&[("a", array(&a)), ("b", array(&b))]);
    let products: Vec<i16> = a.iter().zip(&b).map(|(&a, &b)| i16::from(a) * i16::from(b)).collect();
    assert_eq!(one::<i16>(&folder.outputs(&["int8_multiplier"]), "product"), products);
    for stages in 1..=4 {
        let stages = format!("stages={stages}");
        assert_eq!(one::<i16>(&folder.outputs(&["multiplier", "--set", &stages]), "product"), products);
    }
}

#[test]
fn accepts_any_integer_type_that_fits() {
    let folder = Folder::new();
    folder.save(&[("a", array(&[255i64, 0, 7])), ("b", array(&[255u16, 9, 8]))]);
    let products = one::<u16>(&folder.outputs(&["uint8_multiplier"]), "product");
    assert_eq!(products, [65025, 0, 56]);
    folder.save(&[("a", array(&[-8i64, 7])), ("b", array(&[true, false]))]);
    let products = folder.outputs(&["multiplier", "--set", "a_bits=4", "--set", "b_bits=2"]);
    assert_eq!(one::<i8>(&products, "product"), [-8, 0]);
}

#[test]
fn sums_continue_until_clear() {
    let folder = Folder::new();
    let (a, b) = operands();
    let sums = |starts: &dyn Fn(usize) -> bool| {
        let mut sum = 0;
        let pairs = a.iter().zip(&b).enumerate();
        let step = |(row, (&a, &b)): (usize, (&i8, &i8))| {
            sum = if starts(row) { 0 } else { sum } + i32::from(a) * i32::from(b);
            sum
        };
        pairs.map(step).collect::<Vec<i32>>()
    };
    folder.save(&[("a", array(&a)), ("b", array(&b))]);
    assert_eq!(one::<i32>(&folder.outputs(&["int8_mac"]), "accum"), sums(&|_| false));

    let clear: Vec<u8> = (0..a.len()).map(|row| u8::from(row % 7 == 3)).collect();
    folder.save(&[("a", array(&a)), ("b", array(&b)), ("clear", array(&clear))]);
    assert_eq!(one::<i32>(&folder.outputs(&["int8_mac"]), "accum"), sums(&|row| row % 7 == 3));
}

#[test]
fn disabled_transaction_repeats_sum() {
    let folder = Folder::new();
    folder.save(&[
        ("a", array(&[9i8, 2, 9, 9, 3, 1, 9])),
        ("b", array(&[9i8, 5, 9, 9, 7, 1, 9])),
        ("en", array(&[0u8, 1, 0, 0, 1, 1, 0])),
    ]);
    assert_eq!(one::<i32>(&folder.outputs(&["int8_mac"]), "accum"), [0, 10, 10, 10, 31, 32, 32]);
}

#[test]
fn zero_points_and_flags_are_arrays_like_the_others() {
    let folder = Folder::new();
    let (a, b, za, zb) = ([0u8, 255, 3], [255u8, 255, 4], [255u8, 0, 1], [0u8, 0, 2]);
    folder.save(&[("a", array(&a)), ("b", array(&b)), ("za", array(&za)), ("zb", array(&zb))]);
    let sums = one::<i32>(&folder.outputs(&["uint8_mac_zp"]), "accum");
    assert_eq!(sums, [-65025, 0, 4]);

    folder.save(&[("a", array(&[-128i8; 33])), ("b", array(&[-128i8; 33]))]);
    let outputs = folder.outputs(&["int8_mac_sat20"]);
    let (sums, flags) = (one::<i32>(&outputs, "accum"), one::<u8>(&outputs, "overflow"));
    assert_eq!(sums[30..], [31 * 16384, 524_287, 524_287]);
    assert_eq!(flags[30..], [0, 1, 1]);
}

/// Pseudo-random values for a port: any that it can carry, floats of every kind among them.
fn values(port: &Port, rows: usize, seed: &mut u64) -> Array {
    let elements = port.elements as usize;
    let shape = if elements == 1 { vec![rows] } else { vec![rows, elements] };
    let mut random = || {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *seed ^ *seed >> 31
    };
    if port.float == Some(Float::F32) {
        let data = (0..rows * elements).map(|_| f32::from_bits(random() as u32)).collect();
        return Tensor::<f32>::new(shape, data).unwrap().into();
    }
    let mask = u64::MAX >> (64 - port.integer.bits);
    let data =
        (0..rows * elements).map(|_| port.integer.decode(port.legal(random() & mask)) as i64).collect();
    Tensor::<i64>::new(shape, data).unwrap().into()
}

/// The bits of an array, so that NaN equals itself.
fn bytes(folder: &Folder, array: &Array) -> Vec<u8> {
    write_npy(&folder.path("bits.npy"), array).unwrap();
    fs::read(folder.path("bits.npy")).unwrap()
}

#[test]
fn simulation_of_every_preset_equals_reference() {
    let folder = Folder::new();
    let (mut presets_seen, mut floats, mut seed) = (0, 0, 1);
    for config in presets() {
        // Of a stream, whole frames go in, and as many beats come out as they give.
        let frame = config.frame_function().map_or(1, |function| function.input_lengths()[0]);
        let rows = 300usize.next_multiple_of(frame);
        let is_stream = config.behaviour().is_stream();
        let ports = config.ports();
        let inputs = ports.iter().filter(|port| port.is_driven() && port.role == Role::Data);
        let arrays = inputs.map(|port| (port.name.to_string(), values(port, rows, &mut seed)));
        let transactions = sequence_from_arrays(&config, arrays.collect()).unwrap();
        let rtl = model(&config);
        let simulated = arrays_from_outputs(&config, &simulate_rtl(&rtl, &transactions).unwrap());
        let expected = arrays_from_outputs(&config, &simulate_reference(&config, &transactions));
        let outputs = ports.iter().filter(|port| port.direction == Direction::Output);
        let outputs: Vec<&Port> = outputs.filter(|port| !is_stream || port.role == Role::Data).collect();
        assert_eq!(simulated.len(), outputs.len());
        for port in outputs {
            let (simulated, expected) = (&simulated[port.name], &expected[port.name]);
            let rows = if is_stream { expected.shape()[0] } else { rows };
            assert!(rows > 1, "{}", config.name());
            assert_eq!(simulated.shape()[0], rows, "{} {}", config.name(), port.name);
            assert_eq!(
                bytes(&folder, simulated),
                bytes(&folder, expected),
                "{} {}",
                config.name(),
                port.name
            );
            if port.float == Some(Float::F32) {
                assert_eq!(simulated.dtype().name(), "float32", "{} {}", config.name(), port.name);
                floats += 1;
            }
            // A flag may stay constant.
            if port.role == Role::Data && port.width() > 1 {
                let told_apart = (1..rows).any(|row| element(simulated, row) != element(simulated, 0));
                assert!(told_apart, "{} {} never changes", config.name(), port.name);
            }
        }
        presets_seen += 1;
    }
    assert_eq!(presets_seen, UNITS.iter().map(|unit| unit.presets().len()).sum::<usize>());
    assert!(floats >= 8, "{floats}");
}

/// An element of a vector, as text.
fn element(array: &Array, row: usize) -> String {
    match array {
        Array::Float32(tensor) => tensor.data()[row].to_bits().to_string(),
        other => other.integers().unwrap().nth(row).unwrap().to_string(),
    }
}

#[test]
fn ports_of_binary32_are_float32_arrays() {
    let folder = Folder::new();
    // 32 products of one and one, in E4M3.
    let ones: Array = Tensor::new(vec![2, 32], vec![0x38u8; 64]).unwrap().into();
    folder.save(&[("a", ones.clone()), ("b", ones)]);
    assert_eq!(one::<f32>(&folder.outputs(&["fp8_dot_e4m3_h100"]), "sum"), [32.0, 32.0]);

    // A tie only by the reciprocal.
    let (x, scale) = ([0.273_939_94f32, -1.0], 0.002_148_548_6f32);
    folder.save(&[
        ("x", array(&x)),
        ("inverse_scale", array(&[1.0 / scale; 2])),
        ("zero_point", array(&[0u8; 2])),
    ]);
    assert_eq!(one::<u8>(&folder.outputs(&["quantizer_uint8"]), "q"), [128, 0]);

    folder.save(&[
        ("acc", array(&[3i32, -4])),
        ("scale", array(&[0.5f32, 0.25])),
        ("bias", array(&[1f32, 2.0])),
    ]);
    assert_eq!(one::<f32>(&folder.outputs(&["dequantizer_int32"]), "y"), [2.5, 1.0]);

    folder.save(&[("x", array(&[0.5f64]))]);
    folder.simulate(&["fp8_encoder_e4m3"]).refused_with(&["'x' holds float64", "astype(np.float32)"]);
}

#[test]
fn serial_unit_completes_every_transaction() {
    let folder = Folder::new();
    let acc = [1000i32, -5000, 40000, 0, 232, 231];
    folder.save(&[("acc", array(&acc))]);
    // 0.0043110788574 each: 4.31, -21.56, 172.4, 0, 1.0002, 0.996.
    let outputs = folder.outputs(&["requantizer_serial"]);
    assert_eq!(one::<i8>(&outputs, "out"), [4, -22, 127, 0, 1, 1]);
    assert_eq!((one::<u8>(&outputs, "done"), one::<u8>(&outputs, "busy")), (vec![1; 6], vec![0; 6]));

    // A transaction that does not start repeats the previous output.
    folder.save(&[("acc", array(&acc)), ("start", array(&[1u8, 0, 1, 1, 0, 0]))]);
    let outputs = folder.outputs(&["requantizer_serial"]);
    assert_eq!(one::<i8>(&outputs, "out"), [4, 4, 127, 0, 0, 0]);
    assert_eq!(one::<u8>(&outputs, "done"), [1, 0, 1, 1, 0, 0]);
}

#[test]
fn rejects_arrays_that_do_not_fit_ports() {
    let folder = Folder::new();
    let (two, three) = (array(&[1i8, 2]), array(&[1i8, 2, 3]));
    let matrix: Array = Tensor::new(vec![2, 2], vec![1i8; 4]).unwrap().into();
    let none: &[i8] = &[];
    let ab = |a: &Array, b: &Array| vec![("a", a.clone()), ("b", b.clone())];
    type Case<'a> = (Vec<(&'a str, Array)>, &'a [&'a str]);
    let cases: [Case; 10] = [
        (vec![("a", two.clone())], &["needs an array named 'b'", "add it"]),
        ([ab(&two, &two), vec![("c", two.clone())]].concat(), &["'c' is not an input", "a, b"]),
        (ab(&two, &three), &["'b' has 3 rows, but 'a' has 2", "the same number of rows"]),
        (ab(&two, &array(&[128i16, 0])), &["'b' is 128 in row 0", "-128 to 127"]),
        (ab(&two, &array(&[0i64, -129])), &["'b' is -129 in row 1"]),
        (ab(&two, &array(&[u64::MAX, 0])), &["'b' is 18446744073709551615"]),
        (ab(&array(&[0.5f32, 1.0]), &two), &["'a' holds float32", "astype"]),
        (ab(&matrix, &two), &["'a' has shape [2, 2]", "[N]"]),
        (ab(&array(none), &array(none)), &["no rows", "at least one"]),
        (vec![], &["needs an array named 'a'"]),
    ];
    for (arrays, texts) in cases {
        folder.save(&arrays);
        folder.simulate(&["int8_multiplier"]).refused_with(&[&["x.npz"], texts].concat());
        assert!(!folder.path("y.npz").exists(), "{texts:?}");
    }
    folder.save(&[("a", two.clone()), ("b", two.clone()), ("clear", array(&[2u8, 0]))]);
    folder.simulate(&["int8_mac"]).refused_with(&["'clear' is 2 in row 0", "0 to 1"]);
    folder.save(&[("a", two.clone()), ("b", two.clone()), ("clk", two)]);
    folder.simulate(&["int8_mac"]).refused_with(&["'clk' is not an input"]);
    assert!(!folder.path("y.npz").exists());
}

/// An npz whose array `a` claims to be in Fortran order.
fn columns_first(path: &Path, array: &Array) {
    let file = path.with_extension("npy");
    write_npy(&file, array).unwrap();
    let npy = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    let (from, to) = (b"'fortran_order': False", b"'fortran_order': True ");
    let place = npy.windows(from.len()).position(|window| window == from).unwrap();
    let mut archive = zip::ZipWriter::new(fs::File::create(path).unwrap());
    archive.start_file("a.npy", zip::write::SimpleFileOptions::default()).unwrap();
    for part in [&npy[..place], to, &npy[place + from.len()..]] {
        archive.write_all(part).unwrap();
    }
    archive.finish().unwrap();
}

#[test]
fn checks_arrays_before_it_looks_for_tools() {
    let folder = Folder::new();
    folder.save(&[("a", array(&[1i8, 2]))]);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_qrtl"));
    command.args(["simulate", "int8_multiplier", "--engine", "rtl", "--inputs"]).arg(folder.path("x.npz"));
    command.arg("--output").arg(folder.path("y.npz")).env("VERILATOR", folder.path("missing"));
    run(&mut command).refused_with(&["x.npz", "needs an array named 'b'"]);
    folder.save(&[("a", array(&[1i8, 2])), ("b", array(&[1i8, 2]))]);
    run(&mut command).refused_with(&["VERILATOR", "missing"]);
}

#[test]
fn rejects_damaged_files() {
    let folder = Folder::new();
    let input = folder.path("x.npz");
    folder.simulate(&["int8_multiplier"]).refused_with(&["x.npz: cannot be opened", "check the name"]);

    let (a, b) = operands();
    let save = || folder.save(&[("a", array(&a)), ("b", array(&b))]);
    columns_first(&input, &Tensor::new(vec![2, 2], vec![1i8; 4]).unwrap().into());
    folder.simulate(&["int8_multiplier"]).refused_with(&["'a' has shape [2, 2], but the port takes [N]"]);

    save();
    let whole = fs::read(&input).unwrap();
    for length in [0, 1, 40, whole.len() / 2, whole.len() - 1] {
        fs::write(&input, &whole[..length]).unwrap();
        folder.simulate(&["int8_multiplier"]).refused_with(&["x.npz", "save"]);
    }
    fs::write(&input, "not an archive").unwrap();
    folder.simulate(&["int8_multiplier"]).refused_with(&["is not an npz file", "np.savez"]);
    fs::remove_file(&input).unwrap();
    fs::create_dir(&input).unwrap();
    folder.simulate(&["int8_multiplier"]).refused_with(&["x.npz"]);
    assert!(!folder.path("y.npz").exists());
}

/// An archive is not written in order, and a pipe cannot be written otherwise.
#[cfg(unix)]
#[test]
fn writes_outputs_to_a_pipe() {
    let folder = Folder::new();
    folder.save(&[("a", array(&[3i8])), ("b", array(&[5i8]))]);
    let mut simulate = command(&["simulate", "int8_multiplier", "--engine", "reference"]);
    simulate.arg("--inputs").arg(folder.path("x.npz")).args(["--output", "/dev/stdout"]);
    let bytes = simulate.output().unwrap().stdout;
    assert_eq!(read_npz_bytes("stdout", &bytes).unwrap()["product"].integers().unwrap().next(), Some(15));
}

#[test]
fn rejects_simulation_larger_than_memory() {
    let folder = Folder::new();
    let operands = array(&vec![1i8; 4_000_000]);
    folder.save(&[("a", operands.clone()), ("b", operands)]);
    let mut limited = std::process::Command::new("sh");
    limited.args(["-c", "ulimit -v 60000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_qrtl"), "simulate"]);
    limited.args(["int8_multiplier", "--engine", "reference", "--inputs"]).arg(folder.path("x.npz"));
    limited.arg("--output").arg(folder.path("y.npz"));
    run(&mut limited).refused_with(&["x.npz: the simulation needs ", "more than available"]);
}

#[test]
fn rejects_unwritable_output() {
    let folder = Folder::new();
    folder.save(&[("a", array(&[1i8])), ("b", array(&[1i8]))]);
    fs::write(folder.path("file"), "").unwrap();
    let to = |output: PathBuf| {
        let (inputs, output) = (folder.path("x.npz"), output);
        let files = ["--inputs", inputs.to_str().unwrap(), "--output", output.to_str().unwrap()];
        qrtl(&[&["simulate", "int8_multiplier", "--engine", "reference"], &files[..]].concat())
    };
    to(folder.0.path().to_path_buf()).refused_with(&["is a folder: give"]);
    to(folder.path("file/y.npz")).refused_with(&["its folder cannot be created", "choose another folder"]);
    let names: Vec<_> =
        fs::read_dir(folder.0.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}
