"""``SP.MoveCopyUtil``: copying and moving files and folders to an absolute address, also of another site."""

from __future__ import annotations

from dataclasses import dataclass, replace

from spmigrate.rehearsal.content import Conflict, Item
from spmigrate.rehearsal.naming import beside
from spmigrate.rehearsal.odata.errors import bad_argument, duplicate_file, file_missing, file_not_found
from spmigrate.rehearsal.sharepoint import files, folder_places, folder_tree, folders
from spmigrate.rehearsal.sharepoint.access import Level, require_at
from spmigrate.rehearsal.sharepoint.model import Call, Node, action
from spmigrate.rehearsal.sharepoint.properties import record
from spmigrate.rehearsal.transplant import Manner, transplant

_OPTIONS = frozenset({
    "keepboth", "resetauthorandcreatedoncopy", "shouldbypasssharedlocks", "retaineditorandmodifiedonmove",
    "includeitempermissions", "samewebcopymoveoptimization", "allowschemamismatch", "bypasspermissioncheck",
    "allowsmallerversionlimitondestination", "ignoreversionhistory", "movebutkeepsource", "namereplace",
    "nameconflictbehavior", "ismovemode", "clientetags", "excludechildren",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Options:
    keep_both: bool = False
    reset_author: bool = False
    bypass_locks: bool = False


class MoveCopyCalls(Node):
    """Static methods of ``SP.MoveCopyUtil``; those ``ByPath`` take decoded addresses."""

    @action("SP.MoveCopyUtil.CopyFile", Level.READ)
    @action("SP.MoveCopyUtil.CopyFileByPath", Level.READ)
    def copy_file(self, call: Call) -> None:
        """Copy a file."""
        self._relocate(call, move=False, folder=False)

    @action("SP.MoveCopyUtil.MoveFile", Level.READ)
    @action("SP.MoveCopyUtil.MoveFileByPath", Level.READ)
    def move_file(self, call: Call) -> None:
        """Move a file."""
        self._relocate(call, move=True, folder=False)

    @action("SP.MoveCopyUtil.CopyFolder", Level.READ)
    @action("SP.MoveCopyUtil.CopyFolderByPath", Level.READ)
    def copy_folder(self, call: Call) -> None:
        """Copy a folder with all that is in it."""
        self._relocate(call, move=False, folder=True)

    @action("SP.MoveCopyUtil.MoveFolder", Level.READ)
    @action("SP.MoveCopyUtil.MoveFolderByPath", Level.READ)
    def move_folder(self, call: Call) -> None:
        """Move a folder with all that is in it."""
        self._relocate(call, move=True, folder=True)

    def _relocate(self, call: Call, *, move: bool, folder: bool) -> None:
        options = _read_options(call)
        source = self._source(_address(call, "src"), folder=folder)
        require_at(source, Level.WRITE if move else Level.READ, "delete")
        overwrite = not folder and call.flag("overwrite", default=False)
        parent, leaf = folder_places.target_of(self.scope, _address(call, "dest"))
        require_at(parent, Level.WRITE, "create")
        holder, content = parent.holder(), self.scope.content
        taken = content.child(holder, leaf)
        if taken is not None and options.keep_both:
            leaf = beside(leaf, lambda each: content.child(holder, each) is not None)
        elif taken is not None and not overwrite:
            raise duplicate_file(leaf)
        item = self._unlocked(_item_of(source), options)
        manner = Manner(
            by=self.scope.claims.login, move=move, author=not options.reset_author,
            conflict=Conflict.REPLACE if overwrite else Conflict.FAIL,
        )  # fmt: skip
        transplant(self.scope.tenant, item, holder, name=leaf, manner=manner)

    def _source(self, address: str, *, folder: bool) -> files.File | folders.Folder:
        there = folder_tree.scope_at(self.scope, address)
        path = folder_tree.absolute(there, address, there.web_path)
        if folder:
            found = folder_places.find_folder(there, path)
            if found is None:
                raise file_not_found()
            return found
        file = files.find_file(there, path)
        if file is None:
            raise file_missing(path)
        return file

    def _unlocked(self, item: Item, options: _Options) -> Item:
        if not options.bypass_locks or "_Lock" not in item.fields:
            return item
        fields = {name: value for name, value in item.fields.items() if name != "_Lock"}
        return self.scope.content.implant(replace(item, fields=fields))


def _item_of(source: files.File | folders.Folder) -> Item:
    return source.item if isinstance(source, files.File) else source.removed_item()


def _address(call: Call, which: str) -> str:
    address = call.text(f"{which}Path", default="") or call.text(f"{which}Url", default="")
    if "://" not in address:
        raise bad_argument(f"Value does not fall within the expected range.\r\nParameter name: {which}Url")
    return address


def _read_options(call: Call) -> _Options:
    given = record(call.value("options", default=None), "options")
    low = {name.lower(): value for name, value in given.items()}
    unknown = set(low) - _OPTIONS
    if unknown:
        raise bad_argument(f"The property '{min(unknown)}' does not exist on type 'SP.MoveCopyOptions'.")
    return _Options(
        keep_both=bool(low.get("keepboth")),
        reset_author=bool(low.get("resetauthorandcreatedoncopy")),
        bypass_locks=bool(low.get("shouldbypasssharedlocks")),
    )
