"""`spmigrate` with a watch on its ledger: `python -m tests.bench._timed_ledger FILE ARGUMENTS…`.

Writes the seconds that were spent in the ledger to FILE when the command ends: by the clock, waiting for the disk and
for Python's lock included, and of the processor.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spmigrate.cli.app import run
from spmigrate.store.sqlite import SQLite

_TIMED = ("begin", "commit", "roll_back", "execute", "insert", "execute_many", "one", "rows")


class _Watch:
    """Adds up what calls take, each counted once however deep it is."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0
        self._lock = threading.Lock()
        self._inside = threading.local()

    def timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            if getattr(self._inside, "yes", False):
                return call(*given, **named)
            self._inside.yes = True
            wall, cpu = time.perf_counter(), time.thread_time()
            try:
                return call(*given, **named)
            finally:
                self._inside.yes = False
                with self._lock:
                    self.wall += time.perf_counter() - wall
                    self.cpu += time.thread_time() - cpu

        return watched


def main() -> int:
    """Run the command and write what it spent."""
    out, *arguments = sys.argv[1:]
    watch = _Watch()
    for name in _TIMED:
        setattr(SQLite, name, watch.timed(getattr(SQLite, name)))
    code = run(arguments)
    Path(out).write_text(json.dumps({"wall": watch.wall, "cpu": watch.cpu}))
    return code


if __name__ == "__main__":
    sys.exit(main())
