"""Sending nonsense to a tenant: what each request did is taken back, and what was wrong is told in a line."""

import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.tenant import Tenant


class _UndoError(Exception):
    """Takes back what a request did."""


def wrong_with(tenant: Tenant, send: Callable[[], Response], judge: Callable[[Response], str], said: str) -> str | None:
    """What `judge` finds wrong with the answer to a request, None when nothing is; `said` is the request in words."""
    try:
        with tenant.store.transaction():
            answer = send()
            raise _UndoError
    except _UndoError:
        wrong = judge(answer)
        return f"{wrong}: {said}" if wrong else None
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is what these tests look for
        place = traceback.extract_tb(problem.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        return f"{where}: {type(problem).__name__} {str(problem)[:60]}: {said}"


def all_well(problems: Iterable[str | None]) -> None:
    """No problem; else one line of each kind."""
    found: dict[str, str] = {}
    for each in problems:
        if each:
            found.setdefault(each.partition(": ")[0], each)
    if found:
        pytest.fail(f"{len(found)} kinds of problems:\n" + "\n".join(list(found.values())[:40]), pytrace=False)
