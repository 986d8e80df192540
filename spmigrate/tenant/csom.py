"""The few writes that only SharePoint's client object model can make, as one request each.

Building a request is pure: values in, XML out. Everything that can be done over REST is done there. Sources of the
forms: the requests of CLI for Microsoft 365 and of PnP Framework.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from spmigrate.errors import NotFound, Unavailable
from spmigrate.tenant import translate
from spmigrate.tenant.session import Tenant

Setting = str | int | bool

_NAMESPACE = "http://schemas.microsoft.com/sharepoint/clientquery/2009"
_ENDPOINT = "/_vti_bin/client.svc/ProcessQuery"
# The part before the bar is the id of some request; any will do. The rest is the service's own key of the family.
_OBJECTS = "8f2a3c9e-40d1-6000-a9c3-8d1f5b7e2c44|740c6a0b-85e2-48a0-a494-e0f1759d4aa7"
_TENANT = "{268004ae-ef6b-4e9b-8425-127220d84719}"
_NEW_CONTENT_TYPE = "{168f3091-4554-4f14-8866-b20d48e45b54}"
_NO_GUID = "00000000-0000-0000-0000-000000000000"
_JOIN = 1
"""SPOHubSiteUserRights: may associate sites with the hub."""

_STATUS: Mapping[str, int] = {
    "System.UnauthorizedAccessException": HTTPStatus.FORBIDDEN,
    "Microsoft.Online.SharePoint.Common.SpoNoSiteException": HTTPStatus.NOT_FOUND,
    "System.IO.FileNotFoundException": HTTPStatus.NOT_FOUND,
    "Microsoft.SharePoint.Client.ResourceNotFoundException": HTTPStatus.NOT_FOUND,
    "System.TimeoutException": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The HTTP status that REST gives to what is refused with these exceptions; 400 to all others."""


@dataclass(frozen=True, slots=True)
class WebIds:
    """A site's own id and that of its web: what objects in it are named by."""

    site: str
    web: str

    def field(self, field_id: str) -> str:
        """The identity of a site column."""
        return f"{self.identity}:field:{field_id.strip('{}')}"

    def list(self, list_id: str) -> str:
        """The identity of a library or list."""
        return f"{self.identity}:list:{list_id.strip('{}')}"

    def content_type(self, content_type_id: str) -> str:
        """The identity of a content type of the site."""
        return f"{self.identity}:contenttype:{content_type_id}"

    @property
    def identity(self) -> str:
        """The identity of the web."""
        return f"{_OBJECTS}:site:{self.site.strip('{}')}:web:{self.web.strip('{}')}"


@dataclass(frozen=True, slots=True)
class NewContentType:
    """A content type to make. Its id, `0x0101…`, says what it derives from."""

    id: str
    name: str
    description: str
    group: str


def create_content_type(web: WebIds, wanted: NewContentType) -> bytes:
    """The request that makes a content type with this very id."""
    query = _Query()
    types = query.path("Property", {"ParentId": query.identity(web.identity), "Name": "ContentTypes"})
    made = query.path("Method", {"ParentId": types, "Name": "Add"})
    given = SubElement(SubElement(made.element, "Parameters"), "Parameter", TypeId=_NEW_CONTENT_TYPE)
    for name, text in (
        ("Description", wanted.description), ("Group", wanted.group), ("Id", wanted.id), ("Name", wanted.name),
    ):  # fmt: skip
        SubElement(given, "Property", Name=name, Type="String").text = text
    SubElement(given, "Property", Name="ParentContentType", Type="Null")
    query.act("ObjectPath", made)
    return query.xml()


def flag_columns(web: WebIds, content_type_id: str, flags: Mapping[str, Mapping[str, bool]]) -> bytes:
    """The request that sets `Required` or `Hidden` of a content type's columns, by column id, and tells its children.

    Handing it on to the children may take minutes where many libraries hold copies.
    """
    query = _Query()
    for field_id, each in flags.items():
        link = query.identity(f"{web.content_type(content_type_id)}:fl:{field_id.strip('{}')}")
        for name, value in each.items():
            query.set(link, name, value)
    query.call(query.identity(web.content_type(content_type_id)), "Update", [_typed(True)])
    return query.xml()


