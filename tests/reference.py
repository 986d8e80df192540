"""The reference of commands and codes, made from the program itself: `python -m tests.reference` writes it.

A test compares the file with what the program says now, so the page cannot go stale.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from spmigrate.cli import app
from spmigrate.cli.explain import EXIT_CODES
from spmigrate.cli.report import explanations
from spmigrate.config import ENVIRONMENT

PAGE = Path(__file__).parent.parent / "spmigrate" / "cli" / "README.md"


def commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command with its full name, in the order of work."""
    root = click.Context(app.app, info_name="spmigrate", terminal_width=100, **app.app.context_settings)
    for name in app.COMMANDS:
        command = app.app.get_command(root, name)
        assert command is not None
        yield from _below(command, name, root)


def page() -> str:
    """The whole reference as Markdown."""
    return "\n".join([*_head(), *_commands(), *_exit_codes(), *_environment(), *_codes()]) + "\n"


def _below(
    command: click.Command, name: str, parent: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    context = click.Context(
        command, info_name=name.split()[-1], parent=parent, max_content_width=100, terminal_width=100
    )
    yield name, command, context
    if isinstance(command, click.Group):
        for verb in command.list_commands(context):
            below = command.get_command(context, verb)
            assert below is not None
            yield from _below(below, f"{name} {verb}", context)


def _head() -> list[str]:
    return [
        "# Reference",
        "",
        "Made from the program by `python -m tests.reference`; do not edit by hand.",
        "",
        "Results go to stdout, notes, progress and events to stderr. Commands that have a result take `--json` and",
        "then print exactly one JSON document on stdout, also for an error:",
        '`{"error": {"message", "hint", "problems"}}`.',
        "",
    ]


def _commands() -> Iterator[str]:
    yield "## Commands"
    for name, command, context in commands():
        yield from ("", f"### spmigrate {name}", "", "```", command.get_help(context), "```")


def _exit_codes() -> Iterator[str]:
    yield from (
        "",
        "## Exit codes",
        "",
        "Where several hold: 1, then 5, 3, 4.",
        "",
        "| code | meaning | what to do |",
        "|---|---|---|",
    )
    for code, (meaning, remedy) in EXIT_CODES.items():
        yield f"| {int(code)} | {meaning} | {remedy} |"


def _environment() -> Iterator[str]:
    yield from ("", "## Environment", "", "| variable | meaning |", "|---|---|")
    for name, meaning in ENVIRONMENT.items():
        yield f"| `{name}` | {meaning} |"


def _codes() -> Iterator[str]:
    yield from ("", "## Finding and outcome codes", "", "| code | meaning | what to do |", "|---|---|---|")
    for code, each in sorted(explanations().items()):
        yield f"| `{code}` | {_cell(each.title)} | {_cell(each.remedy)} |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(json.dumps({"written": PAGE.name}))
