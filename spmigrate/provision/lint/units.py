"""Errors of the organisation's units and champions."""

from collections.abc import Iterator, Mapping

from spmigrate.errors import Problem
from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.language import Unit
from spmigrate.provision.lint.rules import broken
from spmigrate.provision.lint.words import ROLE_ID
from spmigrate.provision.nearest import suggestion
from spmigrate.tenant.contents import name_key


def unit_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Units that belong nowhere, and champions of nothing."""
    written = catalogue.organisation
    units = {unit.code: unit for unit in written.words.units}
    tiers = written.words.tier_labels
    for n, unit in enumerate(written.words.units):
        if tiers and unit.kind not in tiers:
            text = f"'{unit.kind}' is not one of the tier labels"
            yield broken("ORG-12", written, ("units", n, "kind"), text, suggestion(unit.kind, tiers))
        if unit.part_of is not None and unit.part_of not in units:
            text = f"there is no unit '{unit.part_of}'"
            yield broken("ORG-12", written, ("units", n, "part of"), text, suggestion(unit.part_of, units))
        elif _ring(unit, units):
            yield broken("ORG-06", written, ("units", n, "part of"), f"'{unit.code}' is part of itself, through others")
    templates = {name_key(name): name for name in catalogue.by_name}
    for n, champion in enumerate(written.words.champions):
        if champion.branch not in units:
            text = f"there is no unit '{champion.branch}'"
            yield broken("ORG-13", written, ("champions", n, "branch"), text, suggestion(champion.branch, units))
        if not ROLE_ID.match(champion.role):
            text = f"'{champion.role}' is not a role id"
            yield broken("TPL-11", written, ("champions", n, "role"), text, "write it like: champion.highways")
        for m, name in enumerate(champion.templates):
            if name_key(name) not in templates:
                text = f"there is no template '{name}'"
                place = ("champions", n, "templates", m)
                yield broken("ORG-13", written, place, text, suggestion(name, templates.values()))


def _ring(unit: Unit, units: Mapping[str, Unit]) -> bool:
    seen = {unit.code}
    above = units.get(unit.part_of or "")
    while above is not None:
        if above.code in seen:
            return True
        seen.add(above.code)
        above = units.get(above.part_of or "")
    return False
