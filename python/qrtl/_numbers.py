"""Quantization of reals, requantization of accumulators, and identification of rounding rules."""

from __future__ import annotations

from enum import Enum
from typing import Any, Sequence, Union

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _qrtl
from ._result import Result, result

Number = Union[int, float, ArrayLike]


class _Word(str, Enum):
    """A choice; its value is the word of the command line, which is accepted in its place."""

    def __str__(self) -> str:
        return str(self.value)


Rule = _Word("Rule", {name.upper(): name for name, _ in _qrtl.rules()})  # type: ignore[misc]
Rule.__doc__ = "A rounding rule of a deployed runtime; `qrtl rules` lists who uses which."


class Scheme(_Word):
    """How reals map to codes."""

    SYMMETRIC = "symmetric"
    """Real 0 is code 0."""
    AFFINE = "affine"
    """An integer zero point is the code of real 0."""
    OFFSET = "offset"
    """A real offset is the number of the smallest code."""


class Rounding(_Word):
    """How a real between two codes is rounded."""

    EVEN = "even"
    """To the nearest, ties to even."""
    AWAY = "away"
    """To the nearest, ties away from zero."""
    TRUNCATE = "truncate"
    """Toward zero."""


class Convention(_Word):
    """The formulas that turn a range into a scale and a zero point."""

    PUBLISHED = "published"
    """The equations of docs/arithmetic.md."""
    TORCH = "torch"
    """The observers of torch.ao.quantization."""
    ONNXRUNTIME = "onnxruntime"
    """The calibrators of onnxruntime.quantization."""


class Granularity(str):
    """The elements that share a scale: `Granularity.TENSOR`, `.channel(axis)` or `.block(axis, size)`."""

    TENSOR: Granularity

    @classmethod
    def channel(cls, axis: int) -> Granularity:
        """One scale for each index of an axis; -1 is the last."""
        return cls(f"channel:{axis}")

    @classmethod
    def block(cls, axis: int, size: int) -> Granularity:
        """One scale for each block of `size` elements along an axis."""
        return cls(f"block:{axis}:{size}")


Granularity.TENSOR = Granularity("tensor")


def quantize(
    x: ArrayLike,
    bits: int = 8,
    *,
    signed: bool = True,
    scheme: Scheme | str = Scheme.SYMMETRIC,
    granularity: Granularity | str = Granularity.TENSOR,
    rounding: Rounding | str = Rounding.EVEN,
    reciprocal: bool = False,
    calibrate: str | None = None,
    batches: Sequence[ArrayLike] = (),
    convention: Convention | str = Convention.PUBLISHED,
    scale: Number | None = None,
    zero_point: Number | None = None,
    offset: Number | None = None,
) -> tuple[NDArray[Any], Result]:
    """Quantizes reals to integer codes, computing in their type.

    Without a scale, the parameters are derived from `x` and `batches`, by default from the smallest and the largest
    number of each part.

    Args:
        x: float32 or float64 reals of any shape; float16 is taken as float32, other numbers as float64.
        bits: Width of a code, 2 to 16.
        signed: Whether codes are two's complement.
        scheme: How reals map to codes.
        granularity: The elements that share a scale.
        rounding: How a real between two codes is rounded.
        reciprocal: Multiply by the rounded reciprocal of the scale instead of dividing, as PyTorch does.
        calibrate: How the range is derived: "minmax", "percentile:99.99", "mse", "entropy" or "moving-average:0.01".
        batches: More reals of the same tensor, observed after `x` and not returned.
        convention: Formulas of the derived scale and zero point.
        scale: Real distance between neighbouring codes: one number, or an array of one for each part.
        zero_point: Code of real 0, of the affine scheme; as `scale`.
        offset: Real of the smallest code, of the offset scheme; as `scale`.

    Returns:
        The codes, of the shape of `x`, as int8, uint8, int16 or uint16; and a result with `scale`, `zero_point` or
        `offset`, the calibrated `range`, and `metrics` of all reals (`sqnr_db`, `mse`, `max_abs_error`, `mean_abs_error`,
        `clipped`).

    Raises:
        QrtlError: The input or a parameter cannot be used; the text names the fix.
    """
    reals = np.asarray(x)
    if reals.dtype == np.float16:
        reals = reals.astype(np.float32)
    if reals.dtype not in (np.float32, np.float64):
        reals = reals.astype(np.float64)
    more = [np.asarray(batch).astype(reals.dtype) for batch in batches]
    words = [str(scheme), str(granularity), str(rounding), str(convention)]
    numbers = (_reals(scale, reals.dtype), _integers(zero_point), _reals(offset, reals.dtype))
    codes, report = _qrtl.quantize(reals, bits, signed, words, reciprocal, calibrate, more, *numbers)
    return codes, result(report)


def dequantize(codes: ArrayLike, scale: Number, zero_point: Number = 0) -> NDArray[np.float32]:
    """Reals of codes: `(codes - zero_point) * scale`, rounded once to float32; exact differences of up to 29 bits.

    Args:
        codes: Integer codes of any shape.
        scale: Real distance between neighbouring codes; an array broadcasts against `codes`.
        zero_point: Code of real 0; an array broadcasts against `codes`.

    Returns:
        float32 reals of the shape of `codes`.
    """
    steps = np.asarray(codes).astype(np.int64) - np.asarray(zero_point).astype(np.int64)
    # A product of 29 bits and the 24 of a float32 is exact in float64.
    return (steps * np.asarray(scale, np.float32).astype(np.float64)).astype(np.float32)


