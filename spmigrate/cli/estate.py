"""`spmigrate estate`: a sample file share for rehearsal."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.errors import ExitCode, UsageProblem

if TYPE_CHECKING:
    from spmigrate.scan.estate import Estate

_FILES = 2000
_UNITS = {"": 1, "B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "KIB": 1024, "MIB": 1024**2, "GIB": 1024**3}


def _bytes(_ctx: click.Context, _option: click.Parameter, text: str) -> int:
    """A size as people write it (`24KB`, `1.5 MB`, `64KiB`) in bytes."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", text.strip())
    if found is None or found[2].upper() not in _UNITS or not float(found[1]):
        raise click.BadParameter(f"'{text}' is not a size; write it as 24KB or 1.5MB")
    return max(1, int(float(found[1]) * _UNITS[found[2].upper()]))


@click.group(cls=view.InOrder)
def estate() -> None:
    """Make a sample file share, for rehearsal."""


@estate.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--files", type=int, help="How many files each share has; exactly so many are made.  [default: 2000]")
@click.option(
    "--scale", type=click.FloatRange(0, 1, min_open=True), help="Part of the estate's files: 0.001 for 25,000."
)
@click.option("--share", "shares", multiple=True, metavar="NAME", help="A share of the profile; may be repeated.")
@click.option("--profile", type=click.Path(path_type=Path), help="What the shares are like; by default as shipped.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same estate.")
@click.option("--mean-size", callback=_bytes, default="24KB", show_default=True, help="Average size of a file.")
@view.json_option
def generate(
    folder: Path,
    files: int | None,
    scale: float | None,
    shares: tuple[str, ...],
    profile: Path | None,
    seed: int,
    mean_size: int,
    json_: bool,
) -> ExitCode:
    """Make shares in DIR, which must be empty or new: 'Highways', those named, or with --scale a whole estate.

    They have the types, sizes, ages, depths and duplicates of a council's shared drives, protected and linked
    documents, and every awkward name that SharePoint refuses or that people should know of. What a plain folder cannot
    hold, such as owners of Windows, is named at the end and not pretended.
    """
    from spmigrate.scan import estate as estates
    from spmigrate.scan import estate_profile

    if scale is not None and files is not None:
        raise UsageProblem("--files and --scale both say how many files", hint="leave out one of them")
    known = estate_profile.read(profile)
    if scale is not None:
        made = estates.generate_shares(
            folder, scale=scale, seed=seed, mean_size=mean_size, profile=known, shares=shares
        )
    else:
        chosen = shares or (known.shares[0].name,)
        made = estates.generate_alike(
            folder,
            files=_FILES if files is None else files,
            seed=seed,
            mean_size=mean_size,
            profile=known,
            shares=chosen,
        )
    return _show(made, json_=json_)


def _show(made: "Iterable[Estate]", *, json_: bool) -> ExitCode:
    shares = []
    for each in made:
        shares.append(each)
        if not json_:
            view.line(
                f"{each.share}: {each.files:,} files and {each.links} links in {each.folders:,} folders,"
                f" {words.size(each.bytes)}"
            )
    if json_:
        view.document({**_as_json(shares), "share": str(shares[0].share.resolve()), "shares": [
            {"share": str(each.share.resolve()), **_as_json([each])} for each in shares
        ]})  # fmt: skip
        return ExitCode.DONE
    if beyond := _beyond(shares):
        view.note(f"left out, because this folder cannot hold it, and a file server can: {', '.join(beyond)}")
    view.note(f"next: spmigrate scan run {shares[0].share}")
    return ExitCode.DONE


def _as_json(shares: "Sequence[Estate]") -> dict[str, object]:
    return {
        "files": sum(each.files for each in shares),
        "folders": sum(each.folders for each in shares),
        "links": sum(each.links for each in shares),
        "bytes": sum(each.bytes for each in shares),
        "not made": _beyond(shares),
    }


def _beyond(shares: "Sequence[Estate]") -> list[str]:
    return list(dict.fromkeys(name for each in shares for name in each.beyond))
