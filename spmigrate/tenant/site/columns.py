"""Site columns, written by REST in the forms that SharePoint honours.

`CreateFieldAsXml` needs Options 8 (AddFieldInternalNameHint), or SharePoint derives the internal name from the display
name; the client library cannot send it. What is typed (choices, ids) is sent as verbose JSON with its type.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from spmigrate.errors import Refused
from spmigrate.tenant import csom
from spmigrate.tenant.contents import COLUMN_TYPES, Attributes, Kind, Part, Value, library_key, word_for
from spmigrate.tenant.site import column_xml, terms
from spmigrate.tenant.site.list_paths import list_path
from spmigrate.tenant.site.question import NO_ID, Answers, Json, Question, Service

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

_KINDS = frozenset({Kind.COLUMN})
_INTERNAL_NAME_HINT = 8
_TERM, _LOOKUP = COLUMN_TYPES["Managed metadata"], COLUMN_TYPES["Lookup"]
_MOST_NAMED = 60
"""Columns that are asked for by name; of more, all that the site has are read."""

_ENTITIES: Mapping[str, str] = {
    "Choice": "SP.FieldChoice", "MultiChoice": "SP.FieldMultiChoice", _TERM: "SP.Taxonomy.TaxonomyField",
}  # fmt: skip
"""What SharePoint wants a column to be called in a change, where `SP.Field` is not enough."""

_NAMES: Mapping[str, str] = {
    "title": "Title",
    "description": "Description",
    "required": "Required",
    "indexed": "Indexed",
    "unique": "EnforceUniqueValues",
    "group": "Group",
    "formatting": "CustomFormatter",
}


def _columns(answers: Answers) -> Mapping[str, str]:
    keys = answers.keys(Kind.COLUMN)
    which = "Hidden eq false and ReadOnlyField eq false"
    if keys is not None and len(keys) <= _MOST_NAMED:
        which = " or ".join(f"InternalName eq '{key}'" for key in sorted(keys)) or "InternalName eq ''"
    ask = (
        "$select=Id,InternalName,Title,TypeAsString,Description,Required,Indexed,EnforceUniqueValues,DefaultValue,"
        "Group,CustomFormatter,SchemaXml"
    )
    return {"all": f"web/fields?{ask}&$filter={quote(which)}"}


def _fields(answers: Answers) -> list[Json]:
    return list(answers.get("columns", {}).get("all", {"value": ()})["value"])


def _addresses(answers: Answers) -> Mapping[str, str]:
    if not any(field["TypeAsString"] == _LOOKUP for field in _fields(answers)):
        return {}
    return {"all": "web/lists?$select=Id,RootFolder/ServerRelativeUrl&$expand=RootFolder&$filter=Hidden eq false"}


def _term_columns(answers: Answers) -> Mapping[str, str]:
    ids = [str(field["Id"]).lower() for field in _fields(answers) if field["TypeAsString"] == _TERM]
    # A collection of columns of several types does not tell what only one of the types has.
    return {each: f"web/fields(guid'{each}')?$select=TermSetId" for each in ids}


def _term_sets(answers: Answers) -> Mapping[str, str]:
    sets = {_set_of(each) for each in answers.get("term columns", {}).values()} - {""}
    return {each: f"sites/root/termStore/sets/{each}?$expand=parentGroup" for each in sorted(sets)}


def _set_of(field: Json) -> str:
    found = str(field.get("TermSetId") or NO_ID).strip("{}").lower()
    return "" if found == NO_ID else found


QUESTIONS = (
    Question("columns", Service.SITE, _columns, kinds=_KINDS),
    Question("list addresses", Service.SITE, _addresses, round=2, kinds=_KINDS),
    Question("term columns", Service.SITE, _term_columns, round=2, kinds=_KINDS),
    Question("term sets", Service.GRAPH, _term_sets, round=3, kinds=_KINDS, optional=True),
)  # fmt: skip


def parts(answers: Answers) -> Iterator[Part]:
    """Site columns."""
    lists = {
        str(each["Id"]).lower(): library_key(str(each["RootFolder"]["ServerRelativeUrl"])[len(answers.address) + 1 :])
        for each in answers.get("list addresses", {}).get("all", {"value": ()})["value"]
    }
    sets = {key: terms.path_of(found) for key, found in answers.get("term sets", {}).items()}
    tied_to = answers.get("term columns", {})
    for field in _fields(answers):
        schema = column_xml.parse(field["SchemaXml"])
        kind = word_for(COLUMN_TYPES, field["TypeAsString"])
        # Selecting Choices is refused for a collection that holds other types of columns too.
        given: dict[str, Value] = {}
        if schema.find("CHOICES") is not None:
            given["choices"] = column_xml.choices(schema)
        if kind == "Managed metadata":
            tied = _set_of(tied_to.get(str(field["Id"]).lower(), {}))
            given["term set"] = sets.get(tied, tied)
        if kind == "Lookup":
            looked_up = schema.get("List", "").strip("{}").lower()
            given |= {"looks up": lists.get(looked_up, looked_up), "shows": schema.get("ShowField", "")}
        yield Part(Kind.COLUMN, field["InternalName"], field["Title"], {
            "id": str(field["Id"]).lower(), "type": kind, "title": field["Title"],
            "description": field["Description"] or "", "required": field["Required"], "indexed": field["Indexed"],
            "unique": field["EnforceUniqueValues"], "group": field["Group"] or "",
            "default": column_xml.worded_default(kind, field["DefaultValue"]),
            "formatting": field["CustomFormatter"] or "", **given,
        })  # fmt: skip


def put(site: "SiteWriter", internal: str, after: Attributes) -> None:
    """Make a site column, or change the given attributes of one that is there. Raises TenantError."""
    present = site.columns.get(internal.casefold())
    if present is None and "type" in after:
        _create(site, internal, after)
        del site.columns  # one more now
        present = site.columns[internal.casefold()]
        changes = {name: after[name] for name in ("formatting",) if after.get(name)}
    else:
        changes = {name: value for name, value in after.items() if name not in ("id", "type")}
    if present is not None and changes:
        _change(site, internal, present, changes)
    if after.get("term set") and present is not None:
        _bind(site, str(present["Id"]), str(after["term set"]))


def _create(site: "SiteWriter", internal: str, after: Attributes) -> None:
    extra: dict[str, str] = {}
    if after["type"] == "Lookup":
        looked_up = site.rest("GET", f"{list_path(site, str(after['looks up']))}?$select=Id")["Id"]
        extra = {"List": f"{{{looked_up}}}", "ShowField": str(after.get("shows") or "Title")}
    field = column_xml.column_xml(internal, after, extra)
    if after["type"] == "Managed metadata":
        note = str(uuid.uuid5(uuid.UUID(str(after["id"])), "note"))
        if f"{internal}_0".casefold() not in site.columns:
            _make(site, column_xml.text_of(column_xml.note_xml(note, f"{internal}_0", str(after.get("group", "")))))
        column_xml.with_note(field, note)
    _make(site, column_xml.text_of(field))


def _make(site: "SiteWriter", xml: str) -> None:
    parameters = {
        "__metadata": {"type": "SP.XmlSchemaFieldCreationInformation"},
        "SchemaXml": xml,
        "Options": _INTERNAL_NAME_HINT,
    }
    site.typed("POST", "web/fields/CreateFieldAsXml", {"parameters": parameters})


def _change(site: "SiteWriter", internal: str, present: Json, after: Attributes) -> None:
    kind = _ENTITIES.get(present["TypeAsString"], "SP.Field")
    changes: dict[str, Any] = {"__metadata": {"type": kind}}
    changes |= {_NAMES[name]: value for name, value in after.items() if name in _NAMES}
    if after.get("unique"):
        changes["Indexed"] = True  # SharePoint keeps values unique by their index
    if "choices" in after:
        changes["Choices"] = {"__metadata": {"type": "Collection(Edm.String)"}, "results": after["choices"]}
    default = {}
    if "default" in after:
        default["DefaultValue"] = column_xml.raw_default(
            word_for(COLUMN_TYPES, present["TypeAsString"]), after["default"]
        )
    if len(changes) == 1 and not default:
        return
    # The site column comes last: while a copy is still to be changed, a new comparison finds the difference again.
    for path, copy in _copies(site, internal):
        # A library that has a default of its own keeps it.
        follows = (copy["DefaultValue"] or "") == (present["DefaultValue"] or "")
        own = changes | (default if follows else {})
        if len(own) > 1:
            site.typed("MERGE", f"{path}/fields/getbyinternalnameortitle('{quote(internal)}')", own)
    site.typed("MERGE", f"web/fields/getbyinternalnameortitle('{quote(internal)}')", changes | default)


def _copies(site: "SiteWriter", internal: str) -> list[tuple[str, Json]]:
    """The lists that hold a copy of a site column, with the copy: a copy does not follow by itself."""
    select = "$select=Id,Fields/InternalName,Fields/DefaultValue&$expand=Fields&$filter=Hidden eq false"
    return [
        (f"web/lists(guid'{each['Id']}')", field)
        for each in site.rest("GET", f"web/lists?{select}")["value"]
        for field in each["Fields"]
        if field["InternalName"] == internal
    ]


def _bind(site: "SiteWriter", column: str, path: str) -> None:
    """Tie a column to a term set: over REST its ids are ignored. Raises NotFound, Refused when it is not tied after."""
    store, wanted = terms.find(site.tenant, path)
    csom.run(site.tenant, site.url, csom.bind_term_set(site.ids, column, store_id=store, set_id=wanted))
    if _set_of(site.rest("GET", f"web/fields(guid'{column}')?$select=TermSetId")) != wanted.lower():
        raise Refused(
            f"SharePoint did not tie the column to the term set {path}",
            hint="choose the term set in the column's settings, then plan again",
        )
