"""Libraries and lists with their views, default values and permissions, in the words of a template."""

from collections.abc import Iterator, Mapping

from spmigrate.provision import identity
from spmigrate.provision.export.words import Entry, Export, drawn_columns, internal_names, plain_columns, said, yes
from spmigrate.provision.lint.libraries import RESERVED
from spmigrate.provision.resolve.vocabulary_parts import default_text
from spmigrate.provision.view_filter import conditions
from spmigrate.tenant.contents import DOCUMENT_SET, Kind, Part, Value, name_key

_LISTS = "Lists/"
_BY_HAND = "Custom Columns"
"""The heading under which columns stand that people made."""

_USUAL_VERSIONS: Mapping[Kind, int] = {Kind.LIBRARY: 500, Kind.LIST: 50}
_USUAL_COLUMNS = (["Type", "Name", "Modified", "Modified by"], ["Title"])
"""What a new library or list is like."""

_FIRST_VIEWS = frozenset({"all documents", "all items"})


def libraries(export: Export) -> list[Entry]:
    """The libraries; those that SharePoint keeps for itself are not read."""
    return [_list(export, part) for part in export.of(Kind.LIBRARY) if part.key not in RESERVED]


def lists(export: Export) -> list[Entry]:
    """The lists."""
    return [_list(export, part) for part in export.of(Kind.LIST) if part.key.removeprefix("lists/") not in RESERVED]


def content_types(export: Export, bound: set[str]) -> list[str]:
    """The vocabulary's content types that the site has and no library brings; foreign ones are left."""
    found: list[str] = []
    for part in export.of(Kind.CONTENT_TYPE):
        known = export.vocabulary.content_types.get(part.key)
        if known is not None and part.key not in bound:
            found.append(known.name)
        elif known is None and part.attributes.get("group") == "Custom Content Types":
            export.leave(part.subject, "the vocabulary has no such content type: add it to organisation.yaml")
    return found


def site_columns(export: Export, types: set[str]) -> list[str]:
    """The vocabulary's columns that the site has and no content type brings; foreign ones are left."""
    brought = internal_names(column.name for name in types for column in export.vocabulary.columns_of(name))
    ours = {identity.internal_name(column.name): column.name for column in export.vocabulary.columns.values()}
    used = {field for kind in (Kind.LIBRARY, Kind.LIST) for part in export.of(kind) for field in _fields(part)}
    for part in export.of(Kind.COLUMN):
        if part.key in used and part.key not in ours and part.attributes.get("group") == _BY_HAND:
            export.leave(part.subject, "the vocabulary has no such column: add it to organisation.yaml")
    keys = {part.key for part in export.of(Kind.COLUMN)}
    return [name for internal, name in ours.items() if internal in keys - brought]


def bound_types(entries: list[Entry]) -> set[str]:
    """The content types that libraries and lists bring, by what they are known by."""
    return {name_key(name) for entry in entries for name in entry.get("content types", ())}


def _list(export: Export, part: Part) -> Entry:
    told, is_list = part.attributes, part.kind is Kind.LIST
    address = str(told["address"]).removeprefix(_LISTS) if is_list else str(told["address"])
    shown = _shown(export, part)
    types = _types(export, part)
    default = told.get("default content type")
    return said(
        name=export.text(part.subject, part.label) or part.label,
        type=told.get("list type") if told.get("list type") != "Custom list" else None,
        address=address if address != identity.library_address(part.label) else None,
        description=export.text(part.subject, told.get("description")),
        versions=_versions(part),
        approval=yes(True) if told.get("approval") else None,
        check_out=yes(True) if told.get("check-out") and not is_list else None,
        allow_folders=yes(False) if told.get("folders") is False and not is_list else None,
        searchable=yes(False) if told.get("searchable") is False else None,
        content_types=types,
        default_content_type=default if default in types else None,
        columns=_columns(export, part, types),
        columns_shown=shown if shown not in _USUAL_COLUMNS else None,
        views=list(_views(export, part)),
        default_values=_default_values(export, part),
        permissions=_permissions(export, part),
        **_labels(export, part),
    )


def _versions(part: Part) -> Entry | str:
    """How versions are kept, where that is not how a new library or list keeps them."""
    if part.attributes.get("automatic versions"):
        return "automatic"
    days = part.attributes.get("versions expire after")
    kept, drafts = part.attributes.get("versions kept"), part.attributes.get("draft versions kept")
    if not kept or (kept == _USUAL_VERSIONS[part.kind] and not drafts and not days):
        return {}
    readers = part.attributes.get("drafts seen by") if drafts else None
    return said(major=kept, expire_after=days or None, drafts=drafts or None, drafts_seen_by=readers)


