"""Changing one value in a YAML file that people wrote, and nothing else: comments and layout stay as they are."""

import json

import yaml

from spmigrate.errors import InputError, Problem
from spmigrate.formats.yaml import Source


def set_text(text: str, name: str, place: tuple[str, ...], *, value: str) -> str:
    """The document with `value` at `place`, keys from the outermost; missing ones are added behind what is there.

    `name` is the file's, for messages. Raises InputError when the text is not readable YAML, or something else than a
    mapping stands on the way.
    """
    Source(text, name)  # every reason to refuse the file, at its place
    lead = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix("\ufeff")
    node: yaml.Node | None = yaml.compose(body, Loader=yaml.SafeLoader)
    if node is None:
        return lead + body + _block(place, value, column=0, newline=_newline(body))
    return lead + _set(body, name, node, place, value)


def written(value: str) -> str:
    """A text as YAML writes it in one line: plain where that reads back as the same text, else in quotes."""
    plain = (
        bool(value) and value == value.strip() and not set(value) & set(",[]{}\n\r\t\"'`&*!|>%@#:?") and value[0] != "-"
    )
    if plain:
        read = Source(f"- {value}\n", "value").value
        if read == [value]:
            return value
    return json.dumps(value, ensure_ascii=False)


def _set(text: str, name: str, node: yaml.Node, place: tuple[str, ...], value: str) -> str:
    if not place:
        start, end = node.start_mark.index, end_of(text, node)
        space = " " if start == end else ""  # nothing was written behind the colon
        return text[:start] + space + written(value) + text[end:]
    if not isinstance(node, yaml.MappingNode):
        where = f"{name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
        raise InputError(f"{name} cannot be changed", [Problem(where, f"'{place[0]}' has no place here")])
    for key, below in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value == place[0]:
            return _set(text, name, below, place[1:], value)
    return _added(text, node, place, value)


def _added(text: str, node: yaml.MappingNode, place: tuple[str, ...], value: str) -> str:
    if node.flow_style:
        closing = node.end_mark.index - 1
        before = text[:closing].rstrip()
        comma = ", " if node.value else ""
        return before + comma + _flow(place, value) + text[closing:]
    column = node.value[0][0].start_mark.column
    newline = _newline(text)
    end = end_of(text, node.value[-1][1])
    stop = text.find("\n", end)
    head, rest = (text, "") if stop < 0 else (text[: stop + 1], text[stop + 1 :])
    head = head if head.endswith("\n") else head + newline
    return head + _block(place, value, column=column, newline=newline) + rest


def end_of(text: str, node: yaml.Node) -> int:
    """Where a node ends, without the white space and comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(text, last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _block(place: tuple[str, ...], value: str, *, column: int, newline: str) -> str:
    lines = [f"{' ' * (column + 2 * depth)}{key}:" for depth, key in enumerate(place)]
    return newline.join(lines) + f" {written(value)}{newline}"


def _flow(place: tuple[str, ...], value: str) -> str:
    text = written(value)
    for key in reversed(place[1:]):
        text = f"{{{key}: {text}}}"
    return f"{place[0]}: {text}"


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
