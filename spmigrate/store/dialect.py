"""Our SQL, which is SQLite's, in the words of PostgreSQL: one text serves both homes of the ledger.

It knows the SQL that is written in this package and no more. What has no equal there is refused by a test that runs
the same questions on both: `INSERT OR REPLACE`, bare columns beside aggregates, numbers that stand for truth.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

Tree = list["Tree | str"]

_TOKEN = re.compile(
    r"(?P<space>\s+|--[^\n]*)|(?P<blob>[xX]'[0-9a-fA-F]*')|(?P<text>'(?:[^']|'')*')|(?P<name>\"(?:[^\"]|\"\")*\")"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)|(?P<number>\d+(?:\.\d+)?)|(?P<parameter>\?\d*|:[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign><>|<=|>=|!=|==|\|\||<<|>>|[^\s])"
)
_AFTER_SOURCE = (
    "WHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "UNION", "JOIN", "LEFT", "INNER", "CROSS", "ON", "USING",
    "RETURNING",
)  # fmt: skip
_PLAIN_AFTER_IS = ("NULL", "TRUE", "FALSE", "DISTINCT", "UNKNOWN")
_CHANGES = {"INSERT", "UPDATE", "DELETE"}
_TRUTH = {"=", "<>", "<", ">", "<=", ">=", "!=", "IS", "IN", "NOT", "AND", "OR", "EXISTS", "LIKE"}
_TYPES = {"INTEGER": "BIGINT", "REAL": "DOUBLE PRECISION", "BLOB": "BYTEA", "TEXT": 'TEXT COLLATE "C"'}
_FUNCTIONS = {"json_each": "ledger_json_each", "json_extract": "ledger_json_extract"}
_LONG = {("folder", ("source_id", ",", "raw"))}
"""Where a unique key may be longer than an index entry of PostgreSQL (2,704 bytes): its digest is unique instead."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as PostgreSQL takes it, with the placeholders of psycopg.

    `first` is the same with no more than one row asked for; `reads` says that it changes nothing; `numbered` that its
    parameters are `p1`, `p2`; `lists` that it takes JSON apart.
    """

    text: str
    first: str
    reads: bool
    numbered: bool
    lists: bool


@lru_cache(maxsize=2000)
def statement(sql: str) -> Statement:
    """One statement of this package, translated."""
    tree = parse(sql)
    words = [node.upper() for node in tree if isinstance(node, str)]
    reads = words[0] in ("SELECT", "WITH", "VALUES") and not _CHANGES & set(words)
    text = render(translated(tree), placeholders=True)
    return Statement(
        text=text,
        first=f"{text} LIMIT 1" if reads and "LIMIT" not in words else text,
        reads=reads,
        numbered=re.search(r"\?\d", sql) is not None,
        lists="json_each" in sql,
    )


def parse(sql: str) -> Tree:
    """The words of a statement; what stands in brackets is a list of its own."""
    whole: Tree = []
    levels = [whole]
    for found in _TOKEN.finditer(sql):
        word = found[0]
        if found.lastgroup == "space" or word == ";":
            continue
        if word == "(":
            inner: Tree = []
            levels[-1].append(inner)
            levels.append(inner)
        elif word == ")":
            levels.pop()
        else:
            levels[-1].append(word)
    return whole


def render(tree: Tree, *, placeholders: bool = False) -> str:
    """The text of a statement again; with `placeholders`, for a statement that is run with parameters."""
    return " ".join(_render(tree, placeholders))


def _render(tree: Tree, placeholders: bool) -> Iterator[str]:
    for node in tree:
        if isinstance(node, list):
            yield f"({render(node, placeholders=placeholders)})"
        elif placeholders:
            yield _with_placeholder(node)
        else:
            yield node


def _with_placeholder(word: str) -> str:
    if word == "?":
        return "%s"
    if word[0] == "?":
        return f"%(p{word[1:]})s"
    if word[0] == ":" and len(word) > 1:
        return f"%({word[1:]})s"
    return word.replace("%", "%%")


def translated(tree: Tree) -> Tree:
    """A statement, or an expression, in PostgreSQL's words."""
    tree = _ignoring(tree)
    found = _rewritten(tree)
    for step in (_named_sources, _joined, _by_digest):
        found = step(found)
    return found


def _rewritten(tree: Tree) -> Tree:
    out: Tree = []
    place = 0
    while place < len(tree):
        node = tree[place]
        following = tree[place + 1] if place + 1 < len(tree) else None
        if isinstance(node, list):
            out.append(translated(node))
        elif isinstance(following, list) and (call := _call(node, following)) is not None:
            out += call
            place += 1
        elif node.upper() == "IS":
            place += _compare(tree, place, out)
        else:
            out.append(_word(node, following))
        place += 1
    return out


