"""Runs a command and tells what it and all it started cost: CPU seconds, and the peak memory of the largest process in KB.

    python benchmarks/timed.py COMMAND ...       its own words come after `TIMED` on standard error

Worker processes are children of a fork server, which outlives the command. On Linux orphans come to this process instead of to
init, so that their time is counted too; elsewhere only the command's own children are.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
from contextlib import suppress

_ADOPT_ORPHANS = 36
"""PR_SET_CHILD_SUBREAPER of linux/prctl.h."""


def main() -> int:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_ADOPT_ORPHANS, 1, 0, 0, 0)
    code = subprocess.call(sys.argv[1:])
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print("TIMED", used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
