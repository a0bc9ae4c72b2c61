//! The same unit, checked as thoroughly, by what people use otherwise, where it is installed.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::finish;
use qrtl::generator::render;
use qrtl::unit::Config;

/// Vectors of one measurement: a second or so.
const ICARUS_VECTORS: u64 = 1 << 19;
const COCOTB_VECTORS: u64 = 1 << 14;

/// A testbench with the model in Verilog itself; prints how many outputs differ.
const ICARUS_MULTIPLIER: &str = "
module bench;
    reg signed [7:0] a, b;
    wire signed [15:0] product;
    integer i, wrong;
    int8_multiplier unit (.a(a), .b(b), .product(product));
    initial begin
        wrong = 0;
        for (i = 0; i < VECTORS; i = i + 1) begin
            {a, b} = i[15:0];
            #1 if (product !== a * b) wrong = wrong + 1;
        end
        $display(\"%0d differ\", wrong);
        $finish;
    end
endmodule
";

const ICARUS_MAC: &str = "
module bench;
    reg clk, rst;
    reg signed [7:0] a, b;
    reg signed [15:0] product;
    reg signed [31:0] sum;
    wire signed [31:0] accum;
    integer i, wrong;
    int8_mac unit (.clk(clk), .rst(rst), .en(1'b1), .clear(1'b0), .a(a), .b(b), .accum(accum));
    initial begin
        wrong = 0;
        clk = 0;
        rst = 1;
        for (i = 0; i < VECTORS; i = i + 1) begin
            {a, b} = i[15:0];
            #1 if (i > 0 && accum !== sum) wrong = wrong + 1;
            sum = rst ? 0 : sum + product;
            product = rst ? 0 : a * b;
            clk = 1;
            #1 clk = 0;
            rst = 0;
        end
        $display(\"%0d differ\", wrong);
        $finish;
    end
endmodule
";

const COCOTB_MULTIPLIER: &str = "
import time
import cocotb
from cocotb.triggers import Timer

@cocotb.test()
async def bench(dut):
    start = time.monotonic()
    for i in range(VECTORS):
        a, b = (i & 255) - 128, (i >> 8 & 255) - 128
        dut.a.value = a
        dut.b.value = b
        await Timer(1, 'step')
        assert dut.product.value.to_signed() == a * b
    print('seconds', time.monotonic() - start, flush=True)
";

const COCOTB_MAC: &str = "
import time
import cocotb
from cocotb.triggers import Timer

@cocotb.test()
async def bench(dut):
    start = time.monotonic()
    total = product = 0
    dut.en.value, dut.clear.value, dut.rst.value, dut.clk.value = 1, 0, 1, 0
    for i in range(VECTORS):
        a, b = (i & 255) - 128, (i >> 8 & 255) - 128
        dut.a.value = a
        dut.b.value = b
        await Timer(1, 'step')
        assert i == 0 or dut.accum.value.to_signed() == total
        total, product = (total + product, a * b) if i else (0, 0)
        dut.clk.value = 1
        await Timer(1, 'step')
        dut.clk.value = 0
        dut.rst.value = 0
    print('seconds', time.monotonic() - start, flush=True)
";

/// Builds and runs a cocotb test, under Verilator where it is on PATH.
const COCOTB_RUN: &str = "
import shutil
from cocotb_tools.runner import get_results, get_runner

simulator = 'verilator' if shutil.which('verilator') else 'icarus'
runner = get_runner(simulator)
runner.build(sources=['unit.v'], hdl_toplevel='TOP', build_args=['-O3'] if simulator == 'verilator' else [])
results = runner.test(hdl_toplevel='TOP', test_module='bench')
print('simulator', simulator)
assert get_results(results) == (1, 0)
";

/// Checked vectors per second of each that is installed; a line on stderr for each that is not.
pub fn rates(config: &Config) -> Result<Vec<(String, f64)>, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("unit.v"), render(config))?;
    let found = [icarus(config, folder.path())?, cocotb(config, folder.path())?];
    Ok(found.into_iter().flatten().collect())
}

fn is_installed(program: &str, arguments: &[&str]) -> bool {
    let there = Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success());
    if !there {
        eprintln!("not measured, for want of it: {program} {}", arguments.join(" "));
    }
    there
}

fn icarus(config: &Config, folder: &Path) -> Result<Option<(String, f64)>, Box<dyn Error>> {
    if !is_installed("iverilog", &["-V"]) {
        return Ok(None);
    }
    let bench = if config.name() == "int8_mac" { ICARUS_MAC } else { ICARUS_MULTIPLIER };
    fs::write(folder.join("bench.v"), bench.replace("VECTORS", &ICARUS_VECTORS.to_string()))?;
    let files = ["-g2005", "-o", "bench.vvp", "bench.v", "unit.v"];
    finish(Command::new("iverilog").args(files).current_dir(folder))?;
    let clock = Instant::now();
    let printed = finish(Command::new("vvp").args(["-n", "bench.vvp"]).current_dir(folder))?;
    let seconds = clock.elapsed().as_secs_f64();
    assert!(printed.lines().any(|line| line == "0 differ"), "{printed}");
    Ok(Some(("Icarus Verilog".to_string(), ICARUS_VECTORS as f64 / seconds)))
}

fn cocotb(config: &Config, folder: &Path) -> Result<Option<(String, f64)>, Box<dyn Error>> {
    if !is_installed("python3", &["-c", "import cocotb_tools.runner"]) {
        return Ok(None);
    }
    let bench = if config.name() == "int8_mac" { COCOTB_MAC } else { COCOTB_MULTIPLIER };
    fs::write(folder.join("bench.py"), bench.replace("VECTORS", &COCOTB_VECTORS.to_string()))?;
    fs::write(folder.join("run.py"), COCOTB_RUN.replace("TOP", config.name()))?;
    let printed =
        finish(Command::new("python3").arg("run.py").env("PYTHONPATH", folder).current_dir(folder))?;
    let value = |name: &str| {
        let found = printed.lines().find_map(|line| line.strip_prefix(name));
        found.ok_or_else(|| format!("no {name} in {printed}"))
    };
    let seconds: f64 = value("seconds ")?.parse()?;
    Ok(Some((format!("cocotb, {}", value("simulator ")?), COCOTB_VECTORS as f64 / seconds)))
}
