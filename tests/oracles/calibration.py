"""Write tests/vectors/calibration: batches, and what torch and ONNX Runtime derive from them."""

import contextlib
import io
import sys
import tempfile
from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper
from onnxruntime.quantization.calibrate import (
    CalibrationDataReader,
    CalibrationMethod,
    HistogramCollector,
    create_calibrator,
)
from onnxruntime.quantization.quant_utils import compute_scale_zp, get_qmin_qmax_for_qType, pack_bytes_to_4bit
from torch.ao.quantization import observer as observers

from files import finish, save

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "calibration"
SHAPE = (20, 4, 12)
FORMATS = {(8, True): torch.qint8, (8, False): torch.quint8}
ONNX_TYPES = {(8, True): TensorProto.INT8, (8, False): TensorProto.UINT8, (4, True): TensorProto.INT4, (4, False): TensorProto.UINT4}
SETS = [["normal"], ["relu"], ["outliers"], ["zeros"], ["normal", "laplace"], ["normal", "outliers", "laplace"], ["zeros", "relu", "normal"]]


def make_batches():
    rng = np.random.default_rng(20250101)
    normal = rng.normal(0, 1, SHAPE).astype(np.float32)
    laplace = rng.laplace(0.125, 0.5, SHAPE).astype(np.float32)
    outliers = rng.normal(-0.25, 0.25, SHAPE).astype(np.float32)
    outliers[3, 1, 5], outliers[7, 2, 0] = 9.5, -6.25
    # A batch with a channel of zeros on both axes, and one that is zero only at first.
    zeros = normal[:, :, ::-1].copy()
    zeros[2], zeros[:, 3] = 0, 0
    return {"normal": normal, "laplace": laplace, "outliers": outliers, "relu": np.maximum(normal[::-1], 0), "zeros": zeros}


def bits_of(values):
    return [int(v) for v in np.atleast_1d(np.asarray(values, np.float32)).view(np.uint32)]


def case(tool, calibration, batches, scheme, form, granularity, low, high, scale, zero_point):
    return {
        "tool": tool, "calibration": calibration, "batches": batches, "scheme": scheme, "bits": form[0],
        "signed": form[1], "granularity": granularity, "low": bits_of(low), "high": bits_of(high),
        "scale": bits_of(scale), "zero_point": [int(z) for z in np.atleast_1d(zero_point)],
    }  # fmt: skip


def torch_cases(data):
    for scheme, form in [("symmetric", (8, True)), ("symmetric", (4, True)), ("affine", (8, True)), ("affine", (8, False)), ("affine", (4, False))]:
        limits = dict(dtype=FORMATS[8, form[1]])
        if form[0] == 4:
            limits |= dict(quant_min=-8 if form[1] else 0, quant_max=7 if form[1] else 15)
        tensor = dict(qscheme=getattr(torch, f"per_tensor_{scheme}"), **limits)
        channel = dict(qscheme=getattr(torch, f"per_channel_{scheme}"), **limits)
        plans = [
            ("minmax", "tensor", observers.MinMaxObserver, tensor),
            ("minmax", "channel:0", observers.PerChannelMinMaxObserver, channel | dict(ch_axis=0)),
            ("minmax", "channel:1", observers.PerChannelMinMaxObserver, channel | dict(ch_axis=1)),
            ("moving-average:0.01", "tensor", observers.MovingAverageMinMaxObserver, tensor),
            ("moving-average:0.3", "channel:1", observers.MovingAveragePerChannelMinMaxObserver, channel | dict(ch_axis=1, averaging_constant=0.3)),
        ]
        if form[0] == 8:
            plans.append(("mse", "tensor", observers.HistogramObserver, tensor))
        for calibration, granularity, kind, options in plans:
            for names in SETS if granularity == "tensor" and form[0] == 8 else SETS[-2:]:
                observer = kind(**options)
                inputs = [data[name] for name in names]
                # The histogram of several batches is that of one batch of them all; see online_differences.
                for batch in [np.concatenate(inputs)] if calibration == "mse" else inputs:
                    observer(torch.from_numpy(batch.copy()))
                scale, point = observer.calculate_qparams()
                low, high = observer._non_linear_param_search() if calibration == "mse" else (observer.min_val, observer.max_val)
                yield case("torch", calibration, names, scheme, form, granularity, low.numpy(), high.numpy(), scale.numpy(), point.numpy())


