"""The shape of the code: what a reviewer would otherwise have to look for by hand."""

import ast
import configparser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "spmigrate").rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 400, 60


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_says_its_job_and_stays_small(module: Path) -> None:
    text = module.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "say in a docstring what this module is for"
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, f"{node.name} is too long"


def test_every_package_is_listed_for_the_wheel() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    listed = set(setup["options"]["packages"].split())
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in MODULES if path.name == "__init__.py"}
    folders = {f"spmigrate.starter.{name}" for name in ("site_templates", "mappings", "governance_rules")}
    assert listed == found | folders


def test_heavy_libraries_are_imported_where_they_are_used() -> None:
    allowed = {"click", "spmigrate"}
    for module in (ROOT / "spmigrate" / "cli").glob("*.py"):
        for node in ast.parse(module.read_text("utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.split(".")[0]
                assert top in allowed or top in __import__("sys").stdlib_module_names, f"{module.name}: {name}"
                light = ("", ".cli", ".errors", ".model", ".words", ".workplace")
                if top == "spmigrate":
                    below = name.removeprefix("spmigrate")
                    assert below in light or below.startswith(".cli."), f"{module.name}: {name}"
