"""The nouns of the product, as values. Read this first: every other module passes these around."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst, so that sorting puts the worst first."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know: made by scans and by rules, shown by one view."""

    code: str
    severity: Severity
    subject: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means, and what to do about it."""

    title: str
    remedy: str


class Outcome(StrEnum):
    """What became of a source item. Every item of a wave has exactly one."""

    COPIED = "copied"
    SKIPPED = "skipped"
    ROUTED = "routed"
    FAILED = "failed"
    VANISHED = "vanished"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number of files and their bytes."""

    items: int = 0
    bytes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.items + other.items, self.bytes + other.bytes)


@dataclass(frozen=True, slots=True)
class Accounting:
    """The identity that every report prints: source = copied + skipped + routed + failed + vanished."""

    source: Amount
    outcomes: Mapping[Outcome, Amount] = field(default_factory=dict)

    @property
    def accounted(self) -> Amount:
        """The sum of all outcomes."""
        return sum(self.outcomes.values(), Amount())

    @property
    def balances(self) -> bool:
        """Whether every file and every byte of the source has an outcome."""
        return self.accounted == self.source

    def of(self, outcome: Outcome) -> Amount:
        """The amount with this outcome, zero when there is none."""
        return self.outcomes.get(outcome, Amount())

    def as_json(self) -> dict[str, dict[str, int]]:
        """The two documents that `--json` prints: `items` and `bytes`, each with the six numbers."""
        return {
            unit: {
                "source": getattr(self.source, unit),
                **{outcome.value: getattr(self.of(outcome), unit) for outcome in Outcome},
            }
            for unit in ("items", "bytes")
        }


class Decision(StrEnum):
    """What an owner can decide about a folder, in the words of the sheet."""

    MOVE = "Move"
    MOVE_AND_TIDY = "Move and tidy"
    ARCHIVE = "Leave as read-only archive"
    BUSINESS_SYSTEM = "Belongs in a business system"
    NOT_OURS = "Not ours"
    DONT_KNOW = "I don't know"

    @property
    def moves(self) -> bool:
        """Whether content of such a row goes to SharePoint."""
        return self in (Decision.MOVE, Decision.MOVE_AND_TIDY)


@dataclass(frozen=True, slots=True)
class Destination:
    """A library of an approved site that rows may name as their new home.

    `site` is the stable address below the tenant, such as `/sites/t-b3k9w`; `label` is what owners see:
    `Asset Management > Documents`. Two are equal when these are; all else describes the site as its file has it now.
    """

    site: str
    library: str
    label: str
    unit: str = field(default="", compare=False)
    """The code of the unit that the site belongs to."""
    kind: str = field(default="", compare=False)
    """The kind of site: Directorate, Function, Team, Partnership or Programme."""
    owners: tuple[str, ...] = field(default=(), compare=False)
    """The ids of the roles that own the site."""
    marking: str = field(default="", compare=False)
    """The lowest marking of what lies in the site."""
    guests: bool = field(default=False, compare=False)
    """Whether people from outside may be let in: also where the site's file leaves that to the tenant."""
    business_class: str = field(default="", compare=False)
    keep_rule: str = field(default="", compare=False)
    """The retention label of the library."""
    provisioned: bool | None = field(default=None, compare=False)
    """Whether the site was made; None where nobody asked the ledger."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the organisation: its code, its name, its tier, and the codes of those above it from the top.

    `group` is the group of Entra that holds everybody of it, as `group:` and its name; empty where none is known.
    """

    code: str
    name: str
    kind: str
    above: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class PartnerStanding:
    """A registered partner that rows may be shared with: `reason` says why it is not `usable` now."""

    id: str
    name: str
    usable: bool
    reason: str = ""


class Treatment(StrEnum):
    """What a scan finding means for its item when the wave runs."""

    NOTE = "note"
    """Worth knowing; the item moves as it is."""
    RENAME = "rename"
    """Moves under the proposed name, if the owner decided `Move and tidy`; otherwise it fails."""
    SKIP = "skip"
    """Stays behind by rule: the outcome is `skipped` with the finding's code."""
    ROUTE = "route"
    """Belongs in another kind of system: the outcome is `routed` with the finding's code."""
    BLOCK = "block"
    """SharePoint cannot take it as it is: the outcome is `failed` with the finding's code."""


@dataclass(frozen=True, slots=True)
class SignedRow:
    """A row whose present digest carries a valid sign-off: the only thing that a wave may be made of.

    `scope` is `tree` (the folder and everything below it that no deeper row covers) or `folder` (only the files that
    lie directly in it). `destination` is None exactly when the decision does not move anything.
    """

    row_id: str
    sheet_id: str
    source_id: int
    folder_id: int
    scope: str
    decision: Decision
    destination: Destination | None
    digest: str
    signoff_id: int


class Result(StrEnum):
    """What a rule says of a subject. Unknown never passes."""

    PASS = "pass"  # noqa: S105 - the word of the design, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """The result of one rule for one subject, with what a person needs in order to act."""

    rule: str
    title: str
    severity: Severity
    subject_kind: str
    subject: str
    result: Result
    message: str = ""
    remedy: str = ""
    waiver: str | None = None

    @property
    def counts(self) -> bool:
        """Whether this result is an open finding: failed or unknown, and not waived."""
        return self.waiver is None and self.result in (Result.FAIL, Result.UNKNOWN)


FactValue = bool | int | str | tuple[str, ...] | None
"""What a fact can be. Days are ISO text; None says that there is none (never: not known)."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing read about one subject of governance, with where and when it was read.

    `unknown` says why it could not be read and what to grant; `value` then means nothing. A value of None is
    knowledge: there is no label, no agreement.
    """

    subject_kind: str
    subject: str
    name: str
    value: FactValue
    source: str
    at: str
    unknown: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many subjects of a kind were seen, and why that may not be all of them."""

    seen: int
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The facts of one collection, with the coverage of each kind of subject."""

    facts: tuple[Fact, ...] = ()
    coverage: Mapping[str, Coverage] = field(default_factory=dict)

    def __add__(self, other: "FactSheet") -> "FactSheet":
        return FactSheet(self.facts + other.facts, {**self.coverage, **other.coverage})


def worst(findings: Iterable[Finding]) -> Severity | None:
    """The worst severity among findings, None when there are none."""
    return min((finding.severity for finding in findings), key=lambda s: s.rank, default=None)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document: what it shows, its headings, and a row for each thing, named by its first cell."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    """The columns that hold numbers: they stand to the right."""
    shades: tuple[tuple[int, ...], ...] = ()
    """How dark each cell is, from 0 to 4, row by row; empty for none. The cell's words say the same."""
    long: tuple[int, ...] = ()
    """The columns that hold paths and sentences: they take the room, and break anywhere."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart: what it stands for, how long it is, and the number as people say it."""

    label: str
    length: int
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of a table: `says` is what somebody who cannot see it is told."""

    title: str
    says: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of an outline, with the lines below it."""

    text: str
    below: tuple["Branch", ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a document: sentences first, then facts by name, an outline, charts, and tables."""

    title: str
    sentences: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    outline: tuple[Branch, ...] = ()
    tables: tuple[Table, ...] = ()
    level: int = 2
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What a page for people says, before it has a form: a title, facts by name, and sections."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    marking: str = "OFFICIAL"
