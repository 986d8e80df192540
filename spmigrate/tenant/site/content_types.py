"""Content types: their ids say what they derive from, and the libraries' copies follow only when they are told to."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from spmigrate.errors import Refused
from spmigrate.tenant.contents import ROOT_CONTENT_TYPES, Attributes, Kind, Part, name_key
from spmigrate.tenant.site.content_type_ids import content_type_id, content_type_ids
from spmigrate.tenant.site.libraries import LIBRARIES_ONLY, LISTS
from spmigrate.tenant.site.question import Answers, Json, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

QUESTIONS = (
    Question(
        "content types", Service.SITE,
        "web/contenttypes?$select=StringId,Name,Description,FieldLinks/Name&$expand=FieldLinks",
        kinds=frozenset({Kind.CONTENT_TYPE}),
    ),
    LISTS,
)  # fmt: skip
_COPIES = f"$select=ContentTypes/StringId,ContentTypes/FieldLinks/Name&$expand=ContentTypes/FieldLinks&{LIBRARIES_ONLY}"
_DERIVED = len("00") + 32
"""How much longer the id of a copy, or of a content type of ours, is than the id of what it derives from."""


def parts(answers: Answers) -> Iterator[Part]:
    """Content types of the site.

    A column counts when all the copies in lists have it too: one that the site alone has is still to be handed on.
    """
    kept, holders = answers.values("content types"), answers.values("lists")
    names = {str(each["StringId"]).casefold(): str(each["Name"]) for each in kept}
    names |= {identity.casefold(): name for name, identity in ROOT_CONTENT_TYPES.items()}
    for each in kept:
        links = tuple(link["Name"] for link in each["FieldLinks"])
        yield Part(Kind.CONTENT_TYPE, name_key(each["Name"]), each["Name"], {
            "id": each["StringId"], "name": each["Name"], "parent": _parent(str(each["StringId"]), names),
            "description": each["Description"] or "", "columns": columns_of_copies(each["StringId"], holders, links),
        })  # fmt: skip


def columns_of_copies(content_type: str, lists: Iterable[Json], columns: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the columns that every list's copy of the content type has; all of them when there is no copy."""
    for each in lists:
        for copy in each["ContentTypes"]:
            if str(copy["StringId"])[:-_DERIVED].casefold() == content_type.casefold():
                links = {link["Name"] for link in copy["FieldLinks"]}
                columns = tuple(name for name in columns if name in links)
    return columns


def _parent(identity: str, names: Mapping[str, str]) -> str:
    """The name of the closest content type that an id derives from; empty when the site has none."""
    whole = identity.casefold()
    return next((names[whole[:end]] for end in range(len(whole) - 1, 0, -1) if whole[:end] in names), "")


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Make a content type with its derived id, or change one of this name; link the columns that it lacks.

    Raises TenantError; Refused when libraries do not take the columns on.
    """
    wanted = after.get("columns")
    if "id" in after:
        found = _create(site, after)
        if isinstance(wanted, tuple):
            _link_columns(site, found, wanted)
        return
    found = content_type_id(content_type_ids(site), key)
    if "description" in after:
        body = {"__metadata": {"type": "SP.ContentType"}, "Description": after["description"]}
        site.typed("MERGE", f"web/contenttypes('{found}')", body)
    if isinstance(wanted, tuple):
        _link_columns(site, found, wanted)
        _hand_on(site, found, wanted)


def _create(site: "SiteWriter", after: Attributes) -> str:
    wanted = str(after["id"])
    body = {
        "__metadata": {"type": "SP.ContentType"},
        "Id": {"__metadata": {"type": "SP.ContentTypeId"}, "StringValue": wanted},
        "Name": after["name"], "Description": after["description"], "Group": after["group"],
    }  # fmt: skip
    made = str(site.typed("POST", "web/contenttypes", body)["StringId"])
    parent = wanted[: -len("00") - 32]
    if not made.casefold().startswith(parent.casefold()):
        # Older services chose their own parent; such a content type would have the wrong columns for good.
        site.delete(f"web/contenttypes('{made}')")
        raise Refused(f"SharePoint made '{after['name']}' from another parent than {parent}")
    return made


def _link_columns(site: "SiteWriter", content_type: str, wanted: tuple[str, ...]) -> None:
    path = f"web/contenttypes('{content_type}')/FieldLinks"
    present = {link["Name"] for link in site.rest("GET", f"{path}?$select=Name")["value"]}
    for name in wanted:
        if name not in present:
            site.rest("POST", path, {"FieldInternalName": name}, repeatable=True)


def _hand_on(site: "SiteWriter", content_type: str, wanted: tuple[str, ...]) -> None:
    """Give the columns to the libraries' copies of the content type, which follow only when they are told to."""
    site.rest("POST", f"web/contenttypes('{content_type}')/Update", {"updateChildren": True}, repeatable=True)
    lists = site.rest("GET", f"web/lists?{_COPIES}")["value"]
    left = [name for name in wanted if name not in columns_of_copies(content_type, lists, wanted)]
    if left:
        raise Refused(
            f"the libraries did not take on the columns {', '.join(left)}",
            hint="look for a content type that is sealed or read-only in the settings of the site's libraries",
        )
