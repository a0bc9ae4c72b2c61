//! Simulator: a model driven by port names.

use qrtl::catalogue::preset;
use qrtl::generator::render;
use qrtl::model::Lanes;
use qrtl::simulation::{CompiledModel, ModelBuilder, Models, PinError, Simulator};

fn model(name: &str) -> CompiledModel {
    let config = preset(name).unwrap();
    let builder = ModelBuilder::discover(&|_| ()).unwrap();
    builder.model(&config, &render(&config), Lanes::ONE, false).unwrap()
}

#[test]
fn simulator_drives_mac_by_port_names() {
    let mut mac = Simulator::new(&model("int8_mac"));
    mac.set("rst", 1).unwrap();
    mac.step().unwrap();
    mac.set("rst", 0).unwrap();
    for (a, b) in [(-3, 5), (7, 11), (-128, -128)] {
        mac.set("a", a).unwrap();
        mac.set("b", b).unwrap();
        mac.step().unwrap();
    }
    mac.set("a", 0).unwrap();
    mac.step().unwrap();
    mac.step().unwrap();
    assert_eq!(mac.get("accum"), Ok(-15 + 77 + 16384));
}

#[test]
fn elements_of_a_packed_port_are_set_in_their_order() {
    let mut dot = Simulator::new(&model("int8_dot8"));
    let (x, y) = ([-128, 127, 1, 2, 3, 4, 5, 6], [-128, -1, 10, 20, 30, 40, 50, 60]);
    dot.set_elements("a", &x).unwrap();
    dot.set_elements("b", &y).unwrap();
    (0..16).for_each(|_| dot.step().unwrap());
    let sum: i128 = x.iter().zip(&y).map(|(x, y)| x * y).sum();
    assert_eq!(dot.get("sum"), Ok(sum));
}

#[test]
fn rejects_wrong_port_value_or_count() {
    let mut dot = Simulator::new(&model("int8_dot8"));
    let unknown = dot.set("ex", 1).unwrap_err().to_string();
    assert!(unknown.contains("no input port 'ex'") && unknown.contains("rst"), "{unknown}");
    let range = dot.set_elements("a", &[0, 128, 0, 0, 0, 0, 0, 0]);
    assert_eq!(range, Err(PinError::Range { port: "a", value: 128, min: -128, max: 127 }));
    assert_eq!(dot.set("a", 1), Err(PinError::Elements { port: "a", expected: 8, found: 1 }));
}
