"""One large file by the session route beside rclone: seconds, and memory."""

from collections.abc import Iterator

from tests.bench._race import figure, make_large_file, race

_ROUNDS = 2


def figures(megabytes: int = 5120) -> Iterator[dict[str, str | float | None]]:
    """Seconds for the file, the better of two rounds in turn, and the most memory that we took."""
    with race(profile="open") as running:
        make_large_file(running.tree, megabytes)
        rounds = [(running.ours(f"ours-{n}"), running.rclone(f"rclone-{n}")) for n in range(_ROUNDS)]
    wall, other = (min(each[side].wall for each in rounds) for side in (0, 1))
    cpu, other_cpu = (min(each[side].cpu for each in rounds) for side in (0, 1))
    yield figure("large-file (beside rclone)", wall, "s", other)
    yield figure("large-file-cpu (beside rclone)", cpu, "s", other_cpu)
    memory, other_memory = (max(each[side].megabytes for each in rounds) for side in (0, 1))
    yield figure("large-file-memory (beside rclone)", memory, "MB", other_memory)
