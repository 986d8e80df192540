"""The workshop sheet: what a design workshop decides about a kind of site, as a workbook and as a draft template.

People fill in four tables in their own words; everything that they may choose from stands on the sheet Lists. Pure:
reading and writing workbooks is for `formats`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from spmigrate.errors import Problem
from spmigrate.formats.returned_workbook import Returned, TablePage, TableRow
from spmigrate.formats.workbook import CHOICES_TAB, Book, Column, Sheet, Value, headings
from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.language import ColumnType, SiteKind, Template
from spmigrate.provision.merge import chain
from spmigrate.provision.nearest import suggestion
from spmigrate.tenant.contents import SHARING_LEVELS, name_key

Entry = dict[str, Any]

_ROWS = 20
_KINDS = tuple(kind.value for kind in SiteKind)
_TYPES = ("Communication site", "Team site without group", "Team site with Microsoft 365 group")
_OPEN_TO: Mapping[str, Entry] = {
    "Everybody in the site": {},
    "Owners and members": {"inherit": False, "give": {"Owners": "Full Control", "Members": "Edit"}},
    "Owners only": {"inherit": False, "give": {"Owners": "Full Control"}},
}
_COLUMN_TYPES = tuple(kind.value for kind in ColumnType if kind not in (ColumnType.LOOKUP, ColumnType.MANAGED_METADATA))
_YES_NO = ("Yes", "No")

_TEMPLATE = (
    Column("Decision id", 16, locked=False, prompt="The reference in the minutes, such as CAB-112."),
    Column("Forum", 24, locked=False, prompt="Who decided: a workshop or a board."),
    Column("Date", 14, locked=False, prompt="The day of the decision, such as 2026-04-30."),
    Column("Template", 24, locked=False, prompt="What the template is called, such as Social work team site."),
    Column("Kind of site", 16, locked=False, choices="Kind of site"),
    Column("What it is for", 40, locked=False),
    Column("Made from", 28, locked=False, choices="Made from"),
    Column("Adds to", 22, locked=False, choices="Adds to", prompt="The template that this one adds to, if any."),
    Column("Shared outside with", 30, locked=False, choices="Shared outside with"),
)
_LIBRARIES = (
    Column("Library", 24, locked=False),
    Column("What it holds", 36, locked=False),
    Column("Kind of document", 22, locked=False, choices="Kind of document"),
    Column("More columns", 30, locked=False, prompt="Names from the sheet Lists or Columns, with commas between."),
    Column("Versions kept", 12, locked=False),
    Column("Keep for", 24, locked=False, choices="Keep for", prompt="The retention label of what is filed here."),
    Column("Who may open it", 22, locked=False, choices="Who may open it"),
    Column("Folders", 30, locked=False, prompt="Only if people need them; with commas between, at most three deep."),
)
_COLUMNS = (
    Column("Column", 24, locked=False),
    Column("Type", 18, locked=False, choices="Type of column"),
    Column("Choices", 40, locked=False, prompt="For a column with choices: with commas between."),
    Column("Must be filled in", 12, locked=False, choices="Must be filled in"),
    Column("Help", 40, locked=False),
)
_LINKS = (
    Column("Link", 24, locked=False),
    Column("Leads to", 40, locked=False, prompt="Home page, the name of a library, or a web address."),
)
TABLES: Mapping[str, Sequence[str]] = {
    "Template": headings(_TEMPLATE), "Libraries": headings(_LIBRARIES), "Columns": headings(_COLUMNS),
    "Links": headings(_LINKS), CHOICES_TAB: (),
}  # fmt: skip
"""The tabs that a workshop sheet has, and their headings."""


def blank(catalogue: Catalogue) -> Book:
    """An empty workshop sheet with the organisation's own choices."""
    choices = tuple((name, choice) for name, each in _choices(catalogue).items() for choice in each)
    return Book(
        f"Workshop sheet of {catalogue.organisation.words.organisation}", "OFFICIAL",
        (
            _sheet("Template", "What is decided", "One row: which template, and who decided.", _TEMPLATE, 1),
            _sheet("Libraries", "Where things are kept", "One row for each library.", _LIBRARIES, _ROWS),
            _sheet("Columns", "What is asked of a document", "Only columns that Lists does not have.", _COLUMNS, _ROWS),
            _sheet("Links", "What people find beside every page", "One row for each link, in order.", _LINKS, _ROWS),
            Sheet(CHOICES_TAB, "Lists: everything that you can choose", "Nothing is to be filled in here.",
                  (Column("List", 24), Column("Choice", 48)), choices),
        ),
    )  # fmt: skip


