"""Write the small networks of tests/data/networks and what the runtimes answer to them.

Every .tflite file is made from a seed. Beside it, an .npz file holds inputs `x`, the outputs of each kernel set
(`y_tflm`, `y_litert_reference`, `y_litert_optimized`) and every tensor of the first input (`tensor_T_tflm` and so on,
T = index in the file). A kernel set that refuses the network has no arrays.
"""

import multiprocessing
import os
import sys
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from tflite_micro.python.tflite_micro import runtime as micro

from tflite_graph import ACTIVATIONS, OPS, TYPES, Graph, options

NETWORKS = Path(__file__).resolve().parents[1] / "data" / "networks"
RESOLVERS = {
    "litert_reference": OpResolverType.BUILTIN_REF,
    "litert_optimized": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
}


def convolutions(g):
    x = g.input([1, 7, 6, 3])
    y = g.conv(x, 8, [3, 3], stride=2, act="RELU6", scale=0.03, zero_point=-128)
    y = g.conv(y, 5, [1, 1], act="RELU", zero_point=-128, per_channel=False)
    y = g.conv(y, 6, [3, 2], dilation=2)
    y = g.conv(y, 9, [2, 3], same=False, act="RELU_N1_TO_1", scale=0.015)
    return g.conv(y, 4, [1, 1], stride=2)


def no_bias(g):
    y = g.conv(g.input([1, 5, 4, 3]), 4, [1, 1])
    return g.conv(y, 6, [2, 2], bias=False)


def small_maps(g):
    x = g.input([1, 9, 1, 4])
    y = g.conv(x, 8, [3, 3], stride=3)
    y = g.conv(y, 8, [3, 1], stride=3)
    y = g.conv(y, 5, [3, 3])
    y = g.depthwise(y, 2, [3, 3])
    return g.conv(y, 3, [1, 1])


def groups(g):
    return g.conv(g.input([1, 4, 5, 6]), 9, [3, 3], groups=3)


def depthwise(g):
    x = g.input([1, 8, 7, 13])
    y = g.depthwise(x, 1, [3, 3], act="RELU6", scale=0.04, zero_point=-128)
    y = g.depthwise(y, 1, [3, 3], stride=2)
    y = g.depthwise(y, 2, [2, 3], dilation=2)
    return g.depthwise(y, 1, [4, 4], same=False, act="RELU")


def ties(g):
    """Scales of powers of two: one sum in 32 is halfway between two codes."""
    x = g.input([1, 4, 4, 13], scale=0.25, zero_point=0)
    y = g.depthwise(x, 1, [1, 2], weight_scale=0.25, scale=2, zero_point=0)
    y = g.conv(y, 6, [1, 1], weight_scale=0.25, scale=32, zero_point=0)
    return g.conv(y, 6, [1, 1], weight_scale=0.25, scale=512, zero_point=0, groups=3)


def depth_multiplier(g):
    x = g.input([1, 6, 5, 1])
    y = g.depthwise(x, 8, [3, 3], stride=2)
    return g.depthwise(y, 3, [2, 2])


def dead_channels(g):
    """Scales down to a right shift of 31 and a multiplier of 0, under biases as large as they get."""
    scales = 0.005 * np.array([1, 2.0**-22, 2.0**-24, 1e-12, 1, 2.0**-22, 0.7, 1e-20, 2.0**-21, 1, 1, 2.0**-20])

    def with_large_biases(y, scales):
        bias = g.graph.operators[-1].inputs[2]
        large = g.rng.integers(-(1 << 31) + 10**6, (1 << 31) - 10**6, scales.size)
        codes = np.where(scales < 1e-4, large, g.rng.integers(-2000, 2000, scales.size))
        g.buffers[g.graph.tensors[bias].buffer].data = np.frombuffer(codes.astype(np.int32).tobytes(), np.uint8)
        return y

    x = g.input([1, 5, 5, 4])
    y = with_large_biases(g.conv(x, 12, [3, 3], weight_scale=scales), scales)
    scales = scales[::-1] * 2
    y = with_large_biases(g.depthwise(y, 1, [3, 3], weight_scale=scales), scales)
    return g.conv(y, 5, [1, 1])


