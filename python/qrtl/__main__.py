"""The command line: `qrtl` or `python -m qrtl`."""

import signal
import sys

from ._qrtl import run_command_line


def main() -> int:
    """Runs the command line of this process and returns its exit code."""
    # Python would only take note of an interrupt until the command has ended.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    return run_command_line(["qrtl", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
