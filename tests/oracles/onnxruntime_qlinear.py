"""Run ONNX Runtime on the recorded integer node cases and compare its outputs with the recorded ones."""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import helper

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "onnx"
FILES = ["qlinearmatmul", "qlinearconv", "matmulinteger_convinteger"]
UNSUPPORTED = {"test_convinteger_with_padding": "ONNX Runtime takes one zero point for all filters"}


def values(entry):
    """Return the array, or None for a type without a kernel."""
    if "ints" in entry:
        return np.array(entry["ints"], entry["dtype"]).reshape(entry["shape"])
    if entry["dtype"] != "float32":
        return None
    return np.array(entry["bits"], np.uint32).view(np.float32).reshape(entry["shape"])


def run(case, inputs):
    node = case["nodes"][0]
    types = [helper.np_dtype_to_tensor_dtype(v.dtype) for v in inputs]
    feeds = [helper.make_tensor_value_info(n, t, v.shape) for n, t, v in zip(node["inputs"], types, inputs)]
    result = helper.make_empty_tensor_value_info(node["outputs"][0])
    graph = helper.make_graph(
        [helper.make_node(node["op"], node["inputs"], node["outputs"], **node["attrs"])], "g", feeds, [result]
    )
    opset = helper.make_opsetid("", case["opset"][0][1])
    model = helper.make_model(graph, opset_imports=[opset], ir_version=10)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    return session.run(None, dict(zip(node["inputs"], inputs)))[0]


def main():
    differing = compared = 0
    for name in FILES:
        for case in json.loads((VECTORS / f"{name}.json").read_text())["cases"]:
            inputs = [values(entry) for entry in case["data"][0]["inputs"]]
            if case["name"] in UNSUPPORTED:
                print(f"{case['name']}: {UNSUPPORTED[case['name']]}")
                continue
            if any(v is None for v in inputs):
                print(f"{case['name']}: no kernel for binary16 scales")
                continue
            same = np.array_equal(run(case, inputs), values(case["data"][0]["outputs"][0]))
            print(f"{case['name']}: {'same' if same else 'DIFFERS'}")
            compared += 1
            differing += not same
    sys.exit(1 if differing or not compared else 0)


if __name__ == "__main__":
    main()
