"""Whether a new home fits what is to lie in it: its site, protection, class, and the length of its paths. Pure."""

from collections.abc import Iterator, Sequence

from spmigrate import words
from spmigrate.limits import LONGEST_PATH, budget, units
from spmigrate.mapping.lists import QUERY, Choices, GovernanceView, Sensitive, Who, marking_is_enough, marking_reaches
from spmigrate.mapping.remarks import AnsweredRow, Remark
from spmigrate.model import Destination
from spmigrate.store.listing import join
from spmigrate.store.row_paths import Overlong
from spmigrate.words import folded

_WIDE_KINDS = ("Directorate", "Function")
_NARROW_KINDS = ("Team",)
_EVERYBODY = frozenset(
    {"everyone", "everybody", "anyone", "all", "all staff", "all users", "all employees", "all company",
     "whole council", "everyone except external users", "domain users", "authenticated users",
     "nt authority\\authenticated users", "builtin\\users", "users", "the public", "public"}
)  # fmt: skip
_GROUPS_OF_EVERYBODY = ("everyone ", "all staff ", "domain users ", "spo-grid-all-users")


def check(row: AnsweredRow, choices: Choices) -> Iterator[Remark]:
    """Every remark on where a row that moves goes, and on who sees it there."""
    home = choices.home(row.answers.home) if row.answers.home else None
    yield from _check_people(row, choices, home)
    yield from _check_keep_rule(row, choices)
    yield from _check_protection(row, home)
    if home is None:
        return
    if home.business_class and row.answers.subject and home.business_class != row.answers.subject:
        text = f"'{home.label}' is for {home.business_class}, and this is {row.answers.subject}"
        yield Remark(row.row_id, "home", text, "choose another home, or leave it if that is meant", blocks=False)


def check_together(rows: Sequence[AnsweredRow], choices: Choices) -> Iterator[Remark]:
    """Remarks on homes that rows which move share, each at the first of its rows: one word instead of hundreds."""
    unmade: dict[str, list[str]] = {}
    otherwise: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        home = choices.home(row.answers.home) if row.answers.home else None
        if home is None:
            continue
        if home.provisioned is False:
            unmade.setdefault(home.label, []).append(row.row_id)
        if home.keep_rule and row.answers.keep not in ("", QUERY, home.keep_rule):
            otherwise.setdefault((home.label, home.keep_rule, row.answers.keep), []).append(row.row_id)
    for label, row_ids in unmade.items():
        count = words.plural(len(row_ids), "row moves", "rows move")
        text = f"the site of '{label}' is not made yet, and {count} there"
        yield Remark(row_ids[0], "home", text, "the migration lead makes it before the move", blocks=False)
    for (label, rule, keep), row_ids in otherwise.items():
        count = words.plural(len(row_ids), "row is", "rows are")
        text = f"'{label}' keeps what lies in it by '{rule}', and {count} to be kept by '{keep}'"
        hint = "leave it if that is meant, or choose another home, or Query"
        yield Remark(row_ids[0], "keep", text, hint, blocks=False)


def room(row: AnsweredRow, choices: Choices) -> int | None:
    """How many characters a path below the row's folder may have at the row's new home; None when it stays."""
    home = choices.home(row.answers.home) if row.answers.home else None
    if home is None:
        return None
    folder = join(row.facts.above, row.facts.tidied or row.facts.path.rpartition("/")[2])
    return budget(home.site, home.library) - (units(folder) + 1 if folder else 0)


def check_lengths(row: AnsweredRow, room: int, found: Overlong) -> Remark:
    """A remark on files whose path would be too long; where all are, nothing of the row could move."""
    longest = LONGEST_PATH - room + found.longest
    count = words.plural(found.files, "file has a path", "files have paths")
    text = f"{count} too long for '{row.answers.home}': up to {longest} characters, where {LONGEST_PATH} fit"
    hint = "shorten folder names in the share, or choose a home with a shorter address; they stay otherwise"
    return Remark(row.row_id, "home", text, hint, blocks=found.files >= row.facts.identity.items)


