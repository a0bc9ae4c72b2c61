"""A dense layer from float weights to int8 codes on simulated RTL: quantize, multiply-accumulate, requantize."""

import numpy as np

import qrtl

rng = np.random.default_rng(1)
x = rng.normal(size=(32, 64)).astype(np.float32)
w = (rng.normal(size=(64, 10)) / 8).astype(np.float32)
y = x @ w

# Codes: activations share a scale, weights have one for each output channel.
x_codes, x_numbers = qrtl.quantize(x)
w_codes, w_numbers = qrtl.quantize(w, granularity=qrtl.Granularity.channel(1))
y_scale = np.abs(y).max() / 127

# Sums on the RTL of a dot product of 64 elements; one row for each frame and channel.
dot = qrtl.Unit("dot_product", lanes=64)
rows = {"a": np.repeat(x_codes, 10, axis=0), "b": np.tile(w_codes.T, (32, 1))}
(sums,) = (array for name, array in dot.simulate(**rows).items() if name != "valid_out")
sums = sums.astype(np.int32).reshape(32, 10)
assert (sums == x_codes.astype(np.int32) @ w_codes.astype(np.int32)).all()

# Codes of the layer under the rule of CMSIS-NN and TFLite Micro, on the RTL and by the reference.
scale = np.array(x_numbers.scale) * np.array(w_numbers.scale) / y_scale
codes, _ = qrtl.requantize(sums, qrtl.Rule.SINGLE, scale=scale, engine="rtl")
assert (codes == qrtl.requantize(sums, qrtl.Rule.SINGLE, scale=scale)[0]).all()

error = qrtl.dequantize(codes, y_scale) - y
print(f"{codes.size} codes from the RTL equal the reference")
print(f"signal to quantization noise: {10 * np.log10((y**2).sum() / (error**2).sum()):.1f} dB")
