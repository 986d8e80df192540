"""The hidden lists that a site collection has beside its libraries.

They are rows only from the moment at which somebody looks through a site's lists, so that thousands of new sites stay
small.
"""

from __future__ import annotations

from spmigrate.rehearsal.change_log import forget
from spmigrate.rehearsal.http import SHAREPOINT_APP_LOGIN
from spmigrate.rehearsal.sharepoint.builtin import LIST_TEMPLATES
from spmigrate.rehearsal.sharepoint.scope import Scope
from spmigrate.rehearsal.storage import Entity

# By the number of their list template: title and address.
CATALOGS = {
    113: ("Web Part Gallery", "_catalogs/wp"), 114: ("List Template Gallery", "_catalogs/lt"),
    116: ("Master Page Gallery", "_catalogs/masterpage"), 121: ("Solution Gallery", "_catalogs/solutions"),
    123: ("Theme Gallery", "_catalogs/theme"), 124: ("Composed Looks", "_catalogs/design"),
    125: ("appdata", "_catalogs/appdata"),
}  # fmt: skip
# Title, address, template.
_OTHERS = (
    ("appfiles", "_catalogs/appfiles", 101),
    ("Maintenance Log Library", "_catalogs/MaintenanceLogs", 175),
    ("TaxonomyHiddenList", "Lists/TaxonomyHiddenList", 100),
)
# The one that is made last.
_LAST = _OTHERS[-1][1]


def whole_lists(scope: Scope) -> list[Entity]:
    """Every list of the web, the hidden ones too."""
    _ensure(scope)
    return scope.store.children(scope.web.id, "list")


def find_titled(scope: Scope, title: str) -> Entity | None:
    """A list of the web by title (case does not count)."""
    return _titled(scope, title) or (_titled(scope, title) if _ensure(scope) else None)


def find_catalog(scope: Scope, address: str) -> Entity | None:
    """A hidden list by its address below the web."""
    found = scope.store.find("list", scope.web.id, address)
    return found or (scope.store.find("list", scope.web.id, address) if _ensure(scope) else None)


def _titled(scope: Scope, title: str) -> Entity | None:
    for row in scope.store.children(scope.web.id, "list"):
        if str(row.props.get("Title", "")).casefold() == title.casefold():
            return row
    return None


def _ensure(scope: Scope) -> bool:
    """Make what is missing, once; true when something was made."""
    web = scope.store.by_id(scope.web.id) or scope.web
    below_another = web.name != "/" + scope.site.name.partition("/")[2]
    if scope.admin or below_another or scope.store.find("list", web.id, _LAST) is not None:
        return False
    wanted = [(title, address, number) for number, (title, address) in CATALOGS.items()]
    for title, address, number in (*wanted, *_OTHERS):
        if scope.store.find("list", web.id, address) is None:
            _add(scope, web, title, address, number)
    return True


def _add(scope: Scope, web: Entity, title: str, address: str, number: int) -> None:
    props = {
        "Title": title, "BaseTemplate": number, "BaseType": LIST_TEMPLATES[number].base, "EnableVersioning": False,
        "Hidden": True, "NoCrawl": True, "AllowDeletion": False, "IsCatalog": number in CATALOGS,
        "_By": SHAREPOINT_APP_LOGIN,
    }  # fmt: skip
    row = scope.store.insert("list", address, at=web.created, parent=web.id, props=props)
    forget(scope.store, row.id)
    scope.content.create_root(row.id, name=address.rpartition("/")[2], by=SHAREPOINT_APP_LOGIN)
