"""Quantized networks from .tflite and .onnx files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _qrtl
from ._result import Result, result
from ._unit import write


class Network:
    """A quantized network, computed byte for byte as its runtime does.

    Args:
        path: A .tflite or .onnx file.
        profile: The runtime whose bytes are reproduced: `tflm`, `litert-reference`, `litert-optimized` or `ort`; by
            default `tflm` for .tflite and `ort` for .onnx.

    Raises:
        QrtlError: The file cannot be read, or is no quantized network.
    """

    def __init__(self, path: str | os.PathLike[str], profile: str | None = None) -> None:
        self._network = _qrtl.Network(os.fspath(path), profile)
        self._path = Path(path)

    def __repr__(self) -> str:
        return f"<qrtl.Network {self._path.name}>"

    @property
    def layers(self) -> list[Result]:
        """The layers: `name`, `operator`, `shape`, `macs`, `weight_bytes`, `accumulator_bits`, `refused` and so on."""
        return self.listing().layers

    def listing(self) -> Result:
        """Input, output, layers and totals; its text is the table of `qrtl list`."""
        return result(self._network.listing())

    def run(self, x: ArrayLike) -> NDArray[Any]:
        """Outputs of the reference.

        Args:
            x: Frames of shape [N, ...] in the type of the network's input.

        Returns:
            One output for each frame, shape [N, ...].
        """
        return self._network.run(np.asarray(x), False)[0]

    def tensors(self, x: ArrayLike) -> dict[str, NDArray[Any]]:
        """Every tensor that a layer computes, by its label, for frames as for `run`."""
        return self._network.run(np.asarray(x), True)[1]

    def tensor(self, name: str, x: ArrayLike) -> NDArray[Any]:
        """One tensor of `tensors`."""
        tensors = self.tensors(x)
        if name not in tensors:
            raise _qrtl.QrtlError(f"no tensor {name!r}; the tensors are {', '.join(tensors)}")
        return tensors[name]

    def hardware(
        self,
        *,
        cycles: int | None = None,
        multipliers: int | None = None,
        target: str = "generic",
        dsp: str = "allow",
    ) -> Hardware:
        """The network as hardware.

        Args:
            cycles: Clock cycles from one frame to the next, at most; the fewest multipliers are taken with them.
            multipliers: Multipliers, at most; the fewest clock cycles are taken with them.
            target: FPGA family: `generic`, `ice40`, `ecp5`, `xc7` or `xcup`.
            dsp: `allow` or `avoid` DSP blocks.

        Raises:
            QrtlError: A layer has no hardware, or the cycles or multipliers cannot be reached.
        """
        return Hardware(self._network.hardware(cycles, multipliers, target, dsp))

    def simulate(self, x: ArrayLike, **hardware: Any) -> NDArray[Any]:
        """Outputs of the simulated Verilog, for frames as for `run` and options as for `hardware`."""
        return self.hardware(**hardware).simulate(x)

    def generate(
        self, folder: str | os.PathLike[str], companions: Iterable[str] = (), **hardware: Any
    ) -> list[Path]:
        """Writes the Verilog and its report to a folder, with options as for `hardware`; returns the files."""
        return self.hardware(**hardware).generate(folder, companions)


class Hardware:
    """A network as one Verilog module with AXI4-Stream ends, made by `Network.hardware`."""

    def __init__(self, hardware: _qrtl.Hardware) -> None:
        self._hardware = hardware
        self.cycles: int | None = None
        """Clock cycles of the last `simulate`."""

    def __repr__(self) -> str:
        return f"<qrtl.Hardware {self.name}>"

    @property
    def name(self) -> str:
        """Name of the module."""
        return self._hardware.name

    @property
    def report(self) -> Result:
        """Fold, cycles, multipliers and memory, module by module."""
        return result(self._hardware.report, self._hardware.page)

    def generate(self, folder: str | os.PathLike[str], companions: Iterable[str] = ()) -> list[Path]:
        """Writes the Verilog, its report and companion files by the names of `qrtl generate --with`."""
        return write(folder, self._hardware.files(list(companions)))

    def simulate(self, x: ArrayLike) -> NDArray[Any]:
        """Outputs of the simulated Verilog for frames as for `Network.run`."""
        outputs, self.cycles = self._hardware.simulate(np.asarray(x))
        return outputs

    def verify(self, *, cases: int | None = None, seed: int = 1, threads: int | None = None) -> Result:
        """Compares the Verilog with the reference on random frames and stalls, see `Unit.verify`."""
        passed, report = self._hardware.verify(cases, seed, threads or os.cpu_count() or 1)
        return result(report, passed=passed)
