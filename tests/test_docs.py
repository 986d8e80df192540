"""Documentation is tested: what the pages say is what the program does."""

import re
import shlex
from pathlib import Path

import pytest

from spmigrate.cli import app
from tests import reference

ROOT = Path(__file__).parent.parent
PAGES = sorted(path for path in ROOT.rglob("*.md") if ".venv" not in path.parts and "build" not in path.parts)


def test_reference_is_what_the_program_says() -> None:
    assert reference.PAGE.read_text("utf-8") == reference.page(), "refresh it with: python -m tests.reference"


@pytest.mark.parametrize(("name", "command"), [(name, command) for name, command, _ in reference.commands()])
def test_every_command_and_option_has_help(name: str, command: object) -> None:
    assert command.help, f"spmigrate {name} has no help"
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert parameter.help, f"spmigrate {name} {parameter.opts[0]} has no help"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_in_pages_exist_with_their_options(page: Path) -> None:
    known = {name: command for name, command, _ in reference.commands()}
    for line in re.findall(r"(?:^|[\s`$])spmigrate ([a-z][^`\n]*)", page.read_text("utf-8")):
        words = shlex.split(line, comments=True, posix=False)
        if words[0] not in app.COMMANDS:
            continue
        name = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
        options = {option for parameter in known[name].params for option in parameter.opts} | {"--help", "-h"}
        for word in words:
            if word.startswith("--"):
                assert word.split("=")[0].strip("[],.;:)") in options, f"{page.name}: spmigrate {line}"
