#!/usr/bin/env python3
"""Train data/trained.npz: the classifier of data/classifier.npz, for each variant of few bits of `qrtl demo`.

    python3 -m venv build/venv
    build/venv/bin/pip install numpy==2.4.6
    build/venv/bin/python data/train_quantized.py             # writes data/trained.npz
    build/venv/bin/python data/train_quantized.py --validate  # a fifth of the training images held out, writes nothing

Quantization-aware training: the forward pass rounds weights and activations as the integers of the demo do, (Q1) or (Q2)
of docs/arithmetic.md; the gradient passes the rounding as if it were not there (straight-through), and stops where codes
saturate. Weights are clipped after each step at a multiple of their mean magnitude, so that the largest one, which
determines the scale, follows the others. The range of the hidden activations is learned (Esser et al., LSQ, 2020).

trained.npz  for each variant, such as w4a4_symmetric_tensor: NAME.weight_0, NAME.bias_0, NAME.weight_1, NAME.bias_1 as
             in classifier.npz; NAME.range_0, NAME.range_1, NAME.range_2 f32 [2]: the range of the pixels, of the hidden
             activations and of the logits.
"""

import sys
import zlib
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
WIDTHS = [(8, 8), (4, 8), (4, 4), (2, 8), (2, 2)]
EPOCHS = 120
BATCH = 32
RATE = 2e-3
DECAY = 1e-2
# Multiple of the mean magnitude at which weights are clipped, by their width.
CLIP = {8: 8.0, 4: 4.0, 2: 2.0}
# Weights are stored as multiples of 2^-12, which compress well.
GRID = 2.0**12


class Weights:
    """Fake quantization of a matrix by its smallest and largest weight: (Q1) or (Q2)."""

    def __init__(self, bits, affine, per_channel):
        self.bits, self.affine, self.axis = bits, affine, 1 if per_channel else None

    def clip(self, w):
        bound = CLIP[self.bits] * np.abs(w).mean(axis=self.axis, keepdims=True)
        return np.clip(w, -bound, bound)

    def __call__(self, w):
        if self.affine:
            low = np.minimum(w.min(axis=self.axis, keepdims=True), 0)
            high = np.maximum(w.max(axis=self.axis, keepdims=True), 0)
            scale = (high - low) / (2**self.bits - 1)
            zero = np.round(-low / scale)
            return (np.clip(np.round(w / scale) + zero, 0, 2**self.bits - 1) - zero) * scale
        largest = 2 ** (self.bits - 1) - 1
        scale = np.abs(w).max(axis=self.axis, keepdims=True) / largest
        return np.clip(np.round(w / scale), -largest, largest) * scale


def steps_of(bits, affine):
    """Steps from 0 to the largest code of an activation that is not negative."""
    return 2**bits - 1 if affine else 2 ** (bits - 1) - 1


def quantized(x, scale, steps):
    return np.clip(np.round(x / scale), 0, steps) * scale


def forward(params, scale, x, weights, steps):
    w0, b0, w1, b1 = params
    w0, w1 = weights(w0), weights(w1)
    sums = x @ w0.T + b0
    hidden = quantized(sums, scale, steps)
    return w1, sums, hidden, hidden @ w1.T + b1


def train(x, y, start, bits, affine, per_channel, rng):
    """Adam on the cross-entropy from the float weights; returns parameters and the scale of the hidden activations."""
    weight_bits, activation_bits = bits
    weights, steps = Weights(weight_bits, affine, per_channel), steps_of(activation_bits, affine)
    x = quantized(x, 1 / steps, steps)
    params = [p.copy() for p in start]
    sums = x @ weights(params[0]).T + params[1]
    scale = np.quantile(np.maximum(sums, 0), 0.99) / steps
    params.append(np.array(scale))
    first, second = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    onehot = np.eye(10)[y]
    total, step = EPOCHS * -(-len(x) // BATCH), 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for begin in range(0, len(x), BATCH):
            step += 1
            batch = order[begin : begin + BATCH]
            scale = params[4]
            w1, sums, hidden, z = forward(params[:4], scale, x[batch], weights, steps)
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            dz = (p - onehot[batch]) / len(batch)
            dh = dz @ w1
            codes = sums / scale
            inside = (codes > 0) & (codes < steps)
            dscale = (dh * np.where(inside, np.round(codes) - codes, np.where(codes >= steps, steps, 0))).sum()
            ds = dh * inside
            gradients = [ds.T @ x[batch], ds.sum(axis=0), dz.T @ hidden, dz.sum(axis=0), dscale / np.sqrt(sums.size * steps)]
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / total))
            for i, gradient in enumerate(gradients):
                first[i] += 0.1 * (gradient - first[i])
                second[i] += 0.001 * (gradient**2 - second[i])
                mean, variance = first[i] / (1 - 0.9**step), second[i] / (1 - 0.999**step)
                decay = DECAY * params[i] if params[i].ndim == 2 else 0
                params[i] = params[i] - rate * (mean / (np.sqrt(variance) + 1e-12) + decay)
            params[0], params[2] = weights.clip(params[0]), weights.clip(params[2])
            params[4] = np.maximum(params[4], 1e-3)
    return params


def accuracy(params, bits, affine, per_channel, x, y):
    weights, steps = Weights(bits[0], affine, per_channel), steps_of(bits[1], affine)
    z = forward(params[:4], params[4], quantized(x, 1 / steps, steps), weights, steps)[3]
    return (z.argmax(axis=1) == y).mean()


def main():
    validate = "--validate" in sys.argv[1:]
    digits, classifier = np.load(HERE / "digits.npz"), np.load(HERE / "classifier.npz")
    images, labels, test = digits["images"] / 16.0, digits["labels"], digits["test"] == 1
    start = [classifier[name].astype(np.float64) for name in ("weight_0", "bias_0", "weight_1", "bias_1")]
    x, y = images[~test], labels[~test]
    held = np.zeros(len(x), bool)
    if validate:
        held[np.random.default_rng(1).permutation(len(x))[: len(x) // 5]] = True
    arrays = {}
    for bits in WIDTHS:
        for scheme in ("symmetric", "affine"):
            for part in ("tensor", "channel"):
                name = f"w{bits[0]}a{bits[1]}_{scheme}_{part}"
                affine, per_channel = scheme == "affine", part == "channel"
                rng = np.random.default_rng(zlib.crc32(name.encode()))
                params = train(x[~held], y[~held], start, bits, affine, per_channel, rng)
                params = [np.round(p * GRID) / GRID for p in params[:4]] + [params[4]]
                steps = steps_of(bits[1], affine)
                weights = Weights(bits[0], affine, per_channel)
                z = forward(params[:4], params[4], quantized(x, 1 / steps, steps), weights, steps)[3]
                ranges = [(0, 1), (0, params[4] * steps), (z.min(), z.max())]
                for key, p in zip(("weight_0", "bias_0", "weight_1", "bias_1"), params):
                    arrays[f"{name}.{key}"] = p.astype(np.float32)
                for index, ends in enumerate(ranges):
                    arrays[f"{name}.range_{index}"] = np.array(ends, np.float32)
                seen = accuracy(params, bits, affine, per_channel, x[~held], y[~held])
                other = (x[held], y[held]) if validate else (images[test], labels[test])
                found = accuracy(params, bits, affine, per_channel, *other)
                print(f"{name:24} train {seen:7.2%}  {'held out' if validate else 'test'} {found:7.2%}", flush=True)
    if not validate:
        np.savez_compressed(HERE / "trained.npz", **arrays)


if __name__ == "__main__":
    main()
