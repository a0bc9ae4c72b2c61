"""The cocotb testbench that `generate` writes passes on the module, and fails on a broken one."""

import os
import shutil
import subprocess
import sys

import pytest

import qrtl

# A unit of each timing: combinational, registers without control, a pipeline, a sum, an operation of many cycles.
UNITS = [
    "int4_multiplier",
    "int8_multiplier_p2",
    "requantizer_single",
    "int8_mac_sat20",
    "uint8_dot8_zp_acc",
    "fp8_dot_e5m2_h100",
    "quantizer_int8",
    "int4_multiplier_quad_xcup",
    "requantizer_serial",
]

# Faults in the Verilog: a sign, a missing stage, a lost valid bit, a sum that never starts, a wrong code.
FAULTS = [
    ("int4_multiplier", "a * b", "$signed({1'b0, a}) * b"),
    ("int8_multiplier_p2", "product = product_q", "product = a_1 * b_1"),
    ("requantizer_single", "assign valid_out = valid[4]", "assign valid_out = valid[3]"),
    ("requantizer_single", "else if (en)", "else"),
    ("int8_mac_sat20", "start       <= clear;", "start       <= 1'b0;"),
    ("requantizer_serial", "outside ? ", "1'b0 ? "),
]


def run(folder, name):
    """Exit status and output of the testbench; its seed is that of every run."""
    assert shutil.which("iverilog"), "install Icarus Verilog: apt-get install iverilog"
    environment = {**os.environ, "SEED": "1"}
    command = [sys.executable, f"test_{name}.py"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", UNITS)
def test_generated_module_passes(name, tmp_path):
    qrtl.Unit(name).generate(tmp_path, ["cocotb"])
    status, output = run(tmp_path, name)
    assert status == 0, output
    assert "PASS=1 FAIL=0" in output


@pytest.mark.parametrize(("name", "found", "fault"), FAULTS)
def test_broken_module_fails(name, found, fault, tmp_path):
    verilog, *_ = qrtl.Unit(name).generate(tmp_path, ["cocotb"])
    text = verilog.read_text()
    assert found in text
    verilog.write_text(text.replace(found, fault))
    status, output = run(tmp_path, name)
    assert status == 1, output
    assert "PASS=0 FAIL=1" in output and "AssertionError: transaction" in output


def test_streams_are_refused_with_the_fix(tmp_path):
    with pytest.raises(qrtl.QrtlError, match="stream_fork_8 cannot have the companion file 'cocotb'.*testbench"):
        qrtl.Unit("stream_fork_8").generate(tmp_path, ["cocotb"])
