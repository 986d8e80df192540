"""When two values of an attribute mean the same, and what a value becomes that only grows. Pure."""

import json
from collections.abc import Callable, Mapping

from spmigrate.tenant.contents import Kind, Value, arrange, complete
from spmigrate.tenant.link_address import leads_to

_GROWS: Mapping[tuple[Kind, str], Callable[[Value, Value], Value]] = {
    (Kind.REGION, "other languages"): complete,
    (Kind.CONTENT_TYPE, "columns"): complete,
    (Kind.LIBRARY, "content types"): complete,
    (Kind.LIBRARY, "columns"): complete,
    (Kind.LIBRARY, "columns shown"): arrange,
    (Kind.LIST, "content types"): complete,
    (Kind.LIST, "columns"): complete,
    (Kind.LIST, "columns shown"): arrange,
    (Kind.VIEW, "columns shown"): arrange,
}
"""Lists to which owners add: what they added stays."""

_UNORDERED = frozenset({"for", "allows", "who may join", "required columns", "hidden columns", "restrict access to"})
"""Lists whose order means nothing."""


def target(kind: Kind, name: str, there: Value, wanted: Value, *, host: str = "") -> Value:
    """What an attribute becomes: `there` itself when that is already as wanted.

    `host` is the tenant's own, as whose addresses links may be written.
    """
    if kind is Kind.LINK and name == "address":
        return there if leads_to(str(there), str(wanted), host) else wanted
    grown = _GROWS.get((kind, name))
    if grown is not None:
        return grown(there, wanted)
    return there if _same(name, there, wanted) else wanted


def _same(name: str, there: Value, wanted: Value) -> bool:
    if name in _UNORDERED and isinstance(there, tuple) and isinstance(wanted, tuple):
        return {each.casefold() for each in there} == {each.casefold() for each in wanted}
    if name == "formatting" and isinstance(there, str) and isinstance(wanted, str):
        return _meaning(there) == _meaning(wanted)
    return there == wanted and isinstance(there, bool) == isinstance(wanted, bool)


def _meaning(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
