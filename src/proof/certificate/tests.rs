//! Certificates of netlists made by hand, and of generated ones with one connection or cell changed.

use std::collections::BTreeMap;
use std::time::Duration;

use super::evaluate::certify;
use super::{Certificate, Refutation};
use crate::catalogue::{ConstantMatrixParameters, unit};
use crate::generator::render;
use crate::netlist::{Bit, Cell, ModulePort, Netlist, elaborate, operator};
use crate::toolchain::Yosys;
use crate::toolchain::cache::Cache;
use crate::toolchain::environment::Environment;
use crate::unit::Config;

const CLOCK: Bit = Bit::Net(2);

fn config(sets: &[&str]) -> Config {
    Config::new(unit("constant_matrix").unwrap(), None, sets).unwrap()
}

/// Consecutive nets.
fn nets(first: u32, width: u32) -> Vec<Bit> {
    (first..first + width).map(Bit::Net).collect()
}

/// The input of 4 bits.
fn x() -> Vec<Bit> {
    nets(3, 4)
}

/// `bits` shifted left, then extended by the sign or cut to a width.
fn placed(bits: &[Bit], shift: usize, width: usize) -> Vec<Bit> {
    let sign = *bits.last().unwrap();
    let zeros = std::iter::repeat_n(Bit::Zero, shift);
    zeros.chain(bits.iter().copied()).chain(std::iter::repeat(sign)).take(width).collect()
}

fn add(a: &[Bit], b: &[Bit], output: &[Bit]) -> Cell {
    let mut cell = operator("$add", false, &[("A", a), ("B", b)], output);
    cell.source = "unit.v:7.1-7.9".to_string();
    cell
}

fn register(clock: Bit, input: &[Bit], output: &[Bit]) -> Cell {
    operator("$dff", false, &[("CLK", &[clock]), ("D", input)], output)
}

fn verdict_on(config: &Config, netlist: &Netlist) -> Result<Certificate, Refutation> {
    certify(config, &config.parameters::<ConstantMatrixParameters>().weights, netlist)
}

/// Verdict on a module of one weight, 3, for an input of 4 bits.
fn verdict(stages: u32, cells: &[Cell], y: &[Bit]) -> Result<Certificate, Refutation> {
    let config = config(&["weights=3", "x_bits=4", &format!("stages={stages}")]);
    let port = |name: &str, is_input, bits| ModulePort { name: name.to_string(), is_input, bits };
    let netlist = Netlist {
        name: "unit".to_string(),
        ports: vec![port("clk", true, vec![CLOCK]), port("x", true, x()), port("y", false, y.to_vec())],
        cells: cells.iter().enumerate().map(|(index, cell)| (index.to_string(), cell.clone())).collect(),
        wires: BTreeMap::new(),
        next: 100,
    };
    verdict_on(&config, &netlist)
}

#[test]
fn certifies_a_sum_of_shifted_inputs() {
    let sum = nets(10, 6);
    let cell = add(&placed(&x(), 0, 6), &placed(&x(), 1, 6), &sum);
    assert_eq!(verdict(0, &[cell], &sum), Ok(Certificate { outputs: 1, cells: 1, latency: 0 }));
}

#[test]
fn certifies_every_linear_operator() {
    // -(~x) + 4*x - 1 - 2*x is 3*x.
    let [inverted, negated, product, sum, y] = [10, 20, 30, 40, 50].map(|first| nets(first, 6));
    let four = [Bit::Zero, Bit::Zero, Bit::One, Bit::Zero];
    let cells = [
        operator("$not", true, &[("A", &x())], &inverted),
        operator("$neg", true, &[("A", &inverted)], &negated),
        operator("$mul", true, &[("A", &four), ("B", &x())], &product),
        operator("$add", true, &[("A", &negated), ("B", &product)], &sum),
        operator("$sub", true, &[("A", &sum), ("B", &placed(&x(), 1, 6))], &y),
    ];
    let constant = verdict(0, &cells, &y).unwrap_err();
    assert_eq!(constant, Refutation::Constant { row: 0, found: 1 });
    let less = nets(60, 6);
    let minus_one = add(&y, &[Bit::One; 6], &less);
    let cells = [&cells[..], &[minus_one]].concat();
    assert_eq!(verdict(0, &cells, &less), Ok(Certificate { outputs: 1, cells: 6, latency: 0 }));
}

#[test]
fn certifies_sums_that_wrap_unless_they_are_extended() {
    // 5*x does not fit 6 bits, but 5*x - 2*x is 3*x all the same.
    let [five, y] = [10, 20].map(|first| nets(first, 6));
    let difference =
        |a: &[Bit], y: &[Bit]| operator("$sub", true, &[("A", a), ("B", &placed(&x(), 1, 6))], y);
    let sum = add(&placed(&x(), 0, 6), &placed(&x(), 2, 6), &five);
    assert!(verdict(0, &[sum.clone(), difference(&five, &y)], &y).is_ok());
    let wide = nets(30, 7);
    let error = verdict(0, &[sum, difference(&five, &wide)], &wide[..6]).unwrap_err();
    assert!(error.to_string().contains("values from -40 to 35 do not fit s6"), "{error}");
}

