//! `qrtl quantize`: codes, parameters, and rejected inputs.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::common::command::{Run, run};
use qrtl::arithmetic::Rounding;
use qrtl::arithmetic::quantizer::{CodeFormat, Division, Granularity, QuantizerConfig, Scheme};
use qrtl::files::tensor::{Array, Element, Tensor, read_npy, write_npy};
use qrtl::quantization::quantize::{NumberSource, ParameterSources, QuantizeError, quantize_file};

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn save<T: Element>(&self, name: &str, shape: &[usize], data: &[T]) -> PathBuf
    where
        Array: From<Tensor<T>>,
    {
        let path = self.path(name);
        write_npy(&path, &Tensor::new(shape.to_vec(), data.to_vec()).unwrap().into()).unwrap();
        path
    }
}

fn config(bits: u32, signed: bool, scheme: Scheme) -> QuantizerConfig {
    let format = CodeFormat::new(bits, signed).unwrap();
    QuantizerConfig {
        format,
        scheme,
        granularity: Granularity::Tensor,
        rounding: Rounding::HalfEven,
        division: Division::Exact,
    }
}

fn value(word: impl AsRef<Path>) -> Option<NumberSource> {
    Some(word.as_ref().to_str().unwrap().parse().unwrap())
}

fn codes<T>(path: &Path) -> Vec<T>
where
    T: Element,
    Tensor<T>: TryFrom<Array, Error = Array>,
{
    read_npy(path).unwrap().into_tensor().unwrap().into_data()
}

#[test]
fn derived_parameters_are_reported_and_the_codes_written() {
    let folder = Folder::new();
    let input = folder.save("x.npy", &[5], &[-0.5f32, -0.2, 0.1, 0.3, 0.5]);
    let output = folder.path("y.npy");
    let summary =
        quantize_file(&input, config(8, true, Scheme::Symmetric), &ParameterSources::default(), &output)
            .unwrap();
    assert_eq!(codes::<i8>(&output), [-127, -51, 25, 76, 127]);
    let json = serde_json::to_value(&summary).unwrap();
    assert_eq!(json["scale"], serde_json::json!([f64::from(0.5f32 / 127.0)]));
    assert_eq!(json["zero_point"], serde_json::json!([0]));
    assert_eq!(json["scheme"], "symmetric");
    assert_eq!((&json["bits"], &json["signed"]), (&8.into(), &true.into()));
    assert_eq!(json["metrics"]["clipped"], 0.0);
    assert_eq!((&json["input"], &json["output"]), (&"float32".into(), &"int8".into()));
}

#[test]
fn writes_codes_in_smallest_type() {
    let folder = Folder::new();
    let input = folder.save("x.npy", &[2], &[0.0f64, 1.0]);
    let output = folder.path("y.npy");
    for (bits, signed, dtype) in [
        (2, true, "int8"),
        (8, true, "int8"),
        (9, true, "int16"),
        (4, false, "uint8"),
        (8, false, "uint8"),
        (16, false, "uint16"),
    ] {
        let config = config(bits, signed, Scheme::Affine);
        quantize_file(&input, config, &ParameterSources::default(), &output).unwrap();
        let array = read_npy(&output).unwrap();
        assert_eq!((array.dtype().name(), array.shape()), (dtype, &[2][..]));
    }
}

#[test]
fn given_parameters_are_a_number_or_a_file() {
    let folder = Folder::new();
    let input = folder.save("x.npy", &[2, 2], &[1.0f32, 2.0, 3.0, 4.0]);
    let output = folder.path("y.npy");
    let mut config = config(8, false, Scheme::Affine);
    let given =
        ParameterSources { scale: value("0.5"), zero_point: value("10"), ..ParameterSources::default() };
    quantize_file(&input, config, &given, &output).unwrap();
    assert_eq!(codes::<u8>(&output), [12, 14, 16, 18]);

    config.granularity = Granularity::Channel(1);
    let given = ParameterSources {
        scale: value(folder.save("s.npy", &[2], &[0.5f32, 0.25])),
        zero_point: value(folder.save("z.npy", &[2], &[0u8, 100])),
        ..ParameterSources::default()
    };
    quantize_file(&input, config, &given, &output).unwrap();
    assert_eq!(codes::<u8>(&output), [2, 108, 6, 116]);

    config.scheme = Scheme::Offset;
    let given = ParameterSources { scale: value("0.5"), offset: value("-1"), ..ParameterSources::default() };
    quantize_file(&input, config, &given, &output).unwrap();
    assert_eq!(codes::<u8>(&output), [4, 6, 8, 10]);
}

