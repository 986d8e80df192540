"""Small files by the session route beside rclone, where nothing but the two programs and the tenant set the pace."""

from collections.abc import Iterator

from tests.bench._race import figure, make_small_files, race

_ROUNDS = 3


def figures(files: int = 2000) -> Iterator[dict[str, str | float | None]]:
    """Files a second and milliseconds of processor for a file of 10 KiB; the best of three rounds in turn."""
    with race(profile="open") as running:
        make_small_files(running.tree, files)
        rounds = [(running.ours(f"ours-{n}"), running.rclone(f"rclone-{n}")) for n in range(_ROUNDS)]
    wall, other = (min(each[side].wall for each in rounds) for side in (0, 1))
    cpu, other_cpu = (min(each[side].cpu for each in rounds) for side in (0, 1))
    yield figure("session-10-KiB (beside rclone)", files / wall, "files/s", files / other)
    yield figure("session-10-KiB-cpu (beside rclone)", cpu * 1000 / files, "ms", other_cpu * 1000 / files)
    yield figure("session-memory", max(each[0].megabytes for each in rounds), "MB")
