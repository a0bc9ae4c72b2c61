"""Write small .tflite files: a graph of quantized layers with random weights."""

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

OPS, TYPES = schema.BuiltinOperator, schema.TensorType
ACTIVATIONS = schema.ActivationFunctionType
NUMPY = {TYPES.INT8: np.int8, TYPES.UINT8: np.uint8, TYPES.INT32: np.int32, TYPES.INT4: np.int8, TYPES.INT2: np.int8, TYPES.FLOAT32: np.float32}
BITS = {TYPES.INT4: 4, TYPES.INT2: 2}


def options(name, **fields):
    """Return an options table and its number in the union."""
    table = getattr(schema, name + "T")()
    for key, value in fields.items():
        setattr(table, key, value)
    return getattr(schema.BuiltinOptions, name), table


def pack(values, element):
    """Return the bytes of a constant; narrow codes have the first element in the low bits."""
    values = np.asarray(values).reshape(-1)
    if element not in BITS:
        return values.astype(NUMPY[element]).tobytes()
    bits = BITS[element]
    per_byte = 8 // bits
    fields = (values.astype(np.int64) & ((1 << bits) - 1)).astype(np.uint8)
    fields = np.append(fields, np.zeros(-fields.size % per_byte, np.uint8)).reshape(-1, per_byte)
    return np.bitwise_or.reduce(fields << (np.arange(per_byte, dtype=np.uint8) * bits), axis=1).astype(np.uint8).tobytes()


