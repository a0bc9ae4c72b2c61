//! The question for the solver: is there a transaction whose result is not that of the rule?

use qrtl::catalogue::{Config, Value};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The solver's answer.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No transaction differs.
    Equal,
    /// One does.
    Different,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/proofs")
}

/// The statement of a rule, which defines `rescale`.
pub fn rule(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.smt2"))).unwrap()
}

/// Compares a circuit with a rule, on every transaction.
pub fn decide(config: &Config, verilog: &str, rule: &str) -> Verdict {
    let scratch = tempfile::tempdir().unwrap();
    let file = |name: &str| scratch.path().join(name);
    fs::write(file("unit.v"), verilog).unwrap();
    let top = config.name();
    let script =
        format!("read_verilog unit.v; prep -top {top}; async2sync; dffunmap; write_smt2 -wires unit.smt2");
    let yosys = Command::new("yosys").args(["-q", "-p", &script]).current_dir(scratch.path()).output();
    let yosys = yosys.unwrap_or_else(|error| panic!("cannot run yosys: {error}; apt-get install yosys"));
    assert!(yosys.status.success(), "{}", String::from_utf8_lossy(&yosys.stderr));
    let circuit = fs::read_to_string(file("unit.smt2")).unwrap();
    let output = fs::read_to_string(folder().join("output.smt2")).unwrap();
    let text = ["(set-logic ALL)\n", &circuit, rule, &output, &question(config)].concat();
    fs::write(file("question.smt2"), text).unwrap();
    let solver = Command::new("python3").arg(folder().join("solve.py")).arg(file("question.smt2")).output();
    let solver = solver.unwrap_or_else(|error| panic!("cannot run python3: {error}"));
    match String::from_utf8_lossy(&solver.stdout).trim() {
        "unsat" => Verdict::Equal,
        "sat" => Verdict::Different,
        other => panic!(
            "no answer but '{other}': {}\npython3 must find the packages of tests/proofs/requirements.txt",
            String::from_utf8_lossy(&solver.stderr)
        ),
    }
}

/// The unrolled circuit and the claim that its result is not the rule's.
fn question(config: &Config) -> String {
    let (top, latency) = (config.name(), config.behaviour().latency());
    let mut lines: Vec<String> =
        (0..=latency).map(|cycle| format!("(declare-const s{cycle} |{top}_s|)")).collect();
    for cycle in 0..latency {
        lines.push(format!("(assert (|{top}_t| s{cycle} s{}))", cycle + 1));
        lines.push(format!("(assert (and (|{top}_n en| s{cycle}) (not (|{top}_n rst| s{cycle}))))"));
    }
    let acc = extended(config, "acc", true);
    let [multiplier, shift, zero_point] =
        ["multiplier", "shift", "zero_point"].map(|name| match config.values().value(name) {
            Value::Integer(number) => format!("#x{number:016x}"),
            _ => extended(config, name, name != "multiplier"),
        });
    // A port of 6 bits carries two shifts that the rule does not know.
    lines.push(format!("(assert (and (bvsge {shift} (bvneg (_ bv31 64))) (bvsle {shift} (_ bv30 64))))"));
    lines.push(format!(
        "(assert (or (distinct (|{top}_n valid_out| s{latency}) (|{top}_n valid_in| s0))
            (distinct (|{top}_n out| s{latency})
                (code (rescale {acc} {multiplier} {shift}) {zero_point}))))
(check-sat)\n"
    ));
    lines.join("\n")
}

/// What a port carries in the first cycle, as 64 bits.
fn extended(config: &Config, name: &str, signed: bool) -> String {
    let ports = config.ports();
    let port = ports.iter().find(|port| port.name == name).expect("a constant or a port");
    let kind = if signed { "sign_extend" } else { "zero_extend" };
    format!("((_ {kind} {}) (|{}_n {name}| s0))", 64 - port.width(), config.name())
}
