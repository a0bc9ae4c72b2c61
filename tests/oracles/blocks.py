"""Write tests/vectors/formats/blocks.json: blocks by the rules of microxcaling, and NVFP4, in NumPy and ml_dtypes.

microxcaling is no package. Its rules, evaluated here in float64: the shared exponent is floor(log2(max)) less the largest
exponent of an element, at least -127; a zero block counts as 2^-126; an element is divided by that power of two, its
significand is rounded, and it is clamped to the largest number. Dot products of neighbouring blocks are exact fractions, rounded
once.
"""

from fractions import Fraction
from pathlib import Path

import ml_dtypes
import numpy as np

from files import finish, save

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "formats"
# Exponent bits, significand bits with the hidden one, largest number, type of the codes.
ELEMENTS = {
    "mxfp8_e4m3": (4, 4, 448.0, ml_dtypes.float8_e4m3fn),
    "mxfp8_e5m2": (5, 3, 57344.0, ml_dtypes.float8_e5m2),
    "mxfp6_e2m3": (2, 4, 7.5, ml_dtypes.float6_e2m3fn),
    "mxfp6_e3m2": (3, 3, 28.0, ml_dtypes.float6_e3m2fn),
    "mxfp4": (2, 2, 6.0, ml_dtypes.float4_e2m1fn),
    "mxint8": (0, 7, 127 / 64, np.int8),
}
BLOCKS, SIZE = 56, 32


def exponent(values):
    """Return floor(log2(|v|)), exactly."""
    return np.frexp(np.abs(values))[1] - 1


def rounded(values, mode):
    """Round to an integer: to nearest, ties to even or away from zero."""
    magnitudes = np.abs(values)
    return np.copysign(np.rint(magnitudes) if mode == "even" else np.floor(magnitudes + 0.5), values)


def inputs():
    """Return blocks of binary32: any magnitude, ties, zeros, extremes, NaN and infinity."""
    draw = np.random.default_rng(32)
    blocks = draw.normal(size=(BLOCKS, SIZE)) * 2.0 ** draw.integers(-30, 30, size=(BLOCKS, 1))
    # Elements apart in magnitude, and multiples of small powers of two, which are ties.
    blocks[8:16] *= 2.0 ** draw.integers(-12, 1, size=(8, SIZE))
    for block in range(16, 32):
        blocks[block] = draw.integers(-64, 65, size=SIZE) * 2.0 ** (block - 24) / 16
    blocks[32:36] = draw.normal(size=(4, SIZE)) * 2.0**-140
    blocks[36:40] = draw.uniform(-1, 1, size=(4, SIZE)) * np.finfo(np.float32).max
    blocks[40] = 0
    blocks[41] = -0.0
    blocks[42] = [2.0**-149] + [0] * (SIZE - 1)
    blocks[43] = [-(2.0**-126)] + [2.0**-127] * (SIZE - 1)
    blocks[44, 3] = np.nan
    blocks[45, 0] = np.inf
    blocks[46, 31] = -np.inf
    # Largest elements on both sides of a power of two.
    for block, largest in enumerate([1.0, 1.0 - 2.0**-24, 1.75, 1.875, 1.9375, 1.96875, 1.984375, 2.0], 48):
        blocks[block] = np.linspace(-largest, largest, SIZE)
    with np.errstate(over="ignore", under="ignore"):
        return blocks.astype(np.float32)


def mx(blocks, name, mode):
    """Return scales and codes of MX blocks."""
    exponent_bits, bits, largest, dtype = ELEMENTS[name]
    reals = blocks.astype(np.float64)
    top = np.abs(reals).max(axis=1)
    special = ~np.isfinite(top)
    usual = np.where(special, 1.0, np.where(top == 0, 2.0**-126, top))
    shared = np.maximum(exponent(usual) - exponent(largest), -127)
    quotients = np.where(special[:, None], 0.0, reals) / 2.0 ** shared[:, None]
    if exponent_bits:
        own = np.where(quotients == 0, 0, exponent(quotients))
        own = np.maximum(own, 2 - 2 ** (exponent_bits - 1))
    else:
        own = np.zeros(quotients.shape, int)
    step = 2.0 ** (own - (bits - 1))
    values = np.clip(rounded(quotients / step, mode) * step, -largest, largest)
    if exponent_bits:
        codes = values.astype(dtype)
        assert np.array_equal(codes.astype(np.float64), values)
    else:
        codes = (values * 64).astype(np.int8)
    return np.where(special, 0xFF, shared + 127).astype(np.uint8), codes.view(np.uint8)


