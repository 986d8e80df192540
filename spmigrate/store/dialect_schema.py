"""The schema of the ledger in PostgreSQL's words: types, keys, and the triggers that keep evidence as it is.

What refers to what (`REFERENCES`) is left out here: the keys are put in place when all migrations have run, because a
migration may rebuild a table that others refer to.
"""

from collections.abc import Iterator

from spmigrate.store.dialect import (
    Tree,
    column_type,
    digested,
    is_long,
    parse,
    render,
    split,
    statement,
    translated,
)  # fmt: skip

_TYPES = frozenset(("INTEGER", "TEXT", "BLOB", "REAL"))
_TABLE_CONSTRAINTS = frozenset(("PRIMARY", "UNIQUE", "CHECK"))

FUNCTIONS = (
    r"""CREATE OR REPLACE FUNCTION ledger_bytes(value text) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $$ SELECT CAST(replace(value, '\', '\\') AS bytea) $$""",
    """CREATE OR REPLACE FUNCTION ledger_bytes(value bytea) RETURNS bytea LANGUAGE sql IMMUTABLE
    AS $$ SELECT value $$""",
    """CREATE OR REPLACE FUNCTION ledger_json_each(list text) RETURNS TABLE(key bigint, value text)
    LANGUAGE sql IMMUTABLE
    AS $$ SELECT n - 1, e #>> '{}' FROM jsonb_array_elements(CAST(list AS jsonb)) WITH ORDINALITY AS each(e, n) $$""",
    r"""CREATE OR REPLACE FUNCTION ledger_json_extract(value text, path text) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT CAST(value AS jsonb) ->> CAST(substring(path from '^\$\[(\d+)\]$') AS integer) $$""",
    """CREATE OR REPLACE FUNCTION instr(whole text, part text) RETURNS integer LANGUAGE sql IMMUTABLE
    AS $$ SELECT strpos(whole, part) $$""",
    r"""CREATE OR REPLACE FUNCTION printf(form text, number bigint) RETURNS text LANGUAGE sql IMMUTABLE
    AS $$ SELECT lpad(CAST(number AS text), CAST(substring(form from '^%0(\d+)d$') AS integer), '0') $$""",
)
"""What SQLite has and PostgreSQL has not, by the same names."""


def statements(sql: str) -> Iterator[str]:
    """The statements of PostgreSQL that do what one statement of a migration does."""
    tree = parse(sql)
    words = [node.upper() if isinstance(node, str) else "" for node in tree]
    if not tree:
        return
    if words[:2] == ["CREATE", "TRIGGER"]:
        yield from _trigger(tree, words)
    elif words[:2] == ["DROP", "TRIGGER"]:
        yield f"DROP FUNCTION {tree[-1]}() CASCADE"
    elif words[:2] == ["DROP", "TABLE"]:
        yield f"{render(tree)} CASCADE"
    elif words[0] == "CREATE" and "TABLE" in words[:3]:
        yield from _table(tree, words)
    elif words[:2] == ["ALTER", "TABLE"] and "ADD" in words:
        yield f"ALTER TABLE {tree[2]} ADD COLUMN {render(_column(tree[5:]))}"
    elif words[0] in ("CREATE", "ALTER"):
        yield render(translated(tree))
    else:
        yield statement(sql).text.replace("%%", "%")


def is_definition(sql: str) -> bool:
    """Whether a statement says what there is, and not what is in it."""
    return sql.lstrip()[:6].upper() in ("CREATE", "ALTER ", "DROP T", "DROP I")


def temporary(sql: str) -> str:
    """A statement about a temporary table, which has neither numbers of its own nor keys that refer to others."""
    tree = parse(sql)
    words = [node.upper() if isinstance(node, str) else "" for node in tree]
    if "INDEX" in words[:2]:
        named = words.index("INDEX") + 1
        del tree[named : named + 2]  # an index lies where its table does
        return render(translated(tree))
    if "AS" in words:
        return statement(sql).text
    return next(_table(tree, words))


def _table(tree: Tree, words: list[str]) -> Iterator[str]:
    place = next(n for n, node in enumerate(tree) if isinstance(node, list))
    name, columns = str(tree[place - 1]), tree[place]
    assert isinstance(columns, list)
    kept, long = [], []
    for part in split(columns):
        if str(part[0]).upper() == "UNIQUE" and isinstance(part[1], list) and is_long(name, part[1]):
            long.append(part[1])
        else:
            kept.append(_part(part, numbered="TEMP" not in words))
    yield f"{render(tree[:place])}({', '.join(map(render, kept))})"
    for key in long:
        yield f"CREATE UNIQUE INDEX {name}_once ON {name} ({render(digested(key))})"
        yield f"CREATE INDEX {name}_{key[-1]} ON {name} USING hash ({key[-1]})"


def _part(part: Tree, *, numbered: bool) -> Tree:
    return translated(part) if str(part[0]).upper() in _TABLE_CONSTRAINTS else _column(part, numbered=numbered)


def _column(part: Tree, *, numbered: bool = True) -> Tree:
    name, rest = part[0], part[1:]
    kind = str(rest[0]).upper() if rest else ""
    if kind in _TYPES:
        rest = rest[1:]
    else:
        kind = "TEXT"  # a number or a text, as the place has it
    out: Tree = [name, column_type(kind)]
    if numbered and kind == "INTEGER" and [str(node).upper() for node in rest[:2]] == ["PRIMARY", "KEY"]:
        out += ["GENERATED", "BY", "DEFAULT", "AS", "IDENTITY"]
    place = 0
    while place < len(rest):
        word = str(rest[place]).upper()
        if word == "REFERENCES":
            place += 2
            continue
        out += ["STORED"] if word == "VIRTUAL" else translated([rest[place]])
        place += 1
    return out


def _trigger(tree: Tree, words: list[str]) -> Iterator[str]:
    """A trigger that refuses, or ignores, as a function and the trigger that calls it."""
    name, when, verb, table = tree[2], words[3], words[4], tree[6]
    begin = words.index("BEGIN")
    condition = render(translated(tree[8:begin])) if words[7] == "WHEN" else "TRUE"
    raised = tree[begin + 3]
    assert isinstance(raised, list)
    if str(raised[0]).upper() == "IGNORE":
        action = "RETURN NULL"
    else:
        action = f"RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE = {raised[2]}"
    going_on = "OLD" if verb == "DELETE" else "NEW"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $trigger$ BEGIN"
        f" IF {condition} THEN {action}; END IF; RETURN {going_on}; END $trigger$"
    )
    yield f"CREATE TRIGGER {name} {when} {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    if verb == "DELETE" and condition == "TRUE":
        yield f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
