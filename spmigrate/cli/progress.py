"""A progress bar on stderr for people at a terminal; everybody else is spared it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Show = Callable[[int, str], None]
"""Called with how much is done, and a note of a few words to stand behind it."""


@contextmanager
def bar(title: str, *, total: int, unit: str) -> Iterator[Show]:
    """Show how far something is, how fast and for how long; nothing at all when stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _note: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(), TextColumn("{task.fields[note]}"),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as display:
        task = display.add_task(title, total=total, rate="", note="")

        def show(done: int, note: str) -> None:
            speed = display.tasks[0].speed
            display.update(task, completed=done, note=note, rate=f"{speed:,.0f} {unit}/s" if speed else "")

        yield show
