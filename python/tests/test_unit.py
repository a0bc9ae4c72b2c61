"""Units: ports, files, reference, simulated Verilog, and Verilog with a fault."""

import threading

import numpy as np
import pytest

import qrtl


@pytest.fixture(scope="module")
def mac():
    return qrtl.Unit("mac", a_bits=4, b_bits=4, acc_bits=20)


def test_the_catalogue_has_units_and_presets():
    assert "int8_mac" in qrtl.units()["mac"]


def test_a_unit_describes_its_module(mac):
    assert mac.name == "mac_s4_s4_acc20"
    assert mac.unit == "mac"
    assert mac.latency == 2
    assert "module mac_s4_s4_acc20 (" in mac.verilog()
    ports = {port.name: port for port in mac.ports}
    assert list(ports) == ["clk", "rst", "en", "clear", "a", "b", "accum"]
    assert (ports["accum"].bits, ports["accum"].signed, ports["accum"].direction) == (20, True, "output")


def test_files_are_those_of_the_command_line(mac, tmp_path):
    paths = mac.generate(tmp_path / "new", ["testbench", "filelist"])
    assert [path.name for path in paths] == ["mac_s4_s4_acc20.v", "mac_s4_s4_acc20_tb.v", "mac_s4_s4_acc20.f"]
    assert paths[0].read_text() == mac.verilog()


def test_reference_and_simulated_verilog_agree_with_numpy(mac):
    rng = np.random.default_rng(1)
    a, b = rng.integers(-8, 8, (2, 1000), dtype=np.int8)
    clear = np.zeros(1000, bool)
    clear[::100] = True
    expected = np.concatenate([np.cumsum(p) for p in (a.astype(int) * b).reshape(10, 100)])
    for outputs in (mac.reference(a=a, b=b, clear=clear), mac.simulate(a=a, b=b, clear=clear)):
        assert (outputs["accum"] == expected).all()


def test_vectors_have_a_row_for_each_transaction():
    dot = qrtl.Unit("int8_dot8")
    a = np.arange(-16, 16, dtype=np.int8).reshape(4, 8)
    output = dot.ports[-1].name
    assert (dot.simulate(a=a, b=a)[output] == (a.astype(int) ** 2).sum(axis=1)).all()


def test_verification_passes_and_a_fault_is_found(mac):
    passed = mac.verify(cases=10_000)
    assert passed.passed
    assert passed.compared >= 10_000
    verilog = mac.verilog()
    broken = verilog.replace("start       <= clear;", "start       <= 1'b0;")
    assert broken != verilog
    failed = mac.verify(broken, cases=10_000)
    assert not failed.passed
    assert failed.failure is not None


def test_a_model_is_driven_step_by_step(mac):
    model = mac.model()
    model.set(rst=1)
    model.step()
    model.set("rst", 0)
    model.set(a=-3, b=5)
    model.step(3)
    assert model.get("accum") == -15


def test_models_run_while_other_threads_compute():
    unit = qrtl.Unit("int8_multiplier")
    a = np.tile(np.arange(-128, 128, dtype=np.int8), 4096)
    results = []
    threads = [threading.Thread(target=lambda: results.append(unit.simulate(a=a, b=a)["product"])) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((result == a.astype(np.int16) ** 2).all() for result in results)


def test_tables_and_matrices_are_parameters():
    scale = qrtl.Unit("requantizer", multiplier=[1 << 30, 3 << 29], shift=[-5, -6], stages=10)
    assert "1073741824,1610612736" in scale.arguments
    weights = np.array([[1, -2], [3, 4]])
    matrix = qrtl.Unit("constant_matrix", weights=weights)
    x = np.int8([[5, 6], [-7, 100]])
    (output,) = (port.name for port in matrix.ports if port.direction == "output")
    name = next(port.name for port in matrix.ports if port.role == "data" and port.direction == "input")
    assert (matrix.reference(**{name: x})[output] == x.astype(int) @ weights.T).all()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: qrtl.Unit("int8_mac", a_bitz=4), "a_bits"),
        (lambda: qrtl.Unit("macs"), "mac"),
        (lambda: qrtl.Unit("mac", a_bits=400), "a_bits"),
        (lambda: qrtl.Unit("int8_multiplier").reference(a=np.int8([1])), "'b'"),
        (lambda: qrtl.Unit("int8_multiplier").reference(a=[300], b=[1]), "300"),
        (lambda: qrtl.Unit("int8_multiplier").generate("unused", ["pdf"]), "pdf"),
        (lambda: qrtl.Unit("int8_multiplier").verify("module other; endmodule"), "int8_multiplier"),
        (lambda: qrtl.Unit("int8_multiplier").model().set(c=1), "'c'"),
    ],
)
def test_errors_name_the_cause(call, text):
    with pytest.raises(qrtl.QrtlError, match=text):
        call()