def _sheet(tab: str, title: str, guidance: str, columns: tuple[Column, ...], rows: int) -> Sheet:
    return Sheet(tab, title, guidance, columns, tuple((None,) * len(columns) for _ in range(rows)), fixed=1)


def _choices(catalogue: Catalogue) -> dict[str, Sequence[str]]:
    words = catalogue.organisation.words
    found: dict[str, Sequence[str]] = {
        "Kind of site": _KINDS,
        "Made from": _TYPES,
        "Adds to": tuple(catalogue.by_name),
        "Shared outside with": tuple(SHARING_LEVELS),
        "Kind of document": ("Document", *(each.name for each in words.content_types)),
        "Columns": tuple(column.name for column in words.site_columns),
        "Keep for": words.retention_labels,
        "Who may open it": tuple(_OPEN_TO),
        "Type of column": _COLUMN_TYPES,
        "Must be filled in": _YES_NO,
    }
    return {name: each for name, each in found.items() if each}


@dataclass(slots=True)
class Workshop:
    """What a filled sheet decides: a template, columns that are new to the vocabulary, and what must be put right."""

    template: Entry = field(default_factory=dict)
    vocabulary: Entry = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """Who decided what, for the head of the file."""
        decision = self.template["decision"]
        return f"Decided by {decision['forum']} on {decision['date']}: {decision['id']}"


def read(returned: Returned, catalogue: Catalogue) -> Workshop:
    """The template that a filled sheet decides, with every problem at `sheet!cell`."""
    found = Workshop()
    reading = _Reading(returned, catalogue, found)
    reading.template()
    if found.template:
        reading.columns()
        reading.libraries()
        reading.links()
    return found