def nvfp4(blocks):
    """Return scales and codes of NVFP4: E4M3 of a sixth of the largest, elements divided in binary32."""
    top = np.abs(blocks).max(axis=1)
    special = ~np.isfinite(top)
    sixth = np.where(special, np.float32(0), top) / np.float32(6)
    scales = np.minimum(sixth, np.float32(448)).astype(ml_dtypes.float8_e4m3fn)
    divisors = scales.astype(np.float32)[:, None]
    finite = np.where(special[:, None], np.float32(0), blocks)
    with np.errstate(over="ignore"):
        quotients = finite / np.where(divisors == 0, np.float32(1), divisors)
    # Without a scale, zeros keep the sign of their element.
    quotients = np.where(divisors == 0, np.copysign(np.float32(0), finite), quotients)
    codes = np.clip(quotients, -6, 6).astype(ml_dtypes.float4_e2m1fn)
    return np.where(special, 0x7F, scales.view(np.uint8)).astype(np.uint8), codes.view(np.uint8)


def binary32(exact):
    """Round a fraction to a binary32 once, ties to even; return its pattern."""
    if exact == 0:
        return 0
    top = abs(exact)
    length = top.numerator.bit_length() - top.denominator.bit_length()
    length -= top < Fraction(2) ** length
    unit = Fraction(2) ** max(length - 23, -149)
    value = round(top / unit) * unit
    magnitude = np.float32(np.inf) if value >= 2**128 else np.float32(float(value))
    return int(np.copysign(magnitude, -1 if exact < 0 else 1).view(np.uint32))


def dots(name, scales, codes):
    """Return the dot product of each block and the next as binary32, from fractions."""
    if name == "nvfp4":
        dtype, factors = ml_dtypes.float4_e2m1fn, scales.view(ml_dtypes.float8_e4m3fn)
    else:
        dtype, factors = ELEMENTS[name][3], scales.view(ml_dtypes.float8_e8m0fnu)
    elements = codes.view(dtype).astype(np.float64) / (64 if name == "mxint8" else 1)
    factors = factors.astype(np.float64)
    sums = []
    for block in range(len(elements)):
        pair = [block, (block + 1) % len(elements)]
        if np.isnan(factors[pair]).any():
            sums.append(0x7FC00000)
            continue
        scale = Fraction(factors[pair[0]]) * Fraction(factors[pair[1]])
        products = [Fraction(a) * Fraction(b) for a, b in zip(*elements[pair])]
        sums.append(binary32(scale * sum(products)))
    return sums


def main():
    blocks = inputs()
    halves = blocks.reshape(-1, 16)
    recorded = [(name, mode, mx(blocks, name, mode)) for name in ELEMENTS for mode in ["even", "away"]]
    recorded.append(("nvfp4", "even", nvfp4(halves)))
    results = [
        {
            "format": name,
            "rounding": mode,
            "scales": scales.tobytes().hex(),
            "codes": codes.tobytes().hex(),
            "dot_f32_bits": dots(name, scales, codes),
        }
        for name, mode, (scales, codes) in recorded
    ]
    table = {
        "source": "rules of microxcaling in NumPy; codes of ml_dtypes " + ml_dtypes.__version__,
        "license": "Apache-2.0",
        "x_f32_bits": blocks.view("<u4").tobytes().hex(),
        "results": results,
    }
    finish([save(VECTORS / "blocks.json", table)])


if __name__ == "__main__":
    main()
