"""QuickXorHash beside SHA-256, which the mover works out over the same bytes."""

import hashlib
import io
import time
from collections.abc import Callable, Iterator

from spmigrate.quickxor import QuickXor
from spmigrate.scan.contents import Wanted, examine

_ROUNDS = 5


def figures() -> Iterator[dict[str, str | float | None]]:
    """Gigabytes a second of processor time for fragments of 10 MiB, and microseconds for a file of 10 KiB."""
    fragment = bytes(range(256)) * (10 * 1024 * 1024 // 256)
    small = fragment[: 10 * 1024]
    amount = len(fragment) * 10 / 1e9
    ours, other = _in_turn(lambda: _quickxor(fragment, 10), lambda: _sha256(fragment, 10))
    yield _figure("quickxor-large (beside SHA-256)", amount / ours, "GB/s", amount / other)
    whole = fragment * 10
    both, alone = _in_turn(lambda: _in_one_read(whole), lambda: hashlib.sha256(whole).hexdigest())
    yield _figure("quickxor and SHA-256 in one read (beside SHA-256)", amount / both, "GB/s", amount / alone)
    ours, other = _in_turn(lambda: [_quickxor(small, 1) for _ in range(1000)], lambda: _small_sha256(small))
    yield _figure("quickxor-10-KiB (beside SHA-256)", ours * 1000, "us", other * 1000)


def _figure(name: str, value: float, unit: str, other: float) -> dict[str, str | float | None]:
    return {"name": name, "value": value, "unit": unit, "other": other, "ratio": value / other}


def _in_turn(one: Callable[[], object], two: Callable[[], object]) -> tuple[float, float]:
    """The best processor time of each, in seconds, measured in turn."""
    times = [(_seconds(one), _seconds(two)) for _ in range(_ROUNDS)]
    return min(first for first, _ in times), min(second for _, second in times)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _quickxor(piece: bytes, times: int) -> str:
    running = QuickXor()
    for _ in range(times):
        running.update(piece)
    return running.text()


def _sha256(piece: bytes, times: int) -> str:
    running = hashlib.sha256()
    for _ in range(times):
        running.update(piece)
    return running.hexdigest()


def _in_one_read(content: bytes) -> None:
    """As a scan does it: the file is read once, for both."""
    found = examine("video.mp4", len(content), lambda: io.BytesIO(content), Wanted(hashes=True))
    assert found.sha256 is not None


def _small_sha256(piece: bytes) -> list[str]:
    return [_sha256(piece, 1) for _ in range(1000)]
