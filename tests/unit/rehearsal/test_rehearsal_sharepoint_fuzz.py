"""Every member of every kind of thing in SharePoint, found by walking from the root, takes nonsense without a crash:
an answer or a refusal in SharePoint's form, never an exception that nobody meant."""

import inspect
import json
import random
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

import pytest

from spmigrate.rehearsal import sharepoint
from spmigrate.rehearsal.http import Body, Claims, Request, Response
from spmigrate.rehearsal.identity import ensure_identity
from spmigrate.rehearsal.odata.errors import ODataError
from spmigrate.rehearsal.odata.paths import parse_path
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.sharepoint.model import Collection, Member, Node, Resource, Result
from spmigrate.rehearsal.sharepoint.root import Root
from spmigrate.rehearsal.sharepoint.scope import open_scope
from spmigrate.rehearsal.sharepoint.walker import Operation, perform
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.nonsense import all_well, wrong_with

_JSON = "application/json;odata=verbose"
_ADMIN = "contoso-admin.sharepoint.com"
_SITE = "contoso.sharepoint.com"
_DEPTH = 6
_NOBODY = "00000000-0000-0000-0000-00000000dead"
_ARGUMENTS = ["", "('x')", "(-1)", "(99999999999999999999)", "(null)", "(true)", f"(guid'{_NOBODY}')", "(@a)",
              "(a='x',b=2)", "('%00%C2%B2')", "('/sites/team/Shared%20Documents')", "('../../x')"]  # fmt: skip
_VALUES: list[Any] = [None, "", "http://[", "x", "\u00b2", -1, 3, 10**30, 1.5, True, [], {}, [None], ["x"], [{"x": 1}],
                      {"x": {}}, {"results": [None]}, "A" * 5000, _NOBODY, "<View/>", "{}", "[1]"]  # fmt: skip
_MEANT = range(200, 500)
# Names that calls take their arguments by, as the code that answers them spells them.
_NAMES = re.compile(
    r'(?:get|pop|value|text|texts|number|numbers|flag|record|records)\(\s*"([A-Za-z_.]+)"|\["([A-Za-z]+)"\]'
)


@dataclass(frozen=True)
class Found:
    """A kind of thing, with one address where one of them is."""

    host: str
    web: str
    path: str
    node: Node


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    folder = tmp_path_factory.mktemp("fuzz")
    opened = open_tenant(folder)
    Seeder(opened, ensure_identity(folder, opened.names)).ensure("demo")
    _prepare(opened)
    yield opened
    opened.store.close()


def _claims() -> Claims:
    rights = frozenset({"Sites.FullControl.All", "User.ReadWrite.All", "TermStore.ReadWrite.All"})
    return Claims("app", "App", "", "", roles=rights, by_certificate=True)


def _send(tenant: Tenant, host: str, path: str, method: str = "GET", body: object = None) -> Response:
    content = b"" if body is None else json.dumps(body).encode()
    tunnel = {"x-http-method": method, "if-match": "*"} if method in ("MERGE", "DELETE") else {}
    headers = {"accept": _JSON, "content-type": _JSON, **tunnel}
    real = "POST" if tunnel else method
    address, _, query = path.partition("?")
    sent = Request(real, host, address, query, headers, Body(len(content), content), _claims())
    return sharepoint.handle(sent, tenant)


def _prepare(tenant: Tenant) -> None:
    """Something of every kind, so that the walk meets it."""
    library = "/sites/team/_api/web/GetFolderByServerRelativePath(DecodedUrl='/sites/team/Shared%20Documents')"
    assert _send(tenant, _SITE, f"{library}/Files/Add(url='a.txt',overwrite=true)", "POST", {}).status < 300
    assert _send(tenant, _SITE, f"{library}/Folders/Add('Folder')", "POST", {}).status < 300
    made = _send(tenant, _SITE, "/sites/team/_api/web/lists", "POST", {"BaseTemplate": 100, "Title": "Fuzz"})
    assert made.status == 201
    item = _send(tenant, _SITE, "/sites/team/_api/web/lists/GetByTitle('Fuzz')/items", "POST", {"Title": "One"})
    assert item.status == 201


_DEEP = (
    "GetFileByServerRelativePath(DecodedUrl='/sites/team/Shared Documents/a.txt')",
    "GetFolderByServerRelativePath(DecodedUrl='/sites/team/Shared Documents/Folder')",
    "Lists/GetByTitle('Fuzz')", "Lists/GetByTitle('Fuzz')/Items(1)", "Lists/GetByTitle('Documents')/Items(1)",
)  # fmt: skip


@pytest.fixture(scope="module")
def kinds(tenant: Tenant) -> list[Found]:
    """One of each kind of thing, by the members that lead to it."""
    found: dict[type, Found] = {}
    waiting = deque([(_SITE, "/sites/team", ""), (_ADMIN, "", "")])
    waiting.extend((_SITE, "/sites/team", f"Web/{each}") for each in _DEEP)
    while waiting:
        host, web, path = waiting.popleft()
        node = _node(tenant, host, web, path)
        if node is None or (type(node) in found and path):
            continue
        found.setdefault(type(node), Found(host, web, path, node))
        if isinstance(node, Collection):
            waiting.extend((host, web, each.path) for each in node.all()[:1] if isinstance(each, Resource))
        if path.count("/") < _DEPTH:
            below = [each.name for each in type(node).members.values() if each.kind == "link"]
            waiting.extend((host, web, f"{path}/{name}".strip("/")) for name in below)
    return list(found.values())


def _node(tenant: Tenant, host: str, web: str, path: str) -> Node | None:
    scope = open_scope(tenant, _claims(), host, web or "/")
    node: object = Root(scope)
    if path:
        try:
            with tenant.store.transaction():
                node = perform(Root(scope), Operation("GET", parse_path(path, {}), {})).value
        except ODataError:
            return None
    node = node.value if isinstance(node, Result) else node
    return node if isinstance(node, Node) else None


