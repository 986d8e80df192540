"""Documents for people as one HTML page: no script, nothing loaded from elsewhere, readable on a phone and on paper."""

from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from spmigrate import __version__
from spmigrate.model import Document
from spmigrate.words import spoken


def environment() -> Environment:
    """The templates of this package: everything that is put into them is escaped, and nothing may be missing."""
    return Environment(
        loader=PackageLoader("spmigrate.report", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def build(document: Document, *, made: datetime) -> str:
    """The document as HTML text."""
    return (
        environment()
        .get_template("document.html")
        .render(
            title=document.title, marking=document.marking, document=document, made=spoken(made), version=__version__
        )
    )
