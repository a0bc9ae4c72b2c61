"""cocotb test of a multiply-accumulate; what it must answer comes from qrtl's reference."""

import os

import cocotb
import numpy as np
from cocotb.clock import Clock
from cocotb.triggers import FallingEdge

import qrtl

PAIRS = 1000


@cocotb.test()
async def sums_equal_the_reference(dut):
    unit = qrtl.Unit("mac", a_bits=4, b_bits=4, acc_bits=20)
    rng = np.random.default_rng(int(os.environ.get("SEED", "1")))
    a, b = rng.integers(-8, 8, (2, PAIRS), dtype=np.int8)
    clear = rng.random(PAIRS) < 0.05
    expected = unit.reference(a=a, b=b, clear=clear)["accum"]

    Clock(dut.clk, 10, unit="ns").start()
    dut.en.value, dut.clear.value, dut.a.value, dut.b.value = 1, 0, 0, 0
    dut.rst.value = 1
    await FallingEdge(dut.clk)
    await FallingEdge(dut.clk)
    dut.rst.value = 0
    for cycle in range(PAIRS + unit.latency):
        pair = min(cycle, PAIRS - 1)
        dut.a.value, dut.b.value, dut.clear.value = int(a[pair]), int(b[pair]), int(clear[pair])
        if cycle >= unit.latency:
            index = cycle - unit.latency
            found = dut.accum.value.to_signed()
            assert found == expected[index], f"pair {index}: accum is {found}, the reference says {expected[index]}"
        await FallingEdge(dut.clk)
