"""Which files of a wave are one thing together, by their names and by what the scan says of their folders."""

from dataclasses import dataclass, field

from spmigrate import together
from spmigrate.migrate.pack import Kin
from spmigrate.store import planned_batches
from spmigrate.store.ledger import Ledger, Row


@dataclass(slots=True)
class Kinship:
    """The sets of transfers that come folder by folder; what is known of a folder is asked for once."""

    ledger: Ledger
    _folder_id: int = 0
    _notebook: tuple[int, str] | None = field(default=None)

    def of(self, row: Row) -> Kin | None:
        """The set that a file belongs to, by `name`, `folder_id` and `folder` of the row; None for most files.

        A section that lies among other files, or without a table of contents, is no part of a notebook.
        """
        member = together.membership(row["folder"], row["name"])
        if member is None:
            return None
        if member.kind != together.SECTION:
            return Kin(member.kind, row["folder_id"], row["folder"], member.stem)
        if self._folder_id != row["folder_id"]:
            self._folder_id = row["folder_id"]
            self._notebook = planned_batches.notebook_of(self.ledger, self._folder_id)
        return None if self._notebook is None else Kin(member.kind, *self._notebook, reaches_below=True)
