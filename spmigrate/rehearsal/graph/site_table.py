"""Everything below `sites/{id}` that is answered."""

from __future__ import annotations

from spmigrate.rehearsal.graph import (
    columns,
    content_types,
    list_item_query,
    list_items,
    lists,
    pages,
    site_activity,
    site_permissions,
    site_search,
)
from spmigrate.rehearsal.graph.site_routes import SiteRoute, site_route
from spmigrate.rehearsal.sharepoint.access import Level

_ITEM = "lists/{list}/items/{item}"
ROUTES: tuple[SiteRoute, ...] = (
    *lists.ROUTES,
    *columns.ROUTES,
    *content_types.ROUTES,
    site_route("GET lists/{list}/items", Level.READ, list_item_query.list_items),
    site_route("POST lists/{list}/items", Level.WRITE, list_items.create),
    site_route(
        "GET lists/{list}/items/{call:(?:microsoft\\.graph\\.)?delta}{inline:(?:\\(\\))?}",
        Level.READ,
        list_item_query.delta,
    ),
    site_route(
        "GET lists/{list}/items/{call:(?:microsoft\\.graph\\.)?delta}(token='{token:[^']*}')",
        Level.READ,
        list_item_query.delta,
    ),
    site_route(f"GET {_ITEM}", Level.READ, list_items.get_one),
    site_route(f"PATCH {_ITEM}", Level.WRITE, list_items.change),
    site_route(f"DELETE {_ITEM}", Level.WRITE, list_items.delete),
    site_route(f"GET {_ITEM}/fields", Level.READ, list_items.get_fields),
    site_route(f"PATCH {_ITEM}/fields", Level.WRITE, list_items.change_fields),
    site_route(f"GET {_ITEM}/versions", Level.READ, list_items.list_versions),
    site_route(f"GET {_ITEM}/versions/{{version}}", Level.READ, list_items.get_version),
    site_route(f"GET {_ITEM}/versions/{{version}}/fields", Level.READ, list_items.get_version_fields),
    site_route(f"POST {_ITEM}/versions/{{version}}/restoreVersion", Level.WRITE, list_items.restore_version),
    site_route("GET sites", Level.READ, site_search.answer_subsites),
    *site_permissions.ROUTES,
    *site_activity.ROUTES,
    *pages.ROUTES,
)