#[test]
fn refutations_name_the_fault_and_its_line() {
    let [sum, other] = [10, 20].map(|first| nets(first, 6));
    let (one, two) = (placed(&x(), 0, 6), placed(&x(), 1, 6));
    let right = add(&one, &two, &sum);
    let held = nets(30, 4);
    let narrow = add(&placed(&x(), 0, 5), &placed(&x(), 1, 5), &sum[..5]);
    let unsigned: Vec<Bit> = x().into_iter().chain([Bit::Zero, Bit::Zero]).collect();
    let shifted_right = placed(&x()[1..], 0, 6);
    let square = operator("$mul", true, &[("A", &x()), ("B", &x())], &sum);
    let feedback = add(&one, &sum, &sum);
    let both = [register(CLOCK, &x(), &held), add(&one, &placed(&held, 1, 6), &sum)];
    let clocked = [register(Bit::Net(3), &x(), &held), add(&placed(&held, 0, 6), &placed(&held, 1, 6), &sum)];
    let cases: [(u32, &[Cell], &[Bit], &str); 13] = [
        (0, &[], &one, "y[0] contains 1 * x[0], but the weight is 3"),
        (0, &[right.clone(), add(&sum, &[Bit::One], &other)], &other, "y[0] is 1 when every x is 0"),
        (0, &[narrow], &placed(&sum[..5], 0, 6), "y[0]: values from -24 to 21 do not fit s5"),
        (0, &[add(&unsigned, &two, &sum)], &sum, "line 7: values from -8 to 7 do not fit u4"),
        (0, &[add(&shifted_right, &two, &sum)], &sum, "line 7: a bit that is neither the lowest of a vector"),
        (0, &[square], &sum, "a product of two vectors"),
        (0, &[operator("$xor", false, &[("A", &one), ("B", &two)], &sum)], &sum, "a $xor cell"),
        (0, &[], &sum, "y[0]: a bit that is neither the lowest of a vector"),
        (0, &[], &[Bit::Undefined; 6], "y[0]: an undefined bit"),
        (0, &[feedback], &sum, "an output depends on itself"),
        (1, &[right], &sum, "y[0] follows x after 0 cycles, not 1"),
        (1, &both, &sum, "line 7: combines values of different cycles"),
        (1, &clocked, &sum, "a register that is not clocked by posedge clk"),
    ];
    for (stages, cells, y, text) in cases {
        let error = verdict(stages, cells, y).unwrap_err().to_string();
        assert!(error.contains(text), "no '{text}' in: {error}");
    }
    let error = verdict(0, &[], &sum[..5]).unwrap_err().to_string();
    assert!(error.contains("port y has 5 bits instead of 6"), "{error}");
}

/// All variants of the cell with a single change; changes of the top bit are excluded if it is redundant.
fn changes(cell: &Cell) -> Vec<Cell> {
    let mut changed = Vec::new();
    let kind = match cell.kind.as_str() {
        "$add" => Some("$sub"),
        "$sub" => Some("$add"),
        "$not" | "$neg" => Some("$pos"),
        _ => None,
    };
    changed.extend(kind.map(|kind| Cell { kind: kind.to_string(), ..cell.clone() }));
    if cell.is_register() {
        changed.push(operator("$pos", false, &[("A", cell.input("D"))], cell.output()));
    }
    for port in cell.inputs.keys().filter(|port| *port != "CLK") {
        let bits = cell.input(port);
        for (index, &bit) in bits.iter().enumerate().take(cell.output().len() - 1) {
            let mut below = bits[..index].iter();
            let wrong_bit = match bit {
                Bit::Zero => Bit::One,
                Bit::One => Bit::Zero,
                // The lowest bit: the one below may be equal, where a vector is wider than its values.
                net => *below.find(|other| **other != net).unwrap_or(&Bit::Zero),
            };
            let mut other = cell.clone();
            other.inputs.get_mut(port).unwrap()[index] = wrong_bit;
            changed.push(other);
        }
    }
    changed
}

#[test]
#[ignore = "needs Yosys: fetches it"]
fn refutes_every_change_of_a_generated_module() {
    let notice = |text: &str| eprintln!("{text}");
    let environment = Environment::of_process();
    let yosys = Yosys::open(&environment, &Cache::open(&environment).unwrap(), &notice).unwrap();
    let cases: [(&[&str], usize); 4] = [
        (&["x_signed=false", "stages=3"], 400),
        (&["target=ice40"], 400),
        (&["target=ice40", "x_signed=false", "stages=2"], 400),
        (&["arch=inferred", "x_signed=false"], 200),
    ];
    for (sets, at_least) in cases {
        let config = config(sets);
        let netlist = elaborate(&yosys, &config, &render(&config), Duration::from_secs(300)).unwrap();
        assert!(verdict_on(&config, &netlist).is_ok());
        let mut count = 0;
        for (name, cell) in &netlist.cells {
            for changed in changes(cell) {
                let mut netlist = netlist.clone();
                netlist.cells.insert(name.clone(), changed.clone());
                assert!(
                    verdict_on(&config, &netlist).is_err(),
                    "{sets:?}: unnoticed:\n{cell:?}\n{changed:?}"
                );
                count += 1;
            }
        }
        assert!(count >= at_least, "{sets:?}: {count} changes");
    }
}
