"""Webs below a web: making, listing and deleting them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spmigrate.rehearsal import sites
from spmigrate.rehearsal.odata.errors import SP_EXCEPTION, ODataError, bad_argument, invalid_operation
from spmigrate.rehearsal.sharepoint import recycle, site_manager, webs
from spmigrate.rehearsal.sharepoint.model import Call, Collection, Resource, action, function, link
from spmigrate.rehearsal.sharepoint.properties import DATE, GUID, INT, TEXT, group, table, whole
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.sharepoint.web_templates import find_template
from spmigrate.rehearsal.storage import Entity

# Source: Microsoft's limits page: subsites of a site collection.
MAX_WEBS = 2000
_BAD_ADDRESS = re.compile(r'[~#%&*{}\\:<>?+|"]|//|(^|/)[_.]|\.\.|\.(/|$)')


class WebInformation(Resource):
    """What somebody who may not open a web can still know of it."""

    type = "SP.WebInformation"
    feed = "WebInfos"
    declared = table(
        group(INT, 0, "Configuration WebTemplateId"),
        group(INT, 1033, "Language"),
        group(DATE, None, "Created LastItemModifiedDate LastItemUserModifiedDate"),
        group(TEXT, "", "Description ServerRelativeUrl Title WebTemplate"),
        group(GUID, "", "Id"),
    )

    def __init__(self, scope: Scope, entity: Entity) -> None:
        super().__init__(scope)
        self.entity = entity

    @property
    def path(self) -> str:
        return f"Web/WebInfos(guid'{self.entity.guid}')"

    def stored(self) -> Mapping[str, Any]:
        props = self.entity.props
        name = str(props.get("_Template") or self.scope.site.props.get("Template", "STS#3"))
        template = find_template(name)
        return {
            "Configuration": int(name.partition("#")[2] or 0), "Created": self.entity.created,
            "Description": props.get("Description", ""), "Id": self.entity.guid,
            "Language": props.get("Language", 1033), "LastItemModifiedDate": self.entity.modified,
            "LastItemUserModifiedDate": self.entity.modified, "ServerRelativeUrl": self.entity.name,
            "Title": props.get("Title", ""), "WebTemplate": name.partition("#")[0],
            "WebTemplateId": template.number if template else 0,
        }  # fmt: skip


class WebInfos(Collection):
    """What can be known of the webs directly below a web."""

    feed = "WebInfos"
    element = WebInformation

    def __init__(self, scope: Scope, *, template: int = -1, configuration: int = -1) -> None:
        super().__init__(scope)
        self.template = template
        self.configuration = configuration

    def all(self) -> list[WebInformation]:
        found = [WebInformation(self.scope, row) for row in webs_below(self.scope)]
        return [each for each in found if self._wanted(each.stored())]

    def _wanted(self, values: Mapping[str, Any]) -> bool:
        return self.template in (-1, values["WebTemplateId"]) and self.configuration in (-1, values["Configuration"])

    def by_key(self, key: object) -> WebInformation:
        for each in self.all():
            if each.entity.guid == str(key).strip("{}").lower():
                return each
        raise bad_argument("Value does not fall within the expected range.")

    @function("GetById")
    def get_by_id(self, call: Call) -> WebInformation:
        """One by id."""
        return self.by_key(call.value("id", 0))

    @action("Add")
    def add(self, call: Call) -> WebInformation:
        """Make a web."""
        return WebInformation(self.scope, make_web(self.scope, call.record("parameters")))

    def create(self, call: Call) -> WebInformation:
        return self.add(call)


class Webs(Collection):
    """The webs directly below a web."""

    feed = "Webs"

    def has(self, name: str) -> bool:
        return name in webs.Web.declared or webs.Web.has_link(name)

    def all(self) -> list[Any]:
        return [webs.Web(self.scope, row) for row in webs_below(self.scope)]

    def by_key(self, key: object) -> Any:
        for each in self.all():
            if each.entity.guid == str(key).strip("{}").lower():
                return each
        raise bad_argument("Value does not fall within the expected range.")

    @action("Add")
    def add(self, call: Call) -> Any:
        """Make a web."""
        return webs.Web(self.scope, make_web(self.scope, call.record("parameters")))

    def create(self, call: Call) -> Any:
        return self.add(call)


class SubWebs(Resource):
    """The part of a web that knows the webs above and below it."""

    entity: Entity

    @link("Webs")
    def sub_webs(self) -> Webs:
        """The webs below."""
        return Webs(self.scope)

    @link("WebInfos")
    def web_infos(self) -> WebInfos:
        """What can be known of the webs below."""
        return WebInfos(self.scope)

    @function("GetSubwebsFilteredForCurrentUser")
    def filtered_sub_webs(self, call: Call) -> WebInfos:
        """The webs below that the caller may see, of a template and configuration (-1: of any)."""
        template = call.number("nWebTemplateFilter", 0, default=-1)
        configuration = call.number("nConfigurationFilter", 1, default=-1)
        return WebInfos(self.scope, template=template, configuration=configuration)

    @link("ParentWeb")
    def parent_web(self) -> WebInformation | None:
        """The web above; a root web has none."""
        if is_root(self.scope):
            return None
        row = self.scope.store.find("web", self.entity.parent, self.entity.name.rpartition("/")[0] or "/")
        return None if row is None else WebInformation(replace(self.scope, web=row), row)

    @action("DeleteObject")
    def delete_object(self, _call: Call) -> None:
        """Delete the web."""
        self.delete()

    def delete(self) -> None:
        if is_root(self.scope):
            raise invalid_operation("The root web of a site collection can't be deleted in this way.")
        if webs_below(self.scope):
            message = f'Error deleting Web site "{self.entity.name}". You can\'t delete a site that has subsites.'
            raise ODataError(500, f"-2147024809, {SP_EXCEPTION}", message)
        recycle.put_web(self.scope, self.entity)


def is_root(scope: Scope) -> bool:
    """Whether the web is its site collection's root web."""
    return scope.web.name.strip("/").lower() == scope.site.name.partition("/")[2].lower()


