"""The places that a scan can read, and the choice between them by what a person typed."""

from pathlib import Path

from spmigrate.scan.place import Place


def find(text: str) -> Place:
    """The place at this path. Raises SpmigrateError when it cannot be listed."""
    from spmigrate.scan.places import local

    return local.find(Path(text))
