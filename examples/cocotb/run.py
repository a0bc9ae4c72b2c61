"""Runs the cocotb test on the generated module, and on one with a fault, which it must catch."""

import shutil
import sys
from pathlib import Path

from cocotb_tools.runner import get_results, get_runner

import qrtl

HERE = Path(__file__).parent
BUILD = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "build"


def failures(simulator: str, name: str, verilog: str) -> int:
    """Number of tests that fail on this Verilog."""
    folder = BUILD / simulator / name
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "mac.v"
    source.write_text(verilog)
    runner = get_runner(simulator)
    runner.build(sources=[source], hdl_toplevel=UNIT.name, build_dir=folder, timescale=("1ns", "1ps"), always=True)
    results = runner.test(
        hdl_toplevel=UNIT.name,
        test_module="mac_testbench",
        test_dir=HERE,
        build_dir=folder,
        results_xml=str((folder / "results.xml").resolve()),
    )
    tests, failed = get_results(results)
    if tests == 0:
        sys.exit(f"{simulator}: no test ran")
    return failed


UNIT = qrtl.Unit("mac", a_bits=4, b_bits=4, acc_bits=20)
GOOD = UNIT.verilog()
BROKEN = GOOD.replace("start       <= clear;", "start       <= clear & en & ~a[3];")
assert BROKEN != GOOD

simulators = [name for name, program in [("icarus", "iverilog"), ("verilator", "verilator")] if shutil.which(program)]
if not simulators:
    sys.exit("no simulator: install Icarus Verilog or Verilator")
for simulator in simulators:
    if failures(simulator, "generated", GOOD):
        sys.exit(f"{simulator}: the generated module fails")
    if not failures(simulator, "broken", BROKEN):
        sys.exit(f"{simulator}: the fault is not caught")
    print(f"{simulator}: the generated module passes, the fault is caught")
