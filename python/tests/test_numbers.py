"""Quantization, requantization and identification against numbers known from elsewhere."""

import numpy as np
import pytest

import qrtl


def test_codes_of_the_largest_real_are_the_ends_of_the_range():
    codes, result = qrtl.quantize(np.float32([-2.0, -1.0, 0.0, 1.0, 2.0]))
    assert codes.dtype == np.int8
    assert codes.tolist() == [-127, -64, 0, 64, 127]
    assert result.scale == [float(np.float32(2.0) / np.float32(127))]
    assert result.zero_point == [0]


def test_given_parameters_are_used_for_each_channel():
    x = np.float32([[0.5, 1.0], [5.0, 10.0]])
    codes, result = qrtl.quantize(
        x,
        signed=False,
        scheme=qrtl.Scheme.AFFINE,
        granularity=qrtl.Granularity.channel(0),
        scale=[0.5, 5.0],
        zero_point=[10, 20],
    )
    assert codes.dtype == np.uint8
    assert codes.tolist() == [[11, 12], [21, 22]]
    assert result.zero_point == [10, 20]


def test_parameters_are_calibrated_from_all_batches():
    x, more = np.float32([-1.0, 0.5]), [np.float32([[0.0, 1.0, 4.1]]), np.float16([2.0])]
    codes, result = qrtl.quantize(x, signed=False, scheme="affine", calibrate="minmax", batches=more)
    assert (codes.tolist(), result.zero_point) == ([0, 75], [50])
    assert result.range == [[-1.0, float(np.float32(4.1))]]
    assert qrtl.dequantize(codes, result.scale, result.zero_point).tolist() == pytest.approx([-1.0, 0.5])
    reals = np.concatenate([np.linspace(-1, 1, 10_000), [100.0]]).astype(np.float32)
    clipped = qrtl.quantize(reals, calibrate="percentile:99.9")[1]
    assert clipped.range[0][1] < 2 and clipped.metrics.clipped > 0
    torch = qrtl.quantize(np.float32([-1.0]), convention=qrtl.Convention.TORCH)[1]
    assert torch.scale == [float(np.float32(1 / 127.5))]


def test_reals_of_codes_are_rounded_once():
    assert qrtl.dequantize(np.int8([-3, 5]), 0.5, zero_point=1).tolist() == [-2.0, 2.0]
    # (2^24 + 1) * (1 + 2^-23) needs 49 bits; rounding the difference first would lose its lowest bit.
    scale = np.float32(1 + 2**-23)
    assert qrtl.dequantize(np.int32([2**24 + 1]), scale)[0] == np.float32((2**24 + 1) * float(scale))


def test_rules_differ_where_documents_say_so():
    acc = np.int32([0, 387])
    numbers = {"multiplier": 1_185_020_333, "shift": -2}
    assert qrtl.requantize(acc, qrtl.Rule.GEMMLOWP, **numbers)[0].tolist() == [0, 54]
    assert qrtl.requantize(acc, "single", **numbers)[0].tolist() == [0, 53]


def test_accumulators_keep_shape_and_order():
    acc = np.asfortranarray(np.arange(-300, 300, dtype=np.int64).reshape(30, 20))
    codes, result = qrtl.requantize(acc, "f32", scale=np.full(20, 0.25), zero_point=3)
    expected = np.clip(np.rint(acc.astype(np.float32) * np.float32(0.25)) + 3, -128, 127)
    assert codes.shape == (30, 20)
    assert (codes == expected).all()
    assert len(result.channels) == 20


def test_identification_names_the_rules_that_agree():
    acc = np.int32([0, 387])
    found = qrtl.identify(acc, np.int8([0, 54]), multiplier=1_185_020_333, shift=-2)
    assert found.explaining == ["gemmlowp", "ruy"]
    assert found.compared == 2
    assert "differs on 1" in str(found)
    assert found.to_dict()["rules"][0]["outcome"] == "explains"
    assert found._repr_html_().startswith("<pre>")


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: qrtl.quantize(np.float32([np.nan])), "NaN"),
        (lambda: qrtl.quantize(np.float32([1.0]), bits=17), "16"),
        (lambda: qrtl.quantize(np.float32([[1.0], [2.0]]), granularity="channel:0", scale=[1.0]), "one number per part"),
        (lambda: qrtl.quantize(np.float32([1.0]), calibrate="percentile:0"), "above 0 and at most 100"),
        (lambda: qrtl.quantize(np.float32([1.0]), calibrate="mse", scale=1.0), "omit one"),
        (lambda: qrtl.quantize(np.float32([1.0]), batches=[[np.inf]]), r"batches\[0\]: element 0 is inf"),
        (lambda: qrtl.requantize(np.float64([1.0]), "single", scale=0.5), "int32"),
        (lambda: qrtl.requantize(np.int32([1]), "nearest", scale=0.5), "nearest"),
        (lambda: qrtl.requantize(np.int32([1]), "single"), "either multiplier and shift, or scale, or input_scale"),
        (lambda: qrtl.requantize(np.complex64([1]), "single", scale=0.5), "complex64"),
        (lambda: qrtl.requantize(np.int32([1]), "single", scale=0.5, engine="gpu"), "'rtl' or 'reference'"),
        (lambda: qrtl.identify(np.int32([1, 2]), np.int8([1]), scale=0.5), "shape"),
    ],
)
def test_errors_name_the_cause(call, text):
    with pytest.raises(qrtl.QrtlError, match=text):
        call()


def test_identifies_the_rule_from_the_scales_of_a_layer() -> None:
    acc = np.arange(-40_000, 40_000, dtype=np.int32)
    layer = {"input_scale": 0.0235, "weight_scale": 0.00414, "output_scale": 0.9}
    codes, _ = qrtl.requantize(acc, qrtl.Rule.F32, multiplier_from="f32", **layer)
    found = qrtl.identify(acc, codes, **layer)
    assert "f32" in found.explaining
    assert found.verdict in ("identified", "several")
    assert found.sentence.endswith(".")
    thresholds = np.array(found.separating)
    assert thresholds.shape[1] == 1 and len(thresholds) > 500


def test_suggests_another_zero_point() -> None:
    acc = np.arange(-40_000, 40_000, dtype=np.int32)
    codes, _ = qrtl.requantize(acc, "gemmlowp", multiplier=1_185_020_333, shift=-7, zero_point=-11)
    found = qrtl.identify(acc, codes, multiplier=1_185_020_333, shift=-7)
    assert found.verdict == "no_rule"
    assert found.amendment.zero_point == -11
    assert "--zero-point -11" in found.sentence


def test_adds_a_bias_as_a_float() -> None:
    codes, summary = qrtl.requantize([10, -10], "f32_bias", scale=0.5, bias=0.75)
    # 10.75 / 2 = 5.375 and -9.25 / 2 = -4.625.
    assert codes.tolist() == [5, -5]
    assert summary.channels[0].bias == 0.75


def test_multiplies_by_the_reciprocal_as_pytorch_does() -> None:
    x = np.array([[0.273939937]], np.float32)
    for reciprocal, code in ((False, 127), (True, 128)):
        codes, _ = qrtl.quantize(
            x, signed=False, scale=0.00214854861, reciprocal=reciprocal, granularity="channel:-1"
        )
        assert codes.tolist() == [[code]]
