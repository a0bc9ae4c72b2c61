//! Verification, proof and mutants of designs with other names, polarities and parameters than a config.

use std::fs;

use tempfile::TempDir;

use crate::common::command::{Run, qrtl};

/// A mac with an active-low reset, a parameter, an included file and an input that the config does not have.
const MAC: &str = "\
`include \"widths.vh\"
module mac_core #(parameter W = 4) (
    input clk_i, input rst_ni, input mode, input first,
    input signed [W-1:0] x, input signed [W-1:0] w,
    output reg signed [`PRODUCT-1:0] p, output reg signed [31:0] sum);
  reg clear_q;
  wire signed [31:0] base = clear_q ? 0 : sum;
  always @(posedge clk_i)
    if (!rst_ni) begin p <= 0; sum <= 0; clear_q <= 0; end
    else begin p <= mode ? x * w : x + w; sum <= base + p; clear_q <= first; end
endmodule
";

/// A requantizer by a power of two with neither enable nor valid bits.
const SHIFTER: &str = "\
module shifter(input clk, input signed [31:0] d, output reg signed [7:0] q);
  reg signed [32:0] s;
  always @(posedge clk) begin
    s <= (33'sd8 + d) >>> 4;
    q <= s > 127 ? 127 : s < -128 ? -128 : s;
  end
endmodule
";

fn folder(name: &str, text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), text).unwrap();
    fs::write(folder.path().join("widths.vh"), "`define PRODUCT (2*W)\n").unwrap();
    folder
}

fn run(verb: &str, folder: &TempDir, file: &str, options: &str) -> Run {
    let path = folder.path().join(file);
    let mut words: Vec<&str> = verb.split(' ').collect();
    words.extend(["--rtl", path.to_str().unwrap()]);
    words.extend(options.split(' ').filter(|word| !word.is_empty()));
    qrtl(&words)
}

const MAC_OPTIONS: &str = "--top mac_core -G W=8 --tie mode=1 \
                           --map clk=clk_i,rst=!rst_ni,clear=first,a=x,b=w,accum=sum";

#[test]
fn verifies_a_design_with_other_ports() {
    let mac = folder("mac.v", MAC);
    let passed = run("verify int8_mac --cases 20000", &mac, "mac.v", MAC_OPTIONS);
    assert_eq!(passed.code, 0, "{}", passed.stderr);
    assert!(passed.stdout.contains("all equal"), "{}", passed.stdout);

    let faulty = folder("mac.v", &MAC.replace("clear_q <= first", "clear_q <= 0"));
    let failed = run("verify int8_mac --cases 20000", &faulty, "mac.v", MAC_OPTIONS);
    assert_eq!(failed.code, 1, "{}", failed.stderr);
    let replay = "--top mac_core --map 'clk=clk_i,rst=!rst_ni";
    assert!(failed.stderr.contains(replay) && failed.stderr.contains("-G 'W=8'"), "{}", failed.stderr);
}

#[test]
fn a_map_that_audit_wrote_serves_verify() {
    let mac = folder("mac.v", MAC);
    let path = mac.path().join("mac.map");
    let file = path.to_str().unwrap();
    let options = "--top mac_core -G W=8 --tie mode=1 --map clk=clk_i,rst=rst_ni,clear=first,a=x,b=w,out=sum";
    let source = mac.path().join("mac.v");
    let mut words =
        vec!["audit", source.to_str().unwrap(), "--unit", "mac", "--cases", "2048", "--write-map", file];
    words.extend(options.split_whitespace());
    qrtl(&words).product();
    let map = fs::read_to_string(&path).unwrap();
    assert!(
        map.starts_with("# Ports of mac_core, by the roles of `qrtl audit --unit mac`.\n# --tie mode=1\n"),
        "{map}"
    );
    let lines: Vec<&str> = map.lines().skip(2).collect();
    assert_eq!(lines, ["clk=clk_i", "rst=!rst_ni", "clear=first", "a=x", "b=w", "out=sum"]);

    let passed = run(
        "verify int8_mac --cases 20000",
        &mac,
        "mac.v",
        &format!("--top mac_core -G W=8 --tie mode=1 --map @{file}"),
    );
    assert_eq!(passed.code, 0, "{}", passed.stderr);
    fs::write(&path, "# nothing\n").unwrap();
    run("verify int8_mac", &mac, "mac.v", &format!("--top mac_core --map @{file}"))
        .refused_with(&["mac.map has no assignment: write lines such as acc=PORT"]);
    run("verify int8_mac", &mac, "mac.v", "--top mac_core --map @missing.map")
        .refused_with(&["cannot read missing.map"]);
}

