"""The code of the documents runs, and gives what its comments say."""

import ast
from pathlib import Path

import numpy as np
import pytest

TOP = Path(__file__).parents[2]


@pytest.mark.parametrize("document", ["README.md", "python/README.md"])
def test_python_blocks_run(document, monkeypatch):
    monkeypatch.chdir(TOP)
    text = (TOP / document).read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in text.split("```python\n")[1:]]
    assert blocks
    checked = 0
    for block in blocks:
        names = {"array": np.array}
        for statement in ast.parse(block).body:
            line = block.splitlines()[statement.end_lineno - 1]
            code = ast.get_source_segment(block, statement)
            if not isinstance(statement, ast.Expr):
                exec(code, names)
                continue
            found = eval(code, names)
            stated = line.split("#")[-1].split(": ")
            for words in stated if "#" in line else []:
                try:
                    expected = eval(words, {"array": np.array})
                except (SyntaxError, NameError):
                    continue
                assert np.array_equal(found, expected), line
                checked += 1
    assert checked