def online_differences(data):
    """Return how far HistogramObserver's range over batches one by one is from that of one batch, relative to it."""
    differences = []
    for names in [names for names in SETS if len(names) > 1]:
        ranges = []
        for inputs in [[data[name] for name in names], [np.concatenate([data[name] for name in names])]]:
            observer = observers.HistogramObserver(dtype=torch.qint8)
            for batch in inputs:
                observer(torch.from_numpy(batch.copy()))
            low, high = observer._non_linear_param_search()
            ranges.append((float(low), float(high)))
        (low, high), (whole_low, whole_high) = ranges
        differences.append(round(max(abs(low - whole_low), abs(high - whole_high)) / (whole_high - whole_low), 6))
    return differences


class Reader(CalibrationDataReader):
    """One batch, the input x of a model."""

    def __init__(self, batch):
        self.inputs = iter([{"x": batch}])

    def get_next(self):
        return next(self.inputs, None)


def minmax_range(inputs, symmetric):
    """Return the range of ONNX Runtime's MinMaxCalibrater on a model of one operator."""
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, SHAPE[1], SHAPE[2]])
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g", [value("x")], [value("y")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.onnx"
        onnx.save(model, path)
        calibrator = create_calibrator(path, [], str(Path(folder) / "a.onnx"), CalibrationMethod.MinMax, extra_options={"symmetric": symmetric})
        for batch in inputs:
            calibrator.collect_data(Reader(batch))
        low, high = calibrator.compute_data()["x"].range_value
    return np.float32(low), np.float32(high)


def histogram_range(inputs, method, symmetric, bins, percentile):
    collector = HistogramCollector(method, symmetric, bins, 128, percentile, "same")
    with contextlib.redirect_stdout(io.StringIO()):
        for batch in inputs:
            collector.collect({"x": batch})
        low, high = collector.compute_collection_result()["x"][:2]
    return np.float32(low), np.float32(high)


def onnx_cases(data):
    plans = [("minmax", None)]
    plans += [(f"percentile:{p}", ("percentile", 2048, p)) for p in [100, 99.999, 99, 50]]
    plans += [(f"entropy:{bins}", ("entropy", bins, 0)) for bins in [128, 512, 2048]]
    for calibration, histogram in plans:
        for scheme, form in [("symmetric", (8, True)), ("affine", (8, True)), ("affine", (8, False)), ("symmetric", (4, True)), ("affine", (4, False))]:
            symmetric = scheme == "symmetric"
            limits = get_qmin_qmax_for_qType(ONNX_TYPES[form], symmetric=symmetric)
            # Different codes share a range, which need not be repeated for each of them.
            for names in SETS if form == (8, symmetric) else SETS[-1:]:
                inputs = [data[name] for name in names]
                if histogram is None:
                    low, high = minmax_range(inputs, symmetric)
                else:
                    method, bins, percentile = histogram
                    low, high = histogram_range(inputs, method, symmetric, bins, percentile)
                point, scale = compute_scale_zp(low, high, *limits, symmetric)
                yield case("onnxruntime", calibration, names, scheme, form, "tensor", low, high, scale, point)


def packed(bits, signed):
    """Return codes of which the last byte is not full, and their bytes as the packages pack them."""
    codes = [(-(i * 5) % 2**bits) - (2 ** (bits - 1) if signed else 0) for i in range(4 * 8 // bits + 1)]
    kind = getattr(TensorProto, ("" if signed else "U") + f"INT{bits}")
    tensor = onnx.numpy_helper.from_array(np.array(codes, getattr(ml_dtypes, ("" if signed else "u") + f"int{bits}")))
    assert tensor.data_type == kind
    if bits == 4:
        assert tensor.raw_data == bytes(pack_bytes_to_4bit(np.array(codes, np.int8).tobytes()))
    return {"bits": bits, "signed": signed, "codes": codes, "bytes": list(tensor.raw_data)}


def main():
    data = make_batches()
    VECTORS.mkdir(exist_ok=True)
    path = VECTORS / "batches.npz"
    same = False
    if path.exists():
        with np.load(path) as old:
            same = set(old) == set(data) and all(np.array_equal(old[name], data[name]) for name in data)
    if "--check" not in sys.argv[1:] and not same:
        np.savez_compressed(path, **data)
    print(f"calibration/batches.npz: {'same' if same else 'DIFFERS'}")
    result = {
        "source": f"torch {torch.__version__.split('+')[0]}, onnxruntime 1.32.0, onnx 1.23.2",
        "cases": list(torch_cases(data)) + list(onnx_cases(data)),
        "online_mse_differences": online_differences(data),
        "packed": [packed(bits, signed) for bits in (4, 2) for signed in (True, False)],
    }
    finish([same, save(VECTORS / "expected.json", result)])


if __name__ == "__main__":
    main()
