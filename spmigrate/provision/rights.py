"""What the app must be permitted to make the changes of a plan, compared with what its tokens say. Pure."""

from collections.abc import Collection, Iterator, Mapping

from spmigrate.errors import Problem
from spmigrate.plan.change import Change
from spmigrate.plan.roles import GROUP_SITE
from spmigrate.tenant.contents import Kind, Value
from spmigrate.tenant.permissions import NEEDS, Need, missing

_SITES, _PEOPLE, _READ_GROUPS, _GROUPS, _LABELS, _TERMS = (
    "Sites.FullControl.All", "User.Read.All", "Group.Read.All", "Group.ReadWrite.All",
    "InformationProtectionPolicy.Read.All", "TermStore.Read.All",
)  # fmt: skip

_TERMS_ADDED = "TermStore.ReadWrite.All"


def needs(changes: Collection[Change]) -> list[Need]:
    """The permissions that these changes take (Microsoft Graph permissions reference)."""
    names = dict.fromkeys([_SITES] if changes else [])
    for change in changes:
        names |= dict.fromkeys(_names(change))
    work = {need.permission: need for need in NEEDS if need.work != "move"}
    return [work[name] for name in names]


def denied(changes: Collection[Change], held: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    """What the app may not do of these changes; `held` are the permissions in its tokens, by API."""
    for need in missing(held, needs(changes)):
        hint = f"grant the app {need.permission} of {need.api}, with admin consent; spmigrate doctor lists what is held"
        yield Problem(need.api, f"the app may not {need.why}", hint)


def _names(change: Change) -> Iterator[str]:
    kind, after = Kind(change.kind), change.after
    if kind is Kind.TERM_SET:
        yield _TERMS_ADDED
    if kind in (Kind.GROUP, Kind.TEAM, Kind.CHANNEL) or (kind is Kind.SITE and after.get("type") == GROUP_SITE):
        yield _GROUPS
    if kind is Kind.PERSON:
        yield _READ_GROUPS if str(after.get("login", "")).startswith("group:") else _PEOPLE
    named = (*_texts(after.get("restrict access to")), *_texts(after.get("for")))
    if any(each.startswith("group:") for each in named):
        yield _READ_GROUPS
    if (kind is Kind.LABEL and after.get("label")) or after.get("sensitivity label"):
        yield _LABELS
    if after.get("term set"):
        yield _TERMS


def _texts(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()