def dense(g):
    x = g.input([1, 33], scale=0.02, zero_point=11)
    y = g.dense(x, 17, act="RELU", zero_point=-128)
    y = g.dense(y, 24, per_channel=True)
    y = g.dense(y, 9, bias=False, act="RELU6", scale=0.04)
    return g.dense(y, 5, act="RELU_N1_TO_1", scale=0.02)


def dense_rows(g):
    return g.dense(g.dense(g.input([1, 3, 4, 5]), 6), 3)


def fixed_point(sums, scale, is_ruy):
    """Rescale by (R1), or by (R2), with a right shift."""
    fraction, shift = np.frexp(scale)
    product = (sums * int(np.floor(fraction * 2.0**31 + 0.5)) + (1 << 30)) >> 31
    half, right = 1 << (-shift - 1), -int(shift)
    negative = 0 if is_ruy else (product < 0).astype(np.int64)
    return (product + half - negative) >> right


def away(sums, scale):
    """Rescale by (R5)."""
    real = sums * scale
    return np.sign(real) * np.floor(np.abs(real) + 0.5)


def telling_sums(sx, sw, sy):
    """Sums whose codes depend on whether sx*sw is rounded to binary32, under (R1), (R2) and (R5)."""
    wide, narrow = (float(product) / float(sy) for product in (float(sx) * float(sw), np.float32(sx) * np.float32(sw)))
    limit = int(120 / wide)
    sums = np.arange(-limit, limit)
    rules = [lambda d: fixed_point(sums, d, False), lambda d: fixed_point(sums, d, True), lambda d: away(sums, d)]
    return [sums[rule(wide) != rule(narrow)] for rule in rules]


def dense_scales(g):
    """Biases at which the first frame tells apart how kernels round the product of the scales."""
    while True:
        sx, sw = (np.float32(scale) for scale in g.rng.uniform(0.01, 0.1, 2))
        sy = np.float32(float(sx * sw) * g.rng.uniform(3000, 30000))
        found = telling_sums(sx, sw, sy)
        if all(sums.size >= 4 for sums in found):
            break
    x = g.input([1, 20], scale=sx, zero_point=0)
    sums = np.concatenate([sums[:4] for sums in found])
    y = g.dense(x, sums.size, weight_scale=sw, scale=sy, zero_point=0)
    _, weights, bias = g.graph.operators[-1].inputs
    g.first_frame = g.rng.integers(-128, 128, 20)
    codes = g.buffers[g.graph.tensors[weights].buffer].data.view(np.int8).reshape(-1, 20).astype(np.int64)
    data = (sums - codes @ g.first_frame).astype(np.int32)
    g.buffers[g.graph.tensors[bias].buffer].data = np.frombuffer(data.tobytes(), np.uint8)
    return y


def int4(g):
    x = g.input([1, 5, 5, 3])
    y = g.conv(x, 8, [3, 3], element=TYPES.INT4, scale=0.3)
    y = g.reshape(y, [1, 200])
    return g.dense(y, 7, element=TYPES.INT4, scale=1.5)


def int2(g):
    x = g.input([1, 36])
    return g.dense(x, 8, element=TYPES.INT2, scale=0.3)


def sums(g):
    x = g.input([1, 4, 4, 5])
    a = g.conv(x, 5, [1, 1], scale=0.31, zero_point=-60)
    y = g.binary("ADD", x, a, scale=0.29)
    y = g.binary("ADD", y, x, act="RELU", scale=0.13, zero_point=-128)
    y = g.binary("SUB", y, a, scale=0.4)
    y = g.binary("SUB", a, y, act="RELU6", scale=0.05, zero_point=-100)
    return g.binary("SUB", y, x, scale=0.07)


