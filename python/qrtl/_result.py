"""Results: the fields of the JSON of the command line, and its text."""

from __future__ import annotations

import html
import json
from typing import Any


class Result:
    """A result of qrtl.

    Attributes are the fields of the JSON that the command line prints with `--format json`; objects in it are results
    too. `str(result)` is the text that the command line prints. A notebook shows the text, or a page where there is one.
    """

    def __init__(self, fields: dict[str, Any], text: str | None = None, page: str | None = None) -> None:
        self.__dict__.update(fields)
        self._text = text
        self._page = page

    def __str__(self) -> str:
        return self._text if self._text is not None else repr(self)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self._fields().items())
        return f"{type(self).__name__}({fields})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Result) and self._fields() == other._fields()

    __hash__ = None  # type: ignore[assignment]

    def _repr_html_(self) -> str:
        if self._page is None:
            return f"<pre>{html.escape(str(self))}</pre>"
        return f'<iframe srcdoc="{html.escape(self._page)}" style="width: 100%; height: 40em; border: 0"></iframe>'

    def to_dict(self) -> dict[str, Any]:
        """The fields as a dictionary; inner results are dictionaries too."""
        return {name: _plain(value) for name, value in self._fields().items()}

    def _fields(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}


def _plain(value: Any) -> Any:
    if isinstance(value, Result):
        return value.to_dict()
    return [_plain(item) for item in value] if isinstance(value, list) else value


def result(report: tuple[str, str], page: str | None = None, **more: Any) -> Result:
    """The result of a report, which is JSON and text."""
    fields, text = report
    outer = json.loads(fields, object_hook=Result)
    return Result({**outer._fields(), **more}, text, page)
