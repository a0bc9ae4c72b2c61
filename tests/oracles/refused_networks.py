"""Write the networks of tests/data/networks/refused, which qrtl refuses, each for one reason."""

import sys
from pathlib import Path

import flatbuffers
import numpy as np
import onnx
from ai_edge_litert import schema_py_generated as schema
from onnx import TensorProto, helper

from onnx_graph import OnnxGraph
from tflite_graph import ACTIVATIONS, OPS, TYPES, Graph, options

REFUSED = Path(__file__).resolve().parents[1] / "data" / "networks" / "refused"


def float_network(g):
    x = g.tensor([1, 4], TYPES.FLOAT32)
    g.graph.inputs = [x]
    w = g.tensor([3, 4], TYPES.FLOAT32, data=g.rng.normal(size=12))
    return g.node(OPS.FULLY_CONNECTED, [x, w, -1], g.tensor([1, 3], TYPES.FLOAT32), options("FullyConnectedOptions"))


def dynamic_range(g):
    x = g.tensor([1, 4], TYPES.FLOAT32)
    g.graph.inputs = [x]
    w = g.weights([3, 4], 3, 0, per_channel=False)
    return g.node(OPS.FULLY_CONNECTED, [x, w, -1], g.tensor([1, 3], TYPES.FLOAT32), options("FullyConnectedOptions"))


def unknown_operator(g):
    return g.unary("SVDF", g.input([1, 4]), 0.1, 0)


def int16_activations(g):
    x = g.tensor([1, 4], TYPES.INT16, 0.1, 0)
    g.graph.inputs = [x]
    return g.node(OPS.RESHAPE, [x, g.integers([4, 1])], g.tensor([4, 1], TYPES.INT16, 0.1, 0))


def uint8_activations(g):
    x = g.tensor([1, 4], TYPES.UINT8, 0.1, 0)
    g.graph.inputs = [x]
    return g.node(OPS.RESHAPE, [x, g.integers([4, 1])], g.tensor([4, 1], TYPES.UINT8, 0.1, 0))


def no_scale(g):
    x = g.tensor([1, 4])
    g.graph.inputs = [x]
    return g.node(OPS.RESHAPE, [x, g.integers([4, 1])], g.tensor([4, 1]))


def weight_zero_point(g):
    y = g.dense(g.input([1, 4]), 3)
    g.graph.tensors[g.graph.operators[-1].inputs[1]].quantization.zeroPoint = np.array([7], np.int64)
    return y


def activation_scales(g):
    y = g.dense(g.input([1, 4]), 3)
    g.graph.tensors[y].quantization.scale = np.array([0.1, 0.2, 0.3], np.float32)
    return y


def weight_scales(g):
    y = g.conv(g.input([1, 3, 3, 2]), 4, [1, 1])
    g.graph.tensors[g.graph.operators[-1].inputs[1]].quantization.scale = np.array([0.1, 0.2, 0.3], np.float32)
    return y


def bias_scale(g):
    y = g.dense(g.input([1, 4]), 3)
    g.graph.tensors[g.graph.operators[-1].inputs[2]].quantization.scale = np.array([0.5], np.float32)
    return y


def pool_rescales(g):
    y = g.pool("MAX_POOL_2D", g.input([1, 4, 4, 2]), [2, 2], 2)
    g.graph.tensors[y].quantization.scale = np.array([0.5], np.float32)
    return y


def softmax_scale(g):
    return g.unary("SOFTMAX", g.input([1, 4]), 0.01, -128, options("SoftmaxOptions", beta=1.0))


def unknown_dimension(g):
    y = g.conv(g.input([1, 4, 4, 2]), 3, [3, 3])
    g.graph.tensors[g.graph.inputs[0]].shapeSignature = [-1, -1, 4, 2]
    return y


def zero_dimension(g):
    return g.reshape(g.input([1, 0, 4]), [0, 4])


def large_tensor(g):
    return g.reshape(g.input([1, 4]), [1 << 14, 1 << 14])


def two_outputs(g):
    x = g.input([1, 4])
    g.softmax(x)
    return g.softmax(x)


def two_inputs(g):
    x, y = g.input([1, 4]), g.tensor([1, 4], scale=0.1)
    g.graph.inputs = [x, y]
    return g.binary("ADD", x, y)


def batch_of_two(g):
    return g.conv(g.input([2, 4, 4, 1]), 3, [3, 3])