def multiplications(g):
    x = g.input([1, 4, 4, 5])
    y = g.binary("MUL", x, x, scale=0.03)
    y = g.binary("MUL", y, x, act="RELU", scale=0.02, zero_point=-128)
    y = g.binary("MUL", y, g.constant([1, 1, 1, 5], 0.01, -7), scale=0.04)
    return g.binary("MUL", y, g.mean(y, [1, 2]), scale=0.1)


def broadcasts(g):
    x = g.input([1, 3, 4, 5])
    y = g.binary("ADD", x, g.constant([5], 0.02, 3))
    y = g.binary("SUB", g.constant([1, 3, 4, 5], 0.07, 0), y)
    y = g.binary("ADD", y, g.constant([1, 1, 1, 5], 0.01, -7), scale=0.04)
    return g.binary("ADD", y, g.pool("MAX_POOL_2D", y, [3, 4], 4, same=False), scale=0.1)


def pools(g):
    x = g.input([1, 11, 9, 5])
    y = g.pool("AVERAGE_POOL_2D", x, [3, 3], 2)
    y = g.pool("MAX_POOL_2D", y, [2, 3], 1, act="RELU")
    y = g.pool("AVERAGE_POOL_2D", y, [2, 2], 1, same=False, act="RELU6")
    return g.pool("MAX_POOL_2D", y, [3, 3], 3, act="RELU_N1_TO_1")


def means(g):
    x = g.input([1, 5, 7, 6])
    g.mean(x, [2], scale=0.04, zero_point=9)
    g.mean(x, [3], keep=False)
    g.mean(x, [1, 2, 3], scale=0.03, zero_point=1)
    y = g.mean(x, [1, 2], keep=False, scale=0.021, zero_point=-5)
    return g.dense(y, 4)


def softmax(g):
    x = g.input([1, 64], scale=0.07, zero_point=-20)
    for beta in [0.03, 0.5, 4, 60]:
        g.softmax(x, beta)
    return g.softmax(x)


def sigmoids(g):
    x = g.input([1, 256], scale=0.06, zero_point=3)
    for scale, zero_point in [(0.004, 100), (0.025, -128), (0.13, -40), (0.9, 5)]:
        z = g.unary("QUANTIZE", x, scale, zero_point)
        g.unary("LOGISTIC", z, 1 / 256, -128)
        g.unary("TANH", z, 1 / 128, 0)
    return g.unary("LOGISTIC", x, 1 / 256, -128)


def rectifiers(g):
    x = g.input([1, 1, 1, 256], scale=0.05, zero_point=-3)
    for scale, zero_point in [(0.02, -100), (0.11, 12), (0.6, 80), (0.031, 0)]:
        z = g.unary("QUANTIZE", x, scale, zero_point)
        g.unary("HARD_SWISH", z, scale * 0.7, -90)
        g.unary("LEAKY_RELU", z, scale * 1.3, 11, options("LeakyReluOptions", alpha=0.13))
        alpha = g.tensor([1, 1, 1], scale=0.013, zero_point=2, data=[-19])
        g.node(OPS.PRELU, [z, alpha], g.tensor(g.shape(z), scale=scale * 0.9, zero_point=-14))
    return g.unary("LEAKY_RELU", x, 0.04, -11, options("LeakyReluOptions", alpha=0.3))