#[test]
fn rejects_impossible_requests_and_writes_no_file() {
    let folder = Folder::new();
    let reals = folder.save("x.npy", &[2], &[1.0f32, 2.0]);
    let integers = folder.save("i.npy", &[2], &[1i32, 2]);
    let nan = folder.save("nan.npy", &[2], &[1.0f32, f32::NAN]);
    let empty = folder.save::<f32>("empty.npy", &[0], &[]);
    let wide = folder.save("wide.npy", &[1], &[0.5f64]);
    let three = folder.save("three.npy", &[3], &[0.5f32; 3]);
    let output = folder.path("y.npy");
    let (symmetric, affine, offset) = (Scheme::Symmetric, Scheme::Affine, Scheme::Offset);
    let none = ParameterSources::default;
    let one = || ParameterSources { scale: value("1"), ..none() };
    let missing = folder.path("missing.npy");
    let cases = [
        (&missing, symmetric, none(), "cannot be opened"),
        (&integers, symmetric, none(), "holds int32, accepted: float32, float64"),
        (&nan, symmetric, none(), "element 1 is NaN"),
        (&empty, symmetric, none(), "the tensor is empty"),
        (&reals, affine, one(), "needs --zero-point too"),
        (&reals, offset, one(), "needs --offset too"),
        (&reals, affine, ParameterSources { zero_point: value("1"), ..none() }, "without a scale"),
        (
            &reals,
            symmetric,
            ParameterSources { zero_point: value("1"), ..one() },
            "has no --zero-point other than 0",
        ),
        (&reals, symmetric, ParameterSources { offset: value("1"), ..one() }, "has no --offset"),
        (&reals, offset, ParameterSources { zero_point: value("1"), ..one() }, "has no --zero-point"),
        (
            &reals,
            affine,
            ParameterSources { zero_point: value("1.5"), ..one() },
            "'1.5' is not a number of the required type",
        ),
        (&reals, affine, ParameterSources { zero_point: value("300"), ..one() }, "zero point 0 is 300"),
        (
            &reals,
            affine,
            ParameterSources { zero_point: value(&reals), ..one() },
            "holds float32, accepted: int32",
        ),
        (&reals, symmetric, ParameterSources { scale: value("0"), ..none() }, "scale 0 is 0"),
        (
            &reals,
            symmetric,
            ParameterSources { scale: value(&wide), ..none() },
            "holds float64, accepted: float32",
        ),
        (
            &reals,
            symmetric,
            ParameterSources { scale: value(&three), ..none() },
            "three.npy: holds 3 number(s) for 1 part(s)",
        ),
        (&reals, symmetric, ParameterSources { scale: value("half"), ..none() }, "half: cannot be opened"),
    ];
    for (input, scheme, given, text) in cases {
        let refused = quantize_file(input, config(8, true, scheme), &given, &output).unwrap_err();
        assert!(refused.to_string().contains(text), "{refused} lacks {text}");
        assert!(!output.exists(), "{refused}");
    }
    let onto_folder = quantize_file(&reals, config(8, true, symmetric), &none(), folder.0.path());
    assert!(matches!(onto_folder, Err(QuantizeError::Write(_))));
}