def requantize(
    acc: ArrayLike,
    rule: Rule | str,
    *,
    multiplier: Number | None = None,
    shift: Number | None = None,
    scale: Number | None = None,
    input_scale: Number | None = None,
    weight_scale: Number | None = None,
    output_scale: Number | None = None,
    multiplier_from: str = "f64",
    bias: Number | None = None,
    zero_point: Number = 0,
    min: int | None = None,
    max: int | None = None,
    bits: int = 8,
    signed: bool = True,
    engine: str = "reference",
) -> tuple[NDArray[Any], Result]:
    """Codes of accumulators under a named rounding rule.

    Args:
        acc: int32 or int64 accumulators of any shape.
        rule: The rounding rule.
        multiplier: Q0.31 multiplier, with `shift`: one number, or an array of one for each entry of the last axis.
        shift: Left shift, negative to the right; as `multiplier`.
        scale: Real scale, instead of multiplier and shift; as `multiplier`.
        input_scale, weight_scale, output_scale: The three scales of a layer, instead of their ratio; as `multiplier`.
        multiplier_from: Arithmetic that forms the ratio of the three: "f64", "f32", "f32_reciprocal" or "f32_product".
        bias: Bias that rule `f32_bias` adds, in accumulator steps; as `multiplier`.
        zero_point: Code of real 0; as `multiplier`.
        min: Smallest code; `zero_point` for a fused ReLU.
        max: Largest code.
        bits: Width of a code, 2 to 16.
        signed: Whether codes are two's complement.
        engine: `"reference"`, or `"rtl"` to compute with the simulated requantizer.

    Returns:
        The codes, of the shape of `acc`, as int8, uint8, int16 or uint16; and a result with the numbers in the form
        that the rule uses (`channels`).

    Raises:
        QrtlError: The input or a number cannot be used; the text names the fix.
    """
    layer = (input_scale, weight_scale, output_scale)
    numbers = _rescaling(multiplier, shift, scale, layer, multiplier_from, bias, zero_point, min, max)
    codes, report = _qrtl.requantize(_accumulators(acc), str(rule), numbers, bits, signed, _on_rtl(engine))
    return codes, result(report)


def identify(
    acc: ArrayLike,
    codes: ArrayLike,
    *,
    multiplier: Number | None = None,
    shift: Number | None = None,
    scale: Number | None = None,
    input_scale: Number | None = None,
    weight_scale: Number | None = None,
    output_scale: Number | None = None,
    multiplier_from: str = "f64",
    bias: Number | None = None,
    zero_point: Number = 0,
    min: int | None = None,
    max: int | None = None,
    bits: int | None = None,
    signed: bool = True,
) -> Result:
    """The rounding rules that reproduce recorded codes.

    Args:
        acc: int32 or int64 accumulators.
        codes: The codes that a runtime or a device gave for them, of the same shape.
        multiplier, shift, scale, zero_point, min, max: As for `requantize`, and so are the other numbers; of the three
            scales of a layer, every form of the ratio is tried.
        bits: Width of a code; by default that of the type of `codes`, 8 bits for int32.
        signed: Whether codes are two's complement.

    Returns:
        A result with `sentence`, the answer; `verdict`; `explaining`, the names of the rules that reproduce every code;
        `rules`, what was found for each rule; and `separating`, accumulators to run through the runtime, as rows of
        channels, if the answer is not unique.
    """
    layer = (input_scale, weight_scale, output_scale)
    numbers = _rescaling(multiplier, shift, scale, layer, multiplier_from, bias, zero_point, min, max)
    return result(_qrtl.identify(_accumulators(acc), np.asarray(codes), numbers, bits, not signed))


def _accumulators(acc: ArrayLike) -> NDArray[Any]:
    array = np.asarray(acc)
    # Of the types that a list of integers becomes, the wider one.
    return array if isinstance(acc, np.ndarray) or array.dtype.kind == "f" else array.astype(np.int64)


def _rescaling(
    multiplier: Number | None,
    shift: Number | None,
    scale: Number | None,
    layer: tuple[Number | None, Number | None, Number | None],
    multiplier_from: str,
    bias: Number | None,
    zero_point: Number,
    least: int | None,
    most: int | None,
) -> dict[str, Any]:
    return {
        "multiplier": _integers(multiplier),
        "shift": _integers(shift),
        "scale": _reals(scale, np.dtype(np.float64)),
        "input_scale": _reals(layer[0], np.dtype(np.float64)),
        "weight_scale": _reals(layer[1], np.dtype(np.float64)),
        "output_scale": _reals(layer[2], np.dtype(np.float64)),
        "multiplier_from": multiplier_from,
        "bias": _reals(bias, np.dtype(np.float64)),
        "zero_point": _integers(zero_point),
        "min": least,
        "max": most,
    }


def _reals(number: Number | None, dtype: np.dtype[Any]) -> Any:
    """A number as text, which is rounded once; an array as it is."""
    if number is None:
        return None
    array = np.asarray(number)
    return repr(float(array)) if array.ndim == 0 else array.astype(dtype)


def _integers(number: Number | None) -> Any:
    if number is None:
        return None
    array = np.asarray(number)
    if array.ndim == 0:
        return str(array.item())
    return array.astype(np.int32) if array.dtype == np.int64 and np.array_equal(array, array.astype(np.int32)) else array


def _on_rtl(engine: str) -> bool:
    if engine not in ("rtl", "reference"):
        raise _qrtl.QrtlError(f"engine {engine!r} is unknown; use 'rtl' or 'reference'")
    return engine == "rtl"
