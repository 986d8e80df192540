"""Doing what a plan says: the base confirmed, every change journalled before and after, the next site tried on failure.

A plan is confirmed by comparing again: whatever is still to be done must be in the plan that was shown, with the same
values before and after. Changes of the plan that are done already (a run was killed, a colleague was faster) are no
reason to stop.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spmigrate.errors import StalePlan, TenantError
from spmigrate.plan.change import Change, Plan, whole
from spmigrate.store import sites
from spmigrate.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Step:
    """A change that was tried: `number` of `total`; `trouble` is empty when it succeeded."""

    number: int
    total: int
    change: Change
    trouble: str = ""


def confirm(plan: Plan, site: str, fresh: Sequence[Change], read: Mapping[str, str] | None = None) -> None:
    """Refuse when the comparison made just now asks for anything that the plan did not show. Raises StalePlan.

    `read` are the fingerprints of what was read just now: with them it is told who moved.
    """
    moved = [change for change in whole(fresh) if not plan.shows(change)]
    if not moved:
        return
    names = ", ".join(change.subject for change in moved[:3]) + (" and others" if len(moved) > 3 else "")
    before = plan.read.get(site, {})
    same = read is not None and all(read[kind] == before[kind] for kind in read.keys() & before.keys())
    who = "its template or its file" if same and before else site
    raise StalePlan(
        f"{who} changed since the plan was made: {names}", hint=f"look at it again with: spmigrate site plan {site}"
    )


def run(
    plan_id: str,
    changes: Sequence[Change],
    *,
    ledger: Ledger,
    write: Callable[[Change], None],
    keep: Callable[[Change], None] = lambda _change: None,
    number: int = 0,
) -> Iterator[Step]:
    """Write the changes in order, one journal line before and one after each; `keep` records what was written.

    `number` is the run's. Stops after the first that the tenant refuses, since later ones may rest on it. Fatal errors
    are raised after they have been journalled.
    """
    for place, change in enumerate(changes, 1):
        entry = sites.Entry(
            plan_id, change.site, place, change.action.word, change.subject, change.before, change.after,
            change.kind, change.key, change.label, number,
        )  # fmt: skip
        sites.journal(ledger, entry, "intended")
        try:
            write(change)
        except TenantError as error:
            sites.journal(ledger, entry, "failed", error.message)
            if error.fatal:
                raise
            trouble = f"{error.message} ({error.hint})" if error.hint else error.message
            yield Step(place, len(changes), change, trouble=trouble)
            return
        with ledger.transaction():
            sites.journal(ledger, entry, "applied")
            keep(change)
        yield Step(place, len(changes), change)
