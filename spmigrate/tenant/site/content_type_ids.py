"""The ids of a site's content types, by which everything else names them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from spmigrate.errors import NotFound
from spmigrate.tenant.contents import name_key

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter


def content_type_ids(site: "SiteWriter") -> dict[str, str]:
    """The ids of the site's content types by the keys of their names."""
    found = site.rest("GET", "web/contenttypes?$select=Name,StringId")["value"]
    return {name_key(each["Name"]): str(each["StringId"]) for each in found}


def content_type_id(ids: Mapping[str, str], name: str) -> str:
    """The id of the content type of this name. Raises NotFound."""
    if name_key(name) not in ids:
        raise NotFound(f"the site has no content type '{name}'")
    return ids[name_key(name)]