def _word(word: str, following: object) -> str:
    if word[0] in "xX" and word[1:2] == "'":
        return f"'\\x{word[2:-1]}'::bytea"
    if word == "temp" and following == ".":
        return "pg_temp"
    return word


def _compare(tree: Tree, place: int, out: Tree) -> int:
    """Write what IS means there; returns how many more words it took."""
    rest = [node.upper() if isinstance(node, str) else "" for node in tree[place + 1 : place + 3]]
    negated = rest[:1] == ["NOT"]
    if (rest[negated:] or [""])[0] in _PLAIN_AFTER_IS:
        out.append("IS")
        return 0
    out += ["IS", "DISTINCT", "FROM"] if negated else ["IS", "NOT", "DISTINCT", "FROM"]
    return int(negated)


def _call(name: str, arguments: Tree) -> Tree | None:
    """A call of a function that has another name or form; None for all others."""
    lowered = name.lower()
    if lowered == "cast":
        return _cast(arguments)
    if lowered in ("max", "min") and "," in arguments:
        return ["greatest" if lowered == "max" else "least", translated(arguments)]
    if lowered == "iif":
        condition, yes, no = split(arguments)
        return ["CASE", "WHEN", *translated(condition), "THEN", *translated(yes), "ELSE", *translated(no), "END"]
    if lowered == "sum" and is_truth(arguments):
        return ["sum", ["CAST", [translated(arguments), "AS", "INTEGER"]]]
    if lowered == "total":
        return ["coalesce", ["sum", translated(arguments), ",", "0"]]
    if lowered in _FUNCTIONS:
        return [_FUNCTIONS[lowered], translated(arguments)]
    return None


def is_truth(tree: Tree) -> bool:
    """Whether an expression is true or false, which SQLite counts as one and nothing."""
    words = {node.upper() for node in tree if isinstance(node, str)}
    return bool(words & _TRUTH) and "CASE" not in words


def _cast(arguments: Tree) -> Tree:
    value, kind = translated(arguments[:-2]), str(arguments[-1]).upper()
    if kind == "BLOB":
        return ["ledger_bytes", value]
    if kind == "TEXT":
        return ["CAST", [*value, "AS", "TEXT"], "COLLATE", '"C"']
    return ["CAST", [*value, "AS", column_type(kind)]]


def column_type(kind: str) -> str:
    """The type of a column, or of a cast."""
    return _TYPES.get(kind, kind)


def split(tree: Tree) -> list[Tree]:
    """What stands between the commas of a list."""
    parts: list[Tree] = [[]]
    for node in tree:
        if node == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def _named_sources(tree: Tree) -> Tree:
    """A query in the place of a table needs a name."""
    out: Tree = []
    for place, node in enumerate(tree):
        out.append(node)
        before = tree[place - 1] if place else ""
        if isinstance(node, list) and isinstance(before, str) and before.upper() in ("FROM", "JOIN"):
            following = tree[place + 1] if place + 1 < len(tree) else ""
            if isinstance(following, str) and (not following or following.upper() in _AFTER_SOURCE):
                out += ["AS", f"unnamed_{place}"]
    return out


def _joined(tree: Tree) -> Tree:
    """`CROSS JOIN … ON` tells SQLite in which order to look; PostgreSQL finds that out by itself."""
    words = [node.upper() if isinstance(node, str) else "" for node in tree]
    out: Tree = []
    for place, node in enumerate(tree):
        if words[place] == "CROSS" and "ON" in _until_next(words, place + 2):
            continue
        out.append(node)
    return out


def _until_next(words: Sequence[str], start: int) -> Sequence[str]:
    for place in range(start, len(words)):
        if words[place] in ("JOIN", "LEFT", "WHERE", "GROUP", "ORDER"):
            return words[start:place]
    return words[start:]


def _ignoring(tree: Tree) -> Tree:
    if [str(node).upper() for node in tree[:3]] == ["INSERT", "OR", "IGNORE"]:
        return ["INSERT", *tree[3:], "ON", "CONFLICT", "DO", "NOTHING"]
    return tree


def _by_digest(tree: Tree) -> Tree:
    """A conflict over a long key is one over its digest."""
    out = list(tree)
    for place in range(2, len(tree)):
        key = tree[place]
        before = [str(node).upper() for node in tree[place - 2 : place]]
        if isinstance(key, list) and before == ["ON", "CONFLICT"] and is_long(str(tree[2]), key):
            out[place] = digested(key)
    return out


def is_long(table: str, key: Tree) -> bool:
    """Whether the values of a unique key may be too long for an index."""
    return (table, tuple(map(str, key))) in _LONG


def digested(key: Tree) -> Tree:
    """A unique key by the digest of its last column."""
    return [*key[:-1], "sha256", [key[-1]]]