#[test]
fn a_tied_port_is_not_connected_by_its_name() {
    let mac = folder("mac.v", &MAC.replace("mode", "en"));
    let options = MAC_OPTIONS.replace("mode=1", "en=1");
    let passed = run("verify int8_mac --cases 20000", &mac, "mac.v", &options);
    assert_eq!(passed.code, 0, "{}", passed.stderr);
    run("verify int8_mac", &mac, "mac.v", &format!("{options},en=en"))
        .refused_with(&["the port en is given twice"]);
}

#[test]
fn wrapper_replaces_enable_and_valid() {
    let shifter = folder("shifter.v", SHIFTER);
    let unit = "verify requantizer --set rule=pow2 --set shift=-4 --set stages=2 --cases 20000";
    let options = "--top shifter --map acc=d,out=q";
    let passed = run(unit, &shifter, "shifter.v", options);
    assert_eq!(passed.code, 0, "{}", passed.stderr);
    let faulty = folder("shifter.v", &SHIFTER.replace("33'sd8", "33'sd7"));
    assert_eq!(run(unit, &faulty, "shifter.v", options).code, 1);
    // The config has a register more than the design.
    let late = run(&unit.replace("stages=2", "stages=3"), &shifter, "shifter.v", options);
    assert_eq!(late.code, 1, "{}", late.stderr);
}

#[test]
fn mutants_and_proofs_of_a_design() {
    let multiplier = "module product(input signed [3:0] x, y, output signed [7:0] z);\n  \
                      assign z = y * x;\nendmodule\n";
    let design = folder("product.v", multiplier);
    let options = "--top product --map a=x,b=y,product=z";
    let proved = run("prove int4_multiplier", &design, "product.v", options);
    assert_eq!(proved.code, 0, "{}{}", proved.stdout, proved.stderr);
    // The proof of a mac is about registers that only its own module has.
    let mac = folder("mac.v", MAC);
    run("prove int8_mac", &mac, "mac.v", MAC_OPTIONS).refused_with(&["mult_result", "use qrtl verify"]);
    let wrong = folder("product.v", &multiplier.replace("y * x", "y * x + 8'd1"));
    assert_eq!(run("prove int4_multiplier", &wrong, "product.v", options).code, 1);
    let scored = run("mutate int4_multiplier --mutants 20", &design, "product.v", options);
    assert_eq!(scored.code, 0, "{}{}", scored.stdout, scored.stderr);
    assert!(scored.stdout.contains("int4_multiplier"), "{}", scored.stdout);
}

#[test]
fn names_ports_that_do_not_correspond() {
    let mac = folder("mac.v", MAC);
    let refused = |options: &str, parts: &[&str]| {
        run("verify int8_mac", &mac, "mac.v", options).refused_with(parts);
    };
    refused("--top mac_core", &["no input of mac_core is mapped to clk", "--map clk=PORT", "clk_i (1 bits)"]);
    refused(&MAC_OPTIONS.replace(" -G W=8", ""), &["x has 4 bits, and a has 8", "parameters of the config"]);
    refused(&MAC_OPTIONS.replace(" --tie mode=1", ""), &["the input mode of mac_core is not driven"]);
    refused(&MAC_OPTIONS.replace("accum=sum", "accum=total"), &["mac_core has no port 'total'"]);
    refused(&MAC_OPTIONS.replace("accum=sum", "acumm=sum"), &["no port 'acumm'", "did you mean 'accum'"]);
    refused(&MAC_OPTIONS.replace("a=x", "a=sum"), &["sum is mapped to a, which is an input"]);
    refused("--top int8_mac", &["named int8_mac as the config is"]);
    refused("--map a=x", &["--top <MODULE>"]);
}

#[test]
fn legal_verilog_with_warnings_is_verified() {
    let text = "module int4_multiplier(input signed [3:0] a, b, output signed [7:0] product);\n  \
                wire signed [15:0] wide = a * b;\n  assign product = wide;\nendmodule\n";
    let design = folder("wide.v", text);
    let run = run("verify int4_multiplier", &design, "wide.v", "");
    assert_eq!(run.code, 0, "{}", run.stderr);
}
