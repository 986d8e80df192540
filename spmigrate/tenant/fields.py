"""Columns of a file that only SharePoint's form of an item takes: dates without a second version, people, values."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

from spmigrate.errors import Refused
from spmigrate.tenant import files
from spmigrate.tenant.session import Tenant
from spmigrate.tenant.transfer import Spot, Times, moment

_NOTHING: Mapping[str, str] = MappingProxyType({})
_SECOND = 1_000_000_000


def write(tenant: Tenant, spot: Spot, times: Times, *, more: Mapping[str, str] = _NOTHING) -> None:
    """Give a file its dates and `more` columns, by internal name, without making a version of it.

    Raises Refused, which names every column that the service does not take; it has taken none of them then.
    """
    site = tenant.settings.sharepoint + spot.library.site
    values = {**more, "Created": _shown(tenant, site, times.created_ns)}
    values["Modified"] = _shown(tenant, site, times.modified_ns)
    parts = (spot.library.site, spot.library.name, spot.folder, spot.name)
    path = quote("/".join(part for part in parts if part).replace("'", "''"), safe="/")
    answer = tenant.rest(
        "POST",
        f"{site}/_api/web/GetFileByServerRelativePath(decodedurl='{path}')/ListItemAllFields/ValidateUpdateListItem()",
        {
            "formValues": [{"FieldName": name, "FieldValue": value} for name, value in values.items()],
            "bNewDocumentUpdate": True,
        },
        repeatable=True,
    )
    # The service answers 200 even when it refuses a field, and one refusal cancels all of them.
    wrong = [each for each in answer["value"] if each.get("HasException")]
    if wrong:
        told = "; ".join(f"{each['FieldName']}: {str(each.get('ErrorMessage') or 'refused').strip()}" for each in wrong)
        raise Refused(f"the service refuses columns of the file: {told}")


def write_dates(tenant: Tenant, spot: Spot, times: Times, *, item_id: str) -> None:
    """Give a file its dates without making a version of it, but for the hour that clocks show twice.

    What a clock shows does not tell which of the two it is, and only Graph, which makes a version, is told otherwise.
    """
    site = tenant.settings.sharepoint + spot.library.site
    seconds = {each // _SECOND for each in (times.created_ns, times.modified_ns)}
    if any(tenant.wall_clock.is_shown_twice(site, each) for each in seconds):
        created, modified = moment(times.created_ns), moment(times.modified_ns)
        files.set_times(tenant, spot.library, item_id, created=created, modified=modified)
    else:
        write(tenant, spot, times)


def person(login: str) -> str:
    """A person of the tenant, by user principal name, as a column of people takes it."""
    return json.dumps([{"Key": f"i:0#.f|membership|{login}"}])


def _shown(tenant: Tenant, site: str, nanoseconds: int) -> str:
    moment(nanoseconds)  # raises Refused for what is no date
    return tenant.wall_clock.shown(site, nanoseconds // _SECOND).strftime("%Y-%m-%d %H:%M:%S")
