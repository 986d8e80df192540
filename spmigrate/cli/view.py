"""What people and machines read: results on stdout, notes and errors on stderr, one JSON document on request."""

import json
import sys
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words, workplace
from spmigrate.errors import ExitCode, InputError, SpmigrateError
from spmigrate.workplace import Workplace

if TYPE_CHECKING:
    from spmigrate.config import Settings
    from spmigrate.store.ledger import Ledger

as_json: ContextVar[bool] = ContextVar("as_json", default=False)
"""Whether this command line asks for JSON: errors are then documents too."""

json_option = click.option("--json", "json_", is_flag=True, help="Print one JSON document instead of text.")
"""The option that every command with a result has."""


class InOrder(click.Group):
    """A group whose help lists its commands in the order of work."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands as they were added."""
        return list(self.commands)


@dataclass
class Session:
    """What the root command hands to every command: settings and ledger, opened when they are first needed."""

    config: Path | None = None
    verbose: int = 0

    @cached_property
    def place(self) -> Workplace:
        """The working folder. Raises ConfigError when there is none."""
        return workplace.at(self.config) if self.config else workplace.find(Path.cwd())

    @cached_property
    def settings(self) -> "Settings":
        """The settings of the working folder. Raises ConfigError when there is none, InputError when it is wrong."""
        from spmigrate import config

        return config.load(self.place.file)

    @cached_property
    def ledger(self) -> "Ledger":
        """The ledger of the working folder, opened."""
        from spmigrate.store.ledger import Ledger

        return Ledger(self.shared_ledger or self.place.ledger)

    @cached_property
    def shared_ledger(self) -> str | None:
        """The address of the database that the ledger lies in; None when it is a file. Raises InputError."""
        return self.settings.config.ledger if self.place.names_ledger else None

    @property
    def has_ledger(self) -> bool:
        """Whether anything can have been recorded yet: looking makes no ledger."""
        return self.shared_ledger is not None or self.place.ledger.is_file()

    @property
    def tenant_name(self) -> str:
        """The tenant as reports name it."""
        tenant = self.settings.config.tenant
        return tenant.name or "rehearsal tenant"

    def start_log(self) -> None:
        """Send events where the command line and SPMIGRATE_LOG say; for commands that talk to a tenant."""
        import os

        from spmigrate import log

        file = os.environ.get("SPMIGRATE_LOG")
        log.configure(verbose=self.verbose, file=Path(file) if file else None)


pass_session = click.make_pass_decorator(Session)


def document(value: Any) -> None:
    """Print the one JSON document of a command."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def line(text: str = "") -> None:
    """Print one line of a result."""
    click.echo(_harmless(text))


def note(text: str) -> None:
    """Print one line beside the result: what goes on, what to do next."""
    click.echo(_harmless(text), err=True)


def _harmless(text: str) -> str:
    """A text in which no name of a file can command the terminal, or turn the direction of what stands beside it."""
    return "\n".join(map(words.visible, text.split("\n")))


_WIDEST = 60
"""How many characters of a cell are shown: the whole text is in the JSON document and in the report."""


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows in columns as wide as their content, long texts without their middle; numbers to the right."""
    cells = [[words.shortened(words.visible(str(cell)), _WIDEST) for cell in row] for row in rows]
    widths = [max(len(text) for text in column) for column in zip(headings, *cells, strict=True)]
    right = [bool(cells) and all(row[n].replace(",", "").isdigit() for row in cells) for n in range(len(headings))]
    for row in [list(headings), ["-" * width for width in widths], *cells]:
        padded = [
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(row, widths, right, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())


def confirm(question: str, *, yes: bool) -> None:
    """Ask for the word yes; without a terminal, `--yes` must have been given. Any other answer ends the command."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise SpmigrateError("this changes things and nobody is here to ask", hint="look at the plan, then add --yes")
    answer = click.prompt(f"{question} Type yes to go on", default="no", show_default=False, err=True)
    if answer.strip().lower() != "yes":
        note("not applied: nothing was changed")
        raise click.exceptions.Exit(ExitCode.FAILED)


def error(problem: SpmigrateError) -> None:
    """Print what is wrong, where, and what to type next."""
    problems = problem.problems if isinstance(problem, InputError) else []
    note(f"error: {problem.message}")
    for each in problems:
        note(f"  {each}")
    if problem.hint:
        note(f"hint:  {problem.hint}")
    if as_json.get():
        details = [{"where": each.where, "text": each.text, "hint": each.hint} for each in problems]
        document({"error": {"message": problem.message, "hint": problem.hint, "problems": details}})


def crash(details: str) -> None:
    """Say that the fault is ours, and where the details are."""
    import tempfile  # here: it is never needed but once, and takes its time to load

    try:
        with tempfile.NamedTemporaryFile("w", prefix="spmigrate-", suffix=".txt", delete=False) as file:
            file.write(details)
        hint = f"please report it with the details in {file.name}"
    except OSError as trouble:
        hint = f"please report it; the details could not be kept: {trouble.strerror}"
    error(SpmigrateError(f"a fault in spmigrate itself: {details.strip().splitlines()[-1]}", hint=hint))
