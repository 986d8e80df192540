"""How a site's REST names a library or list by its address."""

from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from spmigrate.tenant.site.writing import SiteWriter


def list_path(site: "SiteWriter", address: str) -> str:
    """The path, below `/_api/`, of the library or list at an address below the site's."""
    whole = f"{site.address}/{address}".replace("'", "''")
    return f"web/GetList('{quote(whole)}')"
