"""`python -m tests.bench [NAME…] [--json]`: one line a figure.

A benchmark is a module of this folder with `figures()`, which yields one mapping a figure: `name`, `value`, `unit`,
and where something stands beside it `other` and `ratio` (ours divided by the other's). It fails only where it cannot
run.
"""

import argparse
import importlib
import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path

Figure = dict[str, str | float | None]


def names() -> list[str]:
    """Every benchmark there is."""
    found = (path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))
    return sorted(stem.replace("_", "-") for stem in found)


def run(name: str, **options: int) -> Iterator[Figure]:
    """The figures of one benchmark, with those options that it takes."""
    figures = importlib.import_module(f"tests.bench.{name.replace('-', '_')}").figures
    taken = {option: value for option, value in options.items() if option in inspect.signature(figures).parameters}
    for figure in figures(**taken):
        yield {"name": "", "value": 0, "unit": "", "other": None, "ratio": None, **figure}


def line(figure: Figure) -> str:
    """One figure for a person."""
    text = f"{figure['name']:<44} {figure['value']:>12,.6g} {figure['unit']}"
    if figure["other"] is not None:
        text += f"   (beside: {figure['other']:,.6g}, ratio {figure['ratio']:.2f})"
    return text


def main() -> int:
    """Run the named benchmarks, or all; 2 for a name that is none."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="which: " + ", ".join(names()))
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--files", type=int, help="how many files are scanned or moved, where a benchmark does so")
    parser.add_argument("--megabytes", type=int, help="how large the large file is: 5,120 unless told")
    chosen = parser.parse_args()
    given = {"files": chosen.files, "megabytes": chosen.megabytes}
    options = {name: value for name, value in given.items() if value is not None}
    wanted = [name.replace("_", "-") for name in chosen.names]
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        parser.error(f"no benchmark is called {', '.join(unknown)}; there are: {', '.join(names())}")
    for name in wanted or names():
        for figure in run(name, **options):
            print(json.dumps(figure) if chosen.json else line(figure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
