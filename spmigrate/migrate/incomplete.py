"""Sets of files of which a part arrived and another did not: what is at the destination may not open."""

from dataclasses import dataclass
from itertools import groupby

from spmigrate.migrate.kinship import Kinship
from spmigrate.migrate.pack import Kin
from spmigrate.store import set_members
from spmigrate.store.ledger import Ledger
from spmigrate.store.waves import Wave
from spmigrate.words import plural


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A set that is not whole at the destination, and the paths of its files that did not arrive."""

    kin: Kin
    missing: tuple[str, ...]

    @property
    def said(self) -> str:
        """The same in words."""
        name = "/".join(filter(None, (self.kin.folder, self.kin.stem))) or "at the top"
        return f"{self.kin.kind} {name}: {plural(len(self.missing), 'file')} of it did not arrive, others did"


def sets(ledger: Ledger, wave: Wave) -> list[Incomplete]:
    """The sets of a wave that are not whole at the destination, in the order of their folders."""
    kinship = Kinship(ledger)
    missing: dict[Kin, list[str]] = {}
    present: set[Kin] = set()
    for folder_id, rows in groupby(set_members.failed(ledger, wave), key=lambda row: row["folder_id"]):
        found = [(kin, row) for row in rows if (kin := kinship.of(row)) is not None]
        for kin, row in found:
            missing.setdefault(kin, []).append("/".join(filter(None, (row["folder"], row["name"]))))
        if found:
            kins = {kin for kin, _ in found}
            present |= kins & {kinship.of(row) for row in set_members.arrived(ledger, wave, folder_id)}
    return [Incomplete(kin, tuple(paths)) for kin, paths in missing.items() if kin in present]
