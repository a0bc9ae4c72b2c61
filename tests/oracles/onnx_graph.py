"""Write small .onnx files of quantized operators with random weights."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"


class OnnxGraph:
    """A graph under construction; methods take and return names of tensors of codes."""

    def __init__(self, seed, shape, opset=17, dtype=np.int8):
        self.rng = np.random.default_rng(seed)
        self.shape, self.opset, self.dtype = shape, opset, dtype
        self.nodes, self.constants, self.count = [], [], 0
        self.output_type = TensorProto.FLOAT

    def name(self, prefix):
        self.count += 1
        return f"{prefix}{self.count}"

    def constant(self, values, dtype=None):
        values = np.asarray(values, dtype)
        name = self.name("c")
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def parameters(self, scale, zero_point):
        return [self.constant(scale, np.float32), self.constant(zero_point, self.dtype)]

    def node(self, op, inputs, domain="", **attributes):
        name = self.name("t")
        self.nodes.append(helper.make_node(op, inputs, [name], f"{op.lower()}_{name}", domain=domain, **attributes))
        return name

    def quantize(self, x, scale, zero_point):
        return self.node("QuantizeLinear", [x, *self.parameters(scale, zero_point)])

    def dequantize(self, q, scale, zero_point):
        return self.node("DequantizeLinear", [q, *self.parameters(scale, zero_point)])

    def final(self, q, scale, zero_point):
        self.nodes.append(helper.make_node("DequantizeLinear", [q, *self.parameters(scale, zero_point)], ["y"], "final"))

    def weights(self, shape, channels=None, zero_point=0, dtype=np.int8):
        codes = self.rng.integers(-127, 128, shape) + (128 if dtype == np.uint8 else 0)
        scale = self.rng.uniform(0.5, 2, channels or ()) * 0.005
        return [self.constant(codes, dtype), self.constant(scale, np.float32),
                self.constant(np.full(channels or (), zero_point), dtype)]

    def conv(self, q, s, z, filters, channels, kernel, ys, yz, group=1, bias=True, per_channel=True, **attributes):
        w = self.weights([filters, channels // group, *kernel], filters if per_channel else None)
        b = [self.constant(self.rng.integers(-3000, 3000, filters), np.int32)] if bias else []
        inputs = [q, *self.parameters(s, z), *w, *self.parameters(ys, yz), *b]
        return self.node("QLinearConv", inputs, group=group, **attributes)

    def matmul(self, q, s, z, outputs, ys, yz, depth=4, weight_zero_point=0, dtype=np.int8):
        w = self.weights([depth, outputs], zero_point=weight_zero_point, dtype=dtype)
        return self.node("QLinearMatMul", [q, *self.parameters(s, z), *w, *self.parameters(ys, yz)])

    def gemm(self, q, s, z, outputs, ys, yz, depth, transposed=1):
        w = self.weights([outputs, depth] if transposed else [depth, outputs], outputs)
        b = self.constant(self.rng.integers(-3000, 3000, outputs), np.int32)
        inputs = [q, *self.parameters(s, z), *w, b, *self.parameters(ys, yz)]
        return self.node("QGemm", inputs, MICROSOFT, transB=transposed)

    def add(self, a, sa, za, b, sb, zb, ys, yz):
        inputs = [a, *self.parameters(sa, za), b, *self.parameters(sb, zb), *self.parameters(ys, yz)]
        return self.node("QLinearAdd", inputs, MICROSOFT)

    def mul(self, a, sa, za, b, sb, zb, ys, yz):
        inputs = [a, *self.parameters(sa, za), b, *self.parameters(sb, zb), *self.parameters(ys, yz)]
        return self.node("QLinearMul", inputs, MICROSOFT)

    def constant_codes(self, shape):
        return self.constant(self.rng.integers(-128, 128, shape), self.dtype)

    def global_average(self, q, s, z, ys, yz):
        inputs = [q, *self.parameters(s, z), *self.parameters(ys, yz)]
        return self.node("QLinearGlobalAveragePool", inputs, MICROSOFT, channels_last=0)

    def softmax(self, q, s, z, ys=1 / 256, yz=-128):
        inputs = [q, *self.parameters(s, z), *self.parameters(ys, yz)]
        return self.node("QLinearSoftmax", inputs, MICROSOFT, axis=-1, opset=self.opset)

    def concatenation(self, inputs, s, z, axis):
        operands = [name for q in inputs for name in (q, *self.parameters(s, z))]
        return self.node("QLinearConcat", [*self.parameters(s, z), *operands], MICROSOFT, axis=axis)

    def model(self, extra_outputs=()):
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)
        outputs = [helper.make_tensor_value_info("y", self.output_type, None)]
        outputs += [helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(self.dtype)), None)
                    for name in extra_outputs]
        graph = helper.make_graph(self.nodes, "g", [x], outputs, self.constants)
        opsets = [helper.make_opsetid("", self.opset), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="")

    def content(self):
        """Return the bytes of the file."""
        return self.model().SerializeToString()
