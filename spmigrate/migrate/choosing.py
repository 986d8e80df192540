"""Which route a file takes to its library, and why, in words for people. Pure."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import PurePosixPath

SESSION, PACKAGE, COPY = "session", "package", "copy"
AUTO = "auto"
WANTED = (AUTO, SESSION, PACKAGE)
"""What a lead may ask for; content of SharePoint is copied by the service itself, whatever is asked for."""

FEW = 1000
"""New files of one library from which a package is worth its wait: a job queues for minutes, a thousand uploads take
no longer."""
MOST_PACKAGE_BYTES = 15 * 1024**3
"""The largest file of a package. Source: "Preparing the content for Migration API"."""
_SCRIPTS = frozenset({".ascx", ".asmx", ".aspx", ".htc", ".jar", ".master", ".swf", ".xap", ".xsf"})
"""Types that sites refuse on which custom scripts are not allowed. Source: Microsoft's "Security considerations of
allowing custom script"."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file as choosing sees it: the kind of its source, what is to be done, its name at the destination, its size."""

    kind: str
    action: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A route, and why it was chosen."""

    route: str
    why: str


_KEPT = {
    "replace": Choice(SESSION, "changed since they were copied: only an upload can refuse to overwrite an edit"),
    "rename": Choice(SESSION, "renamed since they were copied: nothing is sent again"),
}
_COPIED = Choice(COPY, "SharePoint copies its own content, with its versions, and no byte passes through here")
_TOO_LARGE = Choice(SESSION, "larger than the 15 GB that a package takes")
_SCRIPT = Choice(SESSION, "of a type that many sites refuse, and a package with many refusals is blocked as a whole")
_ASKED_SESSION = Choice(SESSION, "the session route was asked for")
_ASKED_PACKAGE = Choice(PACKAGE, "the package route was asked for")
_TOGETHER = Choice(SESSION, "of one set with files that only an upload takes, so that they arrive together")


def choose(file: Candidate, *, new_files: int, wanted: str = AUTO) -> Choice:
    """The route of a file, of whose library the wave has so many new files; `wanted` is what the lead asked for."""
    if file.action in _KEPT:
        return _KEPT[file.action]
    if file.kind == "sharepoint":
        return _COPIED
    if wanted == SESSION:
        return _ASKED_SESSION
    if file.size > MOST_PACKAGE_BYTES:
        return _TOO_LARGE
    if PurePosixPath(file.name).suffix.lower() in _SCRIPTS:
        return _SCRIPT
    if wanted == PACKAGE:
        return _ASKED_PACKAGE
    if new_files < FEW:
        return Choice(
            SESSION, f"fewer than {FEW:,} new files for this library: a job would queue longer than they take"
        )
    return Choice(PACKAGE, "many new files: a job takes 250 of them for a handful of calls")


def for_all(choices: AbstractSet[Choice]) -> Choice | None:
    """One choice for files that belong together; None where some of them are better off by another way than the rest.

    An upload takes whatever a package takes. What SharePoint copies itself comes with its versions, which are worth
    more than arriving in one batch.
    """
    if len(choices) == 1:
        return next(iter(choices))
    return None if any(choice.route == COPY for choice in choices) else _TOGETHER
