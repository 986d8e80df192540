"""Moving the tenant's jobs on, whoever asks for anything."""

from __future__ import annotations

from functools import partial

from spmigrate.rehearsal.sharepoint import copy_jobs, migration_calls
from spmigrate.rehearsal.sharepoint.copy_jobs import run_copy
from spmigrate.rehearsal.sharepoint.migration_run import run_import
from spmigrate.rehearsal.tenant import Tenant

# How much is done for one request; and right after a job was made, where no delays are rehearsed: a package of the
# size that Microsoft advises (250 items, 250 MB).
BUDGET, AT_ONCE = 60, 300


def advance_jobs(tenant: Tenant, *, budget: int = BUDGET) -> None:
    """Do a bounded piece of what waits to be done."""
    runners = {migration_calls.KIND: partial(run_import, tenant), copy_jobs.KIND: partial(run_copy, tenant)}
    try:
        with tenant.store.transaction():
            tenant.jobs.advance(runners, budget=budget)
    except BaseException:
        # A job that can't be run must not stand in the way of every request that follows.
        with tenant.store.transaction():
            tenant.jobs.abandon()
        raise
