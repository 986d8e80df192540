"""The libraries that content may move to: those that the site files declare."""

from pathlib import Path

from spmigrate.model import Destination
from spmigrate.provision.lint import review
from spmigrate.provision.resolve import resolve
from spmigrate.tenant.contents import Kind


def destinations(folder: Path) -> list[Destination]:
    """Every library of every site in `site_templates/`, by label. Raises InputError with every error in the files."""
    found = [
        Destination(site.address, str(part.attributes["address"]), f"{site.title} > {part.label}")
        for site in resolve(review(folder).catalogue)
        for part in site.contents.parts.values()
        if part.kind is Kind.LIBRARY
    ]
    return sorted(found, key=lambda destination: destination.label)