def several_alphas(g):
    x = g.input([1, 2, 2, 3])
    alpha = g.tensor([1, 1, 3], scale=0.01, data=[1, 2, 3])
    return g.node(OPS.PRELU, [x, alpha], g.tensor([1, 2, 2, 3], scale=0.1))


def fused_tanh(g):
    y = g.dense(g.input([1, 4]), 3)
    g.graph.operators[-1].builtinOptions.fusedActivationFunction = ACTIVATIONS.TANH
    return y


def reads_before_writing(g):
    x = g.input([1, 4])
    later = g.like(x)
    return g.binary("ADD", x, later)


def wrong_output_shape(g):
    y = g.conv(g.input([1, 4, 4, 2]), 3, [3, 3])
    g.graph.tensors[y].shape = [1, 4, 5, 3]
    return y


def window_too_large(g):
    x = g.input([1, 4, 4, 2])
    w = g.weights([3, 5, 5, 2], 3, 0)
    table = options("Conv2DOptions", padding=1, strideH=1, strideW=1, dilationHFactor=1, dilationWFactor=1)
    return g.node(OPS.CONV_2D, [x, w, g.bias(x, w, 3)], g.tensor([1, 1, 1, 3], scale=0.1), table)


def control_flow(model):
    model.subgraphs = model.subgraphs * 2


def future_version(model):
    model.version = 4


BUILDERS = [float_network, dynamic_range, unknown_operator, int16_activations, uint8_activations, no_scale,
            weight_zero_point, activation_scales, weight_scales, bias_scale, pool_rescales, softmax_scale,
            unknown_dimension, zero_dimension, large_tensor, two_outputs, two_inputs, batch_of_two, several_alphas,
            fused_tanh, reads_before_writing, wrong_output_shape, window_too_large]
CHANGES = [control_flow, future_version]


def onnx_float(g):
    g.nodes.append(helper.make_node("MatMul", ["x", g.constant(np.ones((4, 3), np.float32))], ["y"], "matmul"))


def onnx_dynamic(g):
    g.nodes.append(helper.make_node("DynamicQuantizeLinear", ["x"], ["q", "s", "z"], "quantize"))
    g.nodes.append(helper.make_node("Relu", ["x"], ["y"], "relu"))


def onnx_left_in_float(g):
    q = g.quantize("x", 0.1, 3)
    f = g.dequantize(q, 0.1, 3)
    g.nodes.append(helper.make_node("Softmax", [f], ["y"], "softmax"))


def onnx_unknown_operator(g):
    q = g.quantize("x", 0.1, 3)
    g.nodes.append(helper.make_node("QLinearSigmoid", [q], ["p"], "sigmoid", domain="com.microsoft"))
    g.final("p", 0.1, 3)


def onnx_weight_zero_point(g):
    g.final(g.matmul(g.quantize("x", 0.1, 3), 0.1, 3, 5, 0.2, 1, weight_zero_point=4), 0.2, 1)


def onnx_unknown_dimension(g):
    g.shape = [1, "width"]
    g.final(g.quantize("x", 0.1, 3), 0.1, 3)


def onnx_opset_9(g):
    g.opset = 9
    g.final(g.quantize("x", 0.1, 3), 0.1, 3)


ONNX = [onnx_float, onnx_dynamic, onnx_left_in_float, onnx_unknown_operator, onnx_weight_zero_point,
        onnx_unknown_dimension, onnx_opset_9]


def packed(model):
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def contents():
    """Yield name and bytes of every file."""
    for build in BUILDERS:
        g = Graph(1)
        g.output(build(g))
        if build is two_outputs:
            g.graph.outputs = [node.outputs[0] for node in g.graph.operators]
        yield f"{build.__name__}.tflite", g.content()
    for change in CHANGES:
        g = Graph(1)
        g.output(g.dense(g.input([1, 4]), 3))
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(g.content(), 0))
        change(model)
        yield f"{change.__name__}.tflite", packed(model)
    for build in ONNX:
        g = OnnxGraph(1, [1, 4])
        build(g)
        yield f"{build.__name__.removeprefix('onnx_')}.onnx", g.content()


def main():
    REFUSED.mkdir(parents=True, exist_ok=True)
    same = []
    for name, content in contents():
        path = REFUSED / name
        same.append(path.exists() and path.read_bytes() == content)
        if "--check" not in sys.argv[1:]:
            path.write_bytes(content)
        print(f"refused/{name}: {'same' if same[-1] else 'DIFFERS'}")
    sys.exit(1 if "--check" in sys.argv[1:] and not all(same) else 0)


if __name__ == "__main__":
    main()