class Graph:
    """A graph under construction; layers take and return indices of tensors."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators = [], []
        self.buffers, self.codes = [schema.BufferT()], []

    def tensor(self, shape, element=TYPES.INT8, scale=(), zero_point=0, axis=0, data=None):
        t = schema.TensorT()
        t.name, t.shape, t.type = f"t{len(self.graph.tensors)}", list(shape), element
        scale = np.atleast_1d(np.asarray(scale, np.float32))
        if scale.size:
            t.quantization = schema.QuantizationParametersT()
            t.quantization.scale, t.quantization.quantizedDimension = scale, axis
            t.quantization.zeroPoint = np.full(scale.size, zero_point, np.int64)
        buffer = schema.BufferT()
        if data is not None:
            buffer.data = np.frombuffer(pack(data, element), np.uint8)
        t.buffer = len(self.buffers)
        self.buffers.append(buffer)
        self.graph.tensors.append(t)
        return len(self.graph.tensors) - 1

    def shape(self, index):
        return [int(n) for n in self.graph.tensors[index].shape]

    def scale(self, index):
        return np.asarray(self.graph.tensors[index].quantization.scale, np.float32)

    def zero_point(self, index):
        return int(self.graph.tensors[index].quantization.zeroPoint[0])

    def node(self, op, inputs, output, table=None):
        if op not in self.codes:
            self.codes.append(op)
        node = schema.OperatorT()
        node.opcodeIndex, node.inputs, node.outputs = self.codes.index(op), list(inputs), [output]
        if table:
            node.builtinOptionsType, node.builtinOptions = table
        self.graph.operators.append(node)
        return output

    def input(self, shape, scale=0.05, zero_point=-3, element=TYPES.INT8):
        index = self.tensor(shape, element, scale, zero_point)
        self.graph.inputs = [index]
        return index

    def output(self, index):
        self.graph.outputs = [index]

    def like(self, x, shape=None):
        """A tensor with scale and zero point of another."""
        return self.tensor(self.shape(x) if shape is None else shape, scale=self.scale(x), zero_point=self.zero_point(x))

    def integers(self, values):
        values = np.asarray(values, np.int32)
        return self.tensor(values.shape, TYPES.INT32, data=values)

    def weights(self, shape, channels, axis, element=TYPES.INT8, per_channel=True, scale=None):
        high = {TYPES.INT8: 127, TYPES.INT4: 7, TYPES.INT2: 1}[element]
        codes = self.rng.integers(-high, high + 1, shape)
        if scale is None:
            scale = self.rng.uniform(0.5, 2, channels if per_channel else 1) * 0.7 / high
        return self.tensor(shape, element, scale, axis=axis, data=codes)

    def bias(self, x, weights, channels):
        scale = self.scale(x) * self.scale(weights)
        return self.tensor([channels], TYPES.INT32, scale, data=self.rng.integers(-2000, 2000, channels))

    def conv(self, x, filters, kernel, stride=1, dilation=1, same=True, act="NONE", bias=True, groups=1, scale=0.2,
             zero_point=5, weight_scale=None, element=TYPES.INT8, per_channel=True):
        _, height, width, channels = self.shape(x)
        w = self.weights([filters, *kernel, channels // groups], filters, 0, element, per_channel, weight_scale)
        table = options("Conv2DOptions", padding=0 if same else 1, strideH=stride, strideW=stride, dilationHFactor=dilation,
                        dilationWFactor=dilation, fusedActivationFunction=getattr(ACTIVATIONS, act))
        inputs = [x, w, self.bias(x, w, filters) if bias else -1]
        shape = [1, *self.window([height, width], kernel, stride, dilation, same), filters]
        return self.node(OPS.CONV_2D, inputs, self.tensor(shape, scale=scale, zero_point=zero_point), table)

    def depthwise(self, x, multiplier, kernel, stride=1, dilation=1, same=True, act="NONE", scale=0.2, zero_point=5,
                  weight_scale=None):
        _, height, width, channels = self.shape(x)
        filters = channels * multiplier
        w = self.weights([1, *kernel, filters], filters, 3, scale=weight_scale)
        table = options("DepthwiseConv2DOptions", padding=0 if same else 1, strideH=stride, strideW=stride,
                        depthMultiplier=multiplier, dilationHFactor=dilation, dilationWFactor=dilation,
                        fusedActivationFunction=getattr(ACTIVATIONS, act))
        inputs = [x, w, self.bias(x, w, filters)]
        shape = [1, *self.window([height, width], kernel, stride, dilation, same), filters]
        return self.node(OPS.DEPTHWISE_CONV_2D, inputs, self.tensor(shape, scale=scale, zero_point=zero_point), table)

    def dense(self, x, outputs, act="NONE", bias=True, element=TYPES.INT8, per_channel=False, scale=0.3, zero_point=-7,
              weight_scale=None):
        depth = self.shape(x)[-1]
        w = self.weights([outputs, depth], outputs, 0, element, per_channel, weight_scale)
        table = options("FullyConnectedOptions", fusedActivationFunction=getattr(ACTIVATIONS, act), keepNumDims=True)
        inputs = [x, w, *([self.bias(x, w, outputs)] if bias else [])]
        y = self.tensor([*self.shape(x)[:-1], outputs], scale=scale, zero_point=zero_point)
        return self.node(OPS.FULLY_CONNECTED, inputs, y, table)

    def binary(self, op, left, right, scale=0.11, zero_point=4, act="NONE"):
        shape = np.broadcast_shapes(self.shape(left), self.shape(right))
        table = options(op.capitalize() + "Options", fusedActivationFunction=getattr(ACTIVATIONS, act))
        return self.node(getattr(OPS, op), [left, right], self.tensor(shape, scale=scale, zero_point=zero_point), table)

    def constant(self, shape, scale, zero_point):
        return self.tensor(shape, scale=scale, zero_point=zero_point, data=self.rng.integers(-128, 128, shape))

    def pool(self, op, x, kernel, stride, same=True, act="NONE"):
        _, height, width, channels = self.shape(x)
        table = options("Pool2DOptions", padding=0 if same else 1, strideH=stride, strideW=stride, filterHeight=kernel[0],
                        filterWidth=kernel[1], fusedActivationFunction=getattr(ACTIVATIONS, act))
        shape = [1, *self.window([height, width], kernel, stride, 1, same), channels]
        return self.node(getattr(OPS, op), [x], self.like(x, shape), table)

    def unary(self, op, x, scale, zero_point, table=None):
        return self.node(getattr(OPS, op), [x], self.tensor(self.shape(x), scale=scale, zero_point=zero_point), table)

    def softmax(self, x, beta=1.0):
        return self.unary("SOFTMAX", x, 1 / 256, -128, options("SoftmaxOptions", beta=beta))

    def mean(self, x, axes, keep=True, scale=None, zero_point=None):
        shape = [1 if i in axes else n for i, n in enumerate(self.shape(x)) if keep or i not in axes]
        y = self.tensor(shape, scale=self.scale(x) if scale is None else scale,
                        zero_point=self.zero_point(x) if zero_point is None else zero_point)
        return self.node(OPS.MEAN, [x, self.integers(axes)], y, options("ReducerOptions", keepDims=keep))

    def reshape(self, x, shape):
        return self.node(OPS.RESHAPE, [x, self.integers(shape)], self.like(x, shape), options("ReshapeOptions"))

    def transpose(self, x, permutation):
        y = self.like(x, [self.shape(x)[axis] for axis in permutation])
        return self.node(OPS.TRANSPOSE, [x, self.integers(permutation)], y, options("TransposeOptions"))

    def pad(self, x, pads):
        y = self.like(x, [n + before + after for n, (before, after) in zip(self.shape(x), pads)])
        return self.node(OPS.PAD, [x, self.integers(pads)], y, options("PadOptions"))

    def concatenation(self, inputs, axis):
        shape = self.shape(inputs[0])
        shape[axis] = sum(self.shape(x)[axis] for x in inputs)
        table = options("ConcatenationOptions", axis=axis)
        return self.node(OPS.CONCATENATION, inputs, self.like(inputs[0], shape), table)

    @staticmethod
    def window(lengths, kernel, stride, dilation, same):
        if same:
            return [-(-n // stride) for n in lengths]
        return [(n - (k - 1) * dilation - 1) // stride + 1 for n, k in zip(lengths, kernel)]

    def content(self):
        """Return the bytes of the file."""
        model = schema.ModelT()
        model.version, model.subgraphs, model.buffers, model.operatorCodes = 3, [self.graph], self.buffers, []
        narrow = any(tensor.type in BITS for tensor in self.graph.tensors)
        for op in self.codes:
            code = schema.OperatorCodeT()
            code.builtinCode, code.deprecatedBuiltinCode = op, min(op, 127)
            code.version = {OPS.FULLY_CONNECTED: 9 if narrow else 5, OPS.CONV_2D: 7 if narrow else 3,
                            OPS.DEPTHWISE_CONV_2D: 3, OPS.RESHAPE: 1, OPS.PRELU: 1, OPS.EXPAND_DIMS: 1, OPS.PADV2: 1, OPS.SQUEEZE: 1, OPS.HARD_SWISH: 1}.get(op, 2)
            model.operatorCodes.append(code)
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
