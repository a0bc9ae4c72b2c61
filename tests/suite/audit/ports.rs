//! Ports and results in uncommon forms: shifts, several results, clocks, structs, interfaces.

use serde_json::Value as Json;

use super::{assert_identifies, assert_reports, audit, folder};
use crate::common::command::qrtl;

const FILE: &[&str] = &["ports.sv"];

#[test]
fn right_shift_of_a_product_is_found() {
    let arguments = "--top shifted_product --unit multiplier --map a=a,b=b,out=p --cases 65536";
    let texts = ["shifted right by 7, rounded down, low 14 bits"];
    assert_identifies(FILE, arguments, "signed_shift7_wrap", &texts);
    assert_reports(FILE, &format!("{arguments} --expect signed_shift7_wrap"), &[]);
}

#[test]
fn right_shift_of_a_dot_product_is_found() {
    let arguments = "--top shifted_dot --unit dot --map a=a,b=b,out=y --set lanes=4 --cases 65536";
    let texts = ["shifted right by 4, rounded down, saturated to 12 bits"];
    assert_identifies(FILE, arguments, "signed_unsigned_shift4_saturate", &texts);
}

#[test]
fn dot_products_that_share_a_vector_are_found() {
    let arguments = "--top two_rows --unit dot --map a=a,b=b,out=out --cases 65536 --set";
    let texts = ["2 dot products of 4 lanes side by side", "8 of signed, 8 bits"];
    assert_identifies(FILE, &format!("{arguments} lanes=4"), "signed", &texts);
    assert_identifies(FILE, &format!("{arguments} lanes=4,b_bits=8,out_bits=20"), "signed", &texts);
}

#[test]
fn two_clocks_have_their_edges_together() {
    let arguments = "--top two_clocks --unit multiplier --map clk=clk+clk_gated,a=a,b=b,out=p";
    assert_identifies(FILE, arguments, "signed", &["2 cycles, a transaction every cycle"]);
}

#[test]
fn outputs_in_carry_save_form_are_added() {
    let arguments = "--top carry_save --unit multiplier --map a=a,b=b,out=sum+carry";
    assert_identifies(FILE, arguments, "unsigned", &["the sum of both ports"]);
}

#[test]
fn fields_of_a_struct_are_tied_by_name() {
    let arguments = "--top struct_control --unit multiplier --map a=a,b=b,out=p";
    for (mode, verdict) in [("1", "signed"), ("SIGNED_MODE", "signed"), ("UNSIGNED_MODE", "unsigned")] {
        let texts = ["ctrl.start=0, ctrl.unused=0: fields that are neither mapped nor tied"];
        assert_identifies(FILE, &format!("{arguments} --tie ctrl.mode={mode}"), verdict, &texts);
    }
    let texts = ["input ctrl of 8 bits is neither", "ctrl.mode (2: UNSIGNED_MODE=0 SIGNED_MODE=1)"];
    audit(FILE, arguments).refused_with(&texts);
}

#[test]
fn signals_of_interfaces_are_ports() {
    let arguments = "--top streams --unit multiplier --map clk=clk,a=x.data,b=y.data,out=z.data";
    let texts = ["1 cycle, a transaction every cycle", "x.valid=1, y.valid=1, z.ready=1"];
    assert_reports(FILE, &format!("{arguments} --expect signed_wrap"), &texts);
    assert_eq!(audit(FILE, &format!("{arguments} -G NEGATE=1")).code, 1);
}

#[test]
fn modules_that_are_defined_twice_are_warned_about() {
    let arguments = "--top small_product --unit multiplier --map a=a,b=b,out=p";
    assert_identifies(
        FILE,
        arguments,
        "unsigned",
        &["MODDUP", "Duplicate declaration of module: 'half_adder'"],
    );
}

/// Runs `qrtl ports` on a module of the file.
fn list_ports(top: &str, options: &[&str]) -> String {
    let file = folder().join("ports.sv");
    let words = [&["ports", file.to_str().unwrap(), "--top", top], options].concat();
    qrtl(&words).product()
}

#[test]
fn ports_are_listed_with_fields_values_and_parameters() {
    let list = list_ports("struct_control", &[]);
    let texts = [
        "struct_control: 4 ports",
        "ctrl.mode",
        "2 bits UNSIGNED_MODE=0 SIGNED_MODE=1",
        "output     16 bits",
    ];
    for text in texts {
        assert!(list.contains(text), "no '{text}' in:\n{list}");
    }
    let list: Json =
        serde_json::from_str(&list_ports("streams", &["--format", "json", "-G", "NEGATE=1"])).unwrap();
    assert_eq!(list["parameters"], serde_json::json!([{ "name": "NEGATE", "value": 1 }]));
    let ports = list["ports"].as_array().unwrap();
    let data = ports.iter().find(|port| port["name"] == "z.data").unwrap();
    assert_eq!((&data["direction"], &data["bits"]), (&Json::from("output"), &Json::from(8)));
}

#[test]
fn map_is_guessed_and_printed() {
    let texts = ["guessed: --map a=a,b=b,out=p"];
    assert_identifies(
        FILE,
        "--top shifted_product --unit multiplier --map auto --cases 65536",
        "signed_shift7_wrap",
        &texts,
    );
    let ambiguous = audit(FILE, "--top struct_control --unit multiplier");
    ambiguous.refused_with(&["cannot be guessed: ctrl", "--map a=a,b=b,out=p"]);
}

#[test]
fn inputs_without_a_function_are_held_or_driven_at_random() {
    let arguments = "--top extra_inputs --unit multiplier --map a=a,b=b,out=p,high=hold_n";
    let texts = ["driven at random", "tag"];
    assert_identifies(FILE, &format!("{arguments},low=test_mode,any=tag"), "signed", &texts);
    // An input that does matter is named.
    let matters = ["test_mode matters", "low=test_mode or high=test_mode"];
    audit(FILE, &format!("{arguments},any=tag+test_mode")).refused_with(&matters);
    audit(FILE, &format!("{arguments},low=p")).refused_with(&["p is an output and cannot be tied"]);
}