def _shown(export: Export, part: Part) -> list[str]:
    """The columns of the view that opens first; those of a special list are its own."""
    special = part.attributes.get("list type") not in (None, "Custom list")
    fields = part.attributes.get("columns shown")
    drawn = drawn_columns(export.vocabulary)
    kept = tuple(field for field in fields if field in drawn) if isinstance(fields, tuple) and special else fields
    return export.columns(part.subject, kept, drawn=drawn)


def _types(export: Export, part: Part) -> list[str]:
    given = part.attributes.get("content types")
    names = [str(each) for each in given] if isinstance(given, tuple) else []
    known = {*export.vocabulary.content_types, name_key(DOCUMENT_SET)}
    strange = [each for each in names if name_key(each) not in known]
    foreign = [each for each in strange if name_key(each) not in ("document", "item")]
    if foreign and part.attributes.get("list type") in (None, "Custom list"):
        export.leave(part.subject, f"content types that the vocabulary does not know: {', '.join(foreign)}")
    return [export.vocabulary.proper_name(each) for each in names if each not in strange]


def _columns(export: Export, part: Part, types: list[str]) -> list[str]:
    """Columns of the vocabulary that the library has beside those of its content types."""
    brought = internal_names(column.name for name in types for column in export.vocabulary.columns_of(name))
    fields = _fields(part) - brought
    return [
        column.name for column in export.vocabulary.columns.values() if identity.internal_name(column.name) in fields
    ]


def _fields(part: Part) -> set[str]:
    given = part.attributes.get("columns")
    return set(given) if isinstance(given, tuple) else set()


def _labels(export: Export, part: Part) -> Entry:
    organisation = export.vocabulary.organisation
    found: Entry = {}
    for name, known in (
        ("retention label", organisation.retention_labels),
        ("sensitivity label", organisation.sensitivity_labels),
    ):
        label = str(part.attributes.get(name) or "")
        proper = next((each for each in known if name_key(each) == name_key(label)), None)
        if proper is not None:
            found[name.replace(" ", "_")] = proper
        elif label:
            export.leave(part.subject, f"the vocabulary has no {name} '{label}'")
    return found


def _views(export: Export, part: Part) -> Iterator[Entry]:
    drawn, plain = drawn_columns(export.vocabulary), plain_columns(export.vocabulary)
    for view in export.of(Kind.VIEW):
        told = view.attributes
        if told["list"] != part.key or (told.get("is default") and name_key(str(told["title"])) in _FIRST_VIEWS):
            continue
        fields = {name: told.get(name) for name in ("sort by", "group by") if told.get(name)}
        unknown = [str(each) for each in fields.values() if str(each) not in plain]
        if unknown:
            export.leave(view.subject, f"columns that the vocabulary does not know: {', '.join(unknown)}")
        formatting = told.get("formatting")
        yield said(
            name=export.text(view.subject, told["title"]) or str(told["title"]),
            columns_shown=export.columns(view.subject, told.get("columns shown"), drawn=drawn),
            filter=_filter(export, view, told.get("filter")),
            sort_by=plain.get(str(fields.get("sort by"))),
            descending=yes(True) if told.get("descending") and fields.get("sort by") else None,
            group_by=plain.get(str(fields.get("group by"))),
            rows=told.get("rows"),
            is_default=yes(True) if told.get("is default") else None,
            formatting=export.text(view.subject, formatting) if not formatting else str(formatting),
        )


def _filter(export: Export, view: Part, text: Value) -> str | None:
    """A filter with the names of its columns."""
    plain = plain_columns(export.vocabulary)
    if not text:
        return None
    try:
        return " and ".join(f"{plain[each.column]} {each.asks} {each.value}".rstrip()
                            for each in conditions(str(text), plain))  # fmt: skip
    except (ValueError, KeyError):
        export.leave(view.subject, f"its filter cannot be said in a template: {text}")
        return None


def _default_values(export: Export, part: Part) -> Entry:
    """The values that a library gives and its columns do not give by themselves."""
    ours = {identity.internal_name(column.name): column for column in export.vocabulary.columns.values()}
    found: Entry = {}
    for each in export.of(Kind.DEFAULT_VALUE):
        column = ours.get(str(each.attributes["column"]))
        if each.attributes["list"] != part.key or column is None:
            continue
        value = export.text(each.subject, each.attributes["value"])
        if value is not None and (column.default is None or default_text(column, column.default) != value):
            found[column.name] = value
    return found


def _permissions(export: Export, part: Part) -> Entry:
    if not part.attributes.get("own permissions"):
        return {}
    titles = {*("Owners", "Members", "Visitors"), *(group.label for group in export.of(Kind.SITE_GROUP))}
    give: Entry = {}
    for right in export.of(Kind.ACCESS_RIGHT):
        if right.attributes["list"] != part.key:
            continue
        who = str(right.attributes["who"])
        somebody = who if who in titles else export.person(right.subject, who)
        level = export.level(right.subject, str(right.attributes["level"]))
        if somebody is not None and level is not None:
            give[somebody] = level
    return said(inherit=yes(False), give=give)