def bind_term_set(web: WebIds, field_id: str, *, store_id: str, set_id: str) -> bytes:
    """The request that ties a managed metadata column to a term set, here and in the libraries that have it."""
    query = _Query()
    field = query.identity(web.field(field_id))
    for name, guid in (("SspId", store_id), ("TermSetId", set_id)):
        query.set(field, name, guid, kind="Guid")
    query.set(field, "TargetTemplate", "")
    query.set(field, "Open", False)
    query.set(field, "AnchorId", _NO_GUID, kind="Guid")
    query.call(field, "UpdateAndPushChanges", [_typed(True)])
    return query.xml()


def push_column(web: WebIds, field_id: str, changes: Mapping[str, Setting]) -> bytes:
    """The request that changes a site column, by SharePoint's names, and all the copies of it in lists."""
    query = _Query()
    field = query.identity(web.field(field_id))
    for name, value in changes.items():
        query.set(field, name, value)
    query.call(field, "UpdateAndPushChanges", [_typed(True)])
    return query.xml()


def limit_versions(web: WebIds, list_id: str, *, mode: int, days: int) -> bytes:
    """The request that says how a library keeps earlier versions; `days` only where they expire after days."""
    query = _Query()
    library = query.identity(web.list(list_id))
    policies = query.path("Property", {"ParentId": library, "Name": "VersionPolicies"})
    query.set(policies, "DefaultTrimMode", mode, kind="Enum")
    if days:
        query.set(policies, "DefaultExpireAfterDays", days)
    query.call(library, "Update", [])
    return query.xml()


def add_languages(web: WebIds, languages: Iterable[int]) -> bytes:
    """The request that lets people see a web in more languages, by number. REST knows the method that adds one, but
    none that keeps what it added."""
    query = _Query()
    path = query.identity(web.identity)
    query.set(path, "IsMultilingual", True)
    for each in languages:
        query.call(path, "AddSupportedUILanguage", [_typed(each)])
    query.call(path, "Update", [])
    return query.xml()


def set_hub(hub_id: str, changes: Mapping[str, Setting]) -> bytes:
    """The request that changes a hub: `Title`, `Description`, `LogoUrl`, `RequiresJoinApproval`."""
    query = _Query()
    hub = query.hub(hub_id)
    for name, value in changes.items():
        query.set(hub, name, value)
    query.call(hub, "Update", [])
    return query.xml()


def ask_hub(hub_id: str) -> bytes:
    """The request for everything about a hub; REST tells all but who may join it."""
    query = _Query()
    hub = query.hub(hub_id)
    wanted = SubElement(query.act("Query", hub), "Query", SelectAllProperties="true")
    SubElement(wanted, "Properties")
    return query.xml()


def set_joiners(hub_url: str, *, grant: Iterable[str] = (), revoke: Iterable[str] = ()) -> bytes:
    """The request that lets people join sites to a hub, or no longer. With nobody named, everybody may join."""
    query = _Query()
    tenant = query.path("Constructor", {"TypeId": _TENANT})
    added, taken = list(grant), list(revoke)
    if added:
        query.call(tenant, "GrantHubSiteRights", [_typed(hub_url), _texts(added), _typed(_JOIN, "Enum")])
    if taken:
        query.call(tenant, "RevokeHubSiteRights", [_typed(hub_url), _texts(taken)])
    return query.xml()


def run(tenant: Tenant, base: str, request: bytes) -> list[Any]:
    """Send a request to a site or the admin centre, by its full address; what follows the header of the answer.

    All of them may be repeated: they set what is wanted. Raises TenantError, also for a refusal that came with 200.
    """
    url = base.rstrip("/") + _ENDPOINT
    headers = {"Content-Type": "text/xml", "Accept": "application/json"}
    return read_answer(tenant.rest("POST", url, request, headers=headers, repeatable=True), url)


