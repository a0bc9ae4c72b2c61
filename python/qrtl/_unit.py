"""Units of the catalogue."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Sequence, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _qrtl
from ._result import Result, result

Setting = Union[bool, int, str, ArrayLike]


@dataclass(frozen=True)
class Port:
    """A port of a module."""

    name: str
    """Name in the Verilog."""
    direction: str
    """`input` or `output`."""
    role: str
    """`clock`, `reset`, `enable`, `clear`, `data` and so on."""
    bits: int
    """Width of an element in bits."""
    signed: bool
    """Whether elements are two's complement."""
    float: str | None
    """Format of elements that are floats, such as `e4m3` or `binary32`; their codes are the bit patterns."""
    elements: int
    """Number of elements, packed into one vector, element 0 lowest."""
    help: str
    """What the port carries."""


def units() -> dict[str, list[str]]:
    """The units of the catalogue, each with its presets."""
    return {name: presets for name, _, presets in _qrtl.units()}


class Unit:
    """A unit or preset of the catalogue with its parameters.

    >>> mac = Unit("mac", a_bits=4, b_bits=4, acc_bits=20)
    >>> mac.latency
    2

    Args:
        name: A unit, such as `mac`, or a preset, such as `int8_mac`; `units()` names them.
        **settings: Parameters by name; `qrtl list UNIT` describes them. A list or an array is a table or a matrix.

    Raises:
        QrtlError: A parameter is unknown, or its value is not legal.
    """

    def __init__(self, name: str, **settings: Setting) -> None:
        words = [f"{setting}={_word(value)}" for setting, value in settings.items()]
        self._unit = _qrtl.Unit(name, words)

    def __repr__(self) -> str:
        return f"<qrtl.Unit {self.name}>"

    @property
    def name(self) -> str:
        """Name of the module."""
        return self._unit.name

    @property
    def unit(self) -> str:
        """Name of the unit in the catalogue."""
        return self._unit.unit

    @property
    def arguments(self) -> str:
        """Arguments of the command line that name this unit."""
        return self._unit.arguments

    @property
    def latency(self) -> int:
        """Clock cycles from an operand to the output that includes it."""
        return self._unit.latency

    @property
    def ports(self) -> list[Port]:
        """The ports of the module, in its order."""
        fields = json.loads(self._unit.ports())
        return [
            Port(
                port["name"],
                port["direction"],
                port["role"],
                port["bits"],
                port["signed"],
                port.get("float", {}).get("name"),
                port["elements"],
                port["help"],
            )
            for port in fields
        ]

    def verilog(self) -> str:
        """The module as Verilog-2005 text."""
        return self._unit.verilog()

    def generate(self, folder: str | os.PathLike[str], companions: Iterable[str] = ()) -> list[Path]:
        """Writes the module, and companion files by the names of `qrtl generate --with`; returns the files."""
        return write(folder, self._unit.files(list(companions)))

    def reference(self, **inputs: ArrayLike) -> dict[str, NDArray[Any]]:
        """Outputs of the bit-exact software reference, see `simulate`."""
        return self._unit.simulate(_arrays(inputs), False)

    def simulate(self, **inputs: ArrayLike) -> dict[str, NDArray[Any]]:
        """Outputs of the simulated Verilog for arrays named after the input ports.

        Args:
            **inputs: One array for each data port, with one row for each transaction: shape [N], or [N, elements] for a
                port of several elements. Control ports without an array are idle. binary32 ports take float32.

        Returns:
            One array for each output port. Row N belongs to transaction N, whatever the latency. A unit with state is
            reset first.

        Raises:
            QrtlError: An array does not fit its port, or the model cannot be built.
        """
        return self._unit.simulate(_arrays(inputs), True)

    def verify(
        self,
        verilog: str | None = None,
        *,
        cases: int | None = None,
        seed: int = 1,
        exhaustive: bool = False,
        threads: int | None = None,
    ) -> Result:
        """Compares Verilog with the reference.

        Args:
            verilog: Text that defines the module `name`; by default the generated one.
            cases: Random transactions where the input space is not swept exhaustively.
            seed: Seed of the random transactions.
            exhaustive: Whether to sweep the input space whatever its size.
            threads: Worker threads; by default one for each core.

        Returns:
            A result with `passed`, `compared`, `domain`, `exhaustive`, `mismatches` and `failure`.
        """
        threads = threads or os.cpu_count() or 1
        passed, report = self._unit.verify(verilog, cases, seed, exhaustive, threads)
        return result(report, passed=passed)

    def model(self, verilog: str | None = None) -> Model:
        """A simulated instance that is driven step by step; `verilog` as for `verify`."""
        return Model(self._unit.model(verilog))


class Model:
    """A simulated instance.

    Inputs keep their values from step to step; enable and valid begin at 1, all others at 0.
    """

    def __init__(self, model: _qrtl.Model) -> None:
        self._model = model

    def set(self, port: str | None = None, value: int | Sequence[int] = 0, **values: int | Sequence[int]) -> None:
        """Sets inputs: `set("a", -3)` or `set(a=-3, b=5)`; a port of several elements takes a list, element 0 first."""
        if port is not None:
            values = {port: value, **values}
        for name, number in values.items():
            self._model.set(name, [int(element) for element in np.atleast_1d(number)])

    def step(self, rows: int = 1) -> None:
        """Applies the inputs, samples the outputs and gives the rising clock edge, `rows` times."""
        self._model.step(rows)

    def get(self, port: str) -> int | list[int]:
        """An output as sampled in the last step; a list for a port of several elements. Floats are bit patterns."""
        values = self._model.get(port)
        return values[0] if len(values) == 1 else values


def write(folder: str | os.PathLike[str], files: list[tuple[str, str]]) -> list[Path]:
    """Writes texts to a folder, which is made if need be; returns the paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name, _ in files]
    for path, (_, text) in zip(paths, files):
        path.write_bytes(text.encode())
    return paths


def _arrays(inputs: dict[str, ArrayLike]) -> dict[str, NDArray[Any]]:
    return {name: np.asarray(array) for name, array in inputs.items()}


def _word(value: Setting) -> str:
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    if isinstance(value, (int, str, np.integer)):
        return str(value)
    array = np.asarray(value)
    if array.ndim == 2:
        return ";".join(",".join(str(entry) for entry in row) for row in array.tolist())
    return ",".join(str(entry) for entry in array.tolist())
