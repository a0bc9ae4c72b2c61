"""Write tests/vectors/formats from ml_dtypes and onnx: decode tables and encodings."""

import json
from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
from onnx import numpy_helper

from files import finish, save

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "formats"
FLOATS = [
    "float8_e5m2",
    "float8_e4m3fn",
    "float8_e4m3",
    "float8_e4m3fnuz",
    "float8_e5m2fnuz",
    "float8_e4m3b11fnuz",
    "float8_e3m4",
    "float8_e8m0fnu",
    "float6_e2m3fn",
    "float6_e3m2fn",
    "float4_e2m1fn",
]
INTEGERS = ["int4", "uint4", "int2", "uint2"]


def float_table(name):
    dtype, info = getattr(ml_dtypes, name), ml_dtypes.finfo(name)
    n = 1 << info.bits
    values = np.arange(n, dtype=np.uint8).view(dtype).astype(np.float32)
    return {
        "n": n,
        "max": float(info.max),
        "min": float(info.min),
        "tiny": float(info.tiny),
        "smallest_subnormal": float(info.smallest_subnormal),
        "f32_bits": [int(v) for v in values.view(np.uint32)],
    }


def integer_table(name):
    n = 1 << ml_dtypes.iinfo(name).bits
    values = np.arange(n, dtype=np.uint8).view(getattr(ml_dtypes, name))
    return {"n": n, "values": [int(v) for v in values]}


def decode_tables():
    return {
        "source": "ml_dtypes 0.6.0",
        "license": "Apache-2.0",
        "note": "f32_bits[i] = IEEE-754 binary32 bit pattern of code i",
        "formats": {n: float_table(n) for n in FLOATS} | {n: integer_table(n) for n in INTEGERS},
    }


def encoded(path, name):
    """Return the table with recomputed codes; the inputs, every boundary of the format, are kept."""
    table = json.loads(path.read_text())
    inputs = np.array(table["x_f32_bits"], np.uint32).view(np.float32)
    with np.errstate(all="ignore"):
        codes = inputs.astype(getattr(ml_dtypes, name)).view(np.uint8)
    return table | {"code": [int(c) for c in codes]}


def boundaries(name):
    """Return binary32 at every code, midpoint, quarter and boundary of a format, with both neighbours."""
    n = 1 << ml_dtypes.finfo(name).bits
    values = np.arange(n, dtype=np.uint8).view(getattr(ml_dtypes, name)).astype(np.float64)
    codes = np.unique(np.abs(values[np.isfinite(values)]))
    steps = np.append(np.diff(codes), codes[-1] - codes[-2])
    near = np.concatenate([codes, codes + steps / 4, codes + steps / 2, codes + steps, codes[:1] / [2, 4, 1024]])
    drawn = np.random.default_rng(len(name)).normal(size=200) * codes[len(codes) // 2]
    special = [0, np.inf, 1e-45, 2**-149, 2**-127, 2**-126, 1e-30, 1e30, np.finfo(np.float32).max]
    with np.errstate(over="ignore", under="ignore"):
        exact = np.concatenate([special, near, np.abs(drawn)]).astype(np.float32).view(np.uint32)
    patterns = np.concatenate([exact - (exact > 0), exact, exact + 1])
    nans = [0x7FC00000, 0x7F800001, 0x7FFFFFFF]
    magnitudes = np.unique(np.append(patterns, nans)).astype(np.uint32)
    return np.concatenate([magnitudes, magnitudes | 0x80000000])


def runtimes(name):
    """Return the codes of each runtime, by mode; a code is a byte in hexadecimal."""
    inputs = boundaries(name)
    values, dtype = inputs.view(np.float32), getattr(ml_dtypes, name)
    with np.errstate(invalid="ignore"):
        codes = {"propagate": values.astype(dtype)}
        if name == "float8_e8m0fnu":
            for mode in ["nearest", "up", "down"]:
                codes[f"saturate_{mode}"] = numpy_helper.to_float8e8m0(values, True, mode)
        else:
            codes["saturate"] = numpy_helper.saturate_cast(values, dtype)
    return {
        "source": f"ml_dtypes {ml_dtypes.__version__} float32.astype; onnx {onnx.__version__} numpy_helper",
        "license": "Apache-2.0",
        "format": name,
        "x_f32_bits": inputs.astype("<u4").tobytes().hex(),
        "codes": {mode: code.view(np.uint8).tobytes().hex() for mode, code in codes.items()},
    }


def main():
    results = [save(VECTORS / "decode_tables.json", decode_tables())]
    for name in ["float8_e4m3fn", "float8_e5m2"]:
        path = VECTORS / f"encode_{name}.json"
        results.append(save(path, encoded(path, name)))
    for name in FLOATS:
        if name not in ["float8_e4m3fn", "float8_e5m2", "float8_e4m3"]:
            results.append(save(VECTORS / f"conversions_{name}.json", runtimes(name)))
    finish(results)


if __name__ == "__main__":
    main()
