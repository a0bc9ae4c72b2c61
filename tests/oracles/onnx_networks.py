"""Write the small .onnx networks of tests/data/networks and what ONNX Runtime answers to them.

Beside each file, an .npz file holds inputs `x`, outputs `y_ort`, and every tensor of codes of the first input
(`tensor_NAME_ort`).
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import helper

from onnx_graph import OnnxGraph

NETWORKS = Path(__file__).resolve().parents[1] / "data" / "networks"
FRAMES = 5


def convolutions():
    g = OnnxGraph(1, [1, 3, 9, 8])
    q = g.quantize("x", 0.02, 7)
    q = g.conv(q, 0.02, 7, 8, 3, [3, 3], 0.05, -128, strides=[2, 2], pads=[0, 1, 1, 0])
    q = g.conv(q, 0.05, -128, 8, 8, [3, 3], 0.06, 5, group=8, pads=[1, 1, 1, 1])
    q = g.conv(q, 0.06, 5, 12, 8, [2, 3], 0.09, -3, group=4, auto_pad="SAME_LOWER")
    q = g.conv(q, 0.09, -3, 24, 12, [3, 2], 0.1, 1, group=12, dilations=[2, 1], pads=[2, 0, 2, 1])
    q = g.conv(q, 0.1, 1, 6, 24, [2, 2], 0.2, 9, strides=[2, 1], auto_pad="SAME_UPPER")
    q = g.conv(q, 0.2, 9, 5, 6, [1, 1], 0.2, 9, bias=False, per_channel=False, auto_pad="VALID")
    g.final(q, 0.2, 9)
    return g


def residual():
    g = OnnxGraph(2, [1, 4, 6, 6])
    q = g.quantize("x", 0.03, -11)
    a = g.conv(q, 0.03, -11, 4, 4, [3, 3], 0.071, 20, pads=[1, 1, 1, 1])
    q = g.add(q, 0.03, -11, a, 0.071, 20, 0.08, -30)
    q = g.node("MaxPool", [q], kernel_shape=[3, 2], strides=[2, 2], pads=[1, 0, 1, 0])
    q = g.concatenation([q, q], 0.08, -30, 1)
    q = g.global_average(q, 0.08, -30, 0.05, 4)
    q = g.node("Flatten", [q])
    q = g.gemm(q, 0.05, 4, 6, 0.11, -2, depth=8)
    q = g.softmax(q, 0.11, -2)
    g.final(q, 1 / 256, -128)
    return g


def moves():
    g = OnnxGraph(3, [1, 3, 4, 5])
    q = g.quantize("x", 0.02, 7)
    q = g.node("Transpose", [q], perm=[0, 2, 3, 1])
    q = g.node("Reshape", [q, g.constant([1, 2, 6, -1], np.int64)])
    q = g.conv(q, 0.02, 7, 3, 2, [2, 2], 0.05, 1)
    q = g.node("Flatten", [q])
    q = g.node("Unsqueeze", [q, g.constant([1], np.int64)])
    q = g.matmul(q, 0.05, 1, 7, 0.2, -9, depth=60)
    q = g.node("Squeeze", [q, g.constant([1], np.int64)])
    q = g.gemm(q, 0.2, -9, 4, 0.3, 3, depth=7, transposed=0)
    g.final(q, 0.3, 3)
    return g


def unsigned():
    g = OnnxGraph(4, [1, 2, 5, 5], dtype=np.uint8)
    q = g.quantize("x", 0.02, 120)
    a = g.conv(q, 0.02, 120, 2, 2, [3, 3], 0.06, 0, pads=[1, 1, 1, 1])
    q = g.add(q, 0.02, 120, a, 0.06, 0, 0.07, 61)
    q = g.global_average(q, 0.07, 61, 0.04, 133)
    q = g.node("Flatten", [q])
    q = g.matmul(q, 0.04, 133, 6, 0.05, 99, depth=2, weight_zero_point=128, dtype=np.uint8)
    q = g.softmax(q, 0.05, 99, 1 / 255, 0)
    g.final(q, 1 / 255, 0)
    return g


def constants():
    g = OnnxGraph(6, [1, 3, 4, 5])
    q = g.quantize("x", 0.02, 7)
    q = g.add(g.constant_codes([1, 3, 4, 5]), 0.01, -40, q, 0.02, 7, 0.025, 11)
    q = g.node("Flatten", [q])
    q = g.matmul(q, 0.025, 11, 9, 0.2, -9, depth=60)
    q = g.add(q, 0.2, -9, g.constant_codes([9]), 0.03, 5, 0.25, 2)
    g.final(q, 0.25, 2)
    return g


def products():
    """Products whose scales are powers of two, so that many are halfway between two codes."""
    g = OnnxGraph(7, [1, 2, 9, 8])
    q = g.quantize("x", 0.02, 7)
    q = g.mul(q, 0.25, 7, g.constant_codes([1, 2, 9, 8]), 0.25, -3, 4, 5)
    q = g.mul(q, 4, 5, q, 4, 5, 64, -1)
    g.final(q, 64, -1)
    return g


def qdq():
    """Floats between QuantizeLinear and DequantizeLinear, with a fused Relu."""
    g = OnnxGraph(5, [1, 3, 6, 6])
    f = g.dequantize(g.quantize("x", 0.02, 7), 0.02, 7)

    def constant(values, scale, dtype, axis=0):
        names = [g.constant(values, dtype), g.constant(scale, np.float32), g.constant(np.zeros_like(scale), dtype)]
        return g.node("DequantizeLinear", names, axis=axis)

    def requantized(f, scale, zero_point):
        return g.dequantize(g.quantize(f, scale, zero_point), scale, zero_point)

    scale = g.rng.uniform(0.002, 0.01, 4).astype(np.float32)
    w = constant(g.rng.integers(-127, 128, [4, 3, 3, 3]), scale, np.int8)
    b = constant(g.rng.integers(-2000, 2000, 4), np.float32(0.02) * scale, np.int32)
    f = g.node("Relu", [g.node("Conv", [f, w, b], pads=[1, 1, 1, 1])])
    f = requantized(f, 0.04, -128)
    w = constant(g.rng.integers(-127, 128, [4, 1, 3, 3]), scale, np.int8)
    h = requantized(g.node("Conv", [f, w], group=4, pads=[1, 1, 1, 1]), 0.05, 3)
    f = requantized(g.node("Add", [f, h]), 0.06, -9)
    f = requantized(g.node("MaxPool", [f], kernel_shape=[2, 2], strides=[2, 2]), 0.06, -9)
    f = requantized(g.node("GlobalAveragePool", [f]), 0.03, 2)
    f = requantized(g.node("Flatten", [f]), 0.03, 2)
    w = constant(g.rng.integers(-127, 128, [5, 4]), np.float32(0.004), np.int8)
    b = constant(g.rng.integers(-2000, 2000, 5), np.float32(0.03) * np.float32(0.004), np.int32)
    q = g.quantize(g.node("Gemm", [f, w, b], transB=1), 0.02, 1)
    g.final(q, 0.02, 1)
    return g


def gates():
    """Products of unsigned codes."""
    g = OnnxGraph(8, [1, 3, 5, 4], dtype=np.uint8)
    q = g.quantize("x", 0.03, 120)
    a = g.conv(q, 0.03, 120, 3, 3, [3, 3], 0.06, 70, pads=[1, 1, 1, 1])
    q = g.mul(a, 0.06, 70, q, 0.03, 120, 0.053, 131)
    q = g.mul(a, 0.06, 70, q, 0.053, 131, 0.047, 90)
    g.final(q, 0.047, 90)
    return g


BUILDERS = [convolutions, residual, moves, unsigned, constants, products, qdq, gates]


def codes(g):
    """Names of the tensors of codes that nodes compute, except in a graph of floats."""
    if any(node.op_type == "Conv" for node in g.nodes):
        return []
    return [node.output[0] for node in g.nodes if node.op_type not in ("QuantizeLinear", "DequantizeLinear")]


def record(g):
    x = g.rng.uniform(-3, 3, (FRAMES, *g.shape[1:])).astype(np.float32)
    settings = onnxruntime.SessionOptions()
    if not any(node.op_type == "Conv" for node in g.nodes):
        settings.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    names = codes(g)
    session = onnxruntime.InferenceSession(g.model(names).SerializeToString(), settings)
    runs = [session.run(None, {"x": frame[None]}) for frame in x]
    arrays = {"x": x, "y_ort": np.stack([run[0][0] for run in runs])}
    return arrays | {f"tensor_{name}_ort": runs[0][1 + index].reshape(-1) for index, name in enumerate(names)}


def main():
    same = []
    for build in BUILDERS:
        g = build()
        content, arrays = g.content(), record(g)
        network, recording = (NETWORKS / f"onnx_{build.__name__}.{end}" for end in ("onnx", "npz"))
        equal = network.exists() and network.read_bytes() == content and recording.exists()
        if equal:
            known = np.load(recording)
            equal = sorted(known.files) == sorted(arrays) and all(np.array_equal(known[k], arrays[k]) for k in arrays)
        if "--check" not in sys.argv[1:] and not equal:
            network.write_bytes(content)
            np.savez_compressed(recording, **arrays)
        same.append(equal)
        print(f"networks/onnx_{build.__name__}: {'same' if equal else 'DIFFERS'}")
    sys.exit(1 if "--check" in sys.argv[1:] and not all(same) else 0)


if __name__ == "__main__":
    main()
