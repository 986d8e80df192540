"""Every route of Graph's tables takes nonsense in its path, its options and its body: an answer or a refusal in Graph's
form, never an exception that nobody meant."""

import inspect
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import pytest

from spmigrate.rehearsal import graph
from spmigrate.rehearsal.graph import (
    beta,
    directory,
    drive_routes,
    policies,
    search,
    site_following,
    site_table,
    term_store,
)
from spmigrate.rehearsal.http import Body, Claims, Request, Response
from spmigrate.rehearsal.identity import ensure_identity
from spmigrate.rehearsal.permissions import API_ROLES
from spmigrate.rehearsal.seeding import Seeder
from spmigrate.rehearsal.tenant import Tenant, open_tenant
from tests.unit.rehearsal.builders import drive_of, make_library
from tests.unit.rehearsal.nonsense import all_well, wrong_with

_SITE = "sites/contoso.sharepoint.com:/sites/team:"
_NOBODY = "00000000-0000-0000-0000-00000000dead"
_PARTS = ["x", "0", "1", "-1", "9" * 30, "\u00b2", "'", "%00", "..", "a b", _NOBODY, "root", "me", "A" * 3000]
_VALUES: list[Any] = [None, "", "http://[", "x", "\u00b2", -1, 3, 10**30, 1.5, 1e300, True, [], {}, [None], ["x"],
                      [{"x": 1}], {"x": {}}, "A" * 5000, _NOBODY, "2026-99-99", "https://x", "a@b"]  # fmt: skip
_OPTIONS = [
    "$top=x",
    "$top=%C2%B2",
    "$top=99999999999999999999",
    "$filter=x",
    "$filter=id eq",
    "$filter=id eq 'x' and (",
    f"$filter={'(' * 3000}",
    "$filter=displayName eq null",
    "$filter=startswith(id,1)",
    "$select=nope",
    "$select=,",
    "$expand=nope",
    "$expand=members($select=",
    "$orderby=nope desc",
    "$orderby=displayName x",
    "$skiptoken=x",
    "$skiptoken=99999999999999999999",
    "$search=x",
    '$search="displayName:',
    "$count=x",
    "$skip=-1",
    "$format=xml",
    "%24top=1&$top=2",
    "token=x",
    "$deltatoken=x",
    "$skip=99999999999999999999",
    "$filter=id in ('a',",
    "$filter=a/any(b:b/c eq 1)",
    "$filter=createdDateTime gt 9999-99-99T00:00:00Z",
]
_NAMES = re.compile(r'(?:get|pop)\(\s*"([@A-Za-z_.]+)"|\["([A-Za-z.@]+)"\]|"([a-z][A-Za-z]+)"')
_STATUSES = (200, 201, 202, 204, 302, 304, 400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 416, 422, 423, 501, 503)


@dataclass(frozen=True)
class Line:
    """A route of a table, as a method and a path with places for values."""

    method: str
    path: str
    answer: Callable[..., Any]
    version: str = "v1.0"


@pytest.fixture(scope="module")
def tenant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenant]:
    folder = tmp_path_factory.mktemp("routes")
    opened = open_tenant(folder)
    Seeder(opened, ensure_identity(folder, opened.names)).ensure("demo")
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def lines(tenant: Tenant) -> list[Line]:
    drive = drive_of(tenant, make_library(tenant, path="/sites/fuzz")).id
    tables = (*directory.ROUTES, *policies.ROUTES, *search.ROUTES, *site_following.ROUTES, *beta.ROUTES)
    found = [Line(each.method, _places(each.pattern), each.answer, "beta" if each.beta else "v1.0") for each in tables]
    found += [Line(each.method, f"{_SITE}/{_places(each.pattern)}", each.answer) for each in site_table.ROUTES]
    found += [
        Line(method, f"{_SITE}/termStore/{_places(pattern)}".rstrip("/"), answer)
        for method, pattern, answer in term_store._ROUTES
    ]
    for (method, name), (answer, _) in drive_routes._OF_ITEMS.items():
        found += [
            Line(method, f"drives/{drive}/{start}/{name}".rstrip("/"), answer)
            for start in ("root", "items/{item}", "root:/{name}:")
        ]
    found += [
        Line(method, f"drives/{drive}/{name}", answer)
        for (method, name), (answer, _) in drive_routes._OF_DRIVES.items()
    ]
    return found


def _places(pattern: re.Pattern[str] | str) -> str:
    """A path from a route's pattern: `groups/{id}/owners`; of alternatives the first, what may be left out is."""
    text, path, at = str(getattr(pattern, "pattern", pattern)), "", 0
    while at < len(text):
        if text[at] != "(":
            at += text[at] == "\\"
            path += text[at]
            at += 1
            continue
        end = _closing(text, at)
        head = re.match(r"\(\?(?:P<(\w+)>|:)", text[at:])
        assert head
        inner = text[at + head.end() : end]
        at = end + 1
        if text[at : at + 1] in ("?", "*"):
            at += 1
        elif head[1] and inner.startswith(("[^", ".")):
            path += f"{{{head[1]}}}"
        else:
            path += _places(inner.partition("|")[0] if "(" not in inner else inner)
    return path


