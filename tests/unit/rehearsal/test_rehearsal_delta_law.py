"""A law: whatever is done to a drive, listing folders, delta from the start and delta in steps show one tree."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import drive_of, make_library, read, request

NAMES = st.sampled_from(["a", "B", "c.txt", "d#1%.txt", "É.txt"])
PICK = st.integers(0, 20)
STEP = st.one_of(
    st.tuples(st.just("file"), PICK, NAMES),
    st.tuples(st.just("folder"), PICK, NAMES),
    st.tuples(st.just("move"), PICK, PICK, NAMES),
    st.tuples(st.just("delete"), PICK),
    st.tuples(st.just("look")),
)
BASE = "https://graph.microsoft.com/v1.0/"


class Explorer:
    """A client of one drive; refused steps (a name that is taken, a folder into itself) are part of the game."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.drive = f"drives/{drive_of(tenant, make_library(tenant)).id}"
        self.seen: dict[str, dict[str, Any]] = {}
        self.link = f"{self.drive}/root/delta?$top=2"

    def call(self, method: str, path: str, content: object = None) -> Any:
        response = graph.handle(request(method, path, content), self._tenant)
        assert response.status in (200, 201, 204, 400, 409), response.body
        return read(response) if response.status == 200 else None

    def take(self, step: tuple[Any, ...]) -> None:
        items = sorted(self.walk().items(), key=lambda pair: pair[1])
        folders = ["root", *(key for key, (_, folder) in items if folder)]
        keys = [key for key, _ in items]
        if step[0] == "look":
            self.link = self.follow(self.link, self.seen)
        elif step[0] in ("file", "folder"):
            parent = folders[step[1] % len(folders)]
            if step[0] == "file":
                self.call("PUT", f"{self.drive}/items/{parent}:/{quote(step[2])}:/content", step[2].encode())
            else:
                self.call("POST", f"{self.drive}/items/{parent}/children", {"name": step[2], "folder": {}})
        elif keys and step[0] == "delete":
            self.call("DELETE", f"{self.drive}/items/{keys[step[1] % len(keys)]}")
        elif keys:
            to = folders[step[2] % len(folders)]
            body = {"name": step[3], "parentReference": {"id": to}}
            self.call("PATCH", f"{self.drive}/items/{keys[step[1] % len(keys)]}", body)

    def walk(self, folder: str = "root", above: str = "") -> dict[str, tuple[str, bool]]:
        found: dict[str, tuple[str, bool]] = {}
        for each in self.call("GET", f"{self.drive}/items/{folder}/children")["value"]:
            path = f"{above}/{each['name']}"
            found[each["id"]] = (path, "folder" in each)
            if "folder" in each:
                found |= self.walk(each["id"], path)
        return found

    def follow(self, link: str, into: dict[str, dict[str, Any]]) -> str:
        while True:
            page = self.call("GET", link)
            for each in page["value"]:
                if "deleted" in each:
                    into.pop(each["id"], None)
                else:
                    into[each["id"]] = each
            if "@odata.deltaLink" in page:
                return str(page["@odata.deltaLink"]).removeprefix(BASE)
            link = str(page["@odata.nextLink"]).removeprefix(BASE)


def tree(items: dict[str, dict[str, Any]]) -> dict[str, tuple[str, bool]]:
    def path(item: dict[str, Any]) -> str:
        return "" if "root" in item else f"{path(items[item['parentReference']['id']])}/{item['name']}"

    return {key: (path(item), "folder" in item) for key, item in items.items() if "root" not in item}


@settings(max_examples=40, deadline=None)
@given(st.lists(STEP, max_size=15))
def test_delta_and_listing_show_one_tree(steps: list[tuple[Any, ...]]) -> None:
    with TemporaryDirectory() as folder:
        tenant = open_tenant(Path(folder))
        explorer = Explorer(tenant)
        for step in steps:
            explorer.take(step)
        explorer.follow(explorer.link, explorer.seen)
        anew: dict[str, dict[str, Any]] = {}
        explorer.follow(f"{explorer.drive}/root/delta", anew)
        listed = explorer.walk()
        tenant.store.close()
    assert tree(explorer.seen) == listed
    assert tree(anew) == listed
