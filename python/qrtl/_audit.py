"""Audits of third-party Verilog."""

from __future__ import annotations

import os
from typing import Any, Iterable, Mapping

from . import _qrtl
from ._result import Result, result


def audit(
    files: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    top: str,
    unit: str,
    map: Mapping[str, str],
    *,
    tie: Mapping[str, Any] | None = None,
    set: Mapping[str, Any] | None = None,
    includes: Iterable[str | os.PathLike[str]] = (),
    defines: Iterable[str] = (),
    parameters: Mapping[str, Any] | None = None,
    latency: int | None = None,
    cases: int | None = None,
    seed: int = 1,
    exhaustive: bool = False,
    time_limit: int = 300,
    allow_host_code: bool = False,
) -> Result:
    """Finds out what a design computes: the rounding rule of a requantizer, or the signedness of a multiplier.

    Args:
        files: Verilog and SystemVerilog files, packages before the files that import them.
        top: Top module.
        unit: Kind of the design: `requantizer`, `multiplier`, `mac` or `dot`.
        map: Ports by role: `{"acc": "x", "out": "y", "clk": "clk"}`.
        tie: Values of constant inputs by port.
        set: Numbers that the design has inside: `{"multiplier": 805306368, "total_shift": 35}`.
        includes: Folders of included files and modules.
        defines: Macros: `NAME` or `NAME=VALUE`.
        parameters: Parameters of the top module by name.
        latency: Clock cycles; measured if not given.
        cases: Random transactions where the operands are not enumerated.
        seed: Seed of the random transactions.
        exhaustive: Whether to enumerate all operands whatever their number.
        time_limit: Seconds for Verilator.
        allow_host_code: Whether the design may run code and write files on this machine.

    Returns:
        A result with `explaining`, the names of the candidates that match every result; its page is shown in notebooks.

    Raises:
        QrtlError: The design cannot be built, mapped or simulated, or does not respond.
    """
    if isinstance(files, (str, os.PathLike)):
        files = [files]
    lists = {
        "maps": _pairs(map),
        "ties": _pairs(tie),
        "sets": _pairs(set),
        "includes": [os.fspath(folder) for folder in includes],
        "defines": list(defines),
        "parameters": _pairs(parameters),
    }
    report, page = _qrtl.audit(
        [os.fspath(file) for file in files],
        top,
        unit,
        lists,
        latency,
        cases,
        seed,
        exhaustive,
        time_limit,
        allow_host_code,
    )
    return result(report, page)


def _pairs(values: Mapping[str, Any] | None) -> list[str]:
    return [f"{name}={value}" for name, value in (values or {}).items()]
