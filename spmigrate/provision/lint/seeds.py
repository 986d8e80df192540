"""Errors of the files that libraries begin with."""

from collections.abc import Iterator

from spmigrate.errors import Problem
from spmigrate.provision.lint.libraries import refused_path
from spmigrate.provision.lint.words import Checked
from spmigrate.provision.removal import key_of


def file_problems(checked: Checked) -> Iterator[Problem]:
    """Files that are not in the folder, files of no library, and those that are named twice."""
    libraries = [each.name for each in checked.whole.libraries]
    yield from checked.twice(("files",), [key_of(each) for each in checked.sections.files], "from")
    for n, each in enumerate(checked.sections.files):
        text = f"this folder has no file '{each.from_}'"
        yield from checked.unknown("TPL-30", ("files", n, "from"), text, each.from_, checked.catalogue.assets)
        text = f"the site has no library '{each.library}'"
        yield from checked.unknown("TPL-42", ("files", n, "library"), text, each.library, libraries)
        if each.folder is not None:
            yield from refused_path(checked, ("files", n, "folder"), each.folder)