def _check_people(row: AnsweredRow, choices: Choices, home: Destination | None) -> Iterator[Remark]:
    who, group = row.answers.who, row.answers.group
    if who in (Who.GROUP, Who.PARTNER) and not group:
        yield Remark(row.row_id, "group", f"'{who}' needs a name here", "write which group or partner")
    elif who == Who.RESTRICTED and not group:
        text = "nobody is named, so those who may open the folder today will see it"
        yield Remark(row.row_id, "group", text, "leave it if that is meant, or name people or groups", blocks=False)
    elif who in (Who.GROUP, Who.RESTRICTED) and _is_everybody(group):
        text = f"'{group}' is everybody, and not only people who need this folder"
        yield Remark(row.row_id, "group", text, "name the people who need it, or choose 'Whole team'")
    elif who == Who.GROUP and choices.lists.groups and folded(group) not in map(folded, choices.lists.groups):
        text = f"'{group}' is not among the groups on the sheet Lists"
        yield Remark(row.row_id, "group", text, "leave it if that is meant", blocks=False)
    elif who == Who.PARTNER:
        yield from _check_partner(row, choices, home)
    if home is None:
        return
    if home.guests and row.answers.sensitive == Sensitive.SPECIAL:
        text = f"'{home.label}' may be shared with people from outside, and this holds special category details"
        yield Remark(row.row_id, "home", text, "choose a home without guests, or ask information governance")
    yield from _check_kind(row, home)


def _check_partner(row: AnsweredRow, choices: Choices, home: Destination | None) -> Iterator[Remark]:
    partner = choices.partner(row.answers.group)
    if partner is None:
        known = ", ".join(each.id for each in choices.partners if each.usable) or "none"
        text = f"'{row.answers.group}' is not in the register of partners"
        yield Remark(row.row_id, "group", text, f"write a partner of the sheet Lists; there are: {known}")
    elif not partner.usable:
        text = f"{partner.name} cannot be shared with now: {partner.reason}"
        yield Remark(row.row_id, "group", text, "ask information governance, or choose who else should see it")
    elif home is not None and not home.guests:
        text = f"'{home.label}' is closed to people from outside, so that {partner.name} could not see this"
        yield Remark(row.row_id, "home", text, "choose a partnership site")


def _check_kind(row: AnsweredRow, home: Destination) -> Iterator[Remark]:
    who = row.answers.who
    if who == Who.FUNCTION and home.kind in _NARROW_KINDS:
        text = f"'{home.label}' belongs to a team, and the whole function should see this"
        yield Remark(row.row_id, "home", text, "choose a home in the site of the function", blocks=False)
    elif who == Who.TEAM and home.kind in _WIDE_KINDS:
        text = f"more people than the team see '{home.label}': its site is that of a {home.kind.lower()}"
        yield Remark(row.row_id, "home", text, "choose a home in the site of the team", blocks=False)


def _check_keep_rule(row: AnsweredRow, choices: Choices) -> Iterator[Remark]:
    keep, subject = row.answers.keep, row.answers.subject
    if keep == QUERY:
        yield Remark(row.row_id, "keep", "the keep rule is queried", "information governance settles it with you")
        return
    if not keep or not subject:
        return
    usual = choices.keep_rule(subject)
    if keep != usual:
        rule, usually = choices.schedule.rule(keep), choices.schedule.rule(usual)
        meant_for = rule.class_ if rule else None
        fits = meant_for in (None, subject, usually.class_ if usually else None)
        text = f"'{keep}' is {'not the usual rule' if fits else f'a rule for {meant_for}, and none'} for {subject}"
        settled = fits or row.answers.ig_view == GovernanceView.OK
        yield Remark(row.row_id, "keep", text, "empty the cell to get the usual one, or choose Query", not settled)


def _check_protection(row: AnsweredRow, home: Destination | None) -> Iterator[Remark]:
    sensitive, marking = row.answers.sensitive, row.answers.marking
    if sensitive == Sensitive.DONT_KNOW:
        text = 'whether it is sensitive is "I don\'t know"'
        yield Remark(row.row_id, "sensitive", text, "information governance will help")
    elif sensitive and marking and not marking_is_enough(marking, sensitive):
        text = f"{marking} is too low for '{sensitive}'"
        yield Remark(row.row_id, "marking", text, "leave it empty, or choose OFFICIAL-SENSITIVE PERSONAL")
    elif home is not None and marking and not marking_reaches(marking, home.marking):
        text = f"{marking} is too low for '{home.label}', where everything is at least {home.marking}"
        yield Remark(row.row_id, "marking", text, f"choose {home.marking}, or another home")


def _is_everybody(group: str) -> bool:
    name = folded(group).removeprefix("the ").strip(".!")
    return name in _EVERYBODY or name.startswith(_GROUPS_OF_EVERYBODY)
