"""The libraries that content may move to, those that the site files declare, and the units that they belong to."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from spmigrate.model import Destination, Unit
from spmigrate.provision.catalogue import Catalogue
from spmigrate.provision.lint import review
from spmigrate.provision.resolve import DesiredSite, resolve
from spmigrate.tenant.contents import Kind, Part

_CLOSED = "Only people in the organisation"


def destinations(folder: Path) -> list[Destination]:
    """Every library of every site in `site_templates/`, by label. Raises InputError with every error in the files."""
    catalogue = review(folder).catalogue
    named = {unit.name: unit.code for unit in catalogue.organisation.words.units}
    found = [
        _destination(site, part, named)
        for site in resolve(catalogue)
        for part in site.contents.parts.values()
        if part.kind is Kind.LIBRARY
    ]
    return sorted(found, key=lambda destination: destination.label)


def units(folder: Path) -> list[Unit]:
    """The units of the organisation, in the order of its file. Raises InputError with every error in the files."""
    return list(_units(review(folder).catalogue))


def template_versions(folder: Path) -> str:
    """The templates with their versions: `directorate 2, team 5`. Raises InputError with every error in the files."""
    found = [each.words for each in review(folder).catalogue.templates]
    return ", ".join(sorted(f"{each.template} {each.version}" for each in found))


def _units(catalogue: Catalogue) -> Iterable[Unit]:
    known = {unit.code: unit for unit in catalogue.organisation.words.units}
    for unit in known.values():
        above: list[str] = []
        code = unit.part_of
        while code in known and code not in above:
            above.append(code)
            code = known[code].part_of
        yield Unit(unit.code, unit.name, unit.kind, tuple(reversed(above)), unit.group or "")


def _destination(site: DesiredSite, library: Part, named: Mapping[str, str]) -> Destination:
    unit = site.unit.rpartition("/")[2]
    sharing = site.contents.get(Kind.SHARING)
    return Destination(
        site=site.address,
        library=str(library.attributes["address"]),
        label=f"{site.title} > {library.label}",
        unit=named.get(unit, unit),
        kind=site.kind,
        owners=tuple(_owners(site)),
        marking=site.marking,
        guests=sharing is None or sharing.attributes.get("external sharing") != _CLOSED,
        business_class=site.business_class,
        keep_rule=str(library.attributes.get("retention label") or ""),
    )


def _owners(site: DesiredSite) -> Iterable[str]:
    """The ids of the roles that own a site, without the domain that they sign in with."""
    for part in site.contents.parts.values():
        if part.kind is Kind.PERSON and part.attributes.get("role") == "Owners":
            yield str(part.attributes["login"]).partition("@")[0]
