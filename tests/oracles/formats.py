"""Write tests/vectors/formats from ml_dtypes: decode tables, and encodings of the inputs kept there."""

import json
from pathlib import Path

import ml_dtypes
import numpy as np

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


def main():
    results = [save(VECTORS / "decode_tables.json", decode_tables())]
    for name in ["float8_e4m3fn", "float8_e5m2"]:
        path = VECTORS / f"encode_{name}.json"
        results.append(save(path, encoded(path, name)))
    finish(results)


if __name__ == "__main__":
    main()
