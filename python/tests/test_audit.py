"""Audits of designs that somebody else could have written."""

import pytest

import qrtl

HALF_UP = """
module half_up(input signed [15:0] x, output [7:0] y);
  wire signed [17:0] r = (x + 18'sd8) >>> 4;
  assign y = r < -128 ? 8'd128 : r > 127 ? 8'd127 : r[7:0];
endmodule
"""


def test_a_rounding_rule_is_named(tmp_path):
    design = tmp_path / "half_up.v"
    design.write_text(HALF_UP)
    found = qrtl.audit(
        design, "half_up", "requantizer", {"acc": "x", "out": "y"}, set={"scale": 2**-4, "out_signed": "true"}
    )
    assert "single" in found.explaining
    assert found.exhaustive
    assert "half_up: requantizer" in str(found)
    assert "<iframe" in found._repr_html_()


def test_errors_name_the_cause(tmp_path):
    design = tmp_path / "half_up.v"
    design.write_text(HALF_UP)
    with pytest.raises(qrtl.QrtlError, match="nowhere"):
        qrtl.audit(design, "half_up", "requantizer", {"acc": "nowhere", "out": "y"}, set={"scale": 2**-4})
