"""Write tests/vectors/onnx from the backend node cases of the onnx package."""

import re
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from onnx.backend.test.case.node import collect_testcases

from files import finish, save

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "onnx"
FILES = {
    "quantizelinear": ["QuantizeLinear"],
    "dequantizelinear": ["DequantizeLinear"],
    "dynamicquantizelinear": ["DynamicQuantizeLinear"],
    "qlinearmatmul": ["QLinearMatMul"],
    "qlinearconv": ["QLinearConv"],
    "matmulinteger_convinteger": ["ConvInteger", "MatMulInteger"],
    "cast_lowbit": ["Cast"],
}
LOW_BIT = re.compile(r"FLOAT8|FLOAT4|INT4|INT2")


def array(value):
    """Serialize an array, or a tensor of a type that NumPy does not have."""
    is_tensor = isinstance(value, TensorProto)
    values = numpy_helper.to_array(value) if is_tensor else np.asarray(value)
    entry = {"dtype": values.dtype.name, "shape": list(values.shape)}
    if "int" in entry["dtype"]:
        entry["ints"] = [int(v) for v in values.reshape(-1)]
    else:
        patterns = np.ascontiguousarray(values).view(f"u{values.dtype.itemsize}")
        entry["bits"] = [int(v) for v in patterns.reshape(-1)]
    if is_tensor:
        entry["onnx_type"] = TensorProto.DataType.Name(value.data_type)
    return entry


def attribute(a):
    value = helper.get_attribute_value(a)
    return value.decode() if isinstance(value, bytes) else value


def case(test):
    graph = test.model.graph
    nodes = [
        {
            "op": node.op_type,
            "attrs": {a.name: attribute(a) for a in node.attribute},
            "inputs": list(node.input),
            "outputs": list(node.output),
        }
        for node in graph.node
    ]
    return {
        "name": test.name,
        "opset": [[o.domain, o.version] for o in test.model.opset_import],
        "rtol": test.rtol,
        "atol": test.atol,
        "graph_inputs": [i.name for i in graph.input],
        "nodes": nodes,
        "data": [
            {"inputs": [array(v) for v in inputs], "outputs": [array(v) for v in outputs]}
            for inputs, outputs in test.data_sets
        ],
    }


def main():
    tests = [t for t in collect_testcases() if len(t.model.graph.node) == 1]
    results = []
    for name, operators in FILES.items():
        chosen = [t for t in tests if t.model.graph.node[0].op_type in operators]
        if name == "cast_lowbit":
            chosen = [t for t in chosen if LOW_BIT.search(t.name) and not t.name.endswith("_expanded")]
        header = {"source": "onnx 1.23.2 onnx.backend.test.case.node", "license": "Apache-2.0"}
        results.append(save(VECTORS / f"{name}.json", header | {"cases": [case(t) for t in chosen]}))
    finish(results)


if __name__ == "__main__":
    main()
