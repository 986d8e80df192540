"""Who belongs to what: members and owners, groups in groups, and questions about memberships."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from spmigrate.rehearsal.directory import object_id
from spmigrate.rehearsal.graph.call import Call
from spmigrate.rehearsal.graph.directory_types import DIRECTORY_OBJECT
from spmigrate.rehearsal.graph.objects import bad, missing, show_object, type_name
from spmigrate.rehearsal.graph.querying import answer_count, answer_list, answer_references, answer_values
from spmigrate.rehearsal.graph.routes import Route, route
from spmigrate.rehearsal.http import Response
from spmigrate.rehearsal.storage import Entity

Related = Callable[[Call], Sequence[Entity]]
_REFERENCE = re.compile(r"/?([^/()']+)(?:\('([^']+)'\))?/?$")
# Source: Microsoft, directoryObject: checkMemberGroups takes at most twenty ids.
_ASKED_LIMIT = 20


def relation(path: str, permissions: tuple[str, ...], find: Related, *, own: tuple[str, ...] = ()) -> list[Route]:
    """Routes of a list of objects: the list, its count, the references, and one type (`/microsoft.graph.user`)."""

    def found(call: Call) -> list[dict[str, object]]:
        wanted = call.parts.get("cast", "").lower()
        return [show_object(call, each) for each in find(call) if not wanted or type_name(each).lower() == wanted]

    def answer(call: Call) -> Response:
        return answer_list(call, found(call), context="directoryObjects", of=DIRECTORY_OBJECT)

    def count(call: Call) -> Response:
        return answer_count(call, found(call), of=DIRECTORY_OBJECT)

    def references(call: Call) -> Response:
        return answer_references([object_id(each) for each in find(call)])

    cast = "microsoft.graph.{cast}"
    return [
        route(f"GET {path}", permissions, answer, own=own),
        route(f"GET {path}/$count", permissions, count, own=own),
        route(f"GET {path}/$ref", permissions, references, own=own),
        route(f"GET {path}/{cast}", permissions, answer, own=own),
        route(f"GET {path}/{cast}/$count", permissions, count, own=own),
    ]


def membership_questions(
    path: str, permissions: tuple[str, ...], find: Callable[[Call], Entity], *, own: tuple[str, ...] = ()
) -> list[Route]:
    """Routes of the questions about an object's memberships, which count groups in groups."""
    kinds = {
        "getMemberGroups": ("group",),
        "checkMemberGroups": ("group",),
        "getMemberObjects": ("group", "directoryrole", "unit"),
        "checkMemberObjects": ("group", "directoryrole", "unit"),
    }

    def answer(name: str) -> Callable[[Call], Response]:
        def ask(call: Call) -> Response:
            held = call.tenant.directory.holders_deep(object_id(find(call)), *kinds[name])
            return answer_values("Collection(Edm.String)", _asked(call, name, held))

        return ask

    return [route(f"POST {path}/{name}", permissions, answer(name), own=own, standing="anyone") for name in kinds]


def _asked(call: Call, name: str, held: Sequence[Entity]) -> list[str]:
    body = call.body()
    if name.startswith("get"):
        only = body.get("securityEnabledOnly", False)
        if not isinstance(only, bool):
            raise bad("Invalid value specified for parameter 'securityEnabledOnly'.")
        return [each.guid for each in held if not only or each.props.get("securityEnabled", True)]
    key = "groupIds" if name == "checkMemberGroups" else "ids"
    wanted = body.get(key)
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, str) for each in wanted):
        raise bad(f"The parameter '{key}' is required and can't be empty.")
    if len(wanted) > _ASKED_LIMIT:
        raise bad(f"The number of values in '{key}' exceeds the maximum of {_ASKED_LIMIT}.")
    known = {each.guid for each in held}
    return [each for each in wanted if each.lower() in known]


def read_reference(text: object) -> str:
    """The object that an address names: `…/users/x`, `…/directoryObjects('x')`."""
    found = _REFERENCE.search(str(text)) if isinstance(text, str) and text else None
    if found is None:
        raise bad("Invalid URL specified for the '@odata.id' property.", "Request_BadRequest")
    return found[2] or found[1]


def find_reference(call: Call, text: object) -> Entity:
    """The object that an address names; a 404 when there is none."""
    identity = read_reference(text)
    found = call.tenant.directory.find(identity) or call.tenant.directory.user(identity)
    if found is None:
        raise missing(identity)
    return found


def body_reference(call: Call) -> Entity:
    """The object that the body's `@odata.id` names."""
    text = next((value for name, value in call.body().items() if name.lower() == "@odata.id"), None)
    if text is None:
        raise bad("The property '@odata.id' is required.")
    return find_reference(call, text)
