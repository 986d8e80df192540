"""Which route the batches of a wave take, and why."""

from typing import TYPE_CHECKING

from spmigrate import words
from spmigrate.cli import view
from spmigrate.cli import waves as of_waves

if TYPE_CHECKING:
    from spmigrate.store.planned_batches import RouteTotal


def show(routes: "list[RouteTotal]") -> None:
    """A line for each reason for which batches take a route."""
    if routes:
        view.line()
    for each in routes:
        amount = f"{words.plural(each.amount.items, 'file')}, {each.amount.bytes:,} bytes"
        batches = words.plural(each.batches, "batch", "batches")
        view.line(f"by the {each.route} route: {amount} in {batches}: {each.why}")


def as_json(routes: "list[RouteTotal]") -> list[dict[str, object]]:
    """The same for programs."""
    return [
        {"route": each.route, "why": each.why, "batches": each.batches, **of_waves.amount(each.amount)}
        for each in routes
    ]