#[test]
fn text_lists_parameters_and_losses() {
    let folder = Folder::new();
    let data: Vec<f32> = (0..40).map(|step| step as f32 / 8.0).collect();
    let input = folder.save("x.npy", &[20, 2], &data);
    let mut config = config(4, true, Scheme::Symmetric);
    config.granularity = Granularity::Channel(0);
    let summary = quantize_file(&input, config, &ParameterSources::default(), &folder.path("y.npy")).unwrap();
    let text = summary.to_string();
    assert!(
        text.starts_with("float32 [20, 2] -> int8\n4 bits signed, symmetric, channel:0, rounding even\n")
    );
    assert!(text.contains("\n  15  scale ") && !text.contains("\n  16  scale "), "{text}");
    assert!(
        text.contains("4 more") && text.contains("SQNR") && text.ends_with("clipped 0.000 %\n"),
        "{text}"
    );
}

/// A sparse file of 4 GiB of zeros, and a process whose memory limit is lower.
#[test]
fn rejects_tensors_larger_than_memory_with_their_size() {
    let folder = Folder::new();
    let path = folder.save("x.npy", &[1], &[0f64]);
    let text = std::fs::read(&path).unwrap();
    let header = String::from_utf8_lossy(&text[10..128]).replace("(1,), }        ", "(536870912,), }");
    std::fs::write(&path, [&text[..10], header.as_bytes()].concat()).unwrap();
    std::fs::File::options().write(true).open(&path).unwrap().set_len(128 + (4 << 30)).unwrap();
    let run = limited(500_000, &path, &folder.path("codes.npy"));
    run.refused_with(&["x.npy: needs 4294967296 bytes of memory, more than available", "in parts"]);
}

/// The tensor fits in memory, its codes do not.
#[test]
fn rejects_codes_larger_than_memory() {
    let folder = Folder::new();
    let path = folder.save("x.npy", &[30_000_000], &vec![1f32; 30_000_000]);
    let run = limited(200_000, &path, &folder.path("codes.npy"));
    run.refused_with(&["x.npy: needs 210000000 bytes of memory, more than available", "in parts"]);
    assert!(!folder.path("codes.npy").exists());
}

/// Runs `qrtl quantize` in a process with a memory limit in KiB.
fn limited(kilobytes: u32, input: &Path, output: &Path) -> Run {
    let script = format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"");
    let mut limited = Command::new("sh");
    limited.args(["-c", &script, env!("CARGO_BIN_EXE_qrtl"), "quantize"]);
    run(limited.arg(input).arg("-o").arg(output))
}

/// A mounted file, as a volume of a container: it can be written, but not replaced.
#[cfg(target_os = "linux")]
#[test]
fn writes_mount_points_in_place() {
    let folder = Folder::new();
    let input = folder.save("x.npy", &[2], &[1f32, -1.0]);
    let output = folder.path("y.npy");
    std::fs::write(&output, "previous").unwrap();
    let can_mount =
        Command::new("unshare").args(["-rm", "mount", "--bind"]).args([&output, &output]).output();
    if !can_mount.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: this user cannot mount a file");
        return;
    }
    let mut mounted = Command::new("unshare");
    mounted.args([
        "-rm",
        "sh",
        "-c",
        "mount --bind \"$3\" \"$3\" && exec \"$0\" quantize \"$1\" \"$2\" \"$3\"",
    ]);
    mounted.arg(env!("CARGO_BIN_EXE_qrtl")).arg(&input).arg("-o").arg(&output);
    run(&mut mounted).product();
    assert_eq!(codes::<i8>(&output), [127, -127]);
}

/// 0.273939937 / 0.00214854861 is below 127.5 and its product with the reciprocal above: PyTorch gives 128.
#[test]
fn reciprocal_multiplies_instead_of_dividing() {
    let folder = Folder::new();
    let x = folder.save("x.npy", &[1, 2], &[0.273_939_94f32, 0.0]);
    let output = folder.path("y.npy");
    for (reciprocal, code) in [(&[][..], 127), (&["--reciprocal"], 128)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_qrtl"));
        command.arg("quantize").arg(&x).args([
            "--unsigned",
            "--scale",
            "0.00214854861",
            "--granularity",
            "channel:-2",
        ]);
        let text = run(command.args(reciprocal).arg("-o").arg(&output)).product();
        assert_eq!(text.contains("by the reciprocal of the scale"), !reciprocal.is_empty(), "{text}");
        assert_eq!(codes::<u8>(&output), [code, 0]);
    }
}
