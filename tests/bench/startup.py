"""How long commands take that touch no tenant, the interpreter's own start beside each of them."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
COMMANDS = (
    ("--help",), ("template", "lint"), ("rule", "list"), ("rule", "test"), ("mapping", "status"), ("scan", "report"),
    ("explain", "LINK"),
)  # fmt: skip
TIMES = 5


def figures() -> Iterator[dict[str, str | float]]:
    """The best of five starts of each command, in seconds, and of `python -c pass` in turn with it."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        _run("-m", "spmigrate", "init", str(work), "--rehearsal", str(Path(folder) / "tenant"), cwd=ROOT)
        for command in COMMANDS:
            ours, bare = [], []
            for _ in range(TIMES):
                ours.append(_run("-m", "spmigrate", "--config", str(work / "spmigrate.yaml"), *command, cwd=ROOT))
                bare.append(_run("-c", "pass", cwd=ROOT))
            yield {
                "name": f"start-up: {' '.join(command)}", "value": min(ours), "unit": "s", "other": min(bare),
                "ratio": min(ours) / min(bare),
            }  # fmt: skip


def _run(*arguments: str, cwd: Path) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, check=False)
    return time.perf_counter() - began
