"""`spmigrate estate`: a sample file share for rehearsal."""

import re
from pathlib import Path

import click

from spmigrate import words
from spmigrate.cli import view
from spmigrate.errors import ExitCode

_UNITS = {"": 1, "B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "KIB": 1024, "MIB": 1024**2, "GIB": 1024**3}


def _bytes(_ctx: click.Context, _option: click.Parameter, text: str) -> int:
    """A size as people write it (`24KB`, `1.5 MB`, `64KiB`) in bytes."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", text.strip())
    if found is None or found[2].upper() not in _UNITS or not float(found[1]):
        raise click.BadParameter(f"'{text}' is not a size; write it as 24KB or 1.5MB")
    return max(1, int(float(found[1]) * _UNITS[found[2].upper()]))


@click.group()
def estate() -> None:
    """Make a sample file share, for rehearsal."""


@estate.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--files", default=2000, show_default=True, help="How many files; exactly so many are made.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same estate.")
@click.option("--mean-size", callback=_bytes, default="24KB", show_default=True, help="Average size of a file.")
@view.json_option
def generate(folder: Path, files: int, seed: int, mean_size: int, json_: bool) -> ExitCode:
    """Make the share 'Highways' in DIR, which must be empty or new.

    It has the types, sizes, ages, depths and duplicates of a council's shared drive, and every awkward name that
    SharePoint refuses or that people should know of.
    """
    from spmigrate.scan import estate as share

    made = share.generate(folder, files=files, seed=seed, mean_size=mean_size)
    if json_:
        view.document({
            "share": str(made.share.resolve()), "files": made.files, "folders": made.folders, "links": made.links,
            "bytes": made.bytes,
        })  # fmt: skip
    else:
        view.line(
            f"{made.share}: {made.files:,} files and {made.links} links in {made.folders:,} folders,"
            f" {words.size(made.bytes)}"
        )
        view.note(f"next: spmigrate scan run {made.share}")
    return ExitCode.DONE
