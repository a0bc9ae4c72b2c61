#!/usr/bin/env python3
"""Reproduce data/digits.npz and data/classifier.npz, byte for byte.

    python3 -m venv build/venv
    build/venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1
    build/venv/bin/python data/train.py

digits.npz      images u8 [1797, 64], grey levels 0..16, row by row; labels u8 [1797]; test u8 [1797], 1 for images of
                the test part (a fifth of each digit).
classifier.npz  weight_0 f32 [32, 64], bias_0 f32 [32], weight_1 f32 [10, 32], bias_1 f32 [10]: one row per output;
                test_correct and test_total, u32 [1]: correct test images of these weights in f32, and all of them.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HERE = Path(__file__).resolve().parent
SEED = 0
HIDDEN = 32
EPOCHS = 60
BATCH = 32
RATE = 3e-3
DECAY = 1e-2
# Weights are stored as multiples of 2^-14: the last bits of a matrix product depend on the BLAS kernel, which depends
# on the processor, and the file must not.
GRID = 2.0**14


def logits(layers, x):
    """The float forward pass: ReLU after every layer but the last."""
    (w0, b0), (w1, b1) = layers
    return np.maximum(x @ w0.T + b0, 0) @ w1.T + b1


def train(x, y, rng):
    """Adam with decoupled weight decay on the cross-entropy, in f64; the rate falls as half a cosine."""
    inputs = x.shape[1]
    params = [
        rng.normal(size=(HIDDEN, inputs)) * np.sqrt(2 / inputs),
        np.zeros(HIDDEN),
        rng.normal(size=(10, HIDDEN)) * np.sqrt(2 / HIDDEN),
        np.zeros(10),
    ]
    first = [np.zeros_like(p) for p in params]
    second = [np.zeros_like(p) for p in params]
    onehot = np.eye(10)[y]
    steps = EPOCHS * -(-len(x) // BATCH)
    step = 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            step += 1
            batch = order[start : start + BATCH]
            w0, b0, w1, b1 = params
            hidden = np.maximum(x[batch] @ w0.T + b0, 0)
            z = hidden @ w1.T + b1
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            dz = (p - onehot[batch]) / len(batch)
            dh = (dz @ w1) * (hidden > 0)
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            for i, gradient in enumerate([dh.T @ x[batch], dh.sum(axis=0), dz.T @ hidden, dz.sum(axis=0)]):
                first[i] += 0.1 * (gradient - first[i])
                second[i] += 0.001 * (gradient**2 - second[i])
                mean = first[i] / (1 - 0.9**step)
                variance = second[i] / (1 - 0.999**step)
                decay = DECAY * params[i] if params[i].ndim == 2 else 0
                params[i] = params[i] - rate * (mean / (np.sqrt(variance) + 1e-8) + decay)
    return [(params[0], params[1]), (params[2], params[3])]


def main():
    digits = load_digits()
    images = digits.data.astype(np.uint8)
    labels = digits.target.astype(np.uint8)
    train_part, test_part = train_test_split(
        np.arange(len(labels)), test_size=0.2, stratify=labels, random_state=SEED
    )
    test = np.zeros(len(labels), np.uint8)
    test[test_part] = 1
    np.savez(HERE / "digits.npz", images=images, labels=labels, test=test)

    train_part.sort()
    layers = train(images[train_part] / 16.0, labels[train_part], np.random.default_rng(SEED))
    layers = [tuple((np.round(p * GRID) / GRID).astype(np.float32) for p in layer) for layer in layers]

    x = images.astype(np.float32) / np.float32(16)
    correct = logits(layers, x).argmax(axis=1) == labels
    right, total = int(correct[test == 1].sum()), int(test.sum())
    arrays = {f"{name}_{i}": p for i, layer in enumerate(layers) for name, p in zip(("weight", "bias"), layer)}
    np.savez(
        HERE / "classifier.npz",
        **arrays,
        test_correct=np.array([right], np.uint32),
        test_total=np.array([total], np.uint32),
    )
    print(f"train: {correct[test == 0].mean():.2%} of {int((test == 0).sum())} images")
    print(f"test:  {right / total:.2%} ({right} of {total} images)")


if __name__ == "__main__":
    main()