class _Reading:
    def __init__(self, returned: Returned, catalogue: Catalogue, found: Workshop) -> None:
        self.returned = returned
        self.found = found
        self.choices = {name: {name_key(each): each for each in all_} for name, all_ in _choices(catalogue).items()}
        self.known = dict(self.choices.get("Columns", {}))
        self.inherited = catalogue

    def template(self) -> None:
        """The first row of the first table."""
        page, rows = self._rows("Template")
        if not rows:
            where = f"{self.returned.name}!Template!A4"
            self.found.problems.append(Problem(where, "nothing is decided", "fill in one row: decision, name and kind"))
            return
        row = rows[0]
        for extra in rows[1:]:
            self._wrong(page, "Template", extra, "one sheet decides about one template", "use another sheet")
        wanted = ("Decision id", "Forum", "Date", "Template", "Kind of site", "Made from")
        missing = [name for name in wanted if name not in row.values]
        for name in missing:
            self._wrong(page, name, row, f"'{name}' is missing", None)
        day = _day(row.values.get("Date"))
        if "Date" not in missing and day is None:
            self._wrong(page, "Date", row, f"'{row.values['Date']}' is not a date", "write it as 2026-04-30")
        if missing or day is None:
            return
        values = {name: _text(value) for name, value in row.values.items()}
        above = self._choice(page, row, "Adds to")
        self.found.template = {
            "template": values["Template"], "version": 1, "kind": self._choice(page, row, "Kind of site"),
            "purpose": values.get("What it is for", ""),
            "decision": {"id": values["Decision id"], "forum": values["Forum"], "date": day},
            "site": {"type": self._choice(page, row, "Made from")},
        }  # fmt: skip
        if above:
            self.found.template["extends"] = above
        else:
            self.found.template |= _STANDING_ALONE
            self.found.template["site"] = {"type": self.found.template["site"]["type"], "title": "{title}"}
        sharing = self._choice(page, row, "Shared outside with")
        if sharing:
            self.found.template["sharing"] = {"external sharing": sharing}

    def columns(self) -> None:
        """Columns that the vocabulary does not have."""
        page, rows = self._rows("Columns")
        for row in rows:
            name, kind = _text(row.values.get("Column")), self._choice(page, row, "Type", "Type of column")
            choices = _listed(row.values.get("Choices"))
            if not name or not kind:
                self._wrong(page, "Column", row, "a column has a name and a type", None)
                continue
            if (kind in ("Choice", "Multiple choice")) != bool(choices):
                self._wrong(page, "Choices", row, f"'{name}' has {'choices' if choices else 'no choices'}", None)
                continue
            entry: Entry = {"name": name, "type": kind, "description": _text(row.values.get("Help"))}
            if choices:
                entry["choices"] = choices
            if name_key(_text(row.values.get("Must be filled in"))) == "yes":
                entry["required"] = True
            self.known[name_key(name)] = name
            self.found.vocabulary.setdefault("site columns", []).append(entry)

    def libraries(self) -> None:
        """The libraries of the template."""
        page, rows = self._rows("Libraries")
        libraries = [entry for row in rows if (entry := self._library(page, row))]
        if libraries:
            self.found.template["libraries"] = libraries

    def _library(self, page: TablePage | None, row: TableRow) -> Entry:
        name = _text(row.values.get("Library"))
        if not name:
            self._wrong(page, "Library", row, "a library has a name", None)
            return {}
        entry: Entry = {"name": name}
        if row.values.get("What it holds"):
            entry["description"] = _text(row.values["What it holds"])
        versions = row.values.get("Versions kept")
        if versions is not None and not (isinstance(versions, int) and 1 <= versions <= 50_000):
            self._wrong(page, "Versions kept", row, f"'{versions}' is not a number of versions", "write it like: 100")
        elif versions is not None:
            entry["versions"] = {"major": versions}
        label = self._choice(page, row, "Keep for")
        if label:
            entry["retention label"] = label
        kind = self._choice(page, row, "Kind of document")
        if kind and kind != "Document":
            entry["content types"] = [kind]
        columns = list(self._columns_named(page, row))
        if columns:
            entry["columns"] = columns
            entry["columns shown"] = ["Name", *columns, "Modified"]
        folders = _listed(row.values.get("Folders"))
        if folders:
            entry["folders"] = folders
        access = _OPEN_TO.get(self._choice(page, row, "Who may open it") or "")
        if access:
            entry["permissions"] = access
        return entry

    def _columns_named(self, page: TablePage | None, row: TableRow) -> Iterator[str]:
        for name in _listed(row.values.get("More columns")):
            if name_key(name) in self.known:
                yield self.known[name_key(name)]
            else:
                hint = suggestion(name, self.known.values())
                self._wrong(page, "More columns", row, f"no column is called '{name}'", hint)

    def links(self) -> None:
        """The quick launch."""
        page, rows = self._rows("Links")
        libraries = {name_key(each["name"]): each["name"] for each in self.found.template.get("libraries", ())}
        above = self.inherited.whole(str(self.found.template.get("extends", "")))
        libraries |= {name_key(each.name): each.name for each in (above.libraries if above else ())}
        links = []
        for row in rows:
            title, to = _text(row.values.get("Link")), _text(row.values.get("Leads to"))
            target = "home page" if name_key(to) == "home page" else libraries.get(name_key(to))
            if target and target != "home page":
                target = f"library/{target}"
            if not target and to.startswith(("https://", "/sites/")):
                target = to
            if not title or not target:
                hint = "write Home page, the name of a library, or a web address"
                self._wrong(page, "Leads to", row, f"'{to}' leads nowhere", hint)
            else:
                links.append({"title": title, "to": target})
        if links:
            self.found.template["quick launch"] = {"links": links}

    def _rows(self, tab: str) -> tuple[TablePage | None, tuple[TableRow, ...]]:
        page = self.returned.pages.get(tab)
        return page, page.rows if page else ()

    def _choice(self, page: TablePage | None, row: TableRow, heading: str, name: str = "") -> str:
        """What was chosen, as the list writes it; empty, and a problem, when the list does not have it."""
        given = _text(row.values.get(heading))
        known = self.choices.get(name or heading, {})
        if not given:
            return ""
        if name_key(given) not in known:
            self._wrong(page, heading, row, f"'{given}' is not a choice", suggestion(given, known.values()))
            return ""
        return known[name_key(given)]

    def _wrong(self, page: TablePage | None, heading: str, row: TableRow, text: str, hint: str | None) -> None:
        place = page.place(heading, row.number) if page else heading
        self.found.problems.append(Problem(f"{self.returned.name}!{place}", text, hint))


_STANDING_ALONE: Entry = {
    "parameters": [
        {"name": "title", "ask": "What is the site called?"},
        {"name": "owners", "ask": "Who looks after it? Name two roles at least.", "answer": "People"},
        {"name": "members", "ask": "Who works in it?", "answer": "People", "optional": True},
    ],
    "permissions": {"owners": ["{owners}"], "members": ["{members}"]},
}
"""What a template needs that adds to no other."""


def beside(catalogue: Catalogue, template: Entry) -> Iterable[Template]:
    """The templates that a drafted one stands on."""
    return chain(str(template.get("extends", "")), catalogue.by_name)


def _text(value: Value) -> str:
    return "" if value is None else str(value).strip()


def _day(value: Value) -> str | None:
    if isinstance(value, date):
        return value.isoformat()
    try:
        return date.fromisoformat(_text(value)).isoformat()
    except ValueError:
        return None


def _listed(value: Value) -> list[str]:
    return [each.strip() for each in _text(value).replace(";", ",").replace("\n", ",").split(",") if each.strip()]
