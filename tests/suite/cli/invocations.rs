//! Command lines with a common mistake: the answer says what to type.

use std::fs;

use qrtl::{Array, Tensor, write_npy};

use super::text;
use crate::common::command::qrtl;

#[test]
fn module_of_another_name_is_answered_with_the_ports_and_the_options() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own mac.v");
    fs::write(&file, include_str!("../../../rtl/mac/int8_mac.v").replace("int8_mac", "mymac")).unwrap();
    let run = qrtl(&["verify", "int8_mac", "--rtl", text(&file)]);
    let expected = "own mac.v declares mymac, but no module int8_mac with the ports clk, rst, en, ";
    run.refused_with(&[expected, "--top mymac", "--map accum=THEIRS"]);
    fs::write(&file, "// int8_mac\n").unwrap();
    qrtl(&["verify", "int8_mac", "--rtl", text(&file)]).refused_with(&["declares no module"]);
}

#[test]
fn errors_of_verilator_name_the_line_of_the_users_file() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first.v"), folder.path().join("second.v"));
    fs::write(&first, "module other;\nendmodule\n").unwrap();
    let ports = "input signed [1:0] a, input signed [1:0] b, output signed [3:0] product";
    let wrong = format!("// one\nmodule int2_multiplier ({ports});\nassign product = a * c;\nendmodule\n");
    fs::write(&second, wrong).unwrap();
    let run = qrtl(&["verify", "int2_multiplier", "--rtl", text(&first), text(&second)]);
    let place = format!("{}:3:22: Can't find definition of variable: 'c'", text(&second));
    assert!(!run.stderr.contains("See the manual"), "{}", run.stderr);
    run.refused_with(&[&place, "\n    3 | assign product = a * c;"]);
}

#[test]
fn rules_describes_one_rule_with_worked_numbers() {
    let page = qrtl(&["rules", "f32"]).product();
    assert!(page.contains("        -10        -2.5     -2\n"), "{page}");
    assert!(qrtl(&["rules", "f64"]).product().contains("        -10        -2.5     -3\n"));
    let one = super::json(&qrtl(&["rules", "f32", "--format", "json"]).product());
    assert_eq!(one["rules"].as_array().unwrap().len(), 1);
    qrtl(&["rules", "gemmlovp"]).refused_with(&["did you mean 'gemmlowp'?"]);
}

#[test]
fn reals_for_codes_and_decimal_commas_are_answered_with_the_fix() {
    let folder = tempfile::tempdir().unwrap();
    let (acc, out) = (folder.path().join("acc.npy"), folder.path().join("out.npy"));
    write_npy(&acc, &Array::Int32(Tensor::new(vec![2], vec![1, 2]).unwrap())).unwrap();
    write_npy(&out, &Array::Float32(Tensor::new(vec![2], vec![0.5, 1.0]).unwrap())).unwrap();
    let identify = ["rules", "--identify", text(&acc), text(&out), "--scale", "0.5"];
    let run = qrtl(&identify);
    assert!(!run.stderr.contains("astype"), "{}", run.stderr);
    run.refused_with(&["these are reals, not codes: quantize them"]);
    qrtl(&["rules", "--compare", "--scale", "0,0043"]).refused_with(&["write 0.0043"]);
    qrtl(&["rules", "--compare", "--scale", "a,b.npy"]).refused_with(&["a,b.npy: cannot be opened"]);
}

#[test]
fn version_names_the_pinned_tools() {
    let long = qrtl(&["--version"]).product();
    assert!(long.starts_with(&format!("qrtl {}\n", env!("CARGO_PKG_VERSION"))), "{long}");
    for tool in ["Verilator 5.", "Yosys 0.", "nextpnr ", "bitwuzla "] {
        assert!(long.contains(tool), "{long}");
    }
    assert_eq!(qrtl(&["-V"]).product(), format!("qrtl {}\n", env!("CARGO_PKG_VERSION")));
}
