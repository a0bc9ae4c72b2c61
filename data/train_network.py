#!/usr/bin/env python3
"""Train the convolutional network of data/digits_network.tflite, quantize it, record TFLite Micro's answers.

    python3 -m venv build/venv
    build/venv/bin/pip install jax==0.8.1 -r tests/oracles/requirements.txt
    build/venv/bin/python data/train_network.py [--check]

digits_network.tflite  int8 network: convolution, depthwise and pointwise convolution around which an addition passes the
                       first layer on, convolution of stride 2, average pool, dense, softmax. Input: grey levels 0..16 as
                       they stand in digits.npz, int8 [1, 8, 8, 1], scale 1/16, zero point 0.
digits_network.npz     `x` i8 [360, 8, 8, 1], the images of the test part; `y` i8 [360, 10], TFLite Micro's outputs;
                       `labels` u8 [360]; `float_correct` u32 [1], correct images of the float network.

Trained in f64 and rounded to multiples of 2^-12, so that processors that add in another order write the same files.
With --check nothing is written; the exit code is 1 if a file would differ.
"""

import io
import sys
from pathlib import Path

import jax
import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "oracles"))

from tflite_graph import Graph  # noqa: E402
from tflite_micro.python.tflite_micro import runtime as micro  # noqa: E402

jax.config.update("jax_enable_x64", True)
SEED = 0
EPOCHS = 60
BATCH = 32
RATE = 5e-3
DECAY = 1e-1
GRID = 2.0**12
# Shapes of the weights: height, width, inputs a group, outputs.
LAYERS = {"first": (3, 3, 1, 8), "depthwise": (3, 3, 1, 8), "pointwise": (1, 1, 8, 8), "second": (3, 3, 8, 32), "dense": (2, 2, 32, 10)}


def convolve(x, w, stride=1, groups=1, padding="SAME"):
    return jax.lax.conv_general_dilated(
        x, w, (stride, stride), padding, dimension_numbers=("NHWC", "HWIO", "NHWC"), feature_group_count=groups
    )


def forward(params, x):
    """Return every activation of the float network by name."""
    w = lambda name: params[name][0]
    b = lambda name: params[name][1]
    relu = jax.nn.relu
    t = {"x": x}
    t["first"] = relu(convolve(x, w("first")) + b("first"))
    t["depthwise"] = relu(convolve(t["first"], w("depthwise"), groups=8) + b("depthwise"))
    t["pointwise"] = convolve(t["depthwise"], w("pointwise")) + b("pointwise")
    t["add"] = relu(t["first"] + t["pointwise"])
    t["second"] = relu(convolve(t["add"], w("second"), stride=2) + b("second"))
    t["pool"] = t["second"].reshape(-1, 2, 2, 2, 2, 32).mean(axis=(2, 4))
    t["dense"] = convolve(t["pool"], w("dense"), padding="VALID") + b("dense")
    return t


def loss(params, x, y):
    logits = forward(params, x)["dense"][:, 0, 0]
    return -jax.nn.log_softmax(logits)[np.arange(len(y)), y].mean()


def train(x, y, rng):
    """Adam with decoupled weight decay; the rate falls as half a cosine."""
    params = {}
    for name, shape in LAYERS.items():
        fan = shape[0] * shape[1] * shape[2]
        params[name] = [rng.normal(size=shape) * np.sqrt(2 / fan), np.zeros(shape[3])]
    first = jax.tree.map(np.zeros_like, params)
    second = jax.tree.map(np.zeros_like, params)

    @jax.jit
    def update(params, first, second, step, rate, x, y):
        gradient = jax.grad(loss)(params, x, y)
        first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
        second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, second, gradient)

        def moved(p, m, v):
            decay = DECAY * p if p.ndim > 1 else 0
            return p - rate * (m / (1 - 0.9**step) / (jax.numpy.sqrt(v / (1 - 0.999**step)) + 1e-8) + decay)

        return jax.tree.map(moved, params, first, second), first, second

    batches = len(x) // BATCH
    steps = EPOCHS * batches
    for step in range(steps):
        if step % batches == 0:
            order = rng.permutation(len(x))
        batch = order[step % batches * BATCH :][:BATCH]
        rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
        params, first, second = update(params, first, second, step + 1.0, rate, x[batch], y[batch])
    return jax.tree.map(lambda p: np.round(np.asarray(p) * GRID) / GRID, params)


