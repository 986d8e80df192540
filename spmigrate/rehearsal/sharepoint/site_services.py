"""Services beside the web: libraries of a site, logo, fonts, document ids, whether a site can be deleted."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal.odata.errors import bad_argument, file_not_found, invalid_operation
from spmigrate.rehearsal.odata.render import Bag, Complex
from spmigrate.rehearsal.sharepoint import folder_tree, hubs, lists
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Node, Raw, Resource, action, as_guid, function, link
from spmigrate.rehearsal.sharepoint.properties import BOOLEAN, GUID, INT, TEXT, group, table
from spmigrate.rehearsal.sharepoint.scope import Scope

_POLICY = ("SP.CompliancePolicy.SPPolicyStoreProxy", "SP_CompliancePolicy_SPPolicyStoreProxy")
_LOGO_SIDE = 64
_LIBRARIES, _PAGES = (101, 109, 851), 119
_DOCUMENT_ID_FEATURE = "b50e3104-6812-424f-a011-cc90e6327318"
_PREFIX = "_DocIdPrefix"


class SiteIcons(Resource):
    """``SiteIconManager``: the logo of a site."""

    type = "Microsoft.SharePoint.Portal.SiteIconManager"
    feed = "SiteIconManager"

    @property
    def path(self) -> str:
        return "SiteIconManager"

    @function("GetSiteLogo")
    def logo(self, _call: Call) -> Raw:
        """The picture: the logo, or a field of one colour where there is none."""
        url = str(self.scope.web.props.get("SiteLogoUrl") or "")
        found = folder_tree.find_item(self.scope, url) if url else None
        if found is not None:
            return Raw(self.scope.content.blobs.read(found[1].blob), kind="image/png")
        return Raw(_field_of_colour(self.scope.web.guid), kind="image/png")

    @action("SetSiteLogo")
    def set_logo(self, call: Call) -> None:
        """Take a picture of the site as its logo (type 0), thumbnail (1) or none when the address is empty."""
        url = call.text("relativeLogoUrl", 0, default="")
        if url and folder_tree.find_item(self.scope, url) is None:
            raise file_not_found()
        name = "SiteLogoUrl" if call.number("type", 1, default=0) == 0 else "_ThumbnailUrl"
        self.scope.store.update(self.scope.web, {name: url or None}, at=self.scope.now)


class FontPackage(Resource):
    """A set of fonts."""

    type = "SP.FontPackage"
    feed = "FontPackages"
    declared = table(
        group(GUID, None, "ID"), group(BOOLEAN, False, "IsHidden"), group(BOOLEAN, True, "IsValid"),
        group(TEXT, "", "MissingFontFiles PackageJson Title"), group(INT, 0, "Store"),
    )  # fmt: skip


class FontPackages(Collection):
    """The sets of fonts of a site; a new site has none of its own."""

    feed = "FontPackages"
    element = FontPackage

    def by_key(self, _key: object) -> FontPackage:
        raise file_not_found()


class DocumentIds(Resource):
    """``SP.DocumentManagement.DocumentId``: numbers of documents that stay when they are moved."""

    type = "SP.DocumentManagement.DocumentId"
    feed = "DocumentId"
    declared = table(group(TEXT, None, "Id4a81de82eeb94d6080ea5bf63e27023a"))

    @property
    def path(self) -> str:
        return self.type

    @action("SetDocIdSitePrefix")
    def set_prefix(self, call: Call) -> None:
        """Say what new numbers begin with."""
        self._refuse_inactive()
        self.scope.store.update(self.scope.site, {_PREFIX: call.text("prefix", 0)}, at=self.scope.now)

    @action("ResetDocIdByServerRelativePath")
    def reset_one(self, call: Call) -> None:
        """Give a file its number anew."""
        self._refuse_inactive()
        found = folder_tree.find_item(self.scope, call.text("DecodedUrl", 0))
        if found is None:
            raise file_not_found()
        self._number(found[1].id)

    @action("ResetDocIdsInLibrary")
    def reset_library(self, call: Call) -> None:
        """Give every file of a library its number anew."""
        self._refuse_inactive()
        row = lists.find_by_address(self.scope, call.text("decodedUrl", 0)).entity
        for each in self.scope.content.items(row.id):
            if each.file:
                self._number(each.id)

    def _number(self, item_id: int) -> None:
        item = self.scope.content.item(item_id)
        if item is None:
            return
        prefix = str(self.scope.site.props.get(_PREFIX) or self.scope.site.guid[:8].upper())
        fields = {"_dlc_DocId": f"{prefix}-{item.list}-{item.list_item}"}
        self.scope.content.write(item, by=self.scope.claims.login, fields=fields, keep_version=True)

    def _refuse_inactive(self) -> None:
        active = self.scope.site.props.get("_Features", ())
        if _DOCUMENT_ID_FEATURE not in active:
            raise invalid_operation("The Document ID feature is not activated in this site collection.")


class SiteServices(Node):
    """What stands beside the web at the root of ``_api``."""

    @link("SiteIconManager")
    def site_icons(self) -> SiteIcons:
        """The logo."""
        return SiteIcons(self.scope)

    @link("SiteFontPackages")
    def site_fonts(self) -> FontPackages:
        """Sets of fonts."""
        return FontPackages(self.scope)

    @link("SP.DocumentManagement.DocumentId")
    def document_ids(self) -> DocumentIds:
        """Numbers of documents."""
        return DocumentIds(self.scope)

    @function("SP.Web.GetDocumentLibraries")
    def document_libraries(self, call: Call) -> Bag:
        """The libraries that a web shows."""
        return self._libraries(call.text("webFullUrl", 0, default=""), _LIBRARIES)

    @function("SP.Web.GetDocumentAndMediaLibraries")
    def media_libraries(self, call: Call) -> Bag:
        """The libraries that a web shows, those of pages included when asked."""
        pages = (_PAGES,) if call.flag("includePageLibraries", 1, default=False) else ()
        return self._libraries(call.text("webFullUrl", 0, default=""), (*_LIBRARIES, *pages))

    @function("SP.Web.DefaultDocumentLibraryUrl")
    def default_library(self, call: Call) -> Complex:
        """The library Documents of a web."""
        scope = folder_tree.scope_at(self.scope, call.text("webUrl", 0))
        return _library(scope, lists.find_by_address(scope, "Shared Documents").entity)

    def _libraries(self, url: str, templates: tuple[int, ...]) -> Bag:
        scope = folder_tree.scope_at(self.scope, url) if url else self.scope
        shown = tuple(
            _library(scope, row)
            for row in scope.store.children(scope.web.id, "list")
            if row.props.get("BaseTemplate") in templates
            and not row.props.get("Hidden")
            and row.name not in ("Style Library", "FormServerTemplates")
        )
        return Bag("Collection(SP.DocumentLibraryInformation)", shown)

    @function(f"{_POLICY[0]}.IsSiteDeletable")
    @function(f"{_POLICY[1]}_IsSiteDeletable")
    def is_deletable(self, call: Call) -> bool:
        """Whether a site may be deleted: not while a policy keeps it."""
        return self._deletable(folder_tree.scope_at(self.scope, call.text("siteUrl", 0)))

    @function(f"{_POLICY[0]}.CheckSiteIsDeletableById")
    @function(f"{_POLICY[1]}_CheckSiteIsDeletableById")
    def is_deletable_by_id(self, call: Call) -> bool:
        """The same by id."""
        guid = as_guid(call.value("siteId", 0))
        row = self.scope.store.get("site", guid) if guid else None
        if row is None:
            raise bad_argument("Value does not fall within the expected range.\r\nParameter name: siteId")
        return self._deletable(replace(self.scope, site=row))

    def _deletable(self, scope: Scope) -> bool:
        return not scope.site.props.get("HasHolds") and hubs.find_hub(scope, scope.site.guid) is None


def _library(scope: Scope, row: Any) -> Complex:
    # Graph's front answers files by this package, so that it can't be imported before it.
    from spmigrate.rehearsal.graph.ids import drive_id

    address = f"{scope.web_path}/{row.name}"
    values = {
        "AbsoluteUrl": f"https://{scope.host}{address}", "DriveId": drive_id(scope.site, scope.web, row),
        "FromCrossFarm": False, "Id": row.guid, "IsDefaultDocumentLibrary": row.name == "Shared Documents",
        "Modified": row.modified, "ModifiedFriendlyDisplay": row.modified[:10], "ServerRelativeUrl": address,
        "Title": str(row.props.get("Title", "")),
    }  # fmt: skip
    return Complex("SP.DocumentLibraryInformation", values)


def _field_of_colour(guid: str) -> bytes:
    """A PNG of one colour that follows from an id."""
    colour = bytes.fromhex(guid.replace("-", "")[:6])
    rows = (b"\x00" + colour * _LOGO_SIDE) * _LOGO_SIDE
    header = struct.pack(">IIBBBBB", _LOGO_SIDE, _LOGO_SIDE, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    chunks = (struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
              for name, body in parts)  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
