"""The command line that the package carries."""

import subprocess
import sys

import pytest

import qrtl


def run(*words):
    return subprocess.run([sys.executable, "-m", "qrtl", *words], capture_output=True, text=True)


def test_it_generates_what_the_library_generates():
    generated = run("generate", "int8_multiplier")
    assert generated.returncode == 0
    assert generated.stdout == qrtl.Unit("int8_multiplier").verilog()


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [(["--version"], 0, "qrtl"), (["generate", "no_unit"], 2, "no_unit"), (["frobnicate"], 2, "frobnicate")],
)
def test_exit_codes(words, code, text):
    done = run(*words)
    assert done.returncode == code
    assert text in done.stdout + done.stderr
