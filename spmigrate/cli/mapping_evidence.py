"""`mapping verify` and `mapping evidence`: the chain of sign-offs, checked here and carried elsewhere."""

import re
from pathlib import Path

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.errors import ExitCode, SpmigrateError, UsageProblem


@click.command()
@click.argument("sheet", metavar="[SHEET]", required=False)
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), required=True, help="The .zip file to write.")
@view.json_option
@view.pass_session
def evidence(session: view.Session, sheet: str | None, out: Path, json_: bool) -> None:
    """Write what was agreed, by whom and on what, into one file that anybody can check without this ledger.

    It holds every entry of the chain up to its head, the rows as they were signed, the statements, the policy and
    register entries that they rest on, and the workbooks as they were signed. Of other sheets than SHEET it holds
    digests alone.
    """
    from spmigrate.formats import sealed_zip
    from spmigrate.mapping import evidence as packs
    from spmigrate.mapping import position, signed_workbook
    from spmigrate.store import signoffs

    if sheet is not None:
        position.record(session.ledger, sheet, sheet)
    if out.suffix.lower() != ".zip":
        raise UsageProblem(f"--out {out} is no name for a pack", hint=f"--out {out.with_suffix('.zip')}")
    if out.exists():
        raise UsageProblem(f"{out} exists already", hint="choose another name with --out")
    with session.ledger.transaction():
        if signoffs.is_empty(session.ledger, sheet):
            raise SpmigrateError(
                f"nothing was signed{f' on {sheet}' if sheet else ''} yet, so there is no evidence to write",
                hint="see whose turn it is with: spmigrate mapping status",
            )
        files = packs.pack(session.ledger, sheet, workbooks=session.place.mappings / signed_workbook.FOLDER)
        head = packs.head(list(signoffs.signoffs(session.ledger)))
    out.write_bytes(sealed_zip.packed(files))
    if json_:
        view.document({"file": str(out), "sheet": sheet, "head": head, "files": sorted(files),
                       "absent_workbooks": packs.absent(files)})  # fmt: skip
        return
    view.line(f"{out}: head {head}")
    _tell_absent(packs.absent(files))
    view.note(f"next, on any machine: spmigrate mapping verify {out.name} --expect {head}")
    view.note(packs.HONEST)


@click.command()
@click.argument("pack", metavar="[EVIDENCE.zip]", required=False, type=click.Path(path_type=Path))
@click.option("--head", metavar="FILE", type=click.Path(path_type=Path), help="Write the last digest into this file.")
@click.option("--expect", metavar="HEAD", help="A last digest that was kept elsewhere, or the file that holds it.")
@view.json_option
@view.pass_session
def verify(session: view.Session, pack: Path | None, head: Path | None, expect: str | None, json_: bool) -> ExitCode:
    """Recompute the chain of sign-offs, offline: of the ledger, or of an evidence pack on any machine.

    With --expect, a digest that was kept elsewhere must be in the chain: then nothing before it was altered since.

    Exit codes: 0 the chain holds; 3 an entry was altered, added or removed; 4 nothing was signed yet.
    """
    from spmigrate.mapping import evidence as packs

    wanted = expected(expect)
    count, last, troubles = _of_pack(pack, wanted) if pack else _of_ledger(session, wanted)
    if head is not None:
        head.write_text(f"{last or ''}\n")
    if json_:
        found = [{"signoff": number, "text": text} for number, text in troubles]
        view.document({"entries": count, "head": last, "breaks": found})
        return _verdict(count, troubles)
    for number, text in troubles:
        view.line(f"sign-off {number} {text}" if number else text)
    if not count and not troubles:
        view.line("The chain has no entries: nothing was signed, so there is nothing to verify")
        return _verdict(count, troubles)
    verdict = "does NOT hold" if troubles else "holds"
    view.line(f"The chain of {words.plural(count, 'entry', 'entries')} {verdict}; last digest: {last or 'none'}")
    view.note(packs.HONEST)
    return _verdict(count, troubles)


_Trouble = tuple[int | None, str]
_Looked = tuple[int, str | None, list[_Trouble]]
"""How many entries there are, the last digest, and what does not hold."""


def _verdict(count: int, troubles: list[_Trouble]) -> ExitCode:
    """An empty chain shows nothing: that is not the same as one that holds."""
    if troubles:
        return ExitCode.FINDINGS
    return ExitCode.DONE if count else ExitCode.PENDING


def _of_ledger(session: view.Session, expect: str | None) -> _Looked:
    from spmigrate.mapping import evidence as packs
    from spmigrate.store import signoffs

    chain = list(signoffs.signoffs(session.ledger))
    troubles: list[_Trouble] = [(each.signoff_id, each.text) for each in signoffs.breaks(chain)]
    troubles += [(None, text) for text in packs.unexpected((each.entry for each in chain), expect)]
    return len(chain), packs.head(chain) if chain else None, troubles


def _of_pack(path: Path, expect: str | None) -> _Looked:
    from spmigrate.errors import InputError
    from spmigrate.formats import sealed_zip
    from spmigrate.mapping import evidence as packs

    if not path.is_file():
        raise InputError(f"{path}: no such file", [], hint="name the pack that mapping evidence wrote")
    try:
        files = sealed_zip.unpacked(path)
    except InputError as error:
        return 0, None, [(None, f"{path.name} {each.text}") for each in error.problems]
    troubles: list[_Trouble] = [(None, text) for text in packs.troubles(files, expect=expect)]
    return (0, None, troubles) if troubles else (*packs.extent(files), troubles)


def _tell_absent(digests: list[str]) -> None:
    for each in digests:
        view.line(f"the workbook {each[:12]}… as it was signed is not in mappings/collected any more, nor in this file")


def expected(text: str | None) -> str | None:
    """The digest that was kept, given itself or in a file. Raises UsageProblem when it is none."""
    if text is None:
        return None
    file = Path(text)
    found = (file.read_text() if file.is_file() else text).strip().lower()
    if not re.fullmatch("[0-9a-f]{64}", found):
        raise UsageProblem(f"'{text}' is no digest of 64 digits 0 to 9 and a to f", hint="give it as verify shows it")
    return found