def read_hub(tenant: Tenant, hub_id: str) -> dict[str, Any]:
    """A hub by SharePoint's names, with the `Permissions` to join it. Raises NotFound, TenantError."""
    results = run(tenant, tenant.settings.admin, ask_hub(hub_id))
    found = next((each for each in results if isinstance(each, dict) and "Permissions" in each), None)
    if found is None:
        raise NotFound(f"{hub_id} is not a hub")
    return found


def read_answer(answer: Any, url: str) -> list[Any]:
    """The results in an answer. Raises TenantError when it is a refusal, which comes with status 200."""
    what = f"POST {urlsplit(url).hostname}{urlsplit(url).path}"
    if not isinstance(answer, list) or not answer or not isinstance(answer[0], Mapping):
        raise Unavailable(f"{what}: the answer is not SharePoint's")
    refused = answer[0].get("ErrorInfo")
    if not refused:
        return answer[1:]
    kind = str(refused.get("ErrorTypeName"))
    told = {"code": f"{refused.get('ErrorCode')}, {kind}", "message": {"value": refused.get("ErrorMessage")}}
    status = _STATUS.get(kind, HTTPStatus.BAD_REQUEST)
    error = translate.failure(translate.Answer(status, {}, json.dumps({"error": told}).encode()), what)
    raise error or Unavailable(f"{what}: refused")


@dataclass(frozen=True, slots=True)
class _Value:
    kind: str
    text: str = ""
    parts: tuple["_Value", ...] = ()

    def write(self, parent: Element, tag: str) -> None:
        element = SubElement(parent, tag, Type=self.kind)
        for part in self.parts:
            part.write(element, "Object")
        if not self.parts:
            element.text = self.text


@dataclass(frozen=True, slots=True)
class _Path:
    id: str
    element: Element


class _Query:
    """A request that grows: actions over the paths of objects, numbered as they come."""

    def __init__(self) -> None:
        self._root = Element("Request", {
            "xmlns": _NAMESPACE, "AddExpandoFieldTypeSuffix": "true", "SchemaVersion": "15.0.0.0",
            "LibraryVersion": "16.0.0.0", "ApplicationName": "spmigrate",
        })  # fmt: skip
        self._actions = SubElement(self._root, "Actions")
        self._paths = SubElement(self._root, "ObjectPaths")
        self._last = 0

    def identity(self, name: str) -> _Path:
        return self.path("Identity", {"Name": name})

    def hub(self, hub_id: str) -> _Path:
        tenant = self.path("Constructor", {"TypeId": _TENANT})
        found = self.path("Method", {"ParentId": tenant, "Name": "GetHubSitePropertiesById"})
        SubElement(SubElement(found.element, "Parameters"), "Parameter", Type="Guid").text = hub_id
        return found

    def path(self, kind: str, attributes: Mapping[str, "str | _Path"]) -> _Path:
        named = {name: value.id if isinstance(value, _Path) else value for name, value in attributes.items()}
        return _Path(number := self._number(), SubElement(self._paths, kind, {"Id": number, **named}))

    def set(self, path: _Path, name: str, value: Setting, *, kind: str = "") -> None:
        action = self.act("SetProperty", path)
        action.set("Name", name)
        _typed(value, kind).write(action, "Parameter")

    def call(self, path: _Path, name: str, values: Iterable[_Value]) -> None:
        action = self.act("Method", path)
        action.set("Name", name)
        parameters = SubElement(action, "Parameters")
        for value in values:
            value.write(parameters, "Parameter")

    def act(self, kind: str, path: _Path) -> Element:
        return SubElement(self._actions, kind, {"Id": self._number(), "ObjectPathId": path.id})

    def xml(self) -> bytes:
        return tostring(self._root, encoding="unicode").encode()

    def _number(self) -> str:
        self._last += 1
        return str(self._last)


def _typed(value: Setting, kind: str = "") -> _Value:
    if isinstance(value, bool):
        return _Value("Boolean", "true" if value else "false")
    return _Value(kind or ("Int32" if isinstance(value, int) else "String"), str(value))


def _texts(values: Iterable[str]) -> _Value:
    return _Value("Array", parts=tuple(_Value("String", each) for each in values))
