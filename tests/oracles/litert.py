"""Rerun the single-operator models of tests/vectors/litert.

The operands (weights, bias, scales, inputs) were drawn or chosen once and are kept in the files. The outputs
of four kernels and the accumulators are recomputed from them, the accumulators in
NumPy's int64.
"""

import json
from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema
from ai_edge_litert.interpreter import Interpreter, OpResolverType
from tflite_micro.python.tflite_micro import runtime as micro

from files import finish, save

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "litert"
TYPES = {
    "int4": schema.TensorType.INT4,
    "int8": schema.TensorType.INT8,
    "int16": schema.TensorType.INT16,
    "int32": schema.TensorType.INT32,
    "int64": schema.TensorType.INT64,
}
KERNELS = {
    "y_ref": OpResolverType.BUILTIN_REF,
    "y_opt": OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES,
    "y_xnn": OpResolverType.BUILTIN,
}


def floats(tensor):
    return np.array(tensor["bits"], np.uint32).view(np.float32)


def packed(values, dtype):
    """Return the buffer of a constant tensor; int4 has the first element in the low nibble."""
    values = np.asarray(values).reshape(-1)
    if dtype != "int4":
        return values.astype(dtype).tobytes()
    nibbles = (values.astype(np.int64) & 15).astype(np.uint8)
    if nibbles.size % 2:
        nibbles = np.append(nibbles, np.uint8(0))
    return (nibbles[0::2] | nibbles[1::2] << 4).tobytes()


def tensor(name, shape, dtype, scales, zero_points, axis=0, buffer=0):
    t = schema.TensorT()
    t.name, t.shape, t.type, t.buffer = name, list(shape), TYPES[dtype], buffer
    t.quantization = schema.QuantizationParametersT()
    t.quantization.scale = np.asarray(scales, np.float32)
    t.quantization.zeroPoint = np.asarray(zero_points, np.int64)
    t.quantization.quantizedDimension = axis
    return t


def model(case):
    """Build the flatbuffer of a model with only this fully connected or convolution operator."""
    is_conv = case["kind"].startswith("conv")
    scales = floats(case["w_scale"])
    bias_type = "int64" if case["kind"].endswith("biasint64") else "int32"
    bias_scales = np.float32(floats(case["x_scale"])[0]) * scales
    code = schema.OperatorCodeT()
    operator = schema.OperatorT()
    if is_conv:
        code.builtinCode = schema.BuiltinOperator.CONV_2D
        operator.builtinOptionsType = schema.BuiltinOptions.Conv2DOptions
        options = schema.Conv2DOptionsT()
        options.strideH = options.strideW = case["stride"]
        options.padding = getattr(schema.Padding, case["padding"])
        options.dilationHFactor = options.dilationWFactor = 1
        code.version = 3
    else:
        code.builtinCode = schema.BuiltinOperator.FULLY_CONNECTED
        operator.builtinOptionsType = schema.BuiltinOptions.FullyConnectedOptions
        options = schema.FullyConnectedOptionsT()
        options.quantizedBiasType = TYPES[bias_type]
        code.version = 11
    relu = case.get("act", "none") == "relu"
    options.fusedActivationFunction = (
        schema.ActivationFunctionType.RELU if relu else schema.ActivationFunctionType.NONE
    )
    code.deprecatedBuiltinCode = code.builtinCode
    operator.builtinOptions, operator.inputs, operator.outputs = options, [0, 1, 2], [3]
    activation = case["x"]["dtype"]
    graph = schema.SubGraphT()
    graph.tensors = [
        tensor("x", case["x"]["shape"], activation, floats(case["x_scale"]), [case["x_zp"]]),
        tensor("w", case["w"]["shape"], case["w"]["dtype"], scales, [0] * len(scales), buffer=1),
        tensor("b", [len(case["bias"])], bias_type, bias_scales, [0] * len(scales), buffer=2),
        tensor("y", case["acc_shape"], activation, floats(case["y_scale"]), [case["y_zp"]]),
    ]
    graph.operators, graph.inputs, graph.outputs = [operator], [0], [3]
    buffers = [schema.BufferT() for _ in range(3)]
    buffers[1].data = np.frombuffer(packed(case["w"]["ints"], case["w"]["dtype"]), np.uint8)
    buffers[2].data = np.frombuffer(packed(case["bias"], bias_type), np.uint8)
    m = schema.ModelT()
    m.version, m.operatorCodes, m.subgraphs, m.buffers = 3, [code], [graph], buffers
    builder = flatbuffers.Builder(1024)
    builder.Finish(m.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def run_litert(content, x, resolver):
    interpreter = Interpreter(model_content=content, experimental_op_resolver_type=resolver)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], x)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])


def run_micro(content, x):
    interpreter = micro.Interpreter.from_bytes(content)
    interpreter.set_input(x, 0)
    interpreter.invoke()
    return interpreter.get_output(0)


def outputs(case):
    """Return the outputs of each kernel; `None` if it does not support the operator."""
    content = model(case)
    x = np.array(case["x"]["ints"], case["x"]["dtype"]).reshape(case["x"]["shape"])
    results = {}
    for key, resolver in KERNELS.items():
        try:
            results[key] = run_litert(content, x, resolver)
        except (RuntimeError, ValueError):
            results[key] = None
    try:
        results["y_tflm"] = run_micro(content, x)
    except (RuntimeError, ValueError):
        results["y_tflm"] = None
    return results


def accumulators(case):
    """Compute exact sums of (x - zero point) * w + bias; padding is real zero."""
    x = np.array(case["x"]["ints"], np.int64).reshape(case["x"]["shape"]) - case["x_zp"]
    w = np.array(case["w"]["ints"], np.int64).reshape(case["w"]["shape"])
    bias = np.array(case["bias"], np.int64)
    if not case["kind"].startswith("conv"):
        return x @ w.T + bias
    (_, height, width, _), stride = x.shape, case["stride"]
    _, rows, columns, _ = case["acc_shape"]
    _, kernel_height, kernel_width, _ = w.shape
    if case["padding"] == "SAME":
        down = max((rows - 1) * stride + kernel_height - height, 0)
        right = max((columns - 1) * stride + kernel_width - width, 0)
        x = np.pad(x, ((0, 0), (down // 2, down - down // 2), (right // 2, right - right // 2), (0, 0)))
    sums = np.empty(case["acc_shape"], np.int64)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = x[:, top : top + kernel_height, left : left + kernel_width, :]
            sums[:, row, column, :] = np.tensordot(window, w, ((1, 2, 3), (1, 2, 3))) + bias
    return sums


def again(case):
    """Return the case with recomputed accumulators and outputs."""
    results = outputs(case)
    record = dict(case, acc=[int(v) for v in accumulators(case).reshape(-1)])
    for key, result in results.items():
        if result is None:
            record[key] = None
        elif key != "y_ref" and np.array_equal(result, results["y_ref"]):
            record[key] = "same"
        else:
            values = [int(v) for v in result.reshape(-1)]
            record[key] = {"dtype": result.dtype.name, "shape": list(result.shape), "ints": values}
    return record


def main():
    same = []
    for path in sorted(VECTORS.glob("*.json")):
        kept = json.loads(path.read_text())
        same.append(save(path, kept | {"cases": [again(case) for case in kept["cases"]]}))
    finish(same)


if __name__ == "__main__":
    main()
