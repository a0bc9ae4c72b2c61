"""Write a vector file, or with --check compare it with the committed one."""

import json
import sys


def dump(value):
    """Serialize as compact JSON without a final newline, the format of all vector files."""
    return json.dumps(value, separators=(",", ":"))


def save(path, value):
    """Return whether the file equals `value` byte for byte; write it unless checking."""
    text = dump(value)
    same = path.exists() and path.read_text() == text
    if "--check" not in sys.argv[1:] and not same:
        path.write_text(text)
    print(f"{path.parent.name}/{path.name}: {'same' if same else 'DIFFERS'}")
    return same


def finish(results):
    """Exit with 1 if checking found a difference."""
    sys.exit(1 if "--check" in sys.argv[1:] and not all(results) else 0)
