"""Small files through the limits of a council's tenant, with the whole budget, by each route and by rclone."""

from collections.abc import Iterator

from tests.bench._race import figure, make_small_files, race


def figures(files: int = 10_000) -> Iterator[dict[str, str | float | None]]:
    """Resource units for a file and seconds for all of them, beside rclone. 10,000 files take some 25 minutes."""
    with race(profile="council") as running:
        make_small_files(running.tree, files)
        rclone = running.rclone("rclone")
        for route in ("session", "package"):
            ours = running.ours(route, route=route)
            yield figure(f"ru-{route} (beside rclone)", ours.ru / files, "RU/file", rclone.ru / files)
            yield figure(f"wall-{route} (beside rclone)", ours.wall, "s", rclone.wall)
            yield figure(f"cpu-{route} (beside rclone)", ours.cpu * 1000 / files, "ms/file", rclone.cpu * 1000 / files)