def webs_below(scope: Scope) -> list[Entity]:
    """The webs directly below the web."""
    prefix = f"{scope.web_path}/".lower()
    return [
        row
        for row in scope.store.children(scope.site.id, "web")
        if row.id != scope.web.id
        and row.name.lower().startswith(prefix)
        and "/" not in row.name[len(prefix) :]
    ]  # fmt: skip


def make_web(scope: Scope, given: Mapping[str, Any]) -> Entity:
    """Make a web from ``SP.WebCreationInformation``; refuses a bad or taken address and an unknown template."""
    leaf, title = str(given.get("Url") or "").strip("/"), str(given.get("Title") or "")
    name = str(given.get("WebTemplate") or "STS")
    template = find_template(name)
    if not leaf or _BAD_ADDRESS.search(leaf):
        raise bad_argument("Value does not fall within the expected range.\r\nParameter name: Url")
    if template is None or template.root_only:
        raise bad_argument(f"File or arguments not valid for site template '{name}'.\r\nParameter name: WebTemplate")
    language = whole(given.get("Language") or scope.web.props.get("Language", 1033), "Language")
    if language not in site_manager.LANGUAGES:
        raise bad_argument(f"The language {language} is not supported.\r\nParameter name: Language")
    address = f"{scope.web_path}/{leaf}"
    if _taken(scope, address):
        message = f'The Web site address "{address}" is already in use.'
        raise ODataError(500, f"-2147024713, {SP_EXCEPTION}", message)
    if len(scope.store.children(scope.site.id, "web")) > MAX_WEBS:
        raise bad_argument(f"A site collection can't hold more than {MAX_WEBS} subsites.")
    new = sites.NewWeb(
        address=address, title=title, template=template.name, language=language,
        description=str(given.get("Description") or ""),
        inherits=bool(given.get("UseSamePermissionsAsParentSite", True)),
    )  # fmt: skip
    return sites.create_web(scope, new)


def _taken(scope: Scope, address: str) -> bool:
    if scope.store.find("web", scope.site.id, address) is not None:
        return True
    return scope.store.find("list", scope.web.id, address[len(scope.web_path) + 1 :]) is not None
