"""The value that a new document of one library or list comes with in a column.

Kept with the list's own copy of the column. The older way, a file of values by folder, is stored and no longer applied
on libraries that are made today.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from spmigrate.tenant.contents import COLUMN_TYPES, Attributes, Kind, Part, inside, word_for
from spmigrate.tenant.site import column_xml, lists
from spmigrate.tenant.site.list_paths import list_path
from spmigrate.tenant.site.question import Answers

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter

QUESTIONS = (lists.LISTS, lists.FIELDS)


def parts(answers: Answers) -> Iterator[Part]:
    """The default of every column of every list that has one."""
    columns = answers.get("list columns", {})
    for key, each in lists.ours(answers):
        for field in columns.get(str(each["Id"]).lower(), {"value": []})["value"]:
            if field["DefaultValue"]:
                name = str(field["InternalName"])
                kind = word_for(COLUMN_TYPES, field["TypeAsString"])
                value = column_xml.worded_default(kind, field["DefaultValue"])
                found = {"list": key, "column": name, "value": value}
                yield Part(Kind.DEFAULT_VALUE, inside(key, name), f"{name} in {each['Title']}", found)


def put(site: "SiteWriter", key: str, after: Attributes) -> None:
    """Set the default of a list's column. Raises TenantError."""
    _write(site, key, str(after["value"]))


def remove(site: "SiteWriter", key: str) -> None:
    """Let new documents come without a value. Raises TenantError."""
    _write(site, key, "")


def _write(site: "SiteWriter", key: str, value: str) -> None:
    address, _, column = key.rpartition("/")
    path = f"{list_path(site, address)}/fields/getbyinternalnameortitle('{quote(column)}')"
    kind = word_for(COLUMN_TYPES, site.rest("GET", f"{path}?$select=TypeAsString")["TypeAsString"])
    raw = column_xml.raw_default(kind, value)
    site.typed("MERGE", path, {"__metadata": {"type": "SP.Field"}, "DefaultValue": raw})