def moves(g):
    x = g.input([1, 4, 3, 5])
    y = g.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]])
    y = g.transpose(y, [0, 3, 1, 2])
    y = g.reshape(y, [1, 5, 28])
    z = g.transpose(y, [0, 2, 1])
    z = g.reshape(z, [1, 5, 28])
    y = g.node(OPS.EXPAND_DIMS, [y, g.integers(1)], g.like(y, [1, 1, 5, 28]), options("ExpandDimsOptions"))
    filling = g.tensor([1], scale=g.scale(y), zero_point=g.zero_point(y), data=[77])
    y = g.node(OPS.PADV2, [y, g.integers([[0, 0], [0, 0], [1, 0], [0, 2]]), filling], g.like(y, [1, 1, 6, 30]),
               options("PadV2Options"))
    y = g.node(OPS.SQUEEZE, [y], g.like(y, [1, 6, 30]), options("SqueezeOptions", squeezeDims=[1]))
    y = g.concatenation([g.reshape(y, [1, 5, 36]), z, g.reshape(y, [1, 5, 36])], 2)
    return g.concatenation([y, y], 1)


def unsigned_ends(g):
    x = g.input([1, 256], 0.02, 120, TYPES.UINT8)
    y = g.unary("QUANTIZE", x, 0.03, -8)
    y = g.dense(y, 9, act="RELU", zero_point=-128)
    return g.node(OPS.QUANTIZE, [y], g.tensor([1, 9], TYPES.UINT8, 0.28, 3))


def float_ends(g):
    x = g.tensor([1, 3, 4, 2], TYPES.FLOAT32)
    g.graph.inputs = [x]
    y = g.node(OPS.QUANTIZE, [x], g.tensor([1, 3, 4, 2], scale=0.25, zero_point=3))
    y = g.conv(y, 3, [2, 2], scale=0.4)
    return g.node(OPS.DEQUANTIZE, [y], g.tensor(g.shape(y), TYPES.FLOAT32))


def clamps(g):
    x = g.input([1, 256], scale=0.05, zero_point=-3)
    for scale, zero_point in [(0.05, -3), (0.02, -100), (0.13, 90)]:
        z = g.unary("LEAKY_RELU", x, scale, zero_point, options("LeakyReluOptions", alpha=1.0))
        g.unary("RELU", z, scale * 0.8, -110)
        g.unary("RELU6", z, scale, zero_point)
    return g.unary("RELU", x, 0.04, 17)


def gates(g):
    x = g.input([1, 5, 4, 6])
    y = g.conv(x, 6, [3, 3], scale=0.09)
    z = g.conv(g.mean(y, [1, 2], scale=0.03), 6, [1, 1], scale=0.06)
    z = g.unary("LOGISTIC", z, 1 / 256, -128)
    y = g.binary("MUL", z, g.binary("MUL", y, z, scale=0.05), scale=0.031)
    return g.binary("MUL", y, x, scale=0.013, zero_point=-7)


def branches(g):
    x = g.input([1, 6, 5, 4])
    same = {"scale": g.scale(x), "zero_point": g.zero_point(x)}
    a = g.pad(x, [[0, 0], [1, 0], [0, 1], [0, 0]])
    a = g.conv(a, 6, [3, 3], stride=2, same=False, **same)
    b = g.pad(x, [[0, 0], [0, 1], [1, 0], [0, 0]])
    b = g.pool("MAX_POOL_2D", b, [3, 3], 2, same=False)
    c = g.pad(b, [[0, 0], [0, 0], [0, 0], [1, 1]])
    y = g.concatenation([a, b, c], 3)
    y = g.concatenation([y, y], 1)
    return g.depthwise(g.pad(y, [[0, 0], [1, 1], [2, 0], [0, 0]]), 1, [3, 3], same=False)


BUILDERS = [convolutions, no_bias, small_maps, groups, depthwise, depth_multiplier, dead_channels, dense, dense_rows,
            dense_scales, int4, int2, sums, multiplications, broadcasts, pools, means, softmax, sigmoids, rectifiers, moves, ties,
            unsigned_ends, float_ends, clamps, gates, branches]
FRAMES = 5


