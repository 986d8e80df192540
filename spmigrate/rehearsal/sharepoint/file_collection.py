"""The files in a folder, and adding to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spmigrate.rehearsal.blobs import Blob
from spmigrate.rehearsal.content import Conflict
from spmigrate.rehearsal.naming import beside
from spmigrate.rehearsal.odata.errors import (
    access_denied,
    bad_argument,
    directory_not_found,
    duplicate_file,
    file_missing,
    over_threshold,
)
from spmigrate.rehearsal.odata.options import Options
from spmigrate.rehearsal.sharepoint import files, folder_places, folder_tree
from spmigrate.rehearsal.sharepoint.access import Level
from spmigrate.rehearsal.sharepoint.model import Call, Collection, action, function

if TYPE_CHECKING:
    from spmigrate.rehearsal.sharepoint.folders import Folder

# Source: the list view threshold, which holds for the files of a folder too.
THRESHOLD = 5000
# Where content types keep their document templates, and what says that a site denies custom script.
_RESOURCES, _DENIED = "_cts", 2
_PAGE = (
    b'<%@ Page Language="C#" Inherits="Microsoft.SharePoint.WebPartPages.WikiEditPage" %>\r\n',
    b'<%@ Page Language="C#" Inherits="Microsoft.SharePoint.WebPartPages.WikiEditPage" %>\r\n<WikiField />\r\n',
    b'<%@ Page Language="C#" Inherits="Microsoft.SharePoint.WebPartPages.WebPartPage" %>\r\n<Form />\r\n',
    b'<%@ Page language="C#" Inherits="Microsoft.SharePoint.WebPartPages.WebPartPage" %>\r\n<Canvas />\r\n',
)


class Files(Collection):
    """The files in a folder."""

    feed = "Files"
    write_level = Level.WRITE

    def __init__(self, parent: Folder) -> None:
        super().__init__(parent.scope)
        self.parent = parent

    def has(self, name: str) -> bool:
        return name in files.File.declared or files.File.has_link(name)

    def all(self) -> list[Any]:
        """Every file; more of them than the threshold are refused, as in the service."""
        if self.parent.item is None:
            return []
        if self.scope.content.count_files(self.parent.item) > THRESHOLD:
            raise over_threshold()
        return self._some(skip=0, limit=-1)

    def page(self, options: Options) -> tuple[list[Any], str | None] | None:
        if options.filter is not None or options.orderby or not options.top or options.top > THRESHOLD:
            return None
        start = options.start
        found = self._some(skip=start, limit=options.top + 1)
        more = f"Paged=TRUE&p_Skip={start + options.top}" if len(found) > options.top else None
        return found[: options.top], more

    def _some(self, *, skip: int, limit: int) -> list[Any]:
        parent = self.parent
        if parent.item is None or parent.owner is None:
            return []
        return [
            files.File(self.scope, parent.owner, each, f"{parent.address}/{each.name}")
            for each in self.scope.content.files(parent.item, skip=skip, limit=limit)
        ]

    def by_key(self, key: object) -> files.File:
        address = folder_tree.absolute(self.scope, str(key), self.parent.address)
        found = folder_tree.find_item(self.scope, address)
        if found is None or found[1].folder:
            raise file_missing(address)
        return files.File(self.scope, found[0], found[1], address)

    @function("GetByUrl")
    def get_by_url(self, call: Call) -> files.File:
        """A file by name or address."""
        return self.by_key(call.text("url", 0))

    @function("GetByPath")
    def get_by_path(self, call: Call) -> files.File:
        """A file by decoded name or address."""
        return self.by_key(call.text("decodedUrl", 0))

    @action("Add")
    def add(self, call: Call) -> files.File:
        """Upload a file (up to 250 MB in one request)."""
        return self._upload(call, call.text("url", 0, default=""))

    @action("AddUsingPath")
    def add_using_path(self, call: Call) -> files.File:
        """Upload a file by decoded name; its checksum is compared when one is given, and a name that is taken gets a
        number when that is asked for."""
        name = call.text("DecodedUrl", 0, default="")
        wanted = call.text("XorHash", default="")
        blob = self.scope.content.blobs.take(call.upload)
        if wanted and blob.hash != wanted:
            raise bad_argument("The hash of the uploaded content does not match.\r\nParameter name: XorHash")
        unique = call.flag("EnsureUniqueFileName", default=False)
        return self._store(name, blob, overwrite=call.flag("overwrite", 1, default=False), unique=unique)

    @action("AddStubUsingPath")
    def add_stub(self, call: Call) -> files.File:
        """Make an empty file, to be filled in pieces."""
        return self._store(call.text("DecodedUrl", 0), self.scope.content.blobs.put(b""), overwrite=False)

    @action("AddTemplateFile")
    def add_template_file(self, call: Call) -> files.File:
        """Make a page of one of the kinds: standard, wiki, form, client-side."""
        kind = call.number("templateFileType", 1, default=0)
        if not 0 <= kind < len(_PAGE):
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: templateFileType")
        return self._store(call.text("urlOfFile", 0), self.scope.content.blobs.put(_PAGE[kind]), overwrite=False)

    def _upload(self, call: Call, name: str) -> files.File:
        blob = self.scope.content.blobs.take(call.upload)
        return self._store(name, blob, overwrite=call.flag("overwrite", 1, default=False))

    def _store(self, name: str, blob: Blob, *, overwrite: bool, unique: bool = False) -> files.File:
        if not name:
            raise bad_argument("Value cannot be null.\r\nParameter name: url")
        content = self.scope.content
        address = folder_tree.absolute(self.scope, name, self.parent.address)
        above, _, leaf = address.rpartition("/")
        parent = self.parent if above == self.parent.address else folder_places.find_folder(self.scope, above)
        if parent is None:
            raise directory_not_found()
        _refuse_templates_without_script(parent)
        holder = parent.holder()
        existing = content.child(holder, leaf)
        if existing is not None and unique and not overwrite:
            leaf, existing = beside(leaf, lambda each: content.child(holder, each) is not None), None
        if existing is not None and not overwrite:
            raise duplicate_file(address.lstrip("/"))
        conflict = Conflict.REPLACE if overwrite else Conflict.FAIL
        made = content.add_file(holder, leaf, blob, by=self.scope.claims.login, conflict=conflict)
        assert parent.owner is not None
        return files.File(self.scope, parent.owner, made)


def _refuse_templates_without_script(folder: Folder) -> None:
    """Content types take no document templates where custom script is denied."""
    below = folder_tree.below_web(folder.scope, folder.address) or ""
    denied = int(folder.scope.site.props.get("DenyAddAndCustomizePages", _DENIED)) == _DENIED
    if denied and below.partition("/")[0].lower() == _RESOURCES:
        raise access_denied()
