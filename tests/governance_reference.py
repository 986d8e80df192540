"""The tables of governance_rules/README.md, made from the code: `python -m tests.governance_reference` writes them."""

import re
from collections.abc import Iterator
from pathlib import Path

from spmigrate.govern.conditions import GROUPS, OPERATORS
from spmigrate.govern.rules import Area
from spmigrate.govern.vocabulary import FactType, Subject, known_about

PAGE = Path(__file__).parent.parent / "governance_rules" / "README.md"

_AREAS = {
    Area.TENANT: "settings of the whole tenant",
    Area.SHARING: "whom a site lets in",
    Area.OWNERSHIP: "who answers for a site",
    Area.PERMISSIONS: "groups that mean everyone, and rights that nobody needs",
    Area.LIFECYCLE: "the register of sites, and reviews",
    Area.INFORMATION: "what must be true of what a site holds",
    Area.GUESTS: "people from outside with an account in the tenant",
    Area.WAIVERS: "the waivers themselves",
    Area.FEDERATION: "partners and their cross-tenant settings",
    Area.OWN: "the council's own rules that no other area fits",
}


def page() -> str:
    """The page with its tables as the code has them."""
    text = PAGE.read_text("utf-8")
    for name, lines in (("areas", _areas()), ("comparisons", _comparisons()), ("facts", _facts())):
        filled = f"<!-- {name} -->\n" + "\n".join(lines) + "\n<!-- end -->"
        text = re.sub(f"<!-- {name} -->\n.*?<!-- end -->", lambda _, filled=filled: filled, text, flags=re.DOTALL)
    return text


def _areas() -> Iterator[str]:
    yield "| area | what it is for | checked by |"
    yield "|---|---|---|"
    for area in Area:
        command = "partner check" if area is Area.FEDERATION else "rule check"
        yield f"| `{area}` | {_AREAS[area]} | `spmigrate {command}` |"


def _comparisons() -> Iterator[str]:
    yield "| comparison | of | means |"
    yield "|---|---|---|"
    for name, operator in OPERATORS.items():
        yield f"| `{name}` | {', '.join(operator.kinds)} | {operator.meaning} |"
    for name, (_, meaning) in GROUPS.items():
        yield f"| `{name}` | conditions | {meaning} |"


def _facts() -> Iterator[str]:
    for subject in Subject:
        yield f"\n### About a {subject}\n"
        yield "| fact | kind | means | source | needs |"
        yield "|---|---|---|---|---|"
        for fact in known_about(subject).values():
            yield f"| `{fact.name}` | {_kind(fact)} | {fact.meaning} | {fact.source} | {fact.permission} |"


def _kind(fact: FactType) -> str:
    return f"{fact.kind}: {', '.join(fact.words)}" if fact.words else str(fact.kind)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
