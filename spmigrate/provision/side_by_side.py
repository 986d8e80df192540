"""Work on several sites at once, each in one thread, told in the order in which it happens."""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from spmigrate.errors import LedgerError, SpmigrateError, TenantError

T = TypeVar("T")
R = TypeVar("R")


def spread(things: Sequence[T], work: Callable[[T], R], *, workers: int) -> Iterator[tuple[T, R]]:
    """Each thing with what `work` made of it, as they are done. The first error ends all, after what is under way."""
    return _events(things, lambda thing: [(thing, work(thing))], workers=workers)


def in_turn(
    things: Sequence[T],
    work: Callable[[T], Iterable[R]],
    *,
    workers: int,
    trouble: Callable[[T, str], R],
) -> Iterator[R]:
    """What `work` tells of all things, as it happens. An error about one thing becomes a `trouble`, and others go on.

    Fatal errors of the tenant, those of the ledger and faults of ours are raised once every thread has ended its step.
    """

    def guarded(thing: T) -> Iterator[R]:
        try:
            yield from work(thing)
        except LedgerError:
            raise
        except SpmigrateError as error:
            if isinstance(error, TenantError) and error.fatal:
                raise
            yield trouble(thing, f"{error.message} ({error.hint})" if error.hint else error.message)

    return _events(things, guarded, workers=workers)


class _Done:
    """A thread has ended: `error` is why, when it did not simply finish."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def _events(things: Sequence[T], work: Callable[[T], Iterable[R]], *, workers: int) -> Iterator[R]:
    if min(workers, len(things)) <= 1:
        for thing in things:
            yield from work(thing)
        return
    told: queue.SimpleQueue[R | _Done] = queue.SimpleQueue()
    stop = threading.Event()

    def each(thing: T) -> None:
        error: BaseException | None = None
        try:
            for event in () if stop.is_set() else work(thing):
                told.put(event)
                if stop.is_set():
                    break
        except BaseException as caught:  # noqa: BLE001 - it is raised again in the thread that asked
            error = caught
            stop.set()
        told.put(_Done(error))

    threads = ThreadPoolExecutor(workers)
    try:
        for thing in things:
            threads.submit(each, thing)
        yield from _until_done(told, len(things))
    finally:
        stop.set()
        threads.shutdown(cancel_futures=True)


def _until_done(told: "queue.SimpleQueue[R | _Done]", count: int) -> Iterator[R]:
    """Everything that is told until so many threads have ended; raises the first error after that."""
    first: BaseException | None = None
    while count:
        event = told.get()
        if not isinstance(event, _Done):
            yield event
            continue
        count -= 1
        first = first or event.error
    if first is not None:
        raise first
