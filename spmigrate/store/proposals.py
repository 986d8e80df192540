"""Procrastinate's queues in the ledger's database: ids of batches, offered to whichever machine asks first.

A job carries an id and nothing else. Losing all jobs loses nothing: they are offered again from the ledger. A queue
holds each id once; a job ends when its id is taken, because from then on the lease says who works on the batch.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any, TypeVar

import procrastinate
from procrastinate import exceptions, jobs

from spmigrate import log
from spmigrate.errors import LedgerError

_T = TypeVar("_T")
_ANSWER_SECONDS = 30.0
_FORGOTTEN_SECONDS = 7 * 86_400
_TASK = "move batch"


class Proposals:
    """A connection to the queues, with a thread of its own. May be used from any thread."""

    def __init__(self, address: str) -> None:
        """Open the queues, and make their tables where there are none. Raises LedgerError."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proposals", daemon=True)
        self._thread.start()
        connector = procrastinate.PsycopgConnector(conninfo=address, min_size=1, max_size=2)
        self._app = procrastinate.App(connector=connector)
        self._worker_id: int | None = None
        self._log = log.logger()
        try:
            self._do(self._open())
        except (exceptions.ProcrastinateException, TimeoutError) as error:
            self.close()
            raise LedgerError(
                f"the queues of the ledger's database cannot be used: {error}", hint="see that the database runs"
            ) from None

    def close(self) -> None:
        """Let go of the queues."""
        with suppress(exceptions.ProcrastinateException, TimeoutError):
            self._do(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_ANSWER_SECONDS)
        self._loop.close()

    def waiting(self, queue: str) -> int:
        """How many ids wait in a queue."""
        return self._try(self._waiting(queue), 0)

    def offer(self, queue: str, batch_ids: Iterable[int]) -> int:
        """Put ids into a queue; returns how many were not there yet."""
        return self._try(self._offer(queue, list(batch_ids)), 0)

    def take(self, queues: Sequence[str]) -> int | None:
        """The next id of these queues, which nobody else gets now; None while there is none."""
        return self._try(self._take(queues), None)

    async def _open(self) -> None:
        await self._app.open_async()
        found = await self._app.connector.execute_query_one_async("SELECT to_regclass('procrastinate_jobs') AS jobs")
        if found["jobs"] is None:
            await self._make()
        await self._app.job_manager.prune_stalled_workers(_FORGOTTEN_SECONDS)
        self._worker_id = await self._app.job_manager.register_worker()

    async def _make(self) -> None:
        """Make the tables, unless another machine is faster."""
        script = self._app.schema_manager.get_schema().replace("%", "%%")
        with suppress(exceptions.ConnectorException):
            await self._app.connector.execute_query_async(script)

    async def _leave(self) -> None:
        if self._worker_id is not None:
            await self._app.job_manager.unregister_worker(self._worker_id)
        await self._app.close_async()

    async def _waiting(self, queue: str) -> int:
        found = await self._app.job_manager.list_queues_async(queue=queue, status=jobs.Status.TODO.value)
        return sum(int(each["todo"]) for each in found)

    async def _offer(self, queue: str, batch_ids: Sequence[int]) -> int:
        offered = 0
        for batch_id in batch_ids:
            task = self._app.configure_task(_TASK, queue=queue, queueing_lock=f"batch {batch_id}")
            with suppress(exceptions.AlreadyEnqueued):
                await task.defer_async(batch=batch_id)
                offered += 1
        return offered

    async def _take(self, queues: Sequence[str]) -> int | None:
        if self._worker_id is None:
            self._worker_id = await self._app.job_manager.register_worker()
        job = await self._app.job_manager.fetch_job(queues, self._worker_id)
        if job is None:
            return None
        await self._app.job_manager.finish_job(job, jobs.Status.SUCCEEDED, delete_job=True)
        return int(str(job.task_kwargs["batch"]))

    def _try(self, work: Coroutine[Any, Any, _T], otherwise: _T) -> _T:
        """Proposals are no loss: when the database is away there is nothing to take, and it is asked again later."""
        try:
            return self._do(work)
        except (exceptions.ProcrastinateException, TimeoutError) as error:
            self._log.warning("proposals.away", error=str(error))
            self._worker_id = None  # it may be forgotten by now
            return otherwise

    def _do(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_ANSWER_SECONDS)