def inputs(g, shape):
    """Random frames; a frame of 256 codes holds each of them once."""
    size = int(np.prod(shape))
    element = g.graph.tensors[g.graph.inputs[0]].type
    if element == TYPES.FLOAT32:
        # Steps of an eighth, half a step of the codes.
        return (g.rng.integers(-400, 400, (FRAMES, *shape[1:])) / 8).astype(np.float32)
    x = g.rng.integers(-128, 128, (FRAMES, size))
    if size == 256:
        x = np.arange(-128, 128)[None]
    if hasattr(g, "first_frame"):
        x[0] = g.first_frame
    x = x.astype(np.int8).reshape(-1, *shape[1:])
    return x.view(np.uint8) if element == TYPES.UINT8 else x


def isolated(run):
    """Return the result of a function in a process of its own, or the reason why there is none: runtimes crash."""
    ours, theirs = multiprocessing.Pipe()

    def child():
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        try:
            theirs.send(run())
        except (RuntimeError, ValueError) as error:
            theirs.send(str(error).splitlines()[0])

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    theirs.close()
    try:
        return ours.recv()
    except EOFError:
        return "crashes"
    finally:
        process.join()


def litert(content, x, tensors, resolver):
    interpreter = Interpreter(model_content=content, experimental_op_resolver_type=resolver,
                              experimental_preserve_all_tensors=True)
    interpreter.allocate_tensors()
    outputs, kept = [], {}
    for index, frame in enumerate(x):
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], frame[None])
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0])
        if index == 0:
            kept = {t: interpreter.get_tensor(t).copy() for t in tensors}
    return np.stack(outputs), kept


def tflm(content, x, tensors):
    config = micro.InterpreterConfig.kPreserveAllTensors
    interpreter = micro.Interpreter.from_bytes(content, intrepreter_config=config)
    outputs, kept = [], {}
    for index, frame in enumerate(x):
        interpreter.set_input(frame[None], 0)
        interpreter.invoke()
        outputs.append(interpreter.get_output(0)[0].copy())
        if index == 0:
            kept = {t: interpreter.GetTensor(t, 0)["tensor_data"].copy() for t in tensors}
    return np.stack(outputs), kept


def record(content, x, tensors):
    """Return the arrays of all kernel sets that accept the network."""
    arrays = {"x": x}
    runs = {"tflm": lambda: tflm(content, x, tensors)}
    for key, resolver in RESOLVERS.items():
        runs[key] = lambda resolver=resolver: litert(content, x, tensors, resolver)
    for key, run in runs.items():
        result = isolated(run)
        if isinstance(result, str):
            print(f"  {key}: {result[:100]}")
            continue
        y, kept = result
        arrays[f"y_{key}"] = y
        arrays |= {f"tensor_{t}_{key}": value.reshape(-1) for t, value in kept.items() if value.dtype != np.float32}
    return arrays


def save(name, content, arrays):
    """Return whether both files hold this; write them unless checking."""
    network, recording = NETWORKS / f"{name}.tflite", NETWORKS / f"{name}.npz"
    same = network.exists() and recording.exists() and network.read_bytes() == content
    if same:
        known = np.load(recording)
        same = sorted(known.files) == sorted(arrays) and all(np.array_equal(known[k], arrays[k]) for k in arrays)
    if "--check" not in sys.argv[1:] and not same:
        network.write_bytes(content)
        np.savez_compressed(recording, **arrays)
    print(f"networks/{name}: {'same' if same else 'DIFFERS'}")
    return same


def main():
    NETWORKS.mkdir(parents=True, exist_ok=True)
    results = []
    for seed, build in enumerate(BUILDERS):
        g = Graph(seed)
        g.output(build(g))
        content = g.content()
        x = inputs(g, g.shape(g.graph.inputs[0]))
        tensors = [node.outputs[0] for node in g.graph.operators]
        results.append(save(build.__name__, content, record(content, x, tensors)))
    sys.exit(1 if "--check" in sys.argv[1:] and not all(results) else 0)


if __name__ == "__main__":
    main()
