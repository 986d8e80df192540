"""The threads that do the work. What comes of it is looked at by the thread that owns the run, one after the other."""

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


class Crew:
    """A pool of threads that hands what it finished back to the caller's thread."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="mover")
        self._finished: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._busy: set[Future[Any]] = set()

    @property
    def busy(self) -> int:
        """How much is in the hands of the threads, or waits to be collected."""
        return len(self._busy)

    def hand(self, work: Callable[[], T], back: Callable[[Future[T]], None]) -> None:
        """Do `work` on a thread; `back` is called with what came of it, by `collect`."""
        future: Future[T] = self._pool.submit(work)
        self._busy.add(future)

        def bring(done: Future[T]) -> None:
            self._busy.discard(done)
            back(done)

        future.add_done_callback(lambda done: self._finished.put(lambda: bring(done)))

    def collect(self, most: int, *, seconds: float) -> int:
        """Look at what has come back: until there are so many, or so long has passed. Returns how many there were."""
        deadline = time.monotonic() + seconds
        for count in range(most):
            try:
                bring = self._finished.get(timeout=max(deadline - time.monotonic(), 0.0))
            except queue.Empty:
                return count
            bring()
        return most

    def drop(self) -> None:
        """Forget what no thread has begun; it comes back as cancelled."""
        for future in list(self._busy):
            future.cancel()

    def close(self, *, wait: bool = True) -> None:
        """End the threads, after what they are doing when `wait`; nothing that is left is begun."""
        self._pool.shutdown(wait=wait, cancel_futures=True)
        with suppress(queue.Empty):
            while True:
                self._finished.get_nowait()
