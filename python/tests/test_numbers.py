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
        (lambda: qrtl.requantize(np.float64([1.0]), "single", scale=0.5), "int32"),
        (lambda: qrtl.requantize(np.int32([1]), "nearest", scale=0.5), "nearest"),
        (lambda: qrtl.requantize(np.int32([1]), "single"), "either multiplier and shift, or scale"),
        (lambda: qrtl.requantize(np.complex64([1]), "single", scale=0.5), "complex64"),
        (lambda: qrtl.requantize(np.int32([1]), "single", scale=0.5, engine="gpu"), "'rtl' or 'reference'"),
        (lambda: qrtl.identify(np.int32([1, 2]), np.int8([1]), scale=0.5), "shape"),
    ],
)
def test_errors_name_the_cause(call, text):
    with pytest.raises(qrtl.QrtlError, match=text):
        call()
