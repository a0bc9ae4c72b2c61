"""The digits network: bytes of the reference and of the simulated Verilog against those of its runtime."""

from pathlib import Path

import numpy as np
import pytest

import qrtl

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def network():
    return qrtl.Network(DATA / "digits_network.tflite", profile="tflm")


@pytest.fixture(scope="module")
def recorded():
    return np.load(DATA / "digits_network.npz")


def test_layers_are_listed(network):
    assert network.layers[-1].operator.lower().startswith("softmax")
    assert sum(layer.macs for layer in network.layers) == network.listing().totals.macs


def test_the_reference_gives_the_bytes_of_the_runtime(network, recorded):
    assert (network.run(recorded["x"]) == recorded["y"]).all()


def test_inner_tensors_are_named(network, recorded):
    tensors = network.tensors(recorded["x"][:2])
    name = list(tensors)[-1]
    assert (tensors[name].reshape(2, -1) == recorded["y"][:2].reshape(2, -1)).all()
    assert (network.tensor(name, recorded["x"][:2]) == tensors[name]).all()


def test_the_hardware_gives_the_bytes_of_the_runtime(network, recorded, tmp_path):
    hardware = network.hardware(cycles=20_000)
    assert (hardware.simulate(recorded["x"][:20]) == recorded["y"][:20]).all()
    assert hardware.cycles > 20 * 10_000
    names = {path.name for path in hardware.generate(tmp_path, ["testbench"])}
    assert {"network_digits_network.v", "network_digits_network_report.json"} <= names


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda network: qrtl.Network("missing.tflite"), "missing.tflite"),
        (lambda network: qrtl.Network(DATA / "digits_network.npz"), "tflite"),
        (lambda network: network.run(np.zeros((1, 3), np.int8)), "shape"),
        (lambda network: network.hardware(cycles=10), "10"),
        (lambda network: network.hardware(cycles=20_000, multipliers=5), "either"),
        (lambda network: network.hardware(target="asic"), "ice40"),
        (lambda network: network.tensor("nowhere", np.zeros((1, 8, 8, 1), np.int8)), "nowhere"),
    ],
)
def test_errors_name_the_cause(call, text, network):
    with pytest.raises(qrtl.QrtlError, match=text):
        call(network)
