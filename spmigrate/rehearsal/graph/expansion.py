"""`$expand`: what of the related things is asked for, and with which options of its own."""

from __future__ import annotations

from spmigrate.rehearsal.graph.call import GraphError

_BARE = ("select", "expand", "filter", "orderby", "top", "count", "skip")


def read_expand(text: str) -> dict[str, dict[str, str]]:
    """`fields($select=Title,Color;$top=2),columns` as names (lower case) with their options."""
    found: dict[str, dict[str, str]] = {}
    for part in split_outside(text, ","):
        name, bracket, inner = part.strip().partition("(")
        if not name:
            continue
        if bracket and not inner.endswith(")"):
            raise GraphError(400, "BadRequest", "Parsing OData Select and Expand failed: Syntax error.")
        options = dict(_option(each) for each in split_outside(inner[:-1], ";")) if bracket else {}
        found[name.strip().lower()] = options
    return found


def split_outside(text: str, mark: str) -> list[str]:
    """The parts between marks that stand outside brackets and quotes."""
    parts, depth, quoted, start = [], 0, False, 0
    for position, char in enumerate(text):
        if char == "'":
            quoted = not quoted
        elif not quoted:
            depth += (char == "(") - (char == ")")
            if char == mark and depth == 0:
                parts.append(text[start:position])
                start = position + 1
    return [each for each in (*parts, text[start:]) if each.strip()]


def _option(text: str) -> tuple[str, str]:
    name, _, value = text.strip().partition("=")
    lower = name.strip().lower()
    return (f"${lower}" if lower in _BARE else lower), value.strip()
