"""JSON as SharePoint's reader takes it: strings may stand in single quotes too."""

from __future__ import annotations

import re
from typing import Any

from spmigrate.rehearsal.http import read_json

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'((?:[^\'\\]|\\.)*)\'', re.DOTALL)
_ESCAPE = re.compile(r'\\.|"', re.DOTALL)


def load_json(content: bytes) -> Any:
    """The value of a body; a ValueError when it is neither JSON nor JSON with single quotes."""
    try:
        return read_json(content)
    except ValueError:
        if b"'" not in content:
            raise
    return read_json(_STRING.sub(_in_double_quotes, content.decode()).encode())


def _in_double_quotes(found: re.Match[str]) -> str:
    inner = found.group(1)
    return found.group() if inner is None else f'"{_ESCAPE.sub(_escaped, inner)}"'


def _escaped(found: re.Match[str]) -> str:
    text = found.group()
    return {'"': '\\"', "\\'": "'"}.get(text, text)
