"""What the ledger counted about one source, gathered for a report."""

from dataclasses import dataclass

from spmigrate.model import Amount, Treatment
from spmigrate.store import inventory, profile, profile_access
from spmigrate.store.inventory import FindingTotal, Source, Unseen
from spmigrate.store.ledger import Ledger
from spmigrate.store.profile import Duplicates, FolderHeat, Slice
from spmigrate.store.profile_access import AccessFigures

WORTH_COMPARING = 10_000
"""Bytes from which files of one name and size are taken for copies; below, they are logos and templates."""

_MOST_UNSEEN = 5000


@dataclass(frozen=True, slots=True)
class Figures:
    """One source: what was found and not seen, how its files are, who may open its folders."""

    source: Source
    totals: list[FindingTotal]
    unseen: list[Unseen]
    slices: list[Slice]
    heat: list[FolderHeat]
    duplicates: Duplicates
    treated: dict[Treatment, tuple[Amount, int]]
    access: AccessFigures

    @property
    def files(self) -> Amount:
        """All files, without links and devices."""
        return sum((each.amount for each in self.slices), Amount())


def gather(ledger: Ledger, source: Source) -> Figures:
    """Everything that a report says of `source`, in a few passes over the ledger."""
    return Figures(
        source,
        inventory.finding_totals(ledger, source.id),
        inventory.unseen(ledger, source, _MOST_UNSEEN),
        profile.slices(ledger, source),
        profile.heat(ledger, source),
        profile.duplicates(ledger, source, at_least=WORTH_COMPARING),
        profile.treated(ledger, source),
        profile_access.figures(ledger, source),
    )