def _closing(text: str, start: int) -> int:
    depth, at = 0, start
    while True:
        if text[at] == "\\":
            at += 1
        elif text[at] in "()":
            depth += 1 if text[at] == "(" else -1
            if depth == 0:
                return at
        at += 1


def _claims() -> Claims:
    return Claims("app", "App", "", "", roles=frozenset(API_ROLES["graph"]), by_certificate=True)


def _send(tenant: Tenant, method: str, address: str, content: bytes = b"") -> Response:
    path, _, query = address.partition("?")
    headers = {"content-type": "application/json", "consistencylevel": "eventual"}
    body = Body(len(content), content)
    return graph.handle(Request(method, "graph.microsoft.com", f"/{path}", query, headers, body, _claims()), tenant)


def _try(tenant: Tenant, method: str, address: str, body: object = None) -> str | None:
    """What is wrong with the answer, None when nothing is; what the request did is taken back."""
    content = b"" if body is None else json.dumps(body).encode()
    said = f"{method} {address[:160]} {content[:150]!r}"
    return wrong_with(tenant, lambda: _send(tenant, method, address, content), _wrong, said)


def _wrong(answer: Response) -> str:
    if answer.status not in _STATUSES:
        return f"status {answer.status}"
    if answer.body and "json" in answer.headers.get("content-type", ""):
        said = json.loads(answer.body)
        if answer.status >= 400 and not {"code", "message"} <= said["error"].keys():
            return f"{answer.status} without a code"
    return ""


def _fill(tenant: Tenant, line: Line, chance: random.Random, real: dict[str, list[str]]) -> str:
    """An address of a route; where there is something, it is named nearly always."""
    pieces = re.split(r"\{(\w+)\}", line.path)
    path = pieces[0]
    for text in pieces[2::2]:
        known = real.setdefault(path, _ids(tenant, f"{line.version}/{path.rstrip('/')}"))
        value = chance.choice(known) if known and chance.random() < 0.85 else chance.choice(_PARTS)
        path += quote(value, safe="%:$!,") + text
    return f"{line.version}/{path}"


def _ids(tenant: Tenant, address: str) -> list[str]:
    answer = _send(tenant, "GET", address)
    if answer.status != 200 or "json" not in answer.headers.get("content-type", ""):
        return []
    found = json.loads(answer.body).get("value")
    return (
        [str(each["id"]) for each in found if isinstance(each, dict) and "id" in each]
        if isinstance(found, list)
        else []
    )


@cache
def _names(answer: Callable[..., Any]) -> tuple[str, ...]:
    """Names that a route's code speaks of: its body may have them."""
    code = inspect.unwrap(getattr(answer, "func", answer))
    module = inspect.getmodule(code)
    found = _NAMES.findall(inspect.getsource(module)) if module else []
    return tuple(sorted({name for each in found for name in each if name} | {"displayName", "@odata.id", "id"}))


def test_the_tables_are_whole(lines: list[Line]) -> None:
    assert len(lines) > 400
    assert {"v1.0", "beta"} == {each.version for each in lines}
    assert not [each.path for each in lines if set(each.path) & set("[]?|\\")]


def test_every_route_takes_nonsense_in_its_path_and_options(tenant: Tenant, lines: list[Line]) -> None:
    chance, real = random.Random(7), dict[str, list[str]]()
    all_well(
        _try(tenant, line.method, f"{_fill(tenant, line, chance, real)}?{quote(option, safe='=$%&()')}", {})
        for line in lines
        for option in (chance.sample(_OPTIONS, 8) if line.method == "GET" else [""])
    )


def test_every_route_takes_nonsense_in_its_body(tenant: Tenant, lines: list[Line]) -> None:
    chance, real = random.Random(11), dict[str, list[str]]()

    def bodies(line: Line) -> Iterator[object]:
        yield from ([], "x", 1, None)
        for _ in range(4):
            names = chance.sample(_names(line.answer), min(len(_names(line.answer)), 12))
            inner = {name: chance.choice(_VALUES) for name in names}
            yield {name: chance.choice([value, inner, [inner]]) if chance.random() < 0.3 else value
                   for name, value in inner.items()}  # fmt: skip
            yield {chance.choice(names): chance.choice([*_VALUES, inner, [inner]]), "displayName": "Fuzzed"}

    all_well(
        _try(tenant, line.method, _fill(tenant, line, chance, real), body)
        for line in lines
        if line.method in ("POST", "PATCH", "PUT")
        for body in bodies(line)
    )


def test_batches_take_nonsense(tenant: Tenant) -> None:
    chance = random.Random(13)

    def requests() -> Iterator[object]:
        good = {"id": "1", "method": "GET", "url": "/sites/root"}
        yield from ({}, {"requests": None}, {"requests": {}}, {"requests": [None]}, {"requests": [[]]}, [good])
        yield {"requests": [good, good]}
        yield {"requests": [good] * 21}
        yield {"requests": [{**good, "dependsOn": ["1"]}]}
        yield {"requests": [{**good, "url": "/$batch", "method": "POST", "body": {"requests": [good]}}]}
        for _ in range(400):
            names = ("id", "method", "url", "headers", "body", "dependsOn")
            yield {"requests": [{**good, **{name: chance.choice(_VALUES) for name in chance.sample(names, 2)}}]}

    all_well(_try(tenant, "POST", "v1.0/$batch", body) for body in requests())