def quantization(values):
    """Return scale and zero point of the range of values, which holds 0."""
    low, high = min(values.min(), 0.0), max(values.max(), 0.0)
    scale = np.float32((high - low) / 255)
    return scale, int(np.clip(np.round(-128 - low / scale), -128, 127))


def set_weights(g, params):
    """Replace the weights and the bias of the last node by those of a trained layer."""
    w, b = params
    x, weights, bias = g.graph.operators[-1].inputs
    axis = g.graph.tensors[weights].quantization.quantizedDimension
    codes = w if axis == 3 else np.moveaxis(w, 3, 0).reshape(g.shape(weights))
    scale = g.scale(weights).astype(np.float64)
    shape = [1] * codes.ndim
    shape[axis] = -1
    codes = np.clip(np.round(codes / scale.reshape(shape)), -127, 127).astype(np.int8)
    biases = np.round(b / (np.float64(g.scale(x)[0]) * scale)).astype(np.int32)
    for tensor, data in ((weights, codes), (bias, biases)):
        g.buffers[g.graph.tensors[tensor].buffer].data = np.frombuffer(data.tobytes(), np.uint8)


def quantize(params, activations):
    """Return the .tflite file of the network: weights per channel, dense per tensor, ranges of activations as seen."""

    def place(name):
        return dict(zip(("scale", "zero_point"), quantization(activations[name])))

    def weight_scale(name):
        w = params[name][0]
        largest = np.abs(w).max() if name == "dense" else np.abs(w).max(axis=(0, 1, 2))
        return np.float32(largest / 127)

    def layer(name, node, x, *shape, **fields):
        y = node(x, *shape, weight_scale=weight_scale(name), **place(name), **fields)
        set_weights(g, params[name])
        return y

    g = Graph(SEED)
    x = g.input([1, 8, 8, 1], scale=1 / 16, zero_point=0)
    first = layer("first", g.conv, x, 8, [3, 3], act="RELU")
    y = layer("depthwise", g.depthwise, first, 1, [3, 3], act="RELU")
    y = layer("pointwise", g.conv, y, 8, [1, 1])
    y = g.binary("ADD", first, y, act="RELU", **place("add"))
    y = layer("second", g.conv, y, 32, [3, 3], stride=2, act="RELU")
    y = g.pool("AVERAGE_POOL_2D", y, [2, 2], 2)
    y = g.reshape(y, [1, 128])
    y = layer("dense", g.dense, y, 10)
    g.output(g.softmax(y))
    return g.content()


def npz(arrays):
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def main():
    digits = np.load(HERE / "digits.npz")
    images = digits["images"].reshape(-1, 8, 8, 1)
    labels, test = digits["labels"], digits["test"] == 1
    real = images / 16.0
    params = train(real[~test], labels[~test], np.random.default_rng(SEED))
    logits = np.asarray(forward(params, real)["dense"])[:, 0, 0]
    correct = logits.argmax(axis=1) == labels

    content = quantize(params, {k: np.asarray(v) for k, v in forward(params, real[~test]).items()})
    interpreter = micro.Interpreter.from_bytes(content)
    outputs = []
    for image in images.astype(np.int8):
        interpreter.set_input(image[None], 0)
        interpreter.invoke()
        outputs.append(interpreter.get_output(0)[0].copy())
    outputs = np.array(outputs)
    quantized = outputs.argmax(axis=1) == labels
    for name, part in (("train", ~test), ("test", test)):
        print(f"{name}: float {correct[part].sum()}, int8 {quantized[part].sum()} of {part.sum()} images")

    arrays = {
        "x": images[test].astype(np.int8),
        "y": outputs[test],
        "labels": labels[test],
        "float_correct": np.array([correct[test].sum()], np.uint32),
    }
    differs = False
    for name, data in (("digits_network.tflite", content), ("digits_network.npz", npz(arrays))):
        path = HERE / name
        same = path.exists() and path.read_bytes() == data
        if "--check" in sys.argv:
            print(f"{name}: {'same' if same else 'DIFFERS'}")
            differs |= not same
        else:
            path.write_bytes(data)
    sys.exit(1 if differs else 0)


if __name__ == "__main__":
    main()
