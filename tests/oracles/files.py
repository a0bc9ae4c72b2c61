"""Write a vector file, or with --check compare it with the one that is committed."""

import json
import sys


def dump(value):
    """The one form in which vectors are written: compact JSON without a final newline."""
    return json.dumps(value, separators=(",", ":"))


def save(path, value):
    """True if the file already holds `value`, byte for byte; writes it unless checking."""
    text = dump(value)
    same = path.exists() and path.read_text() == text
    if "--check" not in sys.argv[1:] and not same:
        path.write_text(text)
    print(f"{path.parent.name}/{path.name}: {'same' if same else 'DIFFERS'}")
    return same


def finish(results):
    """The exit status: 1 if checking found a difference."""
    sys.exit(1 if "--check" in sys.argv[1:] and not all(results) else 0)
