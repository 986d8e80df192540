"""A report of several topics: as a document for a page, and as a workbook with a sheet for each of its tables."""

from dataclasses import dataclass

from spmigrate.formats import workbook
from spmigrate.formats.grid import Topic, section, sheet
from spmigrate.model import Branch, Document, Section

_LIMITS = "What this report does not cover"


@dataclass(frozen=True, slots=True)
class Report:
    """A report before it has a form: title, marking, facts about it, its topics, and what it does not cover."""

    title: str
    marking: str
    facts: tuple[tuple[str, str], ...]
    topics: tuple[Topic, ...]
    limits: tuple[str, ...]


def page(report: Report) -> Document:
    """The report as a document."""
    limits = Section(_LIMITS, outline=tuple(map(Branch, report.limits)))
    return Document(report.title, report.facts, (*map(section, report.topics), limits), report.marking)


def book(report: Report) -> workbook.Book:
    """The report as a workbook: what it says in words on the first sheet, then a sheet for each table."""
    told = [("About", f"{name}: {value}") for name, value in report.facts]
    for topic in report.topics:
        told += [(topic.title, sentence) for sentence in topic.sentences]
        told += [(topic.title, f"{name}: {value}") for name, value in topic.facts]
    told += [(_LIMITS, sentence) for sentence in report.limits]
    columns = (workbook.Column("Part", 40), workbook.Column("What it says", 110))
    guidance = f"{report.marking}. Each of the other sheets has one table."
    first = workbook.Sheet("Read me", report.title, guidance, columns, tuple(told), 1, protected=False)
    return workbook.Book(
        report.title, report.marking, (first, *(sheet(grid) for topic in report.topics for grid in topic.grids))
    )
