"""governance_rules/README.md: its tables are the code's, and its examples are real."""

import re

from spmigrate.formats.yaml import Source
from spmigrate.govern import rules
from spmigrate.govern.collection import GRAPH_GROUPS, GRAPH_POLICY, GRAPH_SITES, GRAPH_USERS, SHAREPOINT
from tests import governance_reference

TEXT = governance_reference.PAGE.read_text("utf-8")


def test_the_tables_are_those_of_the_code() -> None:
    assert governance_reference.page() == TEXT, "refresh it with: python -m tests.governance_reference"


def test_the_annotated_rule_is_the_shipped_one() -> None:
    annotated = re.search(r"```yaml\n(  - id: .*?)```", TEXT, re.DOTALL)
    assert annotated
    (rule,) = rules.read(Source(f"version: 1\narea: ownership\nrules:\n{annotated[1]}", "README.md"))
    (shipped,) = [each for each in rules.load(governance_reference.PAGE.parent) if each.id == rule.id]
    same = ("id", "version", "title", "why", "severity", "when", "require", "message", "remedy", "benchmarks")
    assert {name: getattr(rule, name) for name in same} == {name: getattr(shipped, name) for name in same}


def test_every_permission_is_named() -> None:
    for permission in (SHAREPOINT, GRAPH_USERS, GRAPH_GROUPS, GRAPH_SITES, GRAPH_POLICY):
        assert f"`{permission.split()[1]}`" in TEXT