def _try(tenant: Tenant, found: Found, step: str, method: str, body: object = None) -> str | None:
    """What is wrong with the answer, None when nothing is; what the request did is taken back."""
    slash = "/" if found.path and step and not step.startswith("?") else ""
    address = f"{found.web}/_api/{found.path}{slash}{step}".replace(" ", "%20")
    said = f"{method} {address} {str(body)[:150]}"
    return wrong_with(tenant, lambda: _send(tenant, found.host, address, method, body), _wrong, said)


def _wrong(answer: Response) -> str:
    """What is wrong with an answer's form."""
    if answer.status < 400:
        if answer.body and "json" in answer.headers.get("content-type", ""):
            json.loads(answer.body)
        return ""
    said = json.loads(answer.body) if answer.body[:1] == b"{" else {}
    # SharePoint itself refuses some things with a 500; each of ours is such a refusal, with its code.
    if answer.status not in _MEANT and answer.status not in (500, 501, 503, 507):
        return f"status {answer.status}"
    return "" if said.get("error", {}).get("code") else f"{answer.status} without a code"


def test_the_walk_meets_the_surface(kinds: list[Found]) -> None:
    names = {type(each.node).__name__ for each in kinds}
    assert {"Web", "Site", "Lists", "TenantAdmin", "File", "Folder", "Fields"} <= names
    assert len(names) > 80


def test_every_member_takes_nonsense_in_its_path(tenant: Tenant, kinds: list[Found]) -> None:
    all_well(
        _try(tenant, found, member.name + arguments, "GET")
        for found in kinds
        for member in type(found.node).members.values()
        for arguments in _ARGUMENTS
    )


def test_every_call_takes_nonsense_in_its_body(tenant: Tenant, kinds: list[Found]) -> None:
    all_well(
        _try(tenant, found, member.name, "POST", body)
        for found in kinds
        for member in type(found.node).members.values()
        if member.kind != "link"
        for body in _bodies(member)
    )


def _bodies(member: Member) -> Iterator[object]:
    """Bodies with the names that the call may read, each with some nonsense; plain and inside one another."""
    own, others = _argument_names(member.run)
    chance = random.Random(member.name)
    yield {}
    for _ in range(8):
        names = [*own, *chance.sample(others, min(len(others), 6))]
        inner = {name: chance.choice(_VALUES) for name in names}
        wrapped = chance.choice([inner, {"results": [inner]}, [inner], inner, json.dumps(inner)])
        within = {name: wrapped if chance.random() < 0.3 else value for name, value in inner.items()}
        yield {name: chance.choice([within, value, wrapped]) for name, value in inner.items()}
        yield {**inner, "parameters": within, "request": within, "query": within}


@cache
def _argument_names(run: Any) -> tuple[list[str], list[str]]:
    """The names that a call itself reads, and the others of its module: what it calls may read them."""
    own = _names_in(inspect.getsource(run))
    return sorted(own), sorted(_names_in(inspect.getsource(inspect.getmodule(run) or run)) - own)


def _names_in(source: str) -> set[str]:
    return {first or second for first, second in _NAMES.findall(source)}


def test_every_property_takes_nonsense_for_a_value(tenant: Tenant, kinds: list[Found]) -> None:
    all_well(
        _try(tenant, found, "", "MERGE", {declared.name: value})
        for found in kinds
        if isinstance(found.node, Resource)
        for declared in found.node.table().values()
        for value in (_VALUES if declared.writable else _VALUES[2:3])
    )


def test_every_collection_takes_nonsense_for_a_new_member(tenant: Tenant, kinds: list[Found]) -> None:
    def bodies(node: Collection) -> Iterator[object]:
        names = ["Title", "LoginName", "Url", "parameters", *chain(*_argument_names(type(node).create))]
        named = dict.fromkeys(("Title", "Name", "Url"), "Fuzzed")
        for value in _VALUES:
            yield {declared.name: value for declared in node.element.declared.values()}
            yield dict.fromkeys(names, value)
        for number, name in enumerate((*names, *(each.name for each in node.element.declared.values()))):
            yield {**named, name: _VALUES[number % len(_VALUES)]}
            yield {"parameters": {**named, name: _VALUES[(number + 3) % len(_VALUES)]}}

    all_well(
        _try(tenant, found, "", "POST", body)
        for found in kinds
        if isinstance(found.node, Collection)
        for body in bodies(found.node)
    )


def test_queries_of_every_collection_take_nonsense(tenant: Tenant, kinds: list[Found]) -> None:
    options = ["$filter=x", "$filter=Id eq", "$top=-1", "$top=x", "$top=%C2%B2", "$orderby=Nope", "$select=Nope/Nope",
               "$expand=Nope", "$skiptoken=Paged=TRUE&p_ID=x", "$skiptoken=Paged=TRUE%26p_Skip=x%26p_ID=x",
               "$skiptoken=Paged%3dTRUE%26p_Skip%3d99999999999999999999%26p_ID%3d99999999999999999999",
               "$filter=substringof('a',Title) and (Id gt 1", "$skip=99999999999999999999", f"$filter={'(' * 3000}",
               f"$filter={'not ' * 3000}true", "$filter=Id eq 99999999999999999999", "$filter=Id gt 'x'",
               "$filter=startswith(Id,1)", "$orderby=Id asc,Id desc,", "$filter=Title eq null"]  # fmt: skip
    all_well(
        _try(tenant, found, "?" + option, "GET")
        for found in kinds
        if isinstance(found.node, Collection)
        for option in options
    )
