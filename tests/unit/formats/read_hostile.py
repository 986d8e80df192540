"""A process that reads workbooks under a limit of memory and reports, a line each, what became of them.

`python -m tests.unit.formats.read_hostile MEGABYTES TABLES FILE` reads, for every line of standard input: a path, or a
seed by which FILE is spoiled. TABLES is the JSON of the tables that are wanted. Seconds are those of the processor:
reading waits for nothing, and what else the machine has to do is no fault of the workbook.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from spmigrate.errors import InputError
from spmigrate.formats import returned_workbook
from tests.unit.formats.hostile import mutated


def main() -> None:
    """Read until standard input ends."""
    limit, tables, base = int(sys.argv[1]), json.loads(sys.argv[2]), Path(sys.argv[3])
    content = base.read_bytes()
    spoiled = Path(tempfile.mkdtemp(dir=base.parent)) / "spoiled.xlsx"
    resource.setrlimit(resource.RLIMIT_AS, (limit * 1_000_000, limit * 1_000_000))
    for line in sys.stdin:
        given = line.strip()
        if given.isdigit():
            spoiled.write_bytes(mutated(content, int(given)))
        path = spoiled if given.isdigit() else Path(given)
        began = time.process_time()
        outcome, reasons = _outcome(path, tables)
        print(json.dumps([given, outcome, reasons, time.process_time() - began]), flush=True)


def _outcome(path: Path, tables: dict[str, list[str]]) -> tuple[str, int]:
    try:
        returned_workbook.read(path, tables)
    except InputError as error:
        return "refused", len(error.problems)
    except Exception as error:  # noqa: BLE001 - what the test is about: anything else is a defect, reported by name
        return f"{type(error).__name__}: {error}", 0
    return "read", 0


if __name__ == "__main__":
    main()
