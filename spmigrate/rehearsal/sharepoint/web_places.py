"""The folders and files of a web, by address and by id."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote

from spmigrate.rehearsal.http import split_address
from spmigrate.rehearsal.odata.errors import bad_argument, directory_not_found, file_missing, file_not_found
from spmigrate.rehearsal.sharepoint import files, folder_places, folder_tree, folders, items
from spmigrate.rehearsal.sharepoint.model import Call, Resource, as_guid, function, link
from spmigrate.rehearsal.storage import Entity


class WebPlaces(Resource):
    """The part of a web that finds folders and files."""

    entity: Entity

    @link("RootFolder")
    def root_folder(self) -> folders.Folder:
        """The web's own root folder."""
        return folder_places.web_folder(self.scope)

    @link("Folders")
    def all_folders(self) -> folders.Folders:
        """The folders at the web's root."""
        return folders.Folders(self.root_folder())

    @function("GetFolderByServerRelativeUrl")
    def get_folder(self, call: Call) -> folders.Folder:
        """A folder by address."""
        return self._folder(unquote(call.text("serverRelativeUrl", 0)), call)

    @function("GetFolderByServerRelativePath")
    def get_folder_by_path(self, call: Call) -> folders.Folder:
        """A folder by decoded address."""
        return self._folder(call.text("DecodedUrl", 0), call)

    def _folder(self, address: str, call: Call) -> folders.Folder:
        found = folder_places.find_folder(self.scope, address)
        if found is not None:
            return found
        if call.query.get("$select", "").strip().lower() == "exists":
            return folders.MissingFolder(self.scope, None, None, address)
        raise directory_not_found() if call.last in ("add", "addusingpath") else file_not_found()

    @function("GetFolderById")
    def get_folder_by_id(self, call: Call) -> folders.Folder:
        """A folder by unique id."""
        wanted = as_guid(call.value("uniqueId", 0))
        resource = self._by_id(wanted)
        if isinstance(resource, folders.Folder):
            return resource
        top = self.all_folders().all()
        libraries = [each for each in top if each.owner is not None and each.owner.props.get("BaseType") == 1]
        forms = (folders.Folder(self.scope, None, None, f"{each.address}/Forms") for each in libraries)
        for each in (self.root_folder(), *top, *forms):
            if each.stored_id == wanted:
                return each
        raise file_not_found()

    @function("GetFileByServerRelativeUrl")
    def get_file(self, call: Call) -> files.File:
        """A file by address."""
        return self._file(unquote(call.text("serverRelativeUrl", 0)))

    @function("GetFileByServerRelativePath")
    def get_file_by_path(self, call: Call) -> files.File:
        """A file by decoded address."""
        return self._file(call.text("DecodedUrl", 0))

    @function("GetFileByUrl")
    def get_file_by_url(self, call: Call) -> files.File:
        """A file by absolute or server-relative address."""
        return self._file(unquote(call.text("fileUrl", 0)).partition("?")[0])

    @function("GetFileByLinkingUrl")
    def get_file_by_linking_url(self, call: Call) -> files.File:
        """A file by the address that opens it in Office (its id is behind ``d=w``)."""
        parts = split_address(call.text("linkingUrl", 0))
        mark = parse_qs(parts.query).get("d", [""])[0].removeprefix("w")
        resource = self._by_id(as_guid(mark))
        return resource if isinstance(resource, files.File) else self._file(unquote(parts.path))

    @function("GetFileByWOPIFrameUrl")
    def get_file_by_wopi_url(self, call: Call) -> files.File:
        """A file by the address at which the browser opens it (its id is behind ``sourcedoc``)."""
        query = parse_qs(split_address(call.text("wopiFrameUrl", 0)).query)
        resource = self._by_id(as_guid(query.get("sourcedoc", [""])[0]))
        if not isinstance(resource, files.File):
            raise file_not_found()
        return resource

    @function("GetFileByGuestUrl")
    def get_file_by_guest_url(self, call: Call) -> files.File:
        """A file by a link to it; no anonymous links are kept under such addresses here."""
        raise bad_argument(f"The guest URL '{call.text('guestUrl', 0)}' is not valid.\r\nParameter name: guestUrl")

    @function("GetFileById")
    def get_file_by_id(self, call: Call) -> files.File:
        """A file by unique id."""
        resource = self._by_id(as_guid(call.value("uniqueId", 0)))
        if not isinstance(resource, files.File):
            raise file_not_found()
        return resource

    @function("GetListItem")
    def get_list_item(self, call: Call) -> items.ListItem:
        """The list item of the file or folder at an address."""
        return self._list_item(call.text("strUrl", 0))

    @function("GetListItemUsingPath")
    def get_list_item_by_path(self, call: Call) -> items.ListItem:
        """The list item of the file or folder at a decoded address."""
        return self._list_item(call.text("DecodedUrl", 0))

    def _list_item(self, address: str) -> items.ListItem:
        found = folder_tree.find_item(self.scope, address)
        if found is None or not found[1].list_item:
            raise file_not_found()
        return items.ListItem(self.scope, *found)

    def _file(self, address: str) -> files.File:
        found = files.find_file(self.scope, address)
        if found is None:
            raise file_missing(folder_tree.absolute(self.scope, address, self.scope.web_path))
        return found

    def _by_id(self, guid: str | None) -> Resource | None:
        item = self.scope.content.by_guid(guid or "", site=self.scope.site.id)
        owner = self.scope.store.by_id(item.list) if item else None
        if item is None or owner is None or owner.parent != self.entity.id or owner.deleted:
            return None
        return files.as_resource(self.scope, owner, item)
