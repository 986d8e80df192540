"""governance_rules/README.md: its tables are the code's, and its examples are real."""

import re
import shutil
from pathlib import Path

from spmigrate.govern import rules
from spmigrate.govern.collection import GRAPH_GROUPS, GRAPH_POLICY, GRAPH_SITES, GRAPH_USERS, SHAREPOINT
from spmigrate.govern.examples import try_examples
from tests import governance_reference

TEXT = governance_reference.PAGE.read_text("utf-8")


def test_the_tables_are_those_of_the_code() -> None:
    assert governance_reference.page() == TEXT, "refresh it with: python -m tests.governance_reference"


def test_the_rule_of_ones_own_works_when_copied(tmp_path: Path) -> None:
    """As an officer does: the whole example, saved where the text says, beside the shipped rules."""
    copied = re.search(r"```yaml\n(version: 1 .*?)```", TEXT, re.DOTALL)
    saved = re.search(r"Save this as `governance_rules/(rules/\w+\.yaml)`", TEXT)
    assert copied
    assert saved
    shipped = shutil.copytree(governance_reference.PAGE.parent, tmp_path / "governance_rules")
    before = rules.load(shipped)
    (shipped / saved[1]).write_text(copied[1], "utf-8")
    loaded = rules.load(shipped)
    added = [rule for rule in loaded if rule not in before]
    assert [(rule.area, len(rule.examples)) for rule in added] == [(rules.Area.OWN, 3)]
    assert all(trial.good for trial in try_examples(loaded))


def test_every_permission_is_named() -> None:
    for permission in (SHAREPOINT, GRAPH_USERS, GRAPH_GROUPS, GRAPH_SITES, GRAPH_POLICY):
        assert f"`{permission.split()[1]}`" in TEXT
