"""`where-is`: where a folder or a file is now, for the service desk; its word index; a page for the desk."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from spmigrate.report.where_is import Answer, Desk
    from spmigrate.report.where_is_search import Search

_ROLES = ("service-desk", "information-governance")


class _Asked(view.InOrder):
    """A group whose first word may be what is looked for: `where-is G:/Placements` is `where-is find G:/Placements`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `find` in front of anything that is no command of the group and no request for help."""
        if args and args[0] not in self.commands and not set(args) & {"-h", "--help"}:
            args = ["find", *args]
        return super().parse_args(ctx, args)


@click.group("where-is", cls=_Asked, subcommand_metavar="OLD-PATH | COMMAND [ARGS]...")
def where_is() -> None:
    """Say where a folder or a file of the old drives is now.

    `where-is OLD-PATH` is short for `where-is find OLD-PATH`.
    """


@where_is.command()
@click.argument("old_path", nargs=-1, required=True, metavar="OLD-PATH...")
@click.option(
    "--role", type=click.Choice(_ROLES), default=_ROLES[0], show_default=True,
    help="Who asks: the service desk sees codes for names of files that may say something about people.",
)  # fmt: skip
@view.json_option
@view.pass_session
def find(session: view.Session, old_path: tuple[str, ...], role: str, json_: bool) -> ExitCode:
    """Answer from the ledger where OLD-PATH is now, since when, and whose it is.

    OLD-PATH is a drive letter's path, a UNC path, a file:// or smb:// address, names with > between, or a part of a
    name. What drive letters stand for is in spmigrate.yaml.

    Exit codes: 0 found, 3 not found, 5 not found, and something could not be looked at.
    """
    from spmigrate.cli import where_is_desk
    from spmigrate.report import where_is as desk_words
    from spmigrate.report import where_is_search

    text = " ".join(old_path).strip()
    if not text.strip("\"' "):
        raise UsageProblem("nothing to look for", hint="spmigrate where-is 'G:\\Placements\\Panel minutes'")
    if not session.has_ledger:
        raise UsageProblem("there is no ledger here yet", hint="scan a share first: spmigrate scan run FOLDER")
    index = where_is_desk.index(session)
    desk = where_is_desk.desk(session, index)
    found = where_is_search.search(session.ledger, index, text, desk)
    answers = [desk_words.tell(place, desk, desk_words.Role(role)) for place in found.places]
    if json_:
        view.document(_document(found, answers, desk, role))
    else:
        _show(found, answers, desk)
    if answers:
        return ExitCode.DONE
    return ExitCode.INCOMPLETE if found.gaps else ExitCode.FINDINGS


@where_is.command("index")
@view.pass_session
def index_(session: view.Session) -> None:
    """Enter the names of all folders and files into where-is.db, so that parts of names are found.

    It goes on where it ended before. Run it after a scan; no scan waits for it.
    """
    from spmigrate.cli import where_is_desk
    from spmigrate.store.where_is_index import FILE, WordIndex

    ledger = session.ledger  # made, or brought up to date
    index = WordIndex(session.place.folder / FILE, write=True)
    shared = session.shared_ledger is not None
    entered = index.fill_from(ledger, told=_tell_step) if shared else index.fill(session.place.ledger, told=_tell_step)
    where_is_desk.desk(session, index)
    told = f"{words.plural(entered['folder'], 'folder')} and {words.plural(entered['item'], 'file')} entered"
    view.line(f"{told} into {FILE} ({words.size(index.size())}).")


def _tell_step(kind: str, to: int, last: int) -> None:
    view.note(f"{'folders' if kind == 'folder' else 'files'}: {to:,} of {last:,}")


@where_is.command()
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder for the pages.")
@click.option("--depth", default=3, show_default=True, help="How many folders deep; rows of sheets are always there.")
@view.pass_session
def publish(session: view.Session, out: Path, depth: int) -> ExitCode:
    """Write pages for a desk that has no ledger: every folder, where it is now, and whose it is.

    No file is named, and no folder inside one that may say something about people. The pages need no script: search
    them with the browser.

    Exit codes: 0 written, 5 written, and some source was not scanned wholly.
    """
    from datetime import UTC, datetime

    from spmigrate.cli import where_is_desk
    from spmigrate.report import where_is_pages

    desk = where_is_desk.desk(session, where_is_desk.index(session))
    pages = where_is_pages.collect(session.ledger, desk, depth=depth)
    written = where_is_pages.write(pages, out, desk, made=datetime.now(UTC))
    view.line(f"{words.plural(pages.count, 'folder')} on {words.plural(written, 'page')}: {out / 'index.html'}")
    if pages.hidden:
        view.note(f"{words.plural(pages.hidden, 'folder')} inside sensitive ones left out")
    for gap in pages.gaps:
        view.note(gap)
    return ExitCode.INCOMPLETE if pages.gaps else ExitCode.DONE


def _document(found: "Search", answers: "list[Answer]", desk: "Desk", role: str) -> dict[str, Any]:
    return {
        "asked": found.asked, "role": role, "marking": desk.marking, "found": bool(answers), "exact": found.exact,
        "answers": [answer.as_json() for answer in answers], "more": found.more, "gaps": list(found.gaps),
        "incident": desk.incident, "contact": desk.contact,
    }  # fmt: skip


def _show(found: "Search", answers: "list[Answer]", desk: "Desk") -> None:
    from spmigrate.report import where_is as desk_words

    view.line(desk.marking)
    if not answers:
        view.line(f"Nothing of that name was found: {found.asked}")
        view.line(f"Ask the caller for another word of its name, or ask the {desk.contact}.")
    elif len(answers) == 1:
        _show_one(answers[0])
    else:
        view.line("Found in several places. Ask which one it is:")
        for number, answer in enumerate(answers, 1):
            view.line(f"  {number:>2}. {desk_words.short(answer)}")
        if found.more:
            view.line("  There are more: ask for another word of its name.")
    if answers and not found.exact and found.anchored:
        view.line("It was not at the place that was asked for; this is what has its name.")
    for gap in found.gaps:
        view.line(f"Note: {gap}")
    view.line(f"If the caller can see something they shouldn't: {desk.incident}")


def _show_one(answer: "Answer") -> None:
    view.line(answer.sentence)
    for each in answer.more:
        view.line(f"  {each}")
    facts = [
        ("Was", answer.was), ("Now", answer.now), ("Address", answer.address), ("Since", answer.since),
        ("Wave", answer.wave), ("Owner", answer.owner),
    ]  # fmt: skip
    for name, value in facts:
        if value:
            view.line(f"  {name:<8} {value}")
