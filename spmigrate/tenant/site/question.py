"""Questions to the tenant about one site, and their answers. Values only; `reading` sends them.

A noun's module lists its `QUESTIONS` and makes `parts` of the `Answers`. Questions of a later round may use the ids
that earlier answers gave.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from spmigrate.tenant.contents import Kind, Part

Json = Mapping[str, Any]
NO_ID = "00000000-0000-0000-0000-000000000000"


class Service(Enum):
    """Who answers, and how its questions are sent."""

    SITE = auto()
    """The site's REST below `/_api/`: all questions of a round in one `$batch`."""
    ADMIN = auto()
    """The admin centre's REST below `/_api/`: a request each, since it takes no batches."""
    HUB = auto()
    """The client object model of the admin centre, which tells everything about the hub whose id the path is."""
    GRAPH = auto()
    """Microsoft Graph below `/v1.0/`: all questions of a round in one `$batch`."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far, by the names of questions. `kinds` are those that somebody wants to know of.

    A question with one path has its JSON as answer; one with several has a mapping of them. A question that was not
    asked, or is optional and was refused, has none.
    """

    address: str
    host: str
    hubs: Mapping[str, str] = field(default_factory=dict)
    kinds: frozenset[Kind] = frozenset(Kind)
    found: Mapping[str, Any] = field(default_factory=dict)
    only: Mapping[tuple[Kind, str], Part] | None = None
    """The parts that somebody compares, with the attributes that matter; None where everything is to be told."""

    def about(self, kind: Kind, key: str) -> bool:
        """Whether somebody wants to know of this part."""
        return kind in self.kinds and (self.only is None or (kind, key) in self.only)

    def says(self, kind: Kind, key: str, attribute: str) -> bool:
        """Whether somebody wants to know this attribute of a part."""
        if kind not in self.kinds or self.only is None:
            return kind in self.kinds
        part = self.only.get((kind, key))
        return part is not None and attribute in part.attributes

    def keys(self, kind: Kind) -> frozenset[str] | None:
        """The keys of the parts of a kind that somebody wants to know of; None for all of them."""
        return None if self.only is None else frozenset(key for each, key in self.only if each is kind)

    def __getitem__(self, name: str) -> Any:
        return self.found[name]

    def __contains__(self, name: str) -> bool:
        return name in self.found

    def get(self, name: str, default: Any = None) -> Any:
        """The answer to a question; `default` when there is none."""
        return self.found.get(name, default)

    def values(self, name: str) -> list[Any]:
        """The elements of a collection; none when there is no answer."""
        return list(self.found[name]["value"]) if name in self.found else []

    @property
    def site_id(self) -> str:
        """The id of the site collection; empty before it is known."""
        return str(self.found["site"]["Id"]).strip("{}").lower() if "site" in self.found else ""

    @property
    def group_id(self) -> str:
        """The id of the site's Microsoft 365 group; empty for a site without one."""
        group = str(self.found["site"].get("GroupId") or "").strip("{}").lower() if "site" in self.found else ""
        return "" if group == NO_ID else group


Paths = Callable[[Answers], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Question:
    """One GET. `path` is below the service's root and may hold `{site_id}`, `{group_id}` and `{address}`; or it makes
    several paths, by any keys, of the answers to earlier rounds.

    It is asked when one of its `kinds` is wanted, and left out where an id in its path is not known. An `optional`
    question may be refused, or concern what is not there: then it has no answer.
    """

    name: str
    service: Service
    path: str | Paths
    round: int = 1
    kinds: frozenset[Kind] = frozenset(Kind)
    optional: bool = False

    def paths(self, answers: Answers) -> Iterator[tuple[str, str]]:
        """Key and path of everything to be asked; the key is empty for a question with one path."""
        if not isinstance(self.path, str):
            yield from self.path(answers).items()
            return
        ids = {"{site_id}": answers.site_id, "{group_id}": answers.group_id, "{address}": answers.address}
        path = self.path
        for name, value in ids.items():
            if name in path and not value:
                return
            path = path.replace(name, value)
        yield "", path
