"""A file in hand: its transfer, and all that the session route needs to move it."""

from dataclasses import dataclass

from spmigrate.migrate.original import Original
from spmigrate.migrate.originals import open_original
from spmigrate.migrate.routes.half_sent import HalfSentUpload
from spmigrate.migrate.routes.target_folders import Folders
from spmigrate.migrate.stamp import Stamp
from spmigrate.store.batches import Transfer
from spmigrate.store.former import Former
from spmigrate.tenant import fields
from spmigrate.tenant.transfer import Spot, Times


@dataclass(frozen=True, slots=True)
class Task:
    """A transfer in hand, and where it goes. Without `upload` a large file begins anew after a crash.

    `stamp` is what the file is to carry beside its dates, `former` the evidence of the copy that it replaces.
    """

    transfer: Transfer
    folders: Folders
    upload: HalfSentUpload | None = None
    stamp: Stamp | None = None
    former: Former | None = None

    def open(self) -> Original:
        """Its original. Raises SourceProblem, and SpmigrateError when the whole source has gone."""
        item = self.transfer
        return open_original(item.source_kind, item.root, item.path, item.name, tenant=self.folders.tenant)

    def spot(self, *, parent_id: str | None = None) -> Spot:
        """Its place, whose folder is made when it is not there and no other is told. Raises TenantError."""
        item = self.transfer
        parent = self.folders.id_of(item.target_folder) if parent_id is None else parent_id
        return Spot(self.folders.library, parent, item.target_folder, item.target_name)

    def times(self, modified_ns: int) -> Times:
        """Its dates, when the original was modified then."""
        created = self.transfer.created_ns
        return Times(modified_ns if created is None else created, modified_ns)

    def columns(self) -> dict[str, str]:
        """People and columns that its stamp asks for, as SharePoint's form takes them."""
        if self.stamp is None:
            return {}
        people = (("Author", self.stamp.author), ("Editor", self.stamp.editor))
        return {**self.stamp.columns, **{name: fields.person(who.login) for name, who in people if who is not None}}
