"""Which route the batches of a wave take, and why."""

from typing import TYPE_CHECKING

from spmigrate import words
from spmigrate.cli import view
from spmigrate.cli import waves as of_waves

if TYPE_CHECKING:
    from spmigrate.store.planned_batches import RouteTotal


def show(routes: "list[RouteTotal]") -> None:
    """A line for each reason for which batches take a route."""
    if not routes:
        return
    view.line()
    rows = [
        (each.route, f"{each.amount.items:,}", f"{each.amount.bytes:,}", words.plural(each.batches, "batch", "batches"),
         each.why)
        for each in routes
    ]  # fmt: skip
    view.table(("route", "files", "bytes", "in", "why"), rows)


def as_json(routes: "list[RouteTotal]") -> list[dict[str, object]]:
    """The same for programs."""
    return [
        {"route": each.route, "why": each.why, "batches": each.batches, **of_waves.amount(each.amount)}
        for each in routes
    ]
